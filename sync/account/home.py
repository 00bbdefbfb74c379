"""The account's first page (P8, A7, A12, A15): act `home`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from loyalty.programme import OfferKind
from sync.account.me import Ending, MeTold
from sync.account.programme import Pair

Why = Literal["favourite", "bought", "birthday", "members", "all"]
Measure = Literal["receipt", "accumulated", "per_step"]
Window = Literal["all", "year", "rolling"]


class AskHome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `home`. `seen`: as of act `me`."""

    seen: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """So many points begin to live at this moment."""

    points: int
    at: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """From this sum on, this part of it (basis points) comes back as points."""

    from_kopecks: int
    rate_bp: int


class Earning(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How points are earned (A22, A23). `receipt`: the sum of each receipt chooses the step; `accumulated`: what was
    bought in the window does, so many kopecks until now, and `reached` is the step that they chose; `per_step`:
    `points` for each full `step_kopecks`. `window_days`: of one that rolls."""

    measure: Measure
    steps: tuple[Step, ...] = ()
    reached: int = 0
    spent_kopecks: int = 0
    window: Window = "all"
    window_days: int = 0
    step_kopecks: int = 0
    points: int = 0


class StickerBuys(msgspec.Struct, frozen=True, kw_only=True):
    """`missing`: so many more stickers buy it; 0: they do already."""

    title: Pair
    stickers: int
    missing: int


class StickersHere(msgspec.Struct, frozen=True, kw_only=True):
    """His collection (P31): `per_step` of them for each full `step_kopecks`, until that day."""

    count: int
    last_day: str
    step_kopecks: int
    per_step: int
    buys: tuple[StickerBuys, ...]


class GoodsHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One piece or kilogram of it. `bought`: he did, lately."""

    name: str
    old_kopecks: int
    new_kopecks: int
    by_weight: bool = False
    bought: bool = False


class OfferHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What runs in the shops and is of use to him. `kind` "favourite" and "birthday" are no promotions but rules of the
    programme. `why` it is shown, and of which category (`because`); days: YYYY-MM-DD, where it has some."""

    id: str
    kind: OfferKind | Literal["favourite", "birthday"]
    why: Why
    title: Pair = ("", "")
    because: Pair | None = None
    categories: tuple[Pair, ...] = ()
    percent_bp: int = 0
    amount_kopecks: int = 0
    points: int = 0
    step_kopecks: int = 0
    times: int = 1
    rate_bp: int = 0
    min_basket_kopecks: int = 0
    most_kopecks: int | None = None
    first_day: str | None = None
    last_day: str | None = None
    members_only: bool = False
    goods: tuple[GoodsHere, ...] = ()


class HomeTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`spendable`: points that may be spent now; `today`: where the programme's shops are; `worth_kopecks`: of what is
    spendable; `coming`: the nearest first. `card_alone_points`: more of a receipt needs a code besides the card; None:
    nothing does. `goods_of_store`: whose prices they are, "": those that all shops have."""

    me: MeTold
    today: str
    spendable: int
    worth_kopecks: int
    earning: Earning
    coming: tuple[Coming, ...] = ()
    ends: tuple[Ending, ...] = ()
    stickers: StickersHere | None = None
    offers: tuple[OfferHere, ...] = ()
    card_alone_points: int | None = None
    goods_of_store: str = ""
