"""The hub's books: ten-line sales taken by the engine, against the same rows written by the plainest means.

    python -m benchmarks.hub [--short]

Ours is the whole way of a batch: texts read, hashed and checked, chain and bounds, members and lots loaded and decided,
rows written, durable. The opponent writes the very rows that the engine wrote into a copy of the same ledger
(benchmarks/hub_raw.py): `executemany` on SQLite, COPY on PostgreSQL, a transaction for each batch, as durable. Batch by
batch in turns, and all ledgers in turns, so that all of them meet the same noise. Beside it one transaction for an
operation, four processes at once, the way from one till's disk to the books and back, and pushes while `pos-hub verify`
reads the ledger. The last line is a JSON object of the figures.

The ledgers are made once and kept outside the repository (HUB_BENCH_CACHE, else the system's temporary folder).
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from benchmarks.hub_databases import Database, Postgres, Sqlite
from benchmarks.hub_four import four_per_s
from benchmarks.hub_ledgers import Size, guests
from benchmarks.hub_raw import row_count
from benchmarks.hub_sales import NOW, PROGRAMME, Till
from benchmarks.hub_wire import end_to_end, pushes_beside_verify
from hub.face.serving import calm_collector
from hub.hub import Hub
from hub.store.rows import Rows
from hub.store.seam import Store, Writer

LARGE = (Size(10_000, 0), Size(10_000, 3_000_000), Size(1_000_000, 0), Size(1_000_000, 3_000_000))
SMALL = (Size(10_000, 0), Size(10_000, 60_000))  # for --short
BATCHES = (1_000, 100)
ROUND = 1_000  # operations of each batch size, and then it is the next ledger's turn
SINGLES = 20  # of those, one transaction each
ROUNDS, ROUNDS_SHORT = 12, 2
TARGETS = {
    "sqlite_of_raw": 0.2,
    "sqlite_per_s": 5_000,
    "postgres_of_copy": 0.3,
    "postgres_four_per_s": 7_000,
    "end_to_end_of_engine": 0.7,
}
GROWTH_MOST = 1.3
P99_BESIDE_VERIFY_MOST = 2.0
RAW = {"sqlite": "raw", "postgres": "copy"}


class Noted:
    """A store that keeps the last rows that went through it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.name, self.writers, self.tidy = store.name, store.writers, store.tidy
        self.scrub = store.scrub
        self.reading, self.settle, self.close = store.reading, store.settle, store.close
        self.rows = Rows()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        with self._store.writing() as writer:
            yield _NotedWriter(writer, self)


class _NotedWriter:
    def __init__(self, writer: Writer, noted: Noted) -> None:
        self._writer, self._noted = writer, noted

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def write(self, rows: Rows) -> None:
        self._noted.rows = rows
        self._writer.write(rows)


@dataclass(slots=True)
class Time:
    """Seconds for so many operations."""

    operations: int = 0
    ours: float = 0.0
    raw: float = 0.0

    @property
    def per_s(self) -> float:
        return self.operations / self.ours

    @property
    def of_raw(self) -> float:
        return self.raw / self.ours


@dataclass(slots=True)
class Course:
    """One ledger in one database: a copy for the engine, a copy for the opponent, and tills that sell."""

    size: Size
    noted: Noted
    hub: Hub = field(init=False)
    times: dict[int, Time] = field(default_factory=dict)
    rows: int = 0

    def run(self, database: Database, rounds: int) -> Iterator[None]:
        """A round at a time."""
        chance = random.Random(11)
        self.hub = Hub(self.noted, now=lambda: NOW, programmes={PROGRAMME.id: PROGRAMME})
        comers = guests(self.noted, self.size)
        theirs = database.copy(self.size, f"{self.size.members}_{self.size.entries}_raw")
        raw = database.raw(theirs)
        tills = {batch: Till(f"till-{batch}", chance) for batch in (*BATCHES, 1)}
        for _ in range(rounds):
            for batch, till in tills.items():
                texts = till.texts(comers, ROUND if batch > 1 else SINGLES)
                time = self.times.setdefault(batch, Time())
                calm_collector()  # as `pos-hub serve` does; guests and texts are nothing that it would look through
                for start in range(0, len(texts), batch):
                    part = texts[start : start + batch]
                    time.operations += len(part)
                    time.ours += self.taken(till.name, part)
                    tables = raw.prepared(self.noted.rows)
                    self.rows += row_count(tables)
                    began = perf_counter()
                    raw.write(tables)
                    time.raw += perf_counter() - began
            yield
        raw.close()
        database.drop(theirs)

    def taken(self, till: str, texts: Sequence[str]) -> float:
        began = perf_counter()
        taken = self.hub.take(till, texts)
        seconds = perf_counter() - began
        assert [answer.result for answer in taken.answers] == ["applied"] * len(texts), taken
        return seconds


