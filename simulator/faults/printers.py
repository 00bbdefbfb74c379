"""What happens to a till's printer, by the emulator's own orders: now, or at a byte of the paper that comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World

PAPER_BYTES: Final = 1_200  # of a receipt, so that a fault strikes within it
STOPS: Final = (
    ("paper out", "paper in"),
    ("cover open", "cover close"),
    ("cutter jam", "cutter free"),
    ("overheat on", "overheat off"),
)
DARK: Final = ("power cycle", "power cycle kept")
LINES_A_S: Final = (0.5, 1.0, 2.0, 5.0)  # of a printer that is slow; two are slower than a driver waits for


def stops(world: World, fault: Fault) -> None:
    """It needs a hand, and gets one."""
    _within_a_paper(world, fault, *fault.one_of(STOPS))


def goes_dark(world: World, fault: Fault) -> None:
    """For a moment; it keeps what it was told, or not."""
    _within_a_paper(world, fault, fault.one_of(DARK))


def is_unplugged(world: World, fault: Fault) -> None:
    _within_a_paper(world, fault, "unplug", "plug")


def says_nothing(world: World, fault: Fault) -> None:
    """It prints, and nobody hears of it."""
    _within_a_paper(world, fault, "silent on", "silent off")


def answers_late(world: World, fault: Fault) -> None:
    """As through a slow print server; longer than anybody waits for a proof, now and then."""
    _within_a_paper(world, fault, f"answer after {1 + int(fault.how * 40)}", "answer after 0")


def is_slow(world: World, fault: Fault) -> None:
    """It still prints when the next thing happens: to it, to its till, or to the line between."""
    printer = world.tills[fault.node].printer
    if printer is not None:
        world.struck(fault)
        printer.paces(fault.one_of(LINES_A_S))
        world.ends(fault, lambda: printer.paces(0.0))


def _within_a_paper(world: World, fault: Fault, begin: str, end: str = "") -> None:
    """At some byte of what is printed next; where nothing is any more, it never was."""
    printer = world.tills[fault.node].printer
    if printer is None:
        return

    def strike() -> None:
        if not world.is_healing:
            world.struck(fault)
            wrong = printer.cable.order(begin)
            assert not wrong, wrong
            world.ends(fault, over)

    def over() -> None:
        if end:
            printer.order(end)

    printer.cable.machine.at(_byte(fault), strike)


def _byte(fault: Fault) -> int:
    return int(fault.how * 1_000 * PAPER_BYTES) % PAPER_BYTES
