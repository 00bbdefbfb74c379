"""Advice at the till: one sentence beside the answer, and with the paid sale whether it was taken."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from config.programmes import load_programme
from loyalty.bodies import Advice
from loyalty.operation import Key, utc_text, write_operation
from loyalty.programme import Language
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.records import Page
from pos_agent.advice_words import ADVICE_WORDS, explain_advice
from pos_agent.answers import Reply
from pos_agent.protocol import BasketLine, Code, IssueCard, Pay, Prepare, Redeem, Said, SetBasket
from tests.pos_agent.conftest import DAY, Desk
from tests.pos_agent.test_words import fields

MARCH_2 = date(2026, 3, 2)  # a Monday


def goods(price: str, category: str = "chocolate", id: str = "1") -> BasketLine:
    return BasketLine(id=id, name="—", price=price, category=category)


def basket(desk: Desk, *lines: BasketLine) -> Reply:
    return desk.do(SetBasket(sale="7", day=DAY, lines=lines))


def advised(desk: Desk) -> Advice | None:
    sale = desk.stored("7")[-1]
    told: Advice | None = sale.advice
    return told


def test_the_next_rate_is_told_while_goods_come_and_not_when_the_money_does(desk: Desk) -> None:
    assert basket(desk, goods("1458.00")).advice is None, "without a card there is no rate"
    told = "42.00\N{NO-BREAK SPACE}₽ more, and it is 3% instead of 2%."
    assert desk.code(desk.ANNA).advice == told
    assert desk.do(Redeem(points=0)).advice == told
    prepared = desk.do(Prepare())
    assert prepared.advice is None
    assert desk.do(Pay(sale="7", day=DAY)).advice is None
    assert advised(desk) == Advice(
        kind="tier", more_kopecks=4_200, goal_kopecks=150_000, rate_bp=300, before_bp=200, taken=False
    )
    assert desk.do(Pay(sale="7", day=DAY)).advice is None, "told again"


def test_advice_that_was_taken_stands_with_the_sale(desk: Desk) -> None:
    basket(desk, goods("1458.00"))
    desk.code(desk.ANNA)
    assert basket(desk, goods("1458.00"), goods("42.00", id="2")).advice is None
    desk.pay("7")
    told = advised(desk)
    assert told is not None and told.taken


def test_a_named_quote_keeps_the_advice_that_was_told_with_it(desk: Desk) -> None:
    basket(desk, goods("1458.00"))
    quote = desk.code(desk.ANNA).told
    assert quote is not None
    desk.do(Pay(sale="7", day=DAY, quote=quote.quote))
    assert advised(desk) is not None


def test_of_no_advice_nothing_is_written(desk: Desk) -> None:
    basket(desk, goods("100.00"))
    desk.code(desk.ANNA)
    desk.pay("7")
    (_, key), *_ = desk.cache.sales_of_day(DAY, "7")
    operation = desk.cache.operation(key)
    assert operation is not None and "advice" not in write_operation(operation)


def test_another_member_inherits_no_advice(desk: Desk) -> None:
    basket(desk, goods("1458.00"))
    assert desk.code(desk.ANNA).advice is not None
    assert desk.do(Code(sale="7", day=DAY, text=desk.BLOCKED)).advice is None
    desk.pay("7")
    assert advised(desk) is None


def test_what_nobody_heard_is_not_recorded_as_told(desk: Desk) -> None:
    """A quote that was lost is made anew with the payment; a receipt in dispute hears of the recorded one."""
    basket(desk, goods("1458.00"))
    desk.code(desk.ANNA)
    forgotten = desk.checkout.visit
    desk.checkout.receipts = replace(desk.checkout.receipts, front=replace(forgotten, quote=None, advised=None))
    desk.pay("7")
    assert advised(desk) is None
    disputed = desk.do(SetBasket(sale="7", day=DAY, lines=(goods("1459.00"),)))
    assert disputed.code == "sale_number_taken"
    assert desk.do(Code(sale="7", day=DAY, text=desk.BORIS)).advice is None
    assert desk.checkout.visit.advised is None


def test_a_quote_that_nobody_here_remembers_has_no_advice(desk: Desk) -> None:
    basket(desk, goods("1458.00"))
    desk.code(desk.ANNA)
    assert desk.do(Pay(sale="7", day=DAY, quote="forgotten", said=Said(lines=(goods("1458.00"),)))).ok
    assert advised(desk) is None


def test_a_coupon_is_named(desk: Desk) -> None:
    basket(desk, goods("486.50", "sweets"))
    told = desk.code(desk.coupon("sweets-100")).advice
    assert told == "13.50\N{NO-BREAK SPACE}₽ more, and the coupon “100 rubles off sweets from 500” holds."
    assert basket(desk, goods("500.00", "sweets")).advice is None
    desk.pay("7")
    assert advised(desk) == Advice(kind="coupon", more_kopecks=1_350, offer="sweets-100", taken=True)


def test_how_much_is_short_of_a_card_is_told_where_one_was_asked_for(desk: Desk) -> None:
    assert basket(desk, goods("268.20")).advice is None
    told = "31.80\N{NO-BREAK SPACE}₽ more, and a card can be issued."
    assert desk.do(IssueCard(card=desk.BLANK)).advice == told
    assert desk.code(desk.BLANK).advice == told
    basket(desk, goods("200.00", "tobacco"))
    assert desk.do(IssueCard(card=desk.BLANK)).advice is None, "nobody is told to buy more cigarettes"
    basket(desk, goods("200.00", "moon rock"))
    assert desk.code(desk.BLANK).advice is None, "nor more of what nobody knows"


def test_points_that_die_are_told_until_somebody_decides(desk: Desk) -> None:
    dying = LotSnapshot(
        id="told/anna",
        points=100,
        active_from=utc_text(desk.now - timedelta(days=1)),
        expires_at="2026-03-06T21:00:00.000000+00:00",
    )
    anna = MemberSnapshot(member="anna", lots=(dying,), cards=(CardSnapshot(number=desk.ANNA, status="active"),))
    retold(desk, anna)
    basket(desk, goods("500.00"))
    assert desk.code(desk.ANNA).advice == "On Friday (06.03) 100 bonuses will expire."
    assert desk.do(Redeem(points=100)).advice is None
    assert basket(desk, goods("500.00"), goods("1.00", id="2")).advice is None
    desk.pay("7")
    told = advised(desk)
    assert told == Advice(kind="expiring", points=100, last_day="2026-03-06", taken=True)


def retold(desk: Desk, member: MemberSnapshot) -> None:
    """The hub's newest word of a member."""
    feed = desk.cache.changes.feed()
    assert feed.pulled_at is not None
    desk.cache.changes.apply(
        Page(
            members=[member],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=b"",
            watermark=Key(1, 0),
            cursor=feed.cursor + "1",
            pulled_at=feed.pulled_at,
        )
    )


