"""The kind of errand that a ticket is: it closes itself when nobody has said a word for days, and is forgotten a year
after it was closed, or with its member."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from hub.errands.errand import Errand
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.tickets.ticket import KIND, TRANSITIONS, emptied, state_of, stepped

if TYPE_CHECKING:
    from hub.hub import Hub
    from hub.outside.services import Services


def _look(hub: Hub, services: Services, taken: ErrandRow) -> None:
    """Unless somebody has written meanwhile."""

    def work(writer: Writer) -> None:
        row = writer.locked_errands([taken.id]).get(taken.id)
        if row is None or row.due_at != taken.due_at:
            return
        state, now = state_of(row), hub.now()
        if "forgotten" in TRANSITIONS[state]:
            gone = [picture for picture, _ in writer.pictures_of([row.id])]
            writer.write(Rows(errands=[emptied(row, now)], gone_pictures=gone))
        elif "closed" in TRANSITIONS[state]:
            writer.write(Rows(errands=[stepped(row, "closed", now)]))
        else:
            writer.write(Rows(errands=[row._replace(due_at=None)]))

    hub.within(work)


def _forget(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    return emptied(row, now)


TICKET: Final = Errand(KIND, _forget, _look)
