"""The cash drawer opens once, now or not at all; nobody is asked about it, and no paper waits for it or repeats it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from config.printers import load_printer
from drivers.printer.document import Cut, Document, Drawer, Text, to_json
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile
from offline_cache.cache import Cache
from offline_cache.print_jobs import ONCE, PaperEvent, PaperState
from offline_cache.records import Paper
from pos_agent.desks.drawer import KICK
from pos_agent.printing import Printing
from pos_agent.protocol import OpenDrawer, PaperAnswer
from tests.pos_agent.conftest import Desk
from tests.quick_line import QUICK
from tests.stepping import drive, settle
from tests.there import there

DEADLINE_S = 20.0
OPENS = PrinterProfile(name="opens", drawer=True)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[PrinterServer]:
    with PrinterServer(tmp_path / "paper", port=0, boot_s=0) as server:
        yield server


def printing_on(desk: Desk, url: str, profile: PrinterProfile = OPENS) -> Printing:
    printing = Printing(desk.cache, Printer(url, profile), language="en", receipt_language="ru")
    desk.checkout.house.drawer = printing
    return printing


def kicked(paper: PrinterServer, times: int) -> int:
    """How often; the printer's word comes before its kick."""
    deadline = time.monotonic() + DEADLINE_S
    while (kicks := paper.ask(lambda: paper.machine.drawer_kicks)) < times:
        assert time.monotonic() < deadline, f"{kicks} kicks, never {times}"
    return kicks


def open_kick(desk: Desk) -> bool:
    return desk.cache.print_jobs.open_kick() is not None


def sell(desk: Desk, sale: str) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    assert desk.pay(sale).ok


def test_pressed_twice_it_opens_once_and_puts_nothing_on_paper(
    desk: Desk, paper: PrinterServer, tmp_path: Path
) -> None:
    printing = printing_on(desk, paper.url)
    assert desk.do(OpenDrawer()).code == desk.do(OpenDrawer()).code == "drawer_opens"
    drive(printing, lambda: not open_kick(desk))
    assert kicked(paper, 1) == 1
    assert desk.do(OpenDrawer()).ok, "the next time it opens again"
    drive(printing, lambda: not open_kick(desk))
    assert kicked(paper, 2) == 2
    assert not list((tmp_path / "paper").glob("receipt-*")) and desk.cache.print_jobs.counts() == {}
    assert desk.cache.print_jobs.proofs() == {}


def test_a_printer_without_paper_says_so_and_the_drawer_does_not_open_later(desk: Desk, paper: PrinterServer) -> None:
    printing = printing_on(desk, paper.url)
    assert desk.do(OpenDrawer()).ok, "nobody has asked that printer yet"
    paper.machine.set(paper_out=True)
    drive(printing, lambda: not open_kick(desk))
    assert desk.do(OpenDrawer()).code == "drawer_not_now"
    paper.machine.set(paper_out=False)
    sell(desk, "1")
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 1})
    assert kicked(paper, 0) == 0


def test_an_unproved_kick_is_over_and_nobody_is_asked(desk: Desk, paper: PrinterServer) -> None:
    printing = printing_on(desk, paper.url)
    desk.do(OpenDrawer())
    paper.order("at 12 unplug")
    drive(printing, lambda: not open_kick(desk))
    settle(printing)
    assert (printing.question, desk.cache.print_jobs.counts()) == (None, {})


def test_an_open_question_about_a_paper_stays_and_the_drawer_opens_beside_it(
    desk: Desk, paper: PrinterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.printer.link.PACE", QUICK)
    monkeypatch.setattr("drivers.printer.attempt.SLOWEST_LINES_PER_S", 1e9)
    sell(desk, "1")
    paper.order("at 300 unplug")
    printing = printing_on(desk, paper.url)
    drive(printing, lambda: printing.question is not None)
    paper.order("plug")
    asked = printing.asked
    drive(printing, lambda: printing.why_not("en") is None)
    assert desk.do(OpenDrawer()).ok
    drive(printing, lambda: not open_kick(desk))
    assert kicked(paper, 1) == 1
    assert (printing.asked, desk.cache.print_jobs.counts()) == (asked, {"unknown": 1})
    assert printing.answer(PaperAnswer(paper=there(asked), came_out=True).paper, True)


@pytest.mark.parametrize("events", [(), (PaperEvent.BEGUN,), (PaperEvent.BEGUN, PaperEvent.SENT)])
def test_after_a_restart_nobody_waits_for_the_drawer(
    desk: Desk, paper: PrinterServer, events: tuple[PaperEvent, ...]
) -> None:
    printing_on(desk, paper.url)
    desk.do(OpenDrawer())
    job = there(desk.cache.print_jobs.open_kick())
    for event in events:
        job = there(desk.cache.print_jobs.happened(job, event))
    again = Cache(desk.cache.file.path, "till-1")
    assert again.print_jobs.open_kick() is None and again.print_jobs.oldest_open() is None
    settle(Printing(again, Printer(paper.url, OPENS), language="en", receipt_language="ru"))
    again.close()
    assert kicked(paper, 0) == 0


def test_where_no_drawer_can_open_it_is_said(desk: Desk, paper: PrinterServer) -> None:
    assert desk.do(OpenDrawer()).code == "drawer_without_printer"
    printing_on(desk, paper.url, PrinterProfile(name="closed", drawer=False))
    assert desk.do(OpenDrawer()).code == "no_drawer"
    assert not open_kick(desk)


def test_each_move_of_a_kick_is_in_its_table_and_none_leads_back() -> None:
    order = [PaperState.QUEUED, PaperState.SENDING, PaperState.SENT]
    ends = {PaperState.PRINTED, PaperState.DROPPED}
    assert set(ONCE) == set(PaperState)
    for state, event in itertools.product(PaperState, PaperEvent):
        after = ONCE[state].get(event)
        if after is not None:
            assert after in ends or order.index(after) > order.index(state)
    assert not any(ONCE[end] for end in ends)
    assert b"drawer" in KICK and load_printer().drawer


@pytest.mark.parametrize(
    ("kind", "events", "kicks"),
    [
        ("report", (), 1),
        ("report", (PaperEvent.BEGUN, PaperEvent.NOT_SENT), 1),
        ("report", (PaperEvent.BEGUN, PaperEvent.INTERRUPTED), 0),
        ("copy", (), 0),
    ],
)
def test_a_kick_inside_a_paper_comes_with_no_duplicate_and_no_copy(
    desk: Desk, paper: PrinterServer, kind: Literal["report", "copy"], events: tuple[PaperEvent, ...], kicks: int
) -> None:
    jobs = desk.cache.print_jobs
    document = to_json(Document((Text("Сдача"), Drawer(), Cut())))
    jobs.add(Paper(kind=kind, label="1", document=document), desk.now)
    job = there(jobs.oldest_open())
    for event in events:
        job = there(jobs.happened(job, event))
    drive(printing_on(desk, paper.url), lambda: jobs.counts() == {"printed": 1})
    assert kicked(paper, kicks) == kicks
