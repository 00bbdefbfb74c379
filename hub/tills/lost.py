"""Operations that a till's file had and has no more, and the ledger has not either: sales with customers behind them,
whose receipts are in their hands. A person looks at it.

A till tells of them once, when its next file asks for its lease: nobody goes on in the chain of before, so what the
ledger does not have of it by then comes only if an older copy of the file is found.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from hub.cases.opening import case_of, told_of
from hub.store.records import ChainEnd, Place
from hub.store.rows import Rows
from hub.store.seam import Reader
from loyalty.possible import shown_id
from sync.protocol import Lost

CASE: Final = "lost"

log = logging.getLogger(__name__)


def cases_due(reader: Reader, till: str, lost: Sequence[Lost], now: datetime) -> Rows:
    """A case for each generation, at the last operation that the ledger has of it; where it has none, of the till. A
    till of which it has nothing tells its own people alone."""
    ends = {end.generation: end for end in reader.ends_of([till])} if lost else {}
    rows = Rows()
    for generation in sorted({one.generation for one in lost}):
        gone = not_here([one for one in lost if one.generation == generation], ends)
        end = ends.get(generation) or reader.newest_ends([till]).get(till)
        if not gone:
            continue
        note = note_of(gone)
        if end is None:
            log.error("Till %s has lost operations of which the ledger has none: %s.", shown_id(till), note)
            continue
        case = case_of(Place(till, end.generation, end.sequence), CASE, now, None, note=note)
        if not reader.cases([case.key]) and case.key not in [one.key for one in rows.new_cases]:
            rows.new_cases.append(case)
            rows.changes += told_of(case)
    return rows


def not_here(lost: Sequence[Lost], ends: Mapping[int, ChainEnd]) -> list[Lost]:
    """Of these numbers those behind what the ledger has: it has a chain without gaps."""
    found = []
    for one in lost:
        end = ends.get(one.generation)
        first = max(one.first, end.sequence + 1 if end is not None else 1)
        if first <= one.last:
            found.append(Lost(generation=one.generation, first=first, last=one.last, at=one.at))
    return found


def note_of(gone: Sequence[Lost]) -> str:
    """How many, which, and of when the last of them is, as far as that is known."""
    count = sum(one.last - one.first + 1 for one in gone)
    which = ", ".join(f"{one.generation}.{_numbers(one)}" for one in gone)
    at = max(one.at for one in gone)
    return f"{count} operations, {which}" + (f", the last recorded {at}" if at else "")


def _numbers(one: Lost) -> str:
    return f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
