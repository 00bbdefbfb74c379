"""Crash points, enumerated: every life is cut off at every call that touches a disk or an answer, and judged.

For each point a fresh copy of the shop lives one kind of life, with a fault at that very call; then it starts anew
without one, and does all of it again, as a POS does that has heard no answer. Whatever was answered before is there
then, once; whatever was not is there once or not at all before that start, and once after it.
"""

from __future__ import annotations

import json
import math
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from tests.faults.lives import Lived, Lives
from tests.faults.living import SHOP
from tests.faults.points import CALLS, Mode, Point, faults_of, points
from tests.faults.strace import counting, injecting, why_not
from tests.faults.verdicts import Verdict, summary, table, told
from tests.faults.worlds import HANDS, World

CALL: Final = re.compile(r"^(\d+) +(\w+)\((.*)", re.MULTILINE)  # the thread and what it called, in strace's log
JUDGE: Final = (sys.executable, "-m", "tests.faults.judge")


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
        self._place = self._open.enter_context(world.place())
        self._shop = folder / SHOP
        self._place.new(self._shop)
        self._begin(self._well.live(self._shop, SHOP))
        self._before = world.look.hashes(self._shop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    @staticmethod
    def _begin(lived: Lived) -> None:
        assert not lived.refused and not lived.broke, f"without a fault: {lived}"

    def points(self, kinds: Iterable[str] = ()) -> list[Point]:
        """All there are of these kinds, or of all; counted once."""
        log = self._folder / "calls.log"
        with closing(Lives(self._world.module, counting(CALLS, log))) as counted:
            asked_for = kinds or self._world.kinds or counted.kinds
            found = [point for kind in asked_for for point in self._points_of(counted, kind, log)]
        return [point for point in found if point.call in self._world.calls]

    def _points_of(self, counted: Lives, kind: str, log: Path) -> Iterator[Point]:
        folder = self._copied("counted")
        lived = counted.live(folder, kind)
        self._begin(lived)
        calls = CALL.findall(log.read_text(errors="replace"))
        made = ((call, arguments) for thread, call, arguments in calls if int(thread) == lived.thread)
        return points(kind, made, str(folder))

    def tried(self, point: Point) -> Verdict:
        begun = time.monotonic()
        folder = self._copied("life")
        lived = self._lives(point.mode).live(folder, point.kind, point.call, point.before)
        crashed = self._copied("crashed", folder)
        again = self._well.live(folder, point.kind)
        case = {"look": self._world.look.__name__, "before": self._before, "acked": lived.acked, "again": again.acked}
        told = self._judge.judged(crashed=str(crashed), ended=str(folder), **case)
        faults = (*lived.broke, *_of_the_next_start(again), *told["faults"])
        was_hit = lived.was_killed or point.mode != "kill"
        return Verdict(point, faults, was_hit, told["unknown_but_there"], time.monotonic() - begun)

    def _lives(self, mode: Mode) -> Lives:
        if mode not in self._struck or self._struck[mode].hangs:
            lives = Lives(self._world.module, injecting(faults_of(mode)))
            self._struck[mode] = self._open.enter_context(closing(lives))
        return self._struck[mode]

    def _copied(self, name: str, of: Path | None = None) -> Path:
        to = self._folder / name
        self._place.copy(of or self._shop, to)
        return to


def _of_the_next_start(again: Lived) -> Iterator[str]:
    """It has no fault over it: everything is done."""
    yield from (f"the next start: {broke}" for broke in again.broke)
    yield from (f"the next start refused {asked}: {why}" for asked, why in again.refused.items())
    if again.status:
        yield f"the next start ended with {again.status}"


def main(seed: int, seconds: float) -> bool:
    """Sweep all worlds, say what was found. Whether there was no fault."""
    if (why := why_not()) is not None:
        print(f"crashes: skipped, {why}")
        return True
    begun = time.monotonic()
    with ThreadPoolExecutor(len(HANDS)) as pool:
        found = dict(pair for hand in pool.map(lambda hand: list(_hand(hand, seed, seconds)), HANDS) for pair in hand)
    for name, verdicts in found.items():
        print(f"\n{name}\n", *table(verdicts), *told(verdicts), sep="\n")
    verdicts = [verdict for one in found.values() for verdict in one]
    print(json.dumps(summary(verdicts) | {"seed": seed, "seconds": round(time.monotonic() - begun)}))
    return not any(verdict.faults for verdict in verdicts)


def _hand(worlds: Iterable[World], seed: int, seconds: float) -> Iterator[tuple[str, list[Verdict]]]:
    for world in worlds:
        until = time.monotonic() + seconds * world.share
        yield world.name, list(swept(world, random.Random(f"{seed}/{world.name}"), until=until))


def swept(
    world: World,
    chance: random.Random,
    *,
    until: float = math.inf,
    most: int | None = None,
    kinds: Iterable[str] = (),
    calls: Iterable[str] = CALLS,
) -> Iterator[Verdict]:
    """The points of a world, or of these kinds and calls alone, until a moment of the monotonic clock, or so many: at
    first one of each kind, call and mode, then another of each."""
    with TemporaryDirectory(prefix="faults-") as folder, Sweep(world, Path(folder)) as sweep:
        found = [point for point in sweep.points(kinds) if point.call in calls]
        for point in spread(found, chance)[:most]:
            if time.monotonic() > until:
                return
            yield sweep.tried(point)


def spread(points: Sequence[Point], chance: random.Random) -> list[Point]:
    """In an order of chance, whose every beginning has as much of each kind, call and mode as can be."""
    rounds: Counter[tuple[str, str, str]] = Counter()
    order: list[tuple[int, Point]] = []
    for point in chance.sample(points, len(points)):
        sort = (point.kind, point.call, point.mode)
        order.append((rounds[sort], point))
        rounds[sort] += 1
    return [point for _, point in sorted(order, key=lambda one: one[0])]
