"""What is on the account, for who only asks: nothing is recorded, no visit is touched, a spoken phone tells no sum."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from loyalty.operation import Key, utc_text
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.records import Page
from pos_agent.protocol import Balance, SetBasket
from tests.pos_agent.conftest import PHONE_KEY, PHONES, Desk
from tests.there import there

CARD = "2600000000161"
DEBTOR = "2600000000178"


def told_of(desk: Desk, name: str, card: str, *lots: LotSnapshot, debt: int = 0) -> None:
    desk.cache.changes.apply(
        Page(
            members=[
                MemberSnapshot(member=name, lots=lots, debt=debt, cards=(CardSnapshot(number=card, status="active"),))
            ],
            used_coupons=(),
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="9",
            pulled_at=desk.now,
        )
    )


def lot(id: str, points: int, start: datetime, end: datetime | None = None) -> LotSnapshot:
    return LotSnapshot(id=id, points=points, active_from=utc_text(start), expires_at=utc_text(end) if end else None)


def test_the_balance_is_told_with_what_comes_and_what_dies_next(desk: Desk) -> None:
    day = timedelta(days=1)
    comes, dies = desk.now + 3 * day, datetime.fromisoformat("2026-03-10T21:00:00+00:00")
    told_of(
        desk,
        "vera",
        CARD,
        lot("a", 100, desk.now - day),
        lot("b", 30, desk.now - day, dies),
        lot("c", 20, comes),
    )
    reply = desk.do(Balance(text=CARD))
    told = there(reply.balance)
    assert (reply.ok, reply.code) == (True, "balance_told")
    assert (told.card, told.status, told.identified_by) == ("****0161", "active", "card")
    assert (told.balance, told.active, told.as_of) == (150, 130, utc_text(desk.now))
    assert (there(told.coming).points, there(told.coming).at) == (20, utc_text(comes))
    assert (there(told.expiring).points, there(told.expiring).at) == (30, utc_text(dies))
    assert reply.text == (
        "Card ****0161: 150 bonuses on the account. 20 bonuses more from 05.03 15:00. 30 bonuses end on 10.03.2026."
    )


def test_of_a_debt_nothing_dies(desk: Desk) -> None:
    dying = lot("a", 30, desk.now - timedelta(days=1), desk.now + timedelta(days=9))
    told_of(desk, "debtor", DEBTOR, dying, debt=133)
    reply = desk.do(Balance(text=DEBTOR))
    told = there(reply.balance)
    assert (told.balance, told.active, told.coming, told.expiring) == (-103, 0, None, None)
    assert "end on" not in reply.text


def test_own_sales_count_and_asking_leaves_no_trace(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    assert desk.pay("1").ok
    desk.do(SetBasket(lines=(desk.SWEETS,), sale="2"))
    before, outbox = desk.checkout.receipts, desk.cache.outbox_length()
    assert there(desk.do(Balance(text=desk.ANNA)).balance).balance == desk.points("anna")
    desk.do(Balance(phone=PHONES["anna"]))
    assert (desk.checkout.receipts, desk.cache.outbox_length()) == (before, outbox)


def test_a_spoken_phone_tells_that_the_member_exists_and_no_more(desk: Desk) -> None:
    reply = desk.do(Balance(phone=PHONES["anna"]))
    told = there(reply.balance)
    assert (reply.code, told.card, told.identified_by) == ("member_known", "****0017", "phone")
    assert (told.balance, told.active, told.coming, told.expiring, told.as_of) == (None,) * 5
    assert "150" not in reply.text
    desk.checkout.house.balance_by_phone = True
    reply = desk.do(Balance(phone=PHONES["anna"]))
    assert (reply.code, there(reply.balance).balance, there(reply.balance).identified_by) == (
        "balance_told",
        150,
        "phone",
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (lambda desk: Balance(text=desk.BLANK), "unknown_card"),
        (lambda desk: Balance(text=desk.LOST), "card_replaced"),
        (lambda desk: Balance(text="4607012345677"), "goods"),
        (lambda desk: Balance(text=desk.coupon()), "coupon_is_no_card"),
        (lambda desk: Balance(phone="+79990000000"), "unknown_phone"),
        (lambda desk: Balance(phone=PHONES["twin"]), "phone_shared"),
        (lambda desk: Balance(phone="mama"), "bad_phone"),
        (lambda desk: Balance(), "which_member"),
        (lambda desk: Balance(text=desk.ANNA, phone=PHONES["anna"]), "which_member"),
    ],
)
def test_who_is_nobody_here_is_refused_as_for_a_receipt(
    desk: Desk, command: Callable[[Desk], Balance], code: str
) -> None:
    reply = desk.do(command(desk))
    assert (reply.ok, reply.code, reply.balance) == (False, code, None)
