"""A promise is kept: cases of faults.md, section A, about the visit and the sale, at the checkout of a real file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypedDict

import msgspec
import pytest

from config.programmes import load_programme
from loyalty.bodies import CardReissued, Sale, SaleNumber
from loyalty.operation import Key
from loyalty.snapshot import LotSnapshot
from offline_cache.packed import unpack_text
from offline_cache.records import Page
from offline_cache.told_quotes import ToldQuotes
from pos_agent.answers import Reply, ToldPosition
from pos_agent.checkout import Checkout
from pos_agent.errands import Desk as Asked
from pos_agent.protocol import (
    BasketLine,
    Cancel,
    Code,
    DropCard,
    DropCoupon,
    FiscalDocument,
    IssueCard,
    Pay,
    Phone,
    Prepare,
    Redeem,
    ReissueCard,
    Said,
    SetBasket,
)
from pos_agent.shown import shown_front
from pos_agent.staff.caller import Caller
from pos_agent.visit import VisitState, state_of
from tests.listed import listed
from tests.pos_agent.conftest import Desk
from tests.there import there

# pytest gives `desk` (conftest.py): Anna has 150 points, Boris 5,000, on a real file.

ALENKA = load_programme("alenka")
GIFTS = BasketLine(id="1", name="Набор", price="2000.00", category="gifts")
TEA = BasketLine(id="7", name="Чай", price="400.00", category="tea")
PHONE_OF_ANNA = "+7 916 123 45 67"


def lower(desk: Desk, points: int, member: str = "boris", card: str | None = None, cursor: str = "9") -> None:
    """A page of the hub: the member has so many points now."""
    lots = (LotSnapshot(id="x", points=points, active_from="2026-01-01T00:00:00.000000+00:00"),) if points else ()
    told = there(desk.cache.members.member(member)).told
    desk.cache.changes.apply(
        Page(
            members=[msgspec.structs.replace(told, lots=lots, cards=())],
            used_coupons=(),
            coupon_keys={},
            phone_hash_key=bytes(range(32)),
            watermark=Key(1, 0),
            cursor=cursor,
            pulled_at=desk.now,
        )
    )


def use_elsewhere(desk: Desk, serial: bytes = b"s" * 16) -> None:
    """A page of the hub: this coupon was used at another till."""
    desk.cache.changes.apply(
        Page(
            members=(),
            used_coupons=(serial.hex(),),
            coupon_keys={},
            phone_hash_key=bytes(range(32)),
            watermark=Key(1, 0),
            cursor="9",
            pulled_at=desk.now,
        )
    )


class Named(TypedDict):
    """Which receipt a command is about."""

    sale: str
    day: str


def last_of(desk: Desk, member: str) -> Sale:
    """The newest operation of a member at this till: a sale."""
    sale = there(desk.cache.members.member(member)).own[-1].body
    assert isinstance(sale, Sale)
    return sale


def deviations(sale: Sale) -> list[tuple[str, int, str]]:
    return [(one.kind, one.cost_kopecks, one.note) for one in sale.deviations]


# what was told is what is recorded


def told_1000(desk: Desk) -> None:
    desk.basket(GIFTS)
    desk.code(desk.BORIS)
    assert "to pay 1,000.00" in desk.do(Redeem()).text


@pytest.mark.parametrize("prepared", [False, True])
def test_r06_the_link_drops_between_redeem_and_pay(desk: Desk, prepared: bool) -> None:
    """R06, N10, SEC1: offline only 300 would be allowed; 1,000 were told."""
    told_1000(desk)
    if prepared:
        assert desk.do(Prepare()).code == "prepared"
    desk.online[0] = False
    assert desk.pay("1").code == "recorded"
    (sale,) = desk.stored("1")
    assert (sale.redeemed.points, sale.paid_kopecks, sale.accrued.points, sale.link) == (1000, 100_000, 30, "online")
    assert deviations(sale) == [("quote_kept", 70_000, "link")]


def test_r06_before_the_money_prepare_says_so(desk: Desk) -> None:
    told_1000(desk)
    desk.online[0] = False
    reply = desk.do(Prepare())
    assert (reply.ok, reply.code) == (False, "changed_link")
    assert "1,700.00" in reply.text and there(reply.told).to_pay == "1700.00"
    assert desk.do(Prepare()).code == "prepared", "the customer has heard it"
    desk.pay("1")
    (sale,) = desk.stored("1")
    assert (sale.redeemed.points, deviations(sale)) == (300, [])


@pytest.mark.parametrize("left", [0, 400])
def test_r06_a_page_lowers_the_balance(desk: Desk, left: int) -> None:
    told_1000(desk)
    lower(desk, left)
    shown = shown_front(desk.checkout, desk.checkout.receipts, desk.now)
    assert shown.redeemed_points == 1000, "the visit goes on showing what was told"
    desk.pay("1")
    (sale,) = desk.stored("1")
    assert sale.redeemed.points == 1000 and deviations(sale) == [("quote_kept", (1000 - left) * 100, "balance")]


def test_r06_prepare_tells_of_a_lower_balance(desk: Desk) -> None:
    told_1000(desk)
    lower(desk, 400)
    reply = desk.do(Prepare())
    assert (reply.ok, reply.code, there(reply.told).redeemed.points) == (False, "changed_balance", 400)


def test_r06_midnight_ends_a_campaign(desk: Desk) -> None:
    """A coupon that is valid until midnight: told before it, paid after it."""
    desk.now = desk.now.replace(hour=20, minute=50)  # 23:50 in the shop
    desk.basket(GIFTS)
    desk.code(desk.BORIS)
    desk.code(desk.coupon(hours=9))
    assert there(desk.do(Prepare()).told).to_pay == "1800.00"
    desk.now += timedelta(minutes=20)
    desk.pay("1")
    (sale,) = desk.stored("1")
    assert sale.paid_kopecks == 180_000 and [use.campaign for use in sale.coupons] == ["ten-percent"]


def test_an_old_quote_is_worked_out_anew_before_the_money_and_kept_after_it(desk: Desk) -> None:
    told_1000(desk)
    desk.now += timedelta(minutes=29)
    assert desk.do(Prepare()).code == "prepared"
    desk.now += timedelta(minutes=2)
    assert desk.do(Prepare()).code == "changed_age" and desk.do(Prepare()).code == "prepared"


def test_a_quote_that_is_named_is_recorded_also_when_its_visit_has_ended(desk: Desk) -> None:
    told_1000(desk)
    quote = there(desk.do(Prepare()).told).quote
    desk.do(Cancel())
    desk.now += timedelta(hours=2)
    assert desk.do(Pay(sale="1", day=desk.DAY, quote=quote)).code == "recorded"
    (sale,) = desk.stored("1")
    assert (sale.quote, sale.redeemed.points, sale.member) == (quote, 1000, "boris")


def test_a_quote_tells_each_line_with_positions_that_sum_to_it(desk: Desk) -> None:
    """R21, N12: what a fiscal device needs."""
    desk.basket()
    desk.code(desk.ANNA)
    told = there(desk.do(Redeem()).told)
    assert [(line.id, line.discount, line.net) for line in told.lines] == [
        ("1", "81.74", "187.96"),
        ("2", "68.26", "156.94"),
    ]
    assert told.lines[0].positions == (
        ToldPosition(quantity="2", price="62.65", amount="125.30"),
        ToldPosition(quantity="1", price="62.66", amount="62.66"),
    )
    assert (told.to_pay, told.redeemed.points, there(told.limit).points) == ("344.90", 150, 150)


def test_a_smaller_basket_says_what_becomes_of_the_wish(desk: Desk) -> None:
    desk.basket()
    desk.code(desk.BORIS)
    desk.do(Redeem(points=100))
    reply = desk.basket(desk.chocolate(1))
    assert reply.code == "basket_bounds_wish" and "100 bonuses were asked for, 44 bonuses are redeemed" in reply.text


# which sale it is


def test_r04_another_sale_under_a_known_number_is_refused_in_words(desk: Desk) -> None:
    """R04, N20."""
    desk.basket(TEA)
    desk.code(desk.ANNA)
    desk.pay("1")
    desk.basket(GIFTS)
    desk.code(desk.BORIS)
    desk.do(Redeem(points=1000))
    reply = desk.pay("1")
    assert (reply.ok, reply.code) == (False, "sale_number_taken") and "NOT recorded" in reply.text
    assert there(reply.told).to_pay == "400.00" and state_of(desk.checkout.visit) is VisitState.READY
    again = desk.do(Pay(sale="1", day=desk.DAY, another=True))
    assert again.code == "recorded" and desk.cache.outbox_length() == 2
    sale = last_of(desk, "boris")
    assert sale.redeemed.points == 1000 and [one.kind for one in sale.deviations] == ["number_taken"]


@pytest.mark.parametrize("day", [None, "2026-03-02"])
def test_r04_a_quote_says_by_itself_that_it_is_another_sale(desk: Desk, day: str | None) -> None:
    """The POS began its numbers anew; the customer has paid what the quote said."""
    desk.basket(TEA)
    desk.code(desk.ANNA)
    desk.pay("1")
    told_1000(desk)
    quote = there(desk.do(Prepare()).told).quote
    for code in ("recorded", "recorded_before"):
        reply = desk.do(Pay(sale="1", day=day, quote=quote))
        assert (reply.ok, reply.code, there(reply.told).redeemed.points) == (True, code, 1000)
    assert desk.cache.outbox_length() == 2
    assert [one.kind for one in last_of(desk, "boris").deviations] == ["number_taken"]


def test_r04_nor_is_what_the_power_took_swallowed_by_another_sale_of_its_number(desk: Desk) -> None:
    desk.basket(TEA)
    desk.code(desk.ANNA)
    desk.pay("1")
    for code in ("no_member", "recorded_before"):
        reply = desk.do(Pay(sale="1", quote="gone", said=Said(lines=(GIFTS,))))
        assert (reply.ok, reply.code, there(reply.told).to_pay) == (True, code, "2000.00")
    assert desk.cache.outbox_length() == 2


def test_r04_a_refused_basket_stays_in_dispute_until_somebody_says_that_it_is_another_sale(desk: Desk) -> None:
    """`prepare` and `pay` refuse it too: a POS that looks at `pay` alone must not print the other receipt."""
    named: Named = {"sale": "1", "day": desk.DAY}
    desk.do(SetBasket(lines=(TEA,), **named))
    desk.do(Code(text=desk.ANNA, **named))
    desk.do(Pay(**named))
    refused = [
        desk.do(SetBasket(lines=(GIFTS,), **named)),
        desk.do(Code(text=desk.BORIS, **named)),
        desk.do(Prepare(**named)),
        desk.do(Pay(**named)),
    ]
    assert {(reply.ok, reply.code) for reply in refused} == {(False, "sale_number_taken")}
    assert {there(reply.told).to_pay for reply in refused} == {"400.00"}
    assert there(desk.do(Redeem(points=1000, **named)).told).to_pay == "1000.00"
    ready = desk.do(Prepare(another=True, **named))
    assert (ready.code, there(ready.told).to_pay) == ("prepared", "1000.00")
    for code in ("recorded", "recorded_before"):
        paid = desk.do(Pay(quote=there(ready.told).quote, **named))
        assert (paid.ok, paid.code, there(paid.told).to_pay) == (True, code, "1000.00")
    assert desk.cache.outbox_length() == 2 and state_of(desk.checkout.visit) is VisitState.IDLE
    for line, to_pay in ((TEA, "400.00"), (GIFTS, "1000.00")):
        assert desk.do(SetBasket(lines=(line,), **named)).code == "recorded_before"
        paid = desk.do(Pay(**named))
        assert (paid.code, there(paid.told).to_pay) == ("recorded_before", to_pay)
    assert desk.cache.outbox_length() == 2


def test_r04_the_same_goods_of_another_member_are_in_dispute_too(desk: Desk) -> None:
    named: Named = {"sale": "1", "day": desk.DAY}
    desk.do(SetBasket(lines=(TEA,), **named))
    desk.do(Code(text=desk.ANNA, **named))
    desk.do(Pay(**named))
    assert desk.do(SetBasket(lines=(TEA,), **named)).code == "recorded_before"
    assert desk.do(Code(text=desk.BORIS, **named)).code == "sale_number_taken"
    assert desk.do(Pay(**named)).code == "sale_number_taken"
    for code in ("recorded", "recorded_before"):
        assert desk.do(Pay(another=True, **named)).code == code, "told again, it is one"
    assert last_of(desk, "boris").deviations[0].kind == "number_taken"


def test_r04_what_the_power_took_back_to_before_its_basket_is_the_recorded_sale_still(desk: Desk) -> None:
    """The sale is synced, and what was told of its visit is not: the POS, which heard nothing, says `pay` again."""
    desk.do(Code(text=desk.ANNA, sale="1"))
    begun = desk.checkout.receipts
    desk.do(SetBasket(lines=(TEA,), sale="1"))
    assert desk.do(Pay(sale="1")).code == "recorded"
    desk.checkout.receipts = begun
    assert desk.do(Pay(sale="1")).code == "recorded_before"
    assert desk.cache.outbox_length() == 1 and state_of(desk.checkout.visit) is VisitState.IDLE


def test_r04_a_paid_receipt_does_not_stand_there_again_after_the_power_took_that_it_is_over(desk: Desk) -> None:
    """Seed 60079 of the simulated chain: a `redeem` without a name was about it. One that is not paid stands."""
    desk.do(SetBasket(lines=(TEA,), sale="1"))
    desk.do(Code(text=desk.ANNA, sale="1"))
    desk.do(SetBasket(lines=(GIFTS,), sale="2"))
    begun = desk.checkout.receipts
    assert desk.do(Pay(sale="1")).code == "recorded"
    desk.checkout.receipts = begun
    desk.checkout.begin(desk.now)
    assert [visit.receipt and visit.receipt.number for visit in desk.checkout.receipts.visits] == ["2"]
    assert desk.do(Pay(sale="1")).code == "recorded_before"


def test_r04_a_payment_told_again_under_its_key_is_the_recorded_one_whatever_the_power_took(desk: Desk) -> None:
    """What was told of the visit is back as it was with another's card and another basket: nobody but the key knows."""
    named, pos = Asked(asked="k1"), Caller()
    desk.do(Code(text=desk.BORIS, sale="1"))
    desk.do(SetBasket(lines=(GIFTS,), sale="1"))
    begun = desk.checkout.receipts
    desk.do(DropCard(sale="1"))
    desk.do(Code(text=desk.ANNA, sale="1"))
    desk.do(SetBasket(lines=(TEA,), sale="1"))
    told = [desk.checkout.ask(Pay(sale="1"), desk.now, 0, pos, named)]
    desk.checkout.receipts = begun
    told.append(desk.checkout.ask(Pay(sale="1"), desk.now, 0, pos, named))
    assert [isinstance(one, Reply) and one.code for one in told] == ["recorded", "recorded_before"]
    assert desk.cache.outbox_length() == 1 and state_of(desk.checkout.visit) is VisitState.IDLE
    desk.checkout.receipts = begun
    assert desk.do(Pay(sale="1")).code == "sale_number_taken", "without its key it is another sale's number"


