"""The operations that accounting took, with what was posted for them, a little at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from hub.accounting.closing import UNKNOWN, Booked, Rules, Taken
from hub.batches import batches
from hub.store.certificate_records import CertificateEntryRow
from hub.store.records import EntryRow, KeptOperation, Place
from hub.store.seam import Reader
from loyalty.bodies import Return, Sale
from loyalty.effects import maker_of_lot
from loyalty.operation import Operation, read_operation

AT_ONCE: Final = 500  # operations: some 5 MB of them
TOLD_EVERY: Final = 1_000  # operations read


class _Where(msgspec.Struct, frozen=True):
    timezone: str | None = None


class _When(msgspec.Struct, frozen=True):
    """The little of an operation that tells its day."""

    at: str
    programme: str
    store: _Where | None = None


_when = msgspec.json.Decoder(_When).decode
zone_of: Final = cache(ZoneInfo)


class Moved(NamedTuple):
    """An operation, its entries in the order in which they were made, the sale that goods came back from with what had
    come back before, and by lot the store that had given the points that died (or live again)."""

    operation: Operation
    entries: list[EntryRow]
    booked: Booked
    sold: Operation | None
    issuers: Mapping[str, str]
    before: Sequence[Return] = ()
    certificates: Sequence[CertificateEntryRow] = ()

    @property
    def tells_more(self) -> bool:
        """Discounts of returns, and coupons by rate."""
        return self.booked.closing.edition > 1

    @property
    def tells_certificates(self) -> bool:
        return self.booked.closing.edition > 2

    @property
    def where(self) -> Operation:
        """Whose discount and whose points these are: what a return undoes is the sale's."""
        return self.sold or self.operation

    @property
    def rules(self) -> Rules:
        return self.booked.closing.rules.get(self.operation.programme, UNKNOWN)


class Left:
    """Operations that no closing has taken, and that happened before the days that are told of."""

    def __init__(self, before: str) -> None:
        self.before = before
        self.operations = 0
        self.first = before

    def see(self, day: str) -> None:
        if day < self.before:
            self.operations += 1
            self.first = min(self.first, day)


def moved(reader: Reader, taken: Taken, left: Left, progress: Callable[[int], None]) -> Iterator[list[Moved]]:
    """Everything that was applied and that these closings took, in the order of places."""
    for batch in batches(_belonging(reader, taken, left, progress), AT_ONCE):
        yield _looked_up(reader, batch, taken)


def _belonging(
    reader: Reader, taken: Taken, left: Left, progress: Callable[[int], None]
) -> Iterator[tuple[KeptOperation, Booked]]:
    for number, kept in enumerate(reader.all_operations(), start=1):
        if kept.reason is None and taken.knows(kept.place):
            day = _day(_when(kept.text), taken)
            if day not in taken.closed:
                left.see(day)
            elif (booked := taken.booked(kept.place, day)) is not None:
                yield kept, booked
        if number % TOLD_EVERY == 0:
            progress(TOLD_EVERY)


def _day(when: _When, taken: Taken) -> str:
    """By the clock of the store, else of the programme."""
    zone = when.store.timezone if when.store else None
    zone = zone or taken.rules.get(when.programme, UNKNOWN).zone
    return datetime.fromisoformat(when.at).astimezone(zone_of(zone)).date().isoformat()


def _looked_up(reader: Reader, batch: list[tuple[KeptOperation, Booked]], taken: Taken) -> list[Moved]:
    entries: dict[Place, list[EntryRow]] = defaultdict(list)
    for entry in reader.entries_of([kept.place for kept, _ in batch]):
        entries[entry.place].append(entry)
    rubles: dict[Place, list[CertificateEntryRow]] = defaultdict(list)
    for one in reader.certificate_entries_of([kept.place for kept, _ in batch]):
        rubles[one.place].append(one)
    read = [(read_operation(kept.text), kept.place, booked) for kept, booked in batch]
    sales = _sales(reader, [operation for operation, _, _ in read])
    died = {entry.lot for some in entries.values() for entry in some if entry.account == "expired" and entry.lot}
    issuers = issuers_of(reader, died)
    returns = _returns(reader, [place for place in sales if place is not None], taken)
    return [
        Moved(
            operation,
            entries[place],
            booked,
            sales.get(of := of_place(operation.body)),
            issuers,
            [one.body for one in returns.get(of, ()) if taken.is_before(one.place, one.day, booked, place)],
            rubles.get(place, ()),
        )
        for operation, place, booked in read
    ]


class _Back(NamedTuple):
    """A return, where it stands, and its day."""

    place: Place
    day: str
    body: Return


def _returns(reader: Reader, sales: list[Place], taken: Taken) -> dict[Place | None, list[_Back]]:
    """All that came back of these, in the order of places."""
    rows = reader.returns_of(sales) if sales else []
    kept = reader.operations([row.place for row in rows]) if rows else {}
    found: dict[Place | None, list[_Back]] = {}
    for row in rows:
        one = kept[row.place]
        if isinstance(body := read_operation(one.text).body, Return):
            found.setdefault(row.of, []).append(_Back(one.place, _day(_when(one.text), taken), body))
    return found


def _sales(reader: Reader, operations: list[Operation]) -> dict[Place | None, Operation]:
    wanted = {place for operation in operations if (place := of_place(operation.body)) is not None}
    found: dict[Place | None, Operation] = {}
    for place, kept in reader.operations(wanted).items() if wanted else ():
        if isinstance((sold := read_operation(kept.text)).body, Sale):
            found[place] = sold
    return found


def of_place(body: object) -> Place | None:
    """Where the sale stands that goods come back from."""
    return Place(body.of.chain, body.of.generation, body.of.sequence) if isinstance(body, Return) else None


def store_of(operation: Operation) -> str:
    """Where it happened; empty: in none."""
    return operation.store.id if operation.store else ""


def issuers_of(reader: Reader, lots: set[str]) -> dict[str, str]:
    """By lot, the store where its points were given: of those that a return brought to life, where its sale was."""
    places = {lot: Place(*made) for lot in lots if (made := maker_of_lot(lot)) is not None}
    kept = reader.operations(set(places.values())) if places else {}
    makers = {place: read_operation(one.text) for place, one in kept.items()}
    sales = _sales(reader, list(makers.values()))
    found: dict[str, str] = {}
    for lot, place in places.items():
        if (maker := makers.get(place)) is not None:
            found[lot] = store_of(sales.get(of_place(maker.body)) or maker)
    return found
