"""A process is killed, or stopped by somebody, and started again after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.hub import ChainHub
    from simulator.plan import Fault
    from simulator.till import ChainTill
    from simulator.world import World

STOPPED: Final = 0.3  # of them by itself, in its own time


def till_crashes(world: World, fault: Fault) -> None:
    till = world.tills[fault.node]
    if till.is_up:
        world.struck(fault)
        _ends(till, fault.how)
        world.ends(fault, till.start)


def hub_crashes(world: World, fault: Fault) -> None:
    hub = world.hub
    if hub.is_up:
        world.struck(fault)
        _ends(hub, fault.how)
        world.ends(fault, hub.start)


def _ends(process: ChainTill | ChainHub, how: float) -> None:
    if how < STOPPED:
        process.stop()
    else:
        process.kill()
