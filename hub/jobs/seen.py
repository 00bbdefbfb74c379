"""Members whom a shop has not seen for as long as it keeps them are its no longer, and its tills are told so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hub.jobs.turn import Turn
from hub.store.office_records import SeenRow
from hub.store.records import ChangeRow, MemberRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.stores import partition_of_store


def let_go(turn: Turn) -> Iterator[int]:
    return turn.pages(lambda reader: reader.due_seen(turn.until, 1), lambda writer: _page(writer, turn))


def _page(writer: Writer, turn: Turn) -> int:
    """How many were let go. One may be buying there just now: he is held first, and then looked at again."""
    members = {row.member for row in writer.due_seen(turn.until, turn.page)}
    there = writer.locked_members(members)
    over = [row for row in writer.due_seen(turn.until, turn.page) if row.member in members]
    writer.write(Rows(unseen=[row.key for row in over], changes=list(_told(over, there))))
    return len(over)


def _told(over: Iterable[SeenRow], members: Mapping[str, MemberRow]) -> Iterator[ChangeRow]:
    """To the shop that he is no longer of. Nobody was ever told of a member who is not there."""
    for row in over:
        if row.member in members:
            partition = partition_of_store(row.store, members[row.member].programme)
            yield ChangeRow(partition, "member", row.member)
