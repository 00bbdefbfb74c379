"""Coupons at a till and its hub: why one is not taken, what is held for whom and let go, what a till does by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import base45
import msgspec
import pytest

from hub.audit.verify import verify
from hub.coupons.keeping import go_on, revoke, stop
from hub.people.orders import Order
from loyalty.bodies import Sale, SaleNumber
from loyalty.typed_codes import make_code
from pos_agent.errands import HubSaid
from pos_agent.protocol import BasketLine, Cancel, Code, DropCard, DropCoupon, Prepare, ReturnGoods, Said, SoldReceipt
from pos_agent.protocol_said import SaidCoupon
from sync.coupons import FREE, HOLD
from tests.pos_agent.conftest import Desk
from tests.pos_agent.coupons_here import DAY, Here, Till, later
from tests.there import there

ANNA, BORIS = "2700000000014", "2700000000021"


OFFICE = Order(by="office")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's files, as every test finds them."""
    folder = tmp_path_factory.mktemp("begun") / "hub"
    folder.mkdir()
    here = Here(folder)
    here.join("anna", ANNA)
    here.join("boris", BORIS)
    here.close()
    return folder


@pytest.fixture
def here(tmp_path: Path, begun: Path) -> Iterator[Here]:
    here = Here(shutil.copytree(begun, tmp_path / "chain"))
    yield here
    assert verify(here.hub.store, here.hub.zone_of).faults == ()
    here.close()


@pytest.fixture
def till(here: Here) -> Till:
    return here.till()


def stored(till: Till, number: int) -> Sale:
    body = there(till.cache.sale(SaleNumber(day=DAY, number=str(number)))).operations[-1].body
    assert isinstance(body, Sale)
    return body


# why not


def test_t5_what_is_said_of_a_coupon_that_is_not_taken(here: Here, till: Till) -> None:
    """A table: the coupon, what happens before, the code, and what the words must name."""
    other = here.till("t2")
    used = here.coupon("plain")
    till.sells(used)
    elsewhere = here.coupon("plain")
    other.sells(elsewhere)
    other.sync()
    till.sync()
    anna = here.coupon("plain", whom="anna")
    till.basket()
    for told, code, said in (
        (used, "coupon_used", "receipt 1 of 03.12.2026"),
        (elsewhere, "coupon_used", "at another till"),
        (here.coupon("plain", store="s2"), "coupon_wrong_store", "another store"),
        (here.coupon("plain", channel="online"), "coupon_wrong_channel", "kind of till"),
        (here.coupon("least"), "coupon_waits_basket_too_small", "1,000"),
    ):
        reply = till.scan(told.token)
        assert (reply.code, said in reply.text) == (code, True), reply
    till.scan(BORIS)
    reply = till.scan(anna.token)
    assert (reply.code, "card ****0014 must be shown" in reply.text) == ("coupon_wrong_member", True), reply.text
    forged = anna.token[:40] + ("A" if anna.token[40] != "A" else "B") + anna.token[41:]
    assert till.scan(forged).code == "coupon_forged"


@pytest.mark.parametrize(("days", "code", "said"), [(2, "coupon_expired", "04.12.2026 was its last day")])
def test_a_coupon_names_its_last_day_in_its_own_zone(here: Here, till: Till, days: int, code: str, said: str) -> None:
    """It ends at midnight in Moscow, three hours before it does in London."""
    coupon = here.coupon("plain", days=1)
    later(here, days=1, hours=8, minutes=59)
    till.basket()
    assert till.scan(coupon.token).code == "coupon_taken"
    till.do(DropCoupon())
    later(here, minutes=1)
    reply = till.scan(coupon.token)
    assert (reply.code, said in reply.text) == (code, True), reply.text


def test_what_the_hub_alone_knows_is_said_too(here: Here, till: Till) -> None:
    """Limits, and a coupon that is on another receipt just now: the hub is asked when it is shown."""
    other = here.till("t2")
    held = here.coupon("plain")
    other.basket()
    other.scan(held.token)
    till.basket()
    assert till.scan(held.token).code == "coupon_held"
    assert other.do(Cancel()).ok and till.scan(held.token).code == "coupon_taken"
    till.pay()
    till.basket()
    till.scan(ANNA)
    assert till.scan(here.coupon("once").token).code == "coupon_taken"
    till.pay()
    till.sync()
    till.basket()
    till.scan(ANNA)
    assert till.scan(here.coupon("once").token).code == "coupon_limit_member"
    for code in ("coupon_taken", "coupon_taken", "coupon_limit"):
        assert till.sells(here.coupon("two")).code == code
        till.sync()


