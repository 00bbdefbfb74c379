"""Points that a till reserves before it tells them, on each database: who gets how many, and how a hold ends."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from hub.store.records import HoldRow
from hub.store.seam import Store
from loyalty.bodies import HoldVoided, MemberMerged
from sync.protocol import HOLD_LASTS_MAX_S
from tests.hub.conftest import NOW, Pen
from tests.hub.held import LASTS, Held

SECOND = timedelta(seconds=1)


@pytest.fixture
def shop(store: Store) -> Held:
    return Held(store)


# who gets how many


def test_ex_h1_a_hold_a_confirm_for_less_and_one_that_comes_too_late(shop: Held) -> None:
    """EX-H1: active 500, till 1 holds 300: till 2 sees 200. Confirmed with 250: 50 are free again, active is 250."""
    shop.join(points=500)
    first = shop.ask("t1/1", 300)
    assert (first.points, first.active, first.held) == (300, 500, 0)
    second = shop.ask("t2/1", 500)
    assert (second.points, second.active, second.held) == (200, 500, 300)
    assert shop.void("t2/1", pen=Pen("t2")) == ["applied"]
    assert shop.take(shop.spent("t1/1", 250)) == ["applied"]
    third = shop.ask("t2/2", 500)
    assert (third.points, third.active, third.held) == (250, 250, 0) and shop.balance() == 250
    shop.now += LASTS + SECOND
    assert shop.take(shop.spent("t2/2", 250), pen=late_pen(shop, "t2", 2)) == ["applied"], "after its time is over"
    assert shop.balance() == 0 and shop.states() == {"t1/1": "confirmed", "t2/1": "voided", "t2/2": "confirmed"}
    assert shop.cases() == [] and shop.is_sound()


def late_pen(shop: Held, till: str, sequence: int) -> Pen:
    """The pen of a till that has written before."""
    pen = Pen(till)
    with shop.hub.store.reading() as reader:
        end = reader.newest_ends([till])[till]
    assert end.sequence == sequence - 1
    pen.sequence, pen.last_hash = end.sequence, end.last_hash
    return pen


def test_r03_sec2_of_two_tills_a_second_apart_the_second_gets_what_is_left(shop: Held) -> None:
    """R03, SEC2: both redeemed all of it, −940, and the books were right."""
    shop.join(points=2_000)
    assert shop.held("t1/1", 1_470) == 1_470
    shop.now += SECOND
    assert shop.held("t2/1", 1_470) == 530
    assert shop.take(shop.spent("t2/1", 530), pen=Pen("t2")) == shop.take(shop.spent("t1/1", 1_470)) == ["applied"]
    assert shop.balance() == 0 and shop.cases() == [] and shop.is_sound()


def test_r03_many_tills_at_the_same_moment_get_no_more_than_there_is(shop: Held) -> None:
    shop.join(points=1_000)
    begin = threading.Barrier(8)
    given: list[int] = []

    def till(number: int) -> None:
        begin.wait()
        given.extend(shop.ask(f"t{number}/{one}", 90).points for one in range(3))

    tills = [threading.Thread(target=till, args=(number,)) for number in range(8)]
    for one in tills:
        one.start()
    for one in tills:
        one.join()
    assert sorted(given, reverse=True) == [90] * 11 + [10] + [0] * 12


def test_points_that_do_not_live_yet_and_those_that_are_owed_are_not_there(shop: Held) -> None:
    shop.join(points=100)
    shop.grant(50, start=1)
    assert shop.held("t1/1", 500) == 100
    shop.void("t1/1")
    shop.take(shop.sale(spent=130))
    answer = shop.ask("t1/2", 500)
    assert (answer.points, answer.active, answer.held) == (0, 0, 0)
    shop.now += timedelta(days=1)
    assert shop.held("t1/2", 500) == 20, "those that begin to live pay the debt first"


def test_nothing_is_kept_of_a_hold_that_got_nothing(shop: Held) -> None:
    shop.join()
    assert shop.held("t1/1", 10) == 0 and shop.held("t1/2", 0) == 0 and shop.holds() == []
    shop.grant(10)
    assert shop.held("t1/1", 10) == 10, "asked again, it is asked for the first time"


def test_what_others_hold_is_told_as_a_part_of_what_there_is(shop: Held) -> None:
    shop.join(points=100)
    shop.ask("t1/1", 100)
    shop.take(shop.sale(spent=60), pen=Pen("t3"))  # without a connection, without a hold
    answer = shop.ask("t2/1", 10)
    assert (answer.points, answer.active, answer.held) == (0, 40, 40)


# asked again, and instead of another


def test_asked_again_the_answer_is_the_same_and_nothing_is_held_twice(shop: Held) -> None:
    shop.join(points=500)
    request = shop.request("t1/1", 300)
    first = shop.hub.hold(request)
    assert shop.hub.hold(request) == first
    assert shop.held("t2/1", 500) == 200
    again = shop.hub.hold(request)
    assert (again.points, again.active, again.held) == (300, 500, 200) and len(shop.holds()) == 2


def test_a_hold_takes_the_place_of_another_in_one_request(shop: Held) -> None:
    shop.join(points=500)
    shop.ask("t1/1", 300)
    assert shop.held("t1/2", 450, replaces="t1/1") == 450
    assert shop.states() == {"t1/1": "voided", "t1/2": "open"} and shop.held("t1/1", 300) == "hold_ended"
    assert shop.held("t2/1", 500) == 50


def test_the_replaced_one_ends_also_where_nothing_is_left_or_wanted(shop: Held) -> None:
    shop.join(points=100)
    shop.ask("t1/1", 100)
    shop.take(shop.sale(spent=100), pen=Pen("t3"))
    assert shop.held("t1/2", 50, replaces="t1/1") == 0 and shop.states() == {"t1/1": "voided"}


def test_a_replaced_hold_that_was_on_its_way_opens_nothing(shop: Held) -> None:
    shop.join(points=500)
    late = shop.request("t1/1", 300)
    assert shop.held("t1/2", 100, replaces="t1/1") == 100
    assert shop.held(late.hold, late.points) == "hold_ended" and shop.held("t2/1", 390) == 390
    assert shop.held("t1/3", 7, replaces="t1/3") == 7, "itself is no other"


def test_a_till_ends_its_own_holds_alone(shop: Held) -> None:
    shop.join(points=500)
    shop.ask("t1/1", 300)
    assert shop.held("t1/1", 300, till="t2") == "hold_of_another"
    assert shop.held("t2/1", 500, replaces="t1/1") == 200
    other = Pen("t2")
    assert shop.void("t1/1", pen=other) == ["applied"]
    assert shop.take(shop.spent("t1/1", 1), pen=other) == ["applied"]
    assert shop.states() == {"t1/1": "open", "t2/1": "open"}


# the end of its time


def test_a_hold_is_over_by_itself(shop: Held) -> None:
    shop.join(points=500)
    shop.ask("t1/1", 300)
    shop.now += LASTS - SECOND
    assert shop.held("t2/1", 500) == 200
    shop.now += SECOND
    assert shop.held("t2/2", 500, replaces="t2/1") == 500 and shop.held("t1/1", 300) == "hold_over"


def test_a_request_that_comes_after_its_own_end_opens_nothing(shop: Held) -> None:
    shop.join(points=500)
    assert shop.held("t1/1", 300, lasts=timedelta()) == "hold_over" and shop.holds() == []


def test_no_hold_lasts_longer_than_the_protocol_says(shop: Held) -> None:
    shop.join(points=500)
    longest = timedelta(seconds=HOLD_LASTS_MAX_S)
    for number, lasts in enumerate((longest, longest + SECOND, timedelta(days=2_000_000))):
        shop.ask(f"t1/{number}", 1, lasts=lasts)
    assert {row.until for row in shop.holds()} == {NOW + longest}


# voided


def test_voided_before_it_was_asked_for(shop: Held) -> None:
    """The till gave up waiting; its void came by the outbox, and then the request after all."""
    shop.join(points=500)
    assert shop.void("t1/1") == ["applied"]
    assert shop.held("t1/1", 300) == "hold_ended" and shop.held("t2/1", 500) == 500
    ends = NOW + timedelta(seconds=HOLD_LASTS_MAX_S)
    assert shop.holds()[0] == HoldRow("anna", "t1/1", "t1", 0, ends, "voided")


def test_voided_its_points_are_free_and_its_id_is_used_up(shop: Held) -> None:
    shop.join(points=500)
    shop.ask("t1/1", 300)
    shop.ask("t1/2", 100)
    assert shop.void("t1/1", "t1/2", "t1/3") == ["applied"] and shop.void("t1/1") == ["applied"]
    assert [shop.held(f"t1/{number}", 1) for number in (1, 2, 3)] == ["hold_ended"] * 3
    assert shop.held("t2/1", 500) == 500 and shop.is_sound()


def test_what_was_confirmed_stays_so(shop: Held) -> None:
    shop.join(points=500)
    shop.ask("t1/1", 300)
    shop.take(shop.spent("t1/1", 300))
    assert shop.void("t1/1") == ["applied"] and shop.states() == {"t1/1": "confirmed"}
    assert shop.held("t1/1", 300) == "hold_ended" and shop.held("t1/2", 10, replaces="t1/1") == 10
    assert shop.states()["t1/1"] == "confirmed"


def test_a_void_tells_no_till_and_waits_for_nobody(shop: Held) -> None:
    shop.join(points=500)
    shop.ask("t1/1", 300)
    cursor = shop.hub.changes(till="t2", programme="alenka", after="", limit=99).cursor
    assert shop.void("t1/1") == ["applied"] and shop.void("t1/9", member="nobody") == ["unknown_member"]
    page = shop.hub.changes(till="t2", programme="alenka", after=cursor, limit=99)
    assert page.members == () and page.cursor == cursor and shop.cases() == [] and shop.is_sound()


def test_a_void_of_nothing_or_of_too_much_is_refused(shop: Held) -> None:
    shop.join()
    assert shop.void() == ["too_many"] and shop.void(*(f"t1/{one}" for one in range(1_001))) == ["too_many"]


# confirmed


def test_a_sale_confirms_a_hold_however_late(shop: Held) -> None:
    """The receipt is printed: what was spent elsewhere meanwhile becomes debt, and a case says so."""
    shop.join(points=500)
    shop.ask("t1/1", 300)
    shop.now += LASTS
    assert shop.held("t2/1", 500) == 500
    assert shop.take(shop.spent("t2/1", 500), pen=Pen("t2")) == ["applied"]
    assert shop.take(shop.spent("t1/1", 300), at=NOW) == ["applied"]
    (case,) = shop.cases()
    assert (case.id, case.member, case.cost_points) == ("debt/t1/1/1", "anna", 300)
    assert shop.balance() == -300 and set(shop.states().values()) == {"confirmed"} and shop.is_sound()


def test_a_voided_hold_is_confirmed_and_one_that_nobody_knows_is_nothing(shop: Held) -> None:
    """No answer came in time: the till voided it, sold without a connection, and names it all the same."""
    shop.join(points=500)
    shop.ask("t1/1", 300)
    shop.void("t1/1")
    assert shop.take(shop.spent("t1/1", 300, link="offline"), shop.spent("t1/2", 5)) == ["applied", "applied"]
    assert shop.states() == {"t1/1": "confirmed"} and shop.balance() == 195


def test_a_sale_by_card_confirms_too_and_a_refused_one_does_not(shop: Held) -> None:
    shop.join(points=500)
    shop.join("boris", points=10)
    shop.ask("t1/1", 300)
    assert shop.take(shop.spent("t1/1", 1, member="nobody"), shop.spent("t1/1", 1, member="boris")) == [
        "unknown_member",
        "applied",
    ]
    assert shop.states() == {"t1/1": "open"}
    shop.take(shop.spent("t1/1", 1, member=None, card="cardanna"))
    assert shop.states() == {"t1/1": "confirmed"}


def test_voided_and_sold_in_one_batch_in_either_order(shop: Held) -> None:
    shop.join(points=500)
    for first_void in (True, False):
        hold = f"t1/{first_void}"
        shop.ask(hold, 100)
        bodies = [HoldVoided(member="anna", holds=(hold,), reason="unanswered"), shop.spent(hold, 100)]
        assert shop.take(*(bodies if first_void else reversed(bodies))) == ["applied", "applied"]
        assert shop.states()[hold] == "confirmed"


# sales that the hub does not have yet


def test_what_the_till_has_spent_already_is_not_there_until_its_sale_is(shop: Held) -> None:
    shop.join(points=500)
    shop.ask("t1/1", 300)
    spent = shop.spent("t1/1", 250)  # it waits in the outbox
    unsent = (shop.unsent(1, 250, "t1/1"), shop.unsent(2, 30), shop.unsent(2, 30))
    answer = shop.ask("t1/2", 500, unsent=unsent)
    assert (answer.points, answer.active, answer.held) == (220, 500, 0), "once, and not as a hold besides"
    assert shop.void("t1/9", pen=Pen("t2")) == ["applied"], "another till's chain says nothing of this one's"
    assert shop.held("t1/3", 500, unsent=unsent, replaces="t1/2") == 220
    assert shop.take(spent) == ["applied"]
    answer = shop.ask("t1/4", 500, unsent=unsent, replaces="t1/3")
    assert (answer.points, answer.active) == (220, 250), "the first is here, the second is not"
    shop.void("t1/9")
    assert shop.held("t1/5", 500, unsent=unsent, replaces="t1/4") == 250


def test_a_sale_that_is_on_its_way_does_not_free_the_hold_of_another_till(shop: Held) -> None:
    shop.join(points=500)
    shop.ask("t2/1", 300)
    assert shop.held("t1/1", 500, unsent=(shop.unsent(1, 10, "t2/1"),)) == 190


# members who go into another


def test_holds_go_with_the_member(shop: Held) -> None:
    shop.join(points=100)
    shop.join("twin", points=400)
    request = shop.request("t1/1", 300, member="twin")
    assert shop.hub.hold(request).points == 300 and shop.held("t2/1", 80) == 80
    shop.void("t1/7", member="twin")
    assert shop.born(MemberMerged(member="twin", into="anna")) == "applied"
    assert shop.states("twin") == {} and shop.states() == {"t1/1": "open", "t1/7": "voided", "t2/1": "open"}
    assert shop.hub.hold(request).points == 300, "asked again by his old name"
    answer = shop.ask("t3/1", 500, member="twin")
    assert (answer.points, answer.active, answer.held) == (120, 500, 380)
    assert shop.take(shop.spent("t1/1", 300, member="twin")) == ["applied"]
    assert shop.void("t2/1", member="twin", pen=Pen("t2")) == ["applied"]
    assert shop.states() == {"t1/1": "confirmed", "t1/7": "voided", "t2/1": "voided", "t3/1": "open"}
    assert shop.balance() == 200 and shop.is_sound()


def test_an_id_that_both_have_stays_what_it_was(shop: Held) -> None:
    shop.join(points=100)
    shop.join("twin", points=400)
    shop.ask("t1/1", 100)
    shop.ask("t1/1", 300, member="twin")
    assert shop.born(MemberMerged(member="twin", into="anna")) == "applied"
    assert [(row.member, row.points) for row in shop.holds()] == [("anna", 100)]


def test_a_merge_a_void_and_a_sale_in_one_batch_of_work(shop: Held) -> None:
    """What was made in the same transaction goes over too."""
    shop.join(points=100)
    shop.join("twin", points=400)
    shop.ask("t1/1", 50, member="twin")
    void = HoldVoided(member="twin", holds=("t1/1", "t1/2"), reason="dropped")
    assert shop.take(void, shop.spent("t1/2", 7, member="twin")) == ["applied", "applied"]
    assert shop.born(MemberMerged(member="twin", into="anna")) == "applied"
    assert shop.states() == {"t1/1": "voided", "t1/2": "confirmed"} and shop.is_sound()


def test_nobody_holds_points_of_one_who_is_not_there_or_is_in_another_programme(shop: Held) -> None:
    shop.join(points=100)
    assert shop.held("t1/1", 10, member="nobody") == "unknown_member"
    assert shop.held("t1/1", 10, programme="perekrestok") == "unknown_member" and shop.holds() == []
