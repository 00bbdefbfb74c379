"""Points are reserved before they are told: only what needs them waits, and it waits for nothing else.

Here the test is the hub, or the shop's other tills: it decides when an answer comes, and which.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loyalty.member import FreeBy
from loyalty.operation import Key
from loyalty.utc import utc_text
from offline_cache.records import Page
from offline_cache.told_quotes import ToldQuotes
from pos_agent.agent import QUEUE_EVENTS_MAX
from pos_agent.answers import Reply
from pos_agent.guest_turn import Seen
from pos_agent.protocol import (
    BasketLine,
    Cancel,
    Code,
    DropCard,
    Pay,
    PointsReport,
    Prepare,
    PutAside,
    Redeem,
    Said,
    SetBasket,
    TakeUp,
)
from pos_agent.visit import Visit, VisitHold, VisitState, state_of
from sync.protocol import HOLD_LASTS_MAX_S, Unsent
from tests.pos_agent.conftest import ANNA, BLOCKED, BORIS, NOW, PHONE_KEY, Desk, known_members
from tests.pos_agent.reserving import GOODS, Till
from tests.there import there

SMALL = BasketLine(id="1", name="Чашка", price="400.00", category="chocolate")


@pytest.fixture
def till(desk: Desk, tmp_path: Path) -> Iterator[Till]:
    told = ToldQuotes(tmp_path / "told.db")
    yield Till(desk.cache, told)
    told.close()


# what is asked, and when


def test_r03_redeem_is_answered_when_the_points_are_reserved_and_not_before(till: Till) -> None:
    till.ready()
    reply = till.begin(Redeem(points=600, sale="1"))
    assert not reply.done() and state_of(till.visit) is VisitState.RESERVING
    assert till.agent.view().visit.state == "reserving", "it can be seen"
    till.answer(600)
    told = reply.result(timeout=0)
    assert (told.code, there(told.told).redeemed.points) == ("redeem_set", 600)
    assert state_of(till.visit) is VisitState.READY


def test_the_question_says_as_many_points_as_the_receipt_would_redeem_and_how_long(till: Till) -> None:
    till.ready()
    till.begin(Redeem(sale="1"))
    asked = till.asked[-1]
    assert (asked.till, asked.programme, asked.member, asked.hold) == ("till-1", "alenka", "boris", "h1")
    assert asked.points == 1_000, "half of the receipt, not the 5,000 on the account"
    assert asked.until == utc_text(NOW + timedelta(minutes=30 + 5)), "the quote's life, and five minutes"
    assert asked.replaces is None and asked.unsent == ()


def test_no_hold_lives_longer_than_the_protocol_allows(till: Till) -> None:
    till.checkout.house.quote_max_age = timedelta(days=1)
    till.ready()
    till.begin(Redeem(sale="1"))
    assert till.asked[-1].until == utc_text(NOW + timedelta(seconds=HOLD_LASTS_MAX_S))


@pytest.mark.parametrize(("card", "points"), [(BORIS, 0), (BLOCKED, None)], ids=["no wish", "blocked"])
def test_who_spends_nothing_asks_nobody(till: Till, card: str, points: int | None) -> None:
    till.ready(card=card)
    assert till.do(Redeem(points=points, sale="1")).code == "redeem_set"
    assert till.asked == []


def test_a_question_of_what_it_would_be_asks_nobody(till: Till) -> None:
    till.ready()
    assert till.do(Redeem(points=100, preview=True, sale="1")).code == "redeem_would_be"
    assert till.asked == []


def test_without_a_connection_nobody_is_asked(till: Till) -> None:
    till.at = None
    till.ready()
    reply = till.do(Redeem(sale="1"))
    assert (reply.code, there(reply.told).redeemed.points) == ("redeem_set", 300), "the offline policy's cap"
    assert till.asked == [] and till.voided() == []


def test_sales_that_the_hub_may_not_know_are_told_with_the_question(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.do(Pay(sale="1"))
    till.ready(sale="2")
    till.begin(Redeem(points=100, sale="2"))
    assert till.asked[-1].unsent == (Unsent(generation=1, sequence=1, points=600, hold="h1"),)


# the sale


def test_the_sale_names_its_hold_which_is_not_voided(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    assert till.do(Prepare(sale="1")).code == "prepared" and len(till.asked) == 1
    till.do(Pay(sale="1"))
    (sale,) = till.sales()
    assert (sale.redeemed.points, sale.redeemed.hold, sale.link) == (600, "h1", "online")
    assert till.voided() == []


def test_a_changed_basket_is_told_anew_inside_the_hold(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    reply = till.do(SetBasket(lines=(SMALL,), sale="1"))
    assert there(reply.told).redeemed.points == 200, "half of the smaller receipt"
    assert len(till.asked) == 1 and till.voided() == []
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.hold == "h1"


def test_a_basket_that_grows_spends_no_more_than_is_reserved_and_says_so(till: Till) -> None:
    till.ready(goods=SMALL)
    till.reserved(Redeem(sale="1"), 200)
    reply = till.do(SetBasket(lines=(GOODS,), sale="1"))
    told = there(reply.told)
    assert told.redeemed.points == 200 and there(told.limit).points == 1_000
    assert "200 bonuses are reserved" in reply.text and "redeem again" in reply.text
    assert there(till.reserved(Redeem(sale="1"), 1_000).told).redeemed.points == 1_000
    assert till.asked[-1].replaces == "h1"


def test_a_later_redeem_replaces_the_hold_in_one_request(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=100, sale="1"), 100)
    till.reserved(Redeem(points=600, sale="1"), 600)
    assert [(one.hold, one.points, one.replaces) for one in till.asked] == [("h1", 100, None), ("h2", 600, "h1")]
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.hold == "h2" and till.voided() == []


def test_what_was_told_last_stays_reserved_until_something_else_is_told(till: Till) -> None:
    """R03: the agent may die in between, and the customer pays what he was told."""
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    told = till.reserved(Redeem(points=100, sale="1"), 600)
    assert there(told.told).redeemed.points == 100 and [one.points for one in till.asked] == [600, 600]
    till.reserved(Redeem(points=50, sale="1"), 100)
    assert till.asked[-1].points == 100
    till.do(Pay(sale="1"))
    (sale,) = till.sales()
    assert (sale.redeemed.points, sale.redeemed.hold) == (50, "h3") and till.voided() == []


def test_the_hold_stands_when_the_connection_goes(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.at = None
    assert till.do(Prepare(sale="1")).code == "prepared", "no `changed_link`"
    assert there(till.do(Redeem(points=500, sale="1")).told).redeemed.points == 500, "and what it has can be spent"
    till.do(Pay(sale="1"))
    (sale,) = till.sales()
    assert (sale.link, sale.redeemed.points, sale.redeemed.hold) == ("online", 500, "h1")
    assert till.voided() == []


# fewer than were asked for


@pytest.mark.parametrize(
    ("bound", "why"), [("held_elsewhere", "another receipt"), ("balance_newer", "less on the account")]
)
def test_sec2_who_gets_fewer_hears_why(till: Till, bound: FreeBy, why: str) -> None:
    till.ready()
    reply = till.reserved(Redeem(sale="1"), 200, bound)
    limit = there(there(reply.told).limit)
    assert (there(reply.told).redeemed.points, limit.points) == (200, 200)
    assert why in limit.text and why in reply.text
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.points == 200


def test_who_gets_nothing_hears_why_and_leaves_no_hold(till: Till) -> None:
    till.ready()
    reply = till.reserved(Redeem(sale="1"), 0, "held_elsewhere")
    assert there(reply.told).redeemed.points == 0 and "another receipt" in reply.text
    assert till.do(Prepare(sale="1")).code == "prepared", "that there is nothing is known already"
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.hold is None and till.voided() == []


# nobody answers


def test_without_an_answer_the_receipt_goes_by_the_offline_rules_and_the_cashier_hears_it(till: Till) -> None:
    till.ready()
    reply = till.reserved(Redeem(sale="1"), None)
    assert there(reply.told).redeemed.points == 300, "the offline policy's cap"
    assert "The hub did not answer in time" in reply.text and reply.say[0].startswith("Hub is silent")
    assert till.voided() == [("unanswered", ("h1",))], "at once"


def test_one_wait_is_enough_and_the_sale_names_the_hold_anyway(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(sale="1"), None)
    assert till.do(Prepare(sale="1")).code == "prepared" and len(till.asked) == 1
    till.do(Pay(sale="1"))
    (sale,) = till.sales()
    assert (sale.link, sale.redeemed.points, sale.redeemed.hold) == ("offline", 300, "h1")
    assert till.voided() == [("unanswered", ("h1",))], "and once"


def test_the_hold_that_was_to_give_way_is_voided_too(till: Till) -> None:
    """Nobody knows whether the hub heard it."""
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.reserved(Redeem(points=700, sale="1"), None)
    (reason, holds) = there(till.voided()[0])
    assert (reason, set(holds)) == ("unanswered", {"h1", "h2"})


def test_an_answer_that_comes_late_or_twice_changes_nothing(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(sale="1"), None)
    before = till.visit
    till.answer(1_000)
    till.answer(1_000)
    assert till.visit == before and len(till.voided()) == 1


def test_a_till_that_cannot_ask_at_all_takes_it_for_silence(till: Till) -> None:
    till.ports = {}
    till.start()
    till.ready()
    assert "The hub did not answer" in till.do(Redeem(sale="1")).text


# meanwhile


def test_everybody_else_is_served_while_points_are_reserved(till: Till) -> None:
    till.ready()
    redeem = till.begin(Redeem(points=600, sale="1"))
    assert till.do(PointsReport(show=True)).code == "report_shown"
    assert till.do(SetBasket(lines=(GOODS, BasketLine(id="2", name="x", price="10.00")), sale="1")).ok
    assert till.do(Redeem(points=50, preview=True, sale="1")).code == "redeem_would_be"
    assert till.do(SetBasket(lines=(SMALL,), sale="2")).ok
    assert till.do(Code(text=ANNA, sale="2")).code == "member_found"
    assert till.do(Pay(sale="2")).code == "recorded"
    assert not redeem.done()
    till.answer(600)
    assert redeem.result(timeout=0).code == "redeem_set"


def test_what_needs_the_points_waits_behind_in_order(till: Till) -> None:
    till.ready()
    replies = [till.begin(Redeem(points=600, sale="1")), till.begin(Prepare(sale="1")), till.begin(Pay(sale="1"))]
    assert not any(reply.done() for reply in replies)
    till.answer(600)
    assert [reply.result(timeout=0).code for reply in replies] == ["redeem_set", "prepared", "recorded"]
    assert till.sales()[0].redeemed.points == 600


def test_what_waited_comes_before_what_came_later(till: Till) -> None:
    till.ready()
    first, second, pay = (till.begin(command) for command in (Redeem(points=600), Redeem(points=100), Pay(sale="1")))
    till.answer(600)
    assert first.result(timeout=0).ok and not second.done() and not pay.done()
    till.answer(100)
    assert second.result(timeout=0).ok and pay.result(timeout=0).code == "recorded"
    assert till.sales()[0].redeemed.points == 100


def test_the_answer_applies_to_the_basket_as_it_is_by_then(till: Till) -> None:
    till.ready()
    redeem = till.begin(Redeem(sale="1"))
    till.do(SetBasket(lines=(SMALL,), sale="1"))
    till.answer(1_000)
    assert there(redeem.result(timeout=0).told).redeemed.points == 200


def test_a_receipt_that_was_put_aside_meanwhile_gets_its_answer_where_it_is(till: Till) -> None:
    till.ready()
    redeem = till.begin(Redeem(points=600, sale="1"))
    till.do(PutAside())
    till.do(SetBasket(lines=(SMALL,), sale="2"))
    till.answer(600)
    assert redeem.result(timeout=0).code == "redeem_set" and there(till.visit.receipt).number == "2"
    till.do(TakeUp(sale="1"))
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.hold == "h1"


@pytest.mark.parametrize(
    ("command", "reason"),
    [(Cancel(sale="1"), "cancelled"), (DropCard(sale="1"), "dropped"), (Code(text=ANNA, sale="1"), "dropped")],
    ids=["cancelled", "without a card", "another member"],
)
@pytest.mark.parametrize("points", [600, None])
def test_a_receipt_that_is_over_or_anothers_meanwhile(
    till: Till, command: Cancel | DropCard | Code, reason: str, points: int | None
) -> None:
    till.ready()
    redeem = till.begin(Redeem(points=600, sale="1"))
    assert till.do(command).ok
    assert till.voided() == [(reason, ("h1",))], "at once: the hub may not have heard it yet"
    after = till.visit
    till.answer(points)
    assert (redeem.result(timeout=0).ok, redeem.result(timeout=0).code) == (False, "hold_overtaken")
    assert till.visit == after and len(till.voided()) == 1


def test_a_coupon_that_is_used_elsewhere_meanwhile_is_said_and_the_hold_stays(till: Till, desk: Desk) -> None:
    till.ready()
    till.do(Code(text=desk.coupon(), sale="1"))
    till.at = None
    till.do(Redeem(points=100, sale="1"))
    till.at = "hub"
    prepare = till.begin(Prepare(sale="1"))
    used = [shown.serial for shown in till.visit.coupons]
    till.cache.changes.apply(
        Page(
            members=[],
            used_coupons=used,
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="6",
            pulled_at=till.now,
        )
    )
    till.answer(100)
    assert prepare.result(timeout=0).code == "changed_coupon_used"
    assert till.visit.reserving is None and till.do(Prepare(sale="1")).code == "prepared"
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.hold == "h1" and len(till.asked) == 1


def test_a_guest_who_chooses_on_his_display_waits_as_a_pos_does(till: Till) -> None:
    till.ready()
    seen = Seen(till.agent.in_front()[1].turn, till.visit.quote)
    first = till.begin(Redeem(points=600), seen=seen)
    again = till.begin(Redeem(points=700), seen=seen)
    assert not first.done() and not again.done()
    till.answer(600)
    assert first.result(timeout=0).code == "redeem_set"
    assert again.result(timeout=0).code == "guest_sum_changed", "he had not seen it when he chose"


def test_another_sale_under_a_known_number_reserves_too(till: Till) -> None:
    till.ready()
    till.do(Pay(sale="1"))
    till.do(SetBasket(lines=(SMALL,), sale="1"))
    till.do(Code(text=BORIS, sale="1"))
    assert till.visit.disputed
    assert till.reserved(Redeem(points=50, sale="1"), 50).ok and till.visit.disputed
    assert till.do(Prepare(sale="1", another=True)).code == "prepared"
    till.do(Pay(sale="1", another=True))
    assert [sale.redeemed.hold for sale in till.sales()] == [None, "h1"] and till.voided() == []


def test_what_the_power_took_names_the_hold_that_is_left(till: Till) -> None:
    """The quote is forgotten, the receipt is not."""
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    said = Said(lines=(GOODS,), discounts={"1": "600.00"}, redeemed_points=600)
    assert till.do(Pay(sale="1", quote="forgotten", said=said)).code == "recorded"
    assert till.sales()[0].redeemed.hold == "h1" and till.voided() == []


def test_an_empty_basket_meanwhile_lets_the_points_go(till: Till) -> None:
    till.ready()
    redeem = till.begin(Redeem(points=600, sale="1"))
    till.do(SetBasket(lines=(), sale="1"))
    till.answer(600)
    assert redeem.result(timeout=0).code == "not_now_member"
    assert till.voided() == [("not_spent", ("h1",))] and till.visit.reserving is None


def test_answers_come_in_although_the_queue_of_people_is_full(till: Till) -> None:
    till.ready()
    redeem = till.begin(Redeem(points=600, sale="1"))
    for _ in range(QUEUE_EVENTS_MAX):
        till.agent.asked(PointsReport(show=True))
    assert till.agent.asked(Cancel()).result(timeout=0).code == "busy"
    till.answer(600)
    assert redeem.result(timeout=0).code == "redeem_set"


def test_our_own_mistake_with_an_answer_leaves_nobody_waiting(till: Till) -> None:
    """The till's file is closed under the checkout."""
    till.ready()
    redeem = till.begin(Redeem(points=600, sale="1"))
    for reader in till.cache.file._snapshots._idle:
        reader.connection.close()
    till.cache.file.changes += 1  # and what was read of it before is so no more
    till.answer(600)
    assert redeem.result(timeout=0).code == "fault"
    till.cache.reopen()
    assert till.visit.reserving is None and till.do(Pay(sale="1")).code == "recorded"