@pytest.mark.parametrize("days", [-2, 2])
@pytest.mark.parametrize("key", ["k1", None])
def test_r04_a_payment_told_again_is_the_recorded_one_whatever_the_clock_says_since(
    desk: Desk, key: str | None, days: int
) -> None:
    """Seed 20017 of the simulated chain: the till died before it could answer, and came back with a clock of another
    day. Without a key the quote that its visit was told last says so."""
    named, pos = Asked(asked=key), Caller()
    desk.do(Code(text=desk.ANNA, sale="1"))
    desk.do(SetBasket(lines=(TEA,), sale="1"))
    begun = desk.checkout.receipts
    told = [desk.checkout.ask(Pay(sale="1"), desk.now, 0, pos, named)]
    desk.checkout.receipts = begun
    told.append(desk.checkout.ask(Pay(sale="1"), desk.now + timedelta(days=days), 0, pos, named))
    assert [isinstance(one, Reply) and one.code for one in told] == ["recorded", "recorded_before"]
    assert desk.cache.outbox_length() == 1


@pytest.mark.parametrize("number", [None, "1"])
def test_r04_another_sale_told_again_as_a_whole_is_one(desk: Desk, number: str | None) -> None:
    desk.basket(TEA)
    desk.pay("1")
    for code in ("no_member", "recorded_before", "recorded_before"):
        desk.do(SetBasket(lines=(GIFTS,), sale=number))
        desk.now += timedelta(seconds=5)
        reply = desk.do(Pay(sale="1", another=True))
        assert (reply.ok, reply.code, there(reply.told).to_pay) == (True, code, "2000.00")
    assert desk.cache.outbox_length() == 2 and state_of(desk.checkout.visit) is VisitState.IDLE