def test_a_coupon_that_was_revoked_is_refused_by_the_hubs_word_and_by_the_feeds(here: Here, till: Till) -> None:
    coupon = here.coupon("plain")
    assert revoke(here.hub, coupon.serial, OFFICE, "printed twice")
    till.basket()
    assert till.scan(coupon.token).code == "coupon_revoked"
    till.sync()
    till.line.up = False
    reply = till.scan(coupon.token)
    assert (reply.code, "or was revoked" in reply.text) == ("coupon_used", True)


def test_a_campaign_whose_budget_is_gone_gives_nothing_until_it_goes_on(here: Here, till: Till) -> None:
    """60 rubles, 10 %: one receipt of 600 takes them; a person's stop ends with a person's word."""
    assert till.sells(here.coupon("poor")).code == "coupon_taken"
    for _ in range(2):  # what was sold goes up, and then its campaign comes down
        till.sync()
    till.line.up = False
    till.basket()
    assert till.scan(here.coupon("poor").token).code == "coupon_stopped"
    till.line.up = True
    stop_campaign(here, "plain")
    till.sync()
    assert till.scan(here.coupon("plain").token).code == "coupon_stopped"
    assert go_on(here.hub, "perekrestok", "plain", OFFICE)
    till.sync()
    assert till.scan(here.coupon("plain").token).code == "coupon_taken"


def test_what_was_printed_as_pa1_is_taken_for_ever(desk: Desk) -> None:
    """The bytes of a coupon of before: no value, no uses, no scope of its own."""
    begins, ends = (int((desk.now + timedelta(hours=hours)).timestamp()) for hours in (-1, 1))
    signed = bytes((1, 1)) + msgspec.msgpack.encode([b"s" * 16, "alenka", "ten-percent", begins, ends])
    token = f"PA1:{base45.b45encode(signed + desk.key.sign(signed)).decode()}."
    desk.basket()
    assert desk.code(token).code == "coupon_taken"
    desk.pay("1")
    (use,) = desk.stored("1")[-1].coupons
    assert (use.serial, use.value, use.uses) == ((b"s" * 16).hex(), 0, 1) and desk.code(token).code == "coupon_used"


# what is held, and let go


def test_a_use_is_held_while_the_receipt_is_open_and_let_go_when_it_does_without(here: Here, till: Till) -> None:
    coupon = here.coupon("plain")
    for without in (DropCoupon(), Cancel()):
        till.basket()
        assert till.scan(coupon.token).ok and here.held() == 1
        assert till.do(without).ok and here.held() == 0
    till.basket()
    till.scan(coupon.token)
    till.line.asked.clear()
    assert till.pay().ok and till.line.asked == [], "the sale itself says so"
    till.sync()
    assert here.held() == 0 and stored(till, till.number).coupons[0].serial == coupon.serial


def test_a_hold_that_is_over_is_asked_for_anew_before_the_money(here: Here, till: Till) -> None:
    """And where another till has used the coupon up meanwhile, it is said then."""
    coupon, second = here.coupon("plain"), here.coupon("plain")
    till.basket()
    till.scan(coupon.token)
    later(here, minutes=6)
    till.line.asked.clear()
    assert till.do(Prepare(sale="1", day=DAY)).code == "prepared" and till.line.asked == [HOLD]
    till.pay()
    till.basket()
    till.scan(second.token)
    later(here, minutes=6)
    other = here.till("t2")
    assert other.sells(second).code == "coupon_taken"
    other.sync()
    reply = till.do(Prepare(sale="2", day=DAY))
    assert (reply.code, reply.ok) == ("changed_coupon", False) and "used already" in reply.text
    assert there(reply.told).to_pay == "600.00" and till.do(Prepare(sale="2", day=DAY)).ok


def test_a_scan_waits_for_the_hub_and_a_second_one_meanwhile_is_no_other(here: Here, till: Till) -> None:
    coupon = here.coupon("plain")
    till.basket()
    till.line.open = False
    first = till.ask(Code(text=coupon.token, scanner="scanner-1"))
    second = till.ask(Code(text=coupon.token, scanner="scanner-1"))
    assert not first.done() and second.result(timeout=0).code == "coupon_being_asked"
    till.line.answer()
    till.run()
    assert first.result(timeout=0).code == "coupon_taken" and len(till.checkout.visit.coupons) == 1
    assert till.line.asked == [HOLD] and here.held() == 1


