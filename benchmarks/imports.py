"""`pos-hub import`: how quickly it takes a file of members, in how much memory, and what tills feel of it meanwhile.

    python -m benchmarks.imports [--short]

The whole command is timed, a process of its own on a ledger in a file: read, checked, taken, reconciled. Then once more
beside a hub that serves, with a till that pushes single sales and reads whole pages of the feed, and the same till
beside `pos-hub export day`: each against the same till alone in the same run. The last line is a JSON object of the
figures. Phones are in no order, ids are made by the hub, cards ascend, as tables of a cash program have them.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep
from typing import Final

from benchmarks.hub_databases import Sqlite
from benchmarks.hub_ledgers import Size, guests
from benchmarks.hub_sales import PROGRAMME, SHOP, Guest, Till
from benchmarks.hub_wire import PAUSE_S, POS_HUB, served, speaker_at
from loyalty.card_numbers import make_number
from sync.client import HubClient
from sync.protocol import PAGE_MEMBERS_MAX, PushRequest

ROWS, ROWS_SHORT = 1_000_000, 30_000
PART = 10  # so many times fewer rows tell whether memory grows with a file
LEDGER = Size(10_000, 0)  # with those who buy meanwhile
ALONE, ALONE_SHORT = 2_000, 200  # pushes
PUSHES_A_PAGE: Final = 4
SOLD_BEFORE: Final = timedelta(days=10)  # so that days are over, and no clock is wrong
HEADINGS: Final = "card,phone,points,registered,birthday,name\n"
CHUNK: Final = 10_000
ROWS_A_SECOND_LEAST: Final = 6_000
P99_MOST: Final = 2.0


def write_file(path: Path, rows: int) -> None:
    chance = random.Random(31)
    phones = chance.sample(range(10**7), rows)
    (scheme, *_) = PROGRAMME.cards.schemes
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADINGS)
        for number, phone in enumerate(phones):
            card = make_number(scheme, 10**7 + number)
            born = f"{1950 + number % 50}-{1 + number % 12:02}-{1 + number % 28:02}"
            file.write(f"{card},+7916{phone:07},{number % 3_000},yes,{born},Петрова Анна\n")


@dataclass(slots=True)
class Spent:
    """Of a process that has ended."""

    seconds: float
    cpu_s: float
    memory_mb: float


def begun(ledger: str, file: Path) -> subprocess.Popen[str]:
    said = ("import", "--db", ledger, "--programme", PROGRAMME.id, str(file))
    return subprocess.Popen([*POS_HUB, *said], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def imported(ledger: str, file: Path, meanwhile: Callable[[subprocess.Popen[str]], None]) -> Spent:
    """`memory_mb`: the most that any process of this run had which has ended: import the small file first."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    with begun(ledger, file) as process:
        meanwhile(process)
        out, err = process.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode == 0 and "in is out" in out, out + err
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(perf_counter() - began, cpu_s, after.ru_maxrss / 1024)


def _nothing(process: subprocess.Popen[str]) -> None:
    """Nobody else wants the ledger."""


@dataclass(slots=True)
class Course:
    """A till that pushes sales, one at a time, and now and then reads a page; seconds of each."""

    client: HubClient
    till: Till
    comers: list[Guest]
    cursor: str = ""
    pushes: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)

    def run(self, goes_on: Callable[[], bool]) -> dict[str, list[float]]:
        self.pushes, self.pages = [], []
        while goes_on():
            _, text = self.till.sale(self.till.chance.choice(self.comers))
            sleep(PAUSE_S)
            began = perf_counter()
            self.client.push(PushRequest(till=self.till.name, operations=(text,)))
            self.pushes.append(perf_counter() - began)
            if len(self.pushes) % PUSHES_A_PAGE == 0:
                self._page()
        return {"push": self.pushes, "page": self.pages}

    def alone(self, count: int) -> dict[str, list[float]]:
        return self.run(lambda: len(self.pushes) < count)

    def until(self, process: subprocess.Popen[str]) -> None:
        """As long as it runs."""
        self.run(lambda: process.poll() is None)

    def _page(self) -> None:
        """Whole ones: at the end from the beginning."""
        began = perf_counter()
        page = self.client.changes(
            till=self.till.name,
            generation=1,
            programme=PROGRAMME.id,
            after=self.cursor,
            limit=PAGE_MEMBERS_MAX,
            store=SHOP.id,
        )
        self.pages.append(perf_counter() - began)
        self.cursor = page.cursor if page.more else ""


