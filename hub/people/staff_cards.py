"""Cards of whoever works here: marked, they ring earlier where strangers' purchases earn on them (SEC7)."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from hub.hub import Hub
from hub.people.orders import Order, check_order
from hub.people.who import Person, person_called
from hub.store.office_records import WatchedRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.watching import MEMBER, read_watched, write_watched


class Marked(NamedTuple):
    member: str
    changed: bool


def is_staff(reader: Reader, member: str) -> bool:
    subject = f"{MEMBER}{member}"
    return read_watched(reader.watched([subject]).get(subject)).staff


def mark_staff(hub: Hub, whom: str, order: Order, *, staff: bool) -> Marked:
    """All cards of this member, also those that he gets later. Raises NotDone, NotFound."""
    check_order(order)

    def work(writer: Writer) -> Marked:
        person: Person = person_called(writer, hub.programmes, whom)
        subject = f"{MEMBER}{person.member}"
        before = read_watched(writer.watched([subject]).get(subject))
        if before.staff is staff:
            return Marked(person.member, changed=False)
        writer.write(Rows(watched=[WatchedRow(subject, write_watched(msgspec.structs.replace(before, staff=staff)))]))
        return Marked(person.member, changed=True)

    return hub.within(work)
