"""What must hold, looked at in the hub's books and the tills' files; what people were told is the oracle's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hub.audit.verify import verify
from hub.hub import Hub
from loyalty.bodies import Expiry
from loyalty.lots import balance
from loyalty.operation import HUB_CHAIN, read_operation
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
    if asked := world.desks.waits:
        raise Broken("all is answered", f"nobody has answered {', '.join(asked)}")
    hub = world.hub.hub
    if faults := verify(hub.store, hub.zone_of).faults:
        raise Broken("the ledger verifies", "; ".join(faults))
    _check_points(world)


def _check_points(world: World) -> None:
    """Of each member with all who have gone into him."""
    hub, oracle, now = world.hub.hub, world.oracle, world.moments.now
    died = _died(hub)
    has, gone = Counter[str](), Counter[str]()
    for member in sorted({*oracle.members, *oracle.into, *(one.member for one in world.people)}):
        whole = oracle.stands(member)
        has[whole] += balance(hub.account(member, now), now)
        gone[whole] += died[member]
    for member, points in has.items():
        oracle.ended(member, points, gone[member])


def _died(hub: Hub) -> Counter[str]:
    """Points that the hub has booked as such, by their members."""
    died = Counter[str]()
    with hub.store.reading() as reader:
        texts = [kept.text for kept in reader.all_operations() if kept.chain == HUB_CHAIN]
    for body in (read_operation(text).body for text in texts):
        if isinstance(body, Expiry):
            died[body.member] += sum(lot.points for lot in body.lots)
    return died
