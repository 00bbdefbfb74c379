"""The key of phones is rotated: tills get a new one, and everybody who has a phone is told anew under it.

Some at a time, each step a transaction of its own; whoever breaks it off and begins again goes on where it stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

from hub.hub import Hub
from hub.phone_keys import TELLING, TURN, turn_of
from hub.store.records import ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.stores import tell_shops

STEP_MEMBERS: Final = 1_000  # some 20 ms, for which a till's push may have to wait
BEGUN: Final = " "  # before every member's id


def rotate_phones(hub: Hub) -> Iterator[int]:
    """How many were told in each step."""
    after = hub.within(_begin)
    with hub.store.reading() as reader:
        waiting = iter(_with_phones(reader, after))
    while step := list(islice(waiting, STEP_MEMBERS)):
        yield hub.within(partial(_tell, hub, step))
    hub.within(lambda writer: writer.write(Rows(settings={TELLING: ""})))


def _begin(writer: Writer) -> str:
    """Behind whom it goes on: everybody, where none is under way."""
    under_way = writer.setting(TELLING)
    if not under_way:
        writer.write(Rows(settings={TURN: str(turn_of(writer) + 1), TELLING: BEGUN}))
    return under_way or BEGUN


def _with_phones(reader: Reader, after: str) -> list[str]:
    return sorted(row.member for row in reader.all_profiles() if row.phone is not None and row.member > after)


def _tell(hub: Hub, members: Sequence[str], writer: Writer) -> int:
    here = writer.locked_members(members)
    rows = Rows(changes=[ChangeRow(here[one].programme, "member", one) for one in members if one in here])
    tell_shops(writer, rows, hub.now())
    rows.settings = {TELLING: members[-1]}
    writer.write(rows)
    return len(here)
