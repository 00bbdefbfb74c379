"""Each operation is looked at once after it was answered: the day that it belongs to is counted, and what is more than
ordinary rings (hub/watching.py).

After and not with it, so that a push waits no longer: some 10 ms for each 200 operations, when it is this job's turn.
A case comes some minutes late, which is soon enough for whoever looks at it, and a till counts its own at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from hub.jobs.stretches import Stretch, pages, until_of, waiting
from hub.jobs.turn import Turn
from hub.store.records import ChainKey
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.watching import Looked, looked, seen
from loyalty.kinds import SELLERS
from loyalty.programme import VelocityRules

UNTIL: Final = "watched_until/"  # a setting of each chain: up to which of its operations all are counted


def watch(turn: Turn) -> Iterator[int]:
    """How many cases each page opened."""
    with turn.hub.store.reading() as reader:
        left_to_do = waiting(reader, UNTIL, SELLERS | {"office"})
    for page in pages(left_to_do, turn.page):
        with turn.hub.store.reading() as reader:
            kept = reader.operations([place for stretch in page for place in stretch.places()])
            found = looked((kept[place] for place in sorted(kept)), reader, turn.hub.zone_of)
        yield turn.hub.within(partial(_keep, turn, page, found))


def _keep(turn: Turn, page: Sequence[Stretch], found: Sequence[Looked], writer: Writer) -> int:
    """Of what is still to be done. Nothing is counted twice: the chains are ours until it is written."""
    writer.locked_chains(sorted({ChainKey(stretch.chain, stretch.generation) for stretch in page}))
    ours = [stretch for stretch in page if stretch.is_due(writer.setting)]
    places = {place for stretch in ours for place in stretch.places()}
    now = seen([one for one in found if one.place in places], writer, partial(_rules, turn), turn.until)
    # its till is not told: whoever uses the card may be the one who stands there
    rows = Rows(watched=now.watched, store_days=now.days, new_cases=now.cases, settings=until_of(ours))
    writer.write(rows)
    return len(now.cases)


def _rules(turn: Turn, programme: str) -> VelocityRules | None:
    """Of today, whatever was in force when it happened: what rings is looked at today."""
    known = turn.hub.programmes.get(programme)
    return known.velocity if known is not None else None
