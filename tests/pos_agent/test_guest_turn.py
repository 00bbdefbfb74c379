"""A guest's command counts for the visit that he saw, and no other; tries are counted, slips are his own."""

from __future__ import annotations

from typing import Any

import pytest

from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.guest_turn import PHONE_TRIES_MAX, Seen
from pos_agent.protocol import Cancel, Code, Command, DropCard, Pay, Phone, Prepare, Redeem, SetBasket, TakeUp
from tests.pos_agent.conftest import ANNA, BORIS, DAY, LOST, NOW, PHONES, Desk
from tests.there import there

NOBODYS = "+79161239999"


class Till:
    """The agent's loop by hand."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.agent = Agent(desk.checkout, desk.checkout.house.programme, "en", None)
        self.agent.begin(NOW)

    @property
    def turn(self) -> str:
        return self.agent.in_front()[1].turn

    @property
    def visit(self) -> Any:
        return self.agent.in_front()[0]

    def do(self, command: Command, seen: Seen | None = None, pos: str = "") -> Reply:
        self.agent.asked(command, pos=pos, seen=seen)
        event = self.agent.take()
        assert event is not None
        return there(self.agent.step(event, NOW))

    def guest(self, command: Command, turn: str | None = None, quote: str | None = "now") -> Reply:
        """As his page sends it; without more, for what stands there now."""
        return self.do(command, Seen(turn or self.turn, self.visit.quote or None if quote == "now" else quote))

    def basket(self, sale: str = "1", pos: str = "") -> Reply:
        return self.do(SetBasket(lines=(self.desk.chocolate(3), self.desk.SWEETS), sale=sale, day=DAY), pos=pos)


@pytest.fixture
def till(desk: Desk) -> Till:
    return Till(desk)


def test_a_phone_counts_for_the_visit_that_was_on_the_display(till: Till) -> None:
    till.basket()
    assert till.guest(Phone(number=PHONES["anna"])).code == "member_found_by_phone"
    assert till.visit.member.identified_by == "phone"


def test_a_phone_typed_for_the_last_receipt_is_not_applied_to_the_next(till: Till) -> None:
    till.basket("1")
    his = till.turn
    till.do(Pay(sale="1", day=DAY))
    assert till.guest(Phone(number=PHONES["anna"]), turn=his).code == "guest_turn_over"
    till.basket("2")
    assert till.guest(Phone(number=PHONES["anna"]), turn=his).code == "guest_turn_over"
    assert till.visit.member is None


@pytest.mark.parametrize("ended", [Cancel(sale="1", day=DAY), Pay(sale="1", day=DAY)], ids=["cancelled", "paid"])
def test_whoever_comes_next_has_a_turn_of_his_own_before_anything_happens(till: Till, ended: Command) -> None:
    till.basket("1")
    his = till.turn
    till.do(ended)
    next_one = till.turn
    assert next_one != his
    till.basket("2")
    assert till.turn == next_one


def test_one_who_types_before_the_first_goods_goes_on_being_the_same(till: Till) -> None:
    turn = till.turn
    till.guest(Phone(number=PHONES["anna"]))
    till.basket("1")
    assert (till.turn, till.visit.member.card) == (turn, "****0017")


def test_what_is_put_aside_and_taken_up_again_keeps_its_turn(till: Till) -> None:
    till.basket("1")
    first = till.turn
    till.basket("2")
    second = till.turn
    assert second != first
    till.do(TakeUp(sale="1", day=DAY))
    assert till.turn == first
    assert till.guest(Phone(number=PHONES["anna"]), turn=second).code == "guest_turn_over"


def test_what_was_typed_at_an_empty_display_is_not_for_a_receipt_that_is_taken_up(till: Till) -> None:
    till.basket("1")
    till.basket("2")
    till.do(Cancel(sale="2", day=DAY))
    empty = till.turn
    till.do(TakeUp(sale="1", day=DAY))
    assert till.guest(Phone(number=PHONES["anna"]), turn=empty).code == "guest_turn_over"
    assert till.visit.member is None


def test_a_turn_outlives_the_process_with_its_visit(till: Till, desk: Desk) -> None:
    till.basket("1")
    assert desk.checkout.visit.turn == till.turn


def test_a_card_typed_by_the_guest_is_for_this_receipt_though_it_has_a_member(till: Till) -> None:
    """Of a scanner's card the till would say: it is the next customer's."""
    till.basket("1", pos="left")
    assert till.do(Code(text=ANNA), pos="left").ok
    assert till.guest(Code(text=BORIS)).code == "member_found"
    assert (till.visit.receipt, till.visit.pos, till.visit.member.card) == ("1", "left", "****0024")


def test_a_sum_that_he_has_not_seen_is_not_confirmed(till: Till) -> None:
    till.basket("1")
    till.do(Code(text=BORIS))
    seen = till.visit.quote
    till.do(SetBasket(lines=(till.desk.chocolate(1),), sale="1", day=DAY))
    assert till.guest(Redeem(points=20), quote=seen).code == "guest_sum_changed"
    assert till.visit.redeemed_points == 0
    assert till.guest(Redeem(points=20)).code == "redeem_set"
    assert till.visit.redeemed_points == 20


def test_another_members_points_are_not_spent_by_the_one_who_confirmed(till: Till) -> None:
    till.basket("1")
    till.do(Code(text=BORIS))
    seen = till.visit.quote
    till.do(Code(text=ANNA, sale="1", day=DAY))
    assert till.guest(Redeem(points=20), quote=seen).code == "guest_sum_changed"


def test_what_it_would_come_to_may_be_asked_of_any_sum_and_promises_nothing(till: Till) -> None:
    till.basket("1")
    till.do(Code(text=BORIS))
    quote = till.visit.quote
    assert till.guest(Redeem(points=20, preview=True), quote=None).code == "redeem_would_be"
    assert (till.visit.quote, till.agent.in_front()[1].decided) == (quote, False)


@pytest.mark.parametrize("command", [Phone(number=PHONES["anna"]), Code(text=ANNA), Redeem(points=1), DropCard()])
def test_nothing_changes_any_more_while_the_money_is_being_taken(till: Till, command: Command) -> None:
    till.basket("1")
    till.do(Code(text=BORIS))
    till.do(Prepare(sale="1", day=DAY))
    before = till.visit
    assert till.guest(command).code == "guest_too_late"
    assert till.visit == before and till.visit.prepared


def test_a_wrong_phone_can_be_corrected(till: Till) -> None:
    till.basket("1")
    assert till.guest(Phone(number=NOBODYS)).code == "unknown_phone"
    assert till.guest(Phone(number=PHONES["fresh"])).ok
    assert till.guest(Phone(number=PHONES["anna"])).ok
    assert till.visit.member.card == "****0017"


def test_tries_are_bounded_and_the_next_visit_has_its_own(till: Till) -> None:
    till.basket("1")
    for _ in range(PHONE_TRIES_MAX):
        assert till.guest(Phone(number=NOBODYS)).code == "unknown_phone"
    assert till.guest(Phone(number=PHONES["anna"])).code == "guest_tries_over"
    assert till.guest(Code(text=ANNA)).code == "guest_tries_over"
    assert till.do(Code(text=ANNA)).ok  # the cashier's scanner reads on
    till.do(Pay(sale="1", day=DAY))
    assert till.guest(Phone(number=PHONES["anna"])).ok


def test_dropping_the_card_gives_no_new_tries(till: Till) -> None:
    """Else whoever stands at an empty till could look up one member after another."""
    codes = []
    for _ in range(PHONE_TRIES_MAX + 1):
        codes.append(till.guest(Phone(number=PHONES["anna"])).code)
        till.guest(DropCard())
    assert codes == ["member_found_by_phone"] * PHONE_TRIES_MAX + ["guest_tries_over"]


@pytest.mark.parametrize("slip", [Phone(number="8 916 12"), Phone(number=NOBODYS), Code(text=LOST)])
def test_a_slip_of_the_guests_is_not_told_to_the_cashier(till: Till, slip: Command) -> None:
    """The number that he typed is nobody else's to read, and a question to the cashier stays open."""
    till.basket("1")
    before = till.do(Code(text=BORIS))
    assert before.ask is not None
    assert not till.guest(slip).ok
    assert till.agent.last_reply == before


def test_what_the_guest_did_is_told(till: Till) -> None:
    till.basket("1")
    event_reply = till.guest(Phone(number=PHONES["anna"]))
    assert till.agent.last_reply == event_reply
    assert event_reply.code == "member_found_by_phone"


def test_that_the_sum_changed_is_told_though_it_was_refused(till: Till, desk: Desk) -> None:
    """It is a question to whoever sells; a self-checkout's display shows it."""
    till.do(SetBasket(lines=(desk.chocolate(10),), sale="1", day=DAY))
    till.do(Code(text=BORIS))
    till.guest(Redeem(points=400))
    desk.online[0] = False
    reply = till.guest(Prepare())
    assert (reply.ok, reply.code) == (False, "changed_link")
    assert till.agent.last_reply == reply
