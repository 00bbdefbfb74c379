"""Stickers from the counter to the books: given, exchanged, refused in words, taken back; hub, till and paper say one
number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pos_agent.protocol import Balance, Code, DropCard, Phone, PointsReport, Prepare, SetBasket
from pos_agent.protocol_stickers import DropStickers
from tests.pos_agent.shop_of_stickers import ANNA, AUTUMN, BEGIN, CLUB, Shop, goods

TEAPOT = goods(1_499, "household")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    yield shop
    shop.close()


def test_hub_till_and_paper_say_one_number(shop: Shop) -> None:
    """25 are given for 5000.00; 20 of them buy 500.00 off a teapot, which gives 4 for what was paid."""
    till = shop.till()
    sale = till.sell(goods(5_000))
    assert sale.stickers is not None and (sale.stickers.given, sale.stickers.spent) == (25, ())
    assert till.paper()["Stickers given"] == "25" and till.paper()["Stickers in all"] == "25"
    sale = till.sell(TEAPOT, exchange=("knife",))
    assert sale.stickers is not None and (sale.paid_kopecks, sale.stickers.given) == (99_900, 4)
    paper = till.paper()
    assert (paper["For 20 stickers: Knife"], paper["Stickers given"], paper["Stickers in all"]) == ("-500.00", "4", "9")
    assert paper["Missing to “Knife”"] == "11"
    till.sync()
    assert shop.stickers() == till.stickers() == 9 and shop.cases() == []


def test_what_is_told_of_them_with_the_quote_and_with_the_record(shop: Shop) -> None:
    till = shop.till()
    till.sell(goods(5_000))
    told = till.show(TEAPOT).told
    assert told is not None and told.stickers is not None
    assert (told.stickers.collection, told.stickers.balance) == (AUTUMN, 25)
    assert (told.stickers.given, told.stickers.left) == (7, 32)
    assert [(one.offer, one.stickers, one.missing) for one in told.stickers.offers] == [
        ("knife", 20, 0),
        ("cup", 8, 0),
        ("double", 5, 0),
    ]
    reply = till.exchange("knife")
    assert (reply.code, reply.text) == (
        "stickers_exchanged",
        "“Knife”: 20 stickers go when it is paid, 5 are left.",
    )
    assert reply.told is not None and reply.told.stickers is not None and reply.told.to_pay == "999.00"
    (one,) = reply.told.stickers.exchanged
    assert (one.offer, one.stickers, one.discount, reply.told.stickers.left) == ("knife", 20, "500.00", 9)
    assert [(one.offer, one.missing) for one in reply.told.stickers.offers] == [("cup", 3), ("double", 0)]
    paid = till.pay()
    assert paid.told is not None and paid.told.stickers is not None
    assert (paid.told.stickers.given, paid.told.stickers.left, paid.told.stickers.offers) == (4, 9, ())
    assert paid.text.endswith("Stickers given: 4, 9 in all.") and paid.told.coupons == ()
    assert paid.told.tail is not None and "Stickers in all" in " ".join(paid.told.tail)


def test_several_offers_on_one_receipt_each_once(shop: Shop) -> None:
    till = shop.till()
    till.sell(goods(5_400))  # 27
    sale = till.sell(TEAPOT, exchange=("knife", "double"))
    assert sale.stickers is not None
    assert [(one.offer, one.count) for one in sale.stickers.spent] == [("knife", 20), ("double", 5)]
    assert sale.stickers.spent[1].points > 0
    till.sync()
    assert shop.stickers() == till.stickers() == 27 - 25 + 4 and shop.cases() == []


# refused in words


def test_why_an_exchange_is_refused(shop: Shop) -> None:
    till = shop.till()
    assert till.exchange("knife").code == "not_now_idle"
    till.do(Code(text=ANNA))
    assert till.exchange("knife").code == "not_now_member"
    till.do(SetBasket(lines=(TEAPOT,)))
    few = till.exchange("knife")
    assert (few.code, few.text) == (
        "stickers_too_few",
        "“Knife”: 20 stickers are missing. It takes 20, there are 0.",
    )
    assert till.exchange("spoon").code == "stickers_no_such_offer" and till.exchange("spoon").field == "offer"
    till.pay()
    till.sell(goods(5_400))
    till.show(goods(300))
    nothing = till.exchange("knife")
    assert nothing.code == "stickers_give_nothing" and "no goods on the receipt are for it" in nothing.text
    small = till.exchange("cup")
    assert small.code == "stickers_give_nothing" and "needs a receipt of 1,000.00" in small.text
    assert till.do(DropStickers()).code == "no_stickers_exchanged"
    assert till.exchange("double").ok and till.exchange("double").code == "stickers_offer_taken"
    till.do(SetBasket(lines=(TEAPOT,)))
    assert till.exchange("knife").ok and till.exchange("cup").ok
    last = till.do(DropStickers(offer="double"))
    assert last.told is not None and last.told.to_pay == "849.10", "percents come before rubles"


def test_a_spoken_phone_spends_nobodys_stickers(shop: Shop) -> None:
    till = shop.till()
    till.sell(goods(5_000))
    till.do(SetBasket(lines=(TEAPOT,)))
    till.do(Phone(number="+79161234567"))
    assert till.exchange("knife").code == "stickers_need_card"


@pytest.mark.parametrize(("day", "exchanges"), [(date(2027, 2, 28), True), (date(2027, 3, 1), False)])
def test_a_collection_ends_with_its_last_day_by_the_shops_clock(shop: Shop, day: date, exchanges: bool) -> None:
    till = shop.till()
    till.sell(goods(5_000))
    till.sync()
    shop.now = datetime(day.year, day.month, day.day, 20, 59, tzinfo=UTC)  # 23:59 in Moscow
    till.show(TEAPOT)
    assert till.exchange("knife").code == ("stickers_exchanged" if exchanges else "stickers_no_collection")
    till.pay()
    sale = till.sale(shop.sales)
    assert sale.stickers is None if not exchanges else sale.stickers is not None
    assert till.stickers() == (25 - 20 + 4 if exchanges else 25)


def test_another_collection_has_its_own_balance(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.till().sell(goods(5_000))
    shop.tills[0].sync()
    shop.close()
    assert CLUB.stickers is not None
    spring = replace(CLUB.stickers, first_day=date(2027, 4, 1), last_day=date(2027, 6, 30))
    later = datetime(2027, 5, 1, 9, tzinfo=UTC)
    shop = Shop(tmp_path, replace(CLUB, stickers=spring), now=later, sales=10, is_new=False)
    till = shop.till("t2")
    till.show(TEAPOT)
    assert till.exchange("knife").code == "stickers_too_few"
    till.pay()
    till.sync()
    assert (shop.stickers(), shop.stickers("2027-04-01")) == (25, 7)
    assert (till.stickers(), till.stickers("2027-04-01")) == (25, 7)
    shop.close()


# between telling and paying


def test_they_stay_with_the_member_who_goes_and_with_whom_they_are_dropped_for(shop: Shop) -> None:
    till = shop.till()
    till.sell(goods(5_000))
    till.show(TEAPOT)
    till.exchange("knife")
    dropped = till.do(DropStickers(offer="knife"))
    assert dropped.code == "stickers_kept" and dropped.told is not None and dropped.told.to_pay == "1499.00"
    till.exchange("knife")
    assert till.do(DropCard()).told is not None
    again = till.do(Code(text=ANNA)).told
    assert again is not None and again.to_pay == "1499.00" and again.stickers is not None
    assert again.stickers.exchanged == ()


def test_what_a_smaller_receipt_does_not_use_is_not_spent(shop: Shop) -> None:
    till = shop.till()
    till.sell(goods(5_000))
    till.show(TEAPOT)
    till.exchange("knife")
    told = till.do(SetBasket(lines=(goods(400),))).told
    assert told is not None and told.stickers is not None
    assert [(one.offer, one.refusal) for one in told.stickers.exchanged] == [("knife", "nothing_to_discount")]
    paid = till.pay()
    assert paid.told is not None and paid.told.stickers is not None and paid.told.stickers.exchanged == ()
    till.sync()
    assert shop.stickers() == till.stickers() == 27


def test_stickers_that_went_elsewhere_meanwhile_are_said_before_the_money(shop: Shop) -> None:
    one, other = shop.till("t1"), shop.till("t2")
    one.sell(goods(5_000))
    for till in (one, other):
        till.sync()
    other.show(TEAPOT)
    assert other.exchange("knife").ok
    one.sell(TEAPOT, exchange=("knife",))
    for till in (one, other):
        till.sync()
    said = other.do(Prepare())
    assert (said.code, said.ok) == ("changed_stickers", False) and said.told is not None
    assert said.told.to_pay == "1499.00"
    other.pay()
    other.sync()
    assert shop.stickers() == 25 - 20 + 4 + 7 and shop.cases() == []


def test_two_tills_without_a_connection_spend_the_same_and_the_excess_is_a_case(shop: Shop) -> None:
    one, other = shop.till("t1"), shop.till("t2")
    one.sell(goods(5_000))
    for till in (one, other):
        till.sync()
    one.online = other.online = False
    for till in (one, other):
        sale = till.sell(TEAPOT, exchange=("knife",))
        assert sale.link == "offline" and sale.paid_kopecks == 99_900
    one.online = other.online = True
    for till in (one, other, one):
        till.sync()
    assert shop.cases() == [("stickers_owed", 27_500)]  # 9 were there, 11 of 20 were not
    assert shop.stickers() == one.stickers() == other.stickers() == 25 - 40 + 8
    assert other.paper()["Stickers in all"] == "9", "as far as it knew then"
    one.sell(goods(100))
    assert one.paper()["Stickers owed"] == "7"


# goods that come back


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_partial_returns_ends_where_it_began(shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    till = shop.till()
    till.sell(goods(5_000))
    sale = till.sell(goods(350, "dairy", 5), TEAPOT, exchange=("knife",))
    number = shop.sales
    pieces = ["dairy-350"] * 5 + ["household-1499"]
    chance.shuffle(pieces)
    for id in pieces:
        before = till.stickers()
        reply = till.give_back(number, (id, 1))
        back = reply.returned
        assert reply.ok and back is not None
        moved = (back.stickers.restored - back.stickers.taken_back) if back.stickers is not None else 0
        assert till.stickers() == before + moved
        assert back.stickers is None or back.stickers.left == till.stickers()
    assert sale.stickers is not None and till.stickers() == 25
    assert till.paper()["Stickers are yours again"] == "20" and till.paper()["Stickers in all"] == "25"
    till.sync()
    assert shop.stickers() == 25 and shop.cases() == []


def test_a_return_after_the_end_still_takes_back(shop: Shop) -> None:
    till = shop.till()
    till.sell(goods(5_000))
    till.sync()
    day = shop.programme.day(shop.now).isoformat()
    shop.now = BEGIN + timedelta(days=200)
    assert till.give_back(1, day=day).text.count("Stickers taken back: 25.") == 1
    till.sync()
    assert shop.stickers() == till.stickers() == 0 and "Stickers in all" not in till.paper()


# people practise


def test_practice_gives_none_to_anybody(shop: Shop) -> None:
    till = shop.till("t9", training=True)
    till.sell(goods(5_000))
    till.sync()
    assert shop.stickers() == 0


def test_a_balance_is_asked(shop: Shop) -> None:
    till = shop.till()
    till.sell(goods(5_000))
    told = till.do(Balance(text=ANNA))
    assert told.balance is not None and told.balance.stickers == 25 and "Stickers: 25." in told.text


def test_the_days_counts_know_them(shop: Shop) -> None:
    till = shop.till()
    till.sell(goods(5_000))
    till.sell(TEAPOT, exchange=("knife",))
    till.give_back(2)
    counts = till.do(PointsReport(show=True)).text
    told = dict(line.strip().rsplit("  ", 1) for line in counts.splitlines() if "  " in line.strip())
    said = {name.strip(): count for name, count in told.items()}
    assert (said["Stickers given"], said["Stickers exchanged"]) == ("29", "20")
    assert (said["Stickers given back"], said["Stickers taken back"]) == ("20", "4")
