"""What a member did and what was done for him, the newest first, however much there is: read a little at a time.

His are the operations that name him, or whoever went into him; and those that name nobody but a card of his.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from hub.batches import batches
from hub.books.named import name_of_merges, name_of_moment, names_after
from hub.people.who import Person, standing
from hub.store.named import NamedRow
from hub.store.records import KeptOperation, Place
from hub.store.seam import Reader
from loyalty.bodies import MemberMerged
from loyalty.operation import BadOperation, Operation, read_operation

AT_ONCE: Final = 100  # operations


class His(NamedTuple):
    """Whom and which cards operations name that are a member's."""

    ids: frozenset[str]
    cards: frozenset[str]


class Spot(NamedTuple):
    """Where an operation stands in the order of moments."""

    at: str
    place: Place


class Read(NamedTuple):
    """An operation that was applied. `came`, `went`: points of his."""

    kept: KeptOperation
    operation: Operation
    came: int = 0
    went: int = 0

    @property
    def spot(self) -> Spot:
        return Spot(self.operation.at, self.kept.place)


END: Final = Spot("~", Place("", 0, 0))  # behind all of them


def his_of(reader: Reader, person: Person) -> His:
    return His(frozenset(_ids(reader, person.member)), frozenset(card.number for card in person.cards))


def moves_of(reader: Reader, his: His, since: str = "", before: Spot = END) -> Iterator[tuple[Spot, Read | None]]:
    """The newest first, those from `since` on. None: it is not his, or the books refused it."""
    for some in batches(spots_of(reader, his, since, before), AT_ONCE):
        found = read_moves(reader, his, [spot.place for spot in some])
        yield from ((spot, found.get(spot.place)) for spot in some)


def spots_of(reader: Reader, his: His, since: str = "", before: Spot = END) -> Iterator[Spot]:
    """Where they stand, and perhaps some that are not his."""
    while some := list(islice(_spots(reader, his, since, before), AT_ONCE)):
        yield from some
        before = some[-1]


def read_moves(reader: Reader, his: His, places: Sequence[Place]) -> Mapping[Place, Read]:
    """Of these operations those that are his, and were applied."""
    moved = _moved(reader, his, places)
    found = {}
    for place, kept in reader.operations(places).items():
        operation = applied(kept)
        if operation is not None and (place in moved or is_his(operation, his)):
            found[place] = Read(kept, operation, *moved.get(place, (0, 0)))
    return found


def applied(kept: KeptOperation) -> Operation | None:
    """None where the books refused it."""
    if kept.reason is not None:
        return None
    try:
        return read_operation(kept.text)
    except BadOperation:
        return None


def is_his(operation: Operation, his: His) -> bool:
    body = operation.body
    named = getattr(body, "member", None)
    if named is None:
        return getattr(body, "card", None) in his.cards
    return named in his.ids or getattr(body, "into", None) in his.ids


def _moved(reader: Reader, his: His, places: Sequence[Place]) -> dict[Place, tuple[int, int]]:
    """By operation, what came and what went: the other side of his entries."""
    sums: dict[Place, tuple[int, int]] = {}
    for entry in reader.entries_of(places):
        if entry.member in his.ids:
            came, went = sums.get(entry.place, (0, 0))
            if entry.account not in ("member", "debt"):
                came, went = came + max(0, -entry.points), went + max(0, entry.points)
            sums[entry.place] = came, went
    return sums


def _spots(reader: Reader, his: His, since: str, before: Spot) -> Iterator[Spot]:
    """Of all names of his, together in order; one that names both of a merge is there once."""
    rows = [_named(reader, name, since, before) for name in sorted(his.ids | his.cards)]
    last: Spot | None = None
    for spot in heapq.merge(*rows, reverse=True):
        if spot != last:
            yield spot
        last = spot


def _named(reader: Reader, name: str, since: str, before: Spot) -> Iterator[Spot]:
    first = name_of_moment(name, since)
    behind = NamedRow(name_of_moment(name, before.at) if before is not END else names_after(name), *before.place)
    cut = len(name_of_moment(name, ""))
    for row in reader.named_before(first, behind, AT_ONCE):
        yield Spot(row.name[cut:], Place(*row[1:]))


def _ids(reader: Reader, member: str) -> Iterable[str]:
    """His own, and of whoever has gone into him, one after the other."""
    found, wanted = {member: None}, [member]
    while wanted:
        places = {Place(*row[1:]) for row in reader.naming([name_of_merges(id) for id in wanted])}
        read = [applied(kept) for kept in reader.operations(places).values()] if places else []
        gone = {one.body.member for one in read if one is not None and isinstance(one.body, MemberMerged)}
        wanted = sorted(id for id in gone - found.keys() if _is_now(reader, id, member))
        found |= dict.fromkeys(wanted)
    return found


def _is_now(reader: Reader, id: str, member: str) -> bool:
    row = standing(reader, id)
    return row is not None and row.member == member
