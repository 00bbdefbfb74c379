"""The story of a visit, on a real file: what is answered, what is recorded, what stays as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from config.programmes import load_programme
from drivers.printer.document import Columns, Document, Text, from_json
from loyalty.bodies import CardIssued, CardReissued, Sale, SaleNumber
from loyalty.operation import Key
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from offline_cache.cache import Cache
from offline_cache.records import Page
from pos_agent.checkout import Checkout
from pos_agent.house import SalePaper
from pos_agent.protocol import (
    KEYBOARD,
    Balance,
    BasketLine,
    Cancel,
    Code,
    IssueCard,
    Pay,
    Phone,
    Redeem,
    ReissueCard,
    SetBasket,
)
from pos_agent.visit import VisitState, state_of
from storage.sqlite_file import FileError
from tests.pos_agent.conftest import NOW, Desk
from tests.there import there

# pytest gives `desk` (conftest.py): a Checkout on a real file, programme alenka, cashier's language English.


def paper_of(desk: Desk, sale: str) -> Document:
    last = there(desk.cache.sale(SaleNumber(day="2026-03-02", number=sale))).operations[-1]
    return from_json(there(desk.cache.print_jobs.receipt_of(last.key)).document)


def columns(document: Document) -> dict[str, str]:
    return {block.left.strip(): block.right for block in document.blocks if isinstance(block, Columns)}


def test_a_sale_redeems_accrues_and_is_recorded_with_its_paper(desk: Desk) -> None:
    """EX-A1: 494.90 with 150 points."""
    assert desk.basket().code == "basket_without_member"
    assert desk.code(desk.ANNA).code == "member_found"
    assert "150" in desk.do(Redeem()).text
    reply = desk.pay("1")
    assert reply.code == "recorded"
    (sale,) = desk.stored("1")
    assert isinstance(sale, Sale)
    assert (sale.total_kopecks, sale.paid_kopecks) == (344_90, 344_90)
    assert (sale.redeemed.points, sale.redeemed.kopecks, sale.accrued.points) == (150, 150_00, 6)
    assert [line.discount_kopecks for line in sale.lines] == [81_74, 68_26]
    assert sale.card == desk.ANNA
    assert desk.points("anna") == 6
    assert desk.cache.outbox_length() == 1
    assert state_of(desk.checkout.visit) is VisitState.IDLE


def test_the_sums_on_the_receipt_add_up(desk: Desk) -> None:
    desk.checkout.house.paper = SalePaper(lines=True)
    desk.basket()
    desk.code(desk.ANNA)
    desk.do(Redeem())
    desk.pay("1")
    paper = columns(paper_of(desk, "1"))
    assert paper["Сумма"] == "494.90"
    assert paper["Списано: 150 бонусов"] == "-150.00"
    assert paper["С учётом баллов"] == "344.90"
    assert (paper["Списано"], paper["на сумму"]) == ("150 бонусов", "150.00")
    assert paper["Начислено"] == "6 бонусов"
    assert paper["Баланс"] == "6 бонусов"


def test_l5_as_shipped_the_paper_repeats_no_goods(desk: Desk) -> None:
    """L5: goods and sum stand on the fiscal receipt beside it."""
    desk.basket()
    desk.code(desk.ANNA)
    desk.pay("1")
    document = paper_of(desk, "1")
    assert "Начислено" in columns(document)
    assert "Сумма" not in columns(document) and "Шоколад" not in repr(document)


def test_the_card_is_masked_on_paper(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    desk.pay("1")
    document = paper_of(desk, "1")
    assert "Карта ****0017" in columns(document)
    assert desk.ANNA not in repr(document)


def test_the_same_sale_told_again_is_recorded_once(desk: Desk) -> None:
    for _ in range(2):
        desk.basket()
        desk.code(desk.ANNA)
        desk.do(Redeem())
        reply = desk.pay("1")
    assert reply.code == "recorded_before"
    assert desk.cache.outbox_length() == 1
    assert desk.points("anna") == 6


def test_the_same_number_on_another_day_is_another_sale(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    desk.pay("1")
    desk.basket()
    desk.code(desk.ANNA)
    assert desk.do(Pay(sale="1", day="2026-03-03")).code == "recorded"


def test_without_asking_nothing_is_redeemed(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    desk.pay("1")
    assert desk.stored("1")[0].redeemed.points == 0


def test_a_request_above_the_limit_gets_the_limit(desk: Desk) -> None:
    desk.code(desk.BORIS)
    desk.basket()
    desk.do(Redeem(points=100_000))
    desk.pay("1")
    assert desk.stored("1")[0].redeemed.points == 247  # EX-A2


def test_a_changed_basket_keeps_the_wish_and_bounds_it_anew(desk: Desk) -> None:
    desk.code(desk.BORIS)
    desk.basket()
    desk.do(Redeem(points=200))
    desk.basket(desk.chocolate(1))
    desk.pay("1")
    assert desk.stored("1")[0].redeemed.points == 44  # half of 89.90, whole


def test_another_member_does_not_inherit_the_wish(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.BORIS)
    desk.do(Redeem())
    desk.code(desk.ANNA)
    desk.pay("1")
    assert (desk.stored("1")[0].member, desk.stored("1")[0].redeemed.points) == ("anna", 0)


@pytest.mark.parametrize(
    "text, code",
    [
        ("2600000000031", "card_replaced"),
        ("2600000000116", "unknown_card"),
        ("2600000000018", "check_digit"),
        ("4607012345678", "check_digit"),
        ("4607012345677", "goods"),
        ("hello", "not_ours"),
        ("", "empty"),
        ("x" * 5000, "too_long"),
        ("PA1:HELLO", "coupon_malformed"),
        ("' OR 1=1 --", "not_ours"),
    ],
)
def test_a_code_that_is_no_card_of_ours_changes_nothing(desk: Desk, text: str, code: str) -> None:
    desk.basket()
    before = desk.checkout.visit
    reply = desk.code(text)
    assert (reply.ok, reply.code) == (False, code)
    assert desk.checkout.visit is before


@pytest.mark.parametrize("text", ["2600 0000 00017", "2600-0000-00017", "２６０００００００００１７"])
def test_a_card_is_found_as_people_type_it(desk: Desk, text: str) -> None:
    assert desk.code(text).code == "member_found"
    desk.do(Cancel())
    desk.basket()
    desk.code(desk.BORIS)
    assert desk.do(ReissueCard(new_card="2600 0000 0011 6")).code == "card_will_be_reissued"
    desk.pay("1")
    assert desk.code("2600000000116").code == "member_found"


@pytest.mark.parametrize("text", ["260000000001", "2600-0000-0001", "26000000000171"])
def test_a_card_with_a_digit_too_few_or_too_many_is_said_as_such(desk: Desk, text: str) -> None:
    digits = len(text.replace("-", ""))
    for reply in (desk.code(text), desk.do(SetBasket(lines=(desk.chocolate(12),))) and desk.do(IssueCard(card=text))):
        assert reply.code == "length" and f"has 13 digits, this one has {digits}" in reply.text


def test_r15_a_card_that_begins_with_zero_is_found_without_it(desk: Desk) -> None:
    snapshot = MemberSnapshot(member="upc", cards=(CardSnapshot(number="0012345678905", status="active"),))
    desk.cache.changes.apply(
        Page(
            members=[snapshot],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=bytes(32),
            watermark=Key(1, 0),
            cursor="6",
            pulled_at=desk.now,
        )
    )
    assert desk.code("012345678905").code == "member_found"


def test_r16_a_scanned_number_that_may_be_goods_is_never_advised_to_be_issued(desk: Desk) -> None:
    """A scale's label with the weight in it looks like a blank card."""
    for scanner, advised in (("counter", True), (KEYBOARD, True)):
        assert ("Issue it" in desk.do(Code(text=desk.BLANK, scanner=scanner)).text) is advised
    desk.basket()
    reply = desk.do(Code(text=desk.BLANK, scanner="counter"))
    assert reply.code == "unknown_card" and "Issue" not in reply.text and "scale" in reply.text


