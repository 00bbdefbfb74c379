"""Two versions side by side: for a while the hub is the one before, which knows neither desks nor goods.

A till that is newer than its hub gets a 404 there, and its worker says so: what was sold goes up and members come down,
and points are redeemed as without a connection. Nothing on the disk is older than it was: a ledger is never opened by
a program that is older than its schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World


def hub_is_older(world: World, fault: Fault) -> None:
    """Programs change with a restart."""
    hub = world.hub
    if not hub.is_up or hub.is_older:
        return
    world.struck(fault)
    _restarted(world, is_older=True)
    world.ends(fault, lambda: _restarted(world, is_older=False))


def _restarted(world: World, *, is_older: bool) -> None:
    hub = world.hub
    hub.is_older = is_older
    if hub.is_up:
        hub.stop()
        hub.start()
    world.count(f"the hub became {'older' if is_older else 'newer'}")
