"""Several receipts of one member, open at one till: what one was told another is not told too.

What was told is kept at the payment whatever came since. So a day's limit, the balance, stickers and coupons leave each
promise its part, until its receipt is paid, told anew, cancelled, or a day old.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from loyalty.operation import Key
from offline_cache.records import Page
from offline_cache.told_quotes import ToldQuotes
from pos_agent.answers import Reply
from pos_agent.holds import HoldAnswer
from pos_agent.protocol import (
    Cancel,
    Code,
    Command,
    DropCard,
    DropCoupon,
    Pay,
    Prepare,
    PutAside,
    Redeem,
    SetBasket,
    TakeUp,
)
from tests.pos_agent.conftest import ANNA, BORIS, PHONE_KEY, Desk, known_members
from tests.pos_agent.reserving import GOODS, Till
from tests.pos_agent.shop_of_stickers import AUTUMN, Shop, goods
from tests.there import there


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """Without the hub: 300 of a receipt, 500 of a day."""
    told = ToldQuotes(tmp_path / "told.db")
    till = Till(known_members(tmp_path), told, at=None)
    yield till
    told.close()
    till.cache.close()


def spends(till: Till, sale: str, points: int | None = None, pos: str = "", card: str = BORIS) -> Reply:
    till.do(SetBasket(lines=(GOODS,), sale=sale), pos=pos)
    till.do(Code(text=card, sale=sale), pos=pos)
    return till.do(Redeem(points=points, sale=sale), pos=pos)


def points(reply: Reply) -> int:
    return there(reply.told).redeemed.points


def spent(till: Till) -> list[int]:
    return [sale.redeemed.points for sale in till.sales()]


def test_a_days_limit_without_the_hub_counts_what_other_receipts_were_told(till: Till) -> None:
    """Simulated chain, seed 1 of alenka: 546 spent of 500. The second is told what the first leaves, and why."""
    assert points(spends(till, "1")) == 300
    second = spends(till, "2")
    assert points(second) == 200 and there(there(second.told).limit).reason == "held_elsewhere"
    assert "another receipt" in second.text
    assert points(spends(till, "3")) == 0
    for sale in ("2", "1", "3"):
        till.do(Pay(sale=sale))
    assert spent(till) == [200, 300, 0]
    assert points(spends(till, "4")) == 0, "the day has none left"


def test_one_that_was_opened_first_and_told_later_counts_the_other(till: Till) -> None:
    till.ready(sale="1")
    assert points(spends(till, "2")) == 300
    assert points(till.do(Redeem(sale="1"))) == 200
    assert till.do(Prepare(sale="2")).code == "prepared" and till.do(Prepare(sale="1")).code == "prepared"


@pytest.mark.parametrize(
    "over",
    [Cancel(sale="1"), Redeem(points=0, sale="1"), DropCard(sale="1"), SetBasket(lines=(), sale="1")],
    ids=["cancelled", "kept for another time", "the card dropped", "emptied"],
)
def test_what_is_over_takes_nothing(till: Till, over: Command) -> None:
    assert points(spends(till, "1")) == 300
    assert till.do(over).ok
    assert points(spends(till, "2")) == 300


def test_another_members_receipt_takes_nothing(till: Till) -> None:
    assert points(spends(till, "1")) == 300
    assert points(spends(till, "2", card=ANNA)) == 150, "all that she has"


def test_one_that_is_told_anew_takes_what_it_was_told_last(till: Till) -> None:
    assert points(spends(till, "1")) == 300
    assert points(till.do(Redeem(points=100, sale="1"))) == 100
    assert points(spends(till, "2")) == 300
    assert points(till.do(Redeem(sale="1"))) == 200


def test_one_that_was_put_aside_counts_after_a_crash_too(till: Till) -> None:
    assert points(spends(till, "1")) == 300
    assert till.do(PutAside(sale="1")).ok
    till.start()
    assert points(spends(till, "2")) == 200
    assert till.do(TakeUp(sale="1")).ok
    till.do(Pay(sale="1"))
    till.do(Pay(sale="2"))
    assert spent(till) == [300, 200]


def test_one_that_lies_aside_for_hours_counts_and_for_a_day_does_not(till: Till) -> None:
    """Simulated chain, seed 1 of alenka: whoever has forgotten his purse is back after an hour and a half."""
    spends(till, "1")
    till.do(PutAside(sale="1"))
    till.later(90)
    assert points(spends(till, "2")) == 200
    till.do(Cancel(sale="2"))
    till.now += timedelta(days=1)
    news = Page(
        members=[],
        used_coupons=[],
        coupon_keys={},
        phone_hash_key=PHONE_KEY,
        watermark=Key(1, 0),
        cursor="6",
        pulled_at=till.now,
    )
    till.cache.changes.apply(news)
    assert points(spends(till, "3")) == 300


def test_whoever_is_told_fewer_before_the_money_hears_why(till: Till) -> None:
    """Both were told as if they were alone: the file of what is open was lost with the power, say."""
    assert points(spends(till, "1")) == 300
    first = till.checkout.receipts
    till.do(Cancel(sale="1"))
    assert points(spends(till, "2")) == 300
    till.checkout.receipts = first.put_aside().with_front(till.visit)
    till.checkout.house.visits = till.checkout.receipts.visits
    reply = till.do(Prepare(sale="2"))
    assert (reply.code, points(reply)) == ("changed_held", 200)


def test_two_pos_at_one_till_share_the_day(till: Till) -> None:
    assert points(spends(till, "1", pos="left")) == 300
    assert points(spends(till, "1", pos="right")) == 200
    till.do(Pay(sale="1"), pos="left")
    till.do(Pay(sale="1"), pos="right")
    assert spent(till) == [300, 200]


def test_with_neighbours_the_day_is_shared_too(till: Till) -> None:
    """They know of the balance, and of no limit: what they claim for other receipts of his counts as promised."""
    till.at = "shop"
    till.ready(sale="1")
    assert points(till.reserved(Redeem(sale="1"), 300)) == 300
    till.ready(sale="2")
    reply = till.begin(Redeem(sale="2"))
    assert till.asked[-1].points == 200, "the other receipt is this till's own"
    till.say(HoldAnswer(till.asked[-1].hold, 200, free=4_700, held=300))
    assert points(reply.result(timeout=0)) == 200
    till.do(Cancel(sale="1"))
    reply = till.begin(Redeem(sale="2"))
    till.say(HoldAnswer(till.asked[-1].hold, 300, free=4_550, held=450))
    assert points(reply.result(timeout=0)) == 50, "450 are another till's"


def test_no_point_of_the_balance_is_told_to_two_receipts(till: Till) -> None:
    """Nobody can be asked, and what was told is kept: else the member would owe what his other receipt took."""
    assert points(spends(till, "1", card=ANNA)) == 150
    second = spends(till, "2", card=ANNA)
    assert points(second) == 0 and there(there(second.told).limit).reason == "held_elsewhere"
    till.do(Cancel(sale="1"))
    assert points(till.do(Redeem(sale="2"))) == 150


def test_what_was_told_without_the_hub_is_not_given_again_with_it(till: Till) -> None:
    """The hub knows nothing of the first receipt: it is not asked for what that one was promised."""
    assert points(spends(till, "1", card=ANNA)) == 150
    till.at = "hub"
    assert points(spends(till, "2", card=ANNA)) == 0 and till.asked == []
    till.do(Cancel(sale="1"))
    assert points(till.reserved(Redeem(sale="2"), 150)) == 150


def test_what_the_hub_holds_for_one_is_not_told_to_another_when_it_is_gone(till: Till) -> None:
    till.at = "hub"
    till.ready(card=ANNA, sale="1")
    assert points(till.reserved(Redeem(sale="1"), 150)) == 150
    till.at = None
    assert points(spends(till, "2", card=ANNA)) == 0


def test_whoever_holds_points_takes_off_by_himself_what_he_holds_for_the_other(till: Till) -> None:
    till.at = "hub"
    till.ready(sale="1")
    assert points(till.reserved(Redeem(sale="1"), 1_000)) == 1_000
    till.ready(sale="2")
    till.begin(Redeem(sale="2"))
    assert till.asked[-1].points == 1_000, "of 5,000, and it is the hub that knows of the first"
    till.answer(1_000)


def test_a_receipt_that_was_paid_as_the_process_died_takes_nothing_twice(till: Till) -> None:
    """The open receipts were not written any more: it is there again, and its sale is recorded."""
    spends(till, "1")
    there_still = till.told.visits()
    till.do(Pay(sale="1"))
    till.told.keep_visits(there_still)
    till.start()
    assert points(spends(till, "2")) == 200


def test_stickers_are_told_to_one_receipt(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    till = shop.till()
    till.sell(goods(5_000))
    assert till.stickers(AUTUMN) == 25
    teapot = goods(1_499, "household")
    till.do(SetBasket(lines=(teapot,), sale="a"))
    till.do(Code(text="2700000000014", sale="a"))
    assert till.exchange("knife").code == "stickers_exchanged"
    till.do(SetBasket(lines=(teapot,), sale="b"))
    till.do(Code(text="2700000000014", sale="b"))
    refused = till.exchange("knife")
    assert refused.code == "stickers_too_few" and "another receipt takes the stickers" in refused.text
    assert till.exchange("double").ok, "five are left"
    for sale in ("b", "a"):
        till.do(Pay(sale=sale))
    till.sync()
    assert shop.cases() == []
    shop.close()


def test_a_coupon_that_is_on_another_receipt_is_refused_there(desk: Desk) -> None:
    """Its only use would be told twice."""
    text = desk.coupon()
    desk.do(SetBasket(lines=(desk.chocolate(3),), sale="1"))
    assert desk.code(text).code == "coupon_taken"
    desk.do(SetBasket(lines=(desk.chocolate(3),), sale="2"))
    refused = desk.code(text)
    assert (refused.code, "receipt 1 at this till" in refused.text) == ("coupon_held", True)
    desk.do(DropCoupon(sale="1"))
    assert desk.do(Code(text=text, sale="2")).code == "coupon_taken"


def test_of_a_coupon_with_several_uses_each_receipt_takes_one(desk: Desk) -> None:
    text = desk.coupon(uses=2)
    codes = []
    for sale in ("1", "2", "3"):
        desk.do(SetBasket(lines=(desk.chocolate(3),), sale=sale))
        codes.append(desk.code(text).code)
    assert codes == ["coupon_taken", "coupon_taken", "coupon_held"]
