"""What the POS may print of points at the end of its own receipt: exact lines, never another text than our paper's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.printers import load_printer
from config.programmes import load_programme
from config.settings import TAIL_WIDTH_MAX, TAIL_WIDTH_MIN
from drivers.printer.document import QR, Block, Document, Rule, from_json
from drivers.printer.preview import render
from loyalty.bodies import Accrued, CardIssued, CouponUse, Redeemed, Sale, SaleNumber
from loyalty.operation import Operation
from loyalty.paper.parts import Row
from loyalty.paper.words import PaperWords
from loyalty.programme import Language
from loyalty.utc import utc_text
from loyalty.wording import LANGUAGES
from pos_agent.answers import Reply
from pos_agent.house import SalePaper
from pos_agent.protocol import DropCard, IssueCard, Pay, Prepare, Redeem, ReissueCard, Reprint
from pos_agent.receipt import BalanceNow, points_rows, receipt
from pos_agent.tail import tail
from tests.pos_agent.conftest import Desk
from tests.there import there

# pytest gives `desk` (conftest.py): a Checkout on a real file, programme alenka, cashier's language English.

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NUMBER = SaleNumber(day="2026-03-02", number="17")
PROGRAMME = load_programme("alenka")
AFTER = BalanceNow(
    points=1_206, as_of=NOW, card_status="issued", expiring=(1_040, datetime(2026, 5, 31, 21, 0, tzinfo=UTC))
)
SALE = Sale(
    sale=NUMBER,
    member="anna",
    card="2600000000017",
    link="online",
    lines=(),
    total_kopecks=730_43,
    paid_kopecks=730_43,
    redeemed=Redeemed(points=1_150, kopecks=1_150_00),
    accrued=Accrued(points=66, parts=(("base", 16), ("coupon", 50)), expires_at="2027-03-02T21:00:00.000000+00:00"),
    coupons=(CouponUse(serial="00", campaign="sweets-100", discount_kopecks=100_00),),
)
ISSUED = CardIssued(sale=NUMBER, member="new", card="2600000000017")

TAILS = {
    42: """\
Списано                      1 150 бонусов
  на сумму                         1150.00
Начислено                       66 бонусов
  по купону                     50 бонусов
  действуют по 02.03.2027
Баланс                       1 206 бонусов
Сгорит 31.05.2026            1 040 бонусов
Купон: 100 руб. на конфеты от 500 руб.
                                   -100.00
Выдана карта ****0017
Для списания нужна регистрация
""",
    32: """\
Списано            1 150 бонусов
  на сумму               1150.00
Начислено             66 бонусов
  по купону           50 бонусов
  действуют по 02.03.2027
Баланс             1 206 бонусов
Сгорит 31.05.2026  1 040 бонусов
Купон: 100 руб. на конфеты от
500 руб.                 -100.00
Выдана карта ****0017
Для списания нужна регистрация
""",
    24: """\
Списано    1 150 бонусов
  на сумму       1150.00
Начислено     66 бонусов
  по купону   50 бонусов
  действуют по
02.03.2027
Баланс     1 206 бонусов
Сгорит 31.05.2026
           1 040 бонусов
Купон: 100 руб. на
конфеты от 500 руб.
                 -100.00
Выдана карта ****0017
Для списания нужна
регистрация
""",
    16: """\
Списано
   1 150 бонусов
  на сумму
         1150.00
Начислено
      66 бонусов
  по купону
      50 бонусов
  действуют по
02.03.2027
Баланс
   1 206 бонусов
Сгорит
31.05.2026
   1 040 бонусов
Купон: 100 руб.
на конфеты от
500 руб. -100.00
Выдана карта
****0017
Для списания
нужна
регистрация
""",
}
ENGLISH = """\
Redeemed           1,150 bonuses
  worth                  1150.00
Accrued               66 bonuses
  by coupon           50 bonuses
  valid to 02.03.2027
Balance at 14:30   1,206 bonuses
Expiring 31.05.2026
                   1,040 bonuses
