"""Purchases of before, as a desk tells of them."""

from __future__ import annotations

import msgspec

from sync.receipts import ClaimState


class ToldPurchaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is still out of a line. `total`: in rubles, what was paid for it."""

    id: str
    name: str
    quantity: str
    total: str


class ToldPurchase(msgspec.Struct, frozen=True, kw_only=True):
    """`id`: by which its goods are taken back without the receipt; `at`: UTC."""

    id: str
    at: str
    store: str
    till: str
    number: str
    day: str
    total: str
    lines: tuple[ToldPurchaseLine, ...]


class ToldPurchases(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first. `member`: his name, masked."""

    member: str
    sales: tuple[ToldPurchase, ...]


class ToldClaimed(msgspec.Struct, frozen=True, kw_only=True):
    """A purchase that is claimed. `points`: that it gives, or gave; `why` it had earned nothing: `no_card`,
    `card_of_nobody`, `card_taken`, or why the hub had refused it."""

    state: ClaimState
    member: str
    points: int
    why: str
    id: str
    at: str
    store: str
    till: str
    number: str
    day: str
    total: str
    offline: bool
