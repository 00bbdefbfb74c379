"""Why nothing may be redeemed, in which order, and which caps are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from loyalty.basket import BadBasket, Basket, Line
from loyalty.cards import CardStatus
from loyalty.member import FreeBy, MemberView
from loyalty.programme import Programme
from loyalty.quote import Quote, quote
from loyalty.redemption import CAPS, GATES, headroom

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
FOOD = Line(id="food", name="food", price_kopecks=100_000, category="tea")


def ask(programme: Programme, member: MemberView | None, *, link: str = "online", forbidden: bool = False) -> Quote:
    basket = Basket(lines=(FOOD,), redemption_forbidden=forbidden)
    return quote(programme, basket, member, at=AT, link=link)  # type: ignore[arg-type]


def denying(programme: Programme) -> Programme:
    return replace(programme, offline=replace(programme.offline, mode="deny"))


# Each member has every later reason too, so that the order is seen.
FAULTS = {"identified_by": "phone", "points_active": 100, "snapshot_at": AT - timedelta(days=9)}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("blocked", "card_blocked"),
        ("replaced", "card_replaced"),
        ("issued", "not_registered"),
        ("pending", "registration_pending"),
        ("active", "redemption_forbidden"),
    ],
)
def test_the_card_comes_before_the_receipt(alenka: Programme, status: str, reason: str) -> None:
    member = MemberView(card_status=status, **FAULTS)  # type: ignore[arg-type]
    answer = ask(denying(alenka), member, link="offline", forbidden=True)
    assert (answer.limit.reason, answer.limit.points, answer.limit.bound_by) == (reason, 0, ())
    assert (answer.limit.amount_kopecks, answer.redemption.points, answer.redemption.amount_kopecks) == (0, 0, 0)


def test_without_a_card_nothing_is_redeemed_and_nothing_earned(alenka: Programme) -> None:
    answer = ask(alenka, None)
    assert answer.limit.reason == "no_card"
    assert (answer.accrual.points, answer.accrual.parts, answer.stickers) == (0, (), 0)
    assert answer.to_pay_kopecks == 100_000


def test_the_receipt_comes_before_the_second_factor_and_that_before_the_link(alenka: Programme) -> None:
    member = MemberView(**FAULTS)  # type: ignore[arg-type]
    assert ask(denying(alenka), member, link="offline").limit.reason == "second_factor_missing"
    known = replace(member, second_factor=True)
    assert ask(denying(alenka), known, link="offline").limit.reason == "offline_denied"
    assert ask(alenka, known, link="offline").limit.reason == "snapshot_stale"
    assert ask(alenka, known, link="online").limit.reason is None


@pytest.mark.parametrize(
    ("by_phone", "second_factor", "reason"),
    [
        ("second_factor", False, "second_factor_missing"),
        ("second_factor", True, None),
        ("allow", False, None),
        ("deny", True, "second_factor_missing"),
    ],
)
def test_what_a_spoken_phone_number_is_enough_for(
    alenka: Programme, by_phone: str, second_factor: bool, reason: str | None
) -> None:
    programme = replace(alenka, redemption=replace(alenka.redemption, by_phone=by_phone))  # type: ignore[arg-type]
    member = MemberView(identified_by="phone", second_factor=second_factor, points_active=100)
    assert ask(programme, member).limit.reason == reason


@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (timedelta(hours=24), None),
        (timedelta(hours=24, seconds=1), "snapshot_stale"),
        (timedelta(0), None),
        (timedelta(seconds=-1), "clock_behind"),
    ],
)
def test_old_data_and_a_late_clock_stop_redemption_offline_only(
    alenka: Programme, age: timedelta, reason: str | None
) -> None:
    member = MemberView(points_active=100, snapshot_at=AT - age)
    offline = ask(alenka, member, link="offline")
    assert offline.limit.reason == reason
    assert offline.accrual.points == 20 - (0 if reason else 2)
    assert ask(alenka, member).limit.reason is None


@pytest.mark.parametrize(
    ("seconds", "reason"), [(-1, None), (0, None), (1, "clock_behind"), (86_400 * 800, "clock_behind")]
)
def test_a_clock_is_behind_when_it_is_before_the_latest_moment_seen(
    alenka: Programme, seconds: int, reason: str | None
) -> None:
    """R11: offline only; the till corrects its clock by the hub's before it asks."""
    member = MemberView(
        points_active=100, snapshot_at=AT - timedelta(hours=1), latest_at=AT + timedelta(seconds=seconds)
    )
    assert ask(alenka, member, link="offline").limit.reason == reason
    assert ask(alenka, member).limit.reason is None


