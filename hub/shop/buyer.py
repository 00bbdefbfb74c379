"""The member at an online shop, as the rules see him: by the ledger as it is now. That he is signed in at his account
counts as the proof that it is he (A26, A27)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from hub import feed
from hub.merges import erased_of, stands_for
from hub.shop.call import ShopRefused
from hub.store.records import MemberRow
from hub.store.seam import Reader
from loyalty.cards import CardStatus, status_at
from loyalty.lots import Account, active_points, coming_points
from loyalty.member import MemberView
from loyalty.programme import Programme
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from loyalty.standing import standing
from loyalty.utc import moment

BEST_FIRST: Final[tuple[CardStatus, ...]] = ("active", "pending", "issued", "blocked", "replaced")


class Buyer(NamedTuple):
    """`card`: the best of his, None: he has none. `points`: that he may spend now."""

    member: str
    card: str | None
    view: MemberView
    account: Account
    points: int


def buyer(reader: Reader, programme: Programme, member: str, now: datetime) -> Buyer | None:
    """None: nobody. Raises ShopRefused."""
    if not member:
        return None
    row = stands_for(lambda id: reader.members([id]).get(id), member)
    if row is None or row.programme != programme.id or erased_of(reader, [row.member]):
        raise ShopRefused("member_gone", "no member of this programme answers to the id")
    snapshot = feed.snapshots(reader, [row.member], now, _no_phone, programme)[row.member]
    account = feed.accounts(reader, [row.member], now)[row.member]
    held = sum(hold.holds_at(now) for hold in reader.holds_of([row.member]))
    active = active_points(account, now)
    card = _best(snapshot)
    view = _view(programme, row, snapshot, account, card, now, max(0, active - held) if held else None)
    return Buyer(row.member, card.number if card is not None else None, view, account, max(0, active - held))


def _no_phone(phone: str) -> bytes:
    return b""


def _best(snapshot: MemberSnapshot) -> CardSnapshot | None:
    here = [card for card in snapshot.cards if card.status in BEST_FIRST]
    return min(here, key=lambda card: (BEST_FIRST.index(_status(card)), card.number), default=None)


def _status(card: CardSnapshot) -> CardStatus:
    return status_at(card.status, None, datetime.max.replace(tzinfo=UTC))  # as it was told: of this moment


def _view(
    programme: Programme,
    row: MemberRow,
    snapshot: MemberSnapshot,
    account: Account,
    card: CardSnapshot | None,
    now: datetime,
    free: int | None,
) -> MemberView:
    stands, day = standing(snapshot, (), programme.timezone), programme.day(now)
    without: CardStatus = "active" if row.registered else "issued"  # who has no card is known by his phone
    return MemberView(
        card_status=_status(card) if card is not None else without,
        identified_by="card" if card is not None else "phone",
        second_factor=True,
        phone_seen_at=moment(snapshot.phone_seen_at),
        points_active=active_points(account, now),
        birthday=date.fromisoformat(snapshot.birthday) if snapshot.birthday else None,
        favourites=snapshot.favourites,
        accumulated_kopecks=stands.accumulated(programme, day),
        redeemed_today=max(0, stands.redeemed.get(day.isoformat(), 0)),
        redeemed_offline_today=max(0, stands.redeemed_offline.get(day.isoformat(), 0)),
        snapshot_at=now,
        latest_at=now,
        coming=coming_points(account, now),
        points_free=free,
    )
