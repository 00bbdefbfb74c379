"""The hub's ledger is put back as it was when a copy of it was made (docs/drills.md)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from hub.store.records import Place
from hub.tills.joining import found
from loyalty.kinds import kind_of, maker_of
from loyalty.operation import hash_operation, read_operation
from loyalty.utc import utc_text
from simulator.faults.lost import ALL, given_out, standing, tell_lost

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World

OF_PEOPLE: Final = frozenset(("members", "cards", "coupons", "certificates", "stickers"))
SKEW: Final = timedelta(minutes=1)  # of the hub's own clock
AGAIN_S: Final = 60.0  # so often it is looked whether all tills are there: what they have is looked for in their files


def ledger_is_put_back(world: World, fault: Fault) -> None:
    """A copy is made now, and gets the ledger's place when the fault is over. One at a time: of two the newest is to be
    put back, and no older one."""
    hub = world.hub
    if not hub.is_up or hub.ledger.has_copy:
        return
    with hub.drive.spared():
        hub.ledger.copy()
    since = world.moments.now
    world.ends(fault, lambda: _in_time(world, fault, since))


def _in_time(world: World, fault: Fault, since: datetime) -> None:
    if all(till.is_up for till in world.tills.values()):
        _put_back(world, fault, since)
    else:
        world.moments.after(AGAIN_S, lambda: _in_time(world, fault, since))


def _put_back(world: World, fault: Fault, since: datetime) -> None:
    hub = world.hub
    if _needs_people(world, since):
        world.count("a copy was not put back, for what people would have to do again")
        hub.ledger.forget_copy()
        return
    world.struck(fault)
    stood = _stands(world)
    hub.stop()
    hub.drive.dies()  # what it held is nobody's
    with hub.drive.spared():
        hub.ledger.put_back(hub.clock())
    _tell_lost(world, stood)
    world.oracle.put_back(since, {till.disk for till in world.tills.values()})
    world.desks.put_back(since)
    hub.start()  # also one that had died, and that somebody was to start again
    _invite_again(world)
    world.office.put_back()
    world.count("the ledger was put back")


def _needs_people(world: World, since: datetime) -> bool:
    """Members and rights that were made away from the tills since then: nobody here makes them again as they were, and
    what tills sold to them would be to strangers (docs/drills.md)."""
    with world.hub.reading() as reader:
        kept = [one for one in reader.all_operations() if maker_of(one.chain) != "till"]
    begun = utc_text(since - SKEW)
    made = [operation for one in kept if (operation := read_operation(one.text)).at >= begun]
    return any(maker_of(one.chain) == "online" or kind_of(one.body).moves & OF_PEOPLE for one in made)


def _stands(world: World) -> dict[str, dict[str, str]]:
    """What the ledger has of tills, by hash."""
    stands: defaultdict[str, dict[str, str]] = defaultdict(dict)
    with world.hub.reading() as reader:
        for end in reader.ends_of(sorted({till.till for till in world.tills.values()})):
            for kept in reader.operations_on(Place(end.chain, end.generation, 1), ALL):
                stands[end.chain][hash_operation(kept.text)] = kept.text
    return stands


def _tell_lost(world: World, stood: dict[str, dict[str, str]]) -> None:
    """What the ledger has no more, and no file of a till either: that of a disk which is gone since."""
    there = _stands(world)
    for till in world.tills.values():
        if till.till == till.name:
            named = [one for one in world.tills.values() if one.till == till.till]
            files = {stands.hash for one in named for stands in standing(one)}
            gone = [text for hash, text in stood[till.till].items() if hash not in there[till.till].keys() | files]
            if gone:
                world.count("an operation was on a lost disk and in a lost ledger")
                tell_lost(world, till.disk, gone)
                world.heard_of.update(given_out(gone))


def _invite_again(world: World) -> None:
    """Tills that joined after the copy was made, or whose keys were lost since: the ledger does not know them."""
    with world.hub.reading() as reader:
        known = {till.name: found(reader, till.till) for till in world.tills.values()}
    for till in world.tills.values():
        there, bond = known[till.name], till.machine.bond
        if bond is not None and (there is None or there.key != bond.key):
            world.count("a till joined again after the ledger was put back")
            till.machine.loses_keys()
            world.office.invites(till)
        elif till.machine.invited is not None:
            world.office.invites(till)
