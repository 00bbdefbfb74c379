"""Receipts of other tills, as a till asks the hub's desk for them (sync/desk.py), and what the hub says of one.

find_sale      SoughtReceipt → FoundSale       by what a customer has in hand
member_sales   SoughtMember → MemberSales      by his history, for goods without a receipt
look_at_claim  SoughtClaim → ToldClaim         why a purchase earned nothing, and what it would have
claim_sale     SoughtClaim → ToldClaim         it is given to him, once
bring_receipt  BroughtHere → ToldClaim         the member in front has its paper: it is given to him, once
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Text = Annotated[str, msgspec.Meta(max_length=200)]
Names = Annotated[tuple[Text, ...], msgspec.Meta(max_length=20)]


class SoughtReceipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By one of: where it stands, as the code of our paper says (`digest` begins its hash); its fiscal document; its
    number on a day, in a store (None: that of the till that asks). `till`: of a till or POS alone. `storage` and
    `kopecks`: as the QR says, where several have the document. `known`: programmes that need not be sent, by hash."""

    chain: Text = ""
    generation: int = 0
    sequence: int = 0
    digest: Text = ""
    document: Text = ""
    sign: Text = ""
    storage: Text = ""
    kopecks: int = 0
    number: Text = ""
    day: Text = ""
    store: Text | None = None
    till: Text = ""
    known: Names = ()


class MovedOf(msgspec.Struct, frozen=True, kw_only=True):
    """What has moved in the books by what came back of a sale."""

    restored: int = 0
    clawed_back: int = 0
    qualifying_kopecks: int = 0
    stickers_taken_back: int | None = None  # a hub of before them does not know
    stickers_restored: int | None = None


class FoundSale(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Operations as they are recorded: the sale's, those of what came back of it, and of its claim where it got its
    member afterwards. `refused`: the hub refused the sale, so no points of it moved. `source`: the file of its
    programme."""

    text: str
    returns: tuple[str, ...] = ()
    claim: str | None = None
    moved: MovedOf = MovedOf()
    refused: bool = False
    source: str | None = None


class SoughtMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`who`: a card, a phone or an id. `day`: only that one's; `kopecks`: only of that sum."""

    who: Text
    day: Text = ""
    kopecks: int = 0


class ToldSaleLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`left_m`: thousandths that have not come back yet."""

    id: str
    name: str
    unit: str
    left_m: int
    kopecks: int


class ToldSaleOf(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A purchase of a member. `id`: where it stands; `at`: UTC."""

    id: str
    at: str
    store: str
    till: str
    number: str
    day: str
    kopecks: int
    lines: tuple[ToldSaleLine, ...] = ()


class MemberSales(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The newest first. `member`: his name, masked."""

    member: str
    sales: tuple[ToldSaleOf, ...] = ()


ClaimState = Literal[
    "to_give",
    "given",
    "given_before",
    "had_member",
    "of_another",
    "too_old",
    "came_back",
    "earns_nothing",
    "paid_by_points",
    "other_programme",
    "waiting",
]


class SoughtClaim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`receipt`: by itself; else by the card that was shown, with day and sum. `who`: whom it is for."""

    who: Text
    receipt: SoughtReceipt | None = None
    day: Text = ""
    kopecks: int = 0
    reason: Text = ""


class BroughtHere(msgspec.Struct, frozen=True, kw_only=True):
    """`who`: the member in front, by his id or card. `code`: of a receipt, as a QR says."""

    who: Text
    code: Annotated[str, msgspec.Meta(max_length=400)]


class ToldClaim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`points`: that it gives, or gave. `why`: why it had earned nothing: `no_card`, `card_of_nobody`, `card_taken`, or
    the reason of a refusal. `id`: where the sale stands. `last_day`: on which it may be brought; where it has not come
    and waits, until which, and nothing else is known. `card`: of another to whom it was given, masked."""

    state: ClaimState
    id: str = ""
    at: str = ""
    number: str = ""
    day: str = ""
    store: str = ""
    till: str = ""
    kopecks: int = 0
    points: int = 0
    why: str = ""
    offline: bool = False
    member: str = ""
    card: str = ""
    last_day: str = ""
