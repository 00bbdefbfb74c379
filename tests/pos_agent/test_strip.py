"""Only what must wait waits for an open question about a paper, and the strip stays unambiguous."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from drivers.printer.emulator.server import PrinterServer
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile
from loyalty.operation import Key
from offline_cache.cache import Cache
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Paper, PaperKind, PrintJob
from pos_agent.printing import Printing
from pos_agent.protocol import Reprint
from pos_agent.strip import NAMES, QUESTIONS_MAX, UNLESS_WHOLE, VOID, closing, look_alike, next_paper
from tests.pos_agent.conftest import Desk
from tests.pos_agent.test_printing import MARK, asked, forgets_nothing, printing_on, sell, texts
from tests.quick_line import QUICK
from tests.stepping import drive, settle
from tests.there import there

SALE, OTHER_SALE = Key(1, 17), Key(1, 18)


@pytest.fixture(autouse=True)
def quick_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for the slowest line there is."""
    monkeypatch.setattr("drivers.printer.link.PACE", QUICK)
    monkeypatch.setattr("drivers.printer.attempt.SLOWEST_LINES_PER_S", 1e9)
    monkeypatch.setattr("pos_agent.printing.LATE_WORD_S", 0.3)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[PrinterServer]:
    with PrinterServer(tmp_path / "paper", port=0, boot_s=0, pictures=False) as server:
        yield server


def job(number: int, kind: PaperKind, label: str, key: Key | None = None, state: str = "queued") -> PrintJob:
    return PrintJob(
        job=number,
        kind=kind,
        label=label,
        key=key,
        document=b"",
        state=state,
        attempt=1,
        cause="",
        doubtful=state != "queued",
    )


# which paper comes next

ALIKE: list[tuple[tuple[PaperKind, str, Key | None], tuple[PaperKind, str, Key | None], bool]] = [
    (("receipt", "17", SALE), ("receipt", "18", OTHER_SALE), False),  # the next customer's
    (("receipt", "17", SALE), ("receipt", "17", OTHER_SALE), True),  # of another POS, or another day
    (("receipt", "17", SALE), ("copy", "17", SALE), True),
    (("copy", "17", SALE), ("copy", "18", OTHER_SALE), False),
    (("receipt", "17", SALE), ("return", "3", OTHER_SALE), False),
    (("return", "17", OTHER_SALE), ("receipt", "17", SALE), True),  # returns may be numbered among the sales
    (("receipt", "17", SALE), ("slip", "****4321", SALE), False),  # a form has nothing of a receipt
    (("slip", "****4321", SALE), ("slip", "****4321", OTHER_SALE), True),
    (("report", "02.03.2026", None), ("receipt", "17", SALE), False),
    (("report", "02.03.2026", None), ("report", "02.03.2026", None), True),
    (("report", "02.03.2026", None), ("report", "03.03.2026", None), False),
]


@pytest.mark.parametrize(("one", "other", "alike"), ALIKE)
def test_a_paper_waits_for_the_answer_about_one_that_looks_like_it(
    one: tuple[PaperKind, str, Key | None], other: tuple[PaperKind, str, Key | None], alike: bool
) -> None:
    first, second = job(1, *one, state="unknown"), job(2, *other)
    assert look_alike(first, second) is look_alike(second, first) is alike
    assert next_paper([second], [first]) == (None if alike else second)


def test_what_waits_holds_nobody_behind_it() -> None:
    first = job(1, "receipt", "17", SALE, state="unknown")
    copy, report, receipt = job(2, "copy", "17", SALE), job(3, "report", "02.03.2026"), job(4, "receipt", "18")
    assert next_paper([copy, report, receipt], [first]) == report
    assert next_paper([copy, report, receipt], []) == copy, "in the order of the sales"


def test_a_printer_that_leaves_all_in_doubt_is_not_fed_for_ever() -> None:
    doubtful = [job(number, "receipt", str(number), state="unknown") for number in range(QUESTIONS_MAX)]
    later = job(9, "receipt", "9")
    assert next_paper([later], doubtful[:-1]) == later
    assert next_paper([later], doubtful) is None


