"""A plan that breaks something becomes short, and still breaks the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from simulator import world
from simulator.broken import Broken
from simulator.plan import Fault, Plan, Shape
from simulator.planning import planned
from simulator.running import broken_by, ended, shrunk
from simulator.shrink import Breaks, FirstOf, OutOfTime, Shrinking, least
from simulator.world import World

AT_S = 4 * 3_600.0  # of the day, it broke


def one_by_one(tries: Callable[[Plan], Breaks | None], plays: int = 10_000) -> FirstOf:
    """So many of them, and the time is over."""
    played = [0]

    def first_of(plans: Sequence[Plan]) -> tuple[int, Breaks] | None:
        for place, plan in enumerate(plans):
            played[0] += 1
            if played[0] > plays:
                raise OutOfTime
            if (breaks := tries(plan)) is not None:
                return place, breaks
        return None

    return first_of


def breaks_with(*needed: Fault, till: str = "t1", visit: str = "t1/3") -> Callable[[Plan], Breaks | None]:
    """As if these faults together broke it, once this visit had come."""

    def tries(plan: Plan) -> Breaks | None:
        visits = plan.visits or tuple(f"t{number}/{count}" for number in (1, 2, 3, 4, 5) for count in range(1, 11))
        is_broken = (
            all(one in plan.faults for one in needed)
            and visit in visits
            and plan.shape.hours * 3_600 >= AT_S
            and plan.shape.tills >= int(till.removeprefix("t"))
        )
        return Breaks(AT_S, visits) if is_broken else None

    return tries


def test_two_faults_that_break_it_together_are_what_is_left() -> None:
    plan = planned(1, Shape(tills=5, hours=48.0))
    early = [fault for fault in plan.faults if fault.at_s < AT_S and fault.node == "t1"]
    first, second = early[len(early) // 3], early[-2]
    tries = breaks_with(first, second)
    short = Shrinking(plan, Breaks(AT_S, ()), one_by_one(tries)).shrink()
    assert short.faults == (first, second)
    assert short.visits == ("t1/3",)
    assert short.shape.hours * 3_600 == pytest.approx(AT_S + 1)
    assert (short.shape.tills, short.shape.people) == (1, 1)
    assert short.seed == plan.seed


def test_what_breaks_without_faults_is_left_without() -> None:
    short = Shrinking(planned(2), Breaks(AT_S, ()), one_by_one(breaks_with())).shrink()
    assert short.faults == ()


def test_when_the_time_is_over_the_best_so_far_is_told() -> None:
    plan = planned(1, Shape(tills=5, hours=48.0))
    needed = plan.faults[0]
    short = Shrinking(plan, Breaks(AT_S, ()), one_by_one(breaks_with(needed), plays=6)).shrink()
    assert needed in short.faults
    assert 1 < len(short.faults) < len(plan.faults)


@pytest.mark.parametrize("needed", [(0,), (19,), (3, 4), (0, 10, 19), tuple(range(20))])
def test_ddmin_leaves_what_is_needed_and_no_more(needed: tuple[int, ...]) -> None:
    def first_of(several: list[tuple[int, ...]]) -> int | None:
        return next((place for place, some in enumerate(several) if set(needed) <= set(some)), None)

    assert least(range(20), first_of) == needed


def test_a_life_that_breaks_is_made_short_by_living_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """An oracle that dislikes a crash of one till after a cut of another's link."""

    def dislikes(played: World) -> None:
        kinds = [(fault.kind, fault.node) for fault in played.plan.faults]
        if ("cut", "t2") in kinds and ("crash", "t1") in kinds[kinds.index(("cut", "t2")) :]:
            raise Broken("all is to its taste", "it is not")

    monkeypatch.setattr(world, "check_at_the_end", dislikes)
    shape = Shape(tills=2, hours=1.3, people=3)
    plan = Plan(
        seed=5,
        shape=shape,
        faults=tuple(
            Fault(at_s=600.0 * number, kind=kind, node=f"t{1 + number % 2}", lasts_s=60.0)
            for number, kind in enumerate(("doubles", "cut", "holds_up", "crash", "loses", "crash", "crash", "cut"))
        ),
    )
    one = ended(plan)
    assert one.invariant == "all is to its taste"
    short = shrunk(plan, one.breaks, one.invariant, seconds=60.0)
    assert [(fault.kind, fault.node) for fault in short.faults] == [("cut", "t2"), ("crash", "t1")]
    assert len(short.visits) <= 1
    assert broken_by(short, "all is to its taste") is not None
    assert broken_by(short, "another") is None
