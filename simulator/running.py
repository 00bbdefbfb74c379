"""Plans are played until the time is over, in as many processes as are asked for; the first that breaks something is
made short, and told with all that is needed to see it again."""

from __future__ import annotations

import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Final, NamedTuple

import click

from simulator import counters
from simulator.ledger import Kept, in_a_file
from simulator.own_process import of_its_own
from simulator.plan import Plan
from simulator.planning import planned
from simulator.play import Played, play
from simulator.shrink import Breaks, OutOfTime, Shrinking

LOOK_S: Final = 1.0  # so often somebody who waits is told how far it is
LINE_S: Final = 10.0  # where lines are kept, a new one so seldom
SHRINK_S: Final = 30.0  # so long a plan is made short
COUNTERS_FROM_S: Final = 60.0  # a shorter run need not have met everything
DAYS_A_YEAR: Final = 365.25

Broken = Callable[[Plan], Breaks | None]  # None: it breaks something else, or nothing


class Ended(NamedTuple):
    """One play, as its process tells it. `error`: of the simulator itself, or of a program that fell over."""

    seed: int
    till_hours: float
    counts: Counter[str]
    invariant: str = ""
    what: str = ""
    error: str = ""
    breaks: Breaks = Breaks(0.0, ())
    worked_s: float = 0.0  # of the processor

    @property
    def is_well(self) -> bool:
        return not self.invariant and not self.error


@dataclass(slots=True)
class Run:
    """What was played in all. `ended` of those that did not end well."""

    seed: int
    seeds: int = 0
    till_hours: float = 0.0
    worked_s: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    ended: list[Ended] = field(default_factory=list)

    def add(self, one: Ended) -> None:
        self.seeds += 1
        self.till_hours += one.till_hours
        self.worked_s += one.worked_s
        self.counts += one.counts
        if not one.is_well:
            self.ended.append(one)

    @property
    def faults(self) -> int:
        return self.counts["structural faults"] + self.counts["other faults"]


# one play


def played(seed: int, kept: Kept = in_a_file) -> Ended:
    began_s = time.process_time()
    return ended(planned(seed), kept)._replace(worked_s=time.process_time() - began_s)


def ended(plan: Plan, kept: Kept = in_a_file) -> Ended:
    """Nothing that goes wrong is swallowed: it is told with its seed."""
    try:
        return told_of(play(plan, kept=kept))
    except BaseException:
        return Ended(plan.seed, 0.0, Counter(), error=traceback.format_exc())


def told_of(one: Played) -> Ended:
    hours = one.plan.shape.tills * min(one.ended_s / 3_600, one.plan.shape.hours)
    if one.broken is None:
        return Ended(one.plan.seed, hours, one.counts)
    breaks = Breaks(one.ended_s, one.visits)
    return Ended(one.plan.seed, hours, one.counts, one.broken.invariant, one.broken.what, breaks=breaks)


# many


def run(seed: int, seconds: float, processes: int, look: Callable[[Run, float], None], kept: Kept = in_a_file) -> Run:
    """Seeds from this one on, until the time is over or something breaks; `look` is told every now and then, with the
    seconds so far. What is being played then is played to its end, and counted."""
    began_s, now = time.monotonic(), Run(seed)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=of_its_own) as pool:
        waiting = {pool.submit(played, seed + number, kept) for number in range(processes)}
        seed += processes
        while waiting:
            done, waiting = wait(waiting, timeout=LOOK_S, return_when=FIRST_COMPLETED)
            for future in done:
                now.add(future.result())
            passed_s = time.monotonic() - began_s
            look(now, passed_s)
            while len(waiting) < processes and not now.ended and passed_s + _play_s(now, passed_s, processes) < seconds:
                waiting.add(pool.submit(played, seed, kept))
                seed += 1
    return now


def _play_s(now: Run, passed_s: float, processes: int) -> float:
    """As the plays so far took, on average."""
    return passed_s * processes / now.seeds if now.seeds else 0.0


# short