def measure(database: Database, sizes: Sequence[Size], rounds: int) -> dict[Size, Course]:
    """All ledgers in turns."""
    copies = {size: database.copy(size, f"{size.members}_{size.entries}_ours") for size in sizes}
    courses = {size: Course(size, Noted(database.store(copy))) for size, copy in copies.items()}
    running = [course.run(database, rounds) for course in courses.values()]
    for _ in range(rounds + 1):
        for turn in running:
            next(turn, None)
    for size, course in courses.items():
        course.hub.close()
        database.drop(copies[size])
    return courses


def told(database: Database, courses: dict[Size, Course]) -> dict[str, float]:
    """As lines for people, and as figures: the worst ledger's. Growth is from the first, the smallest, on."""
    opponent = RAW[database.name]
    for size, course in courses.items():
        operations = sum(time.operations for time in course.times.values())
        one = course.times[1]
        line = ", ".join(
            f"batches of {batch}: {time.per_s:.0f}/s, {time.of_raw:.2f} of {opponent}"
            for batch, time in course.times.items()
            if batch > 1
        )
        sys.stdout.write(
            f"{database.name}, {size.name}: {line}; one a transaction {one.per_s:.0f}/s; "
            f"{course.rows / operations:.1f} rows an operation\n"
        )
    figures = {}
    for batch in BATCHES:
        end = "" if batch == BATCHES[0] else f"_{batch}"
        times = [course.times[batch] for course in courses.values()]
        figures[f"{database.name}_of_{opponent}{end}"] = min(time.of_raw for time in times)
        figures[f"{database.name}_per_s{end}"] = min(time.per_s for time in times)
        figures[f"{database.name}_growth{end}"] = times[0].per_s / min(time.per_s for time in times)
    figures[f"{database.name}_of_single"] = min(
        course.times[BATCHES[0]].per_s / course.times[1].per_s for course in courses.values()
    )
    return figures


def missed(figures: dict[str, float]) -> list[str]:
    return [
        *(name for name, least in TARGETS.items() if figures.get(name, least) < least),
        *(name for name, value in figures.items() if "_growth" in name and value > GROWTH_MOST),
        *(name for name, value in figures.items() if name == "verify_p99_ratio" and value > P99_BESIDE_VERIFY_MOST),
    ]


def beside(database: Database, sizes: Sequence[Size], *, short: bool) -> dict[str, float]:
    """What only one of the two is asked. A file is served by one process; `verify` reads the ledger with most sales."""
    count = 500 if short else 5_000
    if isinstance(database, Postgres):
        return {
            f"postgres_four_per_s{end}": four_per_s(database, sizes[-1], count, batch)
            for batch, end in zip(BATCHES, ("", f"_{BATCHES[1]}"), strict=True)
        }
    return end_to_end(database, sizes[1], count) | pushes_beside_verify(database, sizes[1], 150 if short else 1_000)


def main() -> int:
    short = "--short" in sys.argv
    sizes, rounds = (SMALL, ROUNDS_SHORT) if short else (LARGE, ROUNDS)
    figures: dict[str, float] = {}
    for database in (Sqlite(), Postgres()):
        try:
            figures |= told(database, measure(database, sizes, rounds))
            figures |= beside(database, sizes, short=short)
        finally:
            database.close()
    for name, value in figures.items():
        sys.stdout.write(f"{name}: {value:.2f}\n" if value < 100 else f"{name}: {value:.0f}\n")
    if short:
        sys.stdout.write("short: the ledgers are small, and growth says little\n")
    if names := missed(figures):
        sys.stdout.write(f"MISSED: {', '.join(names)}\n")
    sys.stdout.write(json.dumps({name: round(value, 3) for name, value in figures.items()}) + "\n")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
