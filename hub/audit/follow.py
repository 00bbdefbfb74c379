"""Operations in the order of their keys, beside their entries and the ends of their chains, which stand in the same
order: each is held against the others at once, and nothing of it stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from hashlib import sha256
from itertools import islice
from typing import Final, NamedTuple

from hub.ahead import Ahead
from hub.audit import certificates
from hub.audit.expected import speakers
from hub.audit.fingerprints import PERHAPS, Says, shown
from hub.audit.follow_words import named as named
from hub.audit.ledger import Due, Posted, Told, Whose
from hub.books.named import found_by, named_by
from hub.cases.due import SINCE, Cases
from hub.store.records import ChainEnd, ChainKey, EntryRow, KeptOperation, LotKey, Place
from hub.store.seam import Reader
from loyalty.bodies import CardBlocked, CardUnblocked, Return, Sale
from loyalty.effects import lot_id
from loyalty.operation import (
    FIRST_HASH,
    BadOperation,
    Operation,
    read_canonical,
    read_operation,
)

FAULTS_SHOWN: Final = 300  # nobody reads more, and a table that is all wrong has millions
OPERATIONS_AT_ONCE: Final = 500  # some 5 MB of them; cards and lots that they need are read in one go
REASON: Final = re.compile(r"[a-z0-9_]{1,40}")
UNREADABLE: Final = "unreadable"  # hub/books/told.py
POSTED: Final = frozenset({"holding", "expired", "debt", "lot", "named"})  # tables that entries say something of
CONTRA: Final = frozenset({"issued", "redeemed", "expired", "adjusted"})


class Faults:
    """The first of them in words, the others only counted."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.beyond = 0

    def add(self, fault: str) -> None:
        """One line, whatever a name in it holds."""
        if len(self.shown) < FAULTS_SHOWN:
            self.shown.append(fault if fault.isprintable() else fault.encode("unicode_escape").decode())
        else:
            self.beyond += 1

    def extend(self, faults: Iterable[str]) -> None:
        for fault in faults:
            self.add(fault)

    @property
    def enough(self) -> bool:
        return len(self.shown) == FAULTS_SHOWN

    def told(self) -> tuple[str, ...]:
        return (*self.shown, f"and {self.beyond} more") if self.beyond else tuple(self.shown)


class Entries:
    """The entries, an operation's at a time. Whatever they move is told of as what lots and debts must be."""

    def __init__(self, rows: Iterator[EntryRow], says: Says, faults: Faults) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self._says = says
        self._faults = faults

    def of(self, place: Place) -> Posted:
        posted, entry = Posted(), self._next
        while entry is not None and entry[:3] <= place:
            if entry[:3] == place:
                self._post(entry, posted)
            else:
                self._stray(entry)
            entry = next(self._rows, None)
        self._next = entry
        return posted

    def rest(self) -> None:
        while self._next is not None:
            self._stray(self._next)
            self._next = next(self._rows, None)

    def _stray(self, entry: EntryRow) -> None:
        """Its operation is not there."""
        self._faults.add(f"posting {shown(entry)}: no operation says so")
        self._post(entry, Posted())

    def _post(self, entry: EntryRow, posted: Posted) -> None:
        _, _, _, _, member, account, lot, points = entry
        posted.total += points
        (posted.died if account == "expired" and lot is not None else posted.members).add(member)
        if account == "member":
            posted.moved = True
            posted.lots.add(lot)
            self._says.said("holding", (member, lot), points)
        elif account == "debt":
            posted.moved = True
            self._says.said("debt", (member,), -points)
        else:
            posted.contra[account] = posted.contra.get(account, 0) + points
            if account == "expired" and lot is not None:
                self._says.said("expired", (member, lot), points)


class _Chain:
    """Where the chain is that is being followed."""

    def __init__(self, key: ChainKey) -> None:
        self.key = key
        self.sequence = 0
        self.hash = FIRST_HASH