@pytest.mark.parametrize("number", ["мама", "+8 916 123-45-67", "12", "x" * 99 + "\x1b[2J"])
def test_r18_what_is_said_of_a_wrong_phone_is_in_one_language_and_shows_what_was_typed(desk: Desk, number: str) -> None:
    desk.checkout.house.language = "ru"
    reply = desk.do(Phone(number=number))
    assert reply.code == "bad_phone" and reply.text.startswith(f"«{number[:24]}")
    assert not set("abcdefghijklmnopqrstuvwyz\x1b") & set(reply.text), reply.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"price": "-5"}, "lines[0].price: '-5' — не сумма в рублях"),
        ({"quantity": "много"}, "lines[0].quantity: 'много' — не количество"),
        ({"quantity": "0.5"}, "lines[0].quantity: штуки бывают только целые"),
        ({"strength": "крепкое"}, "lines[0].strength: такого не бывает; крепость — в процентах"),
        ({"id": ""}, "lines[0].id: должно иметь от 1"),
    ],
)
def test_r18_what_is_wrong_with_a_basket_is_said_in_the_cashiers_language(
    desk: Desk, wrong: dict[str, str], said: str
) -> None:
    desk.checkout.house.language = "ru"
    reply = desk.basket(replace(BasketLine(id="1", name="Чай", price="10.00"), **wrong))
    assert reply.text.startswith(f"Чек не принят: {said}") and "must" not in reply.text


