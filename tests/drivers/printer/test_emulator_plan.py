"""Fault plans: what a file may say, and that a wrong one is told with what is allowed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from drivers.printer.emulator import plan as plan_module
from drivers.printer.emulator.orders import ORDERS
from drivers.printer.emulator.plan import PlanError, plan_of

EXAMPLES = sorted((Path(plan_module.__file__).parent / "plans").glob("*.toml"))


def test_a_plan_becomes_orders() -> None:
    text = """
    [[fault]]
    at_byte = 300
    do = "paper out"
    [[fault]]
    at_line = 12
    do = "power cycle"
    [[fault]]
    after_s = 2.5
    do = "cover open"
    """
    assert [fault.order for fault in plan_of(tomllib.loads(text))] == [
        "at 300 paper out",
        "at line 12 power cycle",
        "after 2.5 cover open",
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_plans(path: Path) -> None:
    assert plan_of(tomllib.loads(path.read_text("utf-8")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", ("'x'", "[[fault]]")),
        ("fault = 1", ("[[fault]]",)),
        ('[[fault]]\nat_bite = 1\ndo = "tear"', ("fault 1", "'at_bite'", "at_byte")),
        ('[[fault]]\nat_byte = 1\ndo = "tear"\n[[fault]]\nat_byte = 1\ndo = "dance"', ("fault 2", "'dance'", *ORDERS)),
        ("[[fault]]\nat_byte = 1", ("do = None", "paper out")),
        ('[[fault]]\ndo = "tear"', ("exactly one of at_byte, at_line, after_s", "0")),
        ('[[fault]]\nat_byte = 1\nat_line = 1\ndo = "tear"', ("exactly one", "2")),
        ('[[fault]]\nat_byte = -1\ndo = "tear"', ("at_byte = -1", "whole number")),
        ('[[fault]]\nat_byte = 1.5\ndo = "tear"', ("at_byte = 1.5", "whole number")),
        ('[[fault]]\nat_byte = true\ndo = "tear"', ("at_byte = True",)),
        ('[[fault]]\nafter_s = "1"\ndo = "tear"', ("after_s = '1'", "seconds")),
        ('[[fault]]\nafter_s = nan\ndo = "tear"', ("after_s = nan",)),
        ('[[fault]]\nafter_s = 1e9\ndo = "tear"', ("86400",)),
        ('[[fault]]\nat_byte = 1\ndo = ["tear"]', ("['tear']",)),
        ('[[fault]]\nat_byte = 1\ndo = "answer after nan"', ("answer after SECONDS",)),
    ],
)
def test_a_wrong_plan_is_told_with_what_is_allowed(text: str, said: tuple[str, ...]) -> None:
    with pytest.raises(PlanError) as error:
        plan_of(tomllib.loads(text))
    assert all(word in str(error.value) for word in said)
    assert "\n" not in str(error.value)
