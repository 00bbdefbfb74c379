"""A member's points, as his account shows them: what came and went, receipts with papers, lots with their lives."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from loyalty.programme import Language

PAGE: int = 50
MOST_MAX: int = 500
Cursor = Annotated[str, msgspec.Meta(max_length=300)]
Moment = Annotated[str, msgspec.Meta(max_length=40)]  # UTC, ISO 8601
Id = Annotated[str, msgspec.Meta(max_length=200)]  # chain/generation/sequence
Way = Literal["", "in", "out"]


class AskMoves(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `moves`, the newest first. `way`: those that brought points, or took some; `since` and `until`: from
    that moment on and before that one; `words`: of goods, of the shop, of the number, of the sum; `after`: the cursor
    of the page before."""

    way: Way = ""
    since: Moment = ""
    until: Moment = ""
    words: Annotated[str, msgspec.Meta(max_length=60)] = ""
    after: Cursor = ""
    most: Annotated[int, msgspec.Meta(ge=1, le=MOST_MAX)] = PAGE


class Move(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`id`: of the operation, `kind`: as in loyalty/kinds.py; `came` and `went`: points. `kopecks`: of a receipt, or
    what was given back for goods. `why`: of points that were given (welcome, birthday, import), else "". `receipt`: id
    of the sale that it is, or is about. `goods`: the first names. `lot`: the points have a life of their own.
    `blocked`: it gave nothing, for the card was blocked."""

    id: str
    at: str
    kind: str
    came: int = 0
    went: int = 0
    kopecks: int = 0
    number: str = ""
    shop: str = ""
    why: str = ""
    receipt: str = ""
    goods: tuple[str, ...] = ()
    goods_count: int = 0
    lot: bool = False
    blocked: bool = False


class MovesTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`after`: where the next page begins; "": there is none."""

    moves: tuple[Move, ...] = ()
    after: str = ""


# a receipt


class AskReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `receipt`. `language`: of its papers."""

    id: Id
    language: Language


class ReceiptLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Kopecks; `quantity_m` in thousandths, of it `back_m` came back. `off_kopecks`: discounts besides points."""

    name: str
    unit: str
    quantity_m: int
    price_kopecks: int
    net_kopecks: int
    off_kopecks: int = 0
    points_kopecks: int = 0
    back_m: int = 0


class PaperPart(msgspec.Struct, frozen=True, array_like=True):
    """As in loyalty/paper/parts.py."""

    what: Literal["row", "title", "line", "code"]
    left: str = ""
    right: str = ""
    bold: bool = False
    double: bool = False


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What a till prints of this operation where it prints goods too, without the balance of then, which no book
    remembers: nor does one whether this till did print goods."""

    id: str
    at: str
    kind: Literal["sale", "return"]
    parts: tuple[PaperPart, ...]


class ReceiptTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sale as it is in the books. `earned`: also what was given for it afterwards (`claimed`); `back_kopecks`,
    `restored`, `taken_back`: by all returns of it. `coupons`: as the programme names them. `blocked`: as of a move."""

    id: str
    at: str
    number: str
    till: str
    shop: str = ""
    lines: tuple[ReceiptLine, ...]
    total_kopecks: int
    paid_kopecks: int
    points_kopecks: int = 0
    earned: int = 0
    spent: int = 0
    claimed: bool = False
    back_kopecks: int = 0
    restored: int = 0
    taken_back: int = 0
    coupons: tuple[tuple[str, int], ...] = ()
    stickers_given: int = 0
    stickers_spent: int = 0
    lot: bool = False
    blocked: bool = False
    papers: tuple[Paper, ...] = ()


# lots


class AskLots(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `lots`: those that hold points, whose end is nearest first."""


class LotNow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`move`: what gave it. Of `granted` so many `points` are left, and so many have `died` unspent. `last_day`: on
    which they can be spent; "": no end. `waits`: not yet."""

    move: Move
    granted: int
    points: int
    active_from: str
    ends_at: str = ""
    last_day: str = ""
    waits: bool = False
    died: int = 0


class LotsTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`more`: there are others that die later, of so many points."""

    lots: tuple[LotNow, ...] = ()
    more: int = 0


class AskLot(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `lot`. `id`: of the operation that gave it."""

    id: Id


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """What an operation did to the points of a lot: less than nothing, it took some."""

    move: Move
    points: int


class LotTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`to_debt`: so many paid a debt when they came. `more`: it is not all of it."""

    lot: LotNow
    fates: tuple[Fate, ...] = ()
    to_debt: int = 0
    more: bool = False


# what he buys most


class AskTop(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `top`. `since`: of purchases from that moment on."""

    since: Moment


class TopGoods(msgspec.Struct, frozen=True, kw_only=True):
    """`times`: receipts; what came back is not in it."""

    name: str
    times: int
    kopecks: int


class TopTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`more`: there were earlier receipts still that were not looked at."""

    often: tuple[TopGoods, ...] = ()
    much: tuple[TopGoods, ...] = ()
    receipts: int = 0
    more: bool = False