def test_a_blocked_card_is_known_but_neither_earns_nor_redeems(desk: Desk) -> None:
    """Its finder hears nothing of the account either: he has 70 points."""
    desk.basket()
    found, asked = desk.code(desk.BLOCKED), desk.do(Balance(text=desk.BLOCKED))
    assert (found.ok, found.code, asked.code) == (True, "member_found", "balance_told")
    assert "blocked" in desk.do(Redeem()).text
    paid = desk.pay("1")
    for reply in (found, asked, paid):
        assert "is blocked" in reply.text and "70" not in reply.text, reply.text
    assert there(asked.balance).balance is None
    assert (desk.stored("1")[0].redeemed.points, desk.stored("1")[0].accrued.points) == (0, 0)


# phone


def test_a_phone_finds_the_member_and_earns_but_does_not_redeem(desk: Desk) -> None:
    """A27 with the shipped second factor."""
    desk.basket()
    assert desk.do(Phone(number="8 (916) 123-45-67")).code == "member_found_by_phone"
    assert "phone number alone" in desk.do(Redeem()).text
    desk.pay("1")
    sale = desk.stored("1")[0]
    assert (sale.member, sale.card, sale.redeemed.points, sale.accrued.points) == ("anna", None, 0, 9)


@pytest.mark.parametrize(
    "number, code",
    [
        ("8 916 123-45-68", "phone_shared"),
        ("8 916 765-43-21", "unknown_phone"),
        ("12", "bad_phone"),
        ("drop table", "bad_phone"),
    ],
)
def test_a_phone_that_does_not_name_one_member_is_refused(desk: Desk, number: str, code: str) -> None:
    reply = desk.do(Phone(number=number))
    assert (reply.ok, reply.code) == (False, code)


# coupons


