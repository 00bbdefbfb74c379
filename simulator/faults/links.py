"""A network that loses, doubles, delays and reorders what is sent, or carries nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World


def is_cut(world: World, fault: Fault) -> None:
    weather = world.tills[fault.node].link.weather
    weather.cut += 1

    def over() -> None:
        weather.cut -= 1

    world.ends(fault, over)


def loses(world: World, fault: Fault) -> None:
    """Requests, answers, or both."""
    weather = world.tills[fault.node].link.weather
    weather.loses_requests = 0.5 if fault.how < 0.66 else 0.0
    weather.loses_answers = 0.5 if fault.how > 0.33 else 0.0

    def over() -> None:
        weather.loses_requests = weather.loses_answers = 0.0

    world.ends(fault, over)


def doubles(world: World, fault: Fault) -> None:
    weather = world.tills[fault.node].link.weather
    weather.doubles = 0.5

    def over() -> None:
        weather.doubles = 0.0

    world.ends(fault, over)


def holds_up(world: World, fault: Fault) -> None:
    """What is held up comes after what was sent later."""
    weather = world.tills[fault.node].link.weather
    weather.holds_up = 0.3

    def over() -> None:
        weather.holds_up = 0.0

    world.ends(fault, over)
