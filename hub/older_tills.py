"""What tills of protocols 2 and 1 are told: they are upgraded after the hub, and go on meanwhile.

To both a cursor is a whole number, so of their cases they are told nothing, and a batch is answered whole or is a
problem: what came before the problem is taken, so that they get further when they send it again. One of protocol 1
knows one number of a member, and what of it dies next; it says its operations in version 1.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from loyalty.lots import Account, account_of, balance, next_expiry
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from loyalty.utc import utc_text
from sync.protocol import ChangesPage, Watermark


class ChangesPageV2(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    cursor: int
    more: bool
    watermark: Watermark
    at: str
    members: tuple[MemberSnapshot, ...]
    used_coupons: tuple[str, ...]
    returned_coupons: tuple[str, ...] = ()
    coupon_keys: dict[str, str]
    phone_hash_key: str


class ExpiringPointsV1(msgspec.Struct, frozen=True, kw_only=True):
    points: int
    at: str


class MemberSnapshotV1(msgspec.Struct, frozen=True, kw_only=True):
    member: str
    points: int
    cards: tuple[CardSnapshot, ...]
    accumulated_kopecks: int
    birthday: str | None
    favourites: tuple[str, ...]
    phone_key: str | None
    expires_next: ExpiringPointsV1 | None


class ChangesPageV1(msgspec.Struct, frozen=True, kw_only=True):
    cursor: int
    more: bool
    watermark: int
    at: str
    members: tuple[MemberSnapshotV1, ...]
    used_coupons: tuple[str, ...]
    coupon_keys: dict[str, str]
    phone_hash_key: str


def cursor_of(number: int) -> str:
    """The hub's own text for a cursor of before: its ledgers count in digits."""
    return str(number) if number else ""


def number_of(cursor: str) -> int:
    return int(cursor) if cursor else 0


def page_v2(page: ChangesPage) -> ChangesPageV2:
    """The same page in the words of protocol 2."""
    return ChangesPageV2(
        cursor=number_of(page.cursor),
        more=page.more,
        watermark=page.watermark,
        at=page.at,
        members=page.members,
        used_coupons=page.used_coupons,
        returned_coupons=page.returned_coupons,
        coupon_keys=page.coupon_keys,
        phone_hash_key=page.phone_hash_key,
    )


def page_v1(page: ChangesPage) -> ChangesPageV1:
    """The same page in the words of protocol 1."""
    at = datetime.fromisoformat(page.at)
    return ChangesPageV1(
        cursor=number_of(page.cursor),
        more=page.more,
        watermark=page.watermark.sequence,
        at=page.at,
        members=tuple(_member(told, at) for told in page.members),
        used_coupons=page.used_coupons,
        coupon_keys=page.coupon_keys,
        phone_hash_key=page.phone_hash_key,
    )


def _member(told: MemberSnapshot, at: datetime) -> MemberSnapshotV1:
    return MemberSnapshotV1(
        member=told.member,
        points=balance(told.account, at),
        cards=told.cards,
        accumulated_kopecks=max(0, sum(day.kopecks for day in told.spent)),
        birthday=told.birthday,
        favourites=told.favourites,
        phone_key=told.phone_key,
        expires_next=_expires_next(told.account, at),
    )


def _expires_next(account: Account, now: datetime) -> ExpiringPointsV1 | None:
    """Nothing is told where such a till could not say how many are left after a redemption: of points that cannot be
    spent yet, and of an account in debt, whose points are owed."""
    spendable = account_of(lot for lot in account.lots if lot.active(now))
    first = next_expiry(account, now)
    if first is None or account.debt or first != next_expiry(spendable, now):
        return None
    return ExpiringPointsV1(points=first[0], at=utc_text(first[1]))
