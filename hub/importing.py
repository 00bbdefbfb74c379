"""Members of a file join in transactions of some hundred rows, so that tills are served meanwhile.

The file is checked whole first. Which of its rows were taken is written with them, under the hash of the file and of
how it was to be read: whatever ends an import, the same again goes on where it was, and takes nobody twice. A row that
was not taken, for a card or a phone that has come into the ledger or for whatever else, is told, and looked at again
when the same is said again. hub/reconciling.py holds what came of it against the file.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from hub.files.checked import BEGINNING, CheckedRows, Fate, Position, Run, rows_of
from hub.files.handed import Wish
from hub.files.reasons import Fault
from hub.hub import Hub, Said, all_applied
from hub.judging import Judged, Known, Verdict, but_for_phone, holders_of_phone, judged, there
from hub.members import BY_PROGRAMME, NEVER, NewMember
from hub.spans import Span, grown, next_span
from hub.store.records import ProfileRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import Body, Grant, MemberJoined, MemberRegistered
from loyalty.operation import HUB_CHAIN, utc_text
from loyalty.points_life import bought_points_times, end_of
from loyalty.programme import Programme

ROWS_AT_ONCE: Final = 200  # of one transaction: a till's push waits for its 10 ms; half as many cost a tenth more each
TIDIED_AFTER: Final = 25  # transactions: some 80 MB of a file's log
LOOKED_UP_AT_ONCE: Final = 1_000  # rows, while the file is checked
FOUND_AGAIN: Final = "members_taken/"  # settings: how far each file has come, and its rows by transactions


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many rows of a file are taken, in so many transactions (`steps`: which rows, stands beside); what was made of
    them lies in `spans`."""

    rows: int = 0
    steps: int = 0
    spans: tuple[Span, ...] = ()


class Import:
    """One file's import. `rows` are what it holds, `digest` is the hash of it and of how it is read. `update`: members
    who are there get what the file says of them, but never points. `skip`: rows that cannot be taken are left out; else
    BadMembers is raised for the whole file, if nothing of it was taken yet. What comes into the ledger meanwhile is
    left out in any case."""

    def __init__(self, hub: Hub, rows: CheckedRows, digest: str, *, update: bool = False, skip: bool = False) -> None:
        self._hub = hub
        self.rows = rows
        self.update = update
        self._setting = FOUND_AGAIN + digest
        with hub.store.reading() as reader:
            self.progress = self.before = self._kept(reader)
            self._mark(0, self._runs(reader, 0, self.progress.steps))
            self.joined_before = rows.fates()[Fate.JOINED].rows
            _look_up(reader, rows, update)
        if not (self.progress.rows or skip):
            rows.all_there()
        self.total = len(rows)

    @property
    def done(self) -> bool:
        return not self.rows.after(BEGINNING, 1)

    def steps(self) -> Iterator[int]:
        """Take the rows that are still to be taken; yields how many are done after each transaction."""
        for number in itertools.count(1):
            if self.done:
                return
            self._step()
            yield self.progress.rows
            if number % TIDIED_AFTER == 0:
                self._hub.store.tidy()

    def _step(self) -> None:
        begun = after = self.progress
        rest = self.rows.after(BEGINNING, ROWS_AT_ONCE)
        programme = rest[0][0].programme
        batch = [(at.number, row) for at, row in rest if at.programme == programme]
        givers = self.rows.handed.givers([number for number, _ in batch])
        made: list[list[Run]] = []
        left: list[tuple[int, Fault]] = []

        def decide(writer: Writer) -> Said:
            nonlocal after, made, left
            after = self._kept(writer)
            if after.steps != begun.steps:  # another process imports the same file
                made, left = self._runs(writer, begun.steps, after.steps), []
                return Said(())
            held = writer.locked_members if self.update else None
            ledger = there(writer, [row for _, row in batch], held)
            found = judged(batch, ledger, update=self.update, givers=givers)
            verdicts = [(number, verdict) for (number, _), verdict in zip(batch, found.verdicts, strict=True)]
            left = [(number, verdict) for number, verdict in verdicts if isinstance(verdict, Fault)]
            runs = _runs(verdicts)
            if not runs:
                return Said(())
            made = [runs]
            said = self._said(found, self._hub.programmes[programme])
            count = len(said.bodies)
            spans = grown(begun.spans, next_span(writer, HUB_CHAIN, count)) if count else begun.spans
            after = _after(begun, runs, spans)
            kept = {self._setting: after, self._step_setting(begun.steps): runs}
            return said._replace(settings={key: msgspec.json.encode(one).decode() for key, one in kept.items()})

        all_applied(self._hub.bear_after(programme, decide, ahead=True))
        self.progress = after
        self._mark(begun.steps, made)
        self.rows.leave_out(left)

    def _said(self, found: Judged, programme: Programme) -> Said:
        given = _Given(programme, self._hub.now())
        bodies: list[Body] = []
        profiles: list[ProfileRow] = []
        known: dict[str, ProfileRow] = dict(found.freed)
        registered: set[str] = set()
        for row in found.verdicts:
            if isinstance(row, NewMember):
                bodies.append(MemberJoined(member=row.member, card=row.card, registered=row.registered))
                if row.points:
                    bodies.append(given.grant(row))
                profiles.append(ProfileRow(row.member, row.phone, row.birthday, row.favourites, row.name))
            elif isinstance(row, Known) and row.registers:
                bodies.append(MemberRegistered(member=row.profile.member))
                registered.add(row.profile.member)
            if isinstance(row, Known) and (row.changed or row.registers):
                known[row.profile.member] = row.profile
        # tills are told of whoever an operation concerns
        profiles += [profile for member, profile in known.items() if member in registered]
        return Said(bodies, profiles, known=[one for member, one in known.items() if member not in registered])

    def _kept(self, reader: Reader) -> Progress:
        kept = reader.setting(self._setting)
        return Progress() if kept is None else msgspec.json.decode(kept, type=Progress)

    def _step_setting(self, step: int) -> str:
        return f"{self._setting}/{step}"

    def _runs(self, reader: Reader, first: int, end: int) -> list[list[Run]]:
        """Which rows were taken, by transactions."""
        kept = [reader.setting(self._step_setting(step)) for step in range(first, end)]
        return [msgspec.json.decode(one, type=list[Run]) for one in kept if one is not None]

    def _mark(self, first: int, made: Sequence[Sequence[Run]]) -> None:
        for step, runs in enumerate(made, start=first):
            self.rows.mark(step, runs)


