"""What other receipts that are open at this till were told, and may take when they are paid: of a day's limit, of a
member's points and stickers, of a coupon's uses, of a certificate.

A promise is kept whatever is told after it, so what is told after it leaves it its part. Nothing is counted up: each
time it is worked out from the receipts that are open and what they were told last, so that one which was cancelled,
told anew or is back after a crash counts as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from loyalty.bodies import Sale
from loyalty.member import MemberView
from pos_agent.counter import Counter
from pos_agent.holds import OUTLIVES_QUOTE
from pos_agent.promises import Told, find
from pos_agent.visit import HoldsAt, ShownCertificate, Visit, hold_of, same_visit

KEPT: Final = timedelta(days=1)  # whoever lies aside for longer takes nothing from anybody
NEAR: Final = timedelta(days=2)  # the day that a POS says of a receipt is another than the moment's, perhaps


class Promise(NamedTuple):
    """Points of a member; `held`: who has them reserved for that receipt. `lives`: they would be reserved still."""

    points: int
    offline: bool
    held: HoldsAt | None
    lives: bool


def as_left(counter: Counter, visit: Visit, view: MemberView | None, *, as_reserved: bool = False) -> MemberView | None:
    """The member as the rules see him, less what his other receipts were told. `as_reserved`: points are asked for, and
    whoever is asked takes off by himself what he holds for them."""
    who = visit.who
    if view is None or who is None or who.member is None:
        return view
    promised = list(_points(counter, visit, who.member))
    claimed = _claimed(counter, visit, promised)
    if not promised and not claimed:
        return view
    left = view.points_active - _off_balance(counter, visit, view, promised, as_reserved=as_reserved)
    is_less = left < (view.points_active if view.points_free is None else view.points_free)
    return replace(
        view,
        promised_today=sum(one.points for one in promised) + claimed,
        promised_offline_today=sum(one.points for one in promised if one.offline) + claimed,
        points_free=max(0, left) if is_less else view.points_free,
        free_by="held_elsewhere" if is_less else view.free_by,
    )


def _claimed(counter: Counter, visit: Visit, promised: list[Promise]) -> int:
    """By receipts of the shop's other tills, as they said when they were asked: they are without the hub, too."""
    hold = hold_of(visit, counter.now)
    if hold is None or hold.state != "held" or hold.by != "shop":
        return 0
    return max(0, hold.elsewhere - sum(one.points for one in promised if one.held is not None))


def has_promised(counter: Counter, visit: Visit) -> bool:
    """Are points of this receipt's member told to another?"""
    member = visit.who.member if visit.who is not None else None
    return member is not None and any(_points(counter, visit, member))


def _off_balance(
    counter: Counter, visit: Visit, view: MemberView, promised: list[Promise], *, as_reserved: bool
) -> int:
    """What is to be taken off the member's points: all that is promised, but for what whoever holds points for this
    receipt has taken off already."""
    living = [one for one in promised if one.lives]
    hold = hold_of(visit, counter.now)
    if hold is not None and hold.state == "held":
        return sum(one.points for one in living if not _knows(hold.by, one))
    if as_reserved and counter.reserves_at is not None:
        return sum(one.points for one in living if not _knows(counter.reserves_at, one))
    of_hub = sum(one.points for one in living if one.held == "hub")
    elsewhere = 0 if view.points_free is None else view.points_active - view.points_free
    return max(of_hub, elsewhere) + sum(one.points for one in living if one.held != "hub")


def _knows(by: HoldsAt, promise: Promise) -> bool:
    """The shop's tills are told of what the hub holds too."""
    return promise.held == "hub" or promise.held == by


def _points(counter: Counter, visit: Visit, member: str) -> Iterator[Promise]:
    for one in _others(counter, visit):
        if one.requested_points == 0:
            continue
        told = max(
            (told for told in _told(counter, one) if told.sale.member == member),
            key=lambda told: told.sale.redeemed.points,
            default=None,
        )
        if told is not None and told.sale.redeemed.points:
            yield _promise(counter, one, told)


