"""Exchanges that the office looks at: those that are open, by their age; asked again, or settled by hand after a talk
with the partner."""

from __future__ import annotations

from typing import Final, Literal

from hub.bearing import NotApplied
from hub.exchanges.asking import book, let_go
from hub.exchanges.exchange import KIND, OPEN, kept_of, state_of
from hub.hub import Hub
from hub.people.orders import NotDone, Order, check_order, check_reason
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.operation import OFFICE_CHAIN

Outcome = Literal["paid", "freed"]
SHOWN_MAX: Final = 100


def open_exchanges(reader: Reader) -> list[ErrandRow]:
    """The oldest first; at most so many of each state."""
    rows = [row for state in OPEN for row in reader.errands_in(KIND, state, SHOWN_MAX)]
    return sorted(rows, key=lambda row: (kept_of(row).made_at, row.id))


def exchange_called(reader: Reader, id: str) -> ErrandRow:
    """Raises NotDone."""
    row = reader.errands([id]).get(id)
    if row is None or row.kind != KIND:
        raise NotDone(f"There is no exchange {id!r}.", code="no_exchange")
    return row


def ask_again(hub: Hub, id: str) -> ErrandRow:
    """At once. Raises NotDone."""

    def work(writer: Writer) -> ErrandRow:
        exchange_called(writer, id)
        row = writer.locked_errands([id])[id]
        if state_of(row) not in ("new", "asked"):
            raise NotDone(f"Exchange {id} is {row.state}: nobody is asked.", code="exchange_step")
        row = row._replace(due_at=hub.now())
        writer.write(Rows(errands=[row]))
        return row

    return hub.within(work)


def settle(hub: Hub, id: str, outcome: Outcome, why: str, order: Order) -> ErrandRow:
    """paid: the partner says that he has given it; freed: that he never will. Raises NotDone."""
    check_order(order)
    check_reason(why)
    with hub.store.reading() as reader:
        row = exchange_called(reader, id)
    settled = _paid(hub, id, why, order) if outcome == "paid" else _freed(hub, id, why, order)
    if settled is None:
        with hub.store.reading() as reader:
            row = exchange_called(reader, id)
        last = kept_of(row).happened[-1:]
        if not last or (last[0].event, last[0].by) != (outcome, order.by):
            raise NotDone(f"Exchange {id} is {row.state}: it cannot be {outcome}.", code="exchange_step")
    return settled or row


def _paid(hub: Hub, id: str, why: str, order: Order) -> ErrandRow | None:
    office = Order(by=order.by, key=f"exchange/{id}", person=order.person, chain=OFFICE_CHAIN)
    try:
        return book(hub, id, "paid", office, why=why)
    except NotApplied as error:
        raise NotDone(f"The ledger refuses it: {error.reason}.") from error


def _freed(hub: Hub, id: str, why: str, order: Order) -> ErrandRow | None:
    return hub.within(lambda writer: let_go(writer, id, "freed", hub.now(), by=order.by, why=why))
