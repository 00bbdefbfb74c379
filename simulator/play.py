"""A plan is played: in a folder of its own, in memory where the machine has one."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from simulator.broken import Broken
from simulator.plan import Plan
from simulator.world import World

MEMORY: Final = Path("/dev/shm")  # nothing is kept: what a disk takes is waited for in vain


class Played(NamedTuple):
    """`broken`: None, where all held."""

    plan: Plan
    broken: Broken | None
    counts: Counter[str]
    digest: str


def play(plan: Plan) -> Played:
    with TemporaryDirectory(prefix="simulated-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        world = World(Path(folder), plan)
        with closing(world):
            try:
                world.play()
                broken = None
            except Broken as what:
                broken = what
        return Played(plan, broken, world.counts, world.digest)