def _promise(counter: Counter, visit: Visit, told: Told) -> Promise:
    hold, sale = hold_of(visit, counter.now), told.sale
    is_held = hold is not None and hold.state == "held" and hold.points >= sale.redeemed.points
    return Promise(
        points=sale.redeemed.points,
        offline=sale.link == "offline",
        held=hold.by if hold is not None and is_held else None,
        lives=_age(counter, told) <= counter.house.quote_max_age + OUTLIVES_QUOTE,
    )


def stickers_promised(counter: Counter, visit: Visit, member: str, collection: str) -> int:
    """Of this member's, to be given for what his other receipts get."""
    exchanging = (one for one in _others(counter, visit) if one.exchange is not None and one.exchange.member == member)
    return sum(max((_spent(told.sale, collection) for told in _told(counter, one)), default=0) for one in exchanging)


def _spent(sale: Sale, collection: str) -> int:
    told = sale.stickers
    return sum(one.count for one in told.spent) if told is not None and told.collection == collection else 0


def receipt_with_coupon(counter: Counter, visit: Visit, serial: str, left: int) -> Visit | None:
    """Another receipt that has the last of the uses that are left of a coupon."""
    found = [
        one
        for one in _others(counter, visit)
        if any(shown.serial == serial for shown in one.coupons) and not _is_recorded(counter, one)
    ]
    return found[0] if found and len(found) >= left else None


def paying(counter: Counter, visit: Visit) -> Iterator[tuple[ShownCertificate, int]]:
    """The certificates that may pay for this receipt, with the kopecks of each; not those of which others were told to
    take all."""
    for shown in visit.certificates:
        if (left := left_of(counter, visit, shown)) > 0:
            yield shown, left


def left_of(counter: Counter, visit: Visit, shown: ShownCertificate) -> int:
    """Kopecks of a certificate that this receipt may take, less what others were told to take: the hub, which keeps it
    for a till, cannot tell its receipts from each other."""
    paying = [
        (one, other) for one in _others(counter, visit) for other in one.certificates if other.number == shown.number
    ]
    taken = (max((_paid_by(told.sale, other) for told in _told(counter, one)), default=0) for one, other in paying)
    return shown.left_kopecks - sum(taken)


def _paid_by(sale: Sale, shown: ShownCertificate) -> int:
    return sum(tender.kopecks for tender in sale.tenders if tender.id == shown.number)


def frozen_elsewhere(counter: Counter, visit: Visit) -> Iterator[Sale]:
    """What other customers are paying for just now."""
    for one in _others(counter, visit):
        if one.prepared and (told := next(_told(counter, one), None)) is not None:
            yield told.sale


def _others(counter: Counter, visit: Visit) -> Iterator[Visit]:
    """The receipts that are open here, but for this one, and those that tell a recorded sale again."""
    for one in counter.visits:
        is_again = one.retold is not None and not one.disputed
        if not is_again and not same_visit(one, visit) and not _is_forgotten(counter, one):
            yield one


def _is_forgotten(counter: Counter, visit: Visit) -> bool:
    return bool(visit.touched_at) and counter.now - datetime.fromisoformat(visit.touched_at) > KEPT


def _told(counter: Counter, visit: Visit) -> Iterator[Told]:
    """By which it may be paid: what was told last, and what was heard of it last."""
    for id in (visit.quote, visit.heard):
        told = find(counter, id)
        is_open = told is not None and told.paid is None and _age(counter, told) <= KEPT
        if told is not None and is_open and not _is_recorded(counter, visit):
            yield told


def _age(counter: Counter, told: Told) -> timedelta:
    return counter.now - datetime.fromisoformat(told.told_at)


def _is_recorded(counter: Counter, visit: Visit) -> bool:
    """The process died after it was paid, before it could forget it."""
    name = visit.receipt
    if name is None or visit.quote is None:
        return False
    days = ((counter.now - NEAR).date().isoformat(), (counter.now + NEAR).date().isoformat())
    for number, _ in counter.cache.sales_numbered(name.number, name.pos, days):
        stored = counter.cache.sale(number)
        bodies = [operation.body for operation in stored.operations] if stored is not None else []
        if any(isinstance(body, Sale) and body.quote in (visit.quote, visit.heard) for body in bodies):
            return True
    return False