class Chains:
    """Does each operation follow the one before, and does each chain end where the ledger says?"""

    def __init__(self, rows: Iterator[ChainEnd], faults: Faults) -> None:
        self._rows = Ahead(rows)
        self._faults = faults
        self._chain: _Chain | None = None

    def follow(self, kept: KeptOperation) -> Operation | None:
        """The operation, if it can be read. What was refused may be no operation at all: then only its place and its
        hash are looked at."""
        chain = self._at(kept[:2])
        before, hash_before = chain.sequence, chain.hash
        chain.sequence, chain.hash = kept.sequence, kept.hash
        raw = kept.text.encode()
        operation = _read(kept, raw, self._faults)
        if kept.sequence != before + 1 or (operation is not None and operation.previous_hash != hash_before):
            self._faults.add(f"{named(*kept.place)}: does not follow operation {before}")
        if sha256(raw).hexdigest() != kept.hash:
            self._faults.add(f"{named(*kept.place)}: its text does not match its hash")
        return operation

    def rest(self) -> None:
        self._end()
        while self._rows.next is not None:
            self._faults.add(f"chain {shown(self._rows.take())}: no operation says so")

    def _at(self, key: tuple[str, int]) -> _Chain:
        if self._chain is None or self._chain.key != key:
            self._end()
            self._chain = _Chain(ChainKey(*key))
        return self._chain

    def _end(self) -> None:
        if self._chain is None:
            return
        end = ChainEnd(*self._chain.key, self._chain.sequence, self._chain.hash)
        while (row := self._rows.next) is not None and row.key <= end.key:
            self._rows.take()
            if row.key == end.key:
                if row != end:
                    self._faults.add(f"chain {shown(row)}: its operations end with {end.sequence} {end.last_hash}")
                return
            self._faults.add(f"chain {shown(row)}: no operation says so")
        self._faults.add(f"chain {shown(end)}: an operation says so, the ledger does not")


def _read(kept: KeptOperation, raw: bytes, faults: Faults) -> Operation | None:
    """The operation in the text, held against its place and against how its version writes."""
    if kept.reason is not None and not REASON.fullmatch(kept.reason):
        faults.add(f"{named(*kept.place)}: its answer is none: {kept.reason[:40]!r}")
    try:
        operation, canonical = read_canonical(raw)
    except BadOperation as error:
        if kept.reason is None:
            faults.add(f"{named(*kept.place)}: cannot be read: {error}")
        return None
    if kept.reason == UNREADABLE:
        return None  # it may be that today's programs read it; where it stands was not taken from it
    if (operation.chain, operation.generation, operation.sequence) != kept[:3]:
        faults.add(f"{named(*kept.place)}: says that it is {named(operation.chain, *operation.key)}")
    if kept.reason is None and not canonical:
        faults.add(f"{named(*kept.place)}: its text is not how version {operation.v} writes it")
    return operation


def follow(reader: Reader, says: Says, faults: Faults, progress: Callable[[int], None]) -> Iterator[list[Told]]:
    """All applied operations, some at a time, with what was posted for them; tells of damaged and missing ones."""
    chains, entries = Chains(reader.all_chains(), faults), Entries(reader.all_entries(), says, faults)
    cases = Cases(reader.all_cases(), reader.setting(SINCE))
    rubles = certificates.CertificateEntries(reader.all_certificate_entries(), says)
    operations = reader.all_operations()
    while batch := list(islice(operations, OPERATIONS_AT_ONCE)):
        some = []
        for kept in batch:
            operation, posted = chains.follow(kept), entries.of(kept.place)
            posted.certificates = rubles.of(kept.place)
            faults.extend(cases.faults_of(kept, operation))
            tell_named(kept, operation, posted, says)
            if kept.reason is not None and (posted.members or posted.died or posted.certificates):
                faults.add(f"posting {shown(kept.place)}: the operation was refused ({kept.reason})")
            elif kept.reason is None and operation is not None:
                some.append(Told(operation, posted))
            if posted.total:
                faults.add(f"{named(*kept.place)}: its entries sum to {posted.total:+d}")
        yield some
        progress(len(batch))
    chains.rest()
    entries.rest()
    faults.extend(rubles.rest())
    faults.extend(cases.rest())