def test_the_next_customer_never_gets_the_coupon_of_the_one_before(here: Here, till: Till) -> None:
    """The answer comes when his receipt is paid and another's stands in front."""
    coupon = here.coupon("plain")
    till.basket()
    till.line.open = False
    asked = till.ask(Code(text=coupon.token, scanner="scanner-1"))
    till.pay()
    till.basket(700)
    till.line.open = True
    till.line.answer()
    till.run()
    assert asked.result(timeout=0).code == "coupon_overtaken" and till.checkout.visit.coupons == ()
    assert till.line.asked == [HOLD, FREE] and here.held() == 0
    assert till.scan(coupon.token).code == "coupon_taken"


def test_the_same_command_told_again_under_its_key_shows_nothing_twice(here: Here, till: Till) -> None:
    coupon = here.coupon("plain")
    till.basket()
    for code in ("coupon_taken", "coupon_shown"):
        asked = till.ask(Code(text=coupon.token, scanner="pos"), key="k1")
        assert asked.result(timeout=0).code == code
    assert here.held() == 1 and len(till.checkout.visit.coupons) == 1


# without the hub


def test_without_a_connection_the_campaigns_terms_decide(here: Here, till: Till) -> None:
    strict, plain = here.coupon("strict"), here.coupon("plain")
    till.basket()
    till.line.up = False
    assert till.scan(strict.token).code == "coupon_needs_hub"
    assert till.scan(plain.token).code == "coupon_taken"
    till.line.up = True
    assert till.scan(strict.token).code == "coupon_taken"


def test_a_hub_that_is_silent_is_as_none(here: Here, till: Till) -> None:
    strict, plain = here.coupon("strict"), here.coupon("plain")
    till.basket()
    till.line.open = False
    for coupon, code in ((strict, "coupon_needs_hub"), (plain, "coupon_taken")):
        asked = till.ask(Code(text=coupon.token, scanner="scanner-1"))
        ((errand, answered),) = till.line.waiting
        till.line.waiting.clear()
        answered(HubSaid(errand.act))
        till.run()
        assert asked.result(timeout=0).code == code


def test_a_discount_over_the_limit_needs_the_hubs_word_before_the_money(here: Here, till: Till) -> None:
    """T5: 20 %, and a till takes off 100 rubles by itself. The basket grows while the line is down: said at once, so
    that `prepare` surprises nobody; when the line is up again the hub is asked."""
    till.line.up = False
    till.basket(400)
    coupon = here.coupon("large")
    reply = till.scan(coupon.token)
    assert (reply.code, there(reply.told).to_pay) == ("coupon_taken", "320.00")
    told = there(till.again(600).told)
    assert (told.to_pay, told.coupons[0].refusal) == ("600.00", "needs_hub")
    assert till.do(Prepare(sale="1", day=DAY)).code == "prepared"
    till.line.up = True
    till.again(600)
    reply = till.do(Prepare(sale="1", day=DAY))
    assert (reply.code, there(reply.told).to_pay) == ("changed_coupon", "480.00") and here.held() == 1
    assert till.do(Prepare(sale="1", day=DAY)).code == "prepared"
    till.line.up = False
    assert till.pay().ok and stored(till, 1).paid_kopecks == 48_000, "what was told is what is recorded"


def test_a_coupon_over_the_limit_that_was_held_when_it_was_shown_grows_with_the_basket(here: Here, till: Till) -> None:
    till.basket(400)
    till.scan(here.coupon("large").token)
    till.line.up = False
    assert there(till.again(900).told).to_pay == "720.00"


# whose, and where


def test_a_personal_coupon_waits_for_its_owners_card(here: Here, till: Till) -> None:
    coupon = here.coupon("plain", whom="anna")
    till.basket()
    reply = till.scan(coupon.token)
    assert (reply.code, there(reply.told).to_pay) == ("coupon_waits_no_member", "600.00")
    assert till.line.asked == [], "the hub would say that it is nobody's here"
    assert there(till.scan(BORIS).told).coupons[0].refusal == "wrong_member"
    till.do(DropCard(sale="1", day=DAY))
    assert there(till.scan(ANNA).told).to_pay == "550.00"
    assert till.do(Prepare(sale="1", day=DAY)).ok and till.line.asked == [HOLD]
    assert there(till.do(DropCard(sale="1", day=DAY)).told).to_pay == "600.00"


