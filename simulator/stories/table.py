"""Which stories there are, how often each is told, and which kinds of operations it makes.

A kind of the program's table (loyalty/kinds.py) that no story makes is a red test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from simulator.stories.returns import brings_back, brings_back_again
from simulator.stories.sale import buys
from simulator.story import Story
from simulator.visit import Visit


class Told(NamedTuple):
    """`makes`: names of kinds."""

    tell: Callable[[Visit], Story]
    weight: float
    makes: frozenset[str]


STORIES: Final = {
    "buys": Told(buys, 10.0, frozenset(("sale", "hold_voided"))),
    "brings_back": Told(brings_back, 1.5, frozenset(("return",))),
    "brings_back_again": Told(brings_back_again, 0.2, frozenset(("return",))),
}
