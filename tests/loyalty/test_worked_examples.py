"""The worked examples of the design, each by its number, through the public functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from loyalty.basket import Basket, Line
from loyalty.lots import Lot, account_of, active_points, burn, restore
from loyalty.member import MemberView
from loyalty.money import half_up, parse_kopecks, parse_quantity_m
from loyalty.positions import weighed
from loyalty.programme import Offer, Programme
from loyalty.quote import Quote
from loyalty.returns import LineReturn
from loyalty.sold import reverse_quoted
from tests.loyalty.judged import quote

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


ORDINARY = {"alenka": "tea", "perekrestok": "grocery"}  # a category of each programme that is open to everything


def told(programme: Programme, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Goods whose category the example leaves out are ordinary ones."""
    return tuple(line if line.category else replace(line, category=ORDINARY[programme.id]) for line in lines)


def pc(id: str, price: str, count: int = 1, category: str | None = None, least: str | None = None) -> Line:
    return Line(
        id=id,
        name=id,
        price_kopecks=parse_kopecks(price),
        quantity_m=count * 1000,
        category=category,
        min_unit_price_kopecks=None if least is None else parse_kopecks(least),
    )


def kg(id: str, price: str, weight: str) -> Line:
    return Line(id=id, name=id, price_kopecks=parse_kopecks(price), quantity_m=parse_quantity_m(weight), unit="kg")


def sell(programme: Programme, points: int, *lines: Line, asked: int | None = None, **more: object) -> Quote:
    return quote(
        programme,
        Basket(lines=told(programme, lines), **more),  # type: ignore[arg-type]
        MemberView(points_active=points),
        at=AT,
        requested_points=asked,
    )


def nets(answer: Quote) -> list[int]:
    return [line.net_kopecks for line in answer.lines]


def discounts(answer: Quote) -> list[int]:
    return [line.discount_kopecks for line in answer.lines]


def prices(answer: Quote) -> list[list[tuple[int, int]]]:
    """(quantity in thousandths, price in kopecks) of every position."""
    return [[(position.quantity_m, position.price_kopecks) for position in line.positions] for line in answer.lines]


CHOCOLATE = pc("chocolate", "89.90", 3)
SWEETS = kg("sweets", "649.00", "0.347")


def test_ex_a1_welcome_bonus_on_a_weighed_line(alenka: Programme) -> None:
    answer = sell(alenka, 150, CHOCOLATE, SWEETS)
    assert [line.net_before_kopecks for line in answer.lines] == [26970, 22520]
    assert answer.redemption.points == 150
    assert answer.limit.bound_by == ("active_points",)
    assert discounts(answer) == [8174, 6826]
    assert nets(answer) == [18796, 15694]
    assert prices(answer) == [[(2000, 6265), (1000, 6266)], [(347, 45228)]]
    assert answer.to_pay_kopecks == 34490


def test_ex_a2_the_percentage_rounds_down(alenka: Programme) -> None:
    answer = sell(alenka, 1000, CHOCOLATE, SWEETS)
    assert answer.redemption.points == 247
    assert answer.limit.bound_by == ("percent",)
    assert discounts(answer) == [13460, 11240]
    assert prices(answer) == [[(2000, 4503), (1000, 4504)], [(347, 32507)]]
    assert nets(answer) == [13510, 11280]
    assert answer.to_pay_kopecks == 24790


def test_ex_a3_a_tiny_receipt_takes_no_points(alenka: Programme) -> None:
    answer = sell(alenka, 1000, pc("candy", "1.99"))
    assert (answer.limit.points, answer.limit.bound_by) == (0, ("percent",))


def test_ex_a4_an_excluded_line_counts_when_the_base_is_the_receipt(alenka_receipt: Programme) -> None:
    answer = sell(alenka_receipt, 5000, pc("c", "1000.00", category="gift_certificate"), pc("box", "400.00"))
    assert (answer.limit.points, answer.limit.bound_by) == (399, ("lines",))
    assert nets(answer) == [100000, 100]
    assert answer.to_pay_kopecks == 100100


def test_ex_a4b_an_excluded_line_does_not_count_when_the_base_is_eligible_goods(alenka: Programme) -> None:
    answer = sell(alenka, 5000, pc("c", "1000.00", category="gift_certificate"), pc("box", "400.00"))
    assert (answer.limit.points, answer.limit.bound_by) == (200, ("percent",))
    assert nets(answer) == [100000, 20000]
    assert answer.to_pay_kopecks == 120000


