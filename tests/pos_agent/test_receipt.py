"""What stands on a receipt and on a form to sign: exact text, and numbers that are the operation's and add up."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from config.printers import load_printer
from config.programmes import load_programme
from drivers.printer.document import Columns, Document, Rule, Text
from drivers.printer.preview import render
from loyalty.bodies import Accrued, CardIssued, CardReissued, CouponUse, Redeemed, Sale, SaleNumber, SoldLine
from loyalty.operation import Operation, utc_text
from loyalty.programme import Language, Programme
from loyalty.wording import LANGUAGES, points_text
from pos_agent.receipt import BalanceNow, gross_kopecks, receipt
from pos_agent.slip import slip

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NUMBER = SaleNumber(day="2026-03-02", number="17")
CARD, OTHER = "2600000000017", "2600000000116"
PROGRAMMES = {id: load_programme(id) for id in ("alenka", "perekrestok")}
KNOWN = BalanceNow(points=6, as_of=NOW, card_status="active")

CHOCOLATE = SoldLine(
    id="1",
    name="Шоколад «Алёнка» 90 г",
    unit="pc",
    price_kopecks=89_90,
    quantity_m=3_000,
    net_before_kopecks=242_73,
    discount_kopecks=81_74,
    net_kopecks=160_99,
)
SWEETS = SoldLine(
    id="2",
    name="Конфеты весовые",
    unit="kg",
    price_kopecks=649_00,
    quantity_m=347,
    net_before_kopecks=225_20,
    discount_kopecks=68_26,
    net_kopecks=156_94,
)
TEA = SoldLine(
    id="3",
    name="Чай",
    unit="pc",
    price_kopecks=412_50,
    quantity_m=1_000,
    net_before_kopecks=412_50,
    discount_kopecks=0,
    net_kopecks=412_50,
)


def sale(*lines: SoldLine, **more: Any) -> Sale:
    total = sum(line.net_kopecks for line in lines)
    redeemed = sum(line.discount_kopecks for line in lines)
    fields: dict[str, Any] = {
        "sale": NUMBER,
        "member": "anna",
        "card": CARD,
        "link": "online",
        "lines": lines,
        "total_kopecks": total,
        "paid_kopecks": total,
    }
    earned: dict[str, Any] = {
        "points": 6,
        "parts": (("base", 6),),
        "active_from": utc_text(NOW),
        "expires_at": "2027-03-02T21:00:00.000000+00:00",
    }
    spent: dict[str, Any] = {"points": redeemed // 100, "kopecks": redeemed}
    earned |= {name.removeprefix("accrued_"): more.pop(name) for name in list(more) if name.startswith("accrued_")}
    spent |= {name.removeprefix("redeemed_"): more.pop(name) for name in list(more) if name.startswith("redeemed_")}
    return Sale(accrued=Accrued(**earned), redeemed=Redeemed(**spent), **fields | more)


def operation(body: Any, at: datetime = NOW) -> Operation:
    return Operation(
        v=2,
        chain="till-1",
        generation=1,
        sequence=7,
        previous_hash="0" * 64,
        at=utc_text(at),
        programme="alenka",
        programme_hash="a" * 64,
        body=body,
    )


def paper(
    body: Sale,
    balance: BalanceNow = KNOWN,
    *,
    language: Language = "ru",
    id: str = "alenka",
    before: Any = None,
    lines: bool = False,
) -> Document:
    operations = [operation(other) for other in ([before] if before else [])]
    return receipt([*operations, operation(body)], PROGRAMMES[id], language, balance, lines=lines)


def shown(document: Document, columns: int = 42) -> str:
    lines = render(document, replace(load_printer(), columns=columns, width_dots=columns * 12))
    return "\n".join(line for line in lines if "[QR " not in line) + "\n"


FULL = """\
               А л ё н к а
         Сеть магазинов сладостей
------------------------------------------
           Информация по карте
             Не кассовый чек
------------------------------------------
К чеку 17                     Касса till-1
Карта ****0017            02.03.2026 15:00
------------------------------------------
Списано                        150 бонусов
  на сумму                          150.00