# in words


@pytest.mark.parametrize(
    ("language", "last_day", "said"),
    [
        ("ru", "2026-03-02", "Сегодня сгорает 100\N{NO-BREAK SPACE}бонусов."),
        ("ru", "2026-03-03", "Завтра сгорает 100 бонусов."),
        ("ru", "2026-03-06", "В пятницу (06.03) сгорает 100 бонусов."),
        ("ru", "2026-03-08", "В воскресенье (08.03) сгорает 100 бонусов."),
        ("en", "2026-03-02", "Today 100 bonuses will expire."),
        ("en", "2026-03-03", "Tomorrow 100 bonuses will expire."),
        ("en", "2026-03-09", "On Monday (09.03) 100 bonuses will expire."),
    ],
)
def test_the_day_is_said_as_people_say_it(language: Language, last_day: str, said: str) -> None:
    told = Advice(kind="expiring", points=100, last_day=last_day)
    heard = explain_advice(told, load_programme("alenka"), language, MARCH_2)
    assert heard.replace("\N{NO-BREAK SPACE}", " ") == said.replace("\N{NO-BREAK SPACE}", " ")


def test_the_rate_is_said_with_what_it_replaces() -> None:
    told = Advice(kind="tier", more_kopecks=4_200, rate_bp=300, before_bp=200)
    heard = explain_advice(told, load_programme("alenka"), "ru", MARCH_2).replace("\N{NO-BREAK SPACE}", " ")
    assert heard == "Ещё 42,00 ₽ — и 3 % вместо 2 %."


@pytest.mark.parametrize("kind", ADVICE_WORDS)
def test_both_languages_name_the_same_facts(kind: str) -> None:
    russian, english = ADVICE_WORDS[kind]
    assert fields(russian) == fields(english)