def test_a_coupon_takes_its_part_before_points(desk: Desk) -> None:
    """EX-A9: 10 % off first, then the cap."""
    desk.basket(BasketLine(id="1", name="Набор", price="1000.00", category="gifts"))
    desk.code(desk.BORIS)
    assert desk.code(desk.coupon()).code == "coupon_taken"
    desk.do(Redeem())
    desk.pay("1")
    sale = desk.stored("1")[0]
    assert (sale.redeemed.points, sale.total_kopecks) == (450, 450_00)
    assert [(use.serial, use.discount_kopecks) for use in sale.coupons] == [((b"s" * 16).hex(), 100_00)]


def test_a_coupon_is_honoured_once(desk: Desk) -> None:
    token = desk.coupon()
    desk.basket()
    desk.code(desk.ANNA)
    desk.code(token)
    desk.pay("1")
    desk.basket()
    assert desk.code(token).code == "coupon_used"


def test_a_coupon_shown_in_a_cancelled_visit_is_still_good(desk: Desk) -> None:
    token = desk.coupon()
    desk.basket()
    desk.code(token)
    desk.do(Cancel())
    desk.basket()
    assert desk.code(token).code == "coupon_taken"


def test_the_same_coupon_twice_on_one_receipt_counts_once(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    desk.code(desk.coupon())
    assert desk.code(desk.coupon()).code == "coupon_shown"
    desk.pay("1")
    assert len(desk.stored("1")[0].coupons) == 1


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"valid_from": NOW - timedelta(hours=2), "hours": -1}, "coupon_expired"),
        ({"valid_from": NOW + timedelta(days=9), "valid_to": NOW + timedelta(days=10)}, "coupon_not_yet"),
        ({"programme": "perekrestok"}, "coupon_other_programme"),
        ({"campaign": "nothing"}, "coupon_unknown_campaign"),
    ],
)
def test_a_coupon_that_is_not_good_now_is_refused_with_the_reason(
    desk: Desk, changes: dict[str, Any], code: str
) -> None:
    desk.basket()
    assert desk.code(desk.coupon(**changes)).code == code


def test_a_coupon_the_hub_told_of_as_used_is_refused(desk: Desk) -> None:
    desk.cache.changes.apply(
        Page(
            members=[],
            used_coupons=[(b"s" * 16).hex()],
            coupon_keys={1: desk.key.public_key().public_bytes_raw()},
            phone_hash_key=bytes(32),
            watermark=Key(1, 0),
            cursor="6",
            pulled_at=None,
        )
    )
    desk.basket()
    assert desk.code(desk.coupon()).code == "coupon_used"


# cards


def test_a_card_is_issued_with_a_purchase_of_300_and_earns_at_once(desk: Desk) -> None:
    """A4, A26."""
    desk.basket()
    assert desk.do(IssueCard(card=desk.BLANK)).code == "card_will_be_issued"
    assert "not registered" in desk.do(Redeem()).text
    desk.pay("1")
    issued, sale = desk.stored("1")
    assert isinstance(issued, CardIssued)
    assert (issued.card, sale.member, sale.accrued.points) == (desk.BLANK, issued.member, 9)
    assert there(desk.cache.members.card(desk.BLANK)).status == "issued"
    assert desk.code(desk.BLANK).code == "member_found"
    desk.basket()
    assert "not registered" in desk.do(Redeem()).text


def test_the_paper_of_a_new_card_asks_to_register(desk: Desk) -> None:
    desk.basket()
    desk.do(IssueCard(card=desk.BLANK))
    desk.pay("1")
    texts = " ".join(block.text for block in paper_of(desk, "1").blocks if isinstance(block, Text))
    assert "Выдана карта ****0116" in texts
    assert "нужна регистрация" in texts


@pytest.mark.parametrize("pieces, ok", [(3, False), (4, True)])  # 269.70 and 359.60
def test_a_card_needs_a_purchase_large_enough(desk: Desk, pieces: int, ok: bool) -> None:
    desk.basket(desk.chocolate(pieces))
    reply = desk.do(IssueCard(card=desk.BLANK))
    assert (reply.ok, reply.code) == (ok, "card_will_be_issued" if ok else "purchase_too_small")


