"""What must hold, looked at in the hub's books and the tills' files; what people were told is the oracle's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.audit.verify import verify
from loyalty.lots import balance
from simulator.broken import Broken

if TYPE_CHECKING:
    from simulator.world import World


def check_at_the_end(world: World) -> None:
    """When everything is healed. Raises Broken."""
    for till in world.tills.values():
        if waits := till.cache.outbox_length():
            raise Broken("all is told", f"{till.name} still has {waits} operations: {till.worker.state}")
    for name, cashier in world.cashiers.items():
        if not cashier.is_free:
            raise Broken("all is answered", f"somebody still stands at {name}")
    if waits := world.desks.waits:
        raise Broken("all is answered", f"nobody has answered {', '.join(waits)}")
    hub = world.hub.hub
    if faults := verify(hub.store, hub.zone_of).faults:
        raise Broken("the ledger verifies", "; ".join(faults))
    for person in world.people:
        if person.member in world.oracle.into:
            continue
        world.oracle.ended(person.member, balance(hub.account(person.member, world.moments.now), world.moments.now))
