"""Which cases an operation opens, beside those that posting it finds (hub/books/postings.py: debt, coupon_twice).

A case is known by its operation's place and its kind, and is written with the operation: so it is opened once, however
often the operation is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from hub.books.certificate_tenders import tendered
from hub.store.records import CaseRow, ChangeRow, Place, place_of
from loyalty.bodies import AMOUNT_MAX, CouponUse, Deviation, Return, Sale
from loyalty.cases import LABEL_LETTERS_MAX, NOTE_LETTERS_MAX
from loyalty.kinds import maker_of, name_of
from loyalty.operation import Operation
from loyalty.possible import is_text

CLOCK_AHEAD: Final = timedelta(
    minutes=10
)  # a till corrects its clock by the hub's to seconds; further, it never met it
CLOCK_BEHIND: Final = timedelta(days=45)  # an outbox waits for weeks where a shop is being built, not for longer
RECEIPTS: Final = (Sale, Return)  # made once: `Sale | Return` is made anew each time that it is asked for
NOBODY_WAITS: Final = frozenset({"fiscal_added", "hold_voided"})  # kinds of a till without a customer behind them


def case_of(
    place: Place,
    kind: str,
    at: datetime,
    operation: Operation | None,
    *,
    member: str | None = None,
    cost_points: int = 0,
    cost_kopecks: int = 0,
    note: str = "",
    others: Sequence[Place] = (),
) -> CaseRow:
    """An open case of the operation at a place. What a text says that was refused may be anything, and is cleaned.
    `member`: where he is known otherwise than by the operation."""
    named = getattr(operation.body if operation else None, "member", None) if member is None else member
    programme = operation.programme if operation else None
    return CaseRow(
        *place,
        kind=kind,
        opened_at=at,
        programme=programme if programme and is_text(programme) else None,
        member=named if named and is_text(named) else None,
        sale=_label(operation),
        cost_points=_bounded(cost_points),
        cost_kopecks=_bounded(cost_kopecks),
        note=_plain(note, NOTE_LETTERS_MAX),
        others=tuple(others),
    )


def told_of(case: CaseRow) -> list[ChangeRow]:
    """The till whose operation it is hears of it; the hub's own have nobody to tell."""
    return [ChangeRow(partition_of(case.chain), "case", case.id)] if maker_of(case.chain) == "till" else []


def partition_of(till: str) -> str:
    """Of the feed, for one till alone. No programme is called so: its id is a file's name."""
    return f"till:{till}"


# what an operation opens by itself


def of_applied(operation: Operation, at: datetime, whose: str | None = None) -> CaseRow | None:
    """A receipt that was not as it should be. `whose`: the member's of its card, where it names him by that."""
    deviations = deviations_of(operation)
    if not deviations:
        return None
    note = ",".join(sorted({one.kind for one in deviations}))
    cost = sum(one.cost_kopecks for one in deviations)
    of = operation.body.of if isinstance(operation.body, Return) else None
    others = (Place(of.chain, of.generation, of.sequence),) if of is not None else ()
    return case_of(
        place_of(operation), "deviation", at, operation, member=whose, cost_kopecks=cost, note=note, others=others
    )


def of_refused(
    place: Place, operation: Operation | None, reason: str, at: datetime, whose: str | None = None
) -> CaseRow | None:
    """`operation` None: it cannot be read, so nobody knows who waits. `whose`: the member's who has the card that was
    to be issued."""
    if not has_customer(place, operation):
        return None
    sale = operation.body if operation is not None and isinstance(operation.body, Sale) else None
    points = sale.redeemed.points if sale is not None else 0
    kopecks = tendered(sale.tenders).total() if sale is not None else 0  # still on the certificates
    return case_of(place, "refused", at, operation, member=whose, cost_points=points, cost_kopecks=kopecks, note=reason)


def of_blank(operation: Operation, odd: str, at: datetime) -> CaseRow:
    """A card that was given out. `odd`: why it was no blank to give (hub/blanks/odd.py)."""
    return case_of(place_of(operation), "odd_blank", at, operation, note=odd)


def of_clock(operation: Operation, at: datetime) -> CaseRow | None:
    """The operation's moment against the hub's."""
    if maker_of(operation.chain) != "till":
        return None
    moment = datetime.fromisoformat(operation.at)
    if -CLOCK_BEHIND <= moment - at <= CLOCK_AHEAD:
        return None
    return case_of(place_of(operation), "clock", at, operation, note=operation.at)


def of_other_text(place: Place, operation: Operation | None, digest: str, at: datetime) -> CaseRow:
    """Another text under a known identity. `digest`: its hash."""
    return case_of(place, "identity_conflict", at, operation, note=digest)


# what is asked also by whoever verifies


def deviations_of(operation: Operation) -> tuple[Deviation, ...]:
    body = operation.body
    return body.deviations if isinstance(body, RECEIPTS) else ()


def has_customer(place: Place, operation: Operation | None) -> bool:
    """Does somebody wait for what the operation was to do? Whoever makes one at the hub sees its answer."""
    return maker_of(place.chain) == "till" and (operation is None or name_of(operation.body) not in NOBODY_WAITS)


# the pieces


def discount_of(uses: Sequence[CouponUse]) -> int:
    return sum(use.discount_kopecks for use in uses)


def _label(operation: Operation | None) -> str | None:
    """What people call the receipt."""
    body = operation.body if operation else None
    number = getattr(body, "sale", None) or getattr(body, "of_sale", None)
    return (_plain(number.number, LABEL_LETTERS_MAX) or None) if number is not None else None


def _plain(text: str, most: int) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:most])


def _bounded(amount: int) -> int:
    return max(0, min(amount, AMOUNT_MAX))
