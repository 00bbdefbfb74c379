"""What is played, as data: a seed, how large the world is, and the faults. The same plan is the same life, and one with
a fault less is the same life without it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, TypeVar

import msgspec

HUB: Final = "hub"

_T = TypeVar("_T")


class Shape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`people` share the visits as unequally as `skew` says: 0 alike, 1 as words in a language. `stories`: of these
    only; none: of all. `devices`: every till has its printer and its scanner, and what comes out is read. A small world
    shows much when what happens away from the tills (`away`) and faults (`struck`, of these `kinds` only; none: as the
    seed draws) are so many times as frequent. `slow`: so many of a till's looks at the hub come late."""

    programme: str = "alenka"
    tills: int = 4
    hours: float = 24.0
    people: int = 12
    visits_an_hour: float = 2.0  # at each till
    skew: float = 1.0
    devices: bool = False
    stories: tuple[str, ...] = ()
    away: float = 1.0
    struck: float = 1.0
    slow: float = 0.0
    kinds: tuple[str, ...] = ()


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kind`: a row of simulator/faults/table.py. `node`: a till's name, or the hub. `how`, from 0 to 1, says which of
    the ways in which such a fault may go."""

    at_s: float
    kind: str
    node: str
    lasts_s: float = 0.0
    how: float = 0.0

    def one_of(self, ways: Sequence[_T]) -> _T:
        return ways[min(int(self.how * len(ways)), len(ways) - 1)]


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`faults` in the order of their moments. `visits`: of these only, by their names; none: of all."""

    seed: int
    shape: Shape = Shape()
    faults: tuple[Fault, ...] = ()
    visits: tuple[str, ...] = ()

    def without(self, numbers: Collection[int]) -> Plan:
        """Of its faults."""
        left = tuple(fault for number, fault in enumerate(self.faults) if number not in numbers)
        return msgspec.structs.replace(self, faults=left)


def till_names(shape: Shape) -> tuple[str, ...]:
    return tuple(f"t{number}" for number in range(1, shape.tills + 1))


def store_of(till: str) -> str:
    """Each stands in a store of its own."""
    return f"s-{till}"


def written(plan: Plan) -> str:
    """As one line, for whoever plays it again."""
    return msgspec.json.encode(plan).decode()


def read(text: str) -> Plan:
    """Raises msgspec.DecodeError."""
    return msgspec.json.decode(text, type=Plan)
