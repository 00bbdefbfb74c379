"""The loop: one queue, one event at a time, and nobody's mistake stops it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from config.programmes import load_programme
from drivers.scanner.scan import UNTERMINATED, Scan
from pos_agent.agent import QUEUE_EVENTS_MAX, Agent
from pos_agent.answers import ToldSale
from pos_agent.protocol import Cancel, Code, PaperAnswer, Redeem, SetBasket
from tests.pos_agent.conftest import Desk

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return Agent(desk.checkout, load_programme("alenka"), "en", None)


def scan(text: str, *flags: str) -> Scan:
    return Scan(text=text, raw=text.encode(), symbology="ean13", scanner="counter", at=NOW, flags=frozenset(flags))


def answer_next(agent: Agent) -> Any:
    event = agent.take()
    assert event is not None
    return agent.step(event, NOW)


def test_a_scan_from_a_device_is_answered_like_a_typed_code(agent: Agent, desk: Desk) -> None:
    agent.scanned(scan(desk.ANNA))
    assert answer_next(agent).code == "member_found"
    assert agent.view().visit.balance_points == 150


def test_the_receipts_that_outlived_the_process_are_shown_before_anything_happens(agent: Agent, desk: Desk) -> None:
    desk.do(SetBasket(lines=(desk.chocolate(1),), sale="1"))
    desk.do(SetBasket(lines=(desk.chocolate(3),), sale="2"))
    agent.begin(NOW)
    shown = agent.view().visit
    assert (shown.receipt, shown.put_aside, shown.to_pay_kopecks) == ("2", ("1",), 3 * 8990)


def test_r21_n12_the_visit_tells_each_line_with_its_positions_as_the_reply_does(agent: Agent, desk: Desk) -> None:
    """A POS with a fiscal device needs each line's net price, also when it only looks."""
    agent.asked(SetBasket(lines=(desk.chocolate(3), desk.SWEETS), sale="1"))
    agent.asked(Code(text=desk.ANNA))
    agent.asked(Redeem(points=100))
    replies = [answer_next(agent) for _ in range(3)]
    shown = agent.view().visit
    assert shown.told == replies[-1].told
    assert isinstance(shown.told, ToldSale)
    assert all(line.positions and line.discount != "0.00" for line in shown.told.lines)
    assert shown.told.to_pay == "394.90" and shown.to_pay_kopecks == 39_490


def test_a_receipt_of_before_whose_quote_is_gone_is_shown_without_a_promise(agent: Agent, desk: Desk) -> None:
    desk.do(SetBasket(lines=(desk.chocolate(1),), sale="1"))
    front = replace(desk.checkout.visit, quote=None)
    desk.checkout.receipts = desk.checkout.receipts.with_front(front)
    agent.begin(NOW)
    shown = agent.view().visit
    assert isinstance(shown.told, ToldSale)
    assert (shown.quote, shown.told.quote, shown.told.to_pay) == (None, None, "89.90")


def test_a_scan_that_is_not_certain_is_not_believed(agent: Agent, desk: Desk) -> None:
    agent.scanned(scan(desk.ANNA[:9], UNTERMINATED))
    assert answer_next(agent).code == "unsure_scan"
    assert agent.view().visit.state == "idle"


def test_events_are_answered_in_the_order_they_came(agent: Agent, desk: Desk) -> None:
    replies = [agent.asked(Code(text=desk.ANNA)), agent.asked(Cancel()), agent.asked(Code(text=desk.BORIS))]
    for _ in replies:
        answer_next(agent)
    assert [reply.result().code for reply in replies] == ["member_found", "cancelled", "member_found"]
    assert agent.handled == 3


def test_a_full_queue_refuses_the_newest_and_keeps_the_rest(agent: Agent, desk: Desk) -> None:
    for _ in range(QUEUE_EVENTS_MAX):
        agent.scanned(scan(desk.ANNA))
    assert agent.asked(Cancel()).result(timeout=0).code == "busy"
    for _ in range(QUEUE_EVENTS_MAX):
        assert answer_next(agent).ok
    assert agent.take() is None


def test_our_own_mistake_is_told_and_the_next_event_is_answered(agent: Agent, desk: Desk) -> None:
    """The till's file is closed under the checkout: whatever that raises must not end the loop."""
    desk.cache.outbox_length()
    for reader in desk.cache.file._snapshots._idle:
        reader.connection.close()
    reply = agent.asked(Code(text=desk.ANNA))
    answer_next(agent)
    assert (reply.result().ok, reply.result().code) == (False, "fault")
    desk.cache.reopen()
    agent.asked(Code(text=desk.ANNA))
    assert answer_next(agent).code == "member_found"


def test_a_paper_answer_without_a_printer_is_refused(agent: Agent) -> None:
    reply = agent.asked(PaperAnswer(paper=1, came_out=True))
    answer_next(agent)
    assert reply.result().code == "no_paper_question"
