"""Amounts and quantities as text, and rounding."""

from __future__ import annotations

import pytest

from loyalty.money import (
    BadNumber,
    ceil_div,
    format_kopecks,
    format_quantity_m,
    half_up,
    parse_kopecks,
    parse_quantity_m,
    shown,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [(0, 1000, 0), (499, 1000, 0), (500, 1000, 1), (1499, 1000, 1), (1, 3, 0), (2, 3, 1)],
)
def test_halves_go_up(numerator: int, denominator: int, whole: int) -> None:
    assert half_up(numerator, denominator) == whole


@pytest.mark.parametrize(("numerator", "whole"), [(0, 0), (1, 1), (999, 1), (1000, 1), (1001, 2)])
def test_ceil_div(numerator: int, whole: int) -> None:
    assert ceil_div(numerator, 1000) == whole


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("0", 0),
        ("0.01", 1),
        ("89.9", 8990),
        ("89.90", 8990),
        ("300", 30000),
        ("999999999.99", 99_999_999_999),
        ("007", 700),
    ],
)
def test_an_amount(text: str, kopecks: int) -> None:
    assert parse_kopecks(text) == kopecks


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "-1",
        "+1",
        "1.",
        ".5",
        "1.001",
        "1,50",
        "1e3",
        "NaN",
        "1_0",
        "٣",
        "²",
        "1000000000",
        "1.5\n",
        "0x1",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(BadNumber) as caught:
        parse_kopecks(text)
    assert str(caught.value) == f"{shown(text)} is not an amount in rubles; write it like 89.90, not negative"


@pytest.mark.parametrize(
    ("text", "quantity_m"), [("2", 2000), ("2.000", 2000), ("0.347", 347), ("0.5", 500), ("999999.999", 999_999_999)]
)
def test_a_quantity(text: str, quantity_m: int) -> None:
    assert parse_quantity_m(text) == quantity_m


@pytest.mark.parametrize("text", ["", "-1", "1.0000", "1e9", "1000000", "1.5\n", "٣"])
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(BadNumber) as caught:
        parse_quantity_m(text)
    assert str(caught.value) == f"{shown(text)} is not a quantity; write it like 2 or 0.347, not negative"


@pytest.mark.parametrize(
    ("kopecks", "text"), [(0, "0.00"), (5, "0.05"), (8990, "89.90"), (-150, "-1.50"), (-1, "-0.01")]
)
def test_kopecks_as_text(kopecks: int, text: str) -> None:
    assert format_kopecks(kopecks) == text


@pytest.mark.parametrize(("quantity_m", "text"), [(1000, "1"), (347, "0.347"), (47_800, "47.800"), (1005, "1.005")])
def test_quantities_as_text(quantity_m: int, text: str) -> None:
    assert format_quantity_m(quantity_m) == text


def test_hostile_text_is_shown_short_and_in_ascii() -> None:
    assert shown("a" * 40) == "'" + "a" * 40 + "'"
    assert shown("a" * 41) == "'" + "a" * 37 + "...'"
    assert shown("\x1b[31m") == r"'\x1b[31m'"