def test_a_basket_that_shrinks_after_the_card_was_promised_is_caught_before_the_payment(desk: Desk) -> None:
    desk.basket()
    desk.do(IssueCard(card=desk.BLANK))
    assert "is not issued with this receipt" in desk.basket(desk.chocolate(1)).text
    assert desk.pay("1").code == "no_member"
    assert desk.cache.members.card(desk.BLANK) is None


@pytest.mark.parametrize(
    "card, code",
    [("2600000000017", "card_not_blank"), ("4607012345677", "not_a_card"), ("2600000000018", "not_a_card")],
)
def test_only_a_blank_card_of_the_programme_is_issued(desk: Desk, card: str, code: str) -> None:
    desk.basket()
    assert desk.do(IssueCard(card=card)).code == code


def test_a_lost_card_is_replaced_for_50_rubles_and_keeps_the_balance(desk: Desk) -> None:
    """A29, A30."""
    desk.checkout.house.paper = SalePaper(lines=True)
    desk.do(Phone(number=PHONE_OF_ANNA))
    desk.basket()
    assert "50.00" in desk.do(ReissueCard(new_card=desk.BLANK, manager=True)).text
    desk.pay("1")
    reissued, sale = desk.stored("1")
    assert reissued == CardReissued(
        sale=reissued.sale, member="anna", old_card=desk.ANNA, new_card=desk.BLANK, fee_kopecks=50_00
    )
    assert [(line.id, line.net_kopecks) for line in sale.extras] == [("card-reissue", 50_00)]
    assert (sale.total_kopecks, sale.accrued.points) == (544_90, 9)  # the fee earns nothing
    assert desk.code(desk.ANNA).code == "card_replaced"
    assert "159" in desk.code(desk.BLANK).text
    assert columns(paper_of(desk, "1"))["Перевыпуск карты"] == "50.00"


def test_the_fee_alone_is_a_sale_too(desk: Desk) -> None:
    desk.do(Phone(number=PHONE_OF_ANNA))
    desk.do(ReissueCard(new_card=desk.BLANK, manager=True))
    assert desk.pay("1").code == "recorded"
    assert desk.stored("1")[1].total_kopecks == 50_00


def test_the_fee_goes_when_another_member_comes(desk: Desk) -> None:
    desk.do(Phone(number=PHONE_OF_ANNA))
    desk.basket()
    desk.do(ReissueCard(new_card=desk.BLANK, manager=True))
    desk.code(desk.BORIS)
    desk.pay("1")
    (sale,) = desk.stored("1")
    assert [line.id for line in sale.lines] == ["1", "2"]


def test_a_replaced_card_cannot_be_replaced_again(desk: Desk) -> None:
    desk.code(desk.BORIS)
    assert desk.do(ReissueCard(new_card=desk.BLANK, old_card=desk.LOST)).code == "no_card_to_replace"


# offline


def test_offline_redeeming_is_capped_and_the_paper_says_as_of_when(desk: Desk) -> None:
    desk.online[0] = False
    desk.code(desk.BORIS)
    desk.basket(BasketLine(id="1", name="Набор", price="5000.00", category="gifts"))
    desk.do(Redeem())
    desk.pay("1")
    sale = desk.stored("1")[0]
    assert (sale.link, sale.redeemed.points) == ("offline", 300)  # the programme's cap for one receipt
    assert "Баланс на 15:00" in columns(paper_of(desk, "1"))


def test_what_was_redeemed_online_today_does_not_use_up_the_offline_day(desk: Desk) -> None:
    """The programme allows 300 a receipt and 500 a day without a connection."""
    taken = []
    for sale, online in (("1", True), ("2", False), ("3", False), ("4", False)):
        desk.online[0] = online
        desk.code(desk.BORIS)
        desk.basket(BasketLine(id="1", name="Набор", price="2000.00", category="gifts"))
        desk.do(Redeem())
        desk.pay(sale)
        taken.append(desk.stored(sale)[0].redeemed.points)
    assert taken == [1000, 300, 200, 0]