Начислено                        6 бонусов
  действуют по 02.03.2027
Баланс                       1 206 бонусов
Сгорит 31.05.2026               40 бонусов
Купон: Скидка 10 % на весь чек      -20.00
------------------------------------------
Шоколад "Алёнка" 90 г
  3 x 89.90                         269.70
  скидка                            -26.97
  списание                          -81.74
Конфеты весовые
  0.347 кг x 649.00                 225.20
  списание                          -68.26
Чай                                 412.50
------------------------------------------
Сумма                               907.40
Скидки                              -26.97
Списано: 150 бонусов               -150.00
С учётом баллов                     730.43
            1 бонус = 1 рубль
           Спасибо за покупку!
- - - - - - - - - - - - - - - - - - - - -
"""

OFFLINE_BY_PHONE = """\
     P e r e k r e s t o k
--------------------------------
        Card information
       Not a cash receipt
--------------------------------
For receipt 17       Till till-1
By phone        02.03.2026 15:00
--------------------------------
Accrued                 6 points
  valid to 02.03.2027
Balance at 28.02 19:30  6 points
Offline: balance may change
      10 points = 1 ruble
           Thank you!
- - - - - - - - - - - - - - - -
"""

FORM = """\
               А л ё н к а
         Сеть магазинов сладостей
------------------------------------------
             Анкета участника
К чеку 17                     Касса till-1
02.03.2026 15:00
Новая карта                  2600000000116


..........................................
Фамилия, имя, отчество


..........................................
Телефон


..........................................
Дата рождения


..........................................
Дата и подпись
           Бонусы можно тратить
        после регистрации на сайте
- - - - - - - - - - - - - - - - - - - - -
               А л ё н к а
         Сеть магазинов сладостей
------------------------------------------
Согласие на обработку персональных данных
Карта ****0116                  02.03.2026
Документ АЛ-ПДн-2026-11
------------------------------------------
Даю оператору программы "Алёнка" согласие
на обработку моих фамилии, имени,
отчества, телефона, даты рождения и
сведений о покупках, чтобы вести мой
бонусный счёт.
Согласие действует, пока я участник
программы, и отзывается письмом оператору.


..........................................
Фамилия, имя, отчество


..........................................
Дата и подпись
- - - - - - - - - - - - - - - - - - - - -
"""

REPLACED = """\
     P e r e k r e s t o k
--------------------------------
   Request to replace a card
For receipt 17       Till till-1
02.03.2026 15:00
Lost card               ****0017
New card           2600000000116
The old card's balance is kept.


................................
Full name


................................
Phone


