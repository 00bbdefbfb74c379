"""Positions for the fiscal device, field by field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loyalty.allocation import allocate
from loyalty.basket import BadBasket, Line, LineFacts, Unit
from loyalty.money import half_up
from loyalty.positions import Position, pieces, positions, weighed


def test_pieces_at_one_price() -> None:
    assert pieces(3000, 900) == (Position(3000, 300, 900, False),)
    assert pieces(1000, 1) == (Position(1000, 1, 1, False),)
    assert pieces(2000, 0) == (Position(2000, 0, 0, False),)


def test_pieces_at_two_prices_the_lower_first() -> None:
    assert pieces(3000, 20_000) == (Position(1000, 6666, 6666, False), Position(2000, 6667, 13_334, False))
    assert pieces(7000, 9) == (Position(5000, 1, 5, False), Position(2000, 2, 4, False))
    assert pieces(2000, 1) == (Position(1000, 0, 0, False), Position(1000, 1, 1, False))


def test_a_weight_at_the_nearest_price() -> None:
    assert weighed(347, 15_694) == Position(347, 45_228, 15_694, False)
    assert weighed(2000, 101) == Position(2000, 51, 101, False)  # 102 at 0.51: within the device's kopeck
    assert weighed(500, 0) == Position(500, 0, 0, False)


@pytest.mark.parametrize(
    ("quantity_m", "price", "net", "expected"),
    [
        (347, 64_900, 22_520, (347, 64_900, 22_520)),  # undiscounted: the shelf's own price, not 648.99
        (1, 64_900, 65, (1, 64_900, 65)),
        (347, 64_900, 22_519, (347, 64_900, 22_519)),  # within the device's kopeck
        (347, 64_900, 22_518, (347, 64_893, 22_518)),  # something was taken off
        (347, 64_900, 15_694, (347, 45_228, 15_694)),
        (47_800, 2_199, 105_112, (47_800, 2_199, 105_112)),  # EX-A8 before the points
        (47_800, 2_199, 105_012, (1000, 105_012, 105_012)),
    ],
)
def test_weighed_goods_keep_the_price_of_the_shelf(
    quantity_m: int, price: int, net: int, expected: tuple[int, int, int]
) -> None:
    """R24: of undiscounted weighed lines 16 % had another price than the label says."""
    line = Line(id="1", name="", price_kopecks=price, quantity_m=quantity_m, unit="kg")
    (position,) = positions(line, net)
    assert position[:3] == expected
    assert position.sold_as_one == (expected[0] != quantity_m)


def test_every_undiscounted_weight_is_sold_at_the_price_of_the_shelf() -> None:
    """R24, all of them."""
    for quantity_m in range(1, 20_000, 7):
        line = Line(id="1", name="", price_kopecks=64_987, quantity_m=quantity_m, unit="kg")
        assert positions(line, line.gross_kopecks)[0].price_kopecks == 64_987


def test_named_pieces_have_a_position_each() -> None:
    """L4, EX-P9: 4 x 54.90 less 46.89 by points; the others as ever."""
    line = Line(id="1", name="", price_kopecks=5490, quantity_m=4000, facts=LineFacts(pieces=("a", "b", "c", "d")))
    assert [position.price_kopecks for position in positions(line, 17_271)] == [4317, 4318, 4318, 4318]
    some = replace(line, facts=LineFacts(pieces=("a", "b")))
    assert positions(some, 17_271) == (
        Position(1000, 4317, 4317, False),
        Position(1000, 4318, 4318, False),
        Position(2000, 4318, 8636, False),
    )


@pytest.mark.parametrize(
    ("pieces", "unit", "complaint"),
    [
        (("a", "b", "c"), "pc", "are 3, and the line has 2"),
        (("a", "a"), "pc", "the same key stands twice"),
        (("",), "pc", "a key must have 1 to 300 characters"),
        (("k" * 301,), "pc", "a key must have 1 to 300 characters"),
        (("a",), "kg", "only pieces have keys"),
    ],
)
def test_keys_that_cannot_be(pieces: tuple[str, ...], unit: Unit, complaint: str) -> None:
    with pytest.raises(BadBasket) as caught:
        Line(id="1", name="", price_kopecks=1, quantity_m=2000, unit=unit, facts=LineFacts(pieces=pieces))
    assert str(caught.value) == f"pieces: {complaint}"


def test_a_neighbouring_price_never_fits_where_the_nearest_does_not() -> None:
    for quantity_m in (1, 347, 999, 1000, 1001, 2999, 3000, 3001, 3999, 4000, 5001, 47_800):
        for net in range(400):
            position = weighed(quantity_m, net)
            if position.sold_as_one:
                nearest = (2 * net * 1000 + quantity_m) // (2 * quantity_m)
                for price in (nearest - 1, nearest + 1):
                    assert abs(half_up(price * quantity_m, 1000) - net) > 1


def test_a_tolerance_may_be_none() -> None:
    assert weighed(2000, 101, tolerance_kopecks=0) == Position(1000, 101, 101, True)
    assert weighed(2000, 102, tolerance_kopecks=0) == Position(2000, 51, 102, False)


def test_a_weight_that_no_price_fits_is_sold_as_one() -> None:
    assert weighed(47_800, 105_012) == Position(1000, 105_012, 105_012, True)


@pytest.mark.parametrize(
    ("unit", "found"), [("pc", (Position(2000, 50, 100, False),)), ("kg", (Position(2000, 50, 100, False),))]
)
def test_the_unit_decides(unit: str, found: tuple[Position, ...]) -> None:
    line = Line(id="1", name="", price_kopecks=1, quantity_m=2000, unit=unit)  # type: ignore[arg-type]
    assert positions(line, 100) == found
    assert all(type(position.quantity_m) is int and type(position.amount_kopecks) is int for position in found)


def test_pieces_by_the_line_are_whole_numbers() -> None:
    line = Line(id="1", name="", price_kopecks=1, quantity_m=3000)
    assert positions(line, 20_000) == pieces(3000, 20_000)
    assert [type(part) for position in positions(line, 20_000) for part in position] == [int, int, int, bool] * 2


@pytest.mark.parametrize(
    ("nets", "heads", "amount", "shares"),
    [
        ([100, 100, 100], [100, 100, 100], 0, [0, 0, 0]),
        ([100, 100, 100], [100, 100, 100], 300, [100, 100, 100]),
        ([100, 100, 100], [100, 100, 100], 100, [34, 33, 33]),
        ([100, 0, 100], [100, 0, 100], 3, [2, 0, 1]),
        ([1, 100], [1, 100], 101, [1, 100]),
        ([2, 100], [1, 100], 101, [1, 100]),
        ([449, 120], [40, 119], 100, [40, 60]),
        ([100, 100, 100], [10, 50, 100], 150, [10, 50, 90]),
        ([300, 200], [300, 200], 4, [2, 2]),
        ([300, 200], [300, 200], 3, [2, 1]),
        ([200, 300], [200, 300], 3, [1, 2]),
        ([3, 1], [3, 1], 2, [2, 0]),  # 1.5 and 0.5: equal remainders, the dearer line first
        ([1, 3], [1, 3], 2, [0, 2]),
    ],
)
def test_the_split_to_the_kopeck(nets: list[int], heads: list[int], amount: int, shares: list[int]) -> None:
    assert allocate(nets, heads, amount) == shares


@pytest.mark.parametrize("amount", [-1, 4])
def test_a_discount_that_does_not_fit_is_our_own_mistake(amount: int) -> None:
    with pytest.raises(AssertionError, match=r"^a discount that does not fit must be cut before it is spread$"):
        allocate([5, 5], [1, 2], amount)