def test_what_closes_the_strip_is_true_whatever_the_answer() -> None:
    seventeen, eighteen = job(1, "receipt", "17", state="unknown"), job(2, "receipt", "18")
    assert closing(eighteen, [], "ru") is None
    assert closing(seventeen, [seventeen], "ru") == VOID["ru"]
    assert closing(eighteen, [seventeen], "ru") == "Выше: к чеку 17. Не целиком - недействительно"
    both = closing(seventeen, [seventeen, eighteen], "en")
    assert both == "Above: for receipt 17, for receipt 18. Void unless whole"
    assert closing(job(3, "drawer", ""), [seventeen], "ru") is None
    assert {kind for one, other, _ in ALIKE for kind in (one[0], other[0])} <= set(NAMES)


def test_every_paper_that_somebody_is_asked_about_can_be_named_on_the_strip() -> None:
    """A certificate could not, and the printing ended (seeds 20069 and 20077 of the simulated chain)."""
    assert set(NAMES) == set(get_args(PaperKind)) - {"drawer"}, "nobody is asked about the kick of a drawer"
    above = job(1, "certificate", "****0017", state="unknown")
    assert closing(job(2, "receipt", "18"), [above], "en") == "Above: certificate ****0017. Void unless whole"


# on paper


def in_doubt(desk: Desk, paper: PrinterServer) -> Printing:
    """The paper of sale 1 broke off in the middle, and the printer is there again."""
    sell(desk, "1")
    paper.order("at 300 power cycle")
    printing = printing_on(desk, paper.url)
    drive(printing, lambda: printing.question is not None)
    return printing


def on_strip(folder: Path, count: int) -> list[str]:
    """Each piece that was cut off, in short: whose paper, what it says of itself, and whether it ends as one does."""
    mark = " ".join(MARK.split())
    said = {UNLESS_WHOLE["ru"].split(".")[1].strip(): "unless", VOID["ru"]: "void", mark: "again"}
    return [
        " ".join(
            [
                *(f"{number}" for number in range(1, 9) if f"К чеку {number} " in text),
                *(short for words, short in said.items() if words in " ".join(text.split())),
                *(["whole"] if "Спасибо за покупку!" in text else []),
            ]
        )
        for text in texts(folder, count)
    ]


def test_the_next_customers_paper_comes_although_nobody_has_answered(
    desk: Desk, paper: PrinterServer, tmp_path: Path
) -> None:
    printing = in_doubt(desk, paper)
    question = printing.question
    sell(desk, "2")
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"unknown": 1, "printed": 1})
    assert printing.question == question, "it stays"
    assert on_strip(tmp_path / "paper", 2) == ["1 unless", "2 whole"]
    assert printing.answer(there(printing.asked), came_out=False)
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 2})
    assert on_strip(tmp_path / "paper", 3)[2:] == ["1 again whole"], "the torn one was closed before"


def test_a_no_before_the_next_paper_voids_as_ever(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    printing = in_doubt(desk, paper)
    assert printing.answer(there(printing.asked), came_out=False)
    sell(desk, "2")
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 2})
    assert on_strip(tmp_path / "paper", 3) == ["1 void", "1 again whole", "2 whole"]


def test_a_yes_leaves_nothing_to_close(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    sell(desk, "1")
    printer = Printer(paper.url, PrinterProfile(name="mute", proof="none"), answer_deadline_s=0.2)
    printing = Printing(desk.cache, printer, language="en", receipt_language="ru")
    drive(printing, lambda: printing.question is not None)
    assert printing.answer(there(printing.asked), came_out=True)
    sell(desk, "2")
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 1, "unknown": 1})
    assert on_strip(tmp_path / "paper", 2) == ["1 whole", "2 whole"]


def test_a_copy_of_what_is_in_question_waits_and_a_report_does_not(desk: Desk, paper: PrinterServer) -> None:
    printing = in_doubt(desk, paper)
    assert desk.do(Reprint()).code == "receipt_in_question"
    jobs = desk.cache.print_jobs
    receipt = there(jobs.oldest_open())
    jobs.add(Paper(kind="copy", label="1", document=receipt.document), desk.now, key=receipt.key)
    jobs.add(Paper(kind="report", label="02.03.2026", document=receipt.document), desk.now)
    drive(printing, lambda: jobs.counts() == {"unknown": 1, "queued": 1, "printed": 1})
    for _ in range(3):
        settle(printing)
    assert [waiting.kind for waiting in jobs.to_do()] == ["copy"]
    assert printing.answer(receipt.job, came_out=True)
    drive(printing, lambda: jobs.counts() == {"printed": 3})


