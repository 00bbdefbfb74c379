"""What operations do to gift certificates: rubles of their own, in double entry.

A receipt is printed before it comes here: what was paid with a certificate is booked, whatever is on it. What it did
not have, or what nobody was to take from it (it is blocked, replaced, ended, never sold), the shop bears: that stands
in the account `beyond`, and is a case. So nobody else's use ever takes a ruble from whoever owns the certificate.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal, NamedTuple

from hub.books.certificate_tenders import tendered
from hub.books.known import OperationRefused
from hub.books.ledger import Ledger
from hub.cases.opening import case_of
from hub.store.certificate_records import CertificateHoldKey, CertificateRow
from hub.store.records import Place, place_of
from loyalty.bodies import (
    CertificateBlocked,
    CertificateEnded,
    CertificateRefunded,
    CertificateReplaced,
    CertificateSold,
    Sale,
    Tender,
)
from loyalty.operation import Operation
from loyalty.utc import moment

CASE: Final = "certificate_beyond"

Why = Literal["empty", "not_sold", "blocked", "replaced", "ended", "other_programme"]


class Part(NamedTuple):
    """What comes back of one certificate: kopecks that the shop had borne, and those that it gets back."""

    number: str
    undone: int
    back: int


# what a receipt was paid with


def use_certificates(ledger: Ledger, operation: Operation, sale: Sale) -> None:
    used = tendered(sale.tenders)
    if not used:
        return
    place, beyond = place_of(operation), dict[str, tuple[Why, int]]()
    for number, kopecks in used.items():
        row = _there(ledger, number, operation)
        why = _why_not(row, operation)
        why = None if why == "ended" and _was_held(ledger, row, operation) else why
        taken = min(kopecks, row.left) if why is None else 0
        lacks = kopecks - taken
        if lacks:
            beyond[number] = (why or "empty", lacks)
        _enter(ledger, place, row._replace(left=row.left - taken, beyond=row.beyond + lacks))
        ledger.certificates.enter(place, number, "used", kopecks)
        _confirm(ledger, number, operation)
    if beyond:
        note = ",".join(f"{why}:{number}" for number, (why, _) in beyond.items())
        cost = sum(kopecks for _, kopecks in beyond.values())
        ledger.open_case(case_of(place, CASE, ledger.now, operation, cost_kopecks=cost, note=note))


def _there(ledger: Ledger, number: str, operation: Operation) -> CertificateRow:
    return ledger.certificates.row(number) or CertificateRow(number, operation.programme)


def _why_not(row: CertificateRow, operation: Operation) -> Why | None:
    """Why nothing may be taken of it at that moment; None: as much as there is."""
    if row.state != "open":
        return row.state
    if not row.face:
        return "not_sold"
    if row.programme != operation.programme:
        return "other_programme"
    return "ended" if _is_over(row, operation) else None


def _was_held(ledger: Ledger, row: CertificateRow, operation: Operation) -> bool:
    """Was it kept for this till's receipt before it ended?"""
    held = ledger.certificates.hold(row.number, operation.chain)
    return held is not None and row.until is not None and held.made_at < row.until


def _is_over(row: CertificateRow, operation: Operation) -> bool:
    return row.until is not None and datetime.fromisoformat(operation.at) >= row.until


def _confirm(ledger: Ledger, number: str, operation: Operation) -> None:
    """The till's hold has done its work; one that is younger is of another receipt."""
    held = ledger.certificates.hold(number, operation.chain)
    if held is not None and held.made_at <= datetime.fromisoformat(operation.at):
        ledger.certificates.let_go(CertificateHoldKey(number, operation.chain))


# what comes back of it


def parts_of_return(ledger: Ledger, of: Place, tenders: Iterable[Tender]) -> list[Part]:
    """What goes where: never more than the sale took. What the shop had borne for it is undone first. Of several
    certificates a till fills the first one first, as far as it knows; what came back onto that one elsewhere, and does
    not fit there any more, goes onto the others. Raises OperationRefused."""
    books, said = ledger.certificates, tendered(tenders)
    if not said:
        return []
    places = [of, *books.backs(of)]
    used = {number: sum(books.sum_of(place, number, "used") for place in places) for number in books.used_by(of)}
    if said.total() > sum(used.values()) or not all(map(books.row, used)) or said.keys() - used.keys():
        raise OperationRefused("more_than_was_used")
    onto = {number: min(said[number], kopecks) for number, kopecks in used.items()}
    more = said.total() - sum(onto.values())
    parts = list[Part]()
    for number, kopecks in used.items():
        besides = min(more, kopecks - onto[number])
        more -= besides
        if whole := onto[number] + besides:
            parts.append(_part(ledger, places, number, whole))
    return parts


def _part(ledger: Ledger, places: list[Place], number: str, kopecks: int) -> Part:
    row = ledger.certificates.row(number)
    assert row is not None, "looked at before"
    borne = -sum(ledger.certificates.sum_of(place, number, "beyond") for place in places)
    undone = min(kopecks, borne, row.beyond)
    return Part(number, undone, kopecks - undone)


