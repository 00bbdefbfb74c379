"""`python -m simulator drain | races`: years and thousands of tills in minutes."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from simulator.draining.drain import drain
from simulator.races.races import race

MEMORY = Path("/dev/shm")  # nothing is cut off here: what a disk takes is waited for in vain


@click.group()
@click.option("--seed", type=int, help="Play the same again.")
@click.pass_context
def simulator(context: click.Context, seed: int | None) -> None:
    """Many tills and a hub under one clock."""
    seed = random.SystemRandom().randrange(10**9) if seed is None else seed
    click.echo(f"seed {seed}")
    context.obj = random.Random(seed)


@simulator.command(name="drain")
@click.option("--tills", default=2_000, show_default=True)
@click.option("--sales", nargs=2, type=int, default=(100, 400), show_default=True, help="At a till: from, to.")
@click.option("--without-room", is_flag=True, help="By a hub that lets everybody in, as it was before.")
@click.pass_obj
def drain_command(chance: random.Random, tills: int, sales: tuple[int, int], without_room: bool) -> None:
    """Tills after an outage: how long does each wait until the hub has what it sold?"""
    drained = drain(tills, chance, sales, has_room=not without_room)
    last = "never" if drained.last is None else f"{drained.last:.0f} s"
    click.echo(
        f"{drained.tills} tills, {drained.sales} sales: the median is drained after {drained.median:.0f} s, the last"
        f" after {last} ({drained.of_median:.2f} medians); the hub worked {drained.hub_worked_s:.0f} s"
    )


@simulator.command(name="races")
@click.option("--count", default=10_000, show_default=True)
@click.option("--processes", default=2, show_default=True, help="Each plays its part of them in files of its own.")
@click.pass_obj
def races_command(chance: random.Random, count: int, processes: int) -> None:
    """Two tills, one member's points: never more is spent than was there while the hub answers."""
    parts = [(chance.randrange(10**9), count // processes + (part < count % processes)) for part in range(processes)]
    with ProcessPoolExecutor(processes) as pool:
        counts = sum(pool.map(_race, parts), Counter[str]())
    for what, times in counts.most_common():
        click.echo(f"{times:>8} {what}")


def _race(part: tuple[int, int]) -> Counter[str]:
    seed, count = part
    click.echo(f"{count} races of seed {seed}")
    with TemporaryDirectory(prefix="races-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return race(Path(folder), random.Random(seed), count)


if __name__ == "__main__":
    simulator()
