"""What the office says of orders of certificates: a buyer's own picture goes, or does not; one that has stopped goes
on, or its money goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hub.certificate_orders.order import KIND, Happened, changed, may, order_of, state_of, stepped
from hub.certificate_orders.selling import sell, taken_back
from hub.certificate_orders.steps import MONEY, REFUND, SALE
from hub.hub import Hub
from hub.people.orders import NotDone, check_reason
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.bodies import Fiscal
from loyalty.possible import is_text
from loyalty.utc import utc_text

DOCUMENT_LETTERS_MAX: Final = 40


def approve(hub: Hub, id: str, by: str) -> None:
    """Its picture goes. Raises NotDone."""
    with hub.store.reading() as reader:
        row = reader.errands([id]).get(id)
    if row is None or row.kind != KIND or state_of(row) != "picture":
        raise NotDone(f"No picture of order {id} waits.", code="certificate_order_step")
    sell(hub, id, by)


def decline(hub: Hub, id: str, reason: str, by: str) -> None:
    """The buyer is told why, and chooses another, or has his money back. Raises NotDone."""
    check_reason(reason)
    _said(hub, id, lambda _, row: changed(stepped(row, "declined", hub.now(), by, note=reason), declined=reason))


def ask_again(hub: Hub, id: str, by: str) -> None:
    """Whoever has said no is asked under another key: under the one before nothing was done. Raises NotDone."""

    def work(writer: Writer, row: ErrandRow) -> ErrandRow:
        order = order_of(row)
        if state_of(row) == "unpaid" and order.payment:
            return stepped(row, "again", hub.now(), by, due=hub.now())
        if order.why and row.due_at is None:
            what = _what(row)
            row = changed(row, why="", asks={**order.asks, what: order.asks.get(what, 0) + 1})
        elif row.due_at is None:
            raise NotDone(f"Order {id} waits for nobody.", code="certificate_order_step")
        return row._replace(due_at=hub.now())

    _said(hub, id, work)


def _what(row: ErrandRow) -> str:
    """Was refused. Raises NotDone."""
    order = order_of(row)
    match state_of(row):
        case "paid":
            return SALE
        case "refunding":
            return MONEY
        case "unreceipted":
            return SALE if order.receipt is None else REFUND
    raise NotDone(f"Order {row.id} is {row.state}.", code="certificate_order_step")


def receipt_by_hand(hub: Hub, id: str, document: tuple[str, str, str], by: str) -> None:
    """Made elsewhere: numbers of the storage and of the document, and its sign. Raises NotDone."""
    if not all(is_text(one, DOCUMENT_LETTERS_MAX) for one in document):
        raise NotDone("Say the document's three numbers.", code="certificate_document")

    def work(writer: Writer, row: ErrandRow) -> ErrandRow:
        what, now, order = _what(row), hub.now(), order_of(row)
        if what == MONEY:
            raise NotDone(f"Order {id} is {row.state}.", code="certificate_order_step")
        kind, fields = ("sale", "receipt") if what == SALE else ("refund", "refund_receipt")
        number, fd, sign = document
        made = Fiscal(device=number, document=fd, sign=sign, at=utc_text(now), kopecks=order.kopecks, kind=kind)
        happened = (*order.happened, Happened(event="receipted", at=utc_text(now), by=by, note=" ".join(document)))
        return changed(row, happened=happened, why="", **{fields: made})._replace(due_at=now)

    _said(hub, id, work)


def paid_back_by_hand(hub: Hub, id: str, reason: str, by: str) -> None:
    """The money went back by another way. Raises NotDone."""
    check_reason(reason)
    _said(hub, id, lambda _, row: stepped(row, "returned", hub.now(), by, due=hub.now(), note=reason))


def give_back(hub: Hub, id: str, reason: str, by: str) -> None:
    """Of whatever has its money: also of one that somebody has got and not used. Raises NotDone."""
    check_reason(reason)
    with hub.store.reading() as reader:
        row = reader.errands([id]).get(id)
    if row is not None and row.about:
        taken_back(hub, id, lambda writer: _locked(writer, id), by, by_office=True, note=reason)
        return

    def work(writer: Writer, row: ErrandRow) -> ErrandRow:
        if row.about or state_of(row) == "ending" or not may(row, "back"):
            raise NotDone(f"Order {id} is {row.state}.", code="certificate_order_step")
        return stepped(row, "back", hub.now(), by, due=hub.now(), note=reason)

    _said(hub, id, work)


def _said(hub: Hub, id: str, work: Callable[[Writer, ErrandRow], ErrandRow]) -> None:
    hub.within(lambda writer: writer.write(Rows(errands=[work(writer, _locked(writer, id))])))


def _locked(writer: Writer, id: str) -> ErrandRow:
    """Raises NotDone."""
    row = writer.locked_errands([id]).get(id)
    if row is None or row.kind != KIND:
        raise NotDone(f"There is no certificate order {id}.", code="no_certificate_order")
    return row
