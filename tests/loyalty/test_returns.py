"""Returns that cannot be, and the rules of the day of sale."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from loyalty.basket import BadBasket, Basket, Line, LineFacts
from loyalty.bodies import COUPON_USED, Deviation, Return, Sale, SaleNumber
from loyalty.member import MemberView
from loyalty.operation import FIRST_HASH, VERSION, Operation, utc_text
from loyalty.programme import Offer, Programme, ReturnTender
from loyalty.quote import Quote, quote
from loyalty.returns import (
    Back,
    LineReturn,
    ReturnStep,
    TenderChoice,
    all_left,
    came_back,
    is_undone,
    refund_positions,
    reverse,
    take_back,
)
from loyalty.sold import Right, return_of, reverse_quoted, sale_of

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
GOODS = (
    Line(id="A", name="", price_kopecks=100_000, quantity_m=2000, category="tea"),
    Line(id="B", name="", price_kopecks=20_000, quantity_m=1500, unit="kg", category="tea"),
)


def back(id: str, quantity_m: int, *pieces: str) -> LineReturn:
    return LineReturn(id=id, quantity_m=quantity_m, pieces=pieces)


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
        ([[back("A", 2000)], [back("A", 1000)]], "returns[1][0].quantity: all of it has come back already"),
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


# what the refund is paid with (R27, L14)


def paid_by_certificate(alenka: Programme, *, earns: bool, tender: ReturnTender = "proportional") -> Programme:
    return replace(
        alenka,
        certificates=replace(alenka.certificates, earns=earns),
        returns=replace(alenka.returns, tender=tender),
    )


def halves(
    programme: Programme, tender: TenderChoice | None = None, member: MemberView | None = None
) -> tuple[ReturnStep, ReturnStep]:
    """Two equal things for 1000.00, of it 600.00 by a certificate; one comes back, then the other."""
    goods = tuple(Line(id=id, name="", price_kopecks=50_000, category="chocolate") for id in "AB")
    basket = Basket(lines=goods, certificates=(60_000,))
    member = member or MemberView()
    answer = quote(programme, basket, member, at=AT)
    one, other = reverse_quoted(programme, basket, member, answer, AT, [[back("A", 1000)], [back("B", 1000)]], tender)
    assert one.certificate_kopecks + other.certificate_kopecks == sum(answer.certificates)
    assert one.points_clawed_back + other.points_clawed_back == answer.accrual.points
    assert one.points_restored + other.points_restored == answer.redemption.points
    return one, other


@pytest.mark.parametrize(
    ("rule", "asked", "certificate", "clawed_back"),
    [
        ("proportional", None, (30_000, 30_000), (4, 4)),  # 400.00 of money earned 8; then 200.00 earn 4
        ("certificate_first", None, (50_000, 10_000), (0, 8)),  # 400.00 of money still stand behind the other half
        ("proportional", "money", (10_000, 50_000), (8, 0)),  # faulty goods: all the money there is comes first
        ("certificate_first", "proportional", (30_000, 30_000), (4, 4)),
    ],
)
def test_a_refund_goes_back_to_what_it_was_paid_with(
    alenka: Programme,
    rule: ReturnTender,
    asked: TenderChoice | None,
    certificate: tuple[int, int],
    clawed_back: tuple[int, int],
) -> None:
    """R27: 600.00 by certificate and 400.00 in money, half comes back; points follow the part they belong to."""
    one, other = halves(paid_by_certificate(alenka, earns=False, tender=rule), asked)
    assert (one.refund_kopecks, other.refund_kopecks) == (50_000, 50_000)
    assert (one.certificate_kopecks, other.certificate_kopecks) == certificate
    assert one.money_kopecks == 50_000 - certificate[0]
    assert (one.points_clawed_back, other.points_clawed_back) == clawed_back


def test_points_that_a_certificates_part_earned_follow_the_goods(alenka: Programme) -> None:
    """R27: where the certificate's part earns, which tender goes back changes nothing."""
    for choice in ("proportional", "certificate_first", "money"):
        one, other = halves(paid_by_certificate(alenka, earns=True), choice)
        assert (one.points_clawed_back, other.points_clawed_back) == (10, 10)