def shrunk(
    plan: Plan,
    breaks: Breaks,
    invariant: str,
    seconds: float = SHRINK_S,
    processes: int = 0,
    kept: Kept = in_a_file,
) -> Plan:
    """The shortest that breaks the same and was found in the time. `breaks`: as the whole plan did; `processes`: that
    play several shorter ones at once; 0: here, one after the other, and the time is this processor's: beside others'
    work the same is found."""
    broken = partial(broken_by, invariant=invariant, kept=kept)
    if not processes:
        until_s = time.process_time() + seconds
        return Shrinking(plan, breaks, partial(_one_by_one, broken, until_s)).shrink()
    until_s = time.monotonic() + seconds
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=of_its_own) as pool:
        return Shrinking(plan, breaks, partial(_at_once, pool, processes, broken, until_s)).shrink()


def _one_by_one(broken: Broken, until_s: float, plans: Sequence[Plan]) -> tuple[int, Breaks] | None:
    for place, plan in enumerate(plans):
        if time.process_time() >= until_s:
            raise OutOfTime
        if (breaks := broken(plan)) is not None:
            return place, breaks
    return None


def _at_once(
    pool: Executor, processes: int, broken: Broken, until_s: float, plans: Sequence[Plan]
) -> tuple[int, Breaks] | None:
    left, playing = list(enumerate(plans)), dict[Future[Breaks | None], int]()
    try:
        while left or playing:
            while left and len(playing) < processes:
                place, plan = left.pop(0)
                playing[pool.submit(broken, plan)] = place
            done, _ = wait(playing, timeout=max(0.0, until_s - time.monotonic()), return_when=FIRST_COMPLETED)
            if not done:
                raise OutOfTime
            for future in done:
                place = playing.pop(future)
                if (breaks := future.result()) is not None:
                    return place, breaks
        return None
    finally:
        for future in playing:
            future.cancel()


def broken_by(plan: Plan, invariant: str, kept: Kept = in_a_file) -> Breaks | None:
    """A plan that is cut short may be one that nobody can play: that one breaks nothing."""
    try:
        one = play(plan, kept=kept)
    except Exception:
        return None
    return Breaks(one.ended_s, one.visits) if one.broken is not None and one.broken.invariant == invariant else None


# told


def told(run: Run) -> Iterator[str]:
    """The summary."""
    counts = run.counts
    yield (
        f"{run.till_hours:,.0f} till-hours ({run.till_hours / 24 / DAYS_A_YEAR:.2f} years of a till),"
        f" {counts['visits']:,} visits, {counts['operations at the hub']:,} operations at the hub"
    )
    yield (
        f"{counts['structural faults']:,} structural faults and {counts['other faults']:,} others struck,"
        f" of {counts['faults drawn']:,} that were drawn; {counts['restarts']:,} restarts"
    )
    if run.till_hours:
        yield f"{run.worked_s:.0f} s of the processor, {run.worked_s / run.till_hours * 1_000:.1f} ms a till-hour"
    kinds = sorted((kind.removeprefix("fault "), count) for kind, count in counts.items() if kind.startswith("fault "))
    yield "faults: " + " · ".join(f"{kind} {count:,}" for kind, count in kinds)
    yield f"seeds {run.seed} to {run.seed + run.seeds - 1}; {sum(1 for one in run.ended if one.invariant)} violations"
    never = silent(run)
    yield f"{len(counters.COUNTERS)} counters" + (f", never: {', '.join(never)}" if never else ", each above zero")


def silent(run: Run) -> list[str]:
    """What must happen sometimes, and did not."""
    return [name for name in counters.COUNTERS if not run.counts[name]]


def progress(run: Run, passed_s: float) -> str:
    counts = run.counts
    return (
        f"{passed_s:4.0f} s: {run.till_hours:,.0f} till-hours, {counts['operations at the hub']:,} operations,"
        f" {run.faults:,} faults, {len(run.ended)} violations"
    )


class Progress:
    """On a terminal one line that is written anew, else a new one now and then."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._next_s = LINE_S

    def look(self, run: Run, passed_s: float) -> None:
        if self._is_terminal:
            click.echo(f"\r\x1b[K{progress(run, passed_s)}", nl=False, err=True)
        elif passed_s >= self._next_s:
            self._next_s = passed_s + LINE_S
            click.echo(progress(run, passed_s), err=True)

    def end(self) -> None:
        if self._is_terminal:
            click.echo(err=True)
