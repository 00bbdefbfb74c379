"""What the cashier is told of the devices: each change once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.programmes import load_programme
from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.printer.status import PrinterStatus
from loyalty.paper.words import PaperWords
from pos_agent.answers import Ask, Choice
from pos_agent.damage_state import Damage
from pos_agent.notices import Notices
from pos_agent.protocol import PaperAnswer
from pos_agent.status import DamagedFile, HubStatus, LostOperations, ScannerCounts, ScannerState
from pos_agent.troubles import troubles


def test_each_state_of_the_printer_is_told_once_until_it_changes() -> None:
    notices = Notices("ru")
    states = [
        PrinterStatus.UNKNOWN,
        PrinterStatus.READY,
        PrinterStatus.READY,
        PrinterStatus.PAPER_OUT,
        PrinterStatus.PAPER_OUT,
        PrinterStatus.READY,
    ]
    told = [[(reply.ok, reply.text) for reply in notices.printer(state)] for state in states]
    ready, out = (True, "Принтер готов."), (False, "Нет бумаги: вставьте рулон.")
    assert told == [[], [ready], [], [out], [], [ready]]


def test_what_is_told_by_itself_is_short_too_and_a_question_has_its_answers() -> None:
    notices = Notices("en")
    answers = (Choice(text="Yes", command=PaperAnswer(paper=7, came_out=True)),)
    ask = Ask(text="Did the report come out?", answers=answers)
    (told,) = notices.question("Did report 02.03.2026 come out whole? Answer yes or no.", ask)
    assert (told.code, told.say, told.ask) == ("paper_question", (ask.text,), ask)
    (jammed,) = notices.printer(PrinterStatus.CUTTER)
    assert jammed.say == ("The knife is jammed", "Switch off")
    (slow,) = notices.clock(600, 300)
    assert slow.say == ("The clock is 10 min slow", "Call the manager")


def test_two_scanners_are_told_apart_and_connecting_is_no_news() -> None:
    notices = Notices("en")
    assert [reply.text for reply in notices.scanner("a", DeviceState.READY)] == ["Scanner a is ready."]
    assert notices.scanner("a", DeviceState.CONNECTING) == []
    assert notices.scanner("a", DeviceState.READY) == []
    assert [reply.ok for reply in notices.scanner("b", DeviceState.FAULTED)] == [False]
    assert notices.scanner("b", DeviceState.ABSENT) == [], "gone is gone"


def test_a_code_that_a_camera_cannot_read_is_told_once_and_anew_when_it_was_gone() -> None:
    notices = Notices("ru")
    told = [notices.unread("у входа", unread) for unread in (False, True, True, False, True)]
    assert [len(each) for each in told] == [0, 1, 0, 0, 1]
    (reply,) = told[1]
    assert (reply.ok, reply.code) == (False, "scanner_unread")
    assert reply.text == "Камера у входа видит код, но не может прочитать: поднесите ближе, уберите блик."
    assert reply.say == ("Код виден, но не читается", "Ближе и без блика")


def test_a_scanner_begins_with_connecting_and_that_is_said_once() -> None:
    notices = Notices("en")
    states = [DeviceState.CONNECTING, DeviceState.CONNECTING, DeviceState.READY, DeviceState.CONNECTING]
    told = [[(reply.ok, reply.text) for reply in notices.scanner("a", state)] for state in states]
    assert told == [[(True, "Scanner a: connecting.")], [], [(True, "Scanner a is ready.")], []]


def test_a_device_that_is_only_starting_is_not_called_away() -> None:
    """For its first second: later, or once it was lost, the truth."""
    life, now_s = DeviceLife(), 0.0
    assert life.starting
    while life.starting:
        life.happened(DeviceEvent.TRIED, now_s)
        assert life.starting
        life.happened(DeviceEvent.MISSING, now_s)
        if life.starting:
            now_s = life.try_at_s
    assert 1.0 < now_s < 2.0
    life = DeviceLife()
    life.happened(DeviceEvent.TRIED, 0.0)
    life.happened(DeviceEvent.OPENED, 0.0)
    assert not life.starting
    life.happened(DeviceEvent.FAILED, 5.0)
    assert not life.starting, "it was there, and is lost"


def test_the_same_question_about_another_day_is_asked_again() -> None:
    notices = Notices("en")
    asked = [len(notices.question(text)) for text in ("1?", "1?", None, "1?", "2?")]
    assert asked == [1, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("state", "unread", "code"),
    [("ready", True, "scanner_unread"), ("ready", False, None), ("absent", True, "scanner_away")],
)
def test_a_code_that_cannot_be_read_is_a_trouble_that_stops_nothing(state: str, unread: bool, code: str | None) -> None:
    scanner = ScannerState(
        name="left", url="camera:0", state=state, cause="", losses=0, counts=ScannerCounts(), refused={}, unread=unread
    )
    words = PaperWords(load_programme("alenka"), "ru", None)
    hub = HubStatus(url="", online=True, cause="", code="", pulled_at=None, clock_off_s=0)
    told = troubles(words, hub, 0, (), None, (scanner,), now=datetime(2026, 3, 2, tzinfo=UTC), clock_tolerance_s=60)
    assert [trouble.code for trouble in told] == ([code] if code else [])
    assert all(trouble.stops == (trouble.code == "scanner_away") for trouble in told)


def test_a_hub_that_does_not_answer_is_told_once_and_so_is_its_coming_back() -> None:
    notices = Notices("en")
    states = [(False, "not_asked"), (False, "unreachable"), (False, "unreachable"), (True, ""), (True, "")]
    told = [[reply.code for reply in notices.link(online, code, "http://h:8070")] for online, code in states]
    assert told == [[], ["link_away"], [], ["link_back"], []]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("not_joined", "link_not_joined"),
        ("no_key", "link_no_key"),
        ("strange_hub", "link_strange"),
        ("forked", "link_stopped"),
        ("revoked", "link_not_heard"),
    ],
)
def test_sec3_why_the_hub_is_not_heard_is_said_by_its_name(code: str, said: str) -> None:
    notices = Notices("en")
    assert [reply.code for reply in notices.link(False, code, "http://hub")] == [said]
    assert Notices("en").link(True, "", "http://h:8070") == [], "that all is well from the start is no news"


def test_f7_a_damaged_file_and_lost_operations_are_told_once_each_after_a_start() -> None:
    at = "2026-03-02T12:00:00.000000+00:00"
    damaged = (DamagedFile(file="till.db.damaged-1", at=at, why="bad", taken=7, unread=("1.3",)),)
    lost = (LostOperations(generation=1, first=8, last=9, at=at, count=2),)
    notices = Notices("en")
    damage, now = Damage(damaged=damaged, lost=lost), datetime(2026, 3, 3, tzinfo=UTC)
    told = notices.file(damage, now)
    assert [reply.code for reply in told] == ["damaged_file", "operations_lost"]
    assert "till.db.damaged-1" in told[0].text and "rescued: 7" in told[0].text and "are lost: 2" in told[1].text
    assert notices.file(damage, now) == []


@pytest.mark.parametrize(("days", "codes"), [(13, ["damaged_file", "operations_lost"]), (14, [])])
def test_f7_the_page_says_for_two_weeks_what_was_damaged_and_is_lost(days: int, codes: list[str]) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    told = troubles(
        PaperWords(load_programme("alenka"), "ru", None),
        HubStatus(url="", online=True, cause="", code="", pulled_at=None, clock_off_s=0),
        0,
        (),
        None,
        (),
        damaged=[DamagedFile(file="till.db.damaged-1", at=at.isoformat(), why="", taken=7, unread=())],
        lost=[LostOperations(generation=1, first=8, last=9, at=at.isoformat(), count=2)],
        now=at + timedelta(days=days),
        clock_tolerance_s=60,
    )
    assert [one.code for one in told] == codes
