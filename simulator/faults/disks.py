"""What a disk does to a machine's files in the middle of a call, or for a while.

A fault that waits for a call is armed at its moment, and disarmed when its time is over: who writes nothing meanwhile
is not struck. Several wait for one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulator.disk import Call, Strike, What
from simulator.plan import HUB
from simulator.till import ChainTill

if TYPE_CHECKING:
    from simulator.hub import ChainHub
    from simulator.plan import Fault
    from simulator.world import World

WRITES: Final = 60  # of one sale, some
SYNCS: Final = 4
OF_SYNCS: Final = 0.5  # of the faults that strike at one: the moment at which a commit is one
DONE: Final = 0.5  # of the calls at which a process dies
AGAIN_MAX: Final = 12  # calls in a row that a disk refuses
UNKNOWN_MAX: Final = 6  # calls in a row that it does, and says that it has not
ROOM_BYTES: Final = 40_000  # at most, on a disk that is full: a sale or two


def dies_in_commit(world: World, fault: Fault) -> None:
    chance = world.stream(f"{fault.at_s}/{fault.kind}/{fault.node}")
    _arm(world, fault, "does and dies" if chance.random() < DONE else "dies")


def power_loss(world: World, fault: Fault) -> None:
    chance = world.stream(f"{fault.at_s}/{fault.kind}/{fault.node}")
    what: What = "does and dies" if chance.random() < DONE else "dies"
    _arm(world, fault, what, blackout=True)


def commit_unknown(world: World, fault: Fault) -> None:
    """It is done, and an error is said all the same: also of what comes after it, for where the log is then taken in
    and thrown away, what was done is undone again."""
    _arm(world, fault, "does and refuses", times=1 + int(fault.how * 1e5 % 1 * UNKNOWN_MAX))


def io_error(world: World, fault: Fault) -> None:
    _arm(world, fault, "refuses", times=1 + int(fault.how * 1e5 % 1 * AGAIN_MAX))


def disk_full(world: World, fault: Fault) -> None:
    process = _process(world, fault)
    disk = process.drive
    if isinstance(process, ChainTill):
        process.told_in_memory = True
    disk.fills(int(fault.how * ROOM_BYTES), lambda: world.struck(fault))
    world.ends(fault, disk.empties)


def _arm(world: World, fault: Fault, what: What, *, times: int = 1, blackout: bool = False) -> None:
    """At which call: by `how`."""
    disk = _process(world, fault).drive

    def struck() -> None:
        world.struck(fault)
        if blackout and fault.node != HUB:
            world.oracle.forgot(world.tills[fault.node].disk)
        if fault.node != HUB and not what.endswith("dies"):
            world.tills[fault.node].told_in_memory = True

    of: Call | None = "sync" if fault.how < OF_SYNCS else None
    share = fault.how / OF_SYNCS if of else (fault.how - OF_SYNCS) / (1 - OF_SYNCS)
    strike = Strike(
        what,
        1 + int(share * (SYNCS if of else WRITES)),
        of=of,
        times=times,
        blackout=world.stream(f"{fault.at_s}/{fault.node}/blackout") if blackout else None,
        struck=struck,
    )
    disk.arms(strike)
    world.ends(fault, lambda: disk.disarms(strike))


def _process(world: World, fault: Fault) -> ChainTill | ChainHub:
    return world.hub if fault.node == HUB else world.tills[fault.node]