def tell_named(kept: KeptOperation, operation: Operation | None, posted: Posted, says: Says) -> None:
    """By whom an operation is found again that made no lot. Of a lot that a debt took whole there is no entry."""
    if operation is None:
        return
    for row in found_by(operation, kept.place):
        says.said("named", tuple(row))
    if kept.reason is None and lot_id(*kept.place) in posted.lots:
        return
    gave = kept.reason is None and any(points < 0 for points in posted.contra.values())
    for row in named_by(operation, kept.place):
        says.said("named", tuple(row), how=PERHAPS if gave else "")


def readable_again(kept: KeptOperation) -> Operation | None:
    """The operation, if it can be read."""
    try:
        return None if kept.reason == UNREADABLE else read_operation(kept.text)
    except BadOperation:
        return None


def applied(kept: KeptOperation) -> Operation | None:
    """The operation, if it was applied; one that cannot be read was told of when it was followed."""
    return readable_again(kept) if kept.reason is None else None


def read_again(reader: Reader, says: Says, tables: Collection[str]) -> Iterator[list[Told]]:
    """Once more, only what concerns these tables: a text that holds no name of such a kind is not even read."""
    kinds = speakers(tables)
    entries = Entries(iter(()) if POSTED.isdisjoint(tables) else reader.all_entries(), says, Faults())
    certified = not certificates.POSTED.isdisjoint(tables)
    rubles = certificates.CertificateEntries(reader.all_certificate_entries() if certified else iter(()), says)
    by_names = "named" in tables
    operations = reader.all_operations() if kinds or by_names else iter(())
    names = [f'"{kind}"' for kind in kinds]
    while batch := list(islice(operations, OPERATIONS_AT_ONCE)):
        some = []
        for kept in batch:
            posted = entries.of(kept.place)
            posted.certificates = rubles.of(kept.place)
            speaks = kept.reason is None and any(name in kept.text for name in names)
            operation = readable_again(kept) if speaks or by_names else None
            if by_names:
                tell_named(kept, operation, posted, says)
            if speaks and operation is not None:
                some.append(Told(operation, posted))
        yield some
    entries.rest()
    list(rubles.rest())


class Needs(NamedTuple):
    """What must be looked up to understand some operations."""

    cards: set[str]
    lots: set[LotKey]
    members: set[str]  # are they there at all: what was done with a card under another's name is the card's owner's


def needs_of(batch: Collection[Told], whose: Whose) -> Needs:
    cards: set[str] = set()
    lots: set[LotKey] = set()
    members: set[str] = set()
    for told in batch:
        body = told.operation.body
        if isinstance(body, CardBlocked | CardUnblocked):
            cards.add(body.card)
        elif isinstance(body, Sale | Return) and body.card is not None and not _is_posted_to(told, body, whose):
            cards.add(body.card)
            members |= {body.member} if body.member is not None else set()
        if isinstance(body, Return) and body.restored.points and told.member is not None:
            lots.update(LotKey(owner, lot_id(*told.place)) for owner in whose.owners(told.member))
    return Needs(cards, lots, members)


def _is_posted_to(told: Told, body: Sale | Return, whose: Whose) -> bool:
    """To the member whom the operation names."""
    return body.member is not None and told.posted.member in tuple(whose.owners(body.member))


def judge(told: Told, due: Due, whose: Whose) -> Iterator[str]:
    """Do the entries say what the operation says?"""
    posted, place = told.posted, told.place
    for account in posted.contra.keys() | due.contra.keys():
        booked, said = posted.contra.get(account, 0), due.contra.get(account, 0)
        if account not in CONTRA:
            yield f"contra account {shown(place)} {account}: no operation says so"
        elif booked != said and not (account == "expired" and due.expired):
            yield f"posting {shown(place)} {account}: {booked:+d} points, the operation says {said:+d}"
    if due.several:
        return
    if posted.moved and not (due.moves or any(due.contra.values())):
        yield f"account {shown(place)} {shown(tuple(sorted(posted.members)))}: no operation says so"
    for member in posted.members | posted.died:
        if len(posted.members) > 1 or not _is_his(member, due, whose):
            yield f"account {shown(place)} {member}: the operation says {due.member or 'nobody'}"


def _is_his(member: str, due: Due, whose: Whose) -> bool:
    """A posting stands with whoever the member was when it was made."""
    if due.member is None:
        return False
    return member in whose.owners(due.member) if due.exactly else whose.last(member) == whose.last(due.member)
