"""Sales against the rules they were made under: every quote that is paid is by them, every sum that is changed is
found, and what a sale does not say for certain is nobody's fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from loyalty.basket import Basket, Line
from loyalty.bodies import OF_NOBODY, UNWITNESSED, Accrued, CouponUse, Deviation, Sale
from loyalty.by_rules import TOLD_BEFORE, Broken, against_rules, earned_by, unjudged
from loyalty.member import MemberView
from loyalty.operation import Operation, Store, read_operation, utc_text, write_operation
from loyalty.programme import Activation, Link, Offer, PercentAccrual, Programme, Tier
from loyalty.quote import quote
from tests.loyalty.judged import sold_as
from tests.loyalty.test_properties import AT, baskets, checked, links, members, programmes

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ANNA = MemberView(points_active=10_000, favourites=("tea",), birthday=date(1990, 6, 2))
TEA = Line(id="1", name="Чай", price_kopecks=10_000, quantity_m=3_000, category="tea")
SWEETS = Line(id="2", name="Конфеты", price_kopecks=64_900, quantity_m=347, unit="kg", category="sweets")


def paid(
    programme: Programme,
    basket: Basket,
    view: MemberView | None,
    link: Link = "online",
    asked: int | None = None,
    at: datetime = AT,
) -> Operation:
    answer = quote(programme, basket, view, at=at, link=link, requested_points=asked)
    return sold_as(programme, basket, view, answer, at, link)


def sale_in(operation: Operation) -> Sale:
    assert isinstance(operation.body, Sale)
    return operation.body


def with_sale(operation: Operation, **more: Any) -> Operation:
    return changed(operation, body=changed(operation.body, **more))


def same_again(operation: Operation) -> Operation:
    """As the hub reads it."""
    return read_operation(write_operation(operation))


# each sum of a sale, changed by some number; None: this sale has no such sum


def _line(sale: Sale, off: int, name: str) -> Sale:
    first, *others = sale.lines
    return changed(sale, lines=(changed(first, **{name: getattr(first, name) + off}), *others))


def _positions(sale: Sale, off: int) -> Sale | None:
    first, *others = sale.lines
    if not first.positions:
        return None
    one, *more = first.positions
    dearer = changed(one, amount_kopecks=one.amount_kopecks + off)
    return changed(sale, lines=(changed(first, positions=(dearer, *more)), *others))


def _parts(sale: Sale, off: int) -> Sale | None:
    if not sale.accrued.parts:
        return None
    (kind, points), *others = sale.accrued.parts
    return changed(sale, accrued=changed(sale.accrued, parts=((kind, points + off), *others)))


def _coupon(sale: Sale, off: int, name: str) -> Sale | None:
    if not sale.coupons:
        return None
    first, *others = sale.coupons
    return changed(sale, coupons=(changed(first, **{name: getattr(first, name) + off}), *others))


CHANGES: dict[str, Callable[[Sale, int], Sale | None]] = {
    "redeemed": lambda sale, off: changed(sale, redeemed=changed(sale.redeemed, points=sale.redeemed.points + off)),
    "worth": lambda sale, off: changed(sale, redeemed=changed(sale.redeemed, kopecks=sale.redeemed.kopecks + off)),
    "accrued": lambda sale, off: changed(sale, accrued=changed(sale.accrued, points=sale.accrued.points + off)),
    "before": lambda sale, off: _line(sale, off, "net_before_kopecks"),
    "discount": lambda sale, off: _line(sale, off, "discount_kopecks"),
    "net": lambda sale, off: _line(sale, off, "net_kopecks"),
    "total": lambda sale, off: changed(sale, total_kopecks=sale.total_kopecks + off),
    "paid": lambda sale, off: changed(sale, paid_kopecks=sale.paid_kopecks + off),
    "qualifying": lambda sale, off: changed(sale, qualifying_kopecks=sale.qualifying_kopecks + off),
    "positions": _positions,
    "parts": _parts,
    "coupon's discount": lambda sale, off: _coupon(sale, off, "discount_kopecks"),
    "coupon's points": lambda sale, off: _coupon(sale, off, "points"),
}


@checked
@given(programmes(), baskets(), st.none() | members, links, st.none() | st.integers(0, 5000))
def test_every_quote_that_is_paid_is_by_the_rules(
    programme: Programme, basket: Basket, view: MemberView | None, link: Link, asked: int | None
) -> None:
    programme = replace(programme, coupons=basket.coupons)
    sold = same_again(paid(programme, basket, view, link, asked))
    assert unjudged(sold) is None and against_rules(sold, programme) is None


@checked
@given(
    programmes(),
    baskets(),
    members,
    st.sampled_from(sorted(CHANGES)),
    st.integers(-5_000, 5_000).filter(bool),
    st.none() | st.integers(0, 5000),
)
def test_a_sum_that_is_changed_is_found(
    programme: Programme, basket: Basket, view: MemberView, what: str, off: int, asked: int | None
) -> None:
    programme = replace(programme, coupons=basket.coupons)
    sold = paid(programme, basket, view, "online", asked)
    other = CHANGES[what](sale_in(sold), off)
    if other is not None:
        assert against_rules(changed(sold, body=other), programme) is not None


def test_more_points_than_the_limit_cost_what_is_above_it(alenka: Programme) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA)
    sale = sale_in(sold)
    most = sale.redeemed.points
    more = changed(sale.redeemed, points=most + 40, kopecks=sale.redeemed.kopecks + 4_000)
    broken = against_rules(with_sale(sold, redeemed=more), alenka)
    assert broken == Broken("redeemed", most + 40, most, cost_points=40)
    less = changed(sale.redeemed, kopecks=sale.redeemed.kopecks - 100)
    assert against_rules(with_sale(sold, redeemed=less), alenka) == Broken(
        "redeemed", sale.redeemed.kopecks - 100, sale.redeemed.kopecks
    )


def test_points_earned_too_many_cost_the_difference_and_too_few_cost_nothing(alenka: Programme) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA, asked=0)
    accrued = sale_in(sold).accrued
    for points, cost in ((accrued.points + 7, 7), (accrued.points - 1, 0)):
        found = against_rules(with_sale(sold, accrued=changed(accrued, points=points)), alenka)
        assert found == Broken("accrued", points, accrued.points, cost_points=cost)


def test_a_discount_that_no_rule_gives_costs_its_kopecks(alenka: Programme) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA, asked=0)
    (line,) = sale_in(sold).lines
    cheap = changed(line, net_before_kopecks=29_000, net_kopecks=29_000)
    found = against_rules(with_sale(sold, lines=(cheap,), total_kopecks=29_000, paid_kopecks=29_000), alenka)
    assert found == Broken("lines", 29_000, 30_000, cost_kopecks=1_000)


def test_what_points_live_by_is_the_programmes(alenka: Programme) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA, asked=0)
    accrued = sale_in(sold).accrued
    for_ever = with_sale(sold, accrued=changed(accrued, expires_at=None))
    assert against_rules(for_ever, alenka) == Broken("life", cost_points=accrued.points)
    never = replace(alenka, points=replace(alenka.points, life=replace(alenka.points.life, kind="never")))
    assert against_rules(for_ever, never) is None


def test_a_right_that_the_programme_does_not_have_or_that_gives_nothing(alenka: Programme) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA, asked=0)
    accrued = sale_in(sold).accrued.points
    unknown = CouponUse(serial="aa" * 16, campaign="nobody's", discount_kopecks=0)
    assert against_rules(with_sale(sold, coupons=(unknown,)), alenka) == Broken("basket", cost_points=accrued)
    over = Offer(id="over", ru="", en="", kind="multiplier", times=2, last_day=date(2020, 1, 1))
    programme = replace(alenka, coupons=(over,))
    used = CouponUse(serial="aa" * 16, campaign="over", discount_kopecks=0)
    assert against_rules(with_sale(sold, coupons=(used,)), programme) == Broken("offers", 1, 0)


def test_lines_that_no_till_sells(alenka: Programme) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA, asked=0)
    (line,) = sale_in(sold).lines
    for bad in (changed(line, unit="m"), changed(line, category="moon rock"), changed(line, pos_discount_kopecks=-1)):
        found = against_rules(with_sale(sold, lines=(bad,)), alenka)
        assert found is not None and found.sum == "basket"


def test_what_is_not_recorded_is_nobodys_fault(alenka: Programme, perekrestok: Programme) -> None:
    """A promotion that allows no points, fewer points asked for, fewer reserved; an offline rule that was just kept."""
    for asked in (0, 10, 20):
        assert against_rules(paid(perekrestok, Basket(lines=(TEA_OF_X,)), ANNA, asked=asked), perekrestok) is None
    forbidden = paid(alenka, Basket(lines=(TEA,), redemption_forbidden=True), ANNA)
    assert against_rules(forbidden, alenka) is None
    fresh = replace(ANNA, snapshot_at=AT - timedelta(seconds=perekrestok.offline.snapshot_max_age_s))
    sold = paid(perekrestok, Basket(lines=(TEA_OF_X,)), fresh, "offline")
    assert sale_in(sold).redeemed.points > 0
    later = changed(sold, at=utc_text(AT + 5 * MINUTE))  # paid when the snapshot was too old; told before
    assert against_rules(later, perekrestok) is None


TEA_OF_X = replace(TEA, category="grocery")


# the day


def shop_day(programme: Programme, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 1, hour, minute, tzinfo=programme.timezone).astimezone(UTC)


@pytest.mark.parametrize("activation", [Activation(), Activation(minutes=90), Activation(days=3)])
@pytest.mark.parametrize("view", [ANNA, None])
def test_what_was_told_before_midnight_holds_after_it(
    alenka: Programme, activation: Activation, view: MemberView | None
) -> None:
    today = Offer(id="today", ru="", en="", kind="percent_off", percent_bp=1000, last_day=date(2026, 6, 1))
    points = replace(alenka.points, activation=activation)
    programme = replace(alenka, promotions=(today,), points=points)
    sold = paid(programme, Basket(lines=(TEA, SWEETS)), view, asked=0, at=shop_day(alenka, 23, 50))
    assert sale_in(sold).total_kopecks < 52_521
    for later in (MINUTE, 15 * MINUTE, 20 * timedelta(hours=1)):
        paid_then = changed(sold, at=utc_text(shop_day(alenka, 23, 50) + later))
        assert against_rules(paid_then, programme) is None


def test_a_sale_that_names_another_day_altogether(alenka: Programme) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA, asked=0)
    earned = sale_in(sold).accrued.points
    for at in (AT + TOLD_BEFORE + MINUTE, AT - timedelta(hours=1)):
        assert against_rules(changed(sold, at=utc_text(at)), alenka) == Broken("day", cost_points=earned)
    assert against_rules(changed(sold, at=utc_text(AT - MINUTE)), alenka) is None


def test_the_day_is_that_of_the_store(alenka: Programme) -> None:
    today = Offer(id="today", ru="", en="", kind="percent_off", percent_bp=1000, first_day=date(2026, 6, 2))
    programme = replace(alenka, promotions=(today,))
    east = programme.by_clock_of(Store(id="s", timezone="Asia/Vladivostok").zone(programme.timezone))
    sold = paid(east, Basket(lines=(TEA,)), None, at=shop_day(alenka, 20))
    there = changed(sold, store=Store(id="s", timezone="Asia/Vladivostok"))
    assert against_rules(there, programme) is None
    found = against_rules(sold, programme)
    assert found is not None and found.sum == "lines"


# what cannot be judged


def test_what_cannot_be_worked_out_is_not_judged(alenka: Programme) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA)
    said = with_sale(sold, deviations=(Deviation(kind=UNWITNESSED, note="q1"),))
    assert unjudged(sold) is None and unjudged(said) == "unwitnessed"
    assert unjudged(with_sale(sold, seen=None)) == "older" and unjudged(changed(sold, v=1)) == "older"
    assert unjudged(with_sale(sold, member=None, card="c", seen=None)) == "older"
    assert unjudged(with_sale(sold, lines=())) == "no_lines"
    assert unjudged(paid(alenka, Basket(lines=(TEA,)), None)) is None


def test_a_card_that_turned_out_to_be_anothers_earns_nobody_anything(alenka: Programme) -> None:
    """The promise had a blank card in it that somebody else has got since (pos_agent/desks/sale.py)."""
    sold = paid(alenka, Basket(lines=(TEA,)), MemberView(card_status="issued"))
    nobody = with_sale(sold, member=None, card=None, accrued=Accrued())
    assert sale_in(sold).accrued.points > 0 and against_rules(nobody, alenka) is None


def test_a_line_without_positions_is_what_it_cost(alenka: Programme) -> None:
    """Of tills that told none."""
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA)
    (line,) = sale_in(sold).lines
    assert line.positions and against_rules(with_sale(sold, lines=(changed(line, positions=()),)), alenka) is None


def test_r30_a_receipt_by_another_programme_earns_what_that_one_gives(alenka: Programme) -> None:
    """Of a till that was away: it sold by the version before."""
    seven = replace(alenka, accrual=PercentAccrual(tiers=(Tier(from_kopecks=0, rate_bp=700),)))
    basket = Basket(lines=(TEA, SWEETS))  # 300.00 and 225.20, of which 50.00 by points
    sold = paid(alenka, basket, ANNA, asked=50)
    assert (earned_by(sold, alenka), earned_by(sold, seven)) == (sale_in(sold).accrued.points, 33)


def test_nobody_says_what_another_receipt_would_have_earned(alenka: Programme) -> None:
    """Fewer points that may be spent, a right that the programme does not have, a sale that kept nothing."""
    sold = paid(alenka, Basket(lines=(TEA,)), ANNA, asked=100)
    strict = replace(alenka, redemption=replace(alenka.redemption, receipt_max_points=10))
    assert earned_by(sold, strict) is None and earned_by(with_sale(sold, seen=None), alenka) is None
    with_coupon = paid(alenka, Basket(lines=(TEA,), coupons=alenka.coupons[:1]), ANNA, asked=0)
    assert earned_by(with_coupon, alenka) == sale_in(with_coupon).accrued.points
    assert earned_by(with_coupon, replace(alenka, coupons=())) is None


@pytest.mark.parametrize("kind", sorted(OF_NOBODY))
def test_what_was_told_to_a_card_that_was_none_when_it_was_paid_is_not_judged(alenka: Programme, kind: str) -> None:
    sold = paid(alenka, Basket(lines=(TEA,)), None)
    assert unjudged(sold) is None
    assert unjudged(with_sale(sold, deviations=(Deviation(kind=kind, note=""),))) == "of_nobody"