def test_a_personal_coupon_that_needs_the_hub_gives_nothing_before_its_word(here: Here, till: Till) -> None:
    """Shown before its owner's card, while the line is down."""
    till.line.up = False
    till.basket()
    assert till.scan(here.coupon("strict", whom="anna").token).code == "coupon_waits_no_member"
    assert there(till.scan(ANNA).told).coupons[0].refusal == "needs_hub"
    assert till.do(Prepare(sale="1", day=DAY)).code == "prepared", "as it was told: for 600"
    till.line.up = True
    till.again(600)
    reply = till.do(Prepare(sale="1", day=DAY))
    assert (reply.code, there(reply.told).to_pay) == ("changed_coupon", "550.00") and here.held() == 1


def test_a_receipt_that_was_changed_while_prepare_asked_is_not_prepared(here: Here, till: Till) -> None:
    """The next customer's stands in front by then: the hold of the one before is let go."""
    till.line.up = False
    till.basket()
    till.scan(here.coupon("plain").token)
    till.line.up, till.line.open = True, False
    later(here, minutes=2)
    asked = till.ask(Prepare())
    till.pay()
    till.basket(700)
    till.line.open = True
    till.line.answer()
    till.run()
    assert asked.result(timeout=0).code == "coupon_overtaken" and not till.checkout.visit.prepared
    assert here.held() == 0


def test_a_coupon_of_one_channel_waits_on_the_receipt_of_another(here: Here, till: Till) -> None:
    till.scan(ANNA)
    assert till.scan(here.coupon("plain", channel="online").token).code == "coupon_waits_wrong_channel"
    told = there(till.basket().told)
    assert (told.to_pay, told.coupons[0].refusal) == ("600.00", "wrong_channel")


# its own value, several uses


def test_a_value_of_its_own_is_told_recorded_and_judged(here: Here, till: Till) -> None:
    till.basket()
    reply = till.scan(here.coupon("plain", value=12_345).token)
    assert there(reply.told).to_pay == "476.55"
    till.pay()
    till.sync()
    (use,) = stored(till, 1).coupons
    assert (use.value, use.discount_kopecks) == (12_345, 12_345) and here.cases() == []


def test_a_coupon_of_three_uses_is_used_here_there_and_here_and_a_return_gives_one_back(here: Here, till: Till) -> None:
    coupon, other = here.coupon("thrice"), here.till("t2")
    reply = till.sells(coupon)
    assert (reply.code, "this one counted: 3" in reply.text) == ("coupon_taken", True)
    till.sync()
    other.sync()
    assert "counted: 2" in other.sells(coupon).text
    till.basket()
    reply = till.scan(coupon.token)
    assert there(there(reply.told).coupons[0].uses_left) == 2, "nobody has told of the other's"
    other.sync()
    till.sync()
    till.pay()
    till.basket()
    assert till.scan(coupon.token).code == "coupon_used"
    till.do(Cancel())
    till.line.up = False
    back(till, "1")
    till.line.up = True
    assert "counted: 1" in till.sells(coupon).text
    till.sync()
    assert here.cases() == []


def back(till: Till, sale: str) -> None:
    of = SoldReceipt(sale=sale, day=DAY)
    told = there(till.do(ReturnGoods(of=of, whole=True)).returned)
    assert till.do(ReturnGoods(quote=told.quote, paid=True, sale=f"back-{sale}", day=DAY)).ok


# stopped, retold, practised


def test_a_campaign_that_stops_meanwhile_is_said_before_the_money_and_what_was_told_is_kept(
    here: Here, till: Till
) -> None:
    first, second = here.coupon("plain"), here.coupon("plain")
    till.basket()
    till.scan(first.token)
    stop_campaign(here, "plain")
    till.sync()
    assert till.pay().ok and stored(till, 1).paid_kopecks == 55_000
    assert [one.kind for one in stored(till, 1).deviations] == ["quote_kept"]
    till.basket()
    assert till.scan(second.token).code == "coupon_stopped"
    till.line.up = False
    later(here, days=1)
    assert till.scan(second.token).code == "coupon_stopped"


def test_a_campaign_that_stops_after_it_was_told_changes_the_sum_at_prepare(here: Here, till: Till) -> None:
    till.basket()
    till.scan(here.coupon("plain").token)
    stop_campaign(here, "plain")
    till.sync()
    reply = till.do(Prepare(sale="1", day=DAY))
    assert (reply.code, there(reply.told).to_pay) == ("changed_coupon", "600.00") and "is stopped" in reply.text
    assert till.do(Prepare(sale="1", day=DAY)).code == "prepared"


def stop_campaign(here: Here, campaign: str) -> None:
    assert stop(here.hub, "perekrestok", campaign, OFFICE, "it was a mistake")


