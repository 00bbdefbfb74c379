"""The catalogue, favourites, and the shopping list."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from example_shop.book import InBasket
from example_shop.hub_api import Told
from example_shop.visit import Visit
from web.language import is_here

LETTERS_MAX = 60


def goods(visit: Visit) -> Response:
    asked = {name: visit.typed.one(name)[:LETTERS_MAX] for name in ("category", "q", "only", "after")}
    if asked["only"] not in ("", "offers", "new"):
        asked["only"] = ""
    told = visit.house.hub.look("/catalogue", **asked)
    more = asked | {"after": told.get("next", "")}
    return visit.show(
        "goods.html",
        visit.say("goods"),
        asked=asked,
        goods=told["goods"],
        categories=told.get("categories", []),
        favourites=set(visit.house.book.favourites(visit.owner)),
        more=f"/?{urlencode({name: text for name, text in more.items() if text})}" if more["after"] else "",
    )


def favourites(visit: Visit) -> Response:
    articles = visit.house.book.favourites(visit.owner)
    return visit.show(
        "favourites.html", visit.say("favourites"), goods=_called(visit, articles), favourites=set(articles)
    )


def favour(visit: Visit) -> Response:
    article = visit.typed.one("article")[:LETTERS_MAX]
    if article:
        visit.house.book.favour(visit.owner, article, on=visit.typed.one("on") == "1")
    return visit.go(_back(visit))


def put(visit: Visit) -> Response:
    """One more of it. What it is called is the catalogue's word; whether it may be ordered the hub says."""
    article = visit.typed.one("article")[:LETTERS_MAX]
    if not article:
        return visit.go(_back(visit))
    name = _put(visit, article, visit.house.book.basket(visit.owner))
    return visit.go(_back(visit), visit.say("goods_was_put", name=name))


def _put(visit: Visit, article: str, there: list[InBasket]) -> str:
    known = next((one for one in there if one.article == article), None)
    if known is None:
        found = next(iter(_called(visit, [article])), {})
        known = InBasket(article, found.get("name", article), found.get("unit", "pc"), 0)
    more = InBasket(known.article, known.name, known.unit, known.quantity + 1)
    visit.house.book.put(visit.owner, more)
    return known.name


def shopping_list(visit: Visit) -> Response:
    return visit.show("list.html", visit.say("list"), rows=visit.house.book.on_list(visit.owner))


def list_add(visit: Visit) -> Response:
    text, article = visit.typed.one("text")[:100], visit.typed.one("article")[:LETTERS_MAX]
    if article and not text:
        text = next(iter(_called(visit, [article])), {}).get("name", article)
    visit.house.book.put_on_list(visit.owner, text, article)
    return visit.go(_back(visit, "/list"), visit.say("list_added", name=text) if text else "")


def list_tick(visit: Visit) -> Response:
    id = visit.typed.one("id")
    if id.isascii() and id.isdigit() and len(id) < 16:
        visit.house.book.tick(visit.owner, int(id), done=visit.typed.one("done") == "1")
    return visit.go("/list")


def list_drop(visit: Visit) -> Response:
    visit.house.book.drop_done(visit.owner)
    return visit.go("/list")


def list_to_basket(visit: Visit) -> Response:
    """Goods that were put on the list from the catalogue, and are not ticked; then they are."""
    rows = [one for one in visit.house.book.on_list(visit.owner) if one.article and not one.done]
    for one in rows:
        _put(visit, one.article, visit.house.book.basket(visit.owner))
        visit.house.book.tick(visit.owner, one.id, done=True)
    return visit.go("/basket" if rows else "/list", visit.say("list_moved", count=len(rows)))


def _called(visit: Visit, articles: list[str]) -> list[Told]:
    """As the catalogue has them, up to a page of it."""
    if not articles:
        return []
    found: list[Told] = visit.house.hub.look("/catalogue", articles=",".join(articles))["goods"]
    return found


def _back(visit: Visit, otherwise: str = "/") -> str:
    to = visit.typed.one("back")
    return to if is_here(to) else otherwise