def test_points_come_back_with_the_goods_that_they_paid_whatever_paid_the_rest(alenka: Programme) -> None:
    """L14: 500 of 1000.00 by points, the rest by a certificate: half the goods bring 250 points back."""
    one, other = halves(paid_by_certificate(alenka, earns=False), member=MemberView(points_active=500))
    assert (one.points_restored, other.points_restored) == (250, 250)
    assert (one.refund_kopecks, one.certificate_kopecks, one.money_kopecks) == (25_000, 25_000, 0)
    assert one.points_clawed_back == 0


# pieces by key (L4)


def four_marked(*keys: str) -> Line:
    facts = LineFacts(pieces=keys)
    return Line(id="A", name="", price_kopecks=5_490, quantity_m=4000, category="dairy", facts=facts)


def test_each_marked_piece_comes_back_at_the_price_of_its_own_position(perekrestok: Programme) -> None:
    """L4, EX-P9: 172.71 for four, 1 x 43.17 and 3 x 43.18."""
    basket = Basket(lines=(four_marked("k1", "k2", "k3", "k4"),))
    member = MemberView(points_active=460)
    answer = quote(perekrestok, basket, member, at=AT, requested_points=460)
    prices = [position.amount_kopecks for position in answer.lines[0].positions]
    assert (len(prices), sum(prices)) == (4, 21_960 - 4_600)
    for order in (["k4", "k1", "k3", "k2"], ["k1", "k2", "k3", "k4"]):
        steps = reverse_quoted(perekrestok, basket, member, answer, AT, [[back("A", 1000, key)] for key in order])
        assert [step.refund_kopecks for step in steps] == [prices[int(key[1]) - 1] for key in order]
        assert [step.lines[0].pieces for step in steps] == [(key,) for key in order]
        assert sum(step.points_restored for step in steps) == 460


def test_pieces_without_a_key_come_back_as_ever_beside_those_that_have_one(alenka: Programme) -> None:
    basket = Basket(lines=(replace(four_marked("k1"), category="chocolate"),))
    member = MemberView(points_active=11)
    answer = quote(alenka, basket, member, at=AT)
    assert [(one.quantity_m, one.price_kopecks) for one in answer.lines[0].positions] == [
        (1000, 5_215),
        (3000, 5_215),
    ]
    steps = reverse_quoted(
        alenka, basket, member, answer, AT, [[back("A", 2000)], [back("A", 1000, "k1")], [back("A", 1000)]]
    )
    assert [step.refund_kopecks for step in steps] == [10_430, 5_215, 5_215]


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ([("A", 1000)], "must name the pieces that come back: each has its own price"),
        ([("A", 2000, "k1")], "must name the pieces that come back: each has its own price"),
        ([("A", 1000, "k1", "k2")], "are more than the quantity"),
        ([("A", 2000, "k1", "k1")], "the same key stands twice"),
        ([("A", 1000, "k9")], "has a key that was not sold on this line"),
        ([("A", 1000, "k1"), ("A", 1000, "k1")], "has a key that has come back already"),
    ],
)
def test_pieces_that_cannot_come_back(alenka: Programme, steps: list[tuple[Any, ...]], complaint: str) -> None:
    """L4: without its key a piece has no price of its own."""
    basket = Basket(lines=(replace(four_marked("k1", "k2", "k3", "k4"), category="chocolate"),))
    answer = quote(alenka, basket, None, at=AT)
    asked = [[back(*step)] for step in steps]
    with pytest.raises(BadBasket) as caught:
        reverse_quoted(alenka, basket, None, answer, AT, asked)
    assert str(caught.value) == f"returns[{len(steps) - 1}][0].pieces: {complaint}"


def test_all_that_is_left_needs_no_keys(alenka: Programme) -> None:
    """The whole line, or the whole sale, is undone."""
    basket = Basket(lines=(replace(four_marked("k1", "k2", "k3", "k4"), category="chocolate"),))
    answer = quote(alenka, basket, None, at=AT)
    one, rest = reverse_quoted(alenka, basket, None, answer, AT, [[back("A", 1000, "k3")], [back("A", 3000)]])
    assert rest.lines[0].pieces == ("k1", "k2", "k4")
    assert one.refund_kopecks + rest.refund_kopecks == 21_960


# coupons (R28)

