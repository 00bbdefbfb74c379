"""L1: the law's least prices by kind, strength, volume and day; and that the tables say where they come from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.law import LAW, LawError, load_law, read_law
from loyalty.categories import BUILT_IN
from loyalty.least_price import Least, LeastPrice, category_of_kind, known_to, least_price

DAY = date(2026, 6, 1)


def least(kind: str | None, strength: int | None, volume: int | None, day: date = DAY) -> int | None:
    found = least_price(load_law(), kind, strength, volume, day)
    return found.kopecks if found else None


@pytest.mark.parametrize(
    ("kind", "strength", "volume", "kopecks"),
    [
        ("vodka", 4000, 500, 40_900),
        ("vodka", 4000, 700, 57_260),
        ("vodka", 4000, 250, 20_450),
        ("vodka", 4000, 1, 82),  # 81.8 kopecks: rounded up, for rounded down would be below the law
        ("vodka", 3750, 500, 40_900),
        ("vodka", 4001, 500, None),  # no source says what stronger vodka costs
        ("vodka", 2800, 500, None),  # the order is for what is above 28 %
        ("vodka", 2801, 500, 40_900),
        ("vodka", None, 500, None),  # it may be a stronger one
        ("vodka", 4000, None, None),
        ("brandy", None, 500, 60_500),
        ("cognac", 4200, 500, 75_500),
        ("whisky", 4000, 700, 105_700),
        ("sparkling_wine", None, 750, 23_900),
        ("sparkling_wine", 1150, 1500, 47_800),
        ("moonshine", 4000, 500, None),
        (None, 4000, 500, None),
    ],
)
def test_l1_a_bottle_has_its_least_price(
    kind: str | None, strength: int | None, volume: int | None, kopecks: int | None
) -> None:
    assert least(kind, strength, volume) == kopecks


@pytest.mark.parametrize(
    ("day", "kopecks"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), 34_900),
        (date(2025, 12, 31), 34_900),
        (date(2026, 1, 1), 40_900),
        (date(2026, 12, 31), 40_900),
        (date(2027, 1, 1), None),  # a price of last year is no price
    ],
)
def test_l1_a_table_holds_from_its_first_day_to_its_last(day: date, kopecks: int | None) -> None:
    assert least("vodka", 4000, 500, day) == kopecks


def test_where_two_tables_speak_the_higher_price_counts() -> None:
    row = {"kinds": ("gin",), "category": "alcohol_strong", "per_ml": 500, "first_day": DAY, "last_day": DAY}
    rows = [LeastPrice(table=name, kopecks=kopecks, **row) for name, kopecks in (("a", 3), ("b", 5), ("c", 4))]  # type: ignore[arg-type]
    assert least_price(rows, "gin", None, 500, DAY) == Least(5, "b")


def test_a_kind_says_what_goods_are_at_least() -> None:
    assert category_of_kind(load_law(), "vodka") == "alcohol_strong"
    assert category_of_kind(load_law(), "sparkling_wine") == "sparkling_wine"
    assert category_of_kind(load_law(), "kefir") is None


def test_every_table_has_a_source_and_a_category_of_every_programme() -> None:
    assert len(list(LAW.glob("*.toml"))) >= 3
    for path in LAW.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert 'source = "' in text, path.name
        assert {row.table for row in read_law(path)} == {path.stem}
    assert {row.category for row in load_law()} <= set(BUILT_IN)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ('volume = "0.5"|volume = "0"', "volume: is nothing"),
        ("last_day = 2026-12-31|last_day = 2025-12-31", "last_day: lies before first_day"),
        ("category|kategory", "category: is missing"),
        ('price = "409.00"|price = "409.00"\ncolour = 1', r"prices[0].colour: is unknown"),
        ("source|whence", "source: is missing"),
    ],
)
def test_a_table_that_is_wrong_says_where(tmp_path: Path, wrong: str, complaint: str) -> None:
    before, after = wrong.split("|")
    path = tmp_path / "mine.toml"
    path.write_text((LAW / "alcohol-2026.toml").read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(LawError) as caught:
        read_law(path)
    assert complaint in str(caught.value)
    assert str(path) in str(caught.value)


def test_the_tables_are_known_to_the_day_on_which_the_first_category_has_none() -> None:
    assert known_to(load_law()) == date(2026, 12, 31)
    assert known_to(()) == date.max