Offline: balance may change
Coupon: 100 rubles off sweets
from 500                 -100.00
Card ****0017 issued
Register the card to redeem
"""


def tail_in(reply: Reply) -> list[str]:
    assert reply.told is not None and reply.told.tail is not None, reply
    return list(reply.told.tail)


def rows(sale: Sale = SALE, after: BalanceNow | None = AFTER, language: Language = "ru", *before: Any) -> list[Row]:
    return points_rows([*before, sale], PaperWords(PROGRAMME, language, None), NOW, after)


@pytest.mark.parametrize("width", TAILS)
def test_the_lines_of_a_tail(width: int) -> None:
    """₽ and « » are in no fiscal printer; no word is broken and no number leaves its line."""
    assert "\n".join(tail(rows(SALE, AFTER, "ru", ISSUED), width)) + "\n" == TAILS[width]


def test_the_lines_of_a_tail_in_english_and_offline() -> None:
    as_of = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)
    lines = tail(rows(SALE, replace(AFTER, offline=True, as_of=as_of), "en", ISSUED), 32)
    assert "\n".join(lines) + "\n" == ENGLISH


def test_of_a_sale_without_a_member_there_is_the_coupon_alone() -> None:
    nobody = Sale(sale=NUMBER, lines=(), total_kopecks=0, paid_kopecks=0)
    assert tail(rows(nobody, None), 32) == ()
    honoured = Sale(sale=NUMBER, lines=(), total_kopecks=0, paid_kopecks=0, coupons=SALE.coupons)
    assert tail(rows(honoured, None), 42) == ("Купон: 100 руб. на конфеты от 500 руб.", f"{'-100.00':>42}")


# properties

names = st.text(max_size=40)
widths = st.integers(TAIL_WIDTH_MIN, TAIL_WIDTH_MAX)
points = st.integers(0, 10**9)


@given(names, widths, st.integers(0, 10**7))
def test_a_fiscal_printer_can_print_every_character_of_it(name: str, width: int, kopecks: int) -> None:
    """Whatever stands in a name: one byte of CP866 each, no control among them, no line too long, none empty."""
    use = CouponUse(serial="00", campaign=name, discount_kopecks=kopecks)
    sale = Sale(sale=NUMBER, member="a", lines=(), total_kopecks=0, paid_kopecks=0, coupons=(use,))
    for line in tail(rows(sale), width):
        assert 0 < len(line) <= width and line.strip()
        codes = line.encode("cp866")
        assert len(codes) == len(line) and all(code >= 0x20 and code not in (0x7F, 0xFF) for code in codes)


@given(st.lists(st.text("абвгдеё", min_size=1, max_size=TAIL_WIDTH_MIN), min_size=1, max_size=6), widths)
def test_no_word_is_broken_that_fits(words: list[str], width: int) -> None:
    spaced = " ".join(words)
    lines = tail([Row(spaced)], width)
    whole = " ".join(lines)
    assert whole == spaced or (len(lines) == 4 and whole.endswith("..."))


@pytest.mark.parametrize("language", LANGUAGES)
@given(spent=points, earned=points, left=points, dying=points, name=names, width=widths, offline=st.booleans())
def test_l5_the_tail_says_what_our_paper_says(
    language: Language, spent: int, earned: int, left: int, dying: int, name: str, width: int, offline: bool
) -> None:
    """L5: line by line, at every width, for the two are made of the same rows."""
    sale = Sale(
        sale=NUMBER,
        member="anna",
        link="offline" if offline else "online",
        lines=(),
        total_kopecks=0,
        paid_kopecks=0,
        redeemed=Redeemed(points=spent, kopecks=spent * 100),
        accrued=Accrued(points=earned, parts=(("base", earned), ("birthday", earned)), expires_at=utc_text(NOW)),
        coupons=(CouponUse(serial="00", campaign=name, discount_kopecks=left),),
    )
    after = replace(AFTER, points=left, expiring=(dying, NOW))
    document = receipt([_operation(ISSUED), _operation(sale)], PROGRAMME, language, after, lines=True)
    profile = replace(load_printer(), columns=width, width_dots=width * 12)
    printed = [line for line in render(Document(tuple(points_of(document))), profile) if line.strip()]
    assert list(tail(rows(sale, after, language, ISSUED), width)) == printed


def _operation(body: Any) -> Operation:
    return Operation(
        v=2,
        chain="till-1",
        generation=1,
        sequence=7,
        previous_hash="0" * 64,
        at=utc_text(NOW),
        programme="alenka",
        programme_hash="a" * 64,
        body=body,
    )


def points_of(document: Document) -> list[Block]:
    """The paper's points: from the rule below its number to the next one, or to the code."""
    blocks = list(document.blocks)
    rules = [at for at, block in enumerate(blocks) if isinstance(block, Rule | QR)]
    return blocks[rules[2] + 1 : rules[3]]


# at the till


def printed(desk: Desk, sale: str) -> list[str]:
    """The points on the paper of a sale, as wide as a tail is."""
    operations = there(desk.cache.sale(SaleNumber(day=desk.DAY, number=sale))).operations
    document = from_json(there(desk.cache.print_jobs.receipt_of(operations[-1].key)).document)
    return render(Document(tuple(points_of(document))), replace(load_printer(), columns=32, width_dots=384))