TEN = Offer(id="ten", ru="", en="", kind="amount_off", amount_kopecks=10_000, min_basket_kopecks=100_000)


def with_coupon(
    programme: Programme, *steps: list[LineReturn], member: MemberView | None = None, offer: Offer = TEN
) -> tuple[ReturnStep, ...]:
    """Chocolate 800.00 and tea 400.00 with a coupon: 100.00 off from 1000.00."""
    goods = tuple(
        Line(id=id, name="", price_kopecks=price, category=category)
        for id, price, category in (("A", 80_000, "chocolate"), ("B", 40_000, "tea"))
    )
    basket = Basket(lines=goods, coupons=(offer,))
    answer = quote(programme, basket, member, at=AT)
    assert answer.coupons[0].discount_kopecks
    return reverse_quoted(programme, basket, member, answer, AT, steps)


def recomputing(programme: Programme) -> Programme:
    return replace(programme, returns=replace(programme.returns, coupon="recompute"))


def test_a_coupons_discount_stays_on_what_stays(alenka: Programme) -> None:
    """R28, `keep`: what was paid for the goods comes back."""
    one, rest = with_coupon(alenka, [back("B", 1000)], [back("A", 1000)])
    assert (one.refund_kopecks, one.withheld_kopecks, rest.refund_kopecks) == (36_667, 0, 73_333)


def test_a_coupon_that_the_rest_could_not_have_is_taken_off_the_refund(alenka: Programme) -> None:
    """R28, `recompute`: 800.00 are no 1000.00, so the chocolate costs 800.00, and 66.67 of its discount go."""
    one, rest = with_coupon(recomputing(alenka), [back("B", 1000)], [back("A", 1000)], member=MemberView())
    assert (one.refund_kopecks, one.withheld_kopecks) == (30_000, 6_667)
    assert one.lines[0].refund_kopecks == 30_000, "the fiscal receipt of the return adds up"
    assert (rest.refund_kopecks, rest.withheld_kopecks) == (80_000, -6_667), "and all of it comes back in the end"
    assert (one.points_clawed_back, rest.points_clawed_back) == (22 - 16, 16)  # 2 % of 1100.00, then of 800.00


def test_a_refund_never_falls_below_nothing(alenka: Programme) -> None:
    """R28: the rest would cost more than what comes back was worth."""
    goods = (
        Line(id="A", name="", price_kopecks=95_000, category="chocolate"),
        Line(id="B", name="", price_kopecks=5_000, category="tea"),
    )
    basket = Basket(lines=goods, coupons=(TEN,))
    answer = quote(alenka, basket, None, at=AT)
    one, rest = reverse_quoted(recomputing(alenka), basket, None, answer, AT, [[back("B", 1000)], [back("A", 1000)]])
    assert (one.refund_kopecks, one.withheld_kopecks) == (0, 4_500)
    assert one.refund_kopecks + rest.refund_kopecks == answer.total_kopecks


def test_a_rest_that_keeps_its_coupon_is_priced_as_it_was(alenka: Programme) -> None:
    """R28: ten percent off stay ten percent off."""
    percent = Offer(id="ten", ru="", en="", kind="percent_off", percent_bp=1_000)
    one, rest = with_coupon(recomputing(alenka), [back("B", 1000)], [back("A", 1000)], offer=percent)
    assert (one.refund_kopecks, one.withheld_kopecks, rest.refund_kopecks) == (36_000, 0, 72_000)


def test_a_coupon_comes_back_when_nothing_of_the_sale_remains(alenka: Programme) -> None:
    """In one step or many; a fee of ours has no part in it."""
    goods = (Line(id="A", name="", price_kopecks=100_000, quantity_m=2000, category="chocolate"),)
    fee = Line(id="fee", name="", price_kopecks=5_000, category="card_fee")
    basket = Basket(lines=(*goods, fee), coupons=(TEN,))
    answer = quote(alenka, basket, None, at=AT)
    sold = operation_of(alenka, basket, answer, rights={"ten": Right("0a")}, extras=1)
    for steps, expected in (
        ([[back("A", 1000)], [back("A", 1000)], [back("fee", 1000)]], [(), ("0a",), ()]),
        ([[back("A", 2000), back("fee", 1000)]], [("0a",)]),
    ):
        assert [step.coupons for step in reverse(alenka, sold, steps)] == expected


