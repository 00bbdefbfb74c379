"""Print jobs on a real file, through the real driver, on the emulated printer's real bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from config.printers import load_printer
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.printer import Printer
from drivers.scanner.decode import decode, read_picture
from loyalty.bodies import SaleNumber
from offline_cache.cache import Cache
from offline_cache.records import Paper, PrintJob
from pos_agent.answers import Ask, Choice
from pos_agent.printing import INTERRUPTED_MAX, Printing, attempt_id
from pos_agent.protocol import PaperAnswer
from pos_agent.receipt import operation_mark
from pos_agent.strip import VOID
from tests.drivers.printer.test_strangers import greets, somebody
from tests.pos_agent.conftest import Desk
from tests.quick_line import QUICK
from tests.stepping import drive, settle
from tests.there import there

DEADLINE_S = 20.0
MARK = "Д У Б Л И К А Т"  # double width takes two columns a letter


@pytest.fixture(autouse=True)
def quick_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for the slowest line there is."""
    monkeypatch.setattr("drivers.printer.link.PACE", QUICK)
    monkeypatch.setattr("drivers.printer.attempt.SLOWEST_LINES_PER_S", 1e9)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[PrinterServer]:
    with PrinterServer(tmp_path / "paper", port=0, boot_s=0) as server:
        yield server


def texts(folder: Path, count: int) -> list[str]:
    """So many papers, cut off. The printer's word comes before its cut."""
    deadline = time.monotonic() + DEADLINE_S
    while len(found := sorted(folder.glob("receipt-*.txt"))) < count:
        assert time.monotonic() < deadline, f"{len(found)} papers, never {count}"
    return [path.read_text(encoding="utf-8") for path in found]


def printing_on(desk: Desk, url: str) -> Printing:
    printer = Printer(url, load_printer())
    return Printing(desk.cache, printer, language="en", receipt_language="ru")


def asked(desk: Desk) -> int:
    """Which paper the question is about."""
    return there(desk.cache.print_jobs.oldest_open()).job


def sell(desk: Desk, sale: str) -> None:
    desk.basket()
    desk.code(desk.ANNA)
    assert desk.pay(sale).ok


def test_receipts_come_out_in_the_order_of_the_sales(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    for sale in ("1", "2", "3"):
        sell(desk, sale)
    printing = printing_on(desk, paper.url)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 3})
    assert [text.split("К чеку ")[1].split()[0] for text in texts(tmp_path / "paper", 3)] == ["1", "2", "3"]


def test_the_qr_on_the_paper_names_the_operation(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    """Read back from the picture by zxing-cpp, not from what was sent."""
    sell(desk, "1")
    drive(printing_on(desk, paper.url), lambda: desk.cache.print_jobs.counts() == {"printed": 1})
    texts(tmp_path / "paper", 1)
    (operation,) = there(desk.cache.sale(SaleNumber(day="2026-03-02", number="1"))).operations
    codes = decode(read_picture(tmp_path / "paper" / "receipt-0001.png"))
    assert [(code.symbology, code.text) for code in codes] == [("qr", operation_mark(operation))]


def test_without_paper_the_job_waits_and_nobody_is_asked(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    paper.machine.set(paper_out=True)
    sell(desk, "1")
    printing = printing_on(desk, paper.url)
    drive(printing, lambda: printing.status().state == "paper_out")
    assert desk.cache.print_jobs.counts() == {"queued": 1}
    assert printing.question is None
    paper.machine.set(paper_out=False)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 1})
    assert MARK not in texts(tmp_path / "paper", 1)[0]


def broken_off(desk: Desk, paper: PrinterServer) -> Printing:
    """A job whose printer went away in the middle of the receipt."""
    sell(desk, "1")
    paper.order("at 300 unplug")
    printing = printing_on(desk, paper.url)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"unknown": 1})
    settle(printing)
    return printing


