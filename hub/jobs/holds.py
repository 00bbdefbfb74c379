"""Holds whose time is over go. They have held nothing since that moment, and of a voided one nobody need remember any
more that it was: who asks under its id by now asks too late anyway."""

from __future__ import annotations

from collections.abc import Iterator

from hub.jobs.turn import Turn
from hub.store.rows import Rows
from hub.store.seam import Writer


def forget(turn: Turn) -> Iterator[int]:
    return turn.pages(lambda reader: reader.due_holds(turn.until, 1), lambda writer: _page(writer, turn))


def _page(writer: Writer, turn: Turn) -> int:
    """How many went. A till may be asking for longer: its member is held first, and then looked at again."""
    members = {hold.member for hold in writer.due_holds(turn.until, turn.page)}
    writer.locked_members(members)
    over = [hold.key for hold in writer.due_holds(turn.until, turn.page) if hold.member in members]
    writer.write(Rows(gone_holds=over))
    return len(over)