def test_the_whole_sale_is_undone_with_what_came_back_before(alenka: Programme) -> None:
    goods = (
        four_marked("k1", "k2"),
        Line(id="B", name="", price_kopecks=90, quantity_m=1500, unit="kg", category="tea"),
    )
    basket = Basket(lines=goods)
    answer = quote(alenka, replace(basket, lines=(replace(goods[0], category="chocolate"), goods[1])), None, at=AT)
    sold = operation_of(alenka, replace(basket, lines=(replace(goods[0], category="chocolate"), goods[1])), answer)
    assert isinstance(sold.body, Sale)
    first = take_back(alenka, sold, Back(), [back("A", 2000, "k2"), back("B", 500)])
    before = Back().with_step(first)
    left = all_left(sold.body, before)
    assert left == (LineReturn(id="A", quantity_m=2000, pieces=("k1",)), LineReturn(id="B", quantity_m=1000))
    rest = take_back(alenka, sold, before, left)
    assert first.refund_kopecks + rest.refund_kopecks == answer.total_kopecks
    assert all_left(sold.body, before.with_step(rest)) == ()


def test_what_operations_took_back_is_what_the_steps_took_back(alenka: Programme) -> None:
    programme = paid_by_certificate(alenka, earns=False)
    basket = Basket(lines=(replace(four_marked("k1", "k2"), category="chocolate"),), certificates=(10_000,))
    member = MemberView(points_active=50)
    sold = operation_of(programme, basket, quote(programme, basket, member, at=AT), member)
    back_so_far, recorded = Back(), list[Return]()
    for part in (back("A", 2000, "k2"), back("A", 1000), back("A", 1000)):
        step = take_back(programme, sold, back_so_far, [part])
        recorded.append(return_of(programme, sold, step, AT, before=recorded))
        back_so_far = back_so_far.with_step(step)
        assert isinstance(sold.body, Sale) and came_back(sold.body, recorded) == back_so_far
        assert is_undone(sold.body, recorded) == (back_so_far.left_m(sold.body.lines[0]) == 0)
    assert isinstance(sold.body, Sale) and not is_undone(sold.body, []) and is_undone(sold.body, recorded)
    assert sum(tender.kopecks for one in recorded for tender in one.tenders) == 10_000


def test_each_certificate_gets_back_no_more_than_it_paid(alenka: Programme) -> None:
    """R27: 100.00 and 500.00 by two certificates, the rest in money; step after step."""
    basket = Basket(
        lines=(Line(id="A", name="", price_kopecks=20_000, quantity_m=5000, category="tea"),),
        certificates=(10_000, 50_000),
    )
    sold = operation_of(alenka, basket, quote(alenka, basket, None, at=AT))
    assert isinstance(sold.body, Sale)
    back_so_far, recorded = Back(), list[Return]()
    for _ in range(5):
        step = take_back(alenka, sold, back_so_far, [back("A", 1000)])
        recorded.append(return_of(alenka, sold, step, AT, before=recorded))
        back_so_far = back_so_far.with_step(step)
    assert [[tender.kopecks for tender in one.tenders] for one in recorded] == [
        [10_000, 2_000],
        [12_000],
        [12_000],
        [12_000],
        [12_000],
    ]


@pytest.mark.parametrize(
    ("line", "asked", "expected"),
    [
        (Line(id="A", name="", price_kopecks=64_900, quantity_m=347, unit="kg"), ("A", 347), [(347, 64_900, 22_520)]),
        (Line(id="A", name="", price_kopecks=64_900, quantity_m=347, unit="kg"), ("A", 100), [(100, 64_900, 6_489)]),
        (four_marked("k1", "k2"), ("A", 3000, "k2"), [(1000, 5_490, 5_490), (2000, 5_490, 10_980)]),
        (four_marked("k1", "k2"), ("A", 1000, "k1"), [(1000, 5_490, 5_490)]),
    ],
)
def test_the_fiscal_receipt_of_a_return_has_the_prices_of_the_sale(
    alenka: Programme, line: Line, asked: tuple[Any, ...], expected: list[tuple[int, int, int]]
) -> None:
    """R24, L4."""
    basket = Basket(lines=(replace(line, category="tea"),))
    sold = operation_of(alenka, basket, quote(alenka, basket, None, at=AT))
    (part,) = take_back(alenka, sold, Back(), [back(*asked)]).lines
    assert isinstance(sold.body, Sale)
    assert [tuple(position[:3]) for position in refund_positions(sold.body.lines[0], part)] == expected