def test_c7_a_sale_that_spends_what_was_reserved_is_one_commit(till: Till) -> None:
    """Each waits for the disk. The card and the basket write nothing into the till's file."""
    empty = till.cache.file.changes
    till.ready()
    assert till.cache.file.changes == empty
    assert till.reserved(Redeem(points=600, sale="1"), 600).code == "redeem_set"
    before = till.cache.file.changes
    assert till.do(Pay(sale="1")).code == "recorded"
    assert till.cache.file.changes == before + 1


# the process ends


def test_what_was_being_reserved_when_the_process_ended_is_voided_and_the_till_goes_on(till: Till) -> None:
    till.ready()
    till.begin(Redeem(points=700, sale="1"))
    till.start()
    assert till.voided() == [("unanswered", ("h1",))] and till.visit.reserving is None and till.visit.hold is None
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.start()
    assert len(till.voided()) == 1


def test_what_was_told_stands_on_points_though_the_process_ended_while_it_asked_for_others(till: Till) -> None:
    """Nobody knows which of the two the hub holds; whoever pays what he was told must find them, so neither is let go
    before."""
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.begin(Redeem(points=700, sale="1"))
    till.start()
    till.start()
    assert till.voided() == [] and till.visit.reserving is None
    assert till.do(Prepare(sale="1")).code == "prepared" and len(till.asked) == 2
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.hold == "h1" and till.voided() == [("not_spent", ("h2",))]


