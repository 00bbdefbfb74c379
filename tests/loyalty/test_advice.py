"""What the customer could still gain: one piece of advice, confirmed by the quote, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.programmes import load_programme
from loyalty.accrual import tier_rate_bp
from loyalty.advice import NEAR_KOPECKS, Receipt, _reaching, advice, recorded, taken
from loyalty.basket import LINES_MAX, Basket, Line
from loyalty.bodies import Advice, CouponUse, Redeemed, Sale, SaleNumber
from loyalty.lots import Account, Lot, account_of
from loyalty.member import MemberView
from loyalty.programme import BirthdayBonus, Offer, PercentAccrual, Programme
from loyalty.quote import quote

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
MEMBER = MemberView(points_active=0)


def line(kopecks: int, category: str | None = "chocolate", id: str = "1") -> Line:
    return Line(id=id, name="", price_kopecks=kopecks, category=category)


def receipt(programme: Programme, *lines: Line, **facts: Any) -> Receipt:
    """A receipt of these lines; `facts` are of the receipt, and its coupons by their ids."""
    coupons = tuple(offer for id in facts.pop("coupons", ()) if (offer := programme.coupon(id)) is not None)
    basket = Basket(lines=lines, coupons=coupons)
    told: dict[str, Any] = {"member": MEMBER, "account": Account(), "requested_points": 0} | facts
    quoted = quote(programme, basket, told["member"], at=AT, requested_points=told["requested_points"])
    return Receipt(programme=programme, basket=basket, quoted=quoted, at=AT, link="online", **told)


def found(programme: Programme, *lines: Line, **facts: Any) -> Advice | None:
    return advice(receipt(programme, *lines, **facts))


# the next rate


def test_a_little_more_and_the_rate_is_higher(alenka: Programme) -> None:
    told = found(alenka, line(145_800))
    assert told == Advice(kind="tier", more_kopecks=4_200, goal_kopecks=150_000, rate_bp=300, before_bp=200)


def test_what_is_added_is_discounted_too(alenka: Programme) -> None:
    told = found(alenka, line(160_000), coupons=("ten-percent",))
    assert told is not None and told.more_kopecks == 6_667, "60.00 are short, and ten percent come off"


@pytest.mark.parametrize(("kopecks", "near"), [(119_999, False), (120_000, True), (149_999, True), (150_000, False)])
def test_only_what_is_near_is_advised(alenka: Programme, kopecks: int, near: bool) -> None:
    assert (found(alenka, line(kopecks)) is not None) == near


def test_of_a_small_receipt_something_small_is_near(alenka: Programme) -> None:
    tiers = (*alenka.accrual.tiers[:1], replace(alenka.accrual.tiers[1], from_kopecks=NEAR_KOPECKS + 1_000))  # type: ignore[union-attr]
    low = replace(alenka, accrual=PercentAccrual(tiers=tiers))
    assert found(low, line(1_000)) is not None
    assert found(low, line(999)) is None


@pytest.mark.parametrize("category", ["tobacco", "alcohol_strong", "sparkling_wine", "lottery", "unknown", None])
def test_nobody_is_advised_to_buy_what_is_closed(alenka: Programme, category: str | None) -> None:
    assert found(alenka, line(145_800, category)) is None


def test_closed_goods_beside_open_ones_change_nothing_but_the_sum(alenka: Programme) -> None:
    told = found(alenka, line(5_000), line(140_800, None, "2"), line(90_000, "tobacco", "3"))
    assert told is not None and told.more_kopecks == 4_200, "unknown goods earn, tobacco does not"


@pytest.mark.parametrize(
    "member", [None, MemberView(card_status="blocked"), MemberView(card_status="replaced")], ids=str
)
def test_whoever_earns_nothing_gains_nothing(alenka: Programme, member: MemberView | None) -> None:
    assert found(alenka, line(145_800), member=member) is None


def test_other_programmes_have_no_rate_to_reach(alenka: Programme, perekrestok: Programme) -> None:
    accrual = alenka.accrual
    assert isinstance(accrual, PercentAccrual)
    assert found(perekrestok, line(145_800, "dairy")) is None
    assert found(replace(alenka, accrual=replace(accrual, tier_metric="accumulated")), line(145_800)) is None
    assert found(alenka, line(290_000), line(20_000, id="2")) is None, "the highest rate"


def test_a_rate_that_gives_no_more_is_no_advice(alenka: Programme) -> None:
    """On a birthday the higher rate counts anyhow."""
    birthday = BirthdayBonus(days_before=3, days_after=3, rate_bp=1_000)
    member = MemberView(birthday=date(1990, 3, 2))
    assert found(replace(alenka, birthday=birthday), line(145_800), member=member) is None


def test_a_receipt_that_is_full_is_left_alone(alenka: Programme) -> None:
    lines = [line(145_800, id="more"), *(line(0, id=str(at)) for at in range(LINES_MAX - 1))]
    assert found(alenka, *lines) is None
    assert found(alenka, *lines[:-1]) is not None, "and an id of ours clashes with none"


def test_what_never_comes_nearer_is_given_up(alenka: Programme) -> None:
    whole = receipt(alenka, line(100_000))
    assert _reaching(whole, lambda basket: 5_000, 100_000) is None, "nothing of it counts"
    ever = iter(range(50, 0, -1))
    assert _reaching(whole, lambda basket: next(ever), 10**9) is None, "too little of it counts"
    assert _reaching(whole, lambda basket: 0, 100_000) is None, "nothing is short"


# coupons


@pytest.mark.parametrize(
    ("coupon", "category", "kopecks", "more"),
    [
        ("sweets-100", "sweets", 48_650, 1_350),
        ("gift-chocolate", "chocolate", 99_000, 1_000),
        ("plus-50", "tea", 28_650, 1_350),
        ("sweets-100", "sweets", 25_000, 25_000),
        ("sweets-100", "sweets", 24_999, None),  # as much again is too much
        ("sweets-100", "chocolate", 48_650, None),  # it would have nothing to take off
        ("sweets-100", "sweets", 50_000, None),  # it holds
        ("ten-percent", "sweets", 50_000, None),
    ],
)
def test_a_coupon_waits_for_a_little_more(
    alenka: Programme, coupon: str, category: str, kopecks: int, more: int | None
) -> None:
    told = found(alenka, line(kopecks, category), coupons=(coupon,))
    assert told == (None if more is None else Advice(kind="coupon", more_kopecks=more, offer=coupon))


def test_a_coupon_for_points_gives_nobody_nothing(alenka: Programme) -> None:
    assert found(alenka, line(28_650), coupons=("plus-50",), member=None) is None
    assert found(alenka, line(48_650, "sweets"), coupons=("sweets-100",), member=None) is not None


def test_a_coupon_that_a_better_one_displaces_is_not_advised(alenka: Programme) -> None:
    """100 rubles off from 500 for sweets, beside ten percent of very much."""
    large = Offer(id="large", ru="", en="", kind="amount_off", amount_kopecks=1_000, min_basket_kopecks=200_000)
    programme = replace(alenka, coupons=(*alenka.coupons, large))
    assert found(programme, line(190_000), coupons=("ten-percent", "large"), member=None) is None


# points that die


def account(*lots: tuple[int, timedelta | None], debt: int = 0, start: timedelta = timedelta(0)) -> Account:
    return account_of(
        (
            Lot(id=str(at), points=points, active_from=AT + start, expires_at=None if life is None else AT + life)
            for at, (points, life) in enumerate(lots)
        ),
        debt,
    )


FRIDAY = timedelta(days=3, hours=9)  # midnight in Moscow after Thursday the 5th


@pytest.mark.parametrize(
    ("lots", "facts", "points"),
    [
        (account((100, FRIDAY)), {}, 100),
        (account((100, FRIDAY), (30, FRIDAY), (500, timedelta(days=5))), {}, 130),
        (account((100, timedelta(days=7))), {}, 100),
        (account((100, timedelta(days=7, seconds=1))), {}, None),
        (account((100, None)), {}, None),
        (account((100, FRIDAY), debt=10), {}, None),
        (account((100, FRIDAY), start=timedelta(seconds=1)), {}, None),
        (account((100, FRIDAY)), {"decided": True}, None),
        (account((100, FRIDAY)), {"requested_points": 100}, None),
        (account((100, FRIDAY)), {"requested_points": 60}, 100),
        (account((100, FRIDAY)), {"member": MemberView(points_active=100, identified_by="phone")}, None),
    ],
)
def test_points_that_die_within_a_week(
    alenka: Programme, lots: Account, facts: dict[str, Any], points: int | None
) -> None:
    told = found(alenka, line(50_000), account=lots, **({"member": MemberView(points_active=100)} | facts))
    assert (None if told is None else told.points) == points
    if told is not None and lots.lots[0].expires_at == AT + FRIDAY:
        assert told == Advice(kind="expiring", points=told.points, last_day="2026-03-05")


# the best of several


def test_what_is_worth_most_is_advised(alenka: Programme) -> None:
    member = MemberView(points_active=5)
    told = found(alenka, line(145_800), account=account((5, FRIDAY)), member=member)
    assert told is not None and told.kind == "tier", "fifteen bonuses more than five"
    rich = MemberView(points_active=500)
    told = found(alenka, line(145_800), account=account((500, FRIDAY)), member=rich)
    assert told is not None and told.kind == "expiring"


# was it taken?

SALE = Sale(sale=SaleNumber(day="2026-03-02", number="1"), lines=(), total_kopecks=0, paid_kopecks=0)


@pytest.mark.parametrize(
    ("told", "sale", "limit", "reached"),
    [
        (Advice(kind="tier", goal_kopecks=150_000), {"qualifying_kopecks": 150_000}, 0, True),
        (Advice(kind="tier", goal_kopecks=150_000), {"qualifying_kopecks": 149_999}, 0, False),
        (Advice(kind="coupon", offer="tea"), {}, 0, False),
        (
            Advice(kind="coupon", offer="tea"),
            {"coupons": (CouponUse(serial="00", campaign="tea", discount_kopecks=1),)},
            0,
            True,
        ),
        (
            Advice(kind="coupon", offer="tea"),
            {"coupons": (CouponUse(serial="00", campaign="other", discount_kopecks=1),)},
            0,
            False,
        ),
        (Advice(kind="expiring", points=100), {"redeemed": Redeemed(points=100)}, 150, True),
        (Advice(kind="expiring", points=100), {"redeemed": Redeemed(points=99)}, 150, False),
        (Advice(kind="expiring", points=100), {"redeemed": Redeemed(points=60)}, 60, True),  # as many as could be
        (Advice(kind="expiring", points=100), {}, 0, False),
    ],
)
def test_advice_is_taken_when_the_paid_receipt_has_it(
    told: Advice, sale: dict[str, Any], limit: int, reached: bool
) -> None:
    paid = replaced(SALE, **sale)
    assert taken(told, paid, limit) is reached
    assert recorded(told, paid, limit).taken is reached


def replaced(sale: Sale, **changes: Any) -> Sale:
    fields = {name: getattr(sale, name) for name in sale.__struct_fields__}
    return Sale(**(fields | changes))


# whatever the receipt


@given(
    st.lists(st.tuples(st.integers(1, 300_000), st.sampled_from(["chocolate", "sweets", "tobacco", None])), min_size=1),
    st.sets(st.sampled_from(["ten-percent", "sweets-100", "gift-chocolate", "plus-50"])),
    st.integers(0, 3_000),
)
def test_what_is_advised_is_what_the_quote_would_say(
    goods: list[tuple[int, str | None]], coupons: set[str], points: int
) -> None:
    programme = load_programme("alenka")
    lines = [line(kopecks, category, str(at)) for at, (kopecks, category) in enumerate(goods)]
    member = MemberView(points_active=points)
    told = found(programme, *lines, coupons=sorted(coupons), member=member)
    if told is None:
        return
    assert any(category in ("chocolate", "sweets") for _, category in goods), "something open is there"
    like = max((one for one in lines if one.category in ("chocolate", "sweets")), key=lambda one: one.gross_kopecks)
    more = line(told.more_kopecks, like.category, "more")
    grown = receipt(programme, *lines, more, coupons=sorted(coupons), member=member).quoted
    if told.kind == "coupon":
        assert next(use.refusal for use in grown.coupons if use.id == told.offer) is None
    else:
        accrual = programme.accrual
        assert isinstance(accrual, PercentAccrual)
        assert tier_rate_bp(accrual, grown.accrual.qualifying_kopecks) >= told.rate_bp > told.before_bp
