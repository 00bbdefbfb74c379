"""Members with more lots than tills are told one by one, some of which have died since: what was told of them is no
longer the truth. Each moment is looked at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hub.jobs.turn import Turn
from hub.store.records import ChangeRow, JobRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.stores import tell_shops
from loyalty.snapshot import LOTS_MAX

JOB: Final = "retell"


def retell(turn: Turn) -> Iterator[int]:
    """That they are told, and that they were, is one transaction."""
    if turn.since is None or turn.since >= turn.until:  # the feed begins with everybody
        return
    with turn.hub.store.reading() as reader:
        due = _due(reader, turn)
    if due:
        yield turn.hub.within(lambda writer: _tell(writer, due, turn))


def _due(reader: Reader, turn: Turn) -> list[ChangeRow]:
    assert turn.since is not None
    return [
        ChangeRow(programme, "member", member)
        for programme in turn.hub.programmes
        for member in reader.died_between(programme, turn.since, turn.until, LOTS_MAX)
    ]


def _tell(writer: Writer, due: list[ChangeRow], turn: Turn) -> int:
    row = writer.jobs().get(JOB) or JobRow(JOB)
    if row.done_until != turn.since:  # somebody else was quicker
        return 0
    rows = Rows(changes=due, jobs=[row._replace(done_until=turn.until)])
    tell_shops(writer, rows, turn.until)
    writer.write(rows)
    return len(due)