def test_offline_with_an_old_snapshot_earns_but_does_not_redeem(desk: Desk) -> None:
    desk.online[0] = False
    desk.now += timedelta(hours=25)
    desk.code(desk.BORIS)
    desk.basket()
    assert "too long" in desk.do(Redeem()).text
    desk.pay("1")
    assert (desk.stored("1")[0].redeemed.points, desk.stored("1")[0].accrued.points) == (0, 9)


# bad input


@pytest.mark.parametrize(
    "line, field",
    [
        ({"price": "-1"}, "lines[0].price"),
        ({"price": "1e3"}, "lines[0].price"),
        ({"price": "NaN"}, "lines[0].price"),
        ({"quantity": "0"}, "lines[0].quantity"),
        ({"quantity": "1.5"}, "lines[0].quantity"),
        ({"discount": "1000"}, "lines[0].discount"),
        ({"volume": "0.01"}, "lines[0].volume"),
        ({"subject": 100}, "lines[0].subject"),
        ({"id": ""}, "lines[0].id"),
    ],
)
def test_a_bad_basket_is_refused_by_its_field_and_changes_nothing(desk: Desk, line: dict[str, str], field: str) -> None:
    desk.basket()
    before = desk.checkout.visit
    reply = desk.do(SetBasket(lines=(replace(BasketLine(id="1", name="x", price="10"), **line),)))
    assert (reply.ok, reply.code) == (False, "bad_basket") and reply.field == field
    assert field in reply.text
    assert desk.checkout.visit is before


def test_an_empty_basket_is_empty_and_the_card_stays(desk: Desk) -> None:
    """R23."""
    desk.basket()
    desk.code(desk.ANNA)
    assert desk.do(SetBasket(lines=())).code == "basket_empty"
    assert state_of(desk.checkout.visit) is VisitState.MEMBER
    assert desk.pay("1").code == "not_now_member"


@pytest.mark.parametrize(
    "command, code",
    [
        (Redeem(), "not_now_idle"),
        (IssueCard(card="2600000000116"), "not_now_idle"),
        (ReissueCard(new_card="2600000000116"), "not_now_idle"),
        (Pay(sale="1"), "not_now_idle"),
        (Pay(sale=""), "bad_sale"),
        (Pay(sale="1\n2"), "bad_sale"),
        (Pay(sale="1", day="tomorrow"), "bad_sale"),
    ],
)
def test_what_does_not_fit_now_is_refused(desk: Desk, command: Any, code: str) -> None:
    reply = desk.do(command)
    assert (reply.ok, reply.code) == (False, code)
    assert state_of(desk.checkout.visit) is VisitState.IDLE


