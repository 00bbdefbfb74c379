"""The twelve examples of docs/rules.md for coupons, stickers and certificates, each by its number."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from loyalty.basket import Basket, Line
from loyalty.member import MemberView
from loyalty.money import parse_kopecks, parse_quantity_m
from loyalty.programme import Offer, Programme
from loyalty.quote import Quote
from loyalty.returns import LineReturn
from loyalty.sold import reverse_quoted
from loyalty.stickers import exchange
from tests.loyalty.judged import quote

AT = datetime(2026, 9, 15, 12, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "rules.md"


ORDINARY = {"alenka": "tea", "perekrestok": "grocery"}  # a category of each programme that is open to everything


def told(programme: Programme, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Goods whose category the example leaves out are ordinary ones."""
    return tuple(line if line.category else replace(line, category=ORDINARY[programme.id]) for line in lines)


def line(id: str, price: str, quantity: str = "1", category: str | None = None, least: str | None = None) -> Line:
    return Line(
        id=id,
        name=id,
        price_kopecks=parse_kopecks(price),
        quantity_m=parse_quantity_m(quantity),
        unit="kg" if "." in quantity else "pc",
        category=category,
        min_unit_price_kopecks=None if least is None else parse_kopecks(least),
    )


def sell(
    programme: Programme, points: int, *lines: Line, coupons: str = "", certificates: tuple[int, ...] = ()
) -> Quote:
    offers = [programme.coupon(id) for id in coupons.split()]
    basket = Basket(
        lines=told(programme, lines), coupons=tuple(offer for offer in offers if offer), certificates=certificates
    )
    assert len(basket.coupons) == len(offers), "the programme has these coupons"
    return quote(programme, basket, MemberView(points_active=points), at=AT)


def nets(answer: Quote) -> list[int]:
    return [line.net_kopecks for line in answer.lines]


def before(answer: Quote) -> list[int]:
    return [line.net_before_kopecks for line in answer.lines]


def parts(answer: Quote) -> dict[str, int]:
    return {part.kind: part.points for part in answer.accrual.parts}


def refusals(answer: Quote) -> dict[str, str | None]:
    return {use.id: use.refusal for use in answer.coupons}


def test_c1_promotion_then_coupon_then_points(alenka: Programme) -> None:
    tea_tenth = Offer(
        id="tea", ru="", en="", kind="percent_off", percent_bp=1000, categories=("tea",), members_only=True
    )
    programme = replace(alenka, promotions=(tea_tenth,))
    answer = sell(
        programme,
        1000,
        line("chocolate", "100.00", "3", "chocolate"),
        line("tea", "200.00", category="tea"),
        coupons="ten-percent",
    )
    assert before(answer) == [27000, 16200]
    assert answer.coupons[0].discount_kopecks == 4800
    assert answer.limit.points == 216
    assert nets(answer) == [13500, 8100]
    assert answer.to_pay_kopecks == 21600
    assert answer.accrual.points == 4


@pytest.mark.parametrize(
    ("box", "sweets_net", "refusal", "limit"),
    [("152.99", 34700, "basket_too_small", 249), ("153.00", 24700, None, 200)],
)
def test_c2_the_least_basket(alenka: Programme, box: str, sweets_net: int, refusal: str | None, limit: int) -> None:
    sweets = line("sweets", "347.00", category="sweets")
    answer = sell(alenka, 1000, sweets, line("box", box, category="gifts"), coupons="sweets-100")
    assert before(answer) == [sweets_net, parse_kopecks(box)]
    assert refusals(answer) == {"sweets-100": refusal}
    assert answer.limit.points == limit


def test_c3_the_law_comes_before_the_coupon(perekrestok: Programme) -> None:
    answer = sell(
        perekrestok,
        0,
        line("cigarettes", "189.00", category="tobacco"),
        line("vodka", "449.00", category="alcohol_strong", least="409.00"),
        line("bread", "45.50", category="bread"),
        coupons="ten-percent",
    )
    assert nets(answer) == [18900, 40900, 3605]
    assert answer.total_kopecks == 63405


def test_c3_vodka_without_a_known_lowest_price_gets_no_discount_at_all(perekrestok: Programme) -> None:
    vodka = line("vodka", "449.00", category="alcohol_strong")
    answer = sell(perekrestok, 5000, vodka, coupons="ten-percent")
    assert nets(answer) == [44900]
    assert refusals(answer) == {"ten-percent": "nothing_to_discount"}
    assert answer.lines[0].excluded == "no_min_price"


def test_c4_a_gift_then_points(alenka: Programme) -> None:
    answer = sell(
        alenka,
        5000,
        line("box", "1000.00", category="gifts"),
        line("two", "89.90", "2", category="chocolate"),
        line("one", "64.50", category="chocolate"),
        coupons="gift-chocolate",
    )
    assert before(answer) == [100000, 17980, 1]
    assert answer.limit.points == 589
    assert nets(answer) == [50076, 9004, 1]
    assert answer.to_pay_kopecks == 59081


