"""What the office does for a card that was ordered: made, sent or waiting in a shop, handed over, come back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hub.blanks.free import is_blank
from hub.card_orders.code import TRIES, is_right
from hub.card_orders.order import TRANSITIONS, Event, ended, is_open, order_of, state_of, stepped, with_order
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.cards import linking
from hub.people.orders import Deed, NotDone, Order, ordered
from hub.people.who import Person
from hub.store.office_records import CardOrderRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer

ORDERS_MAX: Final = 500  # of a state, in one look


def order_called(writer: Writer, id: str) -> CardOrderRow:
    """Held until this is written. Raises NotDone."""
    row = writer.locked_card_orders([id]).get(id)
    if row is None:
        raise NotDone(f"There is no order {id}: pos-hub card orders", code="no_card_order")
    return row


def made(hub: Hub, id: str, number: str, by: str) -> CardOrderRow:
    """A blank has his name on it now. Told again of the same card, it says the same. Raises NotDone."""

    def work(writer: Writer) -> CardOrderRow:
        row = order_called(writer, id)
        if row.state == "made" and row.number == number:
            return row
        _check_blank(hub, writer, row, number)
        return _written(writer, stepped(row, "made", hub.now(), by, number=number))

    return hub.within(work)


def _check_blank(hub: Hub, reader: Reader, row: CardOrderRow, number: str) -> None:
    """Raises NotDone."""
    rules = hub.programmes.get(order_of(row).programme)
    if rules is None or not is_blank(reader, rules, number) or number in reader.cards([number]):
        raise NotDone(f"{number} is no blank card of {order_of(row).programme} that is free.", code="card_not_blank")
    if any(is_open(one) for one in reader.card_orders_with([number])):
        raise NotDone(f"Card {number} is another order's.", code="card_not_blank")


def moved_on(hub: Hub, id: str, event: Event, by: str) -> CardOrderRow:
    """Sent by post, or arrived in the shop where it waits; come back, or not to be. Again, it says the same. Raises
    NotDone."""
    assert event not in ("made", "handed_over"), "which need a card, and a code"

    def work(writer: Writer) -> CardOrderRow:
        row = order_called(writer, id)
        happened = order_of(row).happened
        if happened and happened[-1].event == event:
            return row
        return _written(writer, stepped(row, event, hub.now(), by))

    return hub.within(work)


def _written(writer: Writer, row: CardOrderRow) -> CardOrderRow:
    over = not TRANSITIONS[state_of(row)]
    writer.write(ended(writer, row) if over else Rows(card_orders=[row]))
    return row


def handed_over(hub: Hub, id: str, code: str, order: Order) -> CardOrderRow:
    """In a shop, against the code of his account: from now on it is his card. Raises ActRefused, NotDone."""
    row = hub.within(lambda writer: _with_right_code(hub, writer, id, code))
    if isinstance(row, ActRefused):  # a wrong try is kept, and so is no reason to undo
        raise row
    given_to(hub, row, order)
    with hub.store.reading() as reader:
        return reader.card_orders([id])[id]


def _with_right_code(hub: Hub, writer: Writer, id: str, code: str) -> CardOrderRow | ActRefused:
    row = order_called(writer, id)
    kept = order_of(row)
    if state_of(row) == "handed_over":
        return row
    if state_of(row) != "waiting":
        raise NotDone(f"Order {id} is {row.state}: nobody waits for it in a shop.", code="card_order_step")
    if is_right(hub.keys.phones, row, code):
        return row
    tries = min(kept.tries + 1, TRIES)
    writer.write(Rows(card_orders=[with_order(row, msgspec.structs.replace(kept, tries=tries))]))
    why = "card_order_code" if tries < TRIES else "card_order_tries"
    return ActRefused(why, f"the code is another; {TRIES - tries} tries are left", tries_left=TRIES - tries)


def given_to(hub: Hub, row: CardOrderRow, order: Order) -> None:
    """The card becomes his, and the order is done, in one transaction; again, it is so already. Raises NotDone."""

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        there = order_called(writer, row.id)
        if state_of(there) == "handed_over":
            return Deed(f"Card {there.number} was handed over before.")
        deed = linking(hub, writer, person, there.number, now)
        writer.write(Rows(card_orders=[stepped(there, "handed_over", now, order.by)]))
        return deed

    ordered(hub, row.member, order, decide)