def test_ex_a5_three_equal_lines(alenka: Programme) -> None:
    answer = sell(alenka, 100, pc("a", "100.00"), pc("b", "100.00"), pc("c", "100.00"))
    assert discounts(answer) == [3334, 3333, 3333]
    assert nets(answer) == [6666, 6667, 6667]


def test_ex_a6_three_pieces_in_one_line(alenka: Programme) -> None:
    answer = sell(alenka, 100, pc("a", "100.00", 3))
    assert nets(answer) == [20000]
    assert prices(answer) == [[(1000, 6666), (2000, 6667)]]


def test_ex_a7_a_one_kopeck_gift_stays_untouched(alenka: Programme) -> None:
    answer = sell(alenka, 400, pc("gift", "0.01"), pc("cake", "999.00"))
    assert nets(answer) == [1, 59900]
    assert answer.to_pay_kopecks == 59901


@pytest.mark.parametrize("net", [105012, 105100])
def test_ex_a8_a_heavy_weight_falls_back_to_one_thing(net: int) -> None:
    position = weighed(47_800, net)
    assert (position.quantity_m, position.price_kopecks, position.sold_as_one) == (1000, net, True)


def test_ex_a8_the_heavy_line_is_sold_as_one_thing(alenka: Programme) -> None:
    answer = sell(alenka, 5000, kg("melons", "21.99", "47.800"), asked=1)
    assert [line.net_before_kopecks for line in answer.lines] == [105112]
    assert prices(answer) == [[(1000, 105012)]]


def test_ex_a9_the_coupon_comes_before_the_points(alenka: Programme) -> None:
    tenth = Offer(id="tenth", ru="", en="", kind="percent_off", percent_bp=1000)
    answer = sell(alenka, 1000, pc("box", "1000.00"), coupons=(tenth,))
    assert [line.net_before_kopecks for line in answer.lines] == [90000]
    assert answer.limit.points == 450


def test_ex_a10_pending_points_are_not_active(alenka: Programme) -> None:
    account = account_of(
        [
            Lot(id="old", points=40, active_from=datetime(2026, 5, 1, tzinfo=UTC)),
            Lot(id="new", points=150, active_from=datetime(2026, 6, 2, tzinfo=UTC)),
        ]
    )
    assert active_points(account, AT) == 40
    answer = sell(alenka, active_points(account, AT), pc("box", "1000.00"))
    assert (answer.limit.points, answer.limit.bound_by) == (40, ("active_points",))


def test_ex_a11_odd_halves(alenka: Programme) -> None:
    answer = sell(alenka, 250, pc("a", "333.33"), pc("b", "166.67"))
    assert answer.limit.points == 250
    assert answer.limit.bound_by == ("percent", "active_points")
    assert discounts(answer) == [16667, 8333]
    assert nets(answer) == [16666, 8334]


def test_ex_a12_seven_equal_lines_tie_by_position(alenka: Programme) -> None:
    answer = sell(alenka, 3, *(pc(str(number), "0.99") for number in range(7)))
    assert answer.limit.points == 3
    assert discounts(answer) == [43, 43, 43, 43, 43, 43, 42]


@pytest.mark.parametrize(("paid", "points"), [("299.99", 5), ("49.99", 0), ("247.90", 4), ("344.90", 6)])
def test_ex_a13_two_percent_in_whole_points(alenka: Programme, paid: str, points: int) -> None:
    assert sell(alenka, 0, pc("box", paid)).accrual.points == points


def test_ex_a13_two_percent_in_hundredths(alenka: Programme) -> None:
    fine = replace(alenka, currency=replace(alenka.currency, kop_per_point=1))
    assert sell(fine, 0, pc("box", "299.99")).accrual.points == 599


def test_ex_p1_points_go_in_tens(perekrestok: Programme) -> None:
    answer = sell(perekrestok, 657, pc("food", "657.30"))
    assert (answer.limit.points, answer.limit.amount_kopecks) == (650, 6500)
    assert answer.to_pay_kopecks == 59230


TOBACCO = (
    pc("cigarettes", "189.00", category="tobacco"),
    pc("milk", "89.90"),
    pc("bread", "45.50"),
)


def test_ex_p2_tobacco_takes_nothing_when_the_base_is_the_receipt(perekrestok_receipt: Programme) -> None:
    answer = sell(perekrestok_receipt, 5000, *TOBACCO)
    assert (answer.limit.points, answer.limit.bound_by) == (1350, ("lines",))
    assert discounts(answer) == [0, 8963, 4537]
    assert answer.to_pay_kopecks == 18940


