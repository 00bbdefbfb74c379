"""What is done away from the tills, how often, and which kinds of operations it makes: beside
simulator/stories/table.py, in the same shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from simulator.away import points
from simulator.away.matter import Errand, Matter


class Away(NamedTuple):
    """`an_hour`: for each till of the chain, on average; `makes`: names of kinds."""

    tell: Callable[[Matter], Errand]
    an_hour: float
    makes: frozenset[str]


AWAY: Final = {
    "corrects": Away(points.corrects, 0.06, frozenset({"adjustment"})),
    "until_tonight": Away(points.until_tonight, 0.02, frozenset({"adjustment", "expiry"})),
    "gives": Away(points.gives, 0.03, frozenset({"grant"})),
}