def test_data_without_a_time_is_as_fresh_as_the_question(alenka: Programme) -> None:
    assert ask(alenka, MemberView(points_active=100), link="offline").limit.points == 100


def test_registration_is_asked_only_where_the_programme_asks(alenka: Programme) -> None:
    open_programme = replace(alenka, redemption=replace(alenka.redemption, needs_registration=False))
    unregistered: tuple[CardStatus, ...] = ("issued", "pending")
    for status in unregistered:
        member = MemberView(card_status=status, points_active=100)
        assert ask(open_programme, member).limit.points == 100


@pytest.mark.parametrize("status", ["issued", "pending", "active", "blocked", "replaced"])
def test_only_a_living_card_earns(alenka: Programme, status: str) -> None:
    member = MemberView(card_status=status)  # type: ignore[arg-type]
    assert ask(alenka, member).accrual.points == (0 if status in ("blocked", "replaced") else 20)


def test_a_blocked_card_collects_no_stickers_and_has_no_member_prices(perekrestok: Programme) -> None:
    at = datetime(2026, 10, 1, 12, tzinfo=UTC)
    basket = Basket(lines=(replace(FOOD, category="grocery"),))
    assert quote(perekrestok, basket, MemberView(), at=at).stickers == 5
    assert quote(perekrestok, basket, MemberView(card_status="blocked"), at=at).stickers == 0


CAPPED = {
    "percent": {"cap_bp": 1000},
    "min_cash": {"min_cash_kopecks": 90_000},
    "lines": {"unit_floor_kopecks": 90_000},
    "per_receipt": {"receipt_max_points": 100},
    "per_day": {"day_max_points": 130},
    "card_alone": {"card_alone_max_points": 100},
}


@pytest.mark.parametrize("cap", CAPPED)
def test_each_cap_binds_alone(alenka: Programme, cap: str) -> None:
    programme = replace(alenka, redemption=replace(alenka.redemption, **CAPPED[cap]))  # type: ignore[arg-type]
    limit = ask(programme, MemberView(points_active=400, redeemed_today=30)).limit
    assert (limit.points, limit.amount_kopecks, limit.bound_by) == (100, 10_000, (cap,))


@pytest.mark.parametrize("known", [{"second_factor": True}, {"vouched": True}])
def test_sec9_more_than_by_the_card_alone_needs_more_to_be_known(alenka: Programme, known: dict[str, Any]) -> None:
    programme = replace(alenka, redemption=replace(alenka.redemption, card_alone_max_points=100))
    alone = MemberView(points_active=400)
    assert ask(programme, alone).limit.bound_by == ("card_alone",)
    assert ask(programme, replace(alone, **known)).limit.points == ask(alenka, alone).limit.points > 100


@pytest.mark.parametrize("free_by", get_args(FreeBy))
def test_every_cap_that_equals_the_smallest_is_named_in_order(alenka: Programme, free_by: FreeBy) -> None:
    every = {key: value for rules in CAPPED.values() for key, value in rules.items()}
    programme = replace(
        alenka,
        redemption=replace(alenka.redemption, **every),  # type: ignore[arg-type]
        offline=replace(alenka.offline, receipt_max_points=100, day_max_points=None),
    )
    member = MemberView(points_active=150, redeemed_unsynced=50, redeemed_today=30, points_free=100, free_by=free_by)
    caps = tuple(cap for cap in CAPS if cap == free_by or cap not in get_args(FreeBy))
    assert ask(programme, member, link="offline").limit.bound_by == caps
    # Offline is a cap of its own only where the hub cannot be asked.
    assert ask(programme, member).limit.bound_by == caps[:-1]


