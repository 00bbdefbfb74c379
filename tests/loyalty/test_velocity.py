"""SEC7: what rings, and what does not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from config.programmes import load_programme
from loyalty.programme import VelocityRules
from loyalty.velocity import DAY_S, HOUR_S, MONTH_S, USES_MAX, Ring, Use, Watched, ordered, used

ALENKA = load_programme("alenka").velocity
NOON = 1_790_000_000
YEAR_S = 365 * DAY_S


def purchase(number: int, at: int, till: str = "t1", by: str = "", points: int = 1) -> Use:
    return Use(at, till, 1, number, by, points)


def rung(rules: VelocityRules, uses: Sequence[Use], *, staff: bool = False) -> list[tuple[int, Ring]]:
    """Which rings, with how many uses there were by then."""
    watched, found = Watched(staff=staff), list[tuple[int, Ring]]()
    for number, use in enumerate(uses, 1):
        watched, rings = used(watched, use, rules)
        found += [(number, ring) for ring in rings]
    return found


MINUTE_S = 60
# rule, its rules, uses that are ordinary, and one more: (seconds after noon, till, whose hands)
CASES = {
    "card_hour": (VelocityRules(card_hour=2), [(0, "a", ""), (3_599, "a", "")], (3_599, "a", "")),
    "card_day": (VelocityRules(card_day=2), [(0, "a", ""), (DAY_S - 1, "b", "")], (DAY_S - 1, "c", "")),
    "card_month": (VelocityRules(card_month=2), [(0, "a", ""), (DAY_S, "b", "")], (MONTH_S - 1, "c", "")),
    "cashier_month": (VelocityRules(cashier_month=1), [(0, "a", "x")], (DAY_S, "b", "x")),
    "tills": (VelocityRules(tills=1, tills_minutes=10), [(0, "a", "")], (10 * MINUTE_S - 1, "b", "")),
}
# what is like it and rings nothing
QUIET = {
    "an hour later": (VelocityRules(card_hour=1), [(0, "a", ""), (HOUR_S, "a", "")]),
    "at another till": (VelocityRules(card_hour=1), [(0, "a", ""), (1, "b", "")]),
    "a day later": (VelocityRules(card_day=1), [(0, "a", ""), (DAY_S, "a", "")]),
    "a month later": (VelocityRules(card_month=1), [(0, "a", ""), (MONTH_S, "a", "")]),
    "by other hands": (VelocityRules(cashier_month=1), [(0, "a", "x"), (1, "a", "y")]),
    "by nobody's hands": (VelocityRules(cashier_month=1), [(0, "a", ""), (1, "a", "")]),
    "the same till again": (VelocityRules(tills=1), [(0, "a", ""), (1, "a", "")]),
    "another till, later": (VelocityRules(tills=1, tills_minutes=10), [(0, "a", ""), (600, "b", "")]),
    "nobody's card of staff": (VelocityRules(staff_day=1, staff_month=1), [(0, "a", ""), (1, "a", "")]),
    "no rules": (VelocityRules(), [(0, "a", "x")] * 30),
}


def told(uses: Sequence[tuple[int, str, str]]) -> list[Use]:
    return [purchase(number, NOON + at, till, by) for number, (at, till, by) in enumerate(uses, 1)]


@pytest.mark.parametrize("rule", CASES)
def test_one_more_than_is_ordinary_rings(rule: str) -> None:
    rules, uses, more = CASES[rule]
    assert rung(rules, told(uses)) == []
    [(number, ring)] = rung(rules, told([*uses, more]))
    assert number == len(uses) + 1 and ring.rule == rule
    assert (ring.count, ring.most, len(ring.uses)) == (len(uses) + 1, len(uses), len(uses) + 1)


@pytest.mark.parametrize("what", QUIET)
def test_what_is_ordinary_rings_nothing(what: str) -> None:
    rules, uses = QUIET[what]
    assert rung(rules, told(uses)) == []


@pytest.mark.parametrize("rule", ["staff_day", "staff_month"])
def test_a_card_of_staff_has_bounds_of_its_own(rule: str) -> None:
    bounds: dict[str, Any] = {rule: 1}
    rules = VelocityRules(**bounds)
    apart = HOUR_S if rule == "staff_day" else 2 * DAY_S
    uses = told([(0, "a", ""), (apart, "b", "")])
    assert [ring.rule for _, ring in rung(rules, uses, staff=True)] == [rule]
    assert rung(rules, uses) == []


@pytest.mark.parametrize("rule", CASES)
def test_it_rings_in_whichever_order_they_come(rule: str) -> None:
    """A till that was offline tells late."""
    rules, uses, more = CASES[rule]
    assert [ring.rule for _, ring in rung(rules, told([*uses, more])[::-1])] == [rule]


def test_it_rings_once_in_its_time_and_then_again() -> None:
    rules = VelocityRules(card_day=2)
    uses = [purchase(number, NOON + number * HOUR_S) for number in range(49)]
    assert [number for number, _ in rung(rules, uses)] == [3, 27]


def test_60_sales_in_a_row_on_one_card_ring_at_the_fourth() -> None:
    """SEC7."""
    uses = [purchase(number, NOON + number * MINUTE_S) for number in range(60)]
    assert [(number, ring.rule) for number, ring in rung(ALENKA, uses)] == [
        (4, "card_hour"),
        (6, "card_day"),
        (19, "card_month"),
    ]


def test_what_is_kept_of_a_card_is_bounded() -> None:
    watched = Watched()
    for number in range(USES_MAX + 50):
        watched, _ = used(watched, purchase(number, NOON + number), ALENKA)
    assert len(watched.uses) == USES_MAX and watched.uses[-1].sequence == USES_MAX + 49


@pytest.mark.parametrize(
    ("rules", "points", "ring"),
    [
        (VelocityRules(by_day=2), (1, 1, 1), ("by_day", 3)),
        (VelocityRules(by_points=10), (-5, 5, -1), ("by_points", 11)),
        (VelocityRules(by_points=10), (11,), ("by_points", 11)),
        (VelocityRules(by_day=3, by_points=10), (5, -5, 0), None),
    ],
)
def test_what_one_person_orders_in_a_day(
    rules: VelocityRules, points: tuple[int, ...], ring: tuple[str, int] | None
) -> None:
    watched, rings = Watched(), list[Ring]()
    for number, some in enumerate(points):
        watched, found = ordered(watched, Use(NOON + number, "office", 1, number, "Olga", some), rules)
        rings += found
    assert [(one.rule, one.count) for one in rings] == ([ring] if ring else [])


def members_of_a_year(dice: random.Random) -> list[list[Use]]:
    """Ordinary ones, of at most fifty purchases, at four tills with six people; some forget something and come back."""
    members = []
    for _ in range(800):
        moments = sorted(dice.randrange(YEAR_S) for _ in range(dice.randint(1, 47)))
        moments += [moment + dice.randrange(60, HOUR_S) for moment in moments if dice.random() < 0.03]
        members.append(
            [
                purchase(number, NOON + at, f"t{dice.randint(1, 4)}", f"c{dice.randint(1, 6)}")
                for number, at in enumerate(sorted(moments)[:50])
            ]
        )
    return members


def test_a_cashiers_own_card_rings_within_20_of_its_950_uses_and_no_member_does() -> None:
    """SEC7."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    assert [rings for member in members_of_a_year(dice) if (rings := rung(ALENKA, member))] == []
    own = [purchase(number, NOON + number * YEAR_S // 950, f"t{1 + number % 4}", "c1") for number in range(950)]
    assert rung(ALENKA, own)[0][0] <= 20
    assert rung(ALENKA, own, staff=True)[0][0] <= 13
    at_random = sorted(dice.randrange(YEAR_S) for _ in range(950))
    assert rung(ALENKA, [purchase(number, NOON + at, "t1", "c1") for number, at in enumerate(at_random)])[0][0] <= 20


def brought(number: int, at: int, sold_at: str, sold_by: str) -> Use:
    return Use(NOON + at, "account", 1, number, "member", 5, sold_at, sold_by)


def test_receipts_of_one_till_or_of_one_cashier_that_are_brought_ring() -> None:
    rules = VelocityRules(claims_month=1)
    for quiet in ((("a", ""), ("b", "")), (("a", "x"), ("b", "y")), (("a", "x"), ("", ""))):
        assert rung(rules, [brought(n, n, *sold) for n, sold in enumerate(quiet)]) == []
    for alike in ((("a", ""), ("a", "")), (("a", "x"), ("b", "x"))):
        ((_, ring),) = rung(rules, [brought(n, n, *sold) for n, sold in enumerate(alike)])
        assert (ring.rule, ring.count, ring.most) == ("claims_month", 2, 1)
    assert rung(rules, [purchase(n, NOON + n) for n in range(3)]) == [], "cards that were shown are none"
