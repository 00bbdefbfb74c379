"""What runs in the shops, by category with old and new prices (P6, P11, P25, A15), and what is new there (A14): for
people who are not signed in too."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from account.pages.home import said, shown_offer
from account.visit import Page, View, Visit
from loyalty.wording import days_text
from sync.account.offers import PAGES_MAX, AskNovelties, AskOffers, NoveltiesTold, OffersTold

PATH: Final = "/offers"
NEW: Final = "/offers/new"
CATEGORY_LETTERS_MAX: Final = 60


def _offers(visit: Visit) -> Response:
    category = visit.typed.one("category")[:CATEGORY_LETTERS_MAX]
    told = visit.ask("offers", AskOffers(category=category, page=_page(visit)), OffersTold)
    title = next((said(visit, one.title) for one in told.categories if one.id == category), "offers")
    return visit.show(
        "offers.html",
        title=title,
        category=category,
        categories=told.categories,
        offers=[shown_offer(visit, one) for one in told.offers],
        everywhere=[shown_offer(visit, one) for one in told.everywhere],
        offer_of={one.id: shown_offer(visit, one) for one in told.offers},
        goods=told.goods,
        said=lambda pair: said(visit, pair),
        link=link,
        **_leafed(PATH, category, told.page, told.pages),
    )


def _novelties(visit: Visit) -> Response:
    told = visit.ask("novelties", AskNovelties(page=_page(visit)), NoveltiesTold)
    return visit.show(
        "offers_new.html",
        title="offers_new",
        goods=told.goods,
        days=days_text(told.days, visit.language),
        said=lambda pair: said(visit, pair),
        **_leafed(NEW, "", told.page, told.pages),
    )


def _page(visit: Visit) -> int:
    """That of the address; the first where it names none."""
    text = visit.typed.one("page")
    return min(max(1, int(text)), PAGES_MAX) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _leafed(path: str, category: str, page: int, pages: int) -> dict[str, Any]:
    """Links to the pages beside this one, "": there is none."""
    return {
        "page": page,
        "pages": pages,
        "before": link(path, category, page - 1) if page > 1 else "",
        "after": link(path, category, page + 1) if page < pages else "",
    }


def link(path: str, category: str = "", page: int = 1) -> str:
    query = {name: value for name, value in (("category", category), ("page", page if page > 1 else "")) if value}
    return f"{path}?{urlencode(query)}" if query else path


OFFERS: Final = Page(
    path=PATH,
    title="offers",
    words={
        "offers": ("Акции", "Offers"),
        "offers_new": ("Новинки", "New in the shops"),
        "offers_all": ("Все", "All"),
        "offers_categories": ("Категории", "Categories"),
        "offers_everywhere": ("На всю покупку", "On a whole purchase"),
        "offers_goods": ("Товары", "Goods"),
        "offers_of": ("Акции категории", "Offers of the category"),
        "offers_none": (
            "Сейчас акций нет. Загляните на днях.",
            "There are no offers just now. Look again in some days.",
        ),
        "offers_no_goods": (
            "Товаров с ценами здесь пока нет: скидку покажет касса.",
            "There are no goods with prices here yet: the till says what is taken off.",
        ),
        "offers_pages": ("Страницы", "Pages"),
        "offers_page": ("Страница {page} из {pages}", "Page {page} of {pages}"),
        "offers_before": ("Назад", "Back"),
        "offers_after": ("Дальше", "On"),
        "offers_new_how": (
            "Что появилось в магазинах за {days}.",
            "What has come to the shops within {days}.",
        ),
        "offers_new_none": (
            "За это время ничего нового не появилось.",
            "Nothing new has come within that time.",
        ),
        "offers_since": ("{category}, с {day}", "{category}, since {day}"),
        "no_no_such_category": (
            "Акций в этой категории сейчас нет. Посмотрите все акции.",
            "No offer is on this category just now. Look at all of them.",
        ),
    },
    views=(
        View("GET", PATH, _offers, open=True),
        View("GET", NEW, _novelties, open=True),
    ),
)
