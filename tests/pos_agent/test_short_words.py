"""What stands on a display of two lines of 40 characters, or is spoken: short words for every answer."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.programmes import load_programme
from drivers.printer.status import PrinterStatus
from loyalty.programme import Language
from loyalty.wording import LANGUAGES, amount_text, points_text
from offline_cache.records import PaperKind, PrintJob
from pos_agent import words
from pos_agent.answers import Reply
from pos_agent.printing import QUESTION
from pos_agent.protocol import BasketLine, Phone, Redeem, read_command
from pos_agent.questions import KEY_MAX, NO, QUESTIONS, YES, paper_question
from pos_agent.short_words import BEFORE_ALL, PRINTER_WORDS, SHORT_WORDS, short, short_of
from pos_agent.two_lines import CUT, LINE_MAX, LINES_MAX, laid_out
from tests.pos_agent.conftest import Desk
from tests.pos_agent.test_words import every_code, fields

PROGRAMMES = ("alenka", "perekrestok")
# a cause or a field within a longer sentence: no answer of its own
WITHIN = ("bad_command_", "file_")
VARIANTS = {
    "basket_taken_accrues",
    "basket_taken_plain",
    "basket_taken_redeems",
    "recorded_redeemed",
    "recorded_for_now",
    "recorded_redeemed_for_now",
    "redeemed_as_promised",
    "redeem_held",
    "redeem_newer",
    "redeem_none_held",
    "redeem_none_newer",
    "redeem_none_silent",
    "redeem_set_silent",
}  # by what a desk found
# facts that desks give for the short words alone
BESIDES = {
    "basket_taken": {"may", "to_pay"},
    "basket_bounds_wish": {"to_pay"},
    "basket_taken_accrues": {"to_pay", "accrued"},
    "basket_taken_plain": {"to_pay"},
    "basket_taken_redeems": {"to_pay", "points"},
    "redeem_held": {"points", "to_pay"},
    "redeem_newer": {"points", "to_pay"},
    "redeem_none_held": {"to_pay"},
    "redeem_none_newer": {"to_pay"},
    "redeem_none_silent": {"to_pay"},
    "redeem_set_silent": {"points", "to_pay"},
    "recorded_for_now": {"accrued", "balance"},
    "recorded_redeemed_for_now": {"redeemed", "balance"},
    "recorded_redeemed": {"redeemed", "balance"},
    "redeemed_as_promised": {"redeemed"},
    "balance_news_limit": {"may", "to_pay"},
}
POINTS = ("accrued", "balance", "granted", "held", "may", "owed", "points", "redeemed")
AMOUNTS = ("amount", "back", "certificate", "fee", "least", "left", "money", "refund", "takes", "to_pay", "total")
NUMBERS = ("label", "number", "sale")


def largest(programme: str, language: Language) -> dict[str, str]:
    """Every fact as large as it comes."""
    rules = load_programme(programme)
    names = [offer.ru if language == "ru" else offer.en for offer in rules.coupons]
    return {
        **dict.fromkeys(POINTS, points_text(9_999_999, rules.currency, language)),
        **dict.fromkeys(AMOUNTS, amount_text(999_999_999, language)),
        **dict.fromkeys(NUMBERS, "123456789012"),
        "card": "****1234",
        "gone": "****1234",
        "numbers": "****1234, ****5678 +99",
        "until": "28.11.2026",
        "into": "****1234",
        "name": max((*names, rules.name(language)), key=len),
        "day": "28.11.2026",
        "at": "28.11.2026",
        "digits": "13",
        "to": "+7 ··· ··-67",
        "tries": "5",
        "left": "65535",
        "again": "59:59",
        "letter": "W",
        "right": "13",
        "minutes": "99999",
        "seconds": "300",
        "operation": "9999999",
        "till": "msk-7-till-12",
        "challenge": "K7Q2-M4XD",
        "count": "99999",
        "gift": "3addefe7",
        **dict.fromkeys(("left", "missing", "needed", "has", "given"), "99999"),
    }


@pytest.mark.parametrize("programme", PROGRAMMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", SHORT_WORDS)
def test_every_answer_fits_with_its_facts_at_their_largest(code: str, language: Language, programme: str) -> None:
    facts = largest(programme, language)
    lines = short(code, language, **facts)
    assert 0 < len(lines) <= LINES_MAX and max(map(len, lines)) <= LINE_MAX
    for name in fields(SHORT_WORDS[code][0 if language == "ru" else 1]):
        assert facts[name] in " ".join(lines), "whole"
        assert name == "name" or any(facts[name] in line for line in lines), "on one line"
    assert not any(CUT in line for line in lines)


@pytest.mark.parametrize("programme", PROGRAMMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_fits_on_the_display_and_its_answers_on_keys(name: str, language: Language, programme: str) -> None:
    facts = largest(programme, language)
    lines = laid_out([QUESTIONS[name][0 if language == "ru" else 1].format(**facts)])
    assert len(lines) <= LINES_MAX and not any(CUT in line for line in lines)
    assert max(map(len, (*YES, *NO))) <= KEY_MAX


def test_every_answer_has_short_words_and_none_are_dead() -> None:
    said = {code for code in every_code() if not code.startswith(WITHIN)} | {"bad_command"}
    assert set(SHORT_WORDS) == said | VARIANTS


@pytest.mark.parametrize("code", SHORT_WORDS)
def test_the_short_words_name_no_fact_that_they_are_not_given(code: str) -> None:
    told = fields(words._WORDS[code][0]) if code in words._WORDS else set()
    assert fields(SHORT_WORDS[code][0]) <= told | BESIDES.get(code, set())


@pytest.mark.parametrize("status", PrinterStatus)
@pytest.mark.parametrize("at", [0, 1])
def test_what_the_printer_says_fits(status: PrinterStatus, at: int) -> None:
    lines = laid_out([PRINTER_WORDS[status][at]])
    assert not any(CUT in line for line in lines), lines


@pytest.mark.parametrize("kind", sorted({*get_args(PaperKind)} - {"drawer"}))  # of a kick nobody is asked
def test_a_paper_is_asked_about_by_its_kind(kind: PaperKind) -> None:
    assert kind in QUESTION
    job = PrintJob(
        job=7, kind=kind, label="1042", key=None, document=b"", state="unknown", attempt=1, cause="", doubtful=False
    )
    yes, no = paper_question(job, "en").answers
    assert (yes.command, no.command) != (None, None) and yes.command != no.command


@given(st.sampled_from(sorted(SHORT_WORDS)), st.sampled_from(LANGUAGES), st.text(max_size=200))
def test_whatever_a_fact_is_nothing_overflows(code: str, language: Language, fact: str) -> None:
    facts = dict.fromkeys(fields(SHORT_WORDS[code][0]), fact)
    lines = short(code, language, **facts)
    assert 0 < len(lines) <= LINES_MAX and max(map(len, lines)) <= LINE_MAX


@given(st.lists(st.tuples(st.sampled_from(sorted(SHORT_WORDS)), st.text(max_size=60)), min_size=1, max_size=4))
def test_of_several_remarks_those_that_fit_are_said_whole(remarks: list[tuple[str, str]]) -> None:
    told = [(code, dict.fromkeys(fields(SHORT_WORDS[code][0]), fact)) for code, fact in remarks]
    lines = short_of(told, "en")
    assert len(lines) <= LINES_MAX and max(map(len, lines)) <= LINE_MAX
    first = next((code for code, _ in remarks if code in BEFORE_ALL), remarks[0][0])
    alone = short(first, "en", **next(facts for code, facts in told if code == first))
    assert lines[: len(alone)] == alone


def test_a_name_is_cut_between_its_words_and_a_sum_never() -> None:
    gift = "Пятьсот рублей скидки на товары для дома и дачи всем, кто собрал двадцать наклеек"
    lines = laid_out([f"Купон принят:\n{gift}"])
    assert lines == ("Купон принят: Пятьсот рублей скидки на", "товары для дома и дачи всем, кто собрал…")
    sum = amount_text(999_999_999, "ru")
    assert laid_out([f"Сорок знаков без пробела до суммы {sum}"])[1] == sum
    assert laid_out(["x" * 100]) == ("x" * 40, "x" * 39 + CUT)


RUB = "\N{NO-BREAK SPACE}₽"


def test_the_answers_of_a_till_are_said_in_short(desk: Desk) -> None:
    assert desk.basket().say == (f"To pay 494.90{RUB}", "Any card?")
    assert desk.code(desk.BLOCKED).say == ("Card ****0055", "is blocked: no points")
    assert desk.basket().say == (f"To pay 494.90{RUB}",), "blocked: neither spent nor earned"
    desk.do(Phone(number="8 916 123-45-67"))
    assert desk.basket().say == (f"To pay 494.90{RUB}", "Earns 9 bonuses"), "by phone nothing is spent"
    assert desk.code(desk.ANNA).say == ("Card ****0017", "Balance 150 bonuses")
    assert desk.basket().say == ("150 bonuses may be redeemed", f"To pay 494.90{RUB}")
    assert desk.do(Redeem(points=150)).say == ("Redeeming 150 bonuses", f"To pay 344.90{RUB}")
    assert desk.basket().say == ("Redeeming 150 bonuses", f"To pay 344.90{RUB}")
    assert desk.basket(desk.chocolate(3)).say == ("Only 134 bonuses redeemed", f"To pay 135.70{RUB}")
    assert desk.pay("7").say == ("Redeemed 134 bonuses", "Balance 18 bonuses")
    assert desk.pay("7").say == ("7 is recorded already", f"Paid 135.70{RUB}")


def test_a_sale_without_points_says_what_it_earned(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    assert desk.pay("7").say == ("Earned 9 bonuses", "Balance 159 bonuses")


def test_of_goods_that_come_back_the_sum_comes_first(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    desk.do(Redeem(points=150))
    desk.pay("7")
    back = {"do": "return", "of": {"sale": "7"}, "whole": True, "sale": "R-1"}
    assert returned(desk, back).say == (f"Refund 344.90{RUB}", "Points back: 150 bonuses")
    assert returned(desk, back | {"paid": True}).say == (f"Return recorded: 344.90{RUB}", "Points back: 150 bonuses")
    assert returned(desk, back).say == ("R-1 is recorded already", f"344.90{RUB}")


def returned(desk: Desk, command: dict[str, object]) -> Reply:
    return desk.do(read_command(msgspec.json.encode(command)))


def test_money_and_certificate_are_said_instead_of_their_sum() -> None:
    tender = ("return_by_tender", {"money": "100.00", "certificate": "50.00"})
    prepared = ("return_prepared", {"refund": "150.00"})
    assert short_of([prepared, tender], "en") == ("In money 100.00", "To the certificate 50.00")


def test_a_discount_that_the_law_forbids_is_heard_before_the_sum(desk: Desk) -> None:
    desk.code(desk.ANNA)
    line = BasketLine(id="1", name="—", price="200.00", category="tobacco", discount="10.00")
    assert desk.basket(line).say == ("The discount breaks the law", "Call the manager")
