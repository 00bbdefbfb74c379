"""Receipts that are keyed in at the page: their numbers are nobody else's, and none is used twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_agent.keyed import is_keyed
from pos_agent.protocol import Code, Pay, PutAside, Redeem, SetBasket
from pos_agent.shown import shown_front

if TYPE_CHECKING:
    from tests.pos_agent.conftest import Desk


def next_number(desk: Desk) -> str:
    return shown_front(desk.checkout, desk.checkout.receipts, desk.now).next_number


def keyed(desk: Desk, number: str, pos: str | None = None) -> None:
    basket = SetBasket(sale=number, day=desk.DAY, pos=pos, lines=(desk.chocolate(3), desk.SWEETS))
    assert desk.do(basket).ok


def test_numbers_follow_each_other_whatever_was_recorded_or_stands_open(desk: Desk) -> None:
    assert next_number(desk) == "0-1"
    keyed(desk, "0-1")
    assert next_number(desk) == "0-2"
    assert desk.do(PutAside()).ok
    assert next_number(desk) == "0-2"
    keyed(desk, "0-2")
    desk.pay("0-2")
    assert next_number(desk) == "0-3"  # one stands aside, two is recorded


def test_only_receipts_of_the_page_are_keyed(desk: Desk) -> None:
    for number, pos, is_ours in (("0-1", None, True), ("1042", None, False), ("0-1", "left", False)):
        keyed(desk, number, pos)
        assert is_keyed(desk.checkout.visit) is is_ours
        assert shown_front(desk.checkout, desk.checkout.receipts, desk.now).keyed is is_ours


def test_n18_a_command_of_the_page_says_whose_receipt_it_means(desk: Desk) -> None:
    """Two POS with one number: `pos` finds the one that is shown."""
    keyed(desk, "7", "left")
    assert desk.do(Code(text=desk.BORIS, sale="7", day=desk.DAY, pos="left")).ok
    keyed(desk, "7", "right")
    assert desk.do(Redeem(points=100, sale="7", day=desk.DAY, pos="left")).ok
    front = shown_front(desk.checkout, desk.checkout.receipts, desk.now)
    assert (front.pos, front.receipt, front.redeemed_points) == ("left", "7", 100)


def test_a_preview_changes_nothing_and_promises_nothing(desk: Desk) -> None:
    keyed(desk, "0-1")
    assert desk.do(Code(text=desk.BORIS)).ok
    before, kept = shown_front(desk.checkout, desk.checkout.receipts, desk.now), desk.checkout.receipts
    reply = desk.do(Redeem(points=100, preview=True))
    assert reply.ok and reply.told is not None
    assert (reply.told.redeemed.points, reply.told.to_pay, reply.told.quote) == (100, "394.90", None)
    assert shown_front(desk.checkout, desk.checkout.receipts, desk.now) == before and desk.checkout.receipts == kept
    over = desk.do(Redeem(points=300, preview=True))
    assert over.told is not None and over.told.redeemed.points == 247


def test_a_preview_of_a_receipt_that_is_paid_brings_it_not_back(desk: Desk) -> None:
    keyed(desk, "8", "left")
    assert desk.do(Code(text=desk.BORIS)).ok
    kept = desk.checkout.receipts
    desk.do(Redeem(points=1, preview=True, sale="9", day=desk.DAY, pos="right"))
    assert desk.checkout.receipts == kept
    desk.checkout.handle(Pay(sale="8", day=desk.DAY), desk.now, pos="left")
    kept = desk.checkout.receipts
    desk.do(Redeem(points=1, preview=True, sale="8", day=desk.DAY, pos="left"))
    assert desk.checkout.receipts == kept
