"""What the hub tells a till of a member: the same value on the wire and in the till's cache."""

from __future__ import annotations

import msgspec


class CardSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A card and its status (loyalty/cards.py)."""

    number: str
    status: str


class MemberSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the hub knows it now. `points` is the balance: lots less debt."""

    member: str
    points: int
    cards: tuple[CardSnapshot, ...]
    accumulated_kopecks: int = 0
    birthday: str | None = None
    favourites: tuple[str, ...] = ()
    phone_key: str | None = None  # hexadecimal keyed hash (loyalty/phones.py)
