"""A member is found by the till's own file at once; what the hub says of him afterwards is told where it changes what
the customer has heard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET

from loyalty.bodies import Sale
from loyalty.operation import Key
from offline_cache.records import Page
from offline_cache.told_quotes import ToldQuotes
from pos_agent.agent import QUEUE_EVENTS_MAX
from pos_agent.answers import Reply
from pos_agent.asking import WAITING_MAX, Asking
from pos_agent.inquiry import Heard, Inquiry
from pos_agent.protocol import Cancel, Code, Pay, Phone, PointsReport, Prepare, Redeem, SetBasket
from pos_agent.shown import shown_front
from sync.hub_port import HubRefused, HubUnreachable
from sync.protocol import HoldReply, HoldRequest, MemberNow, MemberRequest, Watermark
from tests.one_port import Server
from tests.pos_agent.conftest import PHONE_KEY, PHONES, Desk, member
from tests.pos_agent.joined import Here
from tests.pos_agent.reserving import Till
from tests.there import there


def said_of(desk: Desk, points: int, *, held: int = 0, sequence: int = 0) -> Reply | None:
    """What the cashier hears when the hub has told of Anna."""
    now = MemberNow(
        watermark=Watermark(generation=1, sequence=sequence),
        at="2026-03-02T12:00:01+00:00",
        member=member("anna", points, (Desk.ANNA, "active")),
        held=held,
    )
    return desk.checkout.heard(Heard(inquiry=Inquiry(member="anna"), now=now), desk.now)


def limit(desk: Desk) -> int:
    points = shown_front(desk.checkout, desk.checkout.receipts, desk.now).limit_points
    assert points is not UNSET
    return points


# who is asked for


def test_a_member_who_is_found_is_asked_for_and_nobody_waits(desk: Desk) -> None:
    asked: list[Inquiry] = []
    desk.checkout.house.inquire = asked.append
    desk.code(Desk.ANNA)
    desk.do(Phone(number=PHONES["anna"]))
    desk.do(SetBasket(lines=(desk.chocolate(1),), sale="1"))
    desk.do(Code(text=Desk.BORIS))
    assert asked == [Inquiry(member="anna"), Inquiry(member="anna"), Inquiry(member="boris")], "also who waits"
    desk.online[0] = False
    desk.code(Desk.ANNA)
    assert len(asked) == 3


# what is said


def test_fewer_points_are_told_with_the_new_limit_and_make_a_new_quote(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    before = there(desk.basket().told)
    reply = there(said_of(desk, 40))
    assert (reply.ok, reply.code) == (True, "balance_news")
    told = there(reply.told)
    assert (there(told.limit).points, told.quote == before.quote) == (40, False)
    assert reply.text.startswith("Fresh from the office: 40 bonuses on the account. 494.90")
    assert reply.say == ("40 bonuses may be redeemed", "To pay 494.90\N{NO-BREAK SPACE}₽")
    assert there(reply.ask).text == "Redeem 40 bonuses?"
    assert there(desk.do(Prepare()).told).quote == told.quote, "and it is this one that is paid"


def test_in_russian(desk: Desk) -> None:
    desk.checkout.house.language = "ru"
    desk.code(Desk.ANNA)
    desk.basket()
    assert there(said_of(desk, 40)).text.startswith("Офис уточнил: на счёте 40 бонусов. К оплате 494,90")


def test_more_points_are_told_too_and_what_was_decided_is_decided_anew(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    desk.basket()
    assert there(desk.do(Redeem(points=None)).told).redeemed.points == 150
    told = there(there(said_of(desk, 160)).told)
    assert told.redeemed.points == 160


@pytest.mark.parametrize("points", [150, 100_000])
def test_what_changes_nothing_of_what_was_heard_is_not_said(desk: Desk, points: int) -> None:
    desk.code(Desk.ANNA)
    desk.basket(desk.chocolate(1))  # 89.90, of which less than 150 points may pay: the account does not bind
    before = desk.checkout.visit
    assert limit(desk) < 150
    assert said_of(desk, points) is None
    assert desk.checkout.visit == before, "and the quote that was told stands"
    assert desk.points("anna") == points


def test_without_goods_the_balance_is_all_that_was_heard(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    assert said_of(desk, 150) is None
    assert there(said_of(desk, 149)).text == "Fresh from the office: 149 bonuses on the account."


def test_a_debt_is_told_as_one(desk: Desk) -> None:
    """R33."""
    desk.code(Desk.ANNA)
    desk.basket()
    reply = there(said_of(desk, -30))
    assert reply.text.startswith("Fresh from the office: 30 bonuses are owed. The next points pay it.")
    assert limit(desk) == 0


@pytest.mark.parametrize("then", ["prepared", "dropped", "another", "cancelled", "paid"])
def test_a_receipt_that_is_frozen_or_anothers_is_not_touched(desk: Desk, then: str) -> None:
    desk.code(Desk.ANNA)
    desk.basket()
    match then:
        case "prepared":
            desk.do(Prepare())
        case "dropped":
            desk.basket()
            desk.code(Desk.BORIS)
        case "another":
            desk.code(Desk.BORIS)
        case "cancelled":
            desk.do(Cancel())
        case "paid":
            desk.pay("1")
    before = desk.checkout.visit
    assert said_of(desk, 40) is None
    assert desk.checkout.visit == before


def test_what_was_told_stands_when_it_is_paid_after_the_news(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    desk.basket()
    desk.do(Redeem(points=None))
    desk.do(Prepare())
    said_of(desk, 40)
    desk.pay("1")
    (sale,) = desk.stored("1")
    assert isinstance(sale, Sale) and sale.redeemed.points == 150


def test_nothing_was_heard(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    desk.basket()
    before = desk.checkout.visit
    nobody = MemberNow(watermark=Watermark(generation=1, sequence=0), at="2026-03-02T12:00:01+00:00")
    for now in (None, nobody):  # one who was born here, say, and of whom the hub has not heard
        assert desk.checkout.heard(Heard(inquiry=Inquiry(member="anna"), now=now), desk.now) is None
    assert desk.checkout.visit == before


def test_who_has_gone_into_another_is_the_other(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    desk.basket()
    now = MemberNow(
        watermark=Watermark(generation=1, sequence=0),
        at="2026-03-02T12:00:01+00:00",
        member=member("maria", 90, (Desk.ANNA, "active")),
    )
    reply = there(desk.checkout.heard(Heard(inquiry=Inquiry(member="anna"), now=now), desk.now))
    assert reply.code == "balance_news" and there(desk.checkout.visit.who).member == "maria"
    desk.pay("1")
    assert desk.stored("1")[0].member == "maria"


# what receipts of other tills hold


def test_ex_h1_what_others_hold_bounds_the_limit_and_says_why(desk: Desk) -> None:
    """EX-H1: of 500, another till holds 300; this one sees 200."""
    desk.code(Desk.ANNA)
    desk.basket(desk.chocolate(30))
    reply = there(said_of(desk, 500, held=300))
    assert there(there(reply.told).limit).points == 200
    assert "300 bonuses of them are reserved at another till." in reply.text
    assert "being spent on another receipt" in there(there(reply.told).limit).text


def test_without_goods_it_is_said_how_many_are_held(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    reply = there(said_of(desk, 150, held=100))
    assert reply.text == (
        "Fresh from the office: 150 bonuses on the account. 100 bonuses of them are reserved at another till."
    )
    assert there(there(desk.basket().told).limit).points == 50


def test_what_is_held_counts_until_something_else_is_known(desk: Desk) -> None:
    """Whoever held 300 has spent 250 of them: the feed says 250, and the word of before says nothing any more."""
    desk.code(Desk.ANNA)
    desk.basket(desk.chocolate(30))
    said_of(desk, 500, held=300)
    reply = there(said_of(desk, 250))
    assert there(there(reply.told).limit).points == 250
    said_of(desk, 250, held=300)
    assert limit(desk) == 0, "more held than there is: nothing is left, and no less"


def test_a_page_of_the_feed_that_knows_other_points_ends_what_was_heard_of_others(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    desk.basket(desk.chocolate(30))
    said_of(desk, 500, held=300)
    desk.cache.changes.apply(
        Page(
            members=[member("anna", 250, (Desk.ANNA, "active"))],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="6",
            pulled_at=desk.now + timedelta(seconds=9),
        )
    )
    desk.basket(desk.chocolate(29))
    assert limit(desk) == 250


def test_what_is_held_is_of_this_member_alone(desk: Desk) -> None:
    desk.code(Desk.ANNA)
    desk.basket(desk.chocolate(30))
    said_of(desk, 150, held=100)
    desk.code(Desk.BORIS)
    assert limit(desk) > 150
    desk.code(Desk.ANNA)
    assert limit(desk) == 150, "and asked for anew"


# with points that are reserved here


@pytest.fixture
def till(desk: Desk, tmp_path: Path) -> Iterator[Till]:
    """A test is who is asked for points."""
    told = ToldQuotes(tmp_path / "told.db")
    yield Till(desk.cache, told)
    told.close()


def of_boris(points: int, *, held: int = 0) -> Heard:
    now = MemberNow(
        watermark=Watermark(generation=1, sequence=0),
        at="2026-03-02T12:00:01+00:00",
        member=member("boris", points, (Desk.BORIS, "active")),
        held=held,
    )
    return Heard(inquiry=Inquiry(member="boris"), now=now)


def hears(till: Till, heard: Heard) -> None:
    till.agent.heard(heard)
    till.work()


def test_points_are_asked_for_as_if_others_held_none_and_the_answer_bounds(till: Till) -> None:
    """Whoever held them may have let them go meanwhile, and the answer is of this moment."""
    till.ready()
    hears(till, of_boris(5_000, held=4_500))
    assert there(till.agent.last_reply).code == "balance_news" and till.agent.view().visit.limit_points == 500
    till.begin(Redeem(sale="1"))
    assert till.asked[-1].points == 1_000
    till.answer(1_000)
    told = there(there(till.agent.last_reply).told)
    assert (told.redeemed.points, there(told.limit).points) == (1_000, 1_000)


def test_without_an_answer_what_others_held_still_bounds(till: Till) -> None:
    till.ready()
    hears(till, of_boris(5_000, held=4_850))
    assert there(till.reserved(Redeem(sale="1"), None).told).redeemed.points == 150


def test_while_points_are_being_reserved_the_news_is_kept_and_not_told(till: Till) -> None:
    till.ready()
    reply = till.begin(Redeem(sale="1"))
    before = till.visit
    hears(till, of_boris(700))
    assert till.visit == before and not reply.done()
    till.answer(700, "balance_newer")
    assert there(reply.result(timeout=0).told).redeemed.points == 700


def test_news_within_a_hold_tells_within_it(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(sale="1"), 600, "held_elsewhere")
    hears(till, of_boris(5_100))
    assert till.visit.hold is not None and till.visit.hold.id == "h1" and till.voided() == []
    assert till.agent.view().visit.redeemed_points == 600


# the agent


def test_the_hubs_word_is_an_event_that_also_a_full_queue_takes(till: Till) -> None:
    till.ready()
    for _ in range(QUEUE_EVENTS_MAX):
        till.agent.asked(PointsReport(show=True))
    assert till.agent.asked(PointsReport(show=True)).result(timeout=0).code == "busy"
    handled = till.agent.handled
    hears(till, of_boris(700))
    assert there(till.agent.last_reply).code == "balance_news"
    assert till.agent.handled == handled + QUEUE_EVENTS_MAX + 1


def test_a_word_that_says_nothing_tells_nothing_and_is_no_answer_to_whoever_waits_for_one(till: Till) -> None:
    till.ready()
    before, handled = till.agent.last_reply, till.agent.handled
    hears(till, of_boris(5_000))
    assert till.agent.last_reply is before and till.agent.handled == handled


def test_a_file_that_cannot_be_written_says_nothing_and_stops_nothing(till: Till) -> None:
    till.ready()
    before = till.agent.last_reply
    till.cache.file.connection.execute("PRAGMA query_only = ON")
    hears(till, of_boris(5))
    till.cache.file.connection.execute("PRAGMA query_only = OFF")
    assert till.agent.last_reply is before
    assert till.reserved(Redeem(sale="1"), 1_000).ok


# asking


class Slow:
    """A hub whose first answer takes until a test lets it."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []
        self.begun, self.go = threading.Event(), threading.Event()
        self.fails: Exception | None = None

    def hold(self, request: HoldRequest) -> HoldReply:
        raise AssertionError("nobody asks for points here")

    def member(self, request: MemberRequest) -> MemberNow:
        self.asked.append(request.card)
        self.begun.set()
        assert self.go.wait(20)
        if self.fails is not None:
            raise self.fails
        return MemberNow(watermark=Watermark(generation=1, sequence=0), at="2026-03-02T12:00:01+00:00")


