"""What the cashier reads, in both languages, with right plurals."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from config.programmes import load_programme
from loyalty import explain
from loyalty.basket import Basket, Line
from loyalty.explain import explain_excluded, explain_expiring, explain_limit, explain_quote
from loyalty.member import MemberView
from loyalty.programme import Programme
from loyalty.quote import Excluded, quote
from loyalty.redemption import CAPS, GATES, Limit
from loyalty.wording import LANGUAGES, amount_text, catalogue, percent_text, points_text

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("count", "ru", "en"),
    [
        (0, "0 баллов", "0 points"),
        (1, "1 балл", "1 point"),
        (2, "2 балла", "2 points"),
        (5, "5 баллов", "5 points"),
        (11, "11 баллов", "11 points"),
        (21, "21 балл", "21 points"),
        (24, "24 балла", "24 points"),
        (1250, "1 250 баллов", "1,250 points"),
    ],
)
def test_plurals(perekrestok: Programme, count: int, ru: str, en: str) -> None:
    assert plain(points_text(count, perekrestok.currency, "ru")) == ru
    assert plain(points_text(count, perekrestok.currency, "en")) == en


def test_amounts_and_percents() -> None:
    assert plain(amount_text(123450, "ru")) == "1 234,50 ₽"
    assert plain(amount_text(123450, "en")) == "1,234.50 ₽"
    assert plain(percent_text(250, "ru")) == "2,5 %"
    assert percent_text(250, "en") == "2.5%"
    assert percent_text(9900, "en") == "99%"
    assert percent_text(3333, "en") == "33.33%"


GATES_SAID = {
    "no_card": ("Списать нельзя: карта не предъявлена.", "Nothing can be redeemed: no card was shown."),
    "stranger": (
        "Списать пока нельзя: эта карта здесь неизвестна. Начисление уже идёт.",
        "Nothing can be redeemed yet: the card is not known here. It earns already.",
    ),
    "card_blocked": (
        "Списать нельзя: карта заблокирована. Заменить её может управляющий.",
        "Nothing can be redeemed: the card is blocked. The manager can replace it.",
    ),
    "card_replaced": (
        "Списать нельзя: карта заменена. Попросите новую.",
        "Nothing can be redeemed: the card was replaced. Ask for the new one.",
    ),
    "not_registered": (
        "Списать пока нельзя: карта не зарегистрирована. Начисление уже идёт.",
        "Nothing can be redeemed yet: the card is not registered. It earns already.",
    ),
    "registration_pending": (
        "Списать пока нельзя: анкета ещё не подтверждена. Начисление уже идёт.",
        "Nothing can be redeemed yet: the form is being confirmed. The card earns already.",
    ),
    "redemption_forbidden": (
        "В этом чеке списать нельзя: так решено условиями акции.",
        "Nothing can be redeemed on this receipt: its promotion does not allow it.",
    ),
    "second_factor_missing": (
        "По одному номеру телефона списать нельзя. Попросите карту или код.",
        "Nothing can be redeemed by phone number alone. Ask for the card or the code.",
    ),
    "phone_silent": (
        "Этот телефон давно не подтверждали. Попросите карту или новый код.",
        "This phone was not confirmed for long. Ask for the card or a new code.",
    ),
    "unproven": (
        "Списать нельзя: касса не подтверждена офисом. Начисление идёт как обычно.",
        "Nothing can be redeemed: this till is not confirmed by the office. Points are earned as always.",
    ),
    "offline_denied": (
        "Без связи списать нельзя. Начисление идёт как обычно.",
        "Nothing can be redeemed without a connection. Points are earned as always.",
    ),
    "snapshot_stale": (
        "Списать нельзя: связи не было слишком долго. Начисление идёт как обычно.",
        "Nothing can be redeemed: there was no connection for too long. Points are earned as always.",
    ),
    "card_rang": (
        "Списать нельзя: картой сегодня пользовались слишком часто. Позовите управляющего. Начисление идёт.",
        "Nothing can be redeemed: the card was used too often today. Call the manager. It earns as always.",
    ),
    "clock_behind": (
        "Списать нельзя: часы кассы отстают. Позовите управляющего.",
        "Nothing can be redeemed: the till's clock is wrong. Call the manager.",
    ),
}


@pytest.mark.parametrize("gate", GATES)
def test_every_gate_says_why_and_what_helps(alenka: Programme, gate: str) -> None:
    limit = Limit(points=0, amount_kopecks=0, reason=gate)  # type: ignore[arg-type]
    assert (explain_limit(limit, alenka, "ru"), explain_limit(limit, alenka, "en")) == GATES_SAID[gate]


CAPS_SAID = {
    "percent": (
        "не больше 50 % от товаров, за которые можно списать",
        "at most 50% of the goods that points may pay",
    ),
    "min_cash": ("1,00 ₽ нужно оплатить деньгами", "1.00 ₽ must be paid in money"),
    "lines": ("цену товаров ниже опустить нельзя", "the goods cannot become any cheaper"),
    "active_points": ("больше на счёте нет", "there is no more on the account"),
    "held_elsewhere": (
        "остальное в эту минуту списывают по другому чеку",
        "the rest is being spent on another receipt at this moment",
    ),
    "balance_newer": (
        "на счёте уже меньше: баллы списали в другом месте",
        "there is less on the account by now: it was spent elsewhere",
    ),
    "per_receipt": ("на один чек не больше чем 300 бонусов", "at most 300 bonuses for one receipt"),
    "per_day": ("за день не больше чем 501 бонус", "at most 501 bonuses in one day"),
    "card_alone": (
        "по одной карте не больше чем 250 бонусов; больше разрешит управляющий",
        "by the card alone at most 250 bonuses; for more call the manager",
    ),
    "offline": ("без связи больше не разрешено", "without a connection no more is allowed"),
}


@pytest.mark.parametrize("cap", CAPS)
def test_every_cap_is_said(alenka: Programme, cap: str) -> None:
    rules = replace(alenka.redemption, min_cash_kopecks=100, receipt_max_points=300, day_max_points=501)
    rules = replace(rules, card_alone_max_points=250)
    programme = replace(alenka, redemption=rules)
    limit = Limit(points=22, amount_kopecks=2200, bound_by=(cap,))  # type: ignore[arg-type]
    ru, en = CAPS_SAID[cap]
    assert plain(explain_limit(limit, programme, "ru")) == f"Можно списать 22 бонуса = 22,00 ₽: {ru}."
    assert plain(explain_limit(limit, programme, "en")) == f"Up to 22 bonuses = 22.00 ₽: {en}."


def test_several_caps_and_the_step_stand_in_one_line(perekrestok: Programme) -> None:
    limit = Limit(points=0, amount_kopecks=0, bound_by=("percent", "lines"))
    assert plain(explain_limit(limit, perekrestok, "en")) == (
        "Nothing can be redeemed: at most 99% of the goods that points may pay; the goods cannot become any cheaper;"
        " in steps of 10 points."
    )
    assert plain(explain_limit(limit, perekrestok, "ru")) == (
        "Списать нельзя: не больше 99 % от товаров, за которые можно списать; цену товаров ниже опустить нельзя;"
        " шаг — 10 баллов."
    )


def test_the_percentage_may_be_of_the_receipt(alenka_receipt: Programme) -> None:
    limit = Limit(points=1, amount_kopecks=100, bound_by=("percent",))
    assert (
        plain(explain_limit(limit, alenka_receipt, "ru"))
        == "Можно списать 1 бонус = 1,00 ₽: не больше 50 % от суммы чека."
    )
    assert explain_limit(limit, alenka_receipt, "en") == "Up to 1 bonus = 1.00 ₽: at most 50% of the receipt.".replace(
        " ₽", "\N{NO-BREAK SPACE}₽"
    )


def test_the_least_redemption_is_said_only_when_it_stopped_one(alenka: Programme) -> None:
    programme = replace(alenka, redemption=replace(alenka.redemption, min_points=50))
    none = Limit(points=0, amount_kopecks=0, bound_by=("active_points",))
    some = Limit(points=60, amount_kopecks=6000, bound_by=("active_points",))
    assert (
        plain(explain_limit(none, programme, "ru"))
        == "Списать нельзя: больше на счёте нет; наименьшее списание — 50 бонусов."
    )
    assert explain_limit(none, programme, "en").endswith("there is no more on the account; not less than 50 bonuses.")
    assert "50" not in explain_limit(some, programme, "en")
    # A programme without a least redemption has nothing to say of it.
    assert explain_limit(none, alenka, "en").endswith("there is no more on the account.")


def test_a_step_of_two_is_said_a_step_of_one_is_not(alenka: Programme) -> None:
    limit = Limit(points=2, amount_kopecks=200, bound_by=("active_points",))
    by_two = replace(alenka, redemption=replace(alenka.redemption, step=2))
    assert explain_limit(limit, by_two, "en").endswith("; in steps of 2 bonuses.")
    assert explain_limit(limit, alenka, "en").endswith("there is no more on the account.")


def test_a_quote_explains_its_own_limit(alenka: Programme) -> None:
    answer = quote(alenka, Basket(lines=(Line(id="1", name="", price_kopecks=10_000, category="tea"),)), None, at=AT)
    assert explain_limit(answer, alenka, "en") == explain_limit(answer.limit, alenka, "en")


def test_what_was_excluded_and_why(perekrestok: Programme) -> None:
    lines = (
        Line(id="1", name="", price_kopecks=18_900, category="tobacco"),
        Line(id="2", name="", price_kopecks=44_900, category="alcohol_strong"),
        Line(id="3", name="", price_kopecks=1, category="grocery"),
        Line(id="4", name="", price_kopecks=8_990, category="grocery"),
    )
    names = {"1": "Сигареты", "2": "Водка", "3": "Пакет", "4": "Молоко"}
    answer = quote(perekrestok, Basket(lines=lines), MemberView(), at=AT)
    assert explain_excluded(answer, names, "ru") == (
        "Сигареты: списание не действует",
        "Водка: минимальная цена не указана, поэтому списание не действует",
        "Пакет: цена уже наименьшая",
    )
    assert explain_excluded(answer, names, "en") == (
        "Сигареты: points may not pay for it",
        "Водка: its lowest lawful price is not known, so points may not pay for it",
        "Пакет: it already costs the least it may",
    )


@pytest.mark.parametrize(
    ("last_day", "ru", "en"),
    [
        (
            date(2026, 6, 2),
            "30 бонусов до 2 июня 2026 г.: остался 1 день.",
            "30 bonuses until June 2, 2026: 1 day left.",
        ),
        (
            date(2026, 6, 4),
            "30 бонусов до 4 июня 2026 г.: осталось 3 дня.",
            "30 bonuses until June 4, 2026: 3 days left.",
        ),
        (
            date(2026, 6, 6),
            "30 бонусов до 6 июня 2026 г.: осталось 5 дней.",
            "30 bonuses until June 6, 2026: 5 days left.",
        ),
    ],
)
def test_what_expires_next(alenka: Programme, last_day: date, ru: str, en: str) -> None:
    assert plain(explain_expiring(30, last_day, date(2026, 6, 1), alenka, "ru")) == ru
    assert plain(explain_expiring(30, last_day, date(2026, 6, 1), alenka, "en")) == en


def test_a_programme_has_its_name_and_its_words_in_both_languages(alenka: Programme) -> None:
    assert (alenka.name("ru"), alenka.name("en")) == ("Алёнка", "Alenka")
    assert alenka.receipt("ru").thanks == "Спасибо за покупку!"
    assert alenka.receipt("en").thanks == "Thank you!"
    assert alenka.coupon("unheard-of") is None


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_is_translated_with_the_same_fields() -> None:
    from importlib import resources

    with resources.files("loyalty").joinpath("locale", "ru.po").open("rb") as file:
        po = read_po(file, locale="ru")
    for message in po:
        sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        translations = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        assert all(translations), message.id
        if message.id:
            assert {frozenset(fields(text)) for text in (*sources, *translations)} == {frozenset(fields(sources[0]))}


def test_every_word_of_the_rules_has_its_sentence() -> None:
    assert tuple(explain.GATE_TEXTS) == GATES
    assert tuple(explain.CAP_TEXTS) == CAPS
    assert tuple(explain.EXCLUDED_TEXTS) == get_args(Excluded)
    for text in (*explain.GATE_TEXTS.values(), *explain.CAP_TEXTS.values(), *explain.EXCLUDED_TEXTS.values()):
        assert catalogue("ru").gettext(text) != text
        assert catalogue("en").gettext(text) == text


def test_the_whole_explanation_names_a_few_excluded_goods_each_once() -> None:
    programme = load_programme("alenka")
    lines = tuple(
        Line(id=str(number), name=f"Табак {number % 5}", price_kopecks=100_00, category="tobacco")
        for number in range(8)
    )
    goods = Line(id="g", name="Шоколад", price_kopecks=100_00, category="tea")
    member = MemberView(points_active=10)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    answer = quote(programme, Basket(lines=(*lines, goods)), member, at=at)
    names = {line.id: line.name for line in (*lines, goods)}
    said = explain_quote(answer, names, programme, "ru")
    assert said.startswith(explain_limit(answer, programme, "ru"))
    assert said.count("Табак") == 3
    assert said.endswith("; …")
    assert "Шоколад" not in said
    few = quote(programme, Basket(lines=(lines[0], goods)), member, at=at)
    assert explain_quote(few, names, programme, "ru").endswith(".")
    assert explain_quote(
        quote(programme, Basket(lines=(goods,)), member, at=at), names, programme, "en"
    ) == explain_limit(quote(programme, Basket(lines=(goods,)), member, at=at), programme, "en")
    nobody = quote(programme, Basket(lines=lines), None, at=at)
    assert explain_quote(nobody, names, programme, "en") == explain_limit(nobody, programme, "en")


@pytest.mark.parametrize(
    ("minutes", "ru", "en"),
    [
        (0, "С 2 июня 2026 г. — ещё 150 бонусов.", "From June 2, 2026: 150 bonuses more."),
        (90, "С 2 июня 2026 г. 01:30 — ещё 150 бонусов.", "From June 2, 2026 01:30: 150 bonuses more."),
    ],
)
def test_points_that_come_are_told_with_their_moment(alenka: Programme, minutes: int, ru: str, en: str) -> None:
    """EX-A10, R02: 40 active, 150 pending until tomorrow, by the shop's clock."""
    start = datetime(2026, 6, 1, 21, tzinfo=UTC) + timedelta(minutes=minutes)
    line = Line(id="1", name="", price_kopecks=100_000, category="tea")
    member = MemberView(points_active=40, coming=(150, start))
    answer = quote(alenka, Basket(lines=(line,)), member, at=AT)
    assert answer.limit.points == 40
    told = {language: plain(explain_limit(answer, alenka, language)) for language in LANGUAGES}
    assert told["ru"].endswith(" " + ru) and told["en"].endswith(" " + en), told
    rich = replace(member, points_active=5_000)
    assert "150" not in explain_limit(quote(alenka, Basket(lines=(line,)), rich, at=AT), alenka, "en")