def test_points_below_zero_are_refused(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    assert desk.do(Redeem(points=-1)).code == "bad_points"


def test_a_sale_without_a_member_is_recorded_too(desk: Desk) -> None:
    """Every receipt with lines is a sale: its return must know it. Nothing is earned; a paper keeps its points."""
    desk.basket()
    assert desk.pay("1").code == "no_member"
    (sale,) = desk.stored("1")
    assert (sale.member, sale.card, sale.seen, sale.total_kopecks) == (None, None, None, 494_90)
    assert (sale.accrued.points, sale.redeemed.points, sale.qualifying_kopecks) == (0, 0, 0)
    assert [line.id for line in sale.lines] == ["1", "2"] and desk.cache.print_jobs.counts() == {"queued": 1}
    assert desk.pay("1").code == "recorded_before" and desk.cache.outbox_length() == 1


@pytest.mark.parametrize("coupon", [False, True])
def test_a_shop_may_record_only_sales_with_a_member_or_a_right(desk: Desk, coupon: bool) -> None:
    desk.checkout.house.sales = "rights"
    desk.basket()
    if coupon:
        desk.code(desk.coupon())
    assert desk.pay("1").code == "no_member"
    assert len(desk.stored("1")) == coupon


def test_a_right_is_used_up_by_the_paid_sale_without_a_member(desk: Desk) -> None:
    """R19: basket, QR coupon, no card, pay; three times with one QR."""
    desk.basket()
    assert desk.code(desk.coupon()).code == "coupon_taken"
    assert desk.pay("1").code == "no_member"
    (sale,) = desk.stored("1")
    assert (sale.total_kopecks, [use.serial for use in sale.coupons]) == (445_41, [(b"s" * 16).hex()])
    for _ in range(2):
        desk.basket()
        assert desk.code(desk.coupon()).code == "coupon_used"


def test_a_name_that_opens_drawers_reaches_the_paper_as_text(desk: Desk) -> None:
    desk.basket(BasketLine(id="1", name="Торт \x1bp\x00\x19\xfa", price="10.00"))
    desk.code(desk.ANNA)
    desk.pay("1")
    from config.printers import load_printer
    from drivers.printer.encode import encode

    assert b"\x1bp" not in encode(paper_of(desk, "1"), load_printer(), attempt_id="0001")


PHONE_OF_ANNA = "+7 916 123 45 67"


LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./" + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?@#$%^&'
RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю." + 'ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"№;%:?'
UNDER_RUSSIAN = str.maketrans(LATIN, RUSSIAN)


def test_a_coupon_typed_under_the_russian_layout_is_the_same_coupon(desk: Desk) -> None:
    desk.basket()
    typed = desk.coupon().translate(UNDER_RUSSIAN)
    assert desk.do(Code(text=typed)).code == "coupon_taken"
    assert desk.do(Code(text=typed, scanner="counter")).code == "not_ours", "a real scanner knows no layout"


@pytest.mark.parametrize(
    ("text", "code"), [("POЩ1", "layout"), ("1;2", "layout"), ("日本", "layout"), ("ЩК12", "not_ours")]
)
def test_a_code_of_an_uncertain_layout_is_refused_with_what_helps(desk: Desk, text: str, code: str) -> None:
    reply = desk.do(Code(text=text))
    assert (reply.ok, reply.code) == (False, code)
    assert ("EN" in reply.text) == (code == "layout")


def test_a_till_that_never_reached_its_hub_calls_no_card_unknown(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "new.db", "till-9")
    checkout = Checkout(cache, load_programme("alenka"), language="en", receipt_language="ru", is_online=lambda: False)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert checkout.handle(Balance(text="2600000000017"), at).code == "no_cards_yet"
    assert checkout.handle(Code(text="2600000000017"), at).code == "stranger"
    cache.close()


def test_a_full_disk_is_said_in_one_language_and_the_sale_can_be_told_again(desk: Desk) -> None:
    """SQLite's own words and the file's path are for the log."""
    desk.checkout.house.language = "ru"
    desk.basket()
    desk.code(desk.ANNA)
    connection = desk.cache.file.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    for number in range(200):  # until no free page is left in the file
        reply = desk.pay(str(number))
        if not reply.ok:
            break
        desk.basket()
        desk.code(desk.ANNA)
    assert reply.code == "not_recorded"
    assert reply.text == ("Чек НЕ записан: на диске кассы нет места. Продавайте без баллов и позовите управляющего.")
    connection.execute("PRAGMA max_page_count = 1000000")
    assert desk.pay(str(number)).code == "recorded"


def test_what_is_wrong_with_a_file_is_one_word_for_whoever_says_it(tmp_path: Path) -> None:
    path = tmp_path / "diary.db"
    path.write_bytes(b"this is no database, it is a diary" * 100)
    with pytest.raises(FileError) as error:
        Cache(path, "till-1")
    assert (error.value.trouble, FileError("whatever it was").trouble) == ("damaged", "other")
