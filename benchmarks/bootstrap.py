"""A till that knows nobody: the hub's ready file and the feed behind it, against the feed alone, in one run.

Both go the whole way: a real hub's face over loopback, every answer signed, every row checked, all of it in the till's
own file. Each of the members has a card, a phone, a birthday and a lot. The file is made once, when the first till
asks; what that takes is told apart. Beside it a second thread looks members up, as a cashier does: how long it waits.
`--short`: a tenth of the members.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time
from typing import Final, NamedTuple

from config.programmes import load_programme
from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.ready.shelf import NotYet, Shelf
from hub.store.records import CardRow, ChangeRow, LotRow, MemberRow, ProfileRow
from hub.store.rows import Rows
from offline_cache.cache import Cache
from sync.client import HubClient
from sync.hub_port import HubIsOlder
from sync.protocol import ReadyFile
from sync.worker import SyncWorker
from tests.one_port import Server
from tests.speaking import speaking_as

MEMBERS: Final = 1_000_000
SHORT: Final = 100_000
WRITTEN_AT_ONCE: Final = 20_000
NOW: Final = datetime(2026, 11, 29, 6, tzinfo=UTC)
ALENKA: Final = load_programme("alenka")
LOOK_S: Final = 0.005  # between two looks of a cashier


def main() -> None:
    members = SHORT if "--short" in sys.argv else MEMBERS
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), members) as (hub, shelf, url):
        made = spent(lambda: make(shelf))
        ready, waits = took(hub, HubClient, Path(folder) / "ready", url)
        feed, _ = took(hub, WithoutFile, Path(folder) / "feed", url)
    hundredths = quantiles(waits, n=100)
    told = {
        "members": members,
        **made.told("file_made"),
        **ready.told("ready_file"),
        **feed.told("feed_alone"),
        "ratio": round(ready.seconds / feed.seconds, 3),
        "processor_ratio": round(ready.processor_s / feed.processor_s, 3),
        "lookup_p50_ms": round(hundredths[49] * 1_000, 2),
        "lookup_p99_ms": round(hundredths[98] * 1_000, 2),
    }
    print(json.dumps(told))


class Spent(NamedTuple):
    """`processor_s`: of till and hub together, which are one process here: the same beside whatever else runs."""

    seconds: float
    processor_s: float

    def told(self, name: str) -> dict[str, float]:
        return {f"{name}_s": round(self.seconds, 2), f"{name}_processor_s": round(self.processor_s, 2)}


class WithoutFile(HubClient):
    """Of a till to which the hub is one from before there were ready files."""

    def ready(self, **asked: object) -> ReadyFile:
        raise HubIsOlder("It knows of none.")


@contextmanager
def served(folder: Path, members: int) -> Iterator[tuple[Hub, Shelf, str]]:
    hub, server = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: NOW), Server()
    fill(hub, members)
    shelf = Shelf(hub)
    server.app = hub_app(hub, shelf=shelf)
    try:
        yield hub, shelf, server.url
    finally:
        server.close()
        hub.close()


def fill(hub: Hub, members: int) -> None:
    for first in range(0, members, WRITTEN_AT_ONCE):
        rows = rows_of(range(first, min(first + WRITTEN_AT_ONCE, members)))
        with hub.store.writing() as writer:
            writer.write(rows)


def rows_of(numbers: range) -> Rows:
    rows = Rows()
    for number in numbers:
        member = f"m{number:08}"
        rows.new_members.append(MemberRow(member, ALENKA.id, True))
        rows.profiles.append(ProfileRow(member, f"+7900{number:07}", "1980-05-05", (), "Анна Петрова"))
        rows.new_cards.append(CardRow(f"2700{number:09}", member, "active"))
        points = 100 + number % 5_000
        rows.new_lots.append(
            LotRow(member, f"import/1/{number}", points, points, 0, NOW - timedelta(days=9), NOW + timedelta(days=300))
        )
        rows.changes.append(ChangeRow(ALENKA.id, "member", member))
    return rows


def make(shelf: Shelf) -> None:
    """Until the file is whole."""
    asked = {"till": "first", "generation": 1, "programme": ALENKA.id, "store": ""}
    pause = threading.Event()
    while True:
        try:
            file = shelf.ask(**asked).file  # type: ignore[arg-type]
            if not shelf.block(file, "z"):
                return
        except NotYet:
            pause.wait(0.05)


def took(hub: Hub, client: type[HubClient], folder: Path, url: str) -> tuple[Spent, list[float]]:
    """Until the till has caught up; and how long its lookups took meanwhile."""
    folder.mkdir()
    cache = Cache(folder / "till.db", folder.name)
    port = client(url, speaking_as(hub, cache))
    worker = SyncWorker(cache, port, programme=ALENKA.id, jitter=lambda: 0.5, clock=lambda: NOW)
    try:
        with looking(cache) as waits:
            whole = spent(lambda: pull(worker))
        assert cache.changes.feed().pulled_at is not None, worker.state.cause
        return whole, waits
    finally:
        port.close()
        cache.close()


def pull(worker: SyncWorker) -> None:
    while worker.step(0.0) <= 0.0:
        pass


def spent(work: Callable[[], None]) -> Spent:
    began, processor = perf_counter(), process_time()
    work()
    return Spent(perf_counter() - began, process_time() - processor)


@contextmanager
def looking(cache: Cache) -> Iterator[list[float]]:
    waits: list[float] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_S):
            began = perf_counter()
            cache.members.card("2700000000001")
            waits.append(perf_counter() - began)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield waits
    finally:
        ended.set()
        thread.join()


if __name__ == "__main__":
    main()
