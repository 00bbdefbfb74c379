"""A process is killed, and started again after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World


def till_crashes(world: World, fault: Fault) -> None:
    till = world.tills[fault.node]
    if till.is_up:
        till.stop()
        world.ends(fault, till.start)


def hub_crashes(world: World, fault: Fault) -> None:
    hub = world.hub
    if hub.is_up:
        hub.stop()
        world.ends(fault, hub.start)