def test_a_disputed_basket_that_is_mended_is_the_recorded_sale(desk: Desk) -> None:
    named: Named = {"sale": "1", "day": desk.DAY}
    desk.do(SetBasket(lines=(TEA,), **named))
    desk.do(Pay(**named))
    assert desk.do(SetBasket(lines=(GIFTS,), **named)).code == "sale_number_taken"
    assert desk.do(SetBasket(lines=(TEA,), **named)).code == "recorded_before"
    assert desk.do(Pay(**named)).code == "recorded_before" and desk.cache.outbox_length() == 1


@pytest.mark.parametrize("pos", ["", "right"])
def test_a_quote_is_of_one_receipt_and_is_kept_once(desk: Desk, pos: str) -> None:
    """Under another number, or by another POS, it is refused, and both receipts stay as they are."""
    desk.do(SetBasket(lines=(GIFTS,), sale="50"))
    desk.do(Code(text=desk.BORIS, sale="50"))
    quote = there(desk.do(Redeem(points=50, sale="50")).told).quote
    number = "50" if pos else "51"
    desk.checkout.handle(SetBasket(lines=(TEA,), sale=number), desk.now, pos=pos)
    reply = desk.checkout.handle(Pay(sale=number, quote=quote), desk.now, pos=pos)
    assert (reply.ok, reply.code, desk.cache.outbox_length()) == (False, "quote_of_another", 0)
    assert there(desk.do(Pay(sale="50", quote=quote)).told).redeemed.points == 50
    reply = desk.checkout.handle(Pay(sale=number, quote=quote), desk.now, pos=pos)
    assert (reply.ok, reply.code, desk.cache.outbox_length()) == (False, "quote_of_another", 1)
    reply = desk.checkout.handle(Pay(sale=number), desk.now, pos=pos)
    assert (reply.code, there(reply.told).to_pay) == ("no_member", "400.00")


