"""What an operation does to a member's points: one pure function for each kind that moves them.

Till and hub call the same: the till to know a balance before the hub has heard of its operations, the hub to book
it. Each is as of the operation's own moment, whenever it is booked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from loyalty.bodies import (
    Adjustment,
    BelievedLot,
    CouponMade,
    Expiry,
    Grant,
    PointsToCharity,
    PointsToPartner,
    Redeemed,
    Return,
    Sale,
    SaleClaimed,
)
from loyalty.kinds import name_of
from loyalty.lots import Account, Lot, Taken, account_of, accrue_lot, burn_printed, claw_back
from loyalty.operation import Operation
from loyalty.utc import moment, utc_text


class Affected(NamedTuple):
    """`granted`: points of the lot that the operation made, before a debt was paid out of it."""

    account: Account
    granted: int = 0


class Impossible(ValueError):
    """The operation says what cannot be; `reason` is told and kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def lot_id(chain: str, generation: int, sequence: int) -> str:
    """A lot is known by the operation that made it."""
    return f"{chain}/{generation}/{sequence:012}"  # ids of one chain sort as their numbers do


def maker_of_lot(lot: str) -> tuple[str, int, int] | None:
    """Where the operation stands that made a lot; None for what is no lot's id."""
    chain, _, rest = lot.partition("/")
    generation, _, sequence = rest.partition("/")
    if not (generation.isdecimal() and sequence.isdecimal()):
        return None
    place = (chain, int(generation), int(sequence))
    return place if lot_id(*place) == lot else None


def made_lot(operation: Operation, points: int, active_from: str | None, expires_at: str | None) -> Lot:
    """The lot that an operation makes: alive from its own moment when it does not say."""
    return Lot(
        id=lot_id(operation.chain, operation.generation, operation.sequence),
        points=points,
        active_from=datetime.fromisoformat(active_from or operation.at),
        expires_at=moment(expires_at),
    )


def believed(account: Account, points: int, at: datetime) -> tuple[BelievedLot, ...]:
    """Which points a redemption at this moment takes, as far as is known: end and amount."""
    _, taken = burn_printed(account, points, at)
    return tuple(
        BelievedLot(points=part, expires_at=utc_text(lot.expires_at) if lot.expires_at else None) for lot, part in taken
    )


def affected(account: Account, operation: Operation, taken: Sequence[Taken] | None = None) -> Affected:
    """The account after the operation; an operation that moves no points leaves it. `taken`: what the sale that goods
    return from took, where the books know it. Raises Impossible."""
    effect = EFFECTS.get(name_of(operation.body))
    return Affected(account) if effect is None else effect(account, operation, taken)


def _sale(account: Account, operation: Operation, taken: object) -> Affected:
    """Points of this very receipt come after those that paid it."""
    sale = operation.body
    assert isinstance(sale, Sale)
    account = _redeem(account, sale.redeemed, datetime.fromisoformat(operation.at))
    earned = sale.accrued
    return _granted(account, operation, earned.points, earned.active_from, earned.expires_at)


def _granted(
    account: Account, operation: Operation, points: int, active_from: str | None, expires_at: str | None
) -> Affected:
    """With the lot that the operation makes, if it makes one."""
    if not points:
        return Affected(account)
    return Affected(accrue_lot(account, made_lot(operation, points, active_from, expires_at)), points)


def _redeem(account: Account, redeemed: Redeemed, at: datetime) -> Account:
    return burn_printed(account, redeemed.points, at)[0] if redeemed.points else account


def _return(account: Account, operation: Operation, taken: Sequence[Taken] | None) -> Affected:
    """First what was spent comes back, then what was earned is taken: so a debt is not made and paid at once."""
    back = operation.body
    assert isinstance(back, Return)
    at = datetime.fromisoformat(operation.at)
    account, granted = _restored(account, operation, back, _parts(back, taken), at)
    if back.clawed_back.points:
        own = lot_id(back.of.chain, back.of.generation, back.of.sequence)
        account, _ = claw_back(account, back.clawed_back.points, at, own)
    return Affected(account, granted)


