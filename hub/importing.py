"""Members of a file join in transactions of some hundred rows, so that tills are served meanwhile.

The file is checked whole first. How far an import has come is written with the rows themselves, under the hash of the
file and of how it was to be read: whatever ends it, the same again goes on where it was, and takes nobody twice. A row
whose card or member has come into the ledger meanwhile is left out and told; the others are in. hub/reconciling.py
holds what came of it against the file.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from hub.files.checked import BEGINNING, CheckedRows, Position, rows_of
from hub.files.reasons import Fault
from hub.hub import Hub, Said, all_applied
from hub.judging import Known, Verdict, judged, there
from hub.members import NewMember
from hub.store.records import ChainKey, ProfileRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import Body, Grant, MemberJoined
from loyalty.operation import HUB_CHAIN, utc_text

ROWS_AT_ONCE: Final = 200  # of one transaction: it took 25 ms, for which a till's push has to wait
TIDIED_AFTER: Final = 25  # transactions: some 80 MB of a file's log
PAUSE_S: Final = 0.005  # between two of them, so that whoever waits gets the ledger first
LOOKED_UP_AT_ONCE: Final = 1_000  # rows, while the file is checked
FOUND_AGAIN: Final = "members_file/"  # settings: how far each file has come


class Span(msgspec.Struct, frozen=True, array_like=True):
    """Operations of the hub's chain that were made one after the other."""

    first: int
    last: int


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many rows of a file are done, up to a position; what was made of them lies in `spans`. `updated`: members who
    were there and are told anew, `unchanged`: who were there as the file says."""

    rows: int = 0
    position: Position = BEGINNING
    spans: tuple[Span, ...] = ()
    updated: int = 0
    unchanged: int = 0


class Import:
    """One file's import. `rows` are what it holds, `digest` is the hash of it and of how it is read. `update`: members
    who are there get what the file says of them, but never points. `skip`: rows that cannot be taken are left out; else
    BadMembers is raised for the whole file. What comes into the ledger meanwhile is left out in any case."""

    def __init__(self, hub: Hub, rows: CheckedRows, digest: str, *, update: bool = False, skip: bool = False) -> None:
        self._hub = hub
        self.rows = rows
        self.update = update
        self._setting = FOUND_AGAIN + digest
        with hub.store.reading() as reader:
            self.progress = self._kept(reader)
            if not (self.progress.rows or skip):
                _look_up(reader, rows, update)
        if not skip:
            rows.all_there()
        self.total = len(rows)

    @property
    def done(self) -> bool:
        return not self.rows.after(self.progress.position, 1)

    def steps(self, pause: Callable[[], None] = lambda: time.sleep(PAUSE_S)) -> Iterator[int]:
        """Take the rows that are still to be taken; yields how many are done after each transaction."""
        for number in itertools.count(1):
            if self.done:
                return
            self._step()
            yield self.progress.rows
            if number % TIDIED_AFTER == 0:
                self._hub.store.tidy()
            if not self.done:
                pause()

    def _step(self) -> None:
        begun = self.progress
        rest = self.rows.after(begun.position, ROWS_AT_ONCE)
        programme = rest[0][0].programme
        batch = list(itertools.takewhile(lambda one: one[0].programme == programme, rest))
        after = begun

        def decide(writer: Writer) -> Said:
            nonlocal after
            after = self._kept(writer)
            if after.rows != begun.rows:  # another process imports the same file
                return Said(())
            rows = [row for _, row in batch]
            ledger = there(writer, rows, writer.locked_members if self.update else None)
            verdicts = judged(rows, ledger, update=self.update)
            said = self._said(verdicts)
            after = _after(begun, batch[-1][0], verdicts, _span(writer, len(said.bodies)))
            return said._replace(settings={self._setting: msgspec.json.encode(after).decode()})

        all_applied(self._hub.bear_after(programme, decide))
        self.progress = after

    def _said(self, verdicts: Sequence[Verdict]) -> Said:
        now = utc_text(self._hub.now())
        bodies: list[Body] = []
        profiles: list[ProfileRow] = []
        known: dict[str, ProfileRow] = {}
        for row in verdicts:
            if isinstance(row, NewMember):
                bodies.append(MemberJoined(member=row.member, card=row.card, registered=row.registered))
                if row.points:
                    bodies.append(Grant(member=row.member, points=row.points, reason="import", active_from=now))
                profiles.append(ProfileRow(row.member, row.phone, row.birthday, row.favourites, row.name))
            elif isinstance(row, Known) and row.changed:
                known[row.profile.member] = row.profile
        return Said(bodies, profiles, known=list(known.values()))

    def _kept(self, reader: Reader) -> Progress:
        kept = reader.setting(self._setting)
        return Progress() if kept is None else msgspec.json.decode(kept, type=Progress)


def import_members(hub: Hub, rows: Sequence[NewMember]) -> Iterator[int]:
    """Take rows that come from no file; yields the number of each. Raises BadMembers, and then none was taken."""
    content = msgspec.json.encode([(row.programme, row.card, row.member) for row in rows])
    before = 0
    for done in Import(hub, rows_of(rows), hashlib.sha256(content).hexdigest()).steps():
        yield from range(before + 1, done + 1)
        before = done


def _look_up(reader: Reader, rows: CheckedRows, update: bool) -> None:
    """Rows that the ledger cannot take are not taken."""
    if next(reader.all_members(), None) is None:
        return
    for some in _chunks(rows.in_order()):
        batch = [row for _, row in some]
        verdicts = zip(some, judged(batch, there(reader, batch), update=update), strict=True)
        rows.leave_out([(at.number, verdict) for (at, _), verdict in verdicts if isinstance(verdict, Fault)])


def _chunks(rows: Iterator[tuple[Position, NewMember]]) -> Iterator[list[tuple[Position, NewMember]]]:
    while some := list(itertools.islice(rows, LOOKED_UP_AT_ONCE)):
        yield some


def _span(writer: Writer, count: int) -> Span | None:
    """Where so many operations will stand; the chain is held."""
    if not count:
        return None
    key = ChainKey(HUB_CHAIN, 1)
    end = writer.chain_ends([key]).get(key)
    first = end.sequence + 1 if end else 1
    return Span(first, first + count - 1)


def _after(begun: Progress, last: Position, verdicts: Sequence[Verdict], span: Span | None) -> Progress:
    spans = begun.spans
    if span and spans and spans[-1].last + 1 == span.first:
        spans = (*spans[:-1], Span(spans[-1].first, span.last))
    elif span:
        spans = (*spans, span)
    known = [verdict.changed for verdict in verdicts if isinstance(verdict, Known)]
    return Progress(
        rows=begun.rows + len(verdicts),
        position=last,
        spans=spans,
        updated=begun.updated + known.count(True),
        unchanged=begun.unchanged + known.count(False),
    )