def test_a_quote_without_a_number_is_kept_once_too_and_the_next_customer_stays(desk: Desk) -> None:
    told_1000(desk)
    quote = there(desk.do(Prepare()).told).quote
    desk.do(Cancel())
    desk.basket(TEA)
    desk.code(desk.ANNA)
    before = desk.checkout.visit
    assert desk.do(Pay(sale="1", quote=quote)).code == "recorded" and desk.checkout.visit == before
    assert desk.do(Pay(sale="2", quote=quote)).code == "quote_of_another" and desk.cache.outbox_length() == 1
    assert there(desk.do(Pay(sale="2")).told).to_pay == "400.00"


def test_an_unknown_quote_is_never_taken_for_what_stands_in_front(desk: Desk) -> None:
    told_1000(desk)
    before = desk.checkout.visit
    assert desk.do(Pay(sale="1", quote="ffffffffffff")).code == "unknown_quote"
    assert desk.checkout.visit == before and desk.cache.outbox_length() == 0


def test_a_cancel_of_what_is_paid_undoes_nothing_and_says_so(desk: Desk) -> None:
    desk.do(SetBasket(lines=(TEA,), sale="1"))
    desk.do(Pay(sale="1"))
    reply = desk.do(Cancel(sale="1"))
    assert (reply.ok, reply.code) == (False, "recorded_before")
    assert desk.do(Cancel()).code == "cancelled"


def test_what_was_told_online_and_paid_offline_says_offline_on_its_paper(desk: Desk) -> None:
    told_1000(desk)
    desk.online[0] = False
    assert there(desk.do(Pay(sale="1")).told).redeemed.points == 1000
    assert "Без связи".encode() in there(desk.cache.print_jobs.last_receipt()).document


@pytest.mark.parametrize("shift", ["7", "8"])
def test_r04_a_number_stands_under_its_shift(desk: Desk, shift: str) -> None:
    desk.basket(TEA)
    desk.code(desk.ANNA)
    assert desk.do(Pay(sale="1", shift="7")).code == "recorded"
    desk.basket(GIFTS)
    desk.code(desk.BORIS)
    assert desk.do(Pay(sale="1", shift=shift)).code == ("sale_number_taken" if shift == "7" else "recorded")


def test_r04_with_a_number_at_the_basket_it_is_said_there_before_the_money(desk: Desk) -> None:
    desk.basket(TEA)
    desk.code(desk.ANNA)
    desk.pay("1")
    reply = desk.do(SetBasket(lines=(GIFTS,), sale="1", day=desk.DAY))
    assert (reply.ok, reply.code) == (False, "sale_number_taken")
    assert desk.do(SetBasket(lines=(TEA,), sale="1", day=desk.DAY)).code == "recorded_before"
    reply = desk.do(Code(text=desk.BORIS, sale="1", day=desk.DAY))
    assert (reply.ok, reply.code) == (False, "sale_number_taken")


def test_r05_a_sale_told_again_after_midnight_without_its_day_is_one(desk: Desk) -> None:
    desk.now = desk.now.replace(hour=20, minute=59, second=58)  # 23:59:58 in the shop
    for _ in range(2):
        desk.basket(TEA)
        desk.code(desk.ANNA)
        desk.do(Redeem(points=50))
        reply = desk.do(Pay(sale="77"))
        desk.now += timedelta(seconds=5)
    assert (reply.code, there(reply.told).redeemed.points) == ("recorded_before", 50)
    assert desk.cache.outbox_length() == 1 and desk.points("anna") == 150 - 50 + 7
    assert state_of(desk.checkout.visit) is VisitState.IDLE


def test_r05_a_number_without_a_day_is_new_again_after_some_hours(desk: Desk) -> None:
    for _ in range(2):
        desk.basket(TEA)
        desk.code(desk.ANNA)
        assert desk.do(Pay(sale="77")).code == "recorded"
        desk.now += timedelta(hours=13)
    assert desk.cache.outbox_length() == 2


def test_f15_a_sale_told_again_does_not_touch_the_next_customers_visit(desk: Desk) -> None:
    desk.do(SetBasket(lines=(TEA,), sale="1"))
    desk.do(Code(text=desk.ANNA, sale="1"))
    desk.do(Pay(sale="1"))
    desk.do(SetBasket(lines=(GIFTS,), sale="2"))
    desk.do(Code(text=desk.BORIS, sale="2"))
    before = desk.checkout.receipts
    reply = desk.do(Pay(sale="1"))
    assert (reply.ok, reply.code, there(reply.told).to_pay) == (True, "recorded_before", "400.00")
    assert "8 bonuses accrued" in reply.text and desk.checkout.receipts == before
    assert desk.do(Pay(sale="2")).code == "recorded"


def test_n18_a_command_without_a_number_never_lands_on_another_pos_receipt(desk: Desk) -> None:
    def do(command: Any, pos: str) -> Any:
        return listed(command, desk.checkout.handle(command, desk.now, pos=pos))

    do(SetBasket(lines=(TEA,), sale="1"), "left")
    do(SetBasket(lines=(GIFTS,), sale="1"), "right")
    assert there(do(Code(text=desk.BORIS), "left").told).to_pay == "400.00"
    assert do(Pay(sale="1"), "right").code == "no_member"
    assert there(do(Pay(sale="1"), "left").told).to_pay == "400.00"
    do(SetBasket(lines=(GIFTS,), sale="2"), "right")
    assert do(Code(text=desk.ANNA), "left").told is None, "left has none: it is the next one's card"
    assert do(Pay(sale="2"), "right").code == "no_member"


