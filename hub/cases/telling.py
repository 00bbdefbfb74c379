"""A till's own cases as it is told of them: those that were opened or settled after a cursor, as they are now."""

from __future__ import annotations

from typing import Final, NamedTuple

from hub.cases.opening import partition_of
from hub.store.errors import BadCursor
from hub.store.records import CaseKey, CaseRow, Place
from hub.store.seam import Reader
from loyalty.cases import CaseSnapshot
from loyalty.utc import utc_text
from sync.protocol import COUNTER_MAX

CASES_AT_ONCE: Final = 200  # on a page, some 300 bytes each: it stays a page of members
JOINT: Final = "."
DIGITS_MAX: Final = 20  # of a number that is read at all


class ToldCases(NamedTuple):
    """`cursor`: how far the till has read of its own."""

    cases: tuple[CaseSnapshot, ...]
    cursor: str
    more: bool


def split_cursor(cursor: str) -> tuple[str, str]:
    """A page's cursor is two: of the programme's partition, and of the till's own where it has read any. One of before
    is the first alone. Raises BadCursor."""
    programme, joint, own = cursor.partition(JOINT)
    if joint and not own:
        raise BadCursor(f"{cursor[:40]!r} is no cursor of this ledger")
    return programme, own


def join_cursors(programme: str, own: str) -> str:
    return f"{programme}{JOINT}{own}" if own else programme


def cases_of(reader: Reader, till: str, after: str) -> ToldCases:
    changes = reader.changes(partition_of(till), after, CASES_AT_ONCE + 1)
    told = changes[:CASES_AT_ONCE]
    keys = list(dict.fromkeys(key for change in told if (key := key_of(change.key)) is not None))
    found = reader.cases(keys) if keys else {}
    cases = tuple(snapshot_of(found[key]) for key in keys if key in found)
    return ToldCases(cases, told[-1].cursor if told else after, len(changes) > len(told))


def key_of(id: str) -> CaseKey | None:
    """The case that people call so; None: none is called so."""
    kind, _, rest = id.partition("/")
    place = place_called(rest)
    key = CaseKey(*place, kind) if place is not None else None
    return key if key is not None and key.id == id else None


def place_called(text: str) -> Place | None:
    """Where the operation stands that people call so; None: none is called so."""
    chain, *numbers = text.split("/")
    if len(numbers) != 2 or not all(one.isascii() and one.isdecimal() and len(one) <= DIGITS_MAX for one in numbers):
        return None
    place = Place(chain, *map(int, numbers))
    return place if max(place[1:]) <= COUNTER_MAX else None  # a database's numbers end


def snapshot_of(case: CaseRow) -> CaseSnapshot:
    return CaseSnapshot(
        id=case.id,
        kind=case.kind,
        opened_at=utc_text(case.opened_at),
        sale=case.sale,
        note=case.note,
        cost_points=case.cost_points,
        cost_kopecks=case.cost_kopecks,
        state=case.state,
    )
