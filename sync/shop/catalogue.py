"""What an online shop may show: goods of its programme at the prices of its store today. Alcohol, tobacco, nicotine,
medicines, and goods that nobody knows, are never among them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

PAGE: Final[int] = 50  # goods of an answer
Text = Annotated[str, msgspec.Meta(max_length=60)]
Pair = tuple[str, str]  # Russian, English


class AskCatalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """GET /catalogue. `category`: an id, "" for all; `q`: what stands in the name; `after`: the `next` of the page
    before; `only`: "offers" what is cheaper today, "new" what came lately; `articles`: some goods, by commas."""

    category: Text = ""
    q: Text = ""
    after: Text = ""
    only: Literal["", "offers", "new"] = ""
    articles: Annotated[str, msgspec.Meta(max_length=3_000)] = ""


class OfferOn(msgspec.Struct, frozen=True, kw_only=True):
    """Why one of it costs less today. `last_day`: YYYY-MM-DD, "" for no end; `members_only`: to members alone."""

    id: str
    title: Pair
    kopecks: int
    last_day: str = ""
    members_only: bool = False


class GoodsTold(msgspec.Struct, frozen=True, kw_only=True):
    """`kopecks`: of one piece or kilogram, before offers; `offer`: the best of today; `picture`: as the goods file has
    it."""

    article: str
    name: str
    category: str
    kopecks: int
    unit: Literal["pc", "kg"] = "pc"
    offer: OfferOn | None = None
    is_new: bool = False
    brand: str = ""
    picture: str = ""


class CategoryTold(msgspec.Struct, frozen=True, kw_only=True):
    """One of which there is something. `goods`: how many."""

    id: str
    title: Pair
    goods: int


class CatalogueTold(msgspec.Struct, frozen=True, kw_only=True):
    """`next` "": there is no more."""

    goods: tuple[GoodsTold, ...]
    categories: tuple[CategoryTold, ...] = ()
    next: str = ""
