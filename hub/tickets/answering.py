"""What people of the shop do with a ticket: take it, answer, pass it on with a note for each other, close it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hub.hub import Hub
from hub.people.orders import NotDone
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.tickets.telling import tell_answer
from hub.tickets.ticket import (
    KIND,
    Ticket,
    checked_text,
    said,
    said_now,
    stepped,
    ticket_of,
    with_ticket,
)

Change = Callable[[Writer, ErrandRow, Ticket], ErrandRow]


def take(hub: Hub, id: str, by: str) -> ErrandRow:
    """He is at it from now on, whoever was before. Raises NotDone."""

    def change(writer: Writer, row: ErrandRow, ticket: Ticket) -> ErrandRow:
        return with_ticket(stepped(row, "taken", hub.now(), _quiet(hub, ticket)), _taken(ticket, by))

    return _changed(hub, id, change)


def answer(hub: Hub, id: str, text: str, by: str, seen: int) -> ErrandRow:
    """`seen`: so many messages stood there when he began. Raises NotDone: another has answered, or he who asks has
    written, meanwhile."""
    words = checked_text(text)

    def change(writer: Writer, row: ErrandRow, ticket: Ticket) -> ErrandRow:
        last = ticket.said[-1]
        if len(ticket.said) > seen and (last.by, last.who, last.text) == ("shop", by, words):
            return row  # the same form, sent twice
        _check_seen(ticket, seen)
        row = said(stepped(row, "answered", hub.now(), _quiet(hub, ticket)), said_now(hub.now(), "shop", words, by))
        row = with_ticket(row, _taken(ticket_of(row), by))
        tell_answer(hub, writer, row)
        return row

    row = _changed(hub, id, change)
    hub.bell.set()
    return row


def _check_seen(ticket: Ticket, seen: int) -> None:
    """Raises NotDone."""
    since = {one.by for one in ticket.said[seen:]}
    if "shop" in since:
        raise NotDone("Another has answered meanwhile.", code="ticket_answered_meanwhile")
    if "member" in since:
        raise NotDone("He who asks has written meanwhile.", code="ticket_written_meanwhile")


def pass_on(hub: Hub, id: str, note: str, by: str) -> ErrandRow:
    """A note for colleagues; nobody is at it then. Raises NotDone."""
    words = checked_text(note)

    def change(writer: Writer, row: ErrandRow, ticket: Ticket) -> ErrandRow:
        last = ticket.said[-1]
        if (last.by, last.who, last.text) == ("note", by, words):
            return row
        row = said(stepped(row, "passed_on", hub.now()), said_now(hub.now(), "note", words, by))
        return with_ticket(row, _taken(ticket_of(row), ""))

    return _changed(hub, id, change)


def close(hub: Hub, id: str) -> ErrandRow:
    """Raises NotDone."""

    def change(writer: Writer, row: ErrandRow, ticket: Ticket) -> ErrandRow:
        return row if row.state == "closed" else stepped(row, "closed", hub.now())

    return _changed(hub, id, change)


def _changed(hub: Hub, id: str, change: Change) -> ErrandRow:
    def work(writer: Writer) -> ErrandRow:
        row = writer.locked_errands([id]).get(id)
        if row is None or row.kind != KIND or row.state == "forgotten":
            raise NotDone(f"There is no ticket {id}.", code="no_ticket")
        after = change(writer, row, ticket_of(row))
        writer.write(Rows(errands=[after]))
        return after

    return hub.within(work)


def _taken(ticket: Ticket, by: str) -> Ticket:
    return msgspec.structs.replace(ticket, taken_by=by)


def _quiet(hub: Hub, ticket: Ticket) -> int:
    return hub.programmes[ticket.programme].tickets.quiet_days