def test_ex_p2_tobacco_takes_nothing_when_the_base_is_eligible_goods(perekrestok: Programme) -> None:
    answer = sell(perekrestok, 5000, *TOBACCO)
    assert (answer.limit.points, answer.limit.bound_by) == (1340, ("percent",))
    assert discounts(answer) == [0, 8897, 4503]
    assert answer.to_pay_kopecks == 19040


@pytest.mark.parametrize(("points", "limit", "off"), [(2000, 1590, [4000, 11900]), (1000, 1000, [4000, 6000])])
def test_ex_p3_vodka_stops_at_its_lowest_price(
    perekrestok: Programme, perekrestok_receipt: Programme, points: int, limit: int, off: list[int]
) -> None:
    vodka = pc("vodka", "449.00", category="alcohol_strong", least="409.00")
    for programme in (perekrestok, perekrestok_receipt):
        answer = sell(programme, points, vodka, pc("snack", "120.00"))
        assert answer.limit.points == limit
        assert discounts(answer) == off
        assert nets(answer)[0] == 40900


def test_ex_p4_vodka_at_its_lowest_price_takes_nothing(perekrestok: Programme) -> None:
    vodka = pc("vodka", "409.00", 2, category="alcohol_strong", least="409.00")
    answer = sell(perekrestok, 5000, vodka)
    assert (answer.limit.points, answer.limit.bound_by) == (0, ("lines",))
    assert answer.lines[0].excluded == "at_floor"


def test_ex_p5_a_ruble_stays(perekrestok: Programme) -> None:
    answer = sell(perekrestok, 2000, pc("bread", "30.00"))
    assert (answer.limit.points, answer.limit.bound_by) == (290, ("min_cash",))
    assert answer.to_pay_kopecks == 100
    assert sell(perekrestok, 2000, pc("match", "1.00")).limit.points == 0


def test_ex_p6_a_card_that_is_not_registered_only_earns(perekrestok: Programme) -> None:
    member = MemberView(card_status="issued", points_active=5000)
    answer = quote(perekrestok, Basket(lines=(pc("food", "1000.00", category="grocery"),)), member, at=AT)
    assert (answer.limit.points, answer.limit.reason, answer.limit.bound_by) == (0, "not_registered", ())
    assert answer.accrual.points == 100


def test_ex_p7_offline_redemption_is_capped(perekrestok: Programme) -> None:
    assert perekrestok.offline.receipt_max_points == 1000
    assert perekrestok.offline.day_max_points == 1500
    member = MemberView(points_active=3000, redeemed_unsynced=500, redeemed_today=800)
    basket = Basket(lines=(pc("food", "1234.56", category="grocery"),))
    answer = quote(perekrestok, basket, member, at=AT, link="offline")
    assert (answer.limit.points, answer.limit.amount_kopecks) == (700, 7000)
    assert answer.limit.bound_by == ("offline",)
    assert answer.to_pay_kopecks == 116456


@pytest.mark.parametrize(("step", "points"), [(10, 610), (1, 617)])
def test_ex_p8_the_step_matters(perekrestok: Programme, step: int, points: int) -> None:
    half = replace(perekrestok, redemption=replace(perekrestok.redemption, cap_bp=5000, step=step))
    answer = sell(half, 100_000, pc("food", "123.45"))
    assert (answer.limit.points, answer.limit.bound_by) == (points, ("percent",))


def test_ex_p9_weighed_goods_and_pieces(perekrestok: Programme) -> None:
    answer = sell(
        perekrestok,
        1230,
        kg("apples", "129.99", "1.234"),
        pc("yogurt", "54.90", 4),
        kg("cheese", "899.00", "0.218"),
    )
    assert [line.net_before_kopecks for line in answer.lines] == [16041, 21960, 19598]
    assert discounts(answer) == [3426, 4689, 4185]
    assert nets(answer) == [12615, 17271, 15413]
    assert prices(answer) == [[(1234, 10223)], [(1000, 4317), (3000, 4318)], [(218, 70702)]]
    assert answer.to_pay_kopecks == 45299


def test_ex_p10_a_chain_of_returns(perekrestok: Programme) -> None:
    basket = Basket(lines=told(perekrestok, (pc("A", "100.00", 3), pc("B", "59.90"))))
    member = MemberView(points_active=1000)
    answer = quote(perekrestok, basket, member, at=AT)
    assert discounts(answer) == [8336, 1664]
    assert answer.accrual.points == 25
    steps = reverse_quoted(
        perekrestok,
        basket,
        member,
        answer,
        AT,
        [[LineReturn(id=id, quantity_m=1000)] for id in ("A", "A", "A", "B")],
    )
    assert [step.refund_kopecks for step in steps] == [7221, 7221, 7222, 4326]
    assert [step.points_restored for step in steps] == [277, 278, 278, 167]
    assert [step.points_clawed_back for step in steps] == [7, 7, 7, 4]


