"""What a member orders in his account: a plastic card by the form, that it is not to be made, another code."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from hub.card_orders.order import (
    CardOrder,
    ended,
    is_open,
    order_of,
    state_of,
    stepped,
    with_order,
)
from hub.hub import Hub
from hub.people.history import gone_into
from hub.people.orders import NotDone, check_not_erased
from hub.people.who import Person, people
from hub.store.office_records import CardOrderRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.cards import form_waits
from loyalty.possible import is_text
from loyalty.utc import utc_text
from sync.account.card_orders import ADDRESS_LETTERS_MAX, NAME_LETTERS_MAX

WITHIN: Final = timedelta(days=365)
MANY: Final = 5  # within a year, whatever became of them
ADDRESS_LETTERS_MIN: Final = 10
BY_MEMBER: Final = "member"


class Form(NamedTuple):
    """As he filled it in: to this address, or to wait in this store."""

    name: str
    address: str
    store: str


def orders_of(reader: Reader, member: str) -> list[CardOrderRow]:
    """Also of whoever has gone into him; the newest first."""
    rows = reader.card_orders_of([member, *gone_into(reader, member)])
    return sorted(rows, key=lambda row: (order_of(row).made_at, row.id), reverse=True)


def order_card(hub: Hub, member: str, form: Form, key: str) -> CardOrderRow:
    """The same key is the same order. Raises NotDone."""
    id = hashlib.sha256(f"card order\n{member}\n{key}".encode()).hexdigest()[:16]

    def work(writer: Writer) -> CardOrderRow:
        writer.locked_members([member])
        (person,) = people(writer, [member])
        known = writer.card_orders([id]).get(id)
        if known is not None:
            return known
        form_here = checked(writer, form)
        _check_may(writer, person, hub.now())
        row = _new(hub, id, person, form_here)
        writer.write(Rows(card_orders=[row]))
        return row

    return hub.within(work)


def checked(reader: Reader, form: Form) -> Form:
    """Raises NotDone."""
    name, address = " ".join(form.name.split()), " ".join(form.address.split())
    if not (is_text(name, NAME_LETTERS_MAX) and name.isprintable()):
        raise NotDone(f"The name on a card is one line of at most {NAME_LETTERS_MAX} letters.", code="card_order_name")
    if form.store:
        if form.store not in reader.named_stores([form.store]):
            raise NotDone("There is no such shop.", code="card_order_store")
        return Form(name, "", form.store)
    if len(address) < ADDRESS_LETTERS_MIN or not is_text(address, ADDRESS_LETTERS_MAX):
        raise NotDone("To which address is it sent?", code="card_order_address")
    return Form(name, address, "")


def _check_may(reader: Reader, person: Person, now: datetime) -> None:
    """Raises NotDone."""
    check_not_erased(reader, person)
    if not person.row.registered:
        raise NotDone("Nobody has filled a form in for him yet.", code="not_registered")
    if any(form_waits(card.status, card.active_from, now) for card in person.cards):
        raise NotDone("His form on paper is still being confirmed.", code="form_waits")
    rows = orders_of(reader, person.member)
    if any(map(is_open, rows)):
        raise NotDone("One that he has ordered is on its way.", code="card_order_open")
    if sum(datetime.fromisoformat(order_of(row).made_at) > now - WITHIN for row in rows) >= MANY:
        raise NotDone(f"He has ordered {MANY} within a year.", code="card_order_many")


def _new(hub: Hub, id: str, person: Person, form: Form) -> CardOrderRow:
    now, programme = hub.now(), person.row.programme
    order = CardOrder(
        programme=programme,
        made_at=utc_text(now),
        name=form.name,
        address=form.address,
        store=form.store,
        fee_kopecks=hub.programmes[programme].cards.form_fee_kopecks,
    )
    return with_order(CardOrderRow(id, person.member, "new", "", now, ""), order)


def cancel(hub: Hub, member: str, id: str) -> bool:
    """False: it was before. Raises NotDone."""

    def work(writer: Writer) -> bool:
        row = his_order(writer, member, id)
        if row.state == "cancelled":
            return False
        writer.write(ended(writer, stepped(row, "cancelled", hub.now(), BY_MEMBER)))
        return True

    return hub.within(work)


def another_code(hub: Hub, member: str, id: str) -> None:
    """Of one that waits in a shop, where so many wrong ones were said; of others the code that stands stays. Raises
    NotDone."""

    def work(writer: Writer) -> None:
        row = his_order(writer, member, id)
        if state_of(row) != "waiting":
            raise NotDone(f"Order {id} is {row.state}.", code="card_order_step")
        order = order_of(row)
        if order.tries:
            fresh = msgspec.structs.replace(order, codes=order.codes + 1, tries=0)
            writer.write(Rows(card_orders=[with_order(row, fresh)]))

    hub.within(work)


def his_order(writer: Writer, member: str, id: str) -> CardOrderRow:
    """Held until this is written. Raises NotDone."""
    row = writer.locked_card_orders([id]).get(id)
    if row is None or [one.member for one in people(writer, [row.member])] != [member]:
        raise NotDone("He has no such order.", code="no_card_order")
    return row
