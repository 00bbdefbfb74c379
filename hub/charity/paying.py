"""What the chain has paid to a fund: a row for each transfer, so that what is owed can be seen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple

import msgspec

from hub.errands.errand import Errand, errand_id
from hub.hub import Hub
from hub.people.orders import NotDone, Order, check_order
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.possible import is_text
from loyalty.utc import utc_text

KIND: Final = "fund_paid"
DOCUMENT_LETTERS_MAX: Final = 200
KOPECKS_MAX: Final = 10**14


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """`day`: of the document."""

    programme: str
    fund: str
    kopecks: int
    document: str
    day: date
    by: str
    at: str


class Paid(NamedTuple):
    transfer: Transfer
    changed: bool


def pay(hub: Hub, programme: str, fund: str, kopecks: int, document: str, day: date, order: Order) -> Paid:
    """The same document of a day is one transfer. Raises NotDone."""
    check_order(order)
    rules = hub.programmes.get(programme)
    known = rules.partner(fund) if rules is not None else None
    if known is None or not known.charity:
        raise NotDone(f"{programme} knows no fund {fund!r}.", code="unknown_partner")
    if not 0 < kopecks <= KOPECKS_MAX:
        raise NotDone("Say how much was paid: --sum 1500.00.", code="how_many")
    if not is_text(document, DOCUMENT_LETTERS_MAX):
        raise NotDone("Say by which document: its number, on one line.", code="document")
    made = Transfer(
        programme=programme,
        fund=fund,
        kopecks=kopecks,
        document=document,
        day=day,
        by=order.by,
        at=utc_text(hub.now()),
    )
    return hub.within(lambda writer: _kept(writer, made, hub.now()))


def _kept(writer: Writer, made: Transfer, now: datetime) -> Paid:
    """Raises NotDone."""
    id = errand_id(KIND, "", f"{made.programme}\n{made.fund}\n{made.day}\n{made.document}")
    known = writer.locked_errands([id]).get(id)
    if known is None:
        body = msgspec.json.encode(made).decode()
        writer.write(
            Rows(errands=[ErrandRow(id, KIND, "", _about(made.programme, made.fund), "paid", None, now, body)])
        )
        return Paid(made, changed=True)
    before = _transfer(known)
    if before.kopecks != made.kopecks:
        raise NotDone(f"Document {made.document} of {made.day} stands there with another sum.", code="document_known")
    return Paid(before, changed=False)


def _about(programme: str, fund: str) -> str:
    return f"{programme}/{fund}"


def _transfer(row: ErrandRow) -> Transfer:
    return msgspec.json.decode(row.body, type=Transfer)


def transfers_to(reader: Reader, programme: str, fund: str) -> list[Transfer]:
    """In the order of days."""
    rows = reader.errands_about(KIND, [_about(programme, fund)])
    return sorted(map(_transfer, rows), key=lambda one: (one.day, one.document))


def _forgotten(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    """It is nobody's."""
    return row


FUND_PAID: Final = Errand(KIND, _forgotten)