def test_the_newest_question_comes_first_and_too_many_go_unanswered() -> None:
    hub, heard, all_heard = Slow(), list[Heard](), threading.Event()
    asking = Asking(hub, till="t", generation=lambda: 1, programme="alenka", store="7")

    def answered(one: Heard) -> None:
        heard.append(one)
        if len(heard) == WAITING_MAX + 2:
            all_heard.set()

    thread = threading.Thread(target=asking.run, args=(answered,))
    thread.start()
    asking.ask(Inquiry(card="0"))
    assert hub.begun.wait(20)
    for number in range(1, WAITING_MAX + 2):
        asking.ask(Inquiry(card=str(number)))
    hub.go.set()
    assert all_heard.wait(20)
    asking.end()
    thread.join()
    assert hub.asked == ["0", *(str(number) for number in range(WAITING_MAX + 1, 1, -1))]
    assert [one.inquiry.card for one in heard if one.now is None] == ["1"]


@pytest.mark.parametrize("error", [HubUnreachable("gone"), HubRefused("off", "off"), RuntimeError("ours")])
def test_a_question_that_fails_is_answered_with_nothing_and_the_next_is_asked(error: Exception) -> None:
    hub, heard = Slow(), list[Heard]()
    hub.go.set()
    hub.fails = error
    asking = Asking(hub, till="t", generation=lambda: 1, programme="alenka", store="7")

    def answered(one: Heard) -> None:
        heard.append(one)
        if len(heard) == 1:
            asking.ask(Inquiry(card="2"))
        else:
            asking.end()

    asking.ask(Inquiry(card="1"))
    thread = threading.Thread(target=asking.run, args=(answered,))
    thread.start()
    thread.join(20)
    assert [(one.inquiry.card, one.now) for one in heard] == [("1", None), ("2", None)]