def _parts(back: Return, taken: Sequence[Taken] | None) -> list[Lot]:
    """The lots that points go back to, newest taken first: as the books know, else as the till believed."""
    if taken is not None:
        return [replace(lot, points=points, expired=0) for lot, points in reversed(taken)]
    start = datetime.fromisoformat(back.sold_at)
    return [
        Lot(id=f"back/{lot.expires_at}", points=lot.points, active_from=start, expires_at=moment(lot.expires_at))
        for lot in back.restored.lots
    ]


def _restored(account: Account, operation: Operation, back: Return, parts: list[Lot], at: datetime) -> Affected:
    """What no lot had covered was a debt, and is paid first; each other part goes into its own lot; of lots that have
    died since, into one with some grace, or they are lost."""
    uncovered = max(0, back.restored.points - sum(lot.points for lot in parts))
    paid = min(uncovered, account.debt)
    account = replace(account, debt=account.debt - paid)
    left, dead = back.restored.points - uncovered, 0
    for lot in parts:
        part = min(left, lot.points)
        left -= part
        if lot.dead(at):
            dead += part
        elif part:
            account = accrue_lot(account, replace(lot, points=part))
    grace = uncovered - paid + (dead if back.restored.dead_until else 0)
    return _granted(account, operation, grace, None, back.restored.dead_until)


def _grant(account: Account, operation: Operation, taken: object) -> Affected:
    grant = operation.body
    assert isinstance(grant, Grant)
    return _granted(account, operation, grant.points, grant.active_from, grant.expires_at)


def _coupon_made(account: Account, operation: Operation, taken: object) -> Affected:
    """Its price."""
    made = operation.body
    assert isinstance(made, CouponMade)
    return Affected(burn_printed(account, made.points, datetime.fromisoformat(operation.at))[0])


def _given_away(account: Account, operation: Operation, taken: object) -> Affected:
    """Whoever got them has them: what no lot covers becomes a debt."""
    given = operation.body
    assert isinstance(given, PointsToPartner | PointsToCharity)
    return Affected(burn_printed(account, given.points, datetime.fromisoformat(operation.at))[0])


def _sale_claimed(account: Account, operation: Operation, taken: object) -> Affected:
    claimed = operation.body
    assert isinstance(claimed, SaleClaimed)
    earned = claimed.accrued
    return _granted(account, operation, earned.points, earned.active_from, earned.expires_at)


def _adjustment(account: Account, operation: Operation, taken: object) -> Affected:
    change = operation.body
    assert isinstance(change, Adjustment)
    at = datetime.fromisoformat(operation.at)
    for end in change.ends:
        account = _ended(account, end.lot, moment(end.expires_at), at)
    if change.points < 0:
        return Affected(claw_back(account, -change.points, at, change.lot)[0])
    return _granted(account, operation, change.points, change.active_from, change.expires_at)


def _ended(account: Account, id: str, expires_at: datetime | None, at: datetime) -> Account:
    """Another end; a lot that comes back to life takes along what its expiry took."""
    old = next((lot for lot in account.lots if lot.id == id), None)
    if old is None:
        raise Impossible("unknown_lot")
    new = replace(old, expires_at=expires_at)
    if new.expired and not new.dead(at):
        new = replace(new, points=new.points + new.expired, expired=0)
    return account_of([new, *(lot for lot in account.lots if lot.id != id)], account.debt)


def _expiry(account: Account, operation: Operation, taken: object) -> Affected:
    expiry = operation.body
    assert isinstance(expiry, Expiry)
    lots = {lot.id: lot for lot in account.lots}
    for part in expiry.lots:
        lot = lots.get(part.lot)
        if lot is None or lot.points < part.points:
            raise Impossible("not_that_many_points")
        if not lot.dead(datetime.fromisoformat(operation.at)):
            raise Impossible("not_dead_yet")
        lots[lot.id] = replace(lot, points=lot.points - part.points, expired=lot.expired + part.points)
    return Affected(account_of(lots.values(), account.debt))


EFFECTS: Final[Mapping[str, Callable[[Account, Operation, Any], Affected]]] = {
    "sale": _sale,
    "return": _return,
    "sale_claimed": _sale_claimed,
    "grant": _grant,
    "adjustment": _adjustment,
    "expiry": _expiry,
    "coupon_made": _coupon_made,
    "points_to_partner": _given_away,
    "points_to_charity": _given_away,
}
