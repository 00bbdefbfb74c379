"""The power goes, at every moment: what had been synced is there, of the rest anything may be.

Images of the disk are made of what a till's SQLite wrote (power_life.py): at every event, what was synced before, and
of what was written since none, all, or any of it, whole or torn at a sector. Each image is opened as the next start
would open it, and every operation that the till was told of must be in it, each page of it whole. With
`synchronous = NORMAL` the same must lose some: a judge who finds nothing there is none.
"""

from __future__ import annotations

import json
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from offline_cache.cache import Cache
from storage import engine
from storage.sqlite_file import FileError
from tests.faults.power_life import TAKEN_IN_EVERY
from tests.faults.written import Acked, Cut, Event, Removed, Synced, Wrote

SECTOR_BYTES = 512  # what a disk writes whole or not at all
SALES = 40
EACH = 12  # images of one moment that are neither none nor all of what is loose
CONTROLLED = 0.1  # of the images of a life that does not sync: it loses one in three
SHOWN = 5  # losses, where there are some
STARTED_EVERY = 50  # images, of which one is opened by the till itself, and not only read


class Loss(NamedTuple):
    at: int  # number of the event
    missing: int  # operations that the till was told of
    why: str


class Told(NamedTuple):
    images: int
    started: int  # of them by the till itself
    lost: list[Loss]


class Disk:
    """What is on it for certain, and what was written since."""

    def __init__(self) -> None:
        self._files: dict[str, bytearray] = {}
        self._loose: dict[str, list[Wrote | Cut]] = {}

    def take(self, event: Event) -> None:
        match event:
            case Wrote(name) | Cut(name):
                self._loose.setdefault(name, []).append(event)
                self._files.setdefault(name, bytearray())
            case Synced(name):
                for one in self._loose.pop(name, []):
                    _apply(self._files[name], one)
            case Removed(name):
                self._files.pop(name, None)
                self._loose.pop(name, None)
            case Acked():
                pass

    @property
    def is_loose(self) -> bool:
        return any(self._loose.values())

    def image(self, folder: Path, chance: random.Random, share: float) -> None:
        """`share` of what is loose got there: 0 none, 1 all, whole; in between some of it, and some of that torn."""
        for name, data in self._files.items():
            there = bytearray(data)
            for one in self._loose.get(name, ()):
                if chance.random() < share:
                    _apply(there, one if share == 1 else _torn(one, chance))
            (folder / name).write_bytes(there)


def _apply(data: bytearray, one: Wrote | Cut) -> None:
    match one:
        case Wrote(_, offset, written):
            data.extend(bytes(max(0, offset - len(data))))
            data[offset : offset + len(written)] = written
        case Cut(_, size):
            del data[size:]


def _torn(one: Wrote | Cut, chance: random.Random) -> Wrote | Cut:
    if isinstance(one, Cut) or chance.random() < 0.5:
        return one
    sectors = chance.randrange(1 + len(one.data) // SECTOR_BYTES)
    return one._replace(data=one.data[: sectors * SECTOR_BYTES])


def recorded(synchronous: str, sales: int = SALES) -> list[Event]:
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events"
        command = [sys.executable, "-m", "tests.faults.power_life", folder, str(events), synchronous, str(sales)]
        subprocess.run(command, check=True, timeout=120)
        told: list[Event] = pickle.loads(events.read_bytes())
    return told


def images(events: list[Event], chance: random.Random, each: int) -> Iterator[tuple[int, set[str], Disk, float]]:
    """At every event: none, all and `each` times some of what is loose."""
    disk, acked = Disk(), set[str]()
    for number, event in enumerate(events):
        disk.take(event)
        if isinstance(event, Acked):
            acked.add(event.hash)
        shares = [0.0, 1.0, *(chance.random() for _ in range(each))] if disk.is_loose else [0.0]
        if acked:
            yield from ((number, acked, disk, share) for share in shares)


def how_many(events: list[Event], each: int) -> int:
    return sum(1 for _ in images(events, random.Random(0), each))


def judged(events: list[Event], chance: random.Random, each: int, share: float = 1.0) -> Told:
    """So many of their images, spread by chance."""
    count, started, lost = 0, 0, list[Loss]()
    with tempfile.TemporaryDirectory(dir=_memory()) as place:
        for number, acked, disk, loose in images(events, chance, each):
            if chance.random() > share:
                continue
            folder = Path(place) / "image"
            folder.mkdir()
            disk.image(folder, chance, loose)
            count += 1
            by_till = count % STARTED_EVERY == 0
            started += by_till
            if loss := _loss(folder / "till.db", number, acked, by_till=by_till):
                lost.append(loss)
            shutil.rmtree(folder)
    return Told(count, started, lost)


def _loss(path: Path, number: int, acked: set[str], *, by_till: bool) -> Loss | None:
    try:
        if by_till:
            Cache(path, "t1").close()
        with closing(engine.connect(path)) as connection:
            there = {hash.hex() for (hash,) in connection.execute("SELECT hash FROM operations")}
            papers = connection.execute("SELECT count(document) FROM print_jobs").get
    except (engine.Error, FileError) as error:
        return Loss(number, len(acked), str(error))
    missing = len(acked - there)
    if missing or papers != len(there):
        return Loss(number, missing, f"{papers} papers of {len(there)} operations")
    return None


def _memory() -> str | None:
    """A disk that is none, where there is one: images are many."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def main(seed: int, seconds: float) -> bool:
    """One life after the other, all of its images; and one that does not sync. Whether nothing was lost but there."""
    chance, begun = random.Random(f"{seed}/power"), time.monotonic()
    images_judged = started = 0
    lost: list[Loss] = []
    while time.monotonic() - begun < seconds:
        told = judged(recorded("FULL", chance.randrange(TAKEN_IN_EVERY, SALES)), chance, EACH)
        images_judged, started, lost = images_judged + told.images, started + told.started, lost + told.lost
    control = judged(recorded("NORMAL"), chance, EACH, CONTROLLED)
    found = {
        "images": images_judged,
        "opened_by_the_till": started,
        "lost": len(lost),
        "control_images": control.images,
        "control_lost": len(control.lost),
        "seed": seed,
        "seconds": round(time.monotonic() - begun),
    }
    print(*lost[:SHOWN], json.dumps(found), sep="\n", flush=True)
    return not lost and bool(control.lost)