def test_l5_prepare_and_pay_say_the_tail_that_the_paper_says(desk: Desk) -> None:
    """L5: before the money as it will be, with the balance after the sale; told again, the same."""
    desk.basket()
    desk.code(desk.ANNA)
    desk.do(Redeem(points=100))
    expected = [
        "Списано              100 бонусов",
        "  на сумму                100.00",
        "Начислено              7 бонусов",
        "  действуют по 02.03.2027",
        "Баланс                57 бонусов",
        "Сгорит 02.03.2027      7 бонусов",
    ]
    assert tail_in(desk.do(Prepare())) == expected
    assert tail_in(desk.pay("1")) == expected == printed(desk, "1")
    desk.code(desk.ANNA)
    desk.basket(desk.chocolate(1))
    assert desk.pay("2").ok, "the balance is another now"
    again = desk.pay("1")
    assert (again.code, tail_in(again)) == ("recorded_before", expected)


def test_offline_the_tail_says_of_when_the_balance_is(desk: Desk) -> None:
    desk.online[0] = False
    desk.code(desk.ANNA)
    desk.basket()
    lines = tail_in(desk.do(Prepare()))
    assert (lines[2], lines[-1]) == ("Баланс на 15:00      159 бонусов", "Без связи: баланс уточнится")
    assert tail_in(desk.pay("1")) == lines == printed(desk, "1")


def test_what_changed_before_the_money_brings_its_own_tail(desk: Desk) -> None:
    desk.code(desk.BORIS)
    desk.basket(desk.chocolate(20))
    desk.do(Redeem(points=500))
    desk.online[0] = False
    reply = desk.do(Prepare())
    assert (reply.ok, tail_in(reply)[0]) == (False, "Списано              300 бонусов")


def test_a_new_card_is_named_before_and_after(desk: Desk) -> None:
    desk.basket()
    desk.do(IssueCard(card=desk.BLANK))
    lines = tail_in(desk.do(Prepare()))
    assert lines[-2:] == ["Выдана карта ****0116", "Для списания нужна регистрация"]
    assert tail_in(desk.pay("1")) == lines == printed(desk, "1")


def test_a_sale_without_a_member_has_no_tail_but_its_coupon(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    desk.do(DropCard())
    assert tail_in(desk.do(Prepare())) == tail_in(desk.pay("1")) == []
    desk.basket()
    desk.code(desk.coupon())
    lines = tail_in(desk.do(Prepare()))
    assert lines == ["Купон: Скидка 10 % на весь чек", f"{'-49.49':>32}"]
    assert tail_in(desk.pay("2")) == tail_in(desk.pay("2")) == lines


def test_where_the_pos_prints_a_sale_without_a_card_says_that_its_points_wait(desk: Desk) -> None:
    desk.checkout.house.paper = SalePaper(kind="tail")
    desk.basket()
    lines = tail_in(desk.do(Prepare()))
    assert lines == [
        f"{'Можно получить':<23}9 бонусов",
        "по 01.04.2026 включительно:",
        "на кассе: этот чек и карта",
        "или в личном кабинете: QR чека",
    ]
    assert tail_in(desk.pay("1")) == tail_in(desk.pay("1")) == lines


def test_when_nobody_remembers_the_balance_of_then_the_tail_leaves_it_out(desk: Desk) -> None:
    """A day later the promise is forgotten; what was recorded is not."""
    desk.basket()
    desk.code(desk.ANNA)
    said = tail_in(desk.pay("1"))
    desk.checkout.house._quotes.clear()
    assert tail_in(desk.pay("1")) == said[:2] == ["Начислено              9 бонусов", "  действуют по 02.03.2027"]


def test_the_tail_is_as_wide_as_the_settings_say(desk: Desk) -> None:
    desk.checkout.house.paper = SalePaper(tail_width=16)
    desk.basket()
    desk.code(desk.ANNA)
    assert tail_in(desk.pay("1"))[-5:-3] == ["Баланс", "     159 бонусов"]


# paper = "tail"


def test_where_the_pos_prints_the_points_no_paper_is_queued_but_the_forms(desk: Desk) -> None:
    desk.checkout.house.paper = SalePaper(kind="tail")
    desk.basket()
    desk.code(desk.ANNA)
    assert tail_in(desk.pay("1")) and desk.cache.print_jobs.oldest_open() is None
    desk.code(desk.BORIS)
    desk.do(ReissueCard(new_card=desk.BLANK))
    desk.pay("2")
    assert there(desk.cache.print_jobs.oldest_open()).kind == "slip"


@pytest.mark.parametrize("command", [Reprint(), Reprint(sale="1")])
def test_a_copy_is_asked_for_at_the_pos_then(desk: Desk, command: Reprint) -> None:
    desk.checkout = type(desk.checkout)(
        desk.cache,
        PROGRAMME,
        language="ru",
        receipt_language="ru",
        is_online=lambda: True,
        paper=SalePaper(kind="tail"),
    )
    desk.basket()
    desk.code(desk.ANNA)
    desk.do(Pay(sale="1"))
    reply = desk.do(command)
    assert (reply.ok, reply.code) == (False, "paper_is_tail")
    assert reply.text == "Баллы здесь печатает касса, в конце своего чека: повторите чек на кассе."
