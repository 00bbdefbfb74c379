"""What the hub tells a till of a member: the same value on the wire and in the till's cache."""

from __future__ import annotations

from datetime import datetime

import msgspec


class CardSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A card and its status (loyalty/cards.py)."""

    number: str
    status: str


class ExpiringPoints(msgspec.Struct, frozen=True, kw_only=True):
    """The spendable points that die first: how many, and from which moment on they are dead (UTC, ISO 8601)."""

    points: int
    at: str

    def __post_init__(self) -> None:
        if datetime.fromisoformat(self.at).tzinfo is None:
            raise ValueError(f"{self.at!r} has no time zone")


class MemberSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the hub knows it now. `points` is the balance: lots less debt."""

    member: str
    points: int
    cards: tuple[CardSnapshot, ...]
    accumulated_kopecks: int = 0
    birthday: str | None = None
    favourites: tuple[str, ...] = ()
    phone_key: str | None = None  # hexadecimal keyed hash (loyalty/phones.py)
    expires_next: ExpiringPoints | None = None  # None: nothing does, or the hub would rather not say