................................
Date and signature
- - - - - - - - - - - - - - - -
"""


def same(text: str, expected: str) -> None:
    assert [line.rstrip() for line in text.splitlines()] == [line.rstrip() for line in expected.splitlines()]


def test_l5_our_paper_says_that_it_is_no_receipt_and_points_come_first() -> None:
    """L5, with the goods. Every row of ours: what is spent, earned, left, dying, a coupon."""
    body = sale(
        CHOCOLATE, SWEETS, TEA, coupons=(CouponUse(serial="00", campaign="ten-percent", discount_kopecks=2000),)
    )
    dying = (40, datetime(2026, 5, 31, 21, 0, tzinfo=UTC))
    same(shown(paper(body, replace(KNOWN, points=1206, expiring=dying), lines=True)), FULL)


def test_l5_as_shipped_it_repeats_no_goods_and_no_sum() -> None:
    """L5: they stand on the fiscal receipt beside it."""
    body = sale(CHOCOLATE, SWEETS, TEA)
    with_lines = shown(paper(body, lines=True)).splitlines()
    without = shown(paper(body)).splitlines()
    cut = with_lines.index('Шоколад "Алёнка" 90 г') - 1
    assert with_lines[:cut] == without[:cut] and with_lines[-3:] == without[cut:]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lines", [True, False])
def test_l5_no_paper_of_ours_has_the_words_of_a_fiscal_receipt(language: Language, lines: bool) -> None:
    """L5: «Не кассовый чек» at its top is the one place where it is named at all."""
    text = shown(paper(sale(CHOCOLATE, SWEETS, TEA), language=language, lines=lines))
    heading = (
        ("Информация по карте", "Не кассовый чек") if language == "ru" else ("Card information", "Not a cash receipt")
    )
    first, second = (at for at, line in enumerate(text.splitlines()) if line.strip() in heading)
    assert [line.strip() for line in text.splitlines()[first : second + 1]] == list(heading)
    assert second < next(at for at, line in enumerate(text.splitlines()) if "17" in line)
    rest = text.replace(heading[1], "").lower()
    for word in (
        "кассовый",
        "итог",
        "к оплате",
        "приход",
        "ккт",
        "чек №",
        "cash",
        "total",
        "to pay",
        "\nчек",
        "\nreceipt",
    ):
        assert word not in rest


def test_an_offline_receipt_of_somebody_who_said_a_phone_number() -> None:
    as_of = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    body = sale(TEA, card=None, link="offline")
    same(shown(paper(body, replace(KNOWN, as_of=as_of), language="en", id="perekrestok"), 32), OFFLINE_BY_PHONE)


def test_the_form_for_a_new_card_and_the_consent_beside_it() -> None:
    form = slip(operation(CardIssued(sale=NUMBER, member="new", card=OTHER)), PROGRAMMES["alenka"], "ru")
    assert form is not None
    same(shown(form), FORM)


def test_the_form_for_a_lost_card_masks_it() -> None:
    body = CardReissued(sale=NUMBER, member="anna", old_card=CARD, new_card=OTHER, fee_kopecks=0)
    form = slip(operation(body), PROGRAMMES["perekrestok"], "en")
    assert form is not None
    same(shown(form, 32), REPLACED)


def test_without_a_consent_text_there_is_no_second_sheet() -> None:
    alenka = PROGRAMMES["alenka"]
    silent = replace(alenka, consents=())
    form = slip(operation(CardIssued(sale=NUMBER, member="new", card=OTHER)), silent, "ru")
    assert form is not None
    assert "Согласие" not in shown(form)


def test_a_sale_brings_no_form() -> None:
    assert slip(operation(sale(TEA)), PROGRAMMES["alenka"], "ru") is None


# cases of the points block


@pytest.mark.parametrize(
    "times, said",
    [
        ({}, "  действуют по 02.03.2027"),
        ({"accrued_expires_at": None}, None),
        ({"accrued_points": 0}, None),
        ({"accrued_active_from": "2026-03-15T21:00:00+00:00"}, "  с 16.03.2026 по 02.03.2027"),
        ({"accrued_active_from": "2026-03-15T21:00:00+00:00", "accrued_expires_at": None}, "  действуют с 16.03.2026"),
        ({"accrued_active_from": "2026-03-02T17:00:00+00:00"}, "  с 20:00 по 02.03.2027"),
        ({"accrued_active_from": "2026-03-03T05:30:00+00:00"}, "  с 03.03 08:30 по 02.03.2027"),
    ],
)
def test_from_when_and_to_which_day_new_points_live(times: dict[str, Any], said: str | None) -> None:
    texts = [block.text for block in paper(sale(TEA, **times)).blocks if isinstance(block, Text)]
    assert [text for text in texts if text.startswith("  ")] == ([said] if said else [])


@pytest.mark.parametrize(
    "as_of, named",
    [
        (NOW - timedelta(hours=1), "Баланс на 14:00"),
        (NOW - timedelta(days=1), "Баланс на 01.03 15:00"),
        (NOW - timedelta(days=90), "Баланс на 02.12.2025 15:00"),
        (None, "Баланс"),  # a till that has never met its hub
    ],
)
def test_offline_the_balance_is_of_a_time(as_of: datetime | None, named: str) -> None:
    document = paper(sale(TEA, link="offline"), replace(KNOWN, as_of=as_of))
    assert named in [block.left for block in document.blocks if isinstance(block, Columns)]
    assert "Без связи: баланс уточнится" in shown(document)


@pytest.mark.parametrize("status, said", [("active", None), ("issued", "регистрация"), ("pending", "проверяется")])
def test_a_card_that_may_not_redeem_yet_says_why(status: Any, said: str | None) -> None:
    text = shown(paper(sale(TEA), replace(KNOWN, card_status=status)))
    assert (said in text) if said else not ({"регистрация", "проверяется", "заблокирована"} & set(text.split()))


def test_a_programme_without_registration_asks_for_none() -> None:
    alenka = PROGRAMMES["alenka"]
    free = replace(alenka, redemption=replace(alenka.redemption, needs_registration=False))
    document = receipt([operation(sale(TEA))], free, "ru", replace(KNOWN, card_status="issued"))
    assert "регистрация" not in shown(document)


def test_more_dying_points_than_there_are_is_not_said() -> None:
    dying = (7, datetime(2026, 5, 31, 21, 0, tzinfo=UTC))
    assert "Сгорит" not in shown(paper(sale(TEA), replace(KNOWN, points=6, expiring=dying)))
    assert "Сгорит" in shown(paper(sale(TEA), replace(KNOWN, points=7, expiring=dying)))


def test_points_by_offers_are_named_apart() -> None:
    parts = (("base", 136), ("favourite", 492), ("birthday", 10), ("promotion", 3), ("coupon", 50))
    text = shown(paper(sale(TEA, accrued_points=691, accrued_parts=parts), id="perekrestok"))
    for line in ("за любимое 492 балла", "ко дню рождения 10 баллов", "по акции 3 балла", "по купону 50 баллов"):
        assert line in " ".join(text.split())
    assert "136" not in text


def test_a_coupon_that_gives_points_stands_without_a_sum() -> None:
    use = CouponUse(serial="00", campaign="double", discount_kopecks=0)
    document = paper(sale(TEA, coupons=(use,)), id="perekrestok")
    assert Text("Купон: Баллы вдвойне") in document.blocks


def test_a_certificate_is_money_and_not_a_discount() -> None:
    document = paper(sale(TEA, paid_kopecks=112_50), lines=True)
    rows = {b.left: b.right for b in document.blocks if isinstance(b, Columns)}
    assert (rows["Сумма"], rows["  сертификатом"]) == ("412.50", "300.00")
    assert not {"Скидки", "С учётом скидок"} & set(rows)


def test_discounts_without_points_are_not_called_points() -> None:
    document = paper(sale(msgspec.structs.replace(TEA, net_before_kopecks=400_00, net_kopecks=400_00)), lines=True)
    rows = [(b.left, b.right) for b in document.blocks if isinstance(b, Columns)]
    assert rows[-3:] == [("Сумма", "412.50"), ("Скидки", "-12.50"), ("С учётом скидок", "400.00")]


# properties


def random_line(chance: random.Random, id: int) -> SoldLine:
    unit, quantity = chance.choice(
        [("pc", 1_000), ("pc", 1_000 * chance.randint(2, 9)), ("kg", chance.randint(1, 5_000))]
    )
    line = SoldLine(
        id=str(id),
        name=chance.choice(["Чай", "Шоколадка с орехом и изюмом «Алёнка» особая 200 г", "Сыр\tтвёрдый"]),
        unit=unit,
        price_kopecks=chance.randint(1, 5_000_00),
        quantity_m=quantity,
        net_before_kopecks=0,
        discount_kopecks=0,
        net_kopecks=0,
    )
    before = gross_kopecks(line) - chance.choice([0, chance.randint(0, gross_kopecks(line))])
    by_points = chance.choice([0, chance.randint(0, before)])
    return msgspec.structs.replace(
        line, net_before_kopecks=before, discount_kopecks=by_points, net_kopecks=before - by_points
    )


def kopecks(text: str) -> int:
    return int(text.replace(".", ""))


def sections(document: Document) -> list[list[Columns]]:
    """The rows with a right column, between the rules."""
    found: list[list[Columns]] = [[]]
    for block in document.blocks:
        if isinstance(block, Rule):
            found.append([])
        elif isinstance(block, Columns):
            found[-1].append(block)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", PROGRAMMES)
def test_every_receipt_adds_up_and_says_the_operations_numbers(id: str, language: Language) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance, programme = random.Random(seed), PROGRAMMES[id]
    for _ in range(200):
        body, balance = random_sale(chance), chance.randint(-50, 10**6)
        document = paper(body, replace(KNOWN, points=balance), language=language, id=id, lines=True)
        _, _, _, points, goods, sums = sections(document)
        assert sum(kopecks(row.right) for row in goods) == body.total_kopecks
        if body.paid_kopecks != body.total_kopecks:
            assert kopecks(sums.pop().right) == body.total_kopecks - body.paid_kopecks
        *steps, left = sums
        assert kopecks(left.right) == body.total_kopecks
        assert sum(kopecks(row.right) for row in steps) in (body.total_kopecks, 0)
        assert bool(steps) == (body.total_kopecks != sum(gross_kopecks(line) for line in body.lines))
        said = {row.left: row.right for row in points}
        spent = [row.right for row in points[:2]] if body.redeemed.points else []
        redeemed = [points_text(body.redeemed.points, programme.currency, language), points[1].right]
        assert spent == (redeemed if body.redeemed.points else [])
        assert not spent or kopecks(spent[1]) == body.redeemed.kopecks
        assert points_text(body.accrued.points, programme.currency, language) == points[len(spent)].right
        assert points_text(abs(balance), programme.currency, language) in said.values()
        by_points = [
            row for row in steps if points_text(body.redeemed.points, programme.currency, language) in row.left
        ]
        assert [kopecks(row.right) for row in by_points] == ([-body.redeemed.kopecks] if body.redeemed.points else [])
        for columns in (32, 42, 48):
            assert all(len(line) <= columns for line in shown(document, columns).splitlines())


def random_sale(chance: random.Random) -> Sale:
    lines = [random_line(chance, id) for id in range(chance.randint(1, 6))]
    off = sum(gross_kopecks(line) - line.net_before_kopecks for line in lines)
    by_coupon = chance.randint(0, off)
    uses = (CouponUse(serial="00", campaign="ten-percent", discount_kopecks=by_coupon),) if by_coupon else ()
    body = sale(*lines, coupons=uses, accrued_points=chance.randint(0, 9_999))
    tender = chance.choice([0, chance.randint(0, body.total_kopecks)])
    points = body.redeemed.kopecks and chance.randint(1, 99_999)
    return msgspec.structs.replace(
        body, paid_kopecks=body.total_kopecks - tender, redeemed=Redeemed(points=points, kopecks=body.redeemed.kopecks)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)
def test_our_own_words_stay_on_one_line_of_the_narrowest_paper(programme: Programme, language: Language) -> None:
    """Usual numbers, 32 columns: no row of ours spills a word or a sum onto a line of its own."""
    use = CouponUse(serial="00", campaign="ten-percent", discount_kopecks=0)
    body = sale(TEA, link="offline", coupons=(use,), accrued_parts=(("coupon", 50),), accrued_points=159)
    document = receipt(
        [
            operation(CardReissued(sale=NUMBER, member="anna", old_card=CARD, new_card=OTHER, fee_kopecks=0)),
            operation(body),
        ],
        programme,
        language,
        BalanceNow(points=159, as_of=NOW, card_status="issued", expiring=(40, NOW + timedelta(days=9))),
        lines=True,
    )
    assert len(shown(document, 32).splitlines()) == len(shown(document, 90).splitlines())


def test_only_the_last_four_of_a_card_come_on_a_receipt() -> None:
    issued = CardIssued(sale=NUMBER, member="new", card=CARD)
    document = paper(sale(TEA), replace(KNOWN, card_status="issued"), before=issued)
    assert "****0017" in shown(document)
    assert CARD not in repr(document)