def test_f15_nor_when_the_next_receipt_has_no_number_yet(desk: Desk) -> None:
    desk.basket(TEA)
    desk.code(desk.ANNA)
    quote = there(desk.do(Prepare()).told).quote
    desk.do(Pay(sale="1", quote=quote))
    desk.basket(GIFTS)
    desk.code(desk.BORIS)
    before = desk.checkout.visit
    assert desk.do(Pay(sale="1", quote=quote)).code == "recorded_before", "the quote says which sale it was"
    assert desk.checkout.visit == before
    reply = desk.do(Pay(sale="1"))
    assert (reply.ok, there(reply.told).to_pay) == (False, "400.00") and desk.checkout.visit == before


def test_a_sale_without_a_card_told_twice_has_the_same_answer_twice(desk: Desk) -> None:
    desk.basket(TEA)
    first = desk.pay("1")
    again = desk.pay("1")
    assert first.told == again.told and again.ok and desk.cache.outbox_length() == 1


def test_everything_of_a_recorded_sale_is_answered_from_the_record(desk: Desk) -> None:
    """It changes nothing, not even a coupon that was used up by that very sale."""
    coupon = desk.coupon()
    named: Named = {"sale": "5", "day": desk.DAY}
    for turn in range(2):
        replies = [
            desk.do(SetBasket(lines=(GIFTS,), **named)),
            desk.do(Code(text=desk.BORIS, **named)),
            desk.do(Code(text=coupon, **named)) if turn == 0 else desk.do(Redeem(points=100, **named)),
            desk.do(Redeem(points=100, **named)),
            desk.do(Prepare(**named)),
            desk.do(Pay(**named)),
        ]
        assert replies[-1].code == ("recorded_before" if turn else "recorded")
        assert {there(reply.told).to_pay for reply in replies[-3:]} == {"1700.00"}
    assert desk.cache.outbox_length() == 1 and state_of(desk.checkout.visit) is VisitState.IDLE


@pytest.mark.parametrize("day", ["2099-01-01", "2026-02-28", "2026-03-04"])
def test_n19_a_day_far_away_is_refused(desk: Desk, day: str) -> None:
    desk.basket(TEA)
    desk.code(desk.ANNA)
    reply = desk.do(Pay(sale="1", day=day))
    assert (reply.ok, reply.code) == (False, "bad_sale") and "2026-03-02" in reply.text
    assert desk.do(Pay(sale="1", day="2026-03-01")).code == "recorded"


# whose visit it is


def test_r22_another_receipt_number_is_another_visit(desk: Desk) -> None:
    """Basket and card, the POS restarts, the next customer's basket without a card."""
    desk.do(SetBasket(lines=(GIFTS,), sale="1"))
    desk.do(Code(text=desk.BORIS, sale="1"))
    desk.do(Redeem(sale="1"))
    reply = desk.do(SetBasket(lines=(TEA,), sale="2"))
    assert reply.code == "basket_without_member"
    assert desk.do(Pay(sale="2")).code == "no_member"
    assert desk.do(Pay(sale="1")).code == "recorded", "the first was put aside and is there again"


def test_r22_an_idle_visit_ends(desk: Desk) -> None:
    desk.basket(GIFTS)
    desk.code(desk.BORIS)
    desk.do(Redeem())
    desk.now += timedelta(minutes=31)
    assert desk.basket(TEA).code == "basket_without_member"
    assert desk.pay("1").code == "no_member"


def test_money_that_is_being_taken_has_no_hurry(desk: Desk) -> None:
    """A prepared receipt may be paid an hour later; but the next basket does not find its card."""
    for paid in (True, False):
        told_1000(desk)
        desk.do(Prepare())
        desk.now += timedelta(hours=1)
        if paid:
            assert there(desk.pay("1").told).redeemed.points == 1000
        else:
            assert desk.basket(TEA).code == "basket_without_member"


def test_n18_two_windows_do_not_take_each_others_basket(desk: Desk) -> None:
    for sale, line, card in (("1", GIFTS, desk.BORIS), ("2", TEA, desk.ANNA)):
        desk.do(SetBasket(lines=(line,), sale=sale))
        desk.do(Code(text=card, sale=sale))
    assert there(desk.do(Pay(sale="1")).told).to_pay == "2000.00"
    assert there(desk.do(Pay(sale="2")).told).to_pay == "400.00"
    assert desk.do(Pay(sale="3")).code == "not_now_idle"


def test_two_pos_may_use_the_same_numbers(desk: Desk) -> None:
    for pos, line in (("left", GIFTS), ("right", TEA)):
        assert desk.checkout.handle(SetBasket(lines=(line,), sale="1"), desk.now, 0, pos).ok
    said = [there(desk.checkout.handle(Pay(sale="1"), desk.now, 0, pos).told).to_pay for pos in ("left", "right")]
    assert said == ["2000.00", "400.00"] and desk.cache.outbox_length() == 2


def test_a_card_shown_too_early_waits_for_the_next_receipt(desk: Desk) -> None:
    desk.do(SetBasket(lines=(GIFTS,), sale="1"))
    desk.do(Code(text=desk.BORIS))
    reply = desk.code(desk.ANNA)
    assert (reply.ok, reply.code) == (True, "card_for_next")
    assert there(reply.ask).text.startswith("Redeem"), "the guest in front is still being asked"
    assert desk.do(Pay(sale="1")).ok and desk.points("boris") == 5_000 + 60
    assert there(desk.checkout.visit.who).card == desk.ANNA, "for everybody to see, and to take off"
    assert desk.do(SetBasket(lines=(TEA,), sale="2")).code == "basket_taken"
    assert desk.do(Pay(sale="2")).code == "recorded" and desk.points("anna") == 158


def test_a_card_that_waited_can_be_sent_away(desk: Desk) -> None:
    """It stands in front as any card does: cancelled, or left for long, it is nobody's."""
    desk.do(SetBasket(lines=(GIFTS,), sale="1"))
    for card in (desk.BORIS, desk.ANNA):
        desk.code(card)
    assert desk.do(Pay(sale="1")).ok and desk.do(Cancel()).ok
    assert desk.do(SetBasket(lines=(TEA,), sale="2")).code == "basket_without_member"


