"""A receipt of a purchase without a card, whose points a member gets afterwards."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

ClaimState = Literal[  # as in sync/receipts.py, for tills
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
CODE_LETTERS_MAX: int = 400
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=CODE_LETTERS_MAX)]  # as a QR of a receipt says


class LookAtReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `receipt_claim_look`: what the receipt would give him. Changes nothing."""

    code: Code


class BringReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `receipt_claim`: its points are given to him, once."""

    code: Code


class ReceiptBrought(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`state` `waiting`: it has not reached the hub, and is given when it does, until `last_day`; else that is the last
    day on which it may be brought. `card`: of another to whom it was given, masked. `at`: UTC. `points`: that it gives,
    or gave."""

    state: ClaimState
    number: str = ""
    at: str = ""
    shop: str = ""
    kopecks: int = 0
    points: int = 0
    card: str = ""
    last_day: str = ""


class AskBrought(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `receipt_claims`: those that he has brought himself."""


class BroughtNow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at`: since when it is so. `why` of a refused one: a ClaimState, or `never_came`. `receipt`: id of the sale."""

    state: Literal["waiting", "given", "refused"]
    at: str
    number: str = ""
    points: int = 0
    why: str = ""
    receipt: str = ""


class BroughtTold(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first. `days`: so long a receipt may be brought, 0: none may; `a_day`: so many."""

    brought: tuple[BroughtNow, ...]
    days: int
    a_day: int
