"""A plan is played: in a folder of its own, in memory where the machine has one."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from simulator.broken import Broken
from simulator.ledger import Kept, in_a_file
from simulator.moments import Moments
from simulator.own_process import drawn_from
from simulator.plan import HUB, Plan
from simulator.vfs import Disks
from simulator.world import Heard, World

MEMORY: Final = Path("/dev/shm")  # nothing is kept: what a disk takes is waited for in vain


class Played(NamedTuple):
    """`broken`: None, where all held. `ended_s`: the moment of the world at which it ended."""

    plan: Plan
    broken: Broken | None
    counts: Counter[str]
    digest: str
    ended_s: float
    visits: tuple[str, ...]


def play(plan: Plan, heard: Heard | None = None, kept: Kept = in_a_file) -> Played:
    """`heard` is told of whatever is in the digest, as it happens. `kept`: where the hub's ledger is."""
    with (
        drawn_from(plan.seed),
        TemporaryDirectory(prefix="simulated-", dir=memory()) as folder,
        Disks(Path(folder), Moments()) as disks,
        kept(disks.of(HUB)) as ledger,
    ):
        world = World(disks, ledger, plan, heard)
        with closing(world):
            try:
                world.play()
                broken = None
            except Broken as what:
                broken = what
            return Played(plan, broken, world.counts, world.digest, world.moments.now_s, tuple(world.visits))


def memory() -> Path | None:
    return MEMORY if MEMORY.is_dir() else None
