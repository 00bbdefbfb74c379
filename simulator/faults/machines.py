"""A till's disk is new, is copied to a second machine, or is put back as it was some hours ago (docs/drills.md)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from loyalty.operation import Key
from simulator.faults.lost import Stands, declare_lost, standing, waiting_papers
from simulator.fresh import put_fresh
from simulator.machine import Machine
from simulator.office import WAITING
from simulator.till import ChainTill

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World

SETTLES_S: Final = 40.0  # longer than anything is on its way (simulator/link.py), and than the hub knows a silent run
LOOKS_S: Final = 60.0  # so often whoever waits for a machine looks at it
FILES: Final = ("till.db", "till.db-wal")
SECOND: Final = ("told.db", "told.db-wal")  # which may be newer than the till's file
LOGS: Final = ("till.db-shm", "told.db-shm")
KEYS_GONE: Final = 0.5  # of new disks: the folder of keys was on it
SECOND_NEWER: Final = 0.5  # of files that are put back: the second file stays as it is
COPY: Final = "~"  # in the names of second machines
DRAINED: Final = 0.4  # how two lives end: the copy's tells all that it did, and goes
CHANGED: Final = 0.8  # or the first one's does; above that the copy's disk is thrown away as it is


class Copy(NamedTuple):
    """`stood`: what was in it, and `papers` that waited there."""

    files: dict[str, bytes]
    stood: list[Stands]
    papers: list[Key]


def is_free(till: ChainTill) -> bool:
    """Nobody has anything to do with its machine just now."""
    return till.is_up and till.twin is None and not till.is_kept_off


# a new disk


def disk_is_new(world: World, fault: Fault) -> None:
    _new_disk(world, fault, keys_gone=fault.how < KEYS_GONE)


def disk_is_new_before_hub(world: World, fault: Fault) -> None:
    """It sells before the hub can be asked: under a generation that it gave itself."""
    till = world.tills[fault.node]
    if not is_free(till):
        return
    till.link.weather.cut += 1

    def over() -> None:
        till.link.weather.cut -= 1

    world.ends(fault, over)
    _new_disk(world, msgspec.structs.replace(fault, lasts_s=SETTLES_S), keys_gone=fault.how < KEYS_GONE)


def _new_disk(world: World, fault: Fault, *, keys_gone: bool) -> None:
    till = world.tills[fault.node]
    if not is_free(till):
        return
    world.struck(fault)
    stood, since_s = standing(till), world.moments.now_s
    till.keeps_off()

    def goes_on() -> None:
        declare_lost(world, till, stood)
        _made_anew(till.folder)
        if keys_gone:
            till.machine.loses_keys()
            world.office.invites(till)
        till.goes_on()
        world.count(f"a new disk {'without' if keys_gone else 'with'} the keys of before")

    world.ends(fault, lambda: world.moments.at(since_s + SETTLES_S, goes_on))


def _made_anew(folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        file.unlink()
    for name in (FILES[0], SECOND[0]):
        put_fresh(folder / name)


# put back


def is_put_back(world: World, fault: Fault) -> None:
    """As it is now; with the second file or without."""
    till = world.tills[fault.node]
    if is_free(till):
        names = FILES if fault.how < SECOND_NEWER else FILES + SECOND
        there = [name for name in names if (till.folder / name).exists()]
        files = {name: (till.folder / name).read_bytes() for name in there}
        copy = Copy(files, standing(till), waiting_papers(till))
        world.ends(fault, lambda: _put_back(world, fault, till, copy))


def _put_back(world: World, fault: Fault, till: ChainTill, copy: Copy) -> None:
    if not is_free(till):
        return
    world.struck(fault)
    stood = standing(till)
    till.keeps_off()

    def goes_on() -> None:
        declare_lost(world, till, stood, copy.stood)
        names = FILES + SECOND if SECOND[0] in copy.files else FILES
        for name in names + LOGS:
            (till.folder / name).unlink(missing_ok=True)
        for name, content in copy.files.items():
            (till.folder / name).write_bytes(content)
        world.oracle.jumped(till.disk)  # the file knows how far the clock was off by then
        if SECOND[0] in copy.files:
            world.comes_twice(till, copy.papers)  # nothing on the disk knows that they came out
        till.goes_on()
        world.count(f"put back {'with' if SECOND[0] in copy.files else 'without'} the second file")

    world.moments.after(SETTLES_S, goes_on)


# a second machine


def is_cloned(world: World, fault: Fault) -> None:
    """The whole disk runs on a second machine beside it, with customers of its own."""
    till = world.tills[fault.node]
    if not is_free(till) or till.machine.bond is None:
        return
    world.struck(fault)
    stood = standing(till)
    world.comes_twice(till, waiting_papers(till))
    copy = _copied(world, till)
    till.twin, copy.twin = copy, till
    world.oracle.copied(till.disk, copy.disk)
    world.opens(copy)
    world.ends(fault, Leaving(world, till, copy, fault.how, stood).begin)


def _copied(world: World, till: ChainTill) -> ChainTill:
    till.copies += 1
    name = f"{till.name}{COPY}{till.copies}"
    folder = till.folder.with_name(name)
    folder.mkdir()
    for file in FILES + SECOND:
        if (till.folder / file).exists():
            shutil.copyfile(till.folder / file, folder / file)
    bond = till.machine.bond
    assert bond is not None
    machine = Machine(name, bond=msgspec.structs.replace(bond, machine=name))
    return ChainTill(world, name, folder, till=till.till, machine=machine)


@dataclass(slots=True)
class Leaving:
    """One of two machines goes for good, when all that it did has come to the hub, or is thrown away as it is; the
    other goes on. `both`: what stands in both files."""

    world: World
    stays: ChainTill
    leaves: ChainTill
    how: float
    both: list[Stands]
    _steps: list[Callable[[], bool]] = field(default_factory=list)
    _left: list[Stands] = field(default_factory=list)

    def begin(self) -> None:
        self.world.closes(self.leaves)
        self._steps = [self._nobody_waits]
        if DRAINED <= self.how < CHANGED:
            self._steps += [self._change]
        if self.how < CHANGED:
            self._steps += [self._is_drained]
        self._steps += [self._is_off, self._is_gone]
        self._step()

    def _step(self) -> None:
        """Each until it is done, with a while between."""
        if self._steps[0]():
            self._steps.pop(0)
        if self._steps:
            self.world.moments.after(LOOKS_S, self._step)

    def _nobody_waits(self) -> bool:
        return all(self.world.cashiers[one.name].is_free for one in (self.stays, self.leaves))

    def _change(self) -> bool:
        """The second machine is put in the place of the first, between two customers."""
        if not self._nobody_waits():
            return False
        here, there = self.stays, self.leaves
        here.keeps_off()
        there.keeps_off()
        between = here.folder.with_name(f"{here.name}.between")
        here.folder.rename(between)
        there.folder.rename(here.folder)
        between.rename(there.folder)
        here.machine, there.machine = there.machine, here.machine
        here.off, there.off = there.off, here.off
        self.world.count("the second machine stays")
        return True

    def _is_drained(self) -> bool:
        """With the other switched off, and by the office's word where one is needed."""
        self.stays.keeps_off()
        self.leaves.goes_on()
        if self.leaves.why_unproven() in WAITING:
            self.world.count(f"a copy is {self.leaves.why_unproven()}")
            self.world.office.confirms(self.leaves.till)
        self.leaves.sync()
        return self.leaves.is_up and self.leaves.cache.outbox_length() == 0 and self.leaves.worker.state.online

    def _is_off(self) -> bool:
        self.stays.keeps_off()
        self._left = standing(self.leaves)
        self.leaves.keeps_off()
        return True

    def _is_gone(self) -> bool:
        declare_lost(self.world, self.leaves, self._left, self.both)
        self.world.removes(self.leaves)
        shutil.rmtree(self.leaves.folder)
        self.stays.twin = None
        self.stays.goes_on()
        self.world.count("one of two machines is gone")
        return True