FAVOURITES = (
    pc("vegetables", "345.67", category="vegetables"),
    pc("rest", "888.89"),
    pc("cigarettes", "189.00", category="tobacco"),
)


def test_ex_p11_favourites_earn_more(perekrestok: Programme) -> None:
    member = MemberView(favourites=("vegetables",))
    accrual = quote(perekrestok, Basket(lines=FAVOURITES), member, at=AT).accrual
    assert [(part.kind, part.points) for part in accrual.parts] == [("base", 123), ("favourite", 136)]
    assert accrual.points == 259


def test_ex_p11_the_birthday_earns_more_still(perekrestok: Programme) -> None:
    member = MemberView(favourites=("vegetables",), birthday=date(1990, 6, 1))
    accrual = quote(perekrestok, Basket(lines=FAVOURITES), member, at=AT).accrual
    assert [(part.kind, part.points) for part in accrual.parts][2] == ("birthday", 492)
    assert accrual.points == 751


def test_ex_p12_points_are_for_the_receipt_not_for_lines(perekrestok: Programme) -> None:
    answer = sell(perekrestok, 0, *(pc(str(number), "9.90") for number in range(10)))
    assert answer.accrual.points == 9


def test_ex_p13_a_certificate_is_a_tender_and_not_a_discount(perekrestok: Programme) -> None:
    answer = sell(perekrestok, 2000, pc("food", "1200.00"), certificates=(50000,))
    assert answer.redemption.amount_kopecks == 20000
    assert answer.total_kopecks == 100000
    assert answer.certificates == (50000,)
    assert answer.to_pay_kopecks == 50000


def test_ex_p14_nothing_but_excluded_goods(perekrestok: Programme, perekrestok_receipt: Programme) -> None:
    cigarettes = pc("cigarettes", "189.00", category="tobacco")
    answer = sell(perekrestok, 5000, cigarettes)
    assert (answer.limit.points, answer.limit.bound_by) == (0, ("percent", "lines"))
    answer = sell(perekrestok_receipt, 5000, cigarettes)
    assert (answer.limit.points, answer.limit.bound_by) == (0, ("lines",))


def test_ex_p15_what_the_customer_asks_for_is_stepped_down(perekrestok: Programme) -> None:
    answer = sell(perekrestok, 5000, pc("food", "500.00"), asked=333)
    assert answer.limit.points == 4950
    assert (answer.redemption.points, answer.redemption.amount_kopecks) == (330, 3300)


def test_ex_r1_the_rounding_trap() -> None:
    assert half_up(14900 * 125, 1000) == 1863
    assert kg("tea", "149.00", "0.125").gross_kopecks == 1863
    assert parse_kopecks("1.15") == 115


DAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
WELCOME = Lot(
    id="welcome",
    points=150,
    active_from=datetime(2026, 5, 1, tzinfo=UTC),
    expires_at=datetime(2026, 6, 10, 21, tzinfo=UTC),
)
L1 = Lot(
    id="l1", points=30, active_from=datetime(2026, 5, 2, tzinfo=UTC), expires_at=datetime(2026, 6, 30, 21, tzinfo=UTC)
)
L2 = Lot(id="l2", points=80, active_from=datetime(2026, 5, 3, tzinfo=UTC))


def test_ex_l1_the_earliest_end_is_spent_first() -> None:
    _, taken = burn(account_of([L2, WELCOME, L1]), 200, DAY)
    assert [(part.lot.id, part.points) for part in taken] == [("welcome", 150), ("l1", 30), ("l2", 20)]


@pytest.mark.parametrize(("policy", "lost", "active"), [("original_expiry", 30, 110), ("grace", 0, 140)])
def test_ex_l1_a_return_restores_the_newest_first(alenka: Programme, policy: str, lost: int, active: int) -> None:
    programme = replace(alenka, points=replace(alenka.points, restored=policy))  # type: ignore[arg-type]
    account, taken = burn(account_of([WELCOME, L1, L2]), 200, DAY)
    later = datetime(2026, 6, 15, 9, tzinfo=UTC)
    restored = restore(programme, account, taken, 80, later, "grace")
    assert restored.lost == lost
    assert active_points(restored.account, later) == active
    points = {lot.id: lot.points for lot in restored.account.lots}
    assert (points["l2"], points["l1"], points.get("grace", 0)) == (80, 30, 30 - lost)
    assert [(part.lot.id, part.points) for part in restored.still_taken] == [("welcome", 120)]
