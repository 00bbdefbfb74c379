"""Print jobs: what must come out on paper, and how far each got.

    queued → sending → printed
                    ↘ unknown → printed   (a person saw the paper)
                    ↘ queued  ↗           (a person saw none, or nothing was sent)

The document is opaque here. A job that was being sent when the agent died is unknown: it is never sent again
before somebody says whether the paper came out.
"""

from __future__ import annotations

from typing import Any

from offline_cache.records import PrintJob
from storage.sqlite_file import SqliteFile


class PrintJobs:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def oldest_open(self) -> PrintJob | None:
        """The job to look after now. Receipts come out in the order of their sales."""
        with self._file.reading() as connection:
            return _job(self._sql.oldest_open_print_job(connection))

    def of_operation(self, sequence: int) -> PrintJob | None:
        with self._file.reading() as connection:
            return _job(self._sql.print_job_of(connection, sequence=sequence))

    def begin(self, job: PrintJob) -> PrintJob:
        """A new attempt, on disk before the first byte leaves."""
        with self._file.transaction() as connection:
            if self._sql.begin_print_attempt(connection, job=job.job) != 1:
                raise AssertionError(f"print job {job.job} is not queued")
            return _must(_job(self._sql.print_job_of(connection, sequence=job.sequence)))

    def end(self, job: PrintJob, state: str, cause: str = "") -> None:
        """How the attempt ended: printed, unknown, or queued again because nothing left for the printer."""
        with self._file.transaction() as connection:
            self._sql.end_print_attempt(connection, job=job.job, attempt=job.attempt, state=state, cause=cause)

    def prove(self, job: PrintJob) -> None:
        """The printer said after all that this attempt came out."""
        with self._file.transaction() as connection:
            self._sql.prove_print_job(connection, job=job.job, attempt=job.attempt)

    def answer(self, job: PrintJob, *, came_out: bool) -> None:
        """A person's answer to «Вышел ли чек?» about an unknown job."""
        with self._file.transaction() as connection:
            self._sql.answer_print_job(connection, job=job.job, state="printed" if came_out else "queued")

    def counts(self) -> dict[str, int]:
        with self._file.reading() as connection:
            return dict(self._sql.print_job_counts(connection))


def _job(row: tuple[Any, ...] | None) -> PrintJob | None:
    if row is None:
        return None
    job, sequence, document, state, attempt, cause, doubtful = row
    return PrintJob(
        job=job,
        sequence=sequence,
        document=document,
        state=state,
        attempt=attempt,
        cause=cause,
        doubtful=bool(doubtful),
    )


def _must(job: PrintJob | None) -> PrintJob:
    assert job is not None
    return job
