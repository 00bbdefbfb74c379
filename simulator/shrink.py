"""A plan that breaks something is made short: fewer faults, hours, visits, tills and people, and the same thing breaks.

The best so far is always at hand, so that it may be stopped at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from msgspec.structs import replace

from simulator.plan import Plan, Shape, till_names

AFTER_S: Final = 1.0  # what was found on-line is found again if the world lives so much longer
HOURS_LEAST: Final = 0.25  # shorter, and a play is its own beginning and end

_T = TypeVar("_T")


class Breaks(NamedTuple):
    """What a play that breaks it tells: the moment of the world, and who had come."""

    ended_s: float
    visits: tuple[str, ...]


Tries = Callable[[Plan], Breaks | None]  # None: that plan doesn't break it


class OutOfTime(Exception):
    """No more plays."""


class Shrinking:
    """`has_time`: asked before each play."""

    def __init__(self, plan: Plan, breaks: Breaks, tries: Tries, has_time: Callable[[], bool]) -> None:
        self.best = plan
        self.plays = 0
        self._breaks = breaks
        self._tries = tries
        self._has_time = has_time

    def shrink(self) -> Plan:
        """Until nothing more can go, or the time is over."""
        try:
            before = None
            while before != self.best:
                before = self.best
                self._hours()
                self._faults()
                self._visits()
                self._world()
        except OutOfTime:
            pass
        return self.best

    def _is_enough(self, plan: Plan) -> bool:
        """If it breaks it still, it is the best so far. Raises OutOfTime."""
        if not self._has_time():
            raise OutOfTime
        self.plays += 1
        if (breaks := self._tries(plan)) is None:
            return False
        self.best, self._breaks = plan, breaks
        return True

    # in turn

    def _hours(self) -> None:
        """To the moment at which it broke; then to ever less, for what was only seen in the end."""
        end_s = self.best.shape.hours * 3_600
        if self._breaks.ended_s + AFTER_S < end_s:
            self._is_enough(_until(self.best, (self._breaks.ended_s + AFTER_S) / 3_600))
        for part in (0.125, 0.25, 0.5, 0.75):
            while (hours := self.best.shape.hours * part) >= HOURS_LEAST and self._is_enough(_until(self.best, hours)):
                pass

    def _faults(self) -> None:
        """Kinds first, for most have nothing to do with it."""
        if not self.best.faults or self._is_enough(replace(self.best, faults=())):
            return
        for kind in dict.fromkeys(fault.kind for fault in self.best.faults):
            self._is_enough(replace(self.best, faults=tuple(one for one in self.best.faults if one.kind != kind)))
        least(self.best.faults, lambda faults: self._is_enough(replace(self.best, faults=faults)))

    def _visits(self) -> None:
        """Who came, by name: a visit that is left out shifts no other."""
        least(self._breaks.visits, lambda visits: bool(visits) and self._is_enough(replace(self.best, visits=visits)))

    def _world(self) -> None:
        for shape in _smaller(self.best.shape):
            self._is_enough(_of_shape(self.best, shape))


def least(things: Sequence[_T], is_enough: Callable[[tuple[_T, ...]], bool]) -> tuple[_T, ...]:
    """ddmin (Zeller, Hildebrandt 2002): so few of them that none can go alone, all of them being enough."""
    left, parts = tuple(things), 2
    while len(left) > 1:
        size = -(-len(left) // parts)
        chunks = [left[at : at + size] for at in range(0, len(left), size)]
        if smaller := next((some for some in _candidates(chunks) if is_enough(some)), None):
            parts = max(2, parts - 1) if len(smaller) > size else 2
            left = smaller
        elif parts >= len(left):
            break
        else:
            parts = min(len(left), parts * 2)
    return left


def _candidates(chunks: list[tuple[_T, ...]]) -> Iterator[tuple[_T, ...]]:
    """One alone, and all but one; of two chunks these are the same."""
    yield from chunks
    if len(chunks) > 2:
        for number in range(len(chunks)):
            yield tuple(one for other, chunk in enumerate(chunks) if other != number for one in chunk)


def _until(plan: Plan, hours: float) -> Plan:
    shape = replace(plan.shape, hours=round(hours, 6))
    return replace(plan, shape=shape, faults=tuple(one for one in plan.faults if one.at_s < hours * 3_600))


def _smaller(shape: Shape) -> Iterator[Shape]:
    for tills in range(1, shape.tills):
        yield replace(shape, tills=tills)
    for people in (1, 2, 3, shape.people // 2):
        if 0 < people < shape.people:
            yield replace(shape, people=people)


def _of_shape(plan: Plan, shape: Shape) -> Plan:
    """Tills that are no more have neither faults nor visits."""
    gone = set(till_names(plan.shape)) - set(till_names(shape))
    return replace(
        plan,
        shape=shape,
        faults=tuple(one for one in plan.faults if one.node not in gone),
        visits=tuple(one for one in plan.visits if one.partition("/")[0] not in gone),
    )
