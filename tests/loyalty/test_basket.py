"""What no shop sells is refused with the field's name."""

from __future__ import annotations

from datetime import datetime

import pytest

from loyalty.basket import BadBasket, Basket, Line
from loyalty.member import MemberView
from loyalty.programme import Offer

GOOD = {"id": "1", "name": "bread", "price_kopecks": 4550}


def line(**changes: object) -> Line:
    return Line(**{**GOOD, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("id", {"id": ""}),
        ("id", {"id": "x" * 301}),
        ("name", {"name": "x" * 301}),
        ("price", {"price_kopecks": -1}),
        ("price", {"price_kopecks": 10**9 + 1}),
        ("quantity", {"quantity_m": 0}),
        ("quantity", {"quantity_m": -1000}),
        ("quantity", {"quantity_m": 100_000_001, "unit": "kg"}),
        ("quantity", {"quantity_m": 1500}),
        ("discount", {"discount_kopecks": -1}),
        ("discount", {"discount_kopecks": 4551}),
        ("min_unit_price", {"min_unit_price_kopecks": -1}),
        ("min_unit_price", {"min_unit_price_kopecks": 10**9 + 1}),
    ],
)
def test_nonsense_names_its_field(field: str, changes: dict[str, object]) -> None:
    with pytest.raises(BadBasket) as caught:
        line(**changes)
    assert caught.value.field == field
    assert str(caught.value) == f"{field}: {caught.value.message}"


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x" * 300, "name": "x" * 300},
        {"price_kopecks": 0},
        {"price_kopecks": 10**9},
        {"quantity_m": 100_000_000},
        {"quantity_m": 1, "unit": "kg"},
        {"discount_kopecks": 4550},
        {"min_unit_price_kopecks": 0},
        {"min_unit_price_kopecks": 10**9},
    ],
)
def test_the_edges_of_what_is_sold_are_good(changes: dict[str, object]) -> None:
    assert line(**changes).gross_kopecks >= 0


def test_the_message_says_the_bounds() -> None:
    with pytest.raises(BadBasket, match=r"^price: must be 0 to 1000000000 kopecks, not -5$"):
        line(price_kopecks=-5)
    with pytest.raises(BadBasket, match=r"^discount: must be 0 to 4550 kopecks, the sum of its line, not 5000$"):
        line(discount_kopecks=5000)
    with pytest.raises(BadBasket, match=r"^quantity: must be 1 to 100000000 thousandths, not 0$"):
        line(quantity_m=0)
    with pytest.raises(BadBasket, match=r"^quantity: pieces are whole; sell parts by kg$"):
        line(quantity_m=1)
    with pytest.raises(BadBasket, match=r"^min_unit_price: must be 0 to 1000000000 kopecks, not -1$"):
        line(min_unit_price_kopecks=-1)
    with pytest.raises(BadBasket, match=r"^id: must have 1 to 300 characters$"):
        line(id="")
    with pytest.raises(BadBasket, match=r"^name: is longer than 300 characters$"):
        line(name="n" * 301)


def test_defaults_are_one_piece_without_discount() -> None:
    bread = line()
    assert (bread.quantity_m, bread.unit, bread.discount_kopecks, bread.category) == (1000, "pc", 0, None)
    assert bread.min_unit_price_kopecks is None
    assert bread.gross_kopecks == 4550


def test_a_basket_has_lines_but_not_thousands() -> None:
    for count in (0, 1001):
        with pytest.raises(BadBasket, match=f"^lines: must be 1 to 1000 lines, not {count}$"):
            Basket(lines=tuple(line(id=str(number)) for number in range(count)))
    assert len(Basket(lines=tuple(line(id=str(number)) for number in range(1000))).lines) == 1000


def test_two_lines_with_one_id_are_refused() -> None:
    with pytest.raises(BadBasket, match=r"^lines\[2\]\.id: is the same as of lines\[0\]$"):
        Basket(lines=(line(), line(id="2"), line()))


def test_one_coupon_twice_is_refused() -> None:
    coupon = Offer(id="tenth", ru="", en="", kind="percent_off", percent_bp=1000)
    with pytest.raises(BadBasket, match=r"^coupons: the same coupon is given twice$"):
        Basket(lines=(line(),), coupons=(coupon, coupon))


def test_a_complaint_can_be_told_from_outside() -> None:
    inner = BadBasket("price", "is wrong")
    assert str(inner.within("lines[3]")) == "lines[3].price: is wrong"
    assert str(BadBasket("", "is wrong").within("sale")) == "sale: is wrong"
    assert str(BadBasket("", "is wrong")) == "is wrong"


@pytest.mark.parametrize("field", ["points_active", "accumulated", "redeemed_today", "redeemed_unsynced"])
@pytest.mark.parametrize("value", [-1, 10**12 + 1])
def test_impossible_numbers_of_a_member_name_their_field(field: str, value: int) -> None:
    name = "accumulated_kopecks" if field == "accumulated" else field
    with pytest.raises(BadBasket) as caught:
        MemberView(**{name: value})  # type: ignore[arg-type]
    assert caught.value.field == field
    assert caught.value.message == "must be 0 to 1000000000000"
    assert getattr(MemberView(**{name: 10**12}), name) == 10**12  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [-1, 10**12 + 1])
def test_what_was_redeemed_offline_today_is_in_range_or_unsaid(value: int) -> None:
    with pytest.raises(BadBasket, match=r"^redeemed_offline_today: must be 0 to 1000000000000$"):
        MemberView(redeemed_offline_today=value)
    assert MemberView(redeemed_offline_today=10**12).redeemed_offline_today == 10**12
    assert MemberView().redeemed_offline_today is None


def test_a_snapshot_has_a_time_zone() -> None:
    with pytest.raises(BadBasket, match=r"^snapshot_at: needs a time zone, like 2026-03-01T12:00:00\+03:00$"):
        MemberView(snapshot_at=datetime(2026, 6, 1))  # noqa: DTZ001


def test_a_member_is_by_default_active_shown_as_a_card_and_without_points() -> None:
    member = MemberView()
    assert (member.card_status, member.identified_by, member.second_factor) == ("active", "card", False)
    assert (member.points_active, member.redeemed_today, member.redeemed_unsynced) == (0, 0, 0)
    assert (member.birthday, member.favourites, member.accumulated_kopecks, member.snapshot_at) == (None, (), 0, None)