def test_after_three_questions_the_printer_is_to_be_seen_to_first(desk: Desk, tmp_path: Path) -> None:
    printer = Printer(f"file://{tmp_path / 'lp0'}", PrinterProfile(name="mute", proof="none"), answer_deadline_s=0.02)
    printing = Printing(desk.cache, printer, language="en", receipt_language="ru")
    for sale in range(1, 6):
        sell(desk, str(sale))
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"unknown": QUESTIONS_MAX, "queued": 2})
    for _ in range(3):
        settle(printing)
    assert desk.cache.print_jobs.counts() == {"unknown": QUESTIONS_MAX, "queued": 2}
    first, *_, last = desk.cache.print_jobs.in_question()
    assert printing.asked == first.job, "the oldest is asked about"
    assert printing.answer(last.job, came_out=True), "and any may be answered"
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 1, "unknown": 3, "queued": 1})


def test_a_late_word_settles_the_right_paper_before_the_next_one_is_sent(
    desk: Desk, paper: PrinterServer, tmp_path: Path
) -> None:
    """A clone that forgets nothing prints the rest when paper is in; the next customer's paper is given after it."""
    sell(desk, "1")
    sell(desk, "2")
    paper.order("at 300 paper out")
    printing = forgets_nothing(desk, paper.url)
    drive(printing, lambda: printing.question is not None)
    for _ in range(3):
        settle(printing)
    assert desk.cache.print_jobs.counts() == {"unknown": 1, "queued": 1}
    paper.order("paper in")
    drive(printing, lambda: desk.cache.print_jobs.counts() == {"printed": 2})
    assert on_strip(tmp_path / "paper", 2) == ["1 whole", "2 whole"]


@pytest.mark.parametrize(("fault", "state"), [("paper out", "interrupted"), ("power cycle", "unknown")])
def test_a_second_doubt_on_an_unclosed_strip_closes_both(
    desk: Desk, paper: PrinterServer, tmp_path: Path, fault: str, state: str
) -> None:
    printing = in_doubt(desk, paper)
    sell(desk, "2")
    paper.order(f"at line 9 {fault}")
    drive(printing, lambda: sorted(counts(desk)) == sorted({"unknown", state}))
    drive(printing, lambda: sum(counts(desk).values()) == 2 and "queued" not in counts(desk))
    paper.order("paper in")
    sell(desk, "3")
    drive(printing, lambda: "3 whole" in on_strip(tmp_path / "paper", 0))
    pieces = " ".join(" ".join(texts(tmp_path / "paper", 2)).split())
    assert "Выше: к чеку 1, к чеку 2. Не целиком - недействительно" in pieces
    assert pieces.count("Не целиком") == 2, "of the first alone, and of both"


def counts(desk: Desk) -> dict[str, int]:
    return desk.cache.print_jobs.counts()


def test_a_restart_remembers_what_is_not_closed(desk: Desk, paper: PrinterServer, tmp_path: Path) -> None:
    in_doubt(desk, paper)
    sell(desk, "2")
    desk.cache.close()
    again = Cache(desk.cache.file.path, "till-1")
    printing = Printing(again, Printer(paper.url, PrinterProfile(name="again")), language="en", receipt_language="ru")
    drive(printing, lambda: again.print_jobs.counts() == {"unknown": 1, "printed": 1})
    assert on_strip(tmp_path / "paper", 2) == ["1 unless", "2 whole"]
    again.close()


@pytest.mark.parametrize("proofs", list(itertools.product(("process_id", "person"), repeat=2)))
def test_the_order_of_attempts_is_not_that_of_the_sales(desk: Desk, proofs: tuple[str, str]) -> None:
    """Whether the very last one sent was proved is not known after a restart: all of the last ones must be."""
    jobs = desk.cache.print_jobs
    for number, proof in enumerate(proofs, 1):
        sell(desk, str(number))
        jobs.happened(jobs.begin(jobs.to_do()[0]), PaperEvent.PROVED, proof=proof)
    assert jobs.lately_proved() is (proofs == ("process_id", "process_id"))


def test_the_reply_asks_about_the_oldest(desk: Desk, paper: PrinterServer) -> None:
    printing = in_doubt(desk, paper)
    assert asked(desk) == printing.asked
