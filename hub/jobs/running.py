"""Whose turn it is: each job is done by one process at a time, a page after the other, however many hubs there are.

A job's row is a lease. Whoever takes it does the job and lets go; whoever dies loses it when its time is over. That
saves work and no more: two at once would do nothing twice, for what is done is seen in the ledger itself.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from hub.hub import Hub
from hub.jobs.last_run import LastRun, kept_run
from hub.jobs.table import JOBS, Job
from hub.jobs.turn import Turn
from hub.store.errors import LedgerReplaced, StoreOff
from hub.store.records import JobRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.utc import utc_text

PAGE: Final = 200  # members of one transaction: some 25 ms, for which a till's push has to wait
LEASE: Final = timedelta(seconds=60)  # a page takes a second at most; a dead holder's job waits for so long

log = logging.getLogger(__name__)


class JobHeld(Exception):
    """Another process is doing it."""


def holder_name() -> str:
    """This process, for people, and no other one."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


class Running:
    """One process's share of the jobs. It knows no clock: whoever drives it says what time it is."""

    def __init__(self, hub: Hub, *, jobs: Sequence[Job] = JOBS, page: int = PAGE, holder: str | None = None) -> None:
        self._hub = hub
        self._jobs = jobs
        self._page = page
        self.holder = holder or holder_name()
        self._failed: dict[str, datetime] = {}  # not before then
        self._held: _Held | None = None

    def step(self, now: datetime) -> datetime:
        """Do a page of what is due; says when it wants to be called next. Raises StoreOff and LedgerReplaced: call it
        again, what is not done is due still."""
        if self._held is None:
            again = self._begin(now)
            if self._held is None:
                return again
        self._go_on(self._held, now)
        return now

    def run(self, job: Job, now: datetime, clock: Callable[[], datetime] | None = None) -> Generator[int, None, None]:
        """A job to its end, due or not; says after each page how many it did. `clock`: for one that may last. Raises
        JobHeld, StoreOff."""
        row = self._rows().get(job.name)
        held = self._take(job, row, now)
        if held is None:
            raise JobHeld(row.holder if row and row.holder else "another process")
        try:
            for did in held.pages:
                held.did += did
                yield did
                if not self._still(held, clock() if clock is not None else now):
                    raise JobHeld("another process")
            self._end(held)
        except BaseException:
            self._leave(held)
            raise

    def close(self) -> None:
        """Let go of what is not done: another hub goes on with it."""
        held, self._held = self._held, None
        if held is not None:
            self._leave(held)

    def _rows(self) -> dict[str, JobRow]:
        with self._hub.store.reading() as reader:
            return reader.jobs()

    def _begin(self, now: datetime) -> datetime:
        """Take the first job that is due and free; says when the next one will be."""
        self._hub.look_at_programmes()
        rows = self._rows()
        upcoming = []
        for job in self._jobs:
            row = rows.get(job.name)
            due = max(due_at(job, row, now), min(self._failed.get(job.name, now), now + job.every))
            if due <= now:
                self._held = self._take(job, row, now)
                if self._held is not None:
                    return now
                due = now + LEASE  # another hub is at it
            upcoming.append(due)
        return min(upcoming)

    def _go_on(self, held: _Held, now: datetime) -> None:
        self._held = None  # unless it goes on
        if not self._still(held, now):
            log.info("the job %s is another's by now", held.job.name)
            return
        try:
            did = next(held.pages, None)
        except (StoreOff, LedgerReplaced):
            raise
        except Exception:  # one job must not end the others; what is wrong stands in the log
            log.exception("the job %s failed; it is tried again at its next time", held.job.name)
            self._failed[held.job.name] = now + held.job.every
            self._leave(held)
            return
        if did is None:
            self._end(held)
        else:
            held.did += did
            self._held = held

    # the lease

    def _take(self, job: Job, row: JobRow | None, now: datetime) -> _Held | None:
        if not self._hub.within(lambda writer: self._lease(writer, job, now)):
            return None
        since = row.done_until if row is not None else None
        turn = Turn(hub=self._hub, since=since, until=now, page=self._page)
        return _Held(job, now, job.run(turn))

    def _still(self, held: _Held, now: datetime) -> bool:
        """Is it ours, and for long enough? The clock may have gone back."""
        if abs(now - held.leased) < LEASE / 2:
            return True
        held.leased = now
        return self._hub.within(lambda writer: self._is_ours(writer, held.job) and self._lease(writer, held.job, now))

    def _is_ours(self, writer: Writer, job: Job) -> bool:
        """Else another one had it meanwhile, and may have done it."""
        row = writer.jobs().get(job.name)
        return row is not None and row.holder == self.holder

    def _lease(self, writer: Writer, job: Job, now: datetime) -> bool:
        return writer.take_job(job.name, self.holder, now, now + LEASE)

    def _end(self, held: _Held) -> None:
        def end(writer: Writer) -> bool:
            ended = writer.end_job(held.job.name, self.holder, held.until, held.did)
            if ended and held.did:
                writer.write(Rows(settings=kept_run(held.job.name, LastRun(held.did, utc_text(held.until)))))
            return ended

        self._hub.within(end)
        if held.did:
            log.info("the job %s is done: %s", held.job.name, held.job.counted(held.did))

    def _leave(self, held: _Held) -> None:
        """As well as it can be: otherwise the lease ends by itself."""
        try:
            self._hub.within(lambda writer: writer.leave_job(held.job.name, self.holder))
        except (StoreOff, LedgerReplaced) as error:
            log.info("the job %s stays held until its time is over: %s", held.job.name, error)


class _Held:
    """A job that this process is doing."""

    __slots__ = ("did", "job", "leased", "pages", "until")

    def __init__(self, job: Job, now: datetime, pages: Iterator[int]) -> None:
        self.job = job
        self.until = now
        self.leased = now
        self.pages = pages
        self.did = 0


def due_at(job: Job, row: JobRow | None, now: datetime) -> datetime:
    """When it is due. One that was done in the future was done by a clock that was wrong."""
    if row is None or row.done_until is None or row.done_until > now:
        return now
    return row.done_until + job.every
