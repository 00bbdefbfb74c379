"""Chance, of which each thing that happens has a stream of its own, called by its name: whatever is left out of a plan
shifts nothing else."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


def stream(seed: int, name: str) -> random.Random:
    """The same for the same name, on every machine and under every PYTHONHASHSEED."""
    return random.Random(f"{seed}/{name}")


def weighed(chance: random.Random, weights: Sequence[tuple[_T, float]]) -> _T:
    """One of them, as often as it weighs."""
    things = [thing for thing, _ in weights]
    return chance.choices(things, [weight for _, weight in weights])[0]
