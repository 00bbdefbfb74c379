"""A till sells while everything that SQLite writes, and every sync, is written down: what a disk would be told.

Run as a process of its own: the recording stands beneath the checksums, and so it must be there before SQLite is first
used. `python -m tests.faults.power_life FOLDER EVENTS FULL|NORMAL SALES`
"""

from __future__ import annotations

import os
import pickle
import sys
from functools import partial
from pathlib import Path
from typing import Any

import apsw

from tests.faults.written import Acked, Cut, Event, Removed, Synced, Wrote

EVENTS: list[Event] = []
TAKEN_IN_EVERY = 7  # sales, after which the log is taken into the main file: power fails in the middle of that too


class RecordedFile(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = os.path.basename(path or "")
        super().__init__("unix", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802 - SQLite's own name
        EVENTS.append(Wrote(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        EVENTS.append(Cut(self._name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        EVENTS.append(Synced(self._name))


class Recorded(apsw.VFS):
    def __init__(self) -> None:
        super().__init__("recorded", "unix", makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """One without a name is gone with the process, whatever was in it."""
        return apsw.VFSFile("unix", name, flags) if name is None else RecordedFile(name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        EVENTS.append(Removed(os.path.basename(filename)))


def live(folder: Path, synchronous: str, sales: int) -> None:
    """Sales, each with its paper; between them what is written without a sync: how the paper came out, and now and then
    the hub's answers, after which the log is taken in."""
    from datetime import UTC, datetime

    from loyalty.bodies import Accrued, Sale, SaleNumber
    from offline_cache.cache import Cache, Rules
    from offline_cache.print_jobs import PaperEvent
    from offline_cache.records import Answer, Paper

    cache = Cache(folder / "till.db", "t1", generation=1)
    rules = Rules(programme="alenka", programme_hash="a" * 64)
    for number in range(1, sales + 1):
        sale = SaleNumber(day="2026-03-02", number=str(number))
        body = Sale(
            sale=sale,
            member=None,
            card=None,
            link="offline",
            lines=(),
            total_kopecks=1,
            paid_kopecks=1,
            accrued=Accrued(points=1),
        )
        paper = Paper(kind="receipt", label=str(number), document=bytes(500))
        cache.file._set_synced(cache.file.connection, synchronous == "FULL")
        cache.file._syncs = True  # as it believes
        papers = partial(_papers, paper)
        (made,) = cache.record([body], sale=sale, rules=rules, papers=papers, at=datetime.now(UTC))
        EVENTS.append(Acked(cache.operation_hash(made.key) or ""))
        job = cache.print_jobs.oldest_open()
        assert job is not None
        cache.print_jobs.happened(cache.print_jobs.begin(job), PaperEvent.PROVED, proof="process_id")
        if number % TAKEN_IN_EVERY == 0:
            cache.answered([Answer(key=made.key, hash=cache.operation_hash(made.key) or "", result="applied")])
            cache.file.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _papers(paper: Any, made: object) -> list[Any]:
    return [paper]


def main(folder: str, events: str, synchronous: str, sales: str) -> None:
    recorded = Recorded()
    live(Path(folder), synchronous, int(sales))
    Path(events).write_bytes(pickle.dumps(EVENTS))
    os._exit(0 if recorded else 1)  # the power goes: nothing is closed


if __name__ == "__main__":
    main(*sys.argv[1:])
