"""What the hub tells a till of a member: the same value on the wire and in the till's cache.

A member, as a till knows him, is his lots: so it is known at every moment, with or without a network, what may be
spent, what comes and what dies. At most `LOTS_MAX` of them are told one by one, those that end first; what lies
behind is one last lot, never better than the truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from loyalty.bodies import AMOUNT_MAX
from loyalty.lots import Account, Lot, account_of
from loyalty.utc import check_utc, moment, utc_text

LOTS_MAX = 32  # a member has one for each purchase; the nearest ends are what a till must know
DAYS_MAX = 32  # days of spending told one by one, for a window that rolls
LAST_LOT = "behind"  # the id of what lies behind the bound

_Points = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]


class CardSnapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A card and its status (loyalty/cards.py). `active_from`: when a pending one becomes active by itself (P19)."""

    number: str
    status: str
    active_from: str | None = None

    def __post_init__(self) -> None:
        check_utc(self.active_from)


class LotSnapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Points alive from `active_from` until just before `expires_at` (None: no end)."""

    id: str
    points: _Points
    active_from: str
    expires_at: str | None = None

    def __post_init__(self) -> None:
        check_utc(self.active_from, self.expires_at)


class RedeemedDay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Points redeemed on a shop day at any till; of those, without a connection."""

    day: str
    points: _Points
    offline: _Points = 0


class SpentDay(msgspec.Struct, frozen=True, kw_only=True):
    """What counts for tiers of a day's purchases, less what came back."""

    day: str
    kopecks: int


class StickerBalance(msgspec.Struct, frozen=True, kw_only=True):
    """The stickers of a collection (loyalty/stickers.py), known by its first day. Less than nothing: so many were spent
    that he did not have."""

    collection: str
    count: Annotated[int, msgspec.Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]

    def __post_init__(self) -> None:
        date.fromisoformat(self.collection)


class MemberSnapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member as the hub knows it now."""

    member: str
    cards: tuple[CardSnapshot, ...]
    lots: tuple[LotSnapshot, ...] = ()
    debt: _Points = 0
    redeemed: tuple[RedeemedDay, ...] = ()
    spent: tuple[SpentDay, ...] = ()
    birthday: str | None = None
    favourites: tuple[str, ...] = ()
    phone_key: str | None = None  # hexadecimal keyed hash (loyalty/phones.py)
    status: Literal["member", "merged"] = "member"
    name: str | None = None  # masked (loyalty/names.py)
    revoked_phones: tuple[str, ...] = ()  # of his cards: what they show proves nothing (loyalty/rotating_code.py)
    phone_seen_at: str | None = None  # when he showed last that the phone is his, where the programme asks for it
    stickers: tuple[StickerBalance, ...] = ()

    def __post_init__(self) -> None:
        check_utc(self.phone_seen_at)

    @property
    def account(self) -> Account:
        return account_of((_lot(told) for told in self.lots), self.debt)


def _lot(told: LotSnapshot) -> Lot:
    return Lot(
        id=told.id,
        points=told.points,
        active_from=datetime.fromisoformat(told.active_from),
        expires_at=moment(told.expires_at),
    )


def told_lots(account: Account, at: datetime) -> tuple[LotSnapshot, ...]:
    """The living lots as a till is told them: the first by end, and what lies behind as one, which begins with the
    latest of its starts and ends with the earliest of its ends."""
    living = [lot for lot in account.lots if lot.points and not lot.dead(at)]
    first, behind = living[:LOTS_MAX], living[LOTS_MAX:]
    if behind:
        last = Lot(
            id=LAST_LOT,
            points=sum(lot.points for lot in behind),
            active_from=max(lot.active_from for lot in behind),
            expires_at=behind[0].expires_at,  # lots stand in the order of their ends
        )
        first.append(last)
    return tuple(map(_told, first))


def _told(lot: Lot) -> LotSnapshot:
    return LotSnapshot(
        id=lot.id,
        points=lot.points,
        active_from=utc_text(lot.active_from),
        expires_at=utc_text(lot.expires_at) if lot.expires_at else None,
    )


def told_days(spent: Iterable[SpentDay]) -> tuple[SpentDay, ...]:
    """The newest days one by one; those before count with the first of them, and so fall out no later."""
    days = sorted(spent, key=lambda one: one.day)
    early, late = days[:-DAYS_MAX], days[-DAYS_MAX:]
    if early:
        late.insert(0, SpentDay(day=early[0].day, kopecks=sum(one.kopecks for one in early)))
    return tuple(late)
