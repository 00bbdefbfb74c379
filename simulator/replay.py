"""One plan, played before somebody's eyes: what happened, line by line, and what it came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from simulator.found import Found
from simulator.ledger import Kept, in_a_file
from simulator.play import Played, play


def replayed(found: Found, tell: Callable[[str], None], kept: Kept = in_a_file) -> Played:
    shape = found.plan.shape
    tell(
        f"seed {found.plan.seed}: {shape.programme}, {shape.tills} tills, {shape.hours:g} hours, {shape.people} people,"
        f" {len(found.plan.faults)} faults"
    )
    for fault in found.plan.faults:
        tell(f"  at {fault.at_s:.0f} s, {fault.node}: {fault.kind} for {fault.lasts_s:.0f} s")
    one = play(found.plan, lambda at, what: tell(line(at, what)), kept)
    tell(f"digest {one.digest}")
    tell("all holds" if one.broken is None else f"broken: {one.broken}")
    return one


def line(at: datetime, what: tuple[object, ...]) -> str:
    """`what` as it was traced: whose it is stands first, or second where a fault strikes him."""
    return f"{at:%m-%d %H:%M:%S}.{at.microsecond // 1000:03}  " + "  ".join(str(part) for part in what)