def test_a_receipt_without_proof_is_asked_about_and_not_printed_again(
    desk: Desk, paper: PrinterServer, tmp_path: Path
) -> None:
    printing = broken_off(desk, paper)
    assert printing.question == "Did the “Card information” for receipt 1 come out whole? Answer yes or no."
    assert printing.ask == Ask(
        text="Points paper of 1 came out?",
        answers=(
            Choice(text="Yes", command=PaperAnswer(paper=asked(desk), came_out=True)),
            Choice(text="No", command=PaperAnswer(paper=asked(desk), came_out=False)),
        ),
    )
    paper.order("plug")
    for _ in range(5):
        settle(printing)
    assert desk.cache.print_jobs.counts() == {"unknown": 1}
    assert len(texts(tmp_path / "paper", 0)) <= 1


def test_no_it_did_not_prints_once_more_and_says_so_on_the_paper(
    desk: Desk, paper: PrinterServer, tmp_path: Path
) -> None:
    printing = broken_off(desk, paper)
    paper.order("plug")
    assert printing.answer(asked(desk), came_out=False)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 1})
    drive(printing, lambda: any(MARK in text for text in texts(tmp_path / "paper", 0)))
    assert sum(MARK in text for text in texts(tmp_path / "paper", 0)) == 1


def test_yes_it_did_prints_nothing_more(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    printing = broken_off(desk, paper)
    assert printing.answer(asked(desk), came_out=True)
    paper.order("plug")
    sell(desk, "2")
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 2})
    drive(printing, lambda: any("К чеку 2 " in text for text in texts(tmp_path / "paper", 0)))
    papers = texts(tmp_path / "paper", 0)
    assert (sum("К чеку 1 " in text for text in papers) <= 1, sum("К чеку 2 " in text for text in papers)) == (True, 1)
    assert not any(MARK in text for text in papers)


def forgets_nothing(desk: Desk, url: str) -> Printing:
    printer = Printer(url, replace(load_printer(), clear=False), proof_deadline_s=1.0)
    return Printing(desk.cache, printer, language="en", receipt_language="ru")


def test_the_printers_own_late_word_settles_the_question(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    sell(desk, "1")
    paper.order("at 300 paper out")
    printing = forgets_nothing(desk, paper.url)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"unknown": 1})
    paper.order("paper in")
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 1})
    assert len(texts(tmp_path / "paper", 1)) == 1


def test_a_late_word_about_the_first_attempt_says_nothing_of_the_second(desk: Desk, paper: PrinterServer) -> None:
    sell(desk, "1")
    paper.order("at 300 paper out")
    printing = forgets_nothing(desk, paper.url)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"unknown": 1})
    assert printing.answer(asked(desk), came_out=False)  # too early: the rest is still in the printer
    paper.order("paper in")
    paper.order("at line 4 silent on")  # in the second attempt; its word never comes, the first one's just did
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"unknown": 1})
    for _ in range(4):
        settle(printing)
    assert there(desk.cache.print_jobs.oldest_open()).attempt == 2
    assert desk.cache.print_jobs.counts() == {"unknown": 1}


def test_paper_that_ends_in_the_middle_is_printed_anew_without_asking(
    desk: Desk, paper: PrinterServer, tmp_path: Path
) -> None:
    sell(desk, "1")
    paper.order("at 300 paper out")
    printing = printing_on(desk, paper.url)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"interrupted": 1})
    settle(printing)
    assert printing.question is None and printing.status().state == "paper_out"
    paper.order("paper in")
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 1})
    torn, whole = texts(tmp_path / "paper", 2)
    assert torn.splitlines()[-1].strip() == VOID["ru"] and "Спасибо за покупку!" not in torn
    assert whole.splitlines()[0].strip() == MARK and "Спасибо за покупку!" in whole


def has_tried(desk: Desk, attempts: int) -> bool:
    job = desk.cache.print_jobs.oldest_open()
    return job is not None and job.attempt == attempts and job.state in ("interrupted", "unknown")


def test_a_printer_that_stops_every_time_is_not_fed_for_ever(desk: Desk, paper: PrinterServer) -> None:
    sell(desk, "1")
    printing = printing_on(desk, paper.url)
    for attempt in range(1, INTERRUPTED_MAX + 1):
        paper.order("paper in")
        paper.order("at 300 paper out")
        drive(printing, partial(has_tried, desk, attempt))
    assert desk.cache.print_jobs.counts() == {"unknown": 1}


