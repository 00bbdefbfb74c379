"""A scanner whose plug falls out in the middle of codes, whose trigger bounces, or whose line brings noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.scanner import Share
    from simulator.world import World

SOME: Final = 0.5  # of the codes


def is_loose(world: World, fault: Fault) -> None:
    _for_a_while(world, fault, "loose")


def bounces(world: World, fault: Fault) -> None:
    _for_a_while(world, fault, "bounces")


def is_noisy(world: World, fault: Fault) -> None:
    _for_a_while(world, fault, "noisy")


def _for_a_while(world: World, fault: Fault, share: Share) -> None:
    scanner = world.tills[fault.node].scanner
    if scanner is not None:
        scanner.struck[share] = lambda: world.struck(fault)
        setattr(scanner, share, SOME)
        world.ends(fault, lambda: setattr(scanner, share, 0.0))
