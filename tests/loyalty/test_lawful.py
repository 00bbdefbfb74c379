"""L1: a discount of the POS that the law does not allow is an entry for the office, with what it is too cheap by."""

from __future__ import annotations

import pytest

from loyalty.bodies import SoldLine
from loyalty.lawful import is_price_itself, unlawful_discounts


def sold(**facts: object) -> SoldLine:
    line = {"id": "1", "name": "goods", "unit": "pc", "price_kopecks": 44_900, "quantity_m": 2000}
    sums = {"net_before_kopecks": 0, "discount_kopecks": 0, "net_kopecks": 0}
    return SoldLine(**{**line, **sums, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "cost"),
    [
        ({"category": "tobacco", "pos_discount_kopecks": 1}, 1),
        ({"category": "nicotine", "pos_discount_kopecks": 500}, 500),
        ({"category": "tobacco"}, None),
        ({"price_kopecks": 0}, None),
        ({"category": "excise", "pos_discount_kopecks": 500}, 500),  # it may be tobacco
        ({"category": "lottery", "category_told": "Табак", "pos_discount_kopecks": 500}, 500),
        ({"category": "lottery", "category_told": "bread", "pos_discount_kopecks": 500}, None),
        ({"category": "grocery", "pos_discount_kopecks": 500}, None),
        ({"category": "alcohol_strong", "least_price_kopecks": 40_900, "pos_discount_kopecks": 8_000}, None),
        ({"category": "alcohol_strong", "least_price_kopecks": 40_900, "pos_discount_kopecks": 8_001}, 1),
        ({"category": "alcohol_strong", "least_price_kopecks": 45_000}, 200),  # no discount at all, and too cheap
        ({"category": "tobacco", "least_price_kopecks": 45_000}, 200),
        ({"least_price_kopecks": 100, "price_kopecks": 99, "quantity_m": 1001, "unit": "kg"}, 2),  # 1.001 up, 0.99
    ],
)
def test_l1_how_much_a_line_is_too_cheap_by(facts: dict[str, object], cost: int | None) -> None:
    found = [
        (deviation.kind, deviation.cost_kopecks, deviation.note) for deviation in unlawful_discounts([sold(**facts)])
    ]
    assert found == ([] if cost is None else [("unlawful_discount", cost, "goods")])


def test_each_line_has_its_own() -> None:
    lines = [sold(name=name, category="tobacco", pos_discount_kopecks=5) for name in ("a", "b")]
    assert [deviation.note for deviation in unlawful_discounts(lines)] == ["a", "b"]


@pytest.mark.parametrize(
    ("facts", "cost"),
    [
        ({"category": "tobacco"}, 700),
        ({"category": "tobacco", "pos_discount_kopecks": 5}, 705),
        ({"category": "bread"}, None),
        ({"category": "alcohol_strong", "least_price_kopecks": 44_550}, None),
        ({"category": "alcohol_strong", "least_price_kopecks": 44_551}, 2),
        ({"category": "alcohol_strong"}, 700),  # how much it may cost nobody knows
    ],
)
def test_l1_points_that_a_pos_says_it_took_are_looked_at_where_nobody_saw_it(
    facts: dict[str, object], cost: int | None
) -> None:
    line = sold(**facts, discount_kopecks=700)
    found = [deviation.cost_kopecks for deviation in unlawful_discounts([line], witnessed=False)]
    assert found == ([] if cost is None else [cost])


@pytest.mark.parametrize(("least", "itself"), [(44_900, False), (44_901, True), (None, False)])
def test_l1_a_price_that_is_too_low_by_itself_is_told_from_a_discount(least: int | None, itself: bool) -> None:
    assert is_price_itself(sold(least_price_kopecks=least, pos_discount_kopecks=10_000)) is itself
