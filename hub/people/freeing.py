"""The office lets go of points that a receipt holds: by an operation of its own, which says who did it and stays."""

from __future__ import annotations

from datetime import datetime

from hub.hub import Hub
from hub.people.orders import Deed, Done, NotDone, Order, ordered
from hub.people.reserved import until_words
from hub.people.who import NotFound, Person
from hub.store.records import HoldRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import HoldVoided
from loyalty.operation import ACCOUNT_CHAIN


def free(hub: Hub, id: str, order: Order) -> Done:
    """Void an open hold. The receipt may be paid with its points all the same. Raises NotDone, NotFound."""
    with hub.store.reading() as reader:
        found = hold_called(reader, id)
    if found.till == ACCOUNT_CHAIN:
        raise NotDone(f"Hold {found.hold} is of an exchange at a partner: it is settled on the office's page of those.")

    def decide(writer: Writer, person: Person, at: datetime) -> Deed:
        hold = {row.hold: row for row in writer.holds_of([person.member])}.get(found.hold)
        if hold is None or state_of(hold, at) != "open":
            state = state_of(hold, at) if hold is not None else "over"
            raise NotDone(f"Hold {found.hold} is {state}: it holds no points any more.")
        until = until_words(hold.until, at, hub.zone_of(person.row.programme))
        words = (
            f"Hold {hold.hold} of {hold.till} is let go: {hold.points} points of member {person.member}, reserved until"
            f" {until}, are free. If its receipt is paid with them all the same and they are gone by then, that is a"
            " debt and its case."
        )
        return Deed(words, [HoldVoided(member=person.member, holds=(hold.hold,), reason="freed")])

    return ordered(hub, found.member, order, decide)


def hold_called(reader: Reader, id: str) -> HoldRow:
    """By its id, or as much of its beginning as no other has. Raises NotFound."""
    fitting = [hold for hold in reader.all_holds() if id and hold.hold.startswith(id)]
    exact = [hold for hold in fitting if hold.hold == id]
    found = exact or fitting
    if not found:
        raise NotFound(f"There is no hold {id!r}. `pos-hub holds list` shows them; one that is over is soon forgotten.")
    if len(found) > 1:
        raise NotFound(f"{len(found)} holds begin with {id!r}: say more of the id.")
    return found[0]


def state_of(hold: HoldRow, at: datetime) -> str:
    """For people."""
    if hold.state == "open":
        return "open" if hold.until > at else "over"
    return {"confirmed": "spent", "voided": "let go"}[hold.state]
