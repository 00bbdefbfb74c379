"""A plan that breaks something is made short: fewer faults, hours, visits, tills and people, and the same thing breaks.

The best so far is always at hand, so that it may be stopped at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from msgspec.structs import replace

from simulator.plan import Fault, Plan, Shape, till_names

AFTER_S: Final = 1.0  # what was found on-line is found again if the world lives so much longer
HOURS_LEAST: Final = 0.25  # shorter, and a play is its own beginning and end

_T = TypeVar("_T")


class Breaks(NamedTuple):
    """What a play that breaks it tells: the moment of the world, and who had come."""

    ended_s: float
    visits: tuple[str, ...]


class OutOfTime(Exception):
    """No more plays."""


# Which of these plans breaks it, by its place; any of them, where several do. Raises OutOfTime.
FirstOf = Callable[[Sequence[Plan]], tuple[int, Breaks] | None]


class Shrinking:
    def __init__(self, plan: Plan, breaks: Breaks, first_of: FirstOf) -> None:
        self.best = plan
        self._breaks = breaks
        self._first_of = first_of

    def shrink(self) -> Plan:
        """Until nothing more can go, or the time is over."""
        try:
            self._to_the_moment()
            while self._is_any_enough(_halves(self.best)):
                self._to_the_moment()
            before = None
            while before != self.best:
                before = self.best
                self._faults()
                self._visits()
                while self._is_any_enough(_smaller(self.best)):
                    self._to_the_moment()
        except OutOfTime:
            pass
        return self.best

    def _is_any_enough(self, plans: Sequence[Plan]) -> bool:
        """One that breaks it still is the best so far. Raises OutOfTime."""
        return self._which(plans) is not None

    def _which(self, plans: Sequence[Plan]) -> int | None:
        if not plans or (found := self._first_of(plans)) is None:
            return None
        place, self._breaks = found
        self.best = plans[place]
        return place

    def _to_the_moment(self) -> None:
        if self._breaks.ended_s + AFTER_S < self.best.shape.hours * 3_600:
            self._is_any_enough([_until(self.best, (self._breaks.ended_s + AFTER_S) / 3_600)])

    def _faults(self) -> None:
        """Kinds first, for most have nothing to do with it."""
        for kind in dict.fromkeys(fault.kind for fault in self.best.faults):
            self._is_any_enough([_with(self.best, [one for one in self.best.faults if one.kind != kind])])
        least(self.best.faults, lambda some: self._which([_with(self.best, faults) for faults in some]))

    def _visits(self) -> None:
        """Who came, by name: a visit that is left out shifts no other."""
        visits = self._breaks.visits
        least(visits, lambda some: self._which([replace(self.best, visits=kept) for kept in some]))


def least(things: Sequence[_T], first_of: Callable[[list[tuple[_T, ...]]], int | None]) -> tuple[_T, ...]:
    """ddmin (Zeller, Hildebrandt 2002): so few of them that none can go alone, all of them being enough."""
    left, parts = tuple(things), 2
    while len(left) > 1:
        size = -(-len(left) // parts)
        chunks = [left[at : at + size] for at in range(0, len(left), size)]
        some = list(_candidates(chunks))
        if (place := first_of(some)) is not None:
            parts = 2 if place < len(chunks) else max(2, parts - 1)
            left = some[place]
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


def _halves(plan: Plan) -> list[Plan]:
    """Steps that make much shorter at once, those first that are soon played."""
    hours, faults = plan.shape.hours, plan.faults
    halves = [_until(plan, hours * part) for part in (0.125, 0.25, 0.5) if hours * part >= HOURS_LEAST]
    if faults:
        halves += [_with(plan, ()), *(_with(_until(plan, hours * part), ()) for part in (0.5, 0.25))]
        halves += [_with(plan, faults[: len(faults) // 2]), _with(plan, faults[len(faults) // 2 :])]
    return sorted((half for half in halves if half != plan), key=lambda half: half.shape.hours)


def _smaller(plan: Plan) -> list[Plan]:
    """As the world may be yet."""
    shape = plan.shape
    tills = [_of_shape(plan, replace(shape, tills=count)) for count in range(1, shape.tills)]
    hours = [_until(plan, shape.hours * part) for part in (0.5, 0.75) if shape.hours * part >= HOURS_LEAST]
    people = [count for count in dict.fromkeys((1, 2, 3, shape.people // 2)) if 0 < count < shape.people]
    return [*tills, *hours, *(_of_shape(plan, replace(shape, people=count)) for count in people)]


def _with(plan: Plan, faults: Sequence[Fault]) -> Plan:
    return replace(plan, faults=tuple(faults))


def _until(plan: Plan, hours: float) -> Plan:
    shape = replace(plan.shape, hours=round(hours, 6))
    return replace(plan, shape=shape, faults=tuple(one for one in plan.faults if one.at_s < hours * 3_600))


def _of_shape(plan: Plan, shape: Shape) -> Plan:
    """Tills that are no more have neither faults nor visits."""
    gone = set(till_names(plan.shape)) - set(till_names(shape))
    return replace(
        plan,
        shape=shape,
        faults=tuple(one for one in plan.faults if one.node not in gone),
        visits=tuple(one for one in plan.visits if one.partition("/")[0] not in gone),
    )
