"""What somebody has asked for that takes more than one step, with others outside: an exchange at a partner, a
certificate that is paid and delivered, a question to the desk, an order of the online shop.

An errand is a row with a state and, while something is still to be done, a moment at which somebody looks at it again
(`walk.py`). Each kind has a folder of its own, with its states as a table and what it keeps as a struct, and a row in
`kinds.py`. What moves points or rubles is an operation besides; the errand names it, and is never the book itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from hub.people.history import gone_into
from hub.people.orders import NotDone
from hub.people.who import people
from hub.store.errand_records import ErrandRow
from hub.store.seam import Reader, Writer

if TYPE_CHECKING:
    from hub.hub import Hub
    from hub.outside.services import Services


class Errand(NamedTuple):
    """A kind of errand. `forget`: the row of somebody who is erased, without anything of his; it may write besides.
    `step`: look at one that is due and that nobody else looks at meanwhile; it writes what came of it with the next
    `due_at`, None where nothing is left to be done. Raises NoAnswer: it is due again, later each time."""

    name: str
    forget: Callable[[Writer, ErrandRow, datetime], ErrandRow]
    step: Callable[[Hub, Services, ErrandRow], None] | None = None


def errand_id(kind: str, member: str, key: str) -> str:
    """The same key of the same member is the same errand."""
    return hashlib.sha256(f"{kind}\n{member}\n{key}".encode()).hexdigest()[:16]


def errands_of(reader: Reader, kind: str, member: str) -> list[ErrandRow]:
    """Also of whoever has gone into him; those whose state is newest first."""
    rows = reader.errands_of(kind, [member, *gone_into(reader, member)])
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)


def his_errand(writer: Writer, kind: str, member: str, id: str) -> ErrandRow:
    """Held until this is written; another's is as none. Raises NotDone."""
    row = writer.locked_errands([id]).get(id)
    if row is None or row.kind != kind or [one.member for one in people(writer, [row.member])] != [member]:
        raise NotDone(f"There is no {kind} {id} of his.", code=f"no_{kind}")
    return row