@pytest.mark.parametrize(("price", "earned"), [("300.00", {"base": 4, "coupon": 50}), ("299.99", {"base": 3})])
def test_c5_points_for_a_purchase(alenka: Programme, price: str, earned: dict[str, int]) -> None:
    answer = sell(alenka, 100, line("box", price), coupons="plus-50")
    assert parts(answer) == earned
    assert refusals(answer) == {"plus-50": None if len(earned) == 2 else "basket_too_small"}


def test_c6_points_twice_over(perekrestok: Programme) -> None:
    answer = sell(perekrestok, 657, line("food", "657.30"), coupons="double")
    assert answer.total_kopecks == 59230
    assert parts(answer) == {"base": 59, "coupon": 59}


def test_c7_the_better_coupon_wins(alenka: Programme) -> None:
    goods = (line("sweets", "600.00", category="sweets"), line("tea", "300.00", category="tea"))
    for coupons in ("ten-percent sweets-100", "sweets-100 ten-percent"):
        answer = sell(alenka, 0, *goods, coupons=coupons)
        assert answer.total_kopecks == 80000
        assert refusals(answer) == {"ten-percent": "another_is_better", "sweets-100": None}


def test_c7_all_coupons_percents_first(perekrestok: Programme) -> None:
    for coupons in ("ten-percent minus-100", "minus-100 ten-percent"):
        answer = sell(perekrestok, 0, line("food", "1200.00"), coupons=coupons)
        assert answer.total_kopecks == 98000
        assert {use.id: use.discount_kopecks for use in answer.coupons} == {"ten-percent": 12000, "minus-100": 10000}


def test_c8_a_promotion_in_points(perekrestok: Programme) -> None:
    dairy = Offer(id="dairy", ru="", en="", kind="extra_points", points=3, step_kopecks=5000, categories=("dairy",))
    programme = replace(perekrestok, promotions=(dairy,))
    answer = sell(programme, 0, line("milk", "349.60", category="dairy"), line("bread", "100.00"))
    assert parts(answer) == {"base": 44, "promotion": 18}
    assert answer.accrual.points == 62


def test_c9_stickers_are_earned_and_exchanged(perekrestok: Programme) -> None:
    food, cigarettes = line("food", "1234.56"), line("cigarettes", "189.00", category="tobacco")
    answer = sell(perekrestok, 500, food, cigarettes)
    assert answer.redemption.points == 500
    assert answer.stickers == 5
    knife, left = exchange(perekrestok, "knife", 23, date(2026, 9, 15))
    assert left == 3
    basket = Basket(lines=(line("knife", "1499.00", category="household"),), coupons=(knife,))
    assert quote(perekrestok, basket, MemberView(), at=AT).total_kopecks == 99900


def test_c10_two_certificates(alenka: Programme) -> None:
    answer = sell(alenka, 50, line("box", "1050.00"), certificates=(30000, 100000))
    assert answer.total_kopecks == 100000
    assert answer.certificates == (30000, 70000)
    assert answer.to_pay_kopecks == 0
    assert answer.accrual.points == 20
    other = replace(alenka, certificates=replace(alenka.certificates, earns=False))
    assert sell(other, 50, line("box", "1050.00"), certificates=(30000, 100000)).accrual.points == 0


def test_c11_a_return_under_a_multiplying_coupon(perekrestok: Programme) -> None:
    double = perekrestok.coupon("double")
    assert double is not None
    basket = Basket(lines=(line("A", "150.00", "2", "grocery"),), coupons=(double,))
    member = MemberView(points_active=300)
    answer = quote(perekrestok, basket, member, at=AT)
    assert parts(answer) == {"base": 27, "coupon": 27}
    one = [LineReturn(id="A", quantity_m=1000)]
    steps = reverse_quoted(perekrestok, basket, member, answer, AT, [one, one])
    assert [step.refund_kopecks for step in steps] == [13500, 13500]
    assert [step.points_restored for step in steps] == [150, 150]
    assert [step.points_clawed_back for step in steps] == [28, 26]


def test_c12_part_of_a_weighed_line_comes_back(perekrestok: Programme) -> None:
    basket = Basket(
        lines=(
            line("apples", "129.99", "1.234", "vegetables"),
            line("yogurt", "54.90", "4", "dairy"),
            line("cheese", "899.00", "0.218", "dairy"),
        )
    )
    member = MemberView(points_active=1230)
    answer = quote(perekrestok, basket, member, at=AT)
    assert (answer.lines[0].net_kopecks, answer.lines[0].discount_kopecks) == (12615, 3426)
    steps = reverse_quoted(
        perekrestok,
        basket,
        member,
        answer,
        AT,
        [[LineReturn(id="apples", quantity_m=500)], [LineReturn(id="apples", quantity_m=734)]],
    )
    assert [step.refund_kopecks for step in steps] == [5111, 7504]
    assert [step.points_restored for step in steps] == [138, 204]


def test_every_example_of_the_document_is_tested_here() -> None:
    told = re.findall(r"^\| (C\d+) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    tested = {name.split("_")[1].upper() for name in globals() if name.startswith("test_c")}
    assert len(told) >= 10
    assert set(told) == tested