def test_at_most_twenty_receipts_are_put_aside(desk: Desk) -> None:
    for number in range(25):
        desk.do(SetBasket(lines=(TEA,), sale=str(number)))
    assert len(desk.checkout.receipts.aside) == 20
    assert desk.do(Pay(sale="20")).ok and desk.do(Pay(sale="1")).code == "not_now_idle"


def test_the_wrong_persons_card_goes_and_the_basket_stays(desk: Desk) -> None:
    desk.basket(TEA)
    desk.code(desk.ANNA)
    assert desk.do(DropCard()).code == "card_dropped"
    assert state_of(desk.checkout.visit) is VisitState.BASKET and desk.pay("1").code == "no_member"


# rights


def test_r34_a_coupon_used_elsewhere_after_the_money_is_recorded_with_its_cost(desk: Desk) -> None:
    desk.basket(GIFTS)
    desk.code(desk.BORIS)
    desk.code(desk.coupon())
    assert desk.do(Prepare()).ok
    use_elsewhere(desk)
    assert desk.pay("1").code == "recorded"
    (sale,) = desk.stored("1")
    assert sale.paid_kopecks == 180_000 and deviations(sale)[0] == ("coupon_used", 20_000, (b"s" * 16).hex())


def test_r34_before_the_money_the_loss_is_told(desk: Desk) -> None:
    desk.basket(GIFTS)
    desk.code(desk.BORIS)
    desk.code(desk.coupon())
    use_elsewhere(desk)
    reply = desk.do(Prepare())
    assert (reply.ok, reply.code, there(reply.told).to_pay) == (False, "changed_coupon_used", "2000.00")
    assert desk.do(Prepare()).ok and desk.pay("1").ok and desk.stored("1")[0].deviations == ()


def test_r20_a_coupon_that_gives_nothing_yet_says_so_and_holds_later(desk: Desk) -> None:
    """From 1000.00 on a receipt of 500.00."""
    desk.basket(BasketLine(id="1", name="Шоколад", price="250.00", quantity="2", category="chocolate"))
    desk.code(desk.ANNA)
    reply = desk.code(desk.coupon("gift-chocolate"))
    assert reply.ok and reply.code == "coupon_waits_basket_too_small" and "1,000.00" in reply.text
    reply = desk.basket(BasketLine(id="1", name="Шоколад", price="250.00", quantity="5", category="chocolate"))
    assert there(reply.told).coupons[0].discount == "249.99"
    desk.basket(TEA)
    desk.pay("1")
    assert desk.stored("1")[0].coupons == () and not desk.cache.coupon_used((b"s" * 16).hex()), "not used up"


def test_a_coupon_can_be_taken_off_and_a_second_of_its_kind_is_told_apart(desk: Desk) -> None:
    desk.basket(GIFTS)
    desk.code(desk.coupon())
    again = desk.code(desk.coupon())
    assert again.code == "coupon_shown" and not again.ok
    assert there(again.told).quote == desk.checkout.visit.quote, "the first answer may be lost (seed 20123)"
    assert desk.code(desk.coupon(serial=b"t" * 16)).code == "coupon_one_of_a_kind"
    assert there(desk.do(DropCoupon(campaign="ten-percent")).told).to_pay == "2000.00"
    assert desk.do(DropCoupon()).code in ("no_such_coupon", "not_now_basket")
    assert desk.code(desk.coupon(serial=b"t" * 16)).code == "coupon_taken"


# cards


def free(desk: Desk) -> None:
    """A programme that replaces cards for nothing (Перекрёсток: 0.00)."""
    from dataclasses import replace

    rules = desk.checkout.house.programme
    desk.checkout.house.programme = replace(rules, cards=replace(rules.cards, reissue_fee_kopecks=0))


def test_f6_a_free_reissue_without_a_basket_is_finished(desk: Desk) -> None:
    free(desk)
    desk.code(desk.ANNA)
    assert desk.do(ReissueCard(new_card=desk.BLANK)).ok
    assert desk.pay("1").code == "card_recorded"
    (reissued,) = desk.stored("1")
    assert isinstance(reissued, CardReissued) and desk.code(desk.BLANK).code == "member_found"
    assert desk.code(desk.ANNA).code == "card_replaced"
    assert desk.cache.print_jobs.counts() == {"queued": 1}, "the form to sign"


def test_f6_another_card_after_a_free_reissue_and_then_a_basket(desk: Desk) -> None:
    """Card A, reissue, card B, pay: the basket comes first, and nothing is stuck."""
    free(desk)
    desk.code(desk.ANNA)
    desk.do(ReissueCard(new_card=desk.BLANK))
    desk.code(desk.BORIS)
    assert desk.pay("1").code == "not_now_member"
    desk.basket(TEA)
    assert desk.pay("1").code == "recorded" and desk.cache.members.card(desk.BLANK) is None


def test_n17_a_line_of_the_pos_with_our_id_is_the_poss_own(desk: Desk) -> None:
    own = BasketLine(id="card-reissue", name="Чай", price="400.00", category="tea")
    desk.basket(own)
    desk.code(desk.ANNA)
    reply = desk.do(ReissueCard(new_card=desk.BLANK))
    assert [line.id for line in there(reply.told).lines] == ["card-reissue"]
    assert [(line.id, line.net) for line in there(reply.told).extras] == [("card-reissue+", "50.00")]
    desk.pay("1")
    desk.basket(TEA)
    assert there(desk.pay("2").told).to_pay == "400.00", "it sticks in no following basket"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "reissue_needs_manager"),
        ({"second_factor": "1234"}, "code_needs_link"),
        ({"manager": True, "by": "nina"}, "card_will_be_reissued"),
    ],
)
def test_n13_a_spoken_phone_alone_takes_over_no_account(desk: Desk, more: dict[str, Any], code: str) -> None:
    desk.do(Phone(number=PHONE_OF_ANNA))
    desk.basket(GIFTS)
    assert desk.do(ReissueCard(new_card=desk.BLANK, **more)).code == code
    assert "phone number alone" in desk.do(Redeem()).text, "until then the new card does not redeem"
    desk.pay("1")
    with desk.cache.file.reading() as connection:
        said = connection.execute("SELECT text FROM operations ORDER BY sequence").fetchall()
    assert ('"by":"nina"' in unpack_text(said[0][0])) == bool(more.get("manager"))


