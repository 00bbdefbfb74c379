"""A machine's clock is another all at once, or goes at another pace."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.till import ChainTill
    from simulator.world import World

JUMPS_S: Final = (-172_800.0, -7_200.0, -600.0, -20.0, 20.0, 600.0, 7_200.0, 172_800.0)
PACE: Final = 0.01  # at most so many seconds in each second, too many or too few
STEP_S: Final = 600.0
HUB_STEPS_S: Final = (-20.0, -2.0, 2.0, 20.0)  # its machine is kept right by a service


def till_clock_jumps(world: World, fault: Fault) -> None:
    """By seconds, hours or days; and back, when somebody sets it right."""
    till, by_s = world.tills[fault.node], fault.one_of(JUMPS_S)
    world.struck(fault)
    _move(world, till, by_s)
    world.ends(fault, lambda: _move(world, till, -by_s))


def till_clock_is_slow(world: World, fault: Fault) -> None:
    """Or fast; what came of it stays until somebody sets it right."""
    till, pace = world.tills[fault.node], PACE * (2 * fault.how - 1)
    moved_s: list[float] = []
    goes = [True]

    def step() -> None:
        if goes:
            moved_s.append(STEP_S * pace)
            _move(world, till, moved_s[-1])
            world.moments.after(STEP_S, step)

    def over() -> None:
        goes.clear()
        _move(world, till, -sum(moved_s))

    world.struck(fault)
    step()
    world.ends(fault, over)


def hub_clock_steps(world: World, fault: Fault) -> None:
    hub, by = world.hub, timedelta(seconds=fault.one_of(HUB_STEPS_S))
    world.struck(fault)
    hub.off += by

    def over() -> None:
        hub.off -= by

    world.ends(fault, over)


def _move(world: World, till: ChainTill, by_s: float) -> None:
    till.off += timedelta(seconds=by_s)
    world.oracle.jumped(till.disk)
