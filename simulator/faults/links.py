"""A network that loses, doubles, delays and reorders what is sent, or carries nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World


def is_cut(world: World, fault: Fault) -> None:
    """It strikes when something is to be sent."""
    weather = world.tills[fault.node].link.weather
    weather.cut += 1
    weather.cut_by.append(fault)

    def over() -> None:
        weather.cut -= 1
        weather.cut_by.remove(fault)

    world.ends(fault, over)


def is_cut_in_talk(world: World, fault: Fault) -> None:
    """As soon as something is to be sent."""

    def strike() -> None:
        if not world.is_healing:
            is_cut(world, fault)

    world.tills[fault.node].link.weather.coming.append(strike)


def loses(world: World, fault: Fault) -> None:
    """Requests, answers, or both."""
    world.struck(fault)
    weather = world.tills[fault.node].link.weather
    weather.loses_requests = 0.5 if fault.how < 0.66 else 0.0
    weather.loses_answers = 0.5 if fault.how > 0.33 else 0.0

    def over() -> None:
        weather.loses_requests = weather.loses_answers = 0.0

    world.ends(fault, over)


def doubles(world: World, fault: Fault) -> None:
    world.struck(fault)
    weather = world.tills[fault.node].link.weather
    weather.doubles = 0.5

    def over() -> None:
        weather.doubles = 0.0

    world.ends(fault, over)


def holds_up(world: World, fault: Fault) -> None:
    """What is held up comes after what was sent later."""
    world.struck(fault)
    weather = world.tills[fault.node].link.weather
    weather.holds_up = 0.3

    def over() -> None:
        weather.holds_up = 0.0

    world.ends(fault, over)
