"""Crash points, enumerated: every life is cut off at every call that touches a disk or an answer, and judged.

For each point a fresh copy of the shop lives one kind of life, with a fault at that very call; then it starts anew
without one, and does all of it again, as a POS does that has heard no answer. Whatever was answered before is there
then, once; whatever was not is there once or not at all before that start, and once after it.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, Self

from tests.faults import look_of_till
from tests.faults.living import SHOP
from tests.faults.lives import Lived, Lives
from tests.faults.points import CALLS, FAULTS, Mode, Point, faults_of, points
from tests.faults.strace import counting, injecting

CALL: Final = re.compile(r"^(\d+) +(\w+)\(", re.MULTILINE)  # the thread and what it called, in strace's log
JUDGE: Final = (sys.executable, "-m", "tests.faults.judge")


class World(NamedTuple):
    """Whose lives, and how their files are looked at."""

    name: str
    module: str
    hashes: Any


WORLDS: Final = (World("till", "tests.faults.life_of_till", look_of_till.hashes),)


class Verdict(NamedTuple):
    """What became of one point."""

    point: Point
    faults: tuple[str, ...]
    was_hit: bool
    unknown_but_there: int
    seconds: float


@dataclass
class Judge:
    """The process that looks at files."""

    process: subprocess.Popen[str] = field(
        default_factory=lambda: subprocess.Popen(JUDGE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    )

    def judged(self, **case: Any) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps(case), file=self.process.stdin, flush=True)
        return dict(json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        self.process.communicate(timeout=60)


class Sweep:
    """Of one world, in a folder. Programs of lives are kept: what takes long is their start."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._open = ExitStack()
        self._judge = self._open.enter_context(closing(Judge()))
        self._well = self._open.enter_context(closing(Lives(world.module)))
        self._struck: dict[Mode, Lives] = {}
        self._shop = folder / SHOP
        self._shop.mkdir()
        self._begin(self._well.live(self._shop, SHOP))
        self._before = world.hashes(self._shop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    @staticmethod
    def _begin(lived: Lived) -> None:
        assert not lived.refused and not lived.broke, f"without a fault: {lived}"

    def points(self) -> list[Point]:
        """All there are, counted once."""
        log = self._folder / "calls.log"
        with closing(Lives(self._world.module, counting(CALLS, log))) as counted:
            return [point for kind in counted.kinds for point in self._points_of(counted, kind, log)]

    def _points_of(self, counted: Lives, kind: str, log: Path) -> Iterator[Point]:
        lived = counted.live(self._copied(kind), kind)
        self._begin(lived)
        calls = CALL.findall(log.read_text(errors="replace"))
        return points(kind, Counter(call for thread, call in calls if int(thread) == lived.thread))

    def tried(self, point: Point) -> Verdict:
        begun = time.monotonic()
        folder = self._copied("life")
        lived = self._lives(point.mode).live(folder, point.kind, point.call, point.before)
        crashed = self._copied("crashed", folder)
        again = self._well.live(folder, point.kind)
        case = {"look": self._world.name, "before": self._before, "acked": lived.acked, "again": again.acked}
        told = self._judge.judged(crashed=str(crashed), ended=str(folder), **case)
        faults = (*lived.broke, *_of_the_next_start(again), *told["faults"])
        was_hit = lived.was_killed or point.mode != "kill"
        return Verdict(point, faults, was_hit, told["unknown_but_there"], time.monotonic() - begun)

    def _lives(self, mode: Mode) -> Lives:
        if mode not in self._struck:
            lives = Lives(self._world.module, injecting(faults_of(mode)))
            self._struck[mode] = self._open.enter_context(closing(lives))
        return self._struck[mode]

    def _copied(self, name: str, of: Path | None = None) -> Path:
        to = self._folder / name
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(of or self._shop, to)
        return to


def _of_the_next_start(again: Lived) -> Iterator[str]:
    """It has no fault over it: everything is done."""
    yield from (f"the next start: {broke}" for broke in again.broke)
    yield from (f"the next start refused {asked}: {why}" for asked, why in again.refused.items())
    if again.status:
        yield f"the next start ended with {again.status}"


def swept(world: World, chance: random.Random, until: float, most: int | None = None) -> Iterator[Verdict]:
    """All points of a world, in any order; until a moment of the monotonic clock, or so many."""
    with TemporaryDirectory(prefix="faults-") as folder, Sweep(world, Path(folder)) as sweep:
        found = sweep.points()
        chance.shuffle(found)
        for point in found[:most]:
            if time.monotonic() > until:
                return
            yield sweep.tried(point)


def table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line for each kind and call, with the points of each mode and what became of them."""
    yield "| kind | call | " + " | ".join(FAULTS) + " | faults | unknown but there | s |"
    yield "|---|---|" + "---|" * (len(FAULTS) + 3)
    rows = dict.fromkeys((verdict.point.kind, verdict.point.call) for verdict in verdicts)
    for kind, call in sorted(rows):
        yield _line(kind, call, [one for one in verdicts if (one.point.kind, one.point.call) == (kind, call)])


def _line(kind: str, call: str, verdicts: Iterable[Verdict]) -> str:
    among = list(verdicts)
    modes = Counter(one.point.mode for one in among)
    cells = [kind, call, *(str(modes[mode] or "") for mode in FAULTS)]
    cells += [str(sum(bool(one.faults) for one in among)), str(sum(one.unknown_but_there for one in among))]
    return "| " + " | ".join([*cells, f"{sum(one.seconds for one in among):.0f}"]) + " |"
