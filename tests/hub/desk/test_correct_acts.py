"""Points put right at a desk, and how far."""

from __future__ import annotations

from typing import Any

from tests.hub.desk.conftest import Desk


def test_a_till_puts_nobody_deeper_into_debt_than_one_person_gives_alone(desk: Desk) -> None:
    """It may name anybody of its store: whoever has it in his hands has all of their rights."""
    asked: dict[str, Any] = {"who": "cardanna", "reason": "found out", "into_debt": True}
    assert desk.refusal("correct_points", points=-1_000_000, **asked) == "too_few_points"
    assert desk.office.balance() == 150
    assert desk.ask("correct_points", points=-200, key="t1/k", **asked).points == -50
    assert desk.ask("correct_points", points=-200, key="t1/k", **asked).before is not None
    assert desk.ask("correct_points", points=-1_000_000, till="", **asked).changed, "the office answers for itself"
    assert desk.office.verdict().faults == ()
