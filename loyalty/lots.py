"""Points as lots: each accrual keeps its own start, end and rest. A balance is their sum less the debt.

Spent earliest end first, then earliest start, then lot id: plain first-in-first-out would let points with a short
life die. Every function gives a new account; nothing here knows where lots are stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from loyalty.points_life import end_of
from loyalty.programme import Programme

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Points of one source; alive from `active_from` until just before `expires_at` (None = for ever)."""

    id: str
    points: int
    active_from: datetime
    expires_at: datetime | None = None
    expired: int = 0  # died unspent, and booked so; what happened before the end may still take them

    def at_hand(self, at: datetime) -> int:
        """Points that could be spent at this moment, as far as they were not spent since."""
        return self.points + self.expired if self.active(at) else 0

    def dead(self, at: datetime) -> bool:
        return self.expires_at is not None and at >= self.expires_at

    def active(self, at: datetime) -> bool:
        return self.active_from <= at and not self.dead(at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A member's lots in burn order, empty ones left out, and what was taken back beyond them."""

    lots: tuple[Lot, ...] = ()
    debt: int = 0


class Taken(NamedTuple):
    """So many points came out of this lot (as it stood before)."""

    lot: Lot
    points: int


class Restored(NamedTuple):
    """After a return: the account, what a later return may still bring back, and what has died for good."""

    account: Account
    still_taken: tuple[Taken, ...]
    lost: int


class Overdraft(ValueError):
    """More points than are active; a redemption never overdraws."""


def burn_order(lot: Lot) -> tuple[datetime, datetime, str]:
    return (lot.expires_at or FOREVER, lot.active_from, lot.id)


def account_of(lots: Iterable[Lot], debt: int = 0) -> Account:
    kept = [lot for lot in lots if lot.points or lot.expired]
    kept.sort(key=burn_order)
    return Account(lots=tuple(kept), debt=debt)


def balance(account: Account, at: datetime) -> int:
    """Σ lots that live or will live, less the debt; below zero when the member owes points."""
    return sum(lot.points for lot in account.lots if not lot.dead(at)) - account.debt


def active_points(account: Account, at: datetime, held: int = 0) -> int:
    """What may be spent now: active lots less debt and less what other tills hold. Never negative."""
    return max(0, sum(lot.at_hand(at) for lot in account.lots) - account.debt - held)


def coming_points(account: Account, at: datetime) -> tuple[int, datetime] | None:
    """How many points begin to live next, and when; None when none will."""
    starts = [lot.active_from for lot in account.lots if lot.active_from > at and lot.points]
    if not starts:
        return None
    first = min(starts)
    return sum(lot.points for lot in account.lots if lot.active_from == first), first


def next_expiry(account: Account, at: datetime) -> tuple[int, datetime] | None:
    """How many points die next, and when; None when none ever will."""
    ends = [lot.expires_at for lot in account.lots if lot.points and lot.expires_at and not lot.dead(at)]
    if not ends:
        return None
    first = min(ends)
    return sum(lot.points for lot in account.lots if lot.expires_at == first), first


def accrue_lot(account: Account, lot: Lot) -> Account:
    """Add a lot; a debt is paid out of it first."""
    paid = min(account.debt, lot.points)
    rest = replace(lot, points=lot.points - paid) if paid else lot
    same = next((have for have in account.lots if have.id == lot.id), None)
    if same is not None:
        rest = replace(same, points=same.points + rest.points)
    others = (have for have in account.lots if have.id != lot.id)
    return account_of((*others, rest), account.debt - paid)


def burn(account: Account, points: int, at: datetime) -> tuple[Account, tuple[Taken, ...]]:
    """Spend points from active lots in burn order. Raises Overdraft."""
    if points > active_points(account, at):
        raise Overdraft(f"{points} points asked, {active_points(account, at)} active")
    return _take(account, points, [(lot, lot.at_hand(at)) for lot in account.lots])


def burn_printed(account: Account, points: int, at: datetime) -> tuple[Account, tuple[Taken, ...]]:
    """Post a redemption whose receipt is printed already, as of its own moment: points that died since were alive
    then. The customer has the goods, so what was missing becomes debt."""
    return _take(account, points, [(lot, lot.at_hand(at)) for lot in account.lots])


def uncovered(account: Account, points: int, at: datetime) -> int:
    """How many of the points of a printed redemption no lot covers, and so become debt."""
    return max(0, points - sum(lot.at_hand(at) for lot in account.lots))


def claw_back(
    account: Account, points: int, at: datetime, own_lot: str | None = None
) -> tuple[Account, tuple[Taken, ...]]:
    """Take earned points back: from the sale's own lot, though they have died unspent, then as a burn would, then
    from points not yet active.

    What no lot covers becomes debt.
    """
    order = sorted(account.lots, key=lambda lot: (lot.id != own_lot, not lot.active(at)))
    return _take(account, points, [(lot, _to_claw(lot, at, own=lot.id == own_lot)) for lot in order])


def _to_claw(lot: Lot, at: datetime, *, own: bool) -> int:
    """Points that have died are nobody's any more, but those of the sale that is undone were never to be: else the
    member would lose them twice."""
    if own or lot.active(at):
        return lot.points + lot.expired
    return 0 if lot.dead(at) else lot.points


def _take(account: Account, points: int, order: list[tuple[Lot, int]]) -> tuple[Account, tuple[Taken, ...]]:
    """From each lot at most so many; the living points of a lot go before those that its expiry took."""
    left = {lot.id: lot for lot in account.lots}
    taken = []
    for lot, most in order:
        part = min(points, most)
        if part:
            taken.append(Taken(lot, part))
            reopened = max(0, part - lot.points)
            left[lot.id] = replace(lot, points=lot.points + reopened - part, expired=lot.expired - reopened)
            points -= part
    return account_of(left.values(), account.debt + points), tuple(taken)


def restore(
    programme: Programme, account: Account, taken: tuple[Taken, ...], points: int, at: datetime, grace_id: str
) -> Restored:
    """Bring burned points back, newest taken first, each into its own lot.

    Points whose lot has died go into one lot `grace_id`, or are lost, as the programme says. `points` must not be
    more than `taken` still holds; give the answer's `still_taken` to the next return of the same sale.
    """
    assert 0 <= points <= sum(part.points for part in taken), "a sale gives back no more than it took"
    still = list(taken)
    dead = 0
    while points:
        lot, had = still.pop()
        back = min(points, had)
        points -= back
        if had > back:
            still.append(Taken(lot, had - back))
        if lot.dead(at):
            dead += back
        else:
            account = accrue_lot(account, replace(lot, points=back, expired=0))
    account, lost = _restore_dead(programme, account, dead, at, grace_id)
    return Restored(account, tuple(still), lost)


def _restore_dead(
    programme: Programme, account: Account, points: int, at: datetime, grace_id: str
) -> tuple[Account, int]:
    if programme.points.restored == "original_expiry":
        return account, points
    last_day = programme.day(at) + timedelta(days=programme.points.grace_days)
    lot = Lot(id=grace_id, points=points, active_from=at, expires_at=end_of(programme, last_day))
    return accrue_lot(account, lot), 0


def expire(account: Account, at: datetime) -> tuple[Account, tuple[Taken, ...]]:
    """Drop the lots that have died; says which."""
    dead = tuple(Taken(lot, lot.points) for lot in account.lots if lot.dead(at))
    return account_of((lot for lot in account.lots if not lot.dead(at)), account.debt), dead
