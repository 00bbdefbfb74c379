"""Are the books right? Follows every till's chain of operations, holds what they say against what was posted and
against every table, and every balance against its entries.

The ledger is read as it was at one moment, and holds nobody up. Memory does not grow with it (fingerprints.py).
What operations do not determine is not looked at: from which lots a redemption was taken, the phones and birthdays, of
holds and of who is seen in a shop more than that the member is there, and of cases those of debt, of a coupon honoured
twice, of certificates and of clocks (hub/cases/due.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from hub.audit import certificates
from hub.audit.closings import closing_faults
from hub.audit.expected import CHECKS as CHECKS
from hub.audit.fingerprints import Exact, Fingerprints, Marks
from hub.audit.follow import Faults, applied, follow, judge, named, needs_of, read_again
from hub.audit.kept import (
    Unreadable,
    goods_faults,
    promise_faults,
    published_faults,
    readable,
    tell_members,
    tell_tables,
)
from hub.audit.ledger import Ledger, Posted, Told
from hub.audit.merges import merge_faults
from hub.store.records import LotKey, Place
from hub.store.seam import Reader, Store
from loyalty.effects import maker_of_lot
from loyalty.kinds import KindReserved, row_for

LOTS_AT_ONCE: Final = 500  # lots that were given another end, looked up in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    operations: int
    entries: int
    members: int
    coupon_conflicts: int
    faults: tuple[str, ...]


def verify(
    store: Store, zone_of: Callable[[str], ZoneInfo], *, progress: Callable[[int], None] = lambda operations: None
) -> Verdict:
    """Everything that must hold of the ledger; `faults` is empty when it does. `progress` is told of operations as they
    are read."""
    faults = Faults()
    with store.reading() as reader:
        faults.extend(f"the file: {what}" for what in reader.damage())
        try:
            _compare(reader, zone_of, progress, faults)
        except Unreadable as error:
            faults.add(str(error))
        counts = reader.counts()
    return Verdict(
        operations=counts.operations,
        entries=counts.entries,
        members=counts.members,
        coupon_conflicts=counts.conflicts,
        faults=faults.told(),
    )


def _compare(
    reader: Reader, zone_of: Callable[[str], ZoneInfo], progress: Callable[[int], None], faults: Faults
) -> None:
    """All operations and entries, then all tables; then once more what differs."""
    marks = Marks()
    prints = Fingerprints(marks)
    ledger = Ledger(prints, tell_members(reader, prints, faults), zone_of)
    for batch in follow(reader, prints, faults, progress):
        _hear(reader, ledger, batch, faults)
    _hear_at_last(reader, ledger, faults)
    tell_tables(reader, ledger.whose, prints, faults)
    faults.extend(promise_faults(reader))
    faults.extend(published_faults(reader))
    faults.extend(closing_faults(reader))
    faults.extend(goods_faults(reader))
    _look_closer(reader, ledger, marks, faults)


def _look_closer(reader: Reader, first: Ledger, marks: Marks, faults: Faults) -> None:
    """Where the two sides do not tell the same: which rows are they? As many at a time as there is memory for."""
    prints = first.says
    assert isinstance(prints, Fingerprints), "the first reading"
    differing = prints.differing()
    while differing and not faults.enough:
        chosen = prints.at_once(differing)
        differing = differing[len(chosen) :]
        exact, heard = Exact(marks, chosen), Faults()  # what is wrong besides was told of in the first reading
        if not {"member", "registered", "debt"}.isdisjoint(exact.tables):
            tell_members(reader, exact, heard)
        ledger = Ledger(exact, first.whose, first.zone_of)
        for batch in read_again(reader, exact, exact.tables):
            _hear(reader, ledger, batch, heard)
        _hear_at_last(reader, ledger, heard)
        tell_tables(reader, first.whose, exact, heard, exact.tables)
        faults.extend(exact.faults())
    if differing:
        faults.add(f"{len(differing)} more parts of tables differ and were not looked at")


def _hear(reader: Reader, ledger: Ledger, batch: list[Told], faults: Faults) -> None:
    """What some operations say."""
    cards, lots, members = needs_of(batch, ledger.whose)
    with readable("cards, lots or members"):
        ledger.nobodies = members - reader.members(members).keys() if members else set()
        ledger.cards = reader.cards(cards) if cards else {}
        ledger.lots = reader.lots(lots) if lots else {}
        numbers = certificates.numbers_of(batch)
        ledger.certificates = reader.certificates(numbers) if numbers else {}
    for told in batch:
        body = told.operation.body
        try:
            due = row_for("verify", CHECKS, body)(ledger, told, body)
        except KindReserved as error:
            faults.add(f"{named(*told.place)}: was applied, and {error}")
        else:
            faults.extend(judge(told, due, ledger.whose))
            if told.posted.certificates or certificates.concern(body):
                faults.extend(certificates.faults_of(reader, told, ledger.certificates))


def _hear_at_last(reader: Reader, ledger: Ledger, faults: Faults) -> None:
    """What is known only when all operations are: other ends of lots, merges, and who of two was registered."""
    lots = iter(ledger.ends)
    while some := list(islice(lots, LOTS_AT_ONCE)):
        _other_ends(reader, ledger, some)
    faults.extend(merge_faults(ledger))
    _registered_family(reader, ledger, faults)


def _other_ends(reader: Reader, ledger: Ledger, lots: list[str]) -> None:
    """Lots that live to another moment than the operation says that made them: of what was said at several places, what
    the ledger holds, else any."""
    places = {place: lot for lot in lots if (place := _maker(lot)) is not None}
    posted: dict[Place, Posted] = defaultdict(Posted)
    for entry in reader.entries_of(places.keys()):
        posted[entry.place].members.add(entry.member)
    made = reader.operations(places.keys()).values()
    makers = [Told(one, posted[kept.place]) for kept in made if (one := applied(kept)) is not None]
    owners = {told.place: ledger.whose.last(told.member or "") for told in makers}
    with readable("lots"):
        ledger.lots = reader.lots(needs_of(makers, ledger.whose).lots)
        rows = reader.lots({LotKey(owners[told.place], places[told.place]) for told in makers})
    for told in makers:
        lot = places[told.place]
        said = list(ledger.ends[lot].values())
        row = rows.get(LotKey(owners[told.place], lot))
        ledger.lot(told, -1)
        ledger.lot(told, end=row.expires_at if row is not None and row.expires_at in said else said[-1])


def _maker(lot: str) -> Place | None:
    """The operation that made a lot, by the lot's id; None for what is none."""
    place = maker_of_lot(lot)
    return Place(*place) if place is not None else None


def _registered_family(reader: Reader, ledger: Ledger, faults: Faults) -> None:
    """Of those who went into another, or got another: whoever is registered was told of himself or by one who went into
    him, and whoever was told of is registered, or the one whom he went into."""
    family = iter(ledger.whose.family)
    rows: set[str] = set()
    while some := list(islice(family, LOTS_AT_ONCE)):
        rows |= {row.member for row in reader.members(some).values() if row.registered}
    for member in rows:
        ledger.says.said("registered", (member,))  # the table's word is no mark against anybody: see here
    may = {owner for member in ledger.registered for owner in ledger.whose.owners(member)}
    for member in sorted(rows - may - ledger.joined_registered):
        faults.add(f"registered {member}: no operation says so")
    told = [*((one,) for one in ledger.joined_registered), *map(ledger.whose.owners, ledger.registered)]
    for members in sorted(map(tuple, told)):
        if rows.isdisjoint(members):
            faults.add(f"registered {members[0]}: an operation says so, the ledger does not")
