"""What the cashier is told of scans that are not certain, or that nobody had room for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.programmes import load_programme
from drivers.scanner.scan import AFTER_GAP, BAD_CHECK_DIGIT, LOST_KEYS, REFUSED, UNTERMINATED, Scan
from drivers.scanner.stream import ScanStream
from pos_agent.agent import QUEUE_EVENTS_MAX, Agent
from pos_agent.answers import Reply
from pos_agent.commands.status import counted
from tests.pos_agent.conftest import Desk
from tests.there import there

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return Agent(desk.checkout, load_programme("alenka"), "en", None)


def scan(text: str, *flags: str) -> Scan:
    return Scan(text=text, raw=text.encode(), symbology="ean13", scanner="counter", at=NOW, flags=frozenset(flags))


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        ({BAD_CHECK_DIGIT}, "check_digit"),
        ({BAD_CHECK_DIGIT, AFTER_GAP}, "unsure_scan"),
        ({UNTERMINATED}, "unsure_scan"),
        ({LOST_KEYS}, "unsure_scan"),
        ({REFUSED}, "unsure_scan"),
    ],
)
def test_no_flagged_scan_is_believed_and_the_cashier_is_told_why(
    agent: Agent, desk: Desk, flags: set[str], code: str
) -> None:
    assert agent.scanned(scan(desk.ANNA, *flags))
    event = agent.take()
    assert event is not None
    assert there(agent.step(event, NOW)).code == code
    assert agent.view().visit.state == "idle"


def test_a_scan_without_room_is_counted_and_the_cashier_is_told(agent: Agent, desk: Desk) -> None:
    stream = ScanStream(agent.scanned)
    for number in range(QUEUE_EVENTS_MAX):
        stream.take(scan(f"code-{number}"), float(number))
    before = agent.handled
    stream.take(scan(desk.ANNA), 1000.0)
    assert (stream.counts.scans, stream.counts.lost) == (QUEUE_EVENTS_MAX, 1)
    looked = agent.view(after=before, wait_s=5)
    assert looked.reply is not None and (looked.reply.code, looked.handled) == ("busy", before + 1)
    event = agent.take()
    assert event is not None
    assert there(agent.step(event, NOW)).code == "not_ours"  # the oldest was kept


def test_the_counters_are_one_line_without_what_never_happened() -> None:
    counts = {"scans": 7, "flagged": 0, "refused": 2, "duplicates": 0, "lost": 1}
    assert counted(counts, losses=3) == "7 scans, 2 refused, 1 lost, connection lost 3 times"
    assert counted({"scans": 0, "flagged": 0}, losses=0) == "0 scans"


def heard(agent: Agent, text: str) -> Reply:
    assert agent.scanned(scan(text))
    event = agent.take()
    assert event is not None
    return there(agent.step(event, NOW))


@pytest.mark.parametrize("letter", ["A", "d"])
def test_d30_a_known_card_behind_a_letter_says_so(agent: Agent, desk: Desk, letter: str) -> None:
    """The scanner has a maker's identifiers, and nobody told the till."""
    told = heard(agent, letter + desk.ANNA)
    assert (told.code, agent.view().visit.state) == ("not_ours", "idle")
    assert f"“{letter}”" in told.text and "setting of the scanner" in told.text


@pytest.mark.parametrize("text", ["A2600000000994", "12600000000017", "AB", "A"])
def test_d30_what_is_no_known_card_behind_a_letter_is_as_it_was(agent: Agent, text: str) -> None:
    assert "letter" not in heard(agent, text).text


@pytest.mark.parametrize("text", ["\ufeff{}", "{}\0", "\ufeff{}\0\0"])
def test_d08_a_byte_order_mark_or_zeros_do_not_hide_a_card(agent: Agent, desk: Desk, text: str) -> None:
    """Whoever read it, a camera or another program's scanner."""
    assert heard(agent, text.format(desk.ANNA)).code == "member_found"


def test_d10_goods_with_an_add_on_are_goods(agent: Agent) -> None:
    assert heard(agent, "460000000001512345").code == "goods"
    assert heard(agent, "460000000001612345").code == "not_ours"