def test_r12_what_the_hub_refused_is_undone_here(desk: Desk) -> None:
    """One blank issued at two offline tills: the second till's customer has a card that nobody knows."""
    desk.basket()
    desk.do(IssueCard(card=desk.BLANK))
    desk.pay("1")
    answer(desk, "card_taken")
    assert desk.cache.members.card(desk.BLANK) is None
    assert desk.code(desk.BLANK).code == "unknown_card"


def test_r12_a_refused_reissue_leaves_the_old_card_as_it_was(desk: Desk) -> None:
    desk.code(desk.ANNA)
    desk.do(ReissueCard(new_card=desk.BLANK))
    desk.pay("1")
    answer(desk, "card_taken")
    assert desk.cache.members.card(desk.BLANK) is None
    assert desk.code(desk.ANNA).code == "member_found"


def answer(desk: Desk, reason: str) -> None:
    """The hub refuses the oldest operation and applies the rest."""
    from loyalty.operation import hash_operation
    from offline_cache.records import Answer

    (first, text), *rest = desk.cache.outbox(9)
    desk.cache.answered([Answer(key=first, hash=hash_operation(text), result="refused", reason=reason)])
    desk.cache.answered([Answer(key=key, hash=hash_operation(text), result="applied") for key, text in rest])


# over a restart


@pytest.fixture
def reborn(desk: Desk, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """The process dies and comes again, with the same two files."""
    opened: list[ToldQuotes] = []

    def again() -> None:
        opened.append(ToldQuotes(tmp_path / "told.db"))
        desk.checkout = Checkout(
            desk.cache,
            ALENKA,
            language="en",
            receipt_language="ru",
            is_online=lambda: desk.online[0],
            told=opened[-1],
        )

    yield again
    for told in opened:
        told.close()


def test_after_a_kill_the_visits_and_what_was_told_are_there_again(desk: Desk, reborn: Callable[[], None]) -> None:
    reborn()
    desk.do(SetBasket(lines=(GIFTS,), sale="1"))
    desk.do(Code(text=desk.BORIS, sale="1"))
    quote = there(desk.do(Redeem(sale="1")).told).quote
    desk.do(SetBasket(lines=(TEA,), sale="2"))
    before = desk.checkout.receipts
    reborn()
    assert desk.checkout.receipts == before
    desk.online[0] = False
    assert there(desk.do(Pay(sale="1", quote=quote)).told).redeemed.points == 1000
    assert there(desk.do(Pay(sale="2")).told).to_pay == "400.00"


def test_what_was_told_is_forgotten_after_a_day(desk: Desk, reborn: Callable[[], None]) -> None:
    reborn()
    told_1000(desk)
    quote = there(desk.do(Prepare()).told).quote
    desk.do(Cancel())
    desk.now += timedelta(days=1, seconds=1)
    desk.basket(TEA)
    desk.do(Cancel())
    reborn()
    assert desk.do(Pay(sale="1", quote=quote)).code == "unknown_quote"


@pytest.mark.parametrize("at", [0, 4096 + 8, 4096 * 3])
def test_a_second_file_that_a_power_cut_broke_stops_no_till(
    desk: Desk, reborn: Callable[[], None], tmp_path: Path, at: int
) -> None:
    """It is not synced, so it may be anything afterwards: it is put aside, a new one is begun, and sales go on."""
    reborn()
    for _ in range(20):
        told_1000(desk)
    there(desk.checkout.house.told).close()
    path = tmp_path / "told.db"
    content = bytearray(path.read_bytes())
    content[at : at + 64] = b"\xa5" * 64
    path.write_bytes(content)
    reborn()
    assert (tmp_path / "told.db.broken").read_bytes() == content
    assert state_of(desk.checkout.visit) is VisitState.IDLE
    told_1000(desk)
    quote = there(desk.do(Prepare()).told).quote
    reborn()
    assert there(desk.do(Pay(sale="1", quote=quote)).told).redeemed.points == 1000


def test_with_no_second_file_at_all_a_till_sells_and_keeps_its_word_while_it_lives(desk: Desk, tmp_path: Path) -> None:
    from pos_agent.parts import told_quotes_of

    assert told_quotes_of(tmp_path / "no-such-folder" / "told.db") is None


# what nobody here remembers; what comes later


def test_a_quote_that_the_power_took_is_recorded_as_the_pos_says(desk: Desk) -> None:
    """The power went between saying and paying; the POS has printed it."""
    desk.code(desk.BORIS)
    reply = desk.do(Pay(sale="1", day=desk.DAY, quote="gone"))
    assert (reply.ok, reply.code) == (False, "not_now_member") or reply.code == "unknown_quote"
    said = Said(lines=(GIFTS,), discounts={"1": "300.00"}, redeemed_points=300, accrued_points=34)
    assert desk.do(Pay(sale="1", day=desk.DAY, quote="gone", said=said)).code == "recorded"
    (sale,) = desk.stored("1")
    assert (sale.paid_kopecks, sale.redeemed.points, sale.accrued.points) == (170_000, 300, 34)
    assert deviations(sale) == [("unwitnessed", 0, "gone")] and desk.points("boris") == 5_000 - 300 + 34


def test_the_card_of_what_was_printed_is_found_as_it_is_typed(desk: Desk) -> None:
    said = Said(card="2600 0000 0002 4", lines=(GIFTS,), accrued_points=34)
    assert desk.do(Pay(sale="1", day=desk.DAY, quote="gone", said=said)).code == "recorded"
    assert desk.points("boris") == 5_000 + 34


def test_l1_points_on_tobacco_that_a_pos_says_it_took_are_looked_at(desk: Desk) -> None:
    """Nobody here worked that receipt out, and ours would have taken nothing."""
    packs = BasketLine(id="1", name="Сигареты", price="189.00", category="tobacco")
    said = Said(card=desk.BORIS, lines=(packs,), discounts={"1": "100.00"}, redeemed_points=100)
    assert desk.do(Pay(sale="1", day=desk.DAY, quote="gone", said=said)).code == "recorded"
    assert ("unlawful_discount", 10_000, "Сигареты") in deviations(desk.stored("1")[0])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"discounts": {"1": "2000.01"}}, "said.discounts.1"),
        ({"discounts": {"1": "x"}}, "said.discounts.1"),
        ({"redeemed_points": -1}, "said.redeemed_points"),
        ({"discounts": {"2": "1.00"}}, "said.discounts"),
        ({"discounts": {"2": "100.00"}, "redeemed_points": 100}, "said.discounts"),
        ({"redeemed_points": 7}, "said.card"),
        ({"accrued_points": 7}, "said.card"),
        ({"card": "2600000000024", "redeemed_points": 7}, "said.redeemed_points"),
        ({"card": "2600000000099"}, "said.card"),
        ({"lines": ()}, "said.lines"),
        ({"lines": (GIFTS, GIFTS)}, "said.lines[1].id"),
    ],
)
def test_what_cannot_have_been_printed_is_refused_by_its_field(desk: Desk, said: dict[str, Any], field: str) -> None:
    reply = desk.do(Pay(sale="1", quote="gone", said=Said(**{"lines": (GIFTS,)} | said)))
    assert (reply.ok, reply.code) == (False, "bad_basket") and field in reply.text
    assert desk.cache.outbox_length() == 0


