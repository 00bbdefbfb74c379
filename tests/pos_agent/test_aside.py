"""Receipts that wait: put aside, taken up, and the one that finds no room any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from loyalty.bodies import SaleNumber
from pos_agent.answers import Reply
from pos_agent.protocol import Balance, BasketLine, Cancel, Code, Pay, PutAside, SetBasket, TakeUp
from pos_agent.receipts import ASIDE_MAX
from tests.pos_agent.conftest import Desk
from tests.there import there

TEA = BasketLine(id="7", name="Чай", price="400.00", category="tea")


def begin(desk: Desk, *numbers: str) -> Reply:
    for number in numbers:
        reply = desk.do(SetBasket(lines=(TEA,), sale=number))
        assert reply.ok
    return reply


def front(desk: Desk) -> str | None:
    receipt = desk.checkout.visit.receipt
    return receipt.number if receipt else None


def test_a_receipt_waits_and_comes_back_with_card_and_promise(desk: Desk) -> None:
    begin(desk, "1")
    told = there(desk.do(Code(text=desk.ANNA, sale="1")).told)
    assert (desk.do(PutAside()).code, front(desk)) == ("put_aside", None)
    begin(desk, "2")
    reply = desk.do(TakeUp(sale="1"))
    assert (reply.code, front(desk), reply.told) == ("taken_up", "1", told)
    assert desk.do(Pay(sale="1", quote=told.quote)).code == "recorded"
    assert desk.do(TakeUp(sale="2")).code == "taken_up" and desk.do(Pay(sale="2")).code == "no_member"


def test_told_twice_it_is_done_once(desk: Desk) -> None:
    begin(desk, "1")
    assert desk.do(PutAside(sale="1")).ok and desk.do(PutAside(sale="1")).ok
    assert [there(visit.receipt).number for visit in desk.checkout.receipts.aside] == ["1"]
    assert desk.do(TakeUp(sale="1")).ok and desk.do(TakeUp(sale="1")).ok
    assert (front(desk), desk.checkout.receipts.aside) == ("1", ())


@pytest.mark.parametrize(
    ("before", "command", "code"),
    [
        ((), PutAside(), "nothing_in_front"),
        ((Code(text=Desk.ANNA),), PutAside(), "receipt_without_number"),
        ((SetBasket(lines=(TEA,)),), PutAside(), "receipt_without_number"),
        ((SetBasket(lines=(TEA,), sale="1"),), PutAside(sale="2"), "nothing_in_front"),
        ((SetBasket(lines=(TEA,), sale="1"),), TakeUp(sale="2"), "not_put_aside"),
        (
            (SetBasket(lines=(TEA,), sale="1"), PutAside(), SetBasket(lines=(TEA,))),
            TakeUp(sale="1"),
            "receipt_without_number",
        ),
        (
            (SetBasket(lines=(TEA,), sale="1", shift="a"), SetBasket(lines=(TEA,), sale="1", shift="b"), PutAside()),
            TakeUp(sale="1"),
            "several_put_aside",
        ),
        ((), TakeUp(sale=""), "bad_sale"),
    ],
)
def test_what_cannot_wait_or_come_is_refused_in_words(
    desk: Desk, before: tuple[SetBasket | Code | PutAside, ...], command: PutAside | TakeUp, code: str
) -> None:
    for one in before:
        assert desk.do(one).ok
    receipts = desk.checkout.receipts
    reply = desk.do(command)
    assert (reply.ok, reply.code, desk.checkout.receipts) == (False, code, receipts)


def test_of_two_with_one_number_the_shift_says_which(desk: Desk) -> None:
    for shift, price in (("a", "100.00"), ("b", "300.00")):
        line = BasketLine(id="1", name="Чай", price=price, category="tea")
        assert desk.do(SetBasket(lines=(line,), sale="1", shift=shift)).ok
    assert there(desk.do(TakeUp(sale="1", shift="a")).told).to_pay == "100.00"


def test_a_pos_puts_its_own_aside_and_the_tills_page_anybodys(desk: Desk) -> None:
    def do(command: PutAside | TakeUp | SetBasket, pos: str) -> Reply:
        return desk.checkout.handle(command, desk.now, 0, pos)

    assert do(SetBasket(lines=(TEA,), sale="1"), "left").ok
    assert do(PutAside(), "right").code == "nothing_in_front"
    assert do(PutAside(), "").ok
    assert do(TakeUp(sale="1"), "right").code == "not_put_aside"
    assert do(TakeUp(sale="1"), "").ok


def test_the_one_that_finds_no_room_is_said(desk: Desk) -> None:
    numbers = [str(number) for number in range(1, ASIDE_MAX + 2)]
    assert "forgotten" not in begin(desk, *numbers).text
    assert len(desk.checkout.receipts.aside) == ASIDE_MAX
    reply = begin(desk, "next")
    assert (reply.code, "Receipt 1, which was put aside, is forgotten" in reply.text) == ("basket_without_member", True)
    assert "forgotten" not in desk.do(Balance(text=desk.ANNA)).text
    assert "forgotten" not in desk.do(Pay(sale="5")).text, "paid is not forgotten"
    assert "forgotten" not in desk.do(Cancel(sale="6")).text


def test_the_one_that_finds_no_room_when_another_is_put_aside_is_said_too(desk: Desk) -> None:
    begin(desk, *(str(number) for number in range(1, ASIDE_MAX + 2)))
    reply = desk.do(PutAside())
    assert reply.text.startswith("Receipt 21 is put aside. Receipt 1, which was put aside, is forgotten")
    assert desk.do(TakeUp(sale="1")).code == "not_put_aside"


def test_one_that_was_taken_up_is_not_idle(desk: Desk) -> None:
    begin(desk, "1")
    desk.do(PutAside())
    desk.now += timedelta(hours=1)
    assert desk.do(TakeUp(sale="1")).ok
    assert desk.code(desk.ANNA).ok and front(desk) == "1"


DAY = "2026-03-02"


@pytest.mark.parametrize(
    ("first", "then", "paid"),
    [
        ({}, {"day": DAY}, {"day": DAY}),
        ({"day": DAY}, {}, {}),
        ({}, {"shift": "4"}, {"shift": "4", "day": DAY}),
        ({"shift": "4"}, {"day": DAY}, {}),
    ],
)
def test_a_receipt_is_one_whatever_is_said_of_its_day_and_shift(
    desk: Desk, first: dict[str, Any], then: dict[str, Any], paid: dict[str, Any]
) -> None:
    """R17: a POS says them with the payment alone, or forgets them there. The money is never without its goods."""
    assert desk.do(SetBasket(lines=(TEA,), sale="1", **first)).ok
    told = there(desk.do(Code(text=desk.ANNA, sale="1", **then)).told)
    begin(desk, "2")
    reply = desk.do(Pay(sale="1", quote=told.quote, **paid))
    assert (reply.code, [there(one.receipt).number for one in desk.checkout.receipts.aside]) == ("recorded", ["2"])
    shift = (first | then | paid).get("shift", "")
    assert desk.cache.sale(SaleNumber(number="1", day=DAY, shift=shift)) is not None
    again = desk.do(Pay(sale="1", quote=told.quote, **{**first, **then, **paid}))
    assert again.code == "recorded_before"


@pytest.mark.parametrize("then", [{"day": "2026-03-01"}, {"shift": "5"}])
def test_another_day_or_shift_is_another_receipt(desk: Desk, then: dict[str, Any]) -> None:
    """A register counts from one again: nobody gets the card of who was here before."""
    desk.do(SetBasket(lines=(TEA,), sale="1", day=DAY, shift="4"))
    desk.do(Code(text=desk.ANNA, sale="1", day=DAY, shift="4"))
    assert desk.do(SetBasket(lines=(TEA,), sale="1", **then)).code == "basket_without_member"


def test_what_has_been_idle_is_not_taken_for_a_receipt_that_is_called_otherwise(desk: Desk) -> None:
    desk.do(Code(text=desk.ANNA, sale="1"))
    desk.do(SetBasket(lines=(TEA,), sale="1"))
    desk.now += timedelta(hours=3)
    assert desk.do(SetBasket(lines=(TEA,), sale="1", day=DAY)).code == "basket_without_member"
