"""Print jobs: what must come out on paper, and how far each got. A table of states; the document is opaque here.

    queued → sending → sent → printed
                    ↘      ↘ interrupted → sending …  (known to be torn, and nothing more of it can come out)
                     ↘ unknown → printed | queued     (the printer's late word, or a person's)

A job that was on its way when the agent died is unknown: it is never sent again before somebody says whether the
paper came out. Which other papers may come meanwhile is not decided here (pos_agent/strip.py).

The kick of a cash drawer is no paper: it is tried once, then it is over. Nobody is asked about it.

    queued → sending → sent → printed | dropped
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any

from loyalty.operation import Key, utc_text
from offline_cache.packed import BadPacked, pack, unpack
from offline_cache.records import Paper, PaperKind, PrintJob
from offline_cache.seen import Seen
from storage import engine
from storage.sqlite_file import SqliteFile


class PaperState(Enum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"  # all of it left; no word of the printer yet
    PRINTED = "printed"
    INTERRUPTED = "interrupted"
    UNKNOWN = "unknown"
    DROPPED = "dropped"  # a kick that did not come, or of which nothing is known


class PaperEvent(Enum):
    BEGUN = "begun"  # a new attempt
    SENT = "sent"
    PROVED = "proved"  # the printer said that this very attempt is on paper
    NOT_SENT = "not_sent"  # nothing left for the printer
    INTERRUPTED = "interrupted"  # the printer stopped in the middle and forgot the rest
    LOST = "lost"  # no word came
    SEEN = "seen"  # a person has the paper in hand
    NOT_SEEN = "not_seen"


S, E = PaperState, PaperEvent

TRANSITIONS: dict[PaperState, dict[PaperEvent, PaperState]] = {
    S.QUEUED: {E.BEGUN: S.SENDING},
    S.SENDING: {
        E.SENT: S.SENT,
        E.PROVED: S.PRINTED,
        E.NOT_SENT: S.QUEUED,
        E.INTERRUPTED: S.INTERRUPTED,
        E.LOST: S.UNKNOWN,
    },
    S.SENT: {E.PROVED: S.PRINTED, E.INTERRUPTED: S.INTERRUPTED, E.LOST: S.UNKNOWN},
    S.INTERRUPTED: {E.BEGUN: S.SENDING},
    S.UNKNOWN: {E.PROVED: S.PRINTED, E.SEEN: S.PRINTED, E.NOT_SEEN: S.QUEUED},
    S.PRINTED: {},
    S.DROPPED: {},
}
ONCE: dict[PaperState, dict[PaperEvent, PaperState]] = {
    S.QUEUED: {E.BEGUN: S.SENDING, E.NOT_SENT: S.DROPPED},
    S.SENDING: {
        E.SENT: S.SENT,
        E.PROVED: S.PRINTED,
        E.NOT_SENT: S.DROPPED,
        E.INTERRUPTED: S.DROPPED,
        E.LOST: S.DROPPED,
    },
    S.SENT: {E.PROVED: S.PRINTED, E.INTERRUPTED: S.DROPPED, E.LOST: S.DROPPED},
    S.INTERRUPTED: {},
    S.UNKNOWN: {},
    S.PRINTED: {},
    S.DROPPED: {},
}
OUT = (S.PRINTED, S.DROPPED)  # for ever
LOOK_AHEAD = 16  # papers that look like one in question, and stand before one that does not: there are not so many
LATELY = 64  # papers; a question that is older was answered, or is still open
DOUBTFUL = (E.INTERRUPTED, E.LOST)  # after these a later attempt says on the paper that it is not the first


class PrintJobs:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql
        self._seen = Seen(file)  # a printer at rest asks every moment for what there is to do

    def queue(self, connection: engine.Connection, paper: Paper, key: Key | None, at: datetime) -> None:
        """Within a transaction: this paper must come out."""
        self._sql.add_print_job(
            connection,
            kind=paper.kind,
            label=paper.label,
            generation=key.generation if key else None,
            sequence=key.sequence if key else None,
            document=pack(paper.document),
            queued_at=utc_text(at),
        )

    def add(self, paper: Paper, at: datetime, *, key: Key | None = None) -> None:
        """A paper that no operation brings with it: a copy, a report."""
        with self._file.transaction(synced=False) as connection:
            self.queue(connection, paper, key, at)

    def oldest_open(self) -> PrintJob | None:
        """The oldest paper that is not out."""
        with self._file.reading() as connection:
            return _job(self._sql.oldest_open_print_job(connection))

    def open_kick(self) -> PrintJob | None:
        """The cash drawer is to be opened. It waits for no paper, and for no answer about one."""
        return self._seen.of("kick", self._open_kick)

    def _open_kick(self) -> PrintJob | None:
        with self._file.reading() as connection:
            return _job(self._sql.open_kick(connection))

    def waiting(self, kind: PaperKind, label: str) -> PrintJob | None:
        """Such a paper that is not out yet, if there is one."""
        with self._file.reading() as connection:
            return _job(self._sql.waiting_print_job(connection, kind=kind, label=label))

    def receipt_of(self, key: Key) -> PrintJob | None:
        """The receipt of the sale that ended with this operation."""
        with self._file.reading() as connection:
            return _job(self._sql.receipt_of(connection, generation=key.generation, sequence=key.sequence))

    def paper_of(self, key: Key) -> PrintJob | None:
        """The paper of the sale or the return that ended with this operation."""
        with self._file.reading() as connection:
            return _job(self._sql.paper_of(connection, generation=key.generation, sequence=key.sequence))

    def last_receipt(self) -> PrintJob | None:
        with self._file.reading() as connection:
            return _job(self._sql.last_receipt(connection))

    def to_do(self) -> tuple[PrintJob, ...]:
        """The papers that come next, unless one in question stands before them. In the order of their sales."""
        return self._seen.of("to do", self._to_do)

    def _to_do(self) -> tuple[PrintJob, ...]:
        with self._file.reading() as connection:
            return _jobs(self._sql.print_jobs_to_do(connection, most=LOOK_AHEAD))

    def in_question(self) -> tuple[PrintJob, ...]:
        """The papers that a person is asked about, the oldest first."""
        return self._seen.of("in question", self._in_question)

    def _in_question(self) -> tuple[PrintJob, ...]:
        with self._file.reading() as connection:
            return _jobs(self._sql.print_jobs_in_question(connection))

    def tried(self) -> tuple[PrintJob, ...]:
        """The papers that are not out and may have left something on the strip."""
        with self._file.reading() as connection:
            return _jobs(self._sql.print_jobs_tried(connection))

    def lately_proved(self) -> bool:
        """Whether the printer itself confirmed all the last papers that anything was sent for; else some of one, or
        half a command, may still be in the printer."""
        with self._file.reading() as connection:
            unproved: int = self._sql.lately_unproved(connection, among=LATELY)
        return unproved == 0

    def begin(self, job: PrintJob) -> PrintJob:
        """A new attempt, on the disk before the first byte leaves: a paper that came out is not forgotten with the
        power. A kick leaves no paper. Raises CommitUnknown."""
        begun = self.happened(job, PaperEvent.BEGUN)
        assert begun is not None, f"print job {job.job} is {job.state}"
        if job.kind != "drawer":
            self._file.sync()
        return begun

    def happened(self, job: PrintJob, event: PaperEvent, cause: str = "", proof: str = "") -> PrintJob | None:
        """Follow the table; the job as it is then. None, and no change, when the job has gone elsewhere meanwhile,
        or its state does not know the event: a word about an earlier attempt says nothing of this one."""
        with self._file.transaction(synced=False) as connection:
            now = _job(self._sql.print_job(connection, job=job.job))
            state = _table(now)[PaperState(now.state)].get(event) if now else None
            if now is None or state is None or now.attempt != job.attempt:
                return None
            self._sql.move_print_job(
                connection,
                job=now.job,
                attempt=now.attempt,
                was=now.state,
                state=state.value,
                begun=event is PaperEvent.BEGUN,
                cause=cause,
                doubtful=event in DOUBTFUL,
                proof=proof,
            )
            if state in OUT and now.kind != "drawer":
                self._sql.count_paper(connection, state=state.value, proof=proof)
            return _job(self._sql.print_job(connection, job=now.job))

    def counts(self) -> dict[str, int]:
        """Papers by state."""
        found: Counter[str] = Counter()
        for state, _, count in self._counted():
            found[state] += count
        return dict(found)

    def proofs(self) -> dict[str, int]:
        """On whose word papers count as printed: the printer's own, its weaker one (gs_r), or a person's."""
        return {proof: count for state, proof, count in self._counted() if state == "printed"}

    def _counted(self) -> list[tuple[str, str, int]]:
        """Those that are out are counted once, when they come out: a till's whole state is told with every scan."""
        with self._file.reading() as connection:
            return [*self._sql.papers_done(connection), *self._sql.open_papers(connection)]


def _table(job: PrintJob) -> dict[PaperState, dict[PaperEvent, PaperState]]:
    return ONCE if job.kind == "drawer" else TRANSITIONS


def _jobs(rows: Iterable[tuple[Any, ...]]) -> tuple[PrintJob, ...]:
    return tuple(job for row in rows if (job := _job(row)) is not None)


def _document(kept: bytes) -> bytes:
    """One that is damaged stands as it is: whoever wants to print it cannot read it, and says so."""
    try:
        return unpack(kept)
    except BadPacked:
        return kept


def _job(row: tuple[Any, ...] | None) -> PrintJob | None:
    if row is None:
        return None
    job, kind, label, generation, sequence, document, state, attempt, cause, doubtful = row
    return PrintJob(
        job=job,
        kind=kind,
        label=label,
        key=None if sequence is None else Key(generation, sequence),
        document=_document(document),
        state=state,
        attempt=attempt,
        cause=cause,
        doubtful=bool(doubtful),
    )