def give_back(ledger: Ledger, operation: Operation, of: Place, parts: Iterable[Part]) -> None:
    """Onto the certificate, or onto what it was replaced by: also where nobody may take it from there now."""
    books, place = ledger.certificates, place_of(operation)
    for number, undone, back in parts:
        row = books.row(number)
        assert row is not None, "looked at before"
        _enter(ledger, place, row._replace(beyond=row.beyond - undone))
        last = books.last(number)
        _enter(ledger, place, last._replace(left=last.left + back))
        books.enter(place, number, "used", -(undone + back))
    books.note_back(of, place)


# the certificate itself


def certificate_sold(ledger: Ledger, operation: Operation, sold: CertificateSold) -> tuple[str, ...]:
    row = _there(ledger, sold.certificate, operation)
    if row.face:
        raise OperationRefused("certificate_sold_before")
    place = place_of(operation)
    store = operation.store.id if operation.store else ""
    fresh = row._replace(
        programme=operation.programme, store=store, face=sold.kopecks, paid=sold.paid, until=moment(sold.until)
    )
    ledger.certificates.enter(place, row.number, "sold" if sold.paid else "given", -sold.kopecks)
    _fill(ledger, place, fresh, sold.kopecks)
    return ()


def certificate_refunded(ledger: Ledger, operation: Operation, refunded: CertificateRefunded) -> tuple[str, ...]:
    """One that is blocked is refunded by its successor alone: then somebody has looked at whose it is."""
    row = _sold_one(ledger, refunded.certificate)
    _must_be_open(row)
    if not row.paid:
        raise OperationRefused("certificate_given")
    if refunded.kopecks > row.left:
        raise OperationRefused("certificate_more_than_left")
    _enter(ledger, place_of(operation), row._replace(left=row.left - refunded.kopecks))
    ledger.certificates.enter(place_of(operation), row.number, "refunded", refunded.kopecks)
    _confirm(ledger, row.number, operation)
    return ()


def certificate_blocked(ledger: Ledger, operation: Operation, blocked: CertificateBlocked) -> tuple[str, ...]:
    """Also one of which the hub has not heard: the till that sold it may be without a connection."""
    row = _there(ledger, blocked.certificate, operation)
    if row.state == "replaced":
        raise OperationRefused("certificate_replaced")
    ledger.certificates.put(row._replace(state="blocked"))
    ledger.certificates.let_all_go(row.number)
    return ()


def certificate_replaced(ledger: Ledger, operation: Operation, replaced: CertificateReplaced) -> tuple[str, ...]:
    row = _sold_one(ledger, replaced.certificate)
    into = _there(ledger, replaced.into, operation)
    if row.state == "replaced":
        raise OperationRefused("certificate_replaced")
    if _is_over(row, operation):
        raise OperationRefused("certificate_ended")
    if not row.left:
        raise OperationRefused("certificate_empty")
    if into.face or into.state == "replaced":
        raise OperationRefused("certificate_sold_before")
    place = place_of(operation)
    _enter(ledger, place, row._replace(left=0, state="replaced", successor=into.number))
    ledger.certificates.let_all_go(row.number)
    fresh = into._replace(programme=row.programme, store=row.store, face=row.left, paid=row.paid, until=row.until)
    _fill(ledger, place, fresh, row.left)
    return ()


def certificate_ended(ledger: Ledger, operation: Operation, ended: CertificateEnded) -> tuple[str, ...]:
    """What somebody paid for never ends, whoever says so."""
    row = _sold_one(ledger, ended.certificate)
    if row.paid:
        raise OperationRefused("certificate_paid")
    if not _is_over(row, operation):
        raise OperationRefused("certificate_not_over")
    if ended.kopecks > row.left:
        raise OperationRefused("certificate_more_than_left")
    _enter(ledger, place_of(operation), row._replace(left=row.left - ended.kopecks))
    ledger.certificates.enter(place_of(operation), row.number, "ended", ended.kopecks)
    return ()


# the pieces


def _sold_one(ledger: Ledger, number: str) -> CertificateRow:
    row = ledger.certificates.row(number)
    if row is None or not row.face:
        raise OperationRefused("certificate_unknown")
    return row


def _must_be_open(row: CertificateRow) -> None:
    if row.state == "replaced":
        raise OperationRefused("certificate_replaced")
    if row.state == "blocked":
        raise OperationRefused("certificate_blocked")


def _fill(ledger: Ledger, place: Place, row: CertificateRow, kopecks: int) -> None:
    """Its first rubles: those that a receipt had used before the hub heard of them are not the shop's to bear."""
    _enter(ledger, place, row._replace(left=row.left + kopecks))
    full = ledger.certificates.row(row.number)
    assert full is not None
    covered = min(kopecks, full.beyond)
    _enter(ledger, place, full._replace(left=full.left - covered, beyond=full.beyond - covered))


def _enter(ledger: Ledger, place: Place, row: CertificateRow) -> None:
    """The row as it is from now on, and what changed of its rubles."""
    before = ledger.certificates.row(row.number) or CertificateRow(row.number, row.programme)
    ledger.certificates.put(row)
    ledger.certificates.enter(place, row.number, "certificate", row.left - before.left)
    ledger.certificates.enter(place, row.number, "beyond", before.beyond - row.beyond)