FISCAL = FiscalDocument(device="99", document="5", sign="77", at="2026-03-02T15:00:00+03:00", sum="400.00")


def test_fiscal_documents_come_with_the_payment_or_later_each_once(desk: Desk) -> None:
    desk.basket(TEA)
    desk.code(desk.ANNA)
    later = msgspec.structs.replace(FISCAL, document="6")
    assert desk.do(Pay(sale="1", day=desk.DAY, fiscal=(FISCAL,))).code == "recorded"
    for documents in ((FISCAL,), (FISCAL, later), (later,)):
        assert desk.do(Pay(sale="1", day=desk.DAY, fiscal=documents)).code == "recorded_before"
    assert [document.document for document in desk.stored("1")[0].fiscal] == ["5"]
    with desk.cache.file.reading() as connection:
        rows = connection.execute("SELECT kind, text FROM operations ORDER BY sequence").fetchall()
    assert [kind for kind, _ in rows] == ["sale", "fiscal_added"] and '"document":"6"' in unpack_text(rows[1][1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "yesterday"},
        {"at": "2026-03-02T15:00:00"},
        {"device": ""},
        {"sign": "x" * 65},
        {"document": "1\n2"},
        {"sum": "1,00"},
    ],
)
def test_a_fiscal_document_that_is_none_is_refused_by_its_field(desk: Desk, wrong: dict[str, str]) -> None:
    desk.basket(TEA)
    reply = desk.do(Pay(sale="1", day=desk.DAY, fiscal=(msgspec.structs.replace(FISCAL, **wrong),)))
    assert (reply.ok, reply.code) == (False, "bad_basket") and f"fiscal[0].{next(iter(wrong))}" in reply.text
    assert desk.cache.outbox_length() == 0


LARGE = BasketLine(id="1", name="Чай", price="1200.00", category="tea")


def promised_card(desk: Desk, *who: Code | IssueCard | ReissueCard) -> str:
    """A frozen promise with the blank card in it."""
    desk.do(SetBasket(sale="1", lines=(LARGE,)))
    for command in who:
        assert desk.do(command).ok
    return there(there(desk.do(Prepare(sale="1")).told).quote)


def given_out(desk: Desk) -> str | None:
    """The blank card, to somebody else on another receipt: who has it."""
    desk.do(SetBasket(sale="2", lines=(LARGE,)))
    assert desk.do(IssueCard(sale="2", card=desk.BLANK)).ok and desk.do(Pay(sale="2")).ok
    return owner(desk)


def owner(desk: Desk) -> str | None:
    return there(desk.cache.members.card(desk.BLANK)).member


def recorded_sale(desk: Desk) -> Sale:
    (operation,) = there(desk.cache.sale(SaleNumber(number="1", day="2026-03-02"))).operations
    assert isinstance(operation.body, Sale)
    return operation.body


@pytest.mark.parametrize("sales", ["all", "rights"])
def test_money_for_a_card_that_was_given_to_another_is_recorded_without_it(
    desk: Desk, sales: Literal["all", "rights"]
) -> None:
    """R06: two receipts, one blank card. The customer has paid: the sale is a fact, and nobody gets two cards. Where
    sales without a member are not kept, this one is: somebody must look at it."""
    desk.checkout.house.sales = sales
    quote = promised_card(desk, IssueCard(sale="1", card=desk.BLANK))
    has_it = given_out(desk)
    reply = desk.do(Pay(sale="1", quote=quote))
    assert (reply.code, desk.BLANK[-4:] in reply.text) == ("no_member", True)
    sale = recorded_sale(desk)
    assert (sale.member, sale.card, deviations(sale)[-1]) == (None, None, ("card_taken", 0, desk.BLANK))
    assert owner(desk) == has_it
    assert desk.do(Pay(sale="1", quote=quote)).code == "recorded_before"


def test_money_for_a_replaced_card_that_was_given_to_another_keeps_the_members_sale(desk: Desk) -> None:
    """R06: nothing of it was recorded at all."""
    manager = ReissueCard(sale="1", new_card=desk.BLANK, manager=True, by="nina")
    quote = promised_card(desk, Code(sale="1", text=desk.ANNA), manager)
    given_out(desk)
    reply = desk.do(Pay(sale="1", quote=quote))
    sale = recorded_sale(desk)
    assert (reply.code, sale.member, sale.card) == ("recorded", "anna", desk.ANNA)
    assert deviations(sale)[-1] == ("card_taken", 0, desk.BLANK) and sale.extras
    assert there(desk.cache.members.card(desk.ANNA)).status != "replaced"


def test_before_the_money_a_card_that_was_given_to_another_is_refused(desk: Desk) -> None:
    promised_card(desk, IssueCard(sale="1", card=desk.BLANK))
    given_out(desk)
    assert desk.do(Prepare(sale="1")).code == "card_not_blank"
    assert desk.do(DropCard(sale="1")).ok and desk.do(Prepare(sale="1")).code == "prepared"
