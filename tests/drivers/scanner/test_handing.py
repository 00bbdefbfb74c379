"""What is on its way from a shared scanner: who gets it when somebody is dead, deaf or late."""

from __future__ import annotations

import json

from drivers.scanner.divider import Piece
from drivers.scanner.handing import AGENT_WAIT_S, OURS_MAX, UNSENT_MAX_BYTES, Handing, thawed

CARD, TEA = Piece(b"2600000000017\r", ours=True, ended=True), Piece(b"4600000000015\r", ours=False, ended=True)


def test_a_card_waits_for_an_agent_that_is_coming_back_and_is_taken_once() -> None:
    one = Handing()
    one.agent_came()
    one.take([CARD], 1.0, pos_there=True)
    assert [code.number for code in one.unsent_ours()] == [1]
    one.sent_number = 1
    one.agent_left(2.0)
    one.take([CARD], 3.0, pos_there=True)
    one.expire(3.0, pos_there=True)
    one.agent_came()
    assert [code.number for code in one.unsent_ours()] == [1, 2], "what it had in hand, it gets again"
    one.taken(1)
    one.taken(1)
    one.taken(2)
    assert one.tally.to_agent == 2 and not one.ours and not one.unsent


def test_a_card_that_nobody_comes_for_goes_to_the_pos_and_is_counted() -> None:
    one = Handing()
    one.take([CARD, TEA], 1.0, pos_there=True)
    one.expire(AGENT_WAIT_S - 0.1, pos_there=True)
    assert one.unsent == TEA.data
    one.expire(AGENT_WAIT_S, pos_there=True)
    assert one.unsent == TEA.data + CARD.data and one.tally.late == 1
    one.take([CARD], AGENT_WAIT_S + 1, pos_there=True)
    assert one.unsent == TEA.data + CARD.data * 2, "with no agent for so long, nothing waits"


def test_a_late_card_never_lies_inside_a_code_of_the_pos() -> None:
    one = Handing()
    one.take([CARD, Piece(b"46", ours=False, ended=False)], 1.0, pos_there=True)
    one.expire(AGENT_WAIT_S, pos_there=True)
    assert one.unsent == b"46"
    one.take([Piece(b"0\r", ours=False, ended=True)], AGENT_WAIT_S, pos_there=True)
    one.expire(AGENT_WAIT_S, pos_there=True)
    assert one.unsent == b"460\r" + CARD.data


def test_somebody_who_plays_with_cards_at_a_till_that_starts_fills_no_memory() -> None:
    one = Handing()
    one.take([CARD] * 100, 1.0, pos_there=True)
    assert len(one.ours) == OURS_MAX and one.tally.to_pos == 100 - OURS_MAX


def test_with_no_pos_a_code_is_lost_whole_and_counted() -> None:
    one = Handing()
    one.take([Piece(b"46", ours=False, ended=False)], 1.0, pos_there=False)
    one.take([Piece(b"00\r", ours=False, ended=True), TEA], 1.0, pos_there=True)
    assert one.unsent == TEA.data and (one.tally.nobody, one.tally.to_pos) == (1, 1)


def test_a_pos_that_reads_nothing_gets_the_oldest_and_the_newest_are_lost_whole() -> None:
    one = Handing()
    for _ in range(1000):
        one.take([TEA], 1.0, pos_there=True)
    assert len(one.unsent) <= UNSENT_MAX_BYTES and one.unsent == TEA.data * one.tally.to_pos
    assert one.tally.to_pos + one.tally.not_read == 1000


def test_what_a_pos_left_unread_is_not_for_whoever_comes_next() -> None:
    one = Handing()
    one.take([TEA], 1.0, pos_there=True)
    one.pos_left()
    assert one.unsent == b"" and one.tally.nobody == 1


def test_a_line_gone_mad_is_bounded_too() -> None:
    one = Handing()
    for _ in range(1000):
        one.take([Piece(b"x" * 100, ours=False, ended=False)], 1.0, pos_there=True)
    assert len(one.unsent) <= 2 * UNSENT_MAX_BYTES


def test_whoever_takes_a_killed_ones_place_has_it_all() -> None:
    one = Handing()
    one.agent_came()
    one.take([CARD, TEA, Piece(b"\xff", ours=False, ended=False)], 1.0, pos_there=True)
    assert thawed(json.loads(json.dumps(one.frozen()))) == one


def test_where_the_pos_has_everything_a_late_card_is_only_counted() -> None:
    one = Handing(everything=True)
    one.pass_on(Piece(CARD.data, ours=False, ended=True), pos_there=True)
    one.take([CARD], 1.0, pos_there=True)
    one.expire(AGENT_WAIT_S, pos_there=True)
    assert one.unsent == CARD.data and one.tally.late == 1
