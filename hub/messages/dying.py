"""The job that tells members a week before what dies, where the programme's mailing rules say so (`points_die`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from hub.hub import Hub
from hub.jobs.turn import Turn
from hub.messages.facts import facts_of
from hub.messages.rules import rules_of
from hub.messages.service import tell
from hub.store.records import LotRow
from hub.store.seam import Writer

DAYS_BEFORE: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
KIND: Final = "points_die"


def warn(turn: Turn) -> Iterator[int]:
    with turn.hub.store.reading() as reader:
        wanted = {one for one in turn.hub.programmes if KIND in rules_of(reader, one).service}
    if not wanted:
        return
    begin = turn.until + DAYS_BEFORE - DAY  # whoever was told yesterday is not told again: by the key
    after: LotRow | None = LotRow("", "", 0, 0, 0, begin, begin)
    while after is not None:
        with turn.hub.store.reading() as reader:
            lots = reader.died_unspent(turn.until + DAYS_BEFORE, after, turn.page)
            rows = reader.members({lot.member for lot in lots})
        after = lots[-1] if lots else None
        members = sorted(row.member for row in rows.values() if row.programme in wanted and row.merged_into is None)
        if members:
            yield turn.hub.within(partial(_told, turn.hub, members))


def _told(hub: Hub, members: list[str], writer: Writer) -> int:
    """How many were told something new."""
    return sum(_tell(hub, writer, member) for member in members)


def _tell(hub: Hub, writer: Writer, member: str) -> bool:
    row = writer.members([member])[member]
    facts = facts_of(hub, writer, row.programme, member, hub.now())
    return bool(facts.dies) and tell(hub, writer, member, KIND, facts.day, facts=facts)