def test_midnight_ends_a_coupon_before_the_money_and_not_after_it(here: Here, till: Till) -> None:
    coupon, second = here.coupon("plain", days=0), here.coupon("plain", days=0)
    later(here, hours=8, minutes=59)  # a minute to midnight
    till.basket()
    till.scan(coupon.token)
    later(here, minutes=2)
    reply = till.do(Prepare(sale="1", day=DAY))
    assert (reply.code, "has expired" in reply.text) == ("changed_coupon", True)
    later(here, minutes=-2)
    till.basket()
    quote = there(there(till.scan(second.token).told).quote)
    later(here, minutes=2)
    assert till.pay(quote=quote).ok and stored(till, 2).paid_kopecks == 55_000, "it was told before"


def test_practice_asks_nobody_and_uses_nothing_up(here: Here) -> None:
    practice, real = here.till("t9", training=True), here.till()
    for campaign in ("plain", "strict", "large"):
        coupon = here.coupon(campaign)
        assert practice.sells(coupon).code == "coupon_taken"
        assert stored(practice, practice.number).paid_kopecks < 60_000
        practice.sync()
        assert practice.line.asked == [] and here.held() == 0
        assert real.sells(coupon).code == "coupon_taken"
        real.sync()


# typed


def test_a_typed_code_is_a_coupons_and_the_hub_says_whose(here: Here, till: Till) -> None:
    coupon = here.coupon("plain")
    typed = f"{coupon.code[:4]}-{coupon.code[4:8]} {coupon.code[8:].lower()}"
    till.basket()
    assert till.do(Code(text=typed)).code == "coupon_taken"
    assert till.line.asked == ["coupon_by_code", HOLD] and till.checkout.visit.coupons[0].serial == coupon.serial
    till.line.up = False
    assert till.do(Code(text=here.coupon("plain").code)).code == "coupon_code_offline"
    till.line.up = True
    reply = till.do(Code(text=make_code(12_345_678_901_234_567)))
    assert (reply.code, "tries left: 4" in reply.text) == ("coupon_no_code", True), reply.text


# twenty tills


def test_t5_one_coupon_at_twenty_partitioned_tills_is_a_case_at_all_but_one(here: Here) -> None:
    """Each till takes it once, as its terms allow without a connection; the hub honours what is printed, and every use
    beyond the first is a case with what it cost."""
    coupon, three = here.coupon("plain"), here.coupon("thrice")
    tills = [here.till(f"t{number}") for number in range(20)]
    for till in tills:
        till.line.up = False
        assert till.sells(coupon).code == till.sells(three).code == "coupon_taken"
        till.basket()
        assert till.scan(coupon.token).code == "coupon_used", "once at each"
        till.do(Cancel())
    for till in tills:
        till.line.up = True
        till.sync()
    assert sorted(here.cases()) == [("coupon_twice", 5_000)] * (19 + 17)
    for till in tills:
        till.sync()
        till.basket()
        assert till.scan(three.token).code == till.scan(coupon.token).code == "coupon_used"


# after the power


@pytest.mark.parametrize("named", ["qr", "campaign", "unsaid"])
def test_t5_a_coupon_of_a_receipt_that_nobody_remembers_is_used_up(here: Here, till: Till, named: str) -> None:
    """The POS printed it and says so; where the receipt is still here, it need not."""
    coupon = here.coupon("plain")
    lines = (BasketLine(id="1", name="Чай", price="550.00", category="grocery"),)
    if named != "qr":
        till.basket()
        assert till.scan(coupon.token).ok
    else:
        till.number += 1
    text = coupon.token if named == "qr" else "plain"
    coupons = () if named == "unsaid" else (SaidCoupon(text=text, discount="50.00"),)
    assert till.pay(quote="gone", said=Said(lines=lines, coupons=coupons)).code == "no_member"
    assert [(use.campaign, use.discount_kopecks) for use in stored(till, till.number).coupons] == [("plain", 5_000)]
    till.sync()
    other = here.till("t2")
    other.basket()
    assert other.scan(coupon.token).code == "coupon_used"


def test_t5_a_coupon_that_the_pos_cannot_name_is_looked_at(here: Here, till: Till) -> None:
    lines = (BasketLine(id="1", name="Чай", price="550.00", category="grocery"),)
    till.number += 1
    said = Said(lines=lines, coupons=(SaidCoupon(text="plain", discount="50.00"),))
    assert till.pay(quote="gone", said=said).code == "no_member"
    found = [(one.kind, one.cost_kopecks) for one in stored(till, till.number).deviations]
    assert found == [("unwitnessed", 0), ("right_unnamed", 5_000)]
