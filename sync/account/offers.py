"""What runs in the shops, for everybody (P6, P11, P25, A15), and what is new there (A14): acts `offers`, `novelties`,
which need nobody signed in. Nothing that the law lets nobody advertise (loyalty/lawful.py) is among it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from sync.account.home import OfferHere
from sync.account.programme import Pair

PAGE_MAX = 50  # goods
PAGES_MAX = 1_000
PageNumber = Annotated[int, msgspec.Meta(ge=1, le=PAGES_MAX)]


class AskOffers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`category`: by its id, "": all offers, without the pages of goods; `page`: from 1. Refused: no_such_category."""

    category: Annotated[str, msgspec.Meta(max_length=60)] = ""
    page: PageNumber = 1


class CategoryOffered(msgspec.Struct, frozen=True, kw_only=True):
    """`offers`: so many are on it."""

    id: str
    title: Pair
    offers: int


class GoodsOffered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One piece or kilogram with an offer, by its id, at the prices that all shops have."""

    name: str
    old_kopecks: int
    new_kopecks: int
    offer: str
    by_weight: bool = False


class OffersTold(msgspec.Struct, frozen=True, kw_only=True):
    """Offers of the category: those that are on it, and `everywhere` those on a whole receipt. `pages`: of goods."""

    today: str
    categories: tuple[CategoryOffered, ...]
    offers: tuple[OfferHere, ...]
    everywhere: tuple[OfferHere, ...]
    goods: tuple[GoodsOffered, ...]
    page: int
    pages: int


class AskNovelties(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    page: PageNumber = 1


class GoodsNew(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`since`: the day on which it came."""

    name: str
    kopecks: int
    category: Pair
    since: str
    by_weight: bool = False


class NoveltiesTold(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first; `days`: so long goods are new."""

    goods: tuple[GoodsNew, ...]
    days: int
    page: int
    pages: int
