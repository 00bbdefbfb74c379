"""Rows of a file are taken in transactions of some hundred, so that tills are served meanwhile.

The file is checked whole first. Which of its rows were taken is written with them, under the hash of the file and of
how it was to be read: whatever ends an import, the same again goes on where it was, and takes nothing twice. A row that
was not taken, for what has come into the ledger or for whatever else, is told, and looked at again when the same is
said again.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final, Generic, NamedTuple

import msgspec

from hub.bearing import Said, all_applied
from hub.files.checked import BEGINNING, CheckedRows, Fate, Run
from hub.files.reasons import Fault
from hub.files.rows import RowT
from hub.hub import Hub
from hub.spans import Span, grown, next_span
from hub.store.seam import Reader, Writer
from loyalty.operation import HUB_CHAIN

ROWS_AT_ONCE: Final = 200  # of one transaction: a till's push waits for its 10 ms; half as many cost a tenth more each
TIDIED_AFTER: Final = 25  # transactions: some 80 MB of a file's log


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many rows of a file are taken, in so many transactions (`steps`: which rows, stands beside); what was made of
    them lies in `spans`."""

    rows: int = 0
    steps: int = 0
    spans: tuple[Span, ...] = ()


class Decided(NamedTuple):
    """What becomes of some rows, each with its number, and what is to be written then."""

    fates: Sequence[tuple[int, Fate | Fault]]
    said: Said


class Taking(ABC, Generic[RowT]):
    """One file's import. `rows` are what it holds, `digest` is the hash of it and of how it is read. `skip`: rows that
    cannot be taken are left out; else BadMembers is raised for the whole file, if nothing of it was taken yet. What
    comes into the ledger meanwhile is left out in any case."""

    kept_as: ClassVar[str]  # settings: how far each file has come, and its rows by transactions
    chain: str = HUB_CHAIN
    by: str | None = None

    def __init__(self, hub: Hub, rows: CheckedRows[RowT], digest: str, *, skip: bool = False) -> None:
        self._hub = hub
        self.rows = rows
        self._setting = self.kept_as + digest
        with hub.store.reading() as reader:
            self.progress = self.before = self._kept(reader)
            self._mark(0, self._runs(reader, 0, self.progress.steps))
            self.fates_before = rows.fates()
            self._look_up(reader)
        if not (self.progress.rows or skip):
            rows.all_there()
        self.total = len(rows)

    @abstractmethod
    def _look_up(self, reader: Reader) -> None:
        """Rows that the ledger cannot take are left out."""

    @abstractmethod
    def _decide(self, writer: Writer, programme: str, batch: Sequence[tuple[int, RowT]]) -> Decided:
        """What becomes of rows, with their numbers, in this transaction. May be asked again."""

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
        made: list[list[Run]] = []
        left: list[tuple[int, Fault]] = []

        def decide(writer: Writer) -> Said:
            nonlocal after, made, left
            after = self._kept(writer)
            if after.steps != begun.steps:  # another process imports the same file
                made, left = self._runs(writer, begun.steps, after.steps), []
                return Said(())
            fates, said = self._decide(writer, programme, batch)
            left = [(number, fate) for number, fate in fates if isinstance(fate, Fault)]
            runs = runs_of(fates)
            if not runs:
                return Said(())
            made = [runs]
            count = len(said.bodies)
            spans = grown(begun.spans, next_span(writer, self.chain, count)) if count else begun.spans
            after = _after(begun, runs, spans)
            kept = {self._setting: after, self._step_setting(begun.steps): runs}
            return said._replace(settings={key: msgspec.json.encode(one).decode() for key, one in kept.items()})

        all_applied(self._hub.bear_after(programme, decide, chain=self.chain, by=self.by, ahead=True))
        self.progress = after
        self._mark(begun.steps, made)
        self.rows.leave_out(left)

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


def runs_of(fates: Sequence[tuple[int, Fate | Fault]]) -> list[Run]:
    runs: list[Run] = []
    for number, fate in fates:
        if isinstance(fate, Fault):
            continue
        if runs and (runs[-1].fate, runs[-1].last + 1) == (fate, number):
            runs[-1] = Run(fate, runs[-1].first, number)
        else:
            runs.append(Run(fate, number, number))
    return runs


def _after(begun: Progress, runs: Sequence[Run], spans: tuple[Span, ...]) -> Progress:
    taken = sum(run.last - run.first + 1 for run in runs)
    return Progress(rows=begun.rows + taken, steps=begun.steps + 1, spans=spans)
