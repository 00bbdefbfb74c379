"""Each position says what the fiscal receipt needs, as far as it is known."""

from __future__ import annotations

from pos_agent.answers import ToldPosition
from pos_agent.protocol import BasketLine, Redeem
from tests.pos_agent.conftest import Desk
from tests.there import there


def positions(desk: Desk, line: BasketLine, points: int) -> tuple[ToldPosition, ...]:
    desk.code(desk.BORIS)
    desk.basket(line)
    (sold,) = there(desk.do(Redeem(points=points)).told).lines
    return sold.positions


def test_r24_undiscounted_weighed_goods_have_the_price_of_the_label(desk: Desk) -> None:
    """R24: 0.347 kg of 649.00."""
    assert positions(desk, desk.SWEETS, 0) == (ToldPosition(quantity="0.347", price="649.00", amount="225.20"),)
    assert positions(desk, desk.SWEETS, 1) == (ToldPosition(quantity="0.347", price="646.11", amount="224.20"),)


def test_weighed_goods_that_no_price_fits_are_one_thing_with_its_weight_in_the_name(desk: Desk) -> None:
    """EX-A8."""
    line = BasketLine(id="1", name="Сахар", price="21.99", quantity="47.8", unit="kg", category="sweets", tax="vat10")
    (one,) = positions(desk, line, 1)
    assert one == ToldPosition(quantity="1", price="1050.12", amount="1050.12", name="Сахар 47.800 кг", tax="vat10")


def test_l4_a_marked_piece_has_its_key_and_all_have_their_tags(desk: Desk) -> None:
    """L4: two of the three are named; VAT, 1212 and 1214 stand on each."""
    line = BasketLine(
        id="1",
        name="Т",
        price="149.90",
        quantity="3",
        category="tea",
        pieces=("k1", "k2"),
        tax="vat20",
        subject=33,
        method=4,
    )
    told = positions(desk, line, 100)
    assert [(one.quantity, one.price, one.piece) for one in told] == [
        ("1", "116.56", "k1"),
        ("1", "116.57", "k2"),
        ("1", "116.57", None),
    ]
    assert {(one.tax, one.subject, one.method, one.name) for one in told} == {("vat20", 33, 4, None)}
