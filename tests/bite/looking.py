"""In a process of a planted tree: plays seeds until a simulated chain breaks, and makes the plan short.

`python -m tests.bite.looking` reads a `Wanted` from its input and writes a `Looked`; `… well` reads plans and writes,
for each, the invariant that it breaks.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterator
from itertools import chain, count
from typing import Final

import msgspec

from simulator.own_process import of_its_own
from simulator.plan import Plan, Shape
from simulator.planning import planned
from simulator.play import play
from simulator.running import broken_by as breaks_of
from simulator.running import shrunk
from simulator.shrink import Breaks

FAULTS_MAX: Final = 5  # of a plan that was made short: more, and nobody reads it


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`seeds`: first these. `seconds`: for the search, `short_s`: for making it short, both at most until `in_all_s` of
    this process; a plan that is not short by then is made shorter as long as that. All are the processor's: beside
    others' work the same is found."""

    shape: Shape
    seeds: tuple[int, ...] = ()
    seconds: float = 30.0
    short_s: float = 20.0
    in_all_s: float = 28.0


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """`invariant` "": nothing broke in that time. `plan`: as it was, `short`: what is left of it. `fell`: the simulator
    itself fell, which finds nothing. `seconds`: of the processor, since the process began."""

    tried: int
    seconds: float
    invariant: str = ""
    words: str = ""
    plan: Plan | None = None
    short: Plan | None = None
    fell: str = ""


def look(wanted: Wanted) -> Looked:
    began, tried, fell = time.process_time(), 0, ""
    seeds = _seeds(wanted)
    while time.process_time() - began < wanted.seconds:
        plan = planned(next(seeds), wanted.shape)
        tried += 1
        try:
            played = play(plan)
        except Exception:
            fell = f"seed {plan.seed}: {traceback.format_exc()}"
            continue
        broken = played.broken
        if broken is not None:
            short = _short(wanted, plan, Breaks(played.ended_s, played.visits), broken.invariant)
            seconds = time.process_time()
            return Looked(
                tried=tried, seconds=seconds, invariant=broken.invariant, words=broken.what, plan=plan, short=short
            )
    return Looked(tried=tried, seconds=time.process_time(), fell=fell)


def _short(wanted: Wanted, plan: Plan, breaks: Breaks, invariant: str) -> Plan:
    left_s = wanted.in_all_s - time.process_time()
    short = shrunk(plan, breaks, invariant, min(wanted.short_s, left_s))
    if len(short.faults) > FAULTS_MAX and (again := breaks_of(short, invariant)) is not None:
        short = shrunk(short, again, invariant, wanted.in_all_s - time.process_time())
    return short


def _seeds(wanted: Wanted) -> Iterator[int]:
    return chain(wanted.seeds, (seed for seed in count(1) if seed not in wanted.seeds))


def broken_by(plan: Plan) -> str:
    """None of them: it is well."""
    broken = play(plan).broken
    return broken.invariant if broken is not None else ""


def main(words: list[str]) -> None:
    of_its_own()
    said = sys.stdin.buffer.read()
    if words == ["well"]:
        told: object = [broken_by(plan) for plan in msgspec.json.decode(said, type=list[Plan])]
    else:
        told = look(msgspec.json.decode(said, type=Wanted))
    sys.stdout.buffer.write(msgspec.json.encode(told))


if __name__ == "__main__":
    main(sys.argv[1:])
