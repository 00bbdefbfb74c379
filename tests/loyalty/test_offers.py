"""Promotions, coupons, stickers, certificates and partners: whom they serve, when, and what they never touch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from loyalty.basket import BadBasket, Basket, Line
from loyalty.certificates import check_face_value, spend
from loyalty.member import MemberView
from loyalty.partners import TooFewPoints, exchange
from loyalty.programme import Category, Offer, Programme
from loyalty.quote import Quote, quote
from loyalty.stickers import NotExchangeable, affordable
from loyalty.stickers import exchange as exchange_stickers

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
MEMBER = MemberView()


def tea(price: int = 20_000, id: str = "tea", count: int = 1) -> Line:
    return Line(id=id, name=id, price_kopecks=price, quantity_m=count * 1000, category="tea")


def offer(kind: str, **more: object) -> Offer:
    return Offer(id=kind, ru="", en="", kind=kind, **more)  # type: ignore[arg-type]


def sell(
    programme: Programme,
    *lines: Line,
    coupons: tuple[Offer, ...] = (),
    member: MemberView | None = MEMBER,
    at: datetime = NOON,
) -> Quote:
    return quote(programme, Basket(lines=lines, coupons=coupons), member, at=at)


def promoted(programme: Programme, *offers: Offer) -> Programme:
    return replace(programme, promotions=offers)


WEEK = offer("percent_off", percent_bp=1000, first_day=date(2026, 3, 1), last_day=date(2026, 3, 7), members_only=True)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (datetime(2026, 2, 28, 20, 59, tzinfo=UTC), "not_yet"),
        (datetime(2026, 2, 28, 21, 0, tzinfo=UTC), None),  # midnight in Moscow
        (datetime(2026, 3, 7, 20, 59, tzinfo=UTC), None),
        (datetime(2026, 3, 7, 21, 0, tzinfo=UTC), "over"),
    ],
)
def test_an_offer_holds_on_the_shops_days(alenka: Programme, at: datetime, refusal: str | None) -> None:
    total = 20_000 if refusal else 18_000
    assert sell(promoted(alenka, WEEK), tea(), at=at).total_kopecks == total
    answer = sell(alenka, tea(), coupons=(WEEK,), at=at)
    assert (answer.total_kopecks, answer.coupons[0].refusal) == (total, refusal)


def test_a_members_offer_needs_a_living_card(alenka: Programme) -> None:
    for member in (None, MemberView(card_status="blocked")):
        assert sell(promoted(alenka, WEEK), tea(), member=member).total_kopecks == 20_000
        answer = sell(alenka, tea(), coupons=(WEEK,), member=member)
        assert (answer.total_kopecks, answer.coupons[0].refusal) == (20_000, "members_only")
    for_all = replace(WEEK, members_only=False)
    assert sell(promoted(alenka, for_all), tea(), member=None).total_kopecks == 18_000


def test_each_promotion_sees_what_the_one_before_left(alenka: Programme) -> None:
    tenth = offer("percent_off", percent_bp=1000)
    ruble = offer("amount_off", amount_kopecks=5000, min_basket_kopecks=18_001)
    assert sell(promoted(alenka, tenth, ruble), tea()).total_kopecks == 18_000
    assert sell(promoted(alenka, ruble, tenth), tea()).total_kopecks == 13_500


def test_a_discount_is_rounded_down_and_spread_to_the_kopeck(alenka: Programme) -> None:
    tenth = offer("percent_off", percent_bp=1000)
    answer = sell(alenka, tea(99), tea(99, "b"), tea(99, "c"), coupons=(tenth,))
    assert answer.coupons[0].discount_kopecks == 29  # 10 % of 2.97
    assert [line.net_before_kopecks for line in answer.lines] == [89, 89, 90]


def test_an_amount_off_stops_at_the_floor_prices(alenka: Programme) -> None:
    ruble = offer("amount_off", amount_kopecks=50_000, categories=("tea",))
    answer = sell(
        alenka,
        tea(),
        tea(10_000, "b", 2),
        Line(id="box", name="", price_kopecks=100, category="gifts"),
        coupons=(ruble,),
    )
    assert [line.net_before_kopecks for line in answer.lines] == [1, 2, 100]
    assert answer.coupons[0].discount_kopecks == 39_997


def test_a_coupon_with_nothing_to_take_says_so(alenka: Programme) -> None:
    ruble = offer("amount_off", amount_kopecks=5000, categories=("sweets",))
    assert sell(alenka, tea(), coupons=(ruble,)).coupons[0].refusal == "nothing_to_discount"
    gift = offer("gift")
    loose = Line(id="loose", name="", price_kopecks=9000, quantity_m=500, unit="kg", category="tea")
    assert sell(alenka, loose, coupons=(gift,)).coupons[0].refusal == "nothing_to_discount"


def test_a_gift_is_the_cheapest_piece_and_of_equals_the_first(alenka: Programme) -> None:
    gift = offer("gift", gift_price_kopecks=100)
    answer = sell(alenka, tea(9000), tea(3000, "b", 2), tea(3000, "c"), coupons=(gift,))
    assert [line.net_before_kopecks for line in answer.lines] == [9000, 3100, 3000]
    # A thing that is cheaper than the gift's price stays as it is.
    answer = sell(alenka, tea(99), coupons=(gift,))
    assert (answer.total_kopecks, answer.coupons[0].refusal) == (99, "nothing_to_discount")


def test_a_gift_never_goes_below_the_floor(alenka: Programme) -> None:
    programme = replace(alenka, redemption=replace(alenka.redemption, unit_floor_kopecks=500))
    assert sell(programme, tea(3000, count=2), coupons=(offer("gift"),)).total_kopecks == 3001
    assert sell(programme, tea(3000), coupons=(offer("gift"),)).total_kopecks == 500


def test_a_gift_is_another_piece_where_the_cheapest_cannot_be_one(alenka: Programme) -> None:
    """A thing with a least price of its own, one that costs less than a gift, and drinks, which are never given."""
    lines = (
        replace(tea(3000, "bound"), min_unit_price_kopecks=2900),
        tea(1, "bag"),
        replace(tea(4000, "wine"), category="sparkling_wine", min_unit_price_kopecks=1),
        replace(tea(4500, "beer"), category="beer"),
        tea(5000, "tea"),
    )
    beer = Category(id="beer", ru="", en="", excise=True)
    programme = replace(alenka, categories={**alenka.categories, "beer": beer})
    answer = sell(programme, *lines, coupons=(offer("gift"),))
    assert {line.id: line.net_kopecks for line in answer.lines} == {
        "bound": 3000,
        "bag": 1,
        "wine": 4000,
        "beer": 4500,
        "tea": 1,
    }
    only_drinks = sell(programme, lines[2], lines[3], coupons=(offer("gift"),))
    assert only_drinks.coupons[0].refusal == "nothing_to_discount"
    assert sell(programme, lines[0], coupons=(offer("gift"),)).total_kopecks == 2900, "as near as it may come"


@pytest.mark.parametrize(
    ("coupon", "member", "refusal"),
    [
        (offer("extra_points", points=50), MEMBER, None),
        (offer("extra_points", points=50), None, "members_only"),
        (offer("extra_points", points=50), MemberView(card_status="blocked"), "members_only"),
        (offer("extra_points", points=50, categories=("sweets",)), MEMBER, "nothing_to_earn"),
        (offer("extra_points", points=5, step_kopecks=20_001), MEMBER, "nothing_to_earn"),
        (offer("extra_points", points=5, step_kopecks=20_000), MEMBER, None),
        (offer("extra_points", points=5, min_basket_kopecks=20_001), None, "basket_too_small"),
        (offer("multiplier", times=2), MEMBER, None),
        (offer("multiplier", times=2), None, "members_only"),
    ],
)
def test_r19_r20_a_coupon_that_adds_no_points_says_why_and_is_not_used_up(
    alenka: Programme, coupon: Offer, member: MemberView | None, refusal: str | None
) -> None:
    assert sell(alenka, tea(), coupons=(coupon,), member=member).coupons[0].refusal == refusal


def test_r20_points_on_goods_that_earn_nothing_are_none(alenka: Programme) -> None:
    cigarettes = replace(tea(), category="tobacco")
    for coupon in (offer("multiplier", times=2), offer("extra_points", points=50)):
        assert sell(alenka, cigarettes, coupons=(coupon,)).coupons[0].refusal == "nothing_to_earn"


def test_no_coupon_is_better_than_one_that_takes_nothing_off(alenka: Programme) -> None:
    for_sweets = offer("amount_off", amount_kopecks=1000, categories=("sweets",))
    tenth = offer("percent_off", percent_bp=1000)
    assert alenka.coupon_stacking == "best"
    for coupons in ((for_sweets, tenth), (tenth, for_sweets)):
        uses = {use.id: use.refusal for use in sell(alenka, tea(), coupons=coupons).coupons}
        assert uses == {"amount_off": "nothing_to_discount", "percent_off": None}
    nothing = replace(tenth, id="other", categories=("sweets",))
    assert [use.refusal for use in sell(alenka, tea(), coupons=(for_sweets, nothing)).coupons] == [
        "nothing_to_discount"
    ] * 2


def test_with_all_coupons_gifts_come_first_then_percents_then_rubles(perekrestok: Programme) -> None:
    coupons = (offer("amount_off", amount_kopecks=1000), offer("percent_off", percent_bp=5000), offer("gift"))
    milk = Line(id="milk", name="", price_kopecks=10_000, quantity_m=2000, category="grocery")
    answer = sell(perekrestok, milk, coupons=coupons)
    # 200.00: the gift leaves 100.01, half of it rounded down is 50.00, then 10.00
    assert {use.id: use.discount_kopecks for use in answer.coupons} == {
        "amount_off": 1000,
        "percent_off": 5000,
        "gift": 9999,
    }
    assert [use.id for use in answer.coupons] == ["amount_off", "percent_off", "gift"]
    assert answer.total_kopecks == 4001


def test_the_least_basket_is_measured_before_the_first_coupon(perekrestok: Programme) -> None:
    tenth = offer("percent_off", percent_bp=1000, min_basket_kopecks=20_000)
    ruble = offer("amount_off", amount_kopecks=1000, min_basket_kopecks=20_000)
    points = offer("extra_points", points=7, min_basket_kopecks=20_000)
    answer = sell(
        perekrestok, Line(id="a", name="", price_kopecks=20_000, category="grocery"), coupons=(points, tenth, ruble)
    )
    assert answer.total_kopecks == 17_000
    # A coupon for points is measured on what discounts have left.
    assert {use.id: use.refusal for use in answer.coupons} == {
        "extra_points": "basket_too_small",
        "percent_off": None,
        "amount_off": None,
    }
    assert [part.kind for part in answer.accrual.parts] == ["base"]


def test_of_two_coupons_that_take_the_same_the_first_is_used(alenka: Programme) -> None:
    tenth = offer("percent_off", percent_bp=1000)
    ruble = offer("amount_off", amount_kopecks=2000)
    answer = sell(alenka, tea(), coupons=(ruble, tenth))
    assert {use.id: use.refusal for use in answer.coupons} == {"amount_off": None, "percent_off": "another_is_better"}
    # A coupon for points never competes with a discount.
    points = offer("extra_points", points=7)
    answer = sell(alenka, tea(), coupons=(ruble, points))
    assert [use.refusal for use in answer.coupons] == [None, None]
    assert [(part.kind, part.points) for part in answer.accrual.parts] == [("base", 3), ("coupon", 7)]


def test_a_refused_coupon_does_not_stand_in_another_ones_way(alenka: Programme) -> None:
    late = offer("amount_off", amount_kopecks=9000, last_day=date(2026, 1, 1))
    answer = sell(alenka, tea(), coupons=(late, offer("percent_off", percent_bp=1000)))
    assert [use.refusal for use in answer.coupons] == ["over", None]
    assert answer.total_kopecks == 18_000


@pytest.mark.parametrize(
    ("extra", "points"),
    [
        (offer("multiplier", times=3), 8),
        (offer("extra_points", points=5), 5),
        (offer("extra_points", points=5, categories=("tea",)), 5),
        (offer("extra_points", points=5, categories=("sweets",)), 0),
        (offer("extra_points", points=5, step_kopecks=6000), 15),
        (offer("extra_points", points=5, step_kopecks=6000, categories=("tea",)), 15),
        (offer("extra_points", points=5, min_basket_kopecks=20_001), 0),
        (offer("extra_points", points=5, last_day=date(2026, 1, 1)), 0),
        (offer("percent_off", percent_bp=1), 0),
    ],
)
def test_points_that_an_offer_adds(alenka: Programme, extra: Offer, points: int) -> None:
    by_coupon = {part.kind: part.points for part in sell(alenka, tea(), coupons=(extra,)).accrual.parts}
    assert by_coupon.get("coupon", 0) == points
    by_promotion = {part.kind: part.points for part in sell(promoted(alenka, extra), tea()).accrual.parts}
    assert by_promotion.get("promotion", 0) == points


def test_points_for_members_only_are_added_for_any_card_that_earns(alenka: Programme) -> None:
    extra = offer("extra_points", points=5, members_only=True)
    assert sell(promoted(alenka, extra), tea()).accrual.points == 9
    assert sell(alenka, tea(), coupons=(extra,)).accrual.points == 9


def test_points_are_whole_numbers(alenka: Programme, perekrestok: Programme) -> None:
    programme = replace(alenka, certificates=replace(alenka.certificates, earns=False))
    basket = Basket(lines=(tea(),), certificates=(5000,))
    assert [type(part.points) for part in quote(programme, basket, MEMBER, at=NOON).accrual.parts] == [int]
    answer = exchange(perekrestok.partners[0], 5000)
    assert [type(value) for value in (answer.points, answer.units, answer.matched)] == [int, int, int]


def test_what_the_pos_took_off_comes_before_everything(alenka: Programme) -> None:
    answer = sell(alenka, replace(tea(), discount_kopecks=5000), coupons=(offer("percent_off", percent_bp=1000),))
    assert [line.net_before_kopecks for line in answer.lines] == [13_500]


def test_two_coupons_for_points_add_up(alenka: Programme) -> None:
    extras = (replace(offer("extra_points", points=5), id="five"), offer("multiplier", times=2))
    answer = sell(alenka, tea(), coupons=extras)
    assert [(part.kind, part.points) for part in answer.accrual.parts] == [("base", 4), ("coupon", 9)]


def test_a_receipt_of_nothing_but_tobacco_earns_no_extra_points(alenka: Programme) -> None:
    tobacco = Line(id="t", name="", price_kopecks=20_000, category="tobacco")
    assert sell(alenka, tobacco, coupons=(offer("extra_points", points=5),)).accrual.points == 0


def test_certificates_pay_in_turn() -> None:
    assert spend((), 100) == ()
    assert spend((30, 100), 50) == (30, 20)
    assert spend((30, 100), 20) == (20, 0)
    assert spend((30, 100), 500) == (30, 100)


def test_certificates_are_sold_in_the_programmes_range(perekrestok: Programme) -> None:
    for kopecks in (20_000, 300_000):
        check_face_value(perekrestok, kopecks)
    for kopecks, text in ((19_999, "199.99"), (300_001, "3000.01")):
        with pytest.raises(BadBasket, match=f"^amount: certificates are sold from 200.00 to 3000.00, not for {text}$"):
            check_face_value(perekrestok, kopecks)


def test_a_certificate_that_does_not_earn_is_taken_off_in_proportion(alenka: Programme) -> None:
    programme = replace(alenka, certificates=replace(alenka.certificates, earns=False))
    tobacco = Line(id="t", name="", price_kopecks=30_000, category="tobacco")
    basket = Basket(lines=(tea(90_000), tobacco), certificates=(40_000,))
    # 400 of 1200 are paid by certificate, so of the tea's 900.00 two thirds are money: 2 % of 600.00
    assert quote(programme, basket, MEMBER, at=NOON).accrual.points == 12
    assert quote(alenka, basket, MEMBER, at=NOON).accrual.points == 18
    free = Basket(lines=(replace(tea(), discount_kopecks=20_000),), certificates=(40_000,))
    assert quote(programme, free, MEMBER, at=NOON).accrual.points == 0


def test_stickers_buy_what_they_reach(perekrestok: Programme) -> None:
    rule = perekrestok.stickers
    assert rule is not None
    assert affordable(rule, 19) == ()
    assert affordable(rule, 20) == rule.offers
    assert exchange_stickers(perekrestok, "knife", 20, rule.first_day)[1] == 0
    assert exchange_stickers(perekrestok, "knife", 27, rule.last_day)[1] == 7


@pytest.mark.parametrize(
    ("id", "stickers", "day", "message"),
    [
        ("knife", 19, date(2026, 9, 1), "19 stickers do not buy knife"),
        ("spoon", 99, date(2026, 9, 1), "99 stickers do not buy spoon"),
        ("knife", 99, date(2026, 8, 31), "no sticker collection is running"),
        ("knife", 99, date(2027, 3, 1), "no sticker collection is running"),
    ],
)
def test_stickers_that_buy_nothing(perekrestok: Programme, id: str, stickers: int, day: date, message: str) -> None:
    with pytest.raises(NotExchangeable, match=f"^{message}$"):
        exchange_stickers(perekrestok, id, stickers, day)


def test_a_programme_without_stickers_exchanges_none(alenka: Programme) -> None:
    with pytest.raises(NotExchangeable, match=r"^no sticker collection is running$"):
        exchange_stickers(alenka, "knife", 99, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("at", "stickers"),
    [
        (datetime(2026, 8, 31, 20, 59, tzinfo=UTC), 0),
        (datetime(2026, 8, 31, 21, 0, tzinfo=UTC), 2),
        (datetime(2027, 2, 28, 20, 59, tzinfo=UTC), 2),
        (datetime(2027, 2, 28, 21, 0, tzinfo=UTC), 0),
    ],
)
def test_stickers_are_earned_while_the_collection_runs(perekrestok: Programme, at: datetime, stickers: int) -> None:
    milk = Line(id="milk", name="", price_kopecks=59_999, category="grocery")
    assert sell(perekrestok, milk, at=at).stickers == stickers
    several = replace(perekrestok, stickers=replace(perekrestok.stickers, per_step=3))  # type: ignore[type-var]
    assert sell(several, milk, at=at).stickers == stickers * 3


@pytest.mark.parametrize(
    ("partner", "points", "units", "matched"),
    [
        ("litres", 5000, 50_000, 0),
        ("litres", 10_000, 100_000, 0),
        ("s7", 1000, 100, 0),
        ("charity", 10, 100, 100),
        ("charity", 250, 2500, 2500),
    ],
)
def test_points_become_a_partners_units(
    perekrestok: Programme, partner: str, points: int, units: int, matched: int
) -> None:
    rule = next(rule for rule in perekrestok.partners if rule.id == partner)
    answer = exchange(rule, points)
    assert (answer.points, answer.units, answer.matched) == (points, units, matched)


@pytest.mark.parametrize(
    ("partner", "points"), [("litres", 4999), ("litres", 5001), ("s7", 990), ("s7", 1001), ("charity", 0)]
)
def test_a_partner_takes_whole_steps_from_a_least_sum(perekrestok: Programme, partner: str, points: int) -> None:
    rule = next(rule for rule in perekrestok.partners if rule.id == partner)
    message = f"^{partner} takes from {rule.points_min} points in steps of {rule.points_step}$"
    with pytest.raises(TooFewPoints, match=message):
        exchange(rule, points)