def import_members(hub: Hub, rows: Sequence[NewMember]) -> Iterator[int]:
    """Take rows that come from no file; yields the number of each. Raises BadMembers, and then none was taken."""
    content = msgspec.json.encode([(row.programme, row.card, row.member) for row in rows])
    before = 0
    for done in Import(hub, rows_of(rows), hashlib.sha256(content).hexdigest()).steps():
        yield from range(before + 1, done + 1)
        before = done


def _look_up(reader: Reader, rows: CheckedRows, update: bool) -> None:
    """Rows that the ledger cannot take are not taken, nor are those whose phone somebody keeps."""
    rows.handed.begin()
    if next(reader.all_members(), None) is None:
        return
    for some in _chunks(rows.in_order()):
        batch = [row for _, row in some]
        ledger = there(reader, batch)
        faults: list[tuple[int, Fault]] = []
        wishes: list[Wish] = []
        for at, row in some:
            verdict = but_for_phone(row, ledger, update=update)
            if isinstance(verdict, Fault):
                faults.append((at.number, verdict))
            elif row.phone is not None:
                owner = verdict.profile.member if isinstance(verdict, Known) else None
                wishes.append(Wish(at.number, owner, holders_of_phone(row, verdict, ledger)))
        rows.leave_out(faults)
        rows.handed.put(wishes)
    _keep_phones(rows)


def _keep_phones(rows: CheckedRows) -> None:
    """Whoever is left out keeps his phone, so that another is left out, and so on."""
    vain = rows.handed.in_vain()
    while vain:
        rows.leave_out((number, fault) for number, _, fault in vain)
        vain = rows.handed.in_vain({owner for _, owner, _ in vain if owner is not None})


def _chunks(rows: Iterator[tuple[Position, NewMember]]) -> Iterator[list[tuple[Position, NewMember]]]:
    while some := list(itertools.islice(rows, LOOKED_UP_AT_ONCE)):
        yield some


class _Given:
    """The points that rows bring, from this moment on; the end of each day is worked out once."""

    def __init__(self, programme: Programme, now: datetime) -> None:
        self._programme = programme
        self._now = now
        self._active_from = utc_text(now)
        self._ends: dict[str, str | None] = {}

    def grant(self, row: NewMember) -> Grant:
        if row.expires not in self._ends:
            end = self._end(row.expires)
            self._ends[row.expires] = utc_text(end) if end else None
        return Grant(
            member=row.member,
            points=row.points,
            reason="import",
            active_from=self._active_from,
            expires_at=self._ends[row.expires],
        )

    def _end(self, said: str) -> datetime | None:
        if said == NEVER:
            return None
        if said == BY_PROGRAMME:
            return bought_points_times(self._programme, self._now).expires_at
        return end_of(self._programme, date.fromisoformat(said))


def _fate(verdict: Verdict) -> Fate:
    if isinstance(verdict, Known):
        return Fate.UPDATED if verdict.changed or verdict.registers else Fate.UNCHANGED
    return Fate.JOINED


def _runs(verdicts: Sequence[tuple[int, Verdict]]) -> list[Run]:
    runs: list[Run] = []
    for number, verdict in verdicts:
        if isinstance(verdict, Fault):
            continue
        fate = _fate(verdict)
        if runs and (runs[-1].fate, runs[-1].last + 1) == (fate, number):
            runs[-1] = Run(fate, runs[-1].first, number)
        else:
            runs.append(Run(fate, number, number))
    return runs


def _after(begun: Progress, runs: Sequence[Run], spans: tuple[Span, ...]) -> Progress:
    taken = sum(run.last - run.first + 1 for run in runs)
    return Progress(rows=begun.rows + taken, steps=begun.steps + 1, spans=spans)