def test_a_printer_that_never_says_anything_gets_each_receipt_once_and_a_person_is_asked(
    desk: Desk, tmp_path: Path
) -> None:
    """As a device node without a way back: here a plain file."""
    node = tmp_path / "lp0"
    printer = Printer(f"file://{node}", replace(load_printer(), proof="none", clear=False), answer_deadline_s=0.1)
    printing = Printing(desk.cache, printer, language="en", receipt_language="ru")
    for sale in ("1", "2"):
        sell(desk, sale)
        drive(printing, lambda: "unknown" in desk.cache.print_jobs.counts())
        settle(printing)
        assert printing.question is not None and f"receipt {sale}" in printing.question
        assert node.read_bytes().count(f"К чеку {sale}".encode("cp866")) == 1
        assert printing.answer(asked(desk), came_out=True)
    assert desk.cache.print_jobs.proofs() == {"person": 2}


def test_a_copy_says_so_at_its_top(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    sell(desk, "1")
    receipt = there(desk.cache.print_jobs.oldest_open())
    desk.cache.print_jobs.add(Paper(kind="copy", label="1", document=receipt.document), desk.now)
    drive(printing_on(desk, paper.url), lambda: desk.cache.print_jobs.counts() == {"printed": 2})
    first, copy = texts(tmp_path / "paper", 2)
    assert copy.splitlines()[0].strip() == "К О П И Я" and "К О П И Я" not in first
    assert copy.splitlines()[1:] == first.splitlines()


def test_an_answer_told_twice_is_no_answer_to_the_next_question(desk: Desk, tmp_path: Path) -> None:
    printer = Printer(f"file://{tmp_path / 'lp0'}", replace(load_printer(), proof="none"), answer_deadline_s=0.1)
    printing = Printing(desk.cache, printer, language="en", receipt_language="ru")
    for sale in ("1", "2"):
        sell(desk, sale)
    drive(printing, lambda: printing.asked is not None)
    first = printing.asked
    assert first is not None and printing.answer(first, came_out=True)
    drive(printing, lambda: printing.asked not in (None, first))
    assert not printing.answer(first, came_out=True)
    assert desk.cache.print_jobs.counts() == {"printed": 1, "unknown": 1}


def test_an_answer_without_a_question_is_nobodys(desk: Desk, paper: PrinterServer) -> None:
    assert not printing_on(desk, paper.url).answer(1, came_out=True)


def test_a_job_that_was_being_sent_when_the_agent_stopped_is_asked_about(desk: Desk, tmp_path: Path) -> None:
    sell(desk, "1")
    desk.cache.print_jobs.begin(there(desk.cache.print_jobs.oldest_open()))
    desk.cache.close()
    again = Cache(tmp_path / "till.db", "till-1")
    assert again.print_jobs.counts() == {"unknown": 1}
    again.close()


def test_a_stored_receipt_that_cannot_be_read_is_left_to_a_person(desk: Desk, paper: PrinterServer) -> None:
    sell(desk, "1")
    desk.cache.file.connection.execute("UPDATE print_jobs SET document = x'00'")
    printing = printing_on(desk, paper.url)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"unknown": 1})
    assert printing.answer(asked(desk), came_out=True)


def test_no_two_attempts_near_each_other_share_an_id() -> None:
    def job(number: int, attempt: int) -> PrintJob:
        return PrintJob(
            job=number,
            kind="receipt",
            label="1",
            key=None,
            document=b"",
            state="sending",
            attempt=attempt,
            cause="",
            doubtful=False,
        )

    ids = [attempt_id(job(number, attempt)) for number in range(1, 60) for attempt in range(1, 60)]
    assert len(set(ids)) == len(ids)
    assert all(len(id) == 4 and id.isalnum() for id in ids)


def test_the_cashier_is_told_what_answers_instead_of_a_printer(desk: Desk) -> None:
    """D28: and nothing of the receipt goes there."""
    sell(desk, "1")
    with somebody(greets(b"SSH-2.0-OpenSSH_9.2\r\n")) as url:
        printing = Printing(desk.cache, Printer(url, load_printer()), language="ru", receipt_language="ru")
        drive(printing, lambda: printing.status().state == "not_a_printer")
        assert printing.status().text.endswith("проверьте адрес и порт в настройках. “SSH-2.0-OpenSSH_9.2”")
        assert desk.cache.print_jobs.counts() == {"queued": 1}
        printing._printer.close()