def test_a_wish_after_the_process_ended_lets_both_go(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.begin(Redeem(points=700, sale="1"))
    till.start()
    till.reserved(Redeem(points=500, sale="1"), 500)
    assert till.asked[-1].replaces == "h1" and till.voided() == [("not_spent", ("h2",))]
    till.do(Cancel(sale="1"))
    assert till.voided()[1:] == [("cancelled", ("h3",))]


def test_a_hold_outlives_the_process(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.start()
    assert till.do(Prepare(sale="1")).code == "prepared" and len(till.asked) == 1
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.hold == "h1" and till.voided() == []


# the end of a hold


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (Cancel(sale="1"), "cancelled"),
        (DropCard(sale="1"), "dropped"),
        (Code(text=ANNA, sale="1"), "dropped"),
        (Redeem(points=0, sale="1"), "not_spent"),
    ],
)
def test_points_that_the_receipt_needs_no_more_are_free_at_once(
    till: Till, command: Cancel | DropCard | Code | Redeem, reason: str
) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    assert till.do(command).ok
    assert till.voided() == [(reason, ("h1",))]


def test_a_paid_sale_that_redeems_nothing_lets_them_go(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.do(SetBasket(lines=(BasketLine(id="1", name="x", price="9.00", category="tobacco"),), sale="1"))
    till.do(Pay(sale="1"))
    (sale,) = till.sales()
    assert sale.redeemed.points == 0 and sale.redeemed.hold is None
    assert till.voided() == [("not_spent", ("h1",))]


def test_a_receipt_that_nobody_touches_ends_its_hold_by_itself(till: Till) -> None:
    till.ready(sale=None)
    till.reserved(Redeem(points=600), 600)
    till.later(31)
    till.do(SetBasket(lines=(SMALL,), sale="2"))
    assert till.voided() == [] and till.visit.hold is None


def test_a_disk_that_cannot_be_written_stops_no_cancel(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.cache.file.connection.execute("PRAGMA query_only = 1")
    assert till.do(Cancel(sale="1")).code == "cancelled"
    till.cache.file.connection.execute("PRAGMA query_only = 0")
    assert till.voided() == []


def test_the_sale_told_again_voids_nothing(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.do(Pay(sale="1"))
    till.ready()
    assert till.do(Pay(sale="1")).code == "recorded_before"
    assert till.voided() == [] and len(till.sales()) == 1


# prepare


def over(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    for _ in range(2):
        till.later(18)
        till.do(SetBasket(lines=(GOODS,), sale="1"))  # somebody is there, and told of it a moment ago


def test_points_that_nobody_holds_any_more_are_told_by_the_rules_of_without_a_connection(till: Till) -> None:
    """R03: whoever is paid without `prepare` would spend them twice."""
    over(till)
    assert there(till.do(SetBasket(lines=(GOODS,), sale="1")).told).redeemed.points == 300


def test_a_hold_that_is_over_is_reserved_anew_before_the_money(till: Till) -> None:
    over(till)
    reply = till.begin(Prepare(sale="1"))
    assert not reply.done() and till.asked[-1].points == 600
    till.answer(600)
    assert reply.result(timeout=0).code == "changed_link", "300 were told meanwhile"
    assert there(reply.result(timeout=0).told).redeemed.points == 600
    assert till.do(Prepare(sale="1")).code == "prepared"
    till.do(Pay(sale="1"))
    assert till.sales()[0].redeemed.hold == "h2"


def test_prepare_freezes_no_sum_that_its_points_do_not_cover(till: Till) -> None:
    over(till)
    reply = till.begin(Prepare(sale="1"))
    till.answer(200, "held_elsewhere")
    assert (reply.result(timeout=0).ok, reply.result(timeout=0).code) == (False, "changed_held")
    assert there(reply.result(timeout=0).told).redeemed.points == 200 and not till.visit.prepared
    assert till.do(Prepare(sale="1")).code == "prepared", "the new sum was told, and is covered"


def test_prepare_without_an_answer_tells_the_offline_sum_first(till: Till) -> None:
    over(till)
    reply = till.begin(Prepare(sale="1"))
    till.answer(None)
    assert reply.result(timeout=0).code == "prepared", "it was told already: nobody held the points"
    assert "The hub did not answer in time" in reply.result(timeout=0).text
    assert there(reply.result(timeout=0).told).redeemed.points == 300


def test_a_pos_that_redeemed_without_a_connection_reserves_with_prepare(till: Till) -> None:
    till.at = None
    till.ready()
    till.do(Redeem(points=250, sale="1"))
    till.at = "hub"
    reply = till.begin(Prepare(sale="1"))
    till.answer(250)
    assert reply.result(timeout=0).code == "prepared"
    till.do(Pay(sale="1", quote=there(reply.result(timeout=0).told).quote))
    (sale,) = till.sales()
    assert (sale.redeemed.hold, sale.link) == ("h1", "online")


def test_a_payment_asks_nobody(till: Till) -> None:
    """It is a fact."""
    over(till)
    till.do(Pay(sale="1"))
    assert len(till.asked) == 1 and till.sales()[0].redeemed.points == 300


# among the shop's tills


def test_sec10_a_hold_of_the_shop_bounds_the_offline_rules(till: Till) -> None:
    till.at = "shop"
    till.ready()
    reply = till.reserved(Redeem(sale="1"), 100, "held_elsewhere")
    assert till.asked[-1].points == 300 and there(reply.told).redeemed.points == 100
    till.do(Pay(sale="1"))
    (sale,) = till.sales()
    assert (sale.link, sale.redeemed.hold) == ("offline", "h1")


def test_what_the_shop_holds_is_no_matter_of_the_hubs(till: Till) -> None:
    held = heard_of(till)
    till.at = "shop"
    till.ready()
    till.reserved(Redeem(sale="1"), 300)
    till.do(Cancel(sale="1"))
    assert ["h1"] in held and held[-1] == [] and till.voided() == []


def heard_of(till: Till) -> list[list[str]]:
    """What the shop hears of the holds of receipts, after each change."""
    held: list[list[str]] = []
    till.checkout.house.open_receipts = lambda visits: held.append([one.hold.id for one in visits if one.hold])
    return held


def test_the_hub_comes_back_and_is_asked_before_the_money(till: Till) -> None:
    held = heard_of(till)
    till.at = "shop"
    till.ready()
    till.reserved(Redeem(points=200, sale="1"), 200)
    till.at = "hub"
    reply = till.begin(Prepare(sale="1"))
    assert (till.asked[-1].points, till.asked[-1].replaces) == (200, None)
    till.answer(200)
    assert reply.result(timeout=0).code == "prepared" and held[-1] == ["h2"] and till.voided() == []


def test_what_the_hub_holds_is_better_than_what_the_shop_has(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=600, sale="1"), 600)
    till.at = "shop"
    assert till.do(Redeem(points=500, sale="1")).code == "redeem_set" and len(till.asked) == 1
    assert till.visit.hold is not None and till.visit.hold.by == "hub"


# at random


class Anybody(NamedTuple):
    """One thing that somebody does; of an answer, how much of what was asked for is given."""

    name: str
    amount: int = 0


STEPS = st.one_of(
    st.builds(Anybody, st.just("redeem"), st.integers(0, 1_200)),
    st.builds(Anybody, st.just("basket"), st.integers(0, 3_000)),
    st.builds(Anybody, st.just("answer"), st.integers(0, 100)),
    st.builds(
        Anybody,
        st.sampled_from(["silence", "card", "prepare", "pay", "cancel", "drop", "anna", "other", "start", "offline"]),
    ),
)


def play(till: Till, step: Anybody, replies: list[Future[Reply]]) -> None:
    unanswered = till.open_questions()
    match step.name:
        case "redeem":
            replies.append(till.begin(Redeem(points=step.amount, sale="1")))
        case "basket":
            line = BasketLine(id="1", name="x", price=f"{step.amount}.00", category="chocolate")
            replies.append(till.begin(SetBasket(lines=(line,) if step.amount else (), sale="1")))
        case "answer" if unanswered:
            points = unanswered[0].points * step.amount // 100
            till.answer(points, "held_elsewhere" if step.amount < 100 else None, unanswered[0].hold)
        case "silence" if unanswered:
            till.answer(None, hold=unanswered[0].hold)
        case "card":
            replies.append(till.begin(Code(text=BORIS, sale="1")))
        case "anna":
            replies.append(till.begin(Code(text=ANNA, sale="1")))
        case "prepare":
            replies.append(till.begin(Prepare(sale="1")))
        case "pay":
            replies.append(till.begin(Pay(sale="1", another=True)))
        case "cancel":
            replies.append(till.begin(Cancel(sale="1")))
        case "drop":
            replies.append(till.begin(DropCard(sale="1")))
        case "other":
            replies.append(till.begin(SetBasket(lines=(SMALL,), sale="2")))
        case "start":
            replies.clear()  # whoever was waiting hears nothing any more
            till.start()
        case "offline":
            till.at = None if till.at else "hub"


def _on(visit: Visit) -> Iterator[VisitHold]:
    """Also what was asked for by a process that died, which ends with its receipt."""
    hold = visit.hold
    while hold is not None:
        yield hold
        hold = hold.besides


@given(st.lists(STEPS, max_size=25))
@example([Anybody("redeem", 1), Anybody("redeem", 1), Anybody("answer", 0), Anybody("start")])
@settings(max_examples=60, deadline=None)
def test_whatever_happens_everybody_is_answered_and_every_hold_comes_to_an_end(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Anybody]
) -> None:
    """Each that was asked for is named by a sale, voided, replaced by a later one that was answered, or still on its
    receipt; and no sale within its hold redeems more than it holds."""
    folder = tmp_path_factory.mktemp("till")
    with closing(known_members(folder)) as cache, closing(ToldQuotes(folder / "told.db")) as told:
        till, replies = Till(cache, told), list[Future[Reply]]()
        till.ready()
        for step in steps:
            play(till, step, replies)
        while waiting := till.open_questions():
            till.answer(waiting[0].points, hold=waiting[0].hold)
        assert all(reply.done() for reply in replies)
        voided = {hold for _, holds in till.voided() for hold in holds}
        open_now = {hold.id for visit in till.checkout.receipts.visits for hold in _on(visit)}
        sold = {sale.redeemed.hold: sale for sale in till.sales() if sale.redeemed.hold is not None}
        replaced = {one.replaces for one in till.asked if till.heard.get(one.hold) is not None}
        nothing = {hold for hold, points in till.heard.items() if points == 0}
        assert {one.hold for one in till.asked} <= voided | open_now | sold.keys() | replaced | nothing
        for hold, sale in sold.items():
            if (points := till.heard.get(hold)) is not None and sale.link == "online":
                assert sale.redeemed.points <= points