def test_a_withheld_discount_is_in_the_positions_too(alenka: Programme) -> None:
    """R28: a named piece then no longer comes back at its own price."""
    basket = Basket(lines=(replace(four_marked("k1", "k2", "k3", "k4"), category="tea"),))
    sold = operation_of(alenka, basket, quote(alenka, basket, None, at=AT))
    assert isinstance(sold.body, Sale)
    part = LineReturn(id="A", quantity_m=2000, pieces=("k1", "k2"), refund_kopecks=8_001)
    assert [position[1] for position in refund_positions(sold.body.lines[0], part)] == [4_000, 4_001]


def test_a_coupon_that_another_sale_had_used_up_does_not_come_back(alenka: Programme) -> None:
    """R34's kind: it was honoured twice, and is the other's."""
    basket = Basket(lines=(Line(id="A", name="", price_kopecks=100_000, category="tea"),), coupons=(TEN,))
    used = (Deviation(kind=COUPON_USED, note="0a"),)
    sold = operation_of(
        alenka, basket, quote(alenka, basket, None, at=AT), rights={"ten": Right("0a")}, deviations=used
    )
    assert take_back(alenka, sold, Back(), [back("A", 1000)]).coupons == ()


def operation_of(
    programme: Programme, basket: Basket, answer: Quote, view: MemberView | None = None, **more: Any
) -> Operation:
    number = SaleNumber(day="2026-06-01", number="1")
    return Operation(
        v=VERSION,
        chain="till",
        generation=1,
        sequence=1,
        previous_hash=FIRST_HASH,
        at=utc_text(AT),
        programme=programme.id,
        programme_hash=programme.content_hash,
        body=sale_of(replace(programme, coupons=basket.coupons), basket, view, answer, AT, number=number, **more),
    )


def test_what_remains_earns_as_on_the_day_of_sale(perekrestok: Programme) -> None:
    lines = (
        Line(id="A", name="", price_kopecks=10_000, quantity_m=2000, category="dairy"),
        Line(id="B", name="", price_kopecks=10_000, category="tobacco"),
        Line(id="C", name="", price_kopecks=10_000, category="grocery"),
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
    lines = (Line(id="A", name="", price_kopecks=50_000, quantity_m=3000, category="tea"),)
    member = MemberView(points_active=500)
    basket = Basket(lines=lines)
    answer = quote(alenka, basket, member, at=AT)
    assert answer.accrual.points == 30
    steps = reverse_quoted(alenka, basket, member, answer, AT, [[back("A", 1000)]])
    assert [(step.refund_kopecks, step.points_restored, step.points_clawed_back) for step in steps] == [
        (33_333, 166, 17)
    ]
    # 2250.00 with 500 by points: a third back leaves 1500.00 before points, still 3 %.
    basket = Basket(lines=(Line(id="A", name="", price_kopecks=75_000, quantity_m=3000, category="tea"),))
    answer = quote(alenka, basket, member, at=AT)
    assert answer.accrual.points == 52
    steps = reverse_quoted(alenka, basket, member, answer, AT, [[back("A", 1000)]])
    assert steps[0].points_clawed_back == 52 - 35


def test_the_tier_of_what_remains_does_not_count_points_that_came_back(alenka: Programme) -> None:
    # 4 x 490.00 with 500 by points: 3 % of 1460.00 = 43. One back leaves 1470.00 before points: 2 % of 1095.00 = 21.
    basket = Basket(lines=(Line(id="A", name="", price_kopecks=49_000, quantity_m=4000, category="tea"),))
    member = MemberView(points_active=500)
    answer = quote(alenka, basket, member, at=AT)
    (step,) = reverse_quoted(alenka, basket, member, answer, AT, [[back("A", 1000)]])
    assert (step.refund_kopecks, step.points_restored, step.points_clawed_back) == (36_500, 125, 22)