@pytest.mark.parametrize(
    ("receipt_max", "day_max", "today", "points"),
    [(100, 500, 0, 100), (300, 500, 450, 50), (300, 500, 600, 0), (None, 90, 0, 90), (80, None, 500, 80)],
)
def test_the_offline_caps(
    alenka: Programme, receipt_max: int | None, day_max: int | None, today: int, points: int
) -> None:
    offline = replace(alenka.offline, receipt_max_points=receipt_max, day_max_points=day_max)
    member = MemberView(points_active=400, redeemed_today=today)
    limit = ask(replace(alenka, offline=offline), member, link="offline").limit
    assert (limit.points, limit.bound_by) == (points, ("offline",))


def test_what_the_outbox_holds_is_not_spent_again(alenka: Programme) -> None:
    for link in ("online", "offline"):
        assert ask(alenka, MemberView(points_active=100, redeemed_unsynced=60), link=link).limit.points == 40
        assert ask(alenka, MemberView(points_active=100, redeemed_unsynced=160), link=link).limit.points == 0


def test_a_day_limit_overdrawn_leaves_nothing(alenka: Programme) -> None:
    programme = replace(alenka, redemption=replace(alenka.redemption, day_max_points=100))
    limit = ask(programme, MemberView(points_active=400, redeemed_today=130)).limit
    assert (limit.points, limit.bound_by) == (0, ("per_day",))


@pytest.mark.parametrize(("active", "points"), [(49, 0), (50, 50), (51, 51)])
def test_less_than_the_least_redemption_is_none(alenka: Programme, active: int, points: int) -> None:
    programme = replace(alenka, redemption=replace(alenka.redemption, min_points=50))
    answer = ask(programme, MemberView(points_active=active))
    assert (answer.limit.points, answer.redemption.points) == (points, points)
    basket = Basket(lines=(FOOD,))
    member = MemberView(points_active=400)
    assert quote(programme, basket, member, at=AT, requested_points=49).redemption.points == 0
    assert quote(programme, basket, member, at=AT, requested_points=50).redemption.points == 50


def test_the_limit_does_not_look_at_what_was_asked(alenka: Programme) -> None:
    basket = Basket(lines=(FOOD,))
    for asked, points in ((0, 0), (70, 70), (9999, 400)):
        answer = quote(alenka, basket, MemberView(points_active=400), at=AT, requested_points=asked)
        assert (answer.limit.points, answer.redemption.points) == (400, points)


def test_a_receipt_under_the_ruble_that_stays_takes_nothing(perekrestok: Programme) -> None:
    basket = Basket(lines=(Line(id="match", name="", price_kopecks=50, category="grocery"),))
    limit = quote(perekrestok, basket, MemberView(points_active=400), at=AT).limit
    assert (limit.points, limit.bound_by) == (0, ("min_cash",))


def test_nothing_is_left_for_points_under_the_ruble_that_stays(alenka: Programme) -> None:
    rules = replace(alenka.redemption, min_cash_kopecks=100, cap_bp=10_000, unit_floor_kopecks=0)
    fine = replace(alenka, redemption=rules, currency=replace(alenka.currency, kop_per_point=1))
    for price, points in ((99, 0), (100, 0), (101, 1)):
        basket = Basket(lines=(Line(id="match", name="", price_kopecks=price, category="tea"),))
        limit = quote(fine, basket, MemberView(points_active=400), at=AT).limit
        assert (limit.points, limit.bound_by) == (points, ("min_cash",))


def test_a_line_gives_what_is_above_the_higher_of_two_floors() -> None:
    line = Line(id="1", name="", price_kopecks=1000, quantity_m=1500, unit="kg", min_unit_price_kopecks=333)
    assert headroom(line, 1500, 100) == 1000  # 1.5 kg at 3.33 are 4.995, rounded up
    assert headroom(line, 1500, 400) == 900
    assert [headroom(line, net, 100) for net in (499, 500, 501, 502)] == [0, 0, 1, 2]


def test_a_line_at_its_floor_says_so_and_one_above_does_not(alenka: Programme) -> None:
    lines = tuple(Line(id=str(price), name="", price_kopecks=price, category="tea") for price in (0, 1, 2))
    answer = quote(alenka, Basket(lines=lines), MemberView(), at=AT)
    assert [line.excluded for line in answer.lines] == ["at_floor", "at_floor", None]