# with a hub


@pytest.fixture
def here(tmp_path: Path, server: Server) -> Iterator[Here]:
    here = Here(tmp_path, server)
    yield here
    here.close()


def test_points_that_were_spent_elsewhere_a_moment_ago_are_news_over_the_wire(here: Here) -> None:
    """R03: the till's file is of a moment ago; at the first look the customer hears what it says, then what is so."""
    here.join("anna", Desk.ANNA, 500)
    one, two = here.till("t1", "7"), here.till("t2", "7")
    one.sync()
    two.sync()
    lines: Any = (Desk.chocolate(30),)
    one.do(SetBasket(lines=lines, sale="1"))
    one.do(Code(text=Desk.ANNA, sale="1"))
    assert one.step() is None, "the hub says what the file said"
    one.do(Redeem(points=300, sale="1"))
    one.do(Pay(sale="1"))
    one.sync()
    two.do(SetBasket(lines=lines, sale="1"))
    found = two.do(Code(text=Desk.ANNA, sale="1"))
    assert there(there(found.told).limit).points == 500
    news = there(two.step())
    assert news.code == "balance_news"
    assert there(there(news.told).limit).points == one.points("anna"), "also what he earned there"
    assert two.points("anna") == one.points("anna") == here.points("anna")


def test_ex_h1_over_the_wire(here: Here) -> None:
    here.join("anna", Desk.ANNA, 500)
    other, till = here.till("t1", "7"), here.till("t2", "7")
    till.sync()
    request = HoldRequest(
        till="t1",
        programme="alenka",
        member="anna",
        hold="t1/1",
        points=300,
        until="2026-03-02T12:20:00.000000+00:00",
    )
    assert other.hold(request).points == 300
    till.do(SetBasket(lines=(Desk.chocolate(30),), sale="1"))
    till.do(Code(text=Desk.ANNA, sale="1"))
    news = there(till.step())
    assert there(there(news.told).limit).points == 200 and "300" in news.text