@contextmanager
def selling(database: Sqlite, ledger: str) -> Iterator[Course]:
    store = database.store(ledger)
    comers = guests(store, LEDGER)
    store.close()
    with served(ledger) as url:
        client = HubClient(url, speaker_at(ledger, "single"))
        try:
            yield Course(client, Till("single", random.Random(29), at=datetime.now(UTC) - SOLD_BEFORE), comers)
        finally:
            client.close()


def beside(course: Course, name: str, alone: int, work: Callable[[], object]) -> dict[str, float]:
    """What the till feels of some work, against the same till just before."""
    before = course.alone(alone)
    work()
    figures: dict[str, float] = {}
    for what, times in (("push", course.pushes), ("page", course.pages)):
        for at in (50, 99):
            quiet_ms, busy_ms = (quantiles(some, n=100)[at - 1] * 1_000 for some in (before[what], times))
            figures[f"{what}_p{at}_before_{name}_ms"] = quiet_ms
            figures[f"{what}_p{at}_beside_{name}_ms"] = busy_ms
            figures[f"{what}_p{at}_{name}_ratio"] = busy_ms / quiet_ms
    return figures


def exported(course: Course, ledger: str, least: int) -> None:
    """A day of the till, looked at again and again: once takes a second or two."""
    day = (datetime.now(UTC) - SOLD_BEFORE + timedelta(days=1)).date()
    said = ("export", "day", day.isoformat(), "--db", ledger, "--preview")
    pushes: list[float] = []
    pages: list[float] = []
    while len(pushes) < least:
        with subprocess.Popen([*POS_HUB, *said], stdout=subprocess.DEVNULL, text=True) as process:
            course.until(process)
            assert process.returncode == 0
        pushes += course.pushes
        pages += course.pages
    course.pushes, course.pages = pushes, pages


def throughput(database: Sqlite, folder: Path, rows: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for count, end in ((rows // PART, "_of_a_tenth"), (rows, "")):
        file, ledger = folder / f"{count}.csv", str(folder / f"{count}.db")
        write_file(file, count)
        spent = imported(ledger, file, _nothing)
        figures[f"import_per_s{end}"] = count / spent.seconds
        figures[f"import_per_cpu_s{end}"] = count / spent.cpu_s
        figures[f"import_memory_mb{end}"] = spent.memory_mb
        database.drop(ledger)
    return figures


def felt(database: Sqlite, file: Path, alone: int) -> dict[str, float]:
    ledger = database.copy(LEDGER, "imported")
    with selling(database, ledger) as course:
        course.alone(alone // 10)  # the first ones open what there is to open

        figures = beside(course, "import", alone, lambda: imported(ledger, file, course.until))
        figures |= beside(course, "export", alone, lambda: exported(course, ledger, alone))
    database.drop(ledger)
    return figures


def missed(figures: dict[str, float]) -> list[str]:
    slow = ["import_per_s"] if figures["import_per_s"] < ROWS_A_SECOND_LEAST else []
    return slow + [name for name, value in figures.items() if "_p99_" in name and "ratio" in name and value > P99_MOST]


def main() -> int:
    short = "--short" in sys.argv
    rows, alone = (ROWS_SHORT, ALONE_SHORT) if short else (ROWS, ALONE)
    database = Sqlite()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = throughput(database, folder, rows)
        figures |= felt(database, folder / f"{rows}.csv", alone)
    for name, value in figures.items():
        sys.stdout.write(f"{name}: {value:.2f}\n" if value < 100 else f"{name}: {value:.0f}\n")
    if names := missed(figures):
        sys.stdout.write(f"MISSED: {', '.join(names)}\n")
    sys.stdout.write(json.dumps({name: round(value, 3) for name, value in figures.items()}) + "\n")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
