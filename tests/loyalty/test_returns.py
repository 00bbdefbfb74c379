"""Returns that cannot be, and the rules of the day of sale."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from loyalty.basket import BadBasket, Basket, Line
from loyalty.member import MemberView
from loyalty.programme import Offer, Programme
from loyalty.quote import quote
from loyalty.returns import LineReturn, ReturnStep
from loyalty.sold import reverse_quoted

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
GOODS = (
    Line(id="A", name="", price_kopecks=100_000, quantity_m=2000),
    Line(id="B", name="", price_kopecks=20_000, quantity_m=1500, unit="kg"),
)


def back(id: str, quantity_m: int) -> LineReturn:
    return LineReturn(id=id, quantity_m=quantity_m)


def returned(
    programme: Programme, *steps: list[LineReturn], member: MemberView | None = None, coupons: tuple[Offer, ...] = ()
) -> tuple[ReturnStep, ...]:
    basket = Basket(lines=GOODS, coupons=coupons)
    return reverse_quoted(programme, basket, member, quote(programme, basket, member, at=AT), AT, steps)


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ([[back("C", 1000)]], "returns[0][0].id: was not sold on this receipt"),
        ([[back("A", 0)]], "returns[0][0].quantity: must be more than nothing"),
        ([[back("A", -1000)]], "returns[0][0].quantity: must be more than nothing"),
        ([[back("A", 500)]], "returns[0][0].quantity: pieces come back whole"),
        ([[back("A", 3000)]], "returns[0][0].quantity: only 2 can still come back"),
        ([[back("B", 500)], [back("A", 1000), back("B", 1001)]], "returns[1][1].quantity: only 1 can still come back"),
        (
            [[back("A", 1000), back("A", 1000)]],
            "returns[0][1].id: stands twice in one return; add the quantities",
        ),
    ],
)
def test_a_return_that_cannot_be_names_its_field(
    alenka: Programme, steps: list[list[LineReturn]], complaint: str
) -> None:
    with pytest.raises(BadBasket) as caught:
        returned(alenka, *steps)
    assert str(caught.value) == complaint


def test_no_return_and_an_empty_return_change_nothing(alenka: Programme) -> None:
    assert returned(alenka) == ()
    nothing = ReturnStep(refund_kopecks=0, points_restored=0, points_clawed_back=0, qualifying_kopecks=0, lines=())
    assert returned(alenka, []) == (nothing,)


def test_a_sale_without_a_card_gives_money_back(alenka: Programme) -> None:
    (step,) = returned(alenka, [back("B", 1), back("A", 1000)])
    assert (step.refund_kopecks, step.points_restored, step.points_clawed_back) == (100_020, 0, 0)
    assert [(line.id, line.quantity_m, line.refund_kopecks) for line in step.lines] == [
        ("B", 1, 20),
        ("A", 1000, 100_000),
    ]


def test_what_remains_earns_by_its_own_tier(alenka: Programme) -> None:
    # 2300.00 earned 3 % = 69; after one A is back 1300.00 earn 2 % = 26, so 43 go; then 300.00 earn 6; then nothing.
    steps = returned(alenka, [back("A", 1000)], [back("A", 1000)], [back("B", 1500)], member=MemberView())
    assert [step.points_clawed_back for step in steps] == [43, 20, 6]


def test_a_coupon_for_points_is_lost_with_its_least_basket(alenka: Programme) -> None:
    fifty = Offer(id="fifty", ru="", en="", kind="extra_points", points=50, min_basket_kopecks=130_000)
    one, two, rest = [back("A", 1000)], [back("B", 1)], [back("A", 1000), back("B", 1499)]
    steps = returned(alenka, one, two, rest, member=MemberView(), coupons=(fifty,))
    assert [step.points_clawed_back for step in steps] == [43, 51, 25]


def test_certificates_are_remembered_for_the_accrual(alenka: Programme) -> None:
    programme = replace(alenka, certificates=replace(alenka.certificates, earns=False))
    basket = Basket(lines=GOODS, certificates=(130_000,))
    answer = quote(programme, basket, MemberView(), at=AT)
    assert answer.accrual.points == 30  # 3 % of the 1000.00 paid with money
    steps = reverse_quoted(
        programme, basket, MemberView(), answer, AT, [[back("A", 1000)], [back("A", 1000), back("B", 1500)]]
    )
    assert [step.points_clawed_back for step in steps] == [30, 0]


def test_what_remains_earns_as_on_the_day_of_sale(perekrestok: Programme) -> None:
    lines = (
        Line(id="A", name="", price_kopecks=10_000, quantity_m=2000, category="dairy"),
        Line(id="B", name="", price_kopecks=10_000, category="tobacco"),
        Line(id="C", name="", price_kopecks=10_000),
    )
    member = MemberView(favourites=("dairy",), birthday=date(1990, 6, 3), points_active=300)
    basket = Basket(lines=lines)
    answer = quote(perekrestok, basket, member, at=AT)
    assert [line.net_kopecks for line in answer.lines] == [18_000, 10_000, 9_000]
    assert {part.kind: part.points for part in answer.accrual.parts} == {"base": 27, "favourite": 72, "birthday": 108}
    steps = reverse_quoted(
        perekrestok,
        basket,
        member,
        answer,
        AT,
        [[back("A", 1000)], [back("B", 1000)], [back("C", 1000)], [back("A", 1000)]],
    )
    # After the first: 180.00 is left that earns, so 18 + 36 + 72 = 126 of 207.
    assert [step.points_clawed_back for step in steps] == [81, 0, 45, 81]
    assert [step.points_restored for step in steps] == [100, 0, 100, 100]


def test_the_tier_of_what_remains_counts_what_points_paid(alenka: Programme) -> None:
    # 1500.00 before points and 500 by points: 3 % of 1000.00 = 30. One of three back: 1000.00, so 2 % of 666.67 = 13.
    lines = (Line(id="A", name="", price_kopecks=50_000, quantity_m=3000),)
    member = MemberView(points_active=500)
    basket = Basket(lines=lines)
    answer = quote(alenka, basket, member, at=AT)
    assert answer.accrual.points == 30
    steps = reverse_quoted(alenka, basket, member, answer, AT, [[back("A", 1000)]])
    assert [(step.refund_kopecks, step.points_restored, step.points_clawed_back) for step in steps] == [
        (33_333, 166, 17)
    ]
    # 2250.00 with 500 by points: a third back leaves 1500.00 before points, still 3 %.
    basket = Basket(lines=(Line(id="A", name="", price_kopecks=75_000, quantity_m=3000),))
    answer = quote(alenka, basket, member, at=AT)
    assert answer.accrual.points == 52
    steps = reverse_quoted(alenka, basket, member, answer, AT, [[back("A", 1000)]])
    assert steps[0].points_clawed_back == 52 - 35


def test_the_tier_of_what_remains_does_not_count_points_that_came_back(alenka: Programme) -> None:
    # 4 x 490.00 with 500 by points: 3 % of 1460.00 = 43. One back leaves 1470.00 before points: 2 % of 1095.00 = 21.
    basket = Basket(lines=(Line(id="A", name="", price_kopecks=49_000, quantity_m=4000),))
    member = MemberView(points_active=500)
    answer = quote(alenka, basket, member, at=AT)
    (step,) = reverse_quoted(alenka, basket, member, answer, AT, [[back("A", 1000)]])
    assert (step.refund_kopecks, step.points_restored, step.points_clawed_back) == (36_500, 125, 22)