def test_the_names_are_those_of_the_rules() -> None:
    assert GATES == (
        "no_card",
        "stranger",
        "card_blocked",
        "card_replaced",
        "not_registered",
        "registration_pending",
        "redemption_forbidden",
        "second_factor_missing",
        "phone_silent",
        "unproven",
        "offline_denied",
        "snapshot_stale",
        "clock_behind",
    )
    assert (
        *("percent", "min_cash", "lines", "active_points", "held_elsewhere", "balance_newer"),
        *("per_receipt", "per_day", "card_alone", "offline"),
    ) == CAPS


def bad(call: object) -> tuple[str, str]:
    with pytest.raises(BadBasket) as caught:
        call()  # type: ignore[operator]
    return caught.value.field, caught.value.message


def test_a_question_that_cannot_be_names_its_field(alenka: Programme) -> None:
    basket = Basket(lines=(FOOD,))
    member = MemberView()
    naive = AT.replace(tzinfo=None)
    assert bad(lambda: quote(alenka, basket, member, at=naive)) == (
        "at",
        "needs a time zone, like 2026-03-01T12:00:00+03:00",
    )
    for year in (1999, 2200):
        assert bad(lambda year=year: quote(alenka, basket, member, at=AT.replace(year=year))) == (
            "at",
            "is not within 2000 to 2199",
        )
    for year in (2000, 2199):
        assert quote(alenka, basket, member, at=AT.replace(year=year)).limit.reason is None
    field, message = bad(lambda: quote(alenka, basket, member, at=AT, requested_points=-1))
    assert (field, message) == ("requested_points", "must not be negative")


def test_an_unknown_category_names_its_field(alenka: Programme) -> None:
    strange = replace(FOOD, id="x", category="moon rock")
    field, message = bad(lambda: quote(alenka, Basket(lines=(FOOD, strange)), MemberView(), at=AT))
    assert field == "lines[1].category"
    assert message.startswith("the programme has no category 'moon rock'; it has alcohol_strong, biscuits")
    endless = replace(FOOD, id="x", category="m" * 200)
    _, message = bad(lambda: quote(alenka, Basket(lines=(FOOD, endless)), MemberView(), at=AT))
    assert message.startswith("the programme has no category '" + "m" * 37 + "...'; it has ")
    coupon = replace(alenka.coupons[0], categories=("moon",))
    field, message = bad(lambda: quote(alenka, Basket(lines=(FOOD,), coupons=(coupon,)), None, at=AT))
    assert field == "coupons[0].categories"
    assert message.startswith("the programme has no category 'moon'; it has ")


@pytest.mark.parametrize("kopecks", [0, -1, 300_001])
def test_a_certificate_that_nobody_sold_names_its_field(alenka: Programme, kopecks: int) -> None:
    basket = Basket(lines=(FOOD,), certificates=(1, 300_000, kopecks))
    field, message = bad(lambda: quote(alenka, basket, None, at=AT))
    assert field == "tenders[2].amount"
    assert message.startswith("a certificate holds 0.01 to 3000.00, not ")


def test_who_has_few_points_is_not_told_that_it_was_for_the_connection(alenka: Programme) -> None:
    offline = replace(alenka.offline, receipt_max_points=300, day_max_points=None)
    limit = ask(replace(alenka, offline=offline), MemberView(points_active=67), link="offline").limit
    assert (limit.points, limit.bound_by) == (67, ("active_points",))


@pytest.mark.parametrize(
    ("seen", "months", "second_factor", "reason"),
    [
        (datetime(2025, 6, 1, 12, tzinfo=UTC), 12, False, "phone_silent"),
        (datetime(2025, 6, 1, 12, tzinfo=UTC), 12, True, None),
        (datetime(2025, 6, 1, 12, tzinfo=UTC), None, False, None),
        (datetime(2025, 6, 2, 12, tzinfo=UTC), 12, False, None),
        (None, 12, False, None),
    ],
)
def test_r14_a_phone_that_was_silent_for_long_spends_with_a_new_code(
    alenka: Programme, seen: datetime | None, months: int | None, second_factor: bool, reason: str | None
) -> None:
    """Also where a spoken number is enough: numbers change hands."""
    programme = replace(alenka, redemption=replace(alenka.redemption, by_phone="allow", phone_recheck_months=months))
    member = MemberView(identified_by="phone", second_factor=second_factor, points_active=100, phone_seen_at=seen)
    assert ask(programme, member).limit.reason == reason
    assert ask(programme, replace(member, identified_by="card")).limit.reason is None
