"""A receipt comes out exactly once, whatever happens at whatever byte of it.

The real file, the real driver and the virtual printer's real bytes. A fault happens when the printer has taken N
bytes; the fault is mended; a person, who answers truthfully, is asked where nobody can know. Then the strip is read:
there must be one complete receipt that counts. HYPOTHESIS_PROFILE=long tries every byte.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from drivers.printer.document import QR, Barcode, Columns, Cut, Document, Drawer, Logo, Rule, Text, to_json
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.encode import encode
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile, Proof
from offline_cache.cache import Cache
from offline_cache.records import Paper, PrintJob
from pos_agent.printing import DUPLICATE, Printing
from pos_agent.strip import UNLESS_WHOLE, VOID
from tests.quick_line import QUICK
from tests.stepping import settle, status_of

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DEADLINE_S = 20.0
MUCH_LATER_S = 3_600.0  # so that no back-off makes a test wait
STATUS_BYTES = 60  # the questions before a job, which the printer counts too
PROFILE = PrinterProfile(name="test", columns=42, width_dots=504)
CUT = "8<"

RECEIPT = Document(
    (
        Text("Алёнка", align="center", bold=True, double=True),
        Rule(),
        *(Columns(f"Шоколад молочный, сорт {number}", f"{number * 10}.90") for number in range(1, 27)),
        Columns("К ОПЛАТЕ", "1234.56", bold=True, double=True),
        QR("po:till-1:1:17:0123456789abcdef", size=5),
        Barcode("4607012345677"),
        Text("Спасибо за покупку", align="center"),
        Cut(),
    )
)
MARK, OTHER = DUPLICATE["ru"].split("\n")


@dataclass
class Strip:
    """All that came out of the printer, from a moment on."""

    server: PrinterServer
    seen: int = 0
    rows: list[str] = field(default_factory=list)

    def read(self) -> list[str]:
        """The rows since the last call, with a mark at each cut. The end is torn off."""
        assert self.server.order("tear") == ""
        rows: list[str] = []
        while (path := self.server.tray.folder / f"receipt-{self.seen + 1:04d}.txt").exists():
            self.seen += 1
            rows += [*filter(None, map(str.strip, path.read_text("utf-8").splitlines())), CUT]
        return rows


class Shop:
    """A till's papers and its printer."""

    def __init__(
        self,
        folder: Path,
        profile: PrinterProfile = PROFILE,
        *,
        proof_deadline_s: float = 1.0,
        document: Document | None = None,
        **printer: Any,
    ) -> None:
        self.file, self.profile, self.proof_deadline_s = folder / "till.db", profile, DEADLINE_S
        self.document = document or RECEIPT
        self.server = PrinterServer(folder / "paper", pictures=False, **({"boot_s": 0} | printer))
        self.server.__enter__()
        self.start()
        self.strip = Strip(self.server)
        self.rows: list[str] = []  # of the receipt at work
        self.asked = self.planned_from = self.planned_at = 0
        self.other_whole: list[str] = []  # of the next customer's receipt
        self.voided = 0  # receipts that were complete and yet had to be declared void
        self.queue()
        self.finish()
        self.whole = self.rows[:-1]
        self.proof_deadline_s = proof_deadline_s
        self.printer._patience = replace(self.printer._patience, proof_s=proof_deadline_s)
        assert MARK not in " ".join(self.whole) and len(self.whole) > 30

    def start(self) -> None:
        self.cache = Cache(self.file, "till-1")
        self.jobs = self.cache.print_jobs
        self.printer = Printer(
            self.server.url,
            self.profile,
            answer_deadline_s=0.25,
            proof_deadline_s=self.proof_deadline_s,
            proof_poll_s=0.05,
        )
        self.printing = Printing(self.cache, self.printer, language="en", receipt_language="ru")

    def stop(self) -> None:
        self.printer.close()
        self.cache.close()

    def close(self) -> None:
        self.stop()
        self.server.__exit__()

    def queue(self) -> None:
        self.rows, self.asked = [], 0
        self.jobs.add(Paper(kind="receipt", label="17", document=to_json(self.document)), AT)

    def plan(self, at: int, fault: str) -> None:
        """The fault happens when the printer has taken so many more bytes."""
        self.planned_from, self.planned_at = self.server.machine.processed, self.server.machine.processed + at
        assert self.server.order(f"at {at} {fault}") == ""

    def reach(self) -> None:
        """Let a fault that was planned for after the receipt happen too, so that none is left for the next one."""
        deadline = time.monotonic() + DEADLINE_S
        while self.planned_from <= self.server.machine.processed < self.planned_at:
            assert time.monotonic() < deadline, "the fault never came"
            status_of(self.printer, MUCH_LATER_S)

    def open_job(self) -> PrintJob | None:
        return self.jobs.oldest_open()

    def step(self) -> None:
        settle(self.printing, MUCH_LATER_S)

    def until(self, *states: str) -> str:
        """Step until the job is in one of these states; "printed" when there is none open any more."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            job = self.open_job()
            state = job.state if job else "printed"
            if state in states:
                return state
            assert time.monotonic() < deadline, f"{state}, never {states}"
            self.step()

    def try_once(self) -> str:
        """Step until an attempt has ended, or the printer says that none would be of use; the job's state then."""
        while True:
            self.step()
            state = self.until("printed", "unknown", "interrupted", "queued")
            if state != "queued" or not self.printer.last_status.prints:
                return state

    def until_only_questions(self) -> None:
        """Step until nothing is left to do but to answer."""
        deadline = time.monotonic() + DEADLINE_S
        while self.jobs.to_do():
            assert time.monotonic() < deadline, self.jobs.counts()
            self.step()

    def look(self) -> list[str]:
        """What has come out so far, once the printer has taken all that was sent."""
        status_of(self.printer, MUCH_LATER_S)
        self.rows += self.strip.read()
        return self.rows

    def paper(self) -> int:
        job = self.open_job()
        assert job is not None
        return job.job

    def person(self, label: str = "17") -> bool:
        """Did it come out whole? Looks at the paper."""
        self.asked += 1
        return bool(self.complete(self.look(), label))

    def complete(self, rows: list[str], label: str = "17") -> list[int]:
        """Where on the strip complete receipts begin."""
        rows = [row for row in rows if row not in (MARK_ON_PAPER, OTHER)]
        whole = self.whole if label == "17" else self.other_whole
        size = len(whole)
        return [at for at in range(len(rows) - size + 1) if rows[at : at + size] == whole]

    def finish(self) -> None:
        """Until it is printed; a person answers truthfully."""
        while self.until("printed", "unknown") == "unknown":
            asked = self.jobs.in_question()[0]
            assert self.printing.answer(asked.job, came_out=self.person(asked.label))
        self.look()


MARK_ON_PAPER = " ".join(MARK)  # double width takes two columns a letter


@pytest.fixture(autouse=True)
def quick_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for the slowest line there is."""
    monkeypatch.setattr("drivers.printer.link.PACE", QUICK)
    monkeypatch.setattr("drivers.printer.attempt.SLOWEST_LINES_PER_S", 1e9)
    monkeypatch.setattr("pos_agent.printing.LATE_WORD_S", 0.05)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


REQUEST_BYTES = 10  # GS ( H with its id
JOB_BYTES = len(encode(RECEIPT, PROFILE, attempt_id="0000"))


def ends_of(job: bytes, every: int) -> range:
    """The bytes of any job."""
    return range(0, len(job) + STATUS_BYTES, every)


def positions(every: int) -> range:
    """The bytes at which a fault happens: from before the job to after its end."""
    return range(0, JOB_BYTES + STATUS_BYTES, 1 if LONG else every)


def assert_once(shop: Shop, at: int, *, garbled: bool = False) -> None:
    """One complete receipt that counts; what came out before it is declared void, and it is marked when anything did.
    Nothing but the receipt's own rows, the mark and the void line stands on the strip, unless `garbled`."""
    where = f"at byte {at}:\n" + "\n".join(shop.rows)
    *before, last = pieces(shop.rows)
    marks = [MARK_ON_PAPER, OTHER]
    assert last in ([*marks, *shop.whole], shop.whole), where
    if before:
        assert last[:2] == marks and before[-1][-1] == VOID["ru"], where
    known = [*shop.whole, *marks, VOID["ru"]]
    for row in (row for piece in before for row in piece if not garbled):
        assert any(full.startswith(row) for full in known), f"{row!r} {where}"
    shop.voided += sum(bool(shop.complete(piece)) for piece in before)


def pieces(rows: list[str]) -> list[list[str]]:
    """The strip as it was cut; empty pieces are none."""
    cut: list[list[str]] = [[]]
    for row in rows:
        if row == CUT:
            cut.append([])
        else:
            cut[-1].append(row)
    return [piece for piece in cut if piece]


def try_everywhere(shop: Shop, every: int, fault: str, mend: tuple[str, ...], may_ask: bool) -> None:
    for at in positions(every):
        shop.queue()
        shop.plan(at, fault)
        shop.try_once()
        stay_so(shop)
        shop.reach()
        for order in mend:
            assert shop.server.order(order) == ""
        shop.finish()
        # What a printer that was switched off still takes from the line when it is on again, it prints in the letters
        # of its first code page.
        assert_once(shop, at, garbled=fault == "power cycle")
        assert may_ask or not shop.asked, f"at byte {at} a person was asked"
        assert shop.asked or not may_ask or len(pieces(shop.rows)) == 1, f"at byte {at}: a second paper without asking"
        assert shop.jobs.counts().keys() == {"printed"}
    # A whole receipt is voided only when the printer stops within the request for its word, after the last row.
    assert shop.voided <= 1 + REQUEST_BYTES // positions(every).step, shop.voided


def stay_so(shop: Shop) -> None:
    """A few steps with the fault still there: nothing may come of them."""
    for _ in range(3):
        shop.step()


KEPT = [
    ("paper out", ("paper in",)),
    ("cover open", ("cover close",)),
    ("cutter jam", ("cutter free",)),
    ("overheat on", ("overheat off",)),
]


@pytest.mark.parametrize(("fault", "mend"), KEPT, ids=[fault for fault, _ in KEPT])
def test_a_printer_that_stops_and_keeps_its_buffer(shop: Shop, fault: str, mend: tuple[str, ...]) -> None:
    """It forgets the rest on our word, and nobody is asked."""
    try_everywhere(shop, 16, fault, mend, may_ask=False)


def test_a_printer_that_stops_and_loses_its_buffer(shop: Shop) -> None:
    try_everywhere(shop, 16, "paper out", ("power cycle", "paper in"), may_ask=False)


@pytest.mark.parametrize(
    ("fault", "mend"),
    [("power cycle", ()), ("power cycle kept", ()), ("unplug", ("plug",))],
    ids=["buffer lost", "buffer kept", "unplugged"],
)
def test_a_printer_that_goes_away_in_the_middle(shop: Shop, fault: str, mend: tuple[str, ...]) -> None:
    """Nobody can know how far it came: a person is asked."""
    try_everywhere(shop, 16, fault, mend, may_ask=True)


def test_a_printer_that_cannot_forget_prints_the_rest_and_its_late_word_settles_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path, replace(PROFILE, clear=False))
    try:
        for at in positions(16):
            shop.queue()
            shop.plan(at, "paper out")
            shop.try_once()
            stay_so(shop)
            shop.reach()
            shop.server.order("paper in")
            shop.finish()
            assert_once(shop, at)
            assert MARK_ON_PAPER not in shop.rows, f"at byte {at}"
    finally:
        shop.close()


def test_an_answer_given_too_early_leaves_one_receipt_that_counts(tmp_path: Path) -> None:
    """Paper is out, the person says no, and then the printer, which forgets nothing, prints the first one's rest."""
    shop = Shop(tmp_path, replace(PROFILE, clear=False))
    try:
        for at in positions(16):
            shop.queue()
            shop.plan(at, "paper out")
            if shop.try_once() == "unknown":
                shop.printing.answer(shop.paper(), came_out=False)
            shop.reach()
            shop.server.order("paper in")
            shop.finish()
            assert_once(shop, at)
    finally:
        shop.close()


def test_a_printer_that_falls_silent_is_never_believed_and_never_tried_again_unasked(tmp_path: Path) -> None:
    shop = Shop(tmp_path, proof_deadline_s=0.3)
    try:
        for at in positions(192):
            shop.queue()
            shop.plan(at, "silent on")
            state = shop.try_once()
            stay_so(shop)
            if state == "printed":
                assert at > JOB_BYTES - 20, "believed before its proof was sent"
            else:
                assert len(shop.complete(shop.look())) <= 1, f"at byte {at}: a second paper without an answer"
                job = shop.open_job()
                assert job is not None and job.attempt <= 1
            shop.reach()
            shop.server.order("silent off")
            shop.finish()
            assert_once(shop, at)
    finally:
        shop.close()


# A process that lives through its forks: each prints what is queued until it is killed. They stop themselves before
# they begin, so that the kill can be planned.
FORKS = """
import os, signal, sys, time
from pathlib import Path
from drivers.printer.encode import encode
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile
from offline_cache.cache import Cache
from pos_agent.printing import Printing

for line in sys.stdin:
    file, url = line.split()
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        cache = Cache(Path(file), "till-1")
        printing = Printing(
            cache, Printer(url, PrinterProfile(name="test", columns=42, width_dots=504)), language="en",
            receipt_language="ru",
        )
        while cache.print_jobs.oldest_open() is not None:
            next_s = printing.step(time.monotonic())
            printing.wait(max(next_s - time.monotonic(), 0.0))
        os._exit(0)
    os.waitpid(pid, os.WUNTRACED)
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print("ended", flush=True)
"""


def kill_all(alive: set[int]) -> None:
    """Whoever is still there at that byte."""
    for pid in tuple(alive):  # cleared meanwhile by whoever waited for its end
        os.kill(pid, signal.SIGKILL)


def test_an_agent_killed_at_any_moment(shop: Shop) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as forks:
        assert forks.stdin and forks.stdout
        for at in positions(48):
            shop.queue()
            shop.stop()
            forks.stdin.write(f"{shop.file} {shop.server.url}\n")
            forks.stdin.flush()
            pid = int(forks.stdout.readline())
            alive = {pid}
            shop.server.machine.at(at, partial(kill_all, alive))
            os.kill(pid, signal.SIGCONT)
            assert forks.stdout.readline() == "ended\n"
            alive.clear()
            shop.start()
            shop.finish()
            assert_once(shop, at)
            assert shop.asked or len(pieces(shop.rows)) == 1, f"at byte {at}: a second paper without asking"


def test_the_weaker_word_of_an_earlier_attempt_proves_no_later_one(tmp_path: Path) -> None:
    """GS r names no attempt, and a clone that forgets nothing still owes its answer to the first when the second is
    sent. Slowly, so that the second is on its way while the first comes out."""
    shop = Shop(tmp_path, replace(PROFILE, proof="gs_r", clear=False), proof_deadline_s=5.0)
    try:
        shop.server.ask(lambda: setattr(shop.server.machine, "lines_per_s", 150))
        for line in (2, 12, 25):
            shop.queue()
            shop.jobs.add(Paper(kind="receipt", label="18", document=to_json(RECEIPT)), AT)
            shop.server.order(f"at line {line} paper out")
            assert shop.try_once() == "unknown"
            assert shop.printing.answer(shop.paper(), came_out=False)
            shop.server.order("paper in")
            shop.finish()
            whole = [piece for piece in pieces(shop.rows) if piece[-len(shop.whole) :] == shop.whole]
            marked = [piece for piece in whole if piece[0] == MARK_ON_PAPER]
            assert (len(marked), len(whole) - len(marked)) == (1, 2), "\n".join(shop.rows)
            assert shop.asked <= 1, "the first one's word settled everything else"
    finally:
        shop.close()


# Long jobs, over a serial line, and the next customer behind them


def noisy_png() -> bytes:
    """A picture that no two rows of are the same."""
    stream = io.BytesIO()
    Image.effect_noise((160, 60), 80).convert("1").save(stream, format="PNG")
    return stream.getvalue()


LONG_RECEIPT = Document(
    (
        Logo(noisy_png()),
        *(Columns(f"Сыр твёрдый, сорт {number}", f"{number * 10}.50") for number in range(1, 14)),
        QR("https://example.org/receipt?" + "1" * 120, size=4),
        Drawer(),
        *(Columns(f"Хлеб ржаной, сорт {number}", f"{number * 10}.50") for number in range(1, 14)),
        QR("po:till-1:1:17:0123456789abcdef", size=5),
        Text("Спасибо за покупку", align="center"),
        Cut(),
    )
)
NEXT_RECEIPT = Document(
    (*(Columns(f"Соль, сорт {number}", f"{number}.10") for number in range(1, 5)), Text("Конец чека 18"), Cut())
)
# 1,150 bytes are lost while it is off: more than lie between two words, as on a real line, only faster
BAUD, BOOT_S = 230_400, 0.05
SERIAL: dict[str, Any] = {"pty": True, "baud": BAUD, "boot_s": BOOT_S}
TCP: dict[str, Any] = {"boot_s": BOOT_S}
LONG_JOB = encode(LONG_RECEIPT, PROFILE, attempt_id="0000")


def test_the_long_receipt_is_long() -> None:
    assert len(LONG_JOB) > 2_048 and LONG_JOB.count(b"\x1d(H\x06\x0000") >= 5


@pytest.mark.parametrize(
    ("wire", "proof", "every"), [(SERIAL, "process_id", 617), (SERIAL, "gs_r", 919), (TCP, "process_id", 619)]
)
def test_a_printer_switched_off_and_on_in_the_middle_of_a_long_receipt(
    tmp_path: Path, wire: dict[str, Any], proof: Proof, every: int
) -> None:
    """Over a serial line nothing breaks, and the end comes out; its last word alone proved what had no middle. The
    drawer opens once at most, whatever happens."""
    profile = replace(PROFILE, proof=proof, clear=proof == "process_id")
    shop = Shop(tmp_path, profile, proof_deadline_s=0.25, document=LONG_RECEIPT, **wire)
    torn = 0
    try:
        for at in ends_of(LONG_JOB, 1 if LONG else every):
            kicks = shop.server.ask(lambda: shop.server.machine.drawer_kicks)
            shop.queue()
            shop.plan(at, "power cycle")
            shop.try_once()
            stay_so(shop)
            shop.reach()
            shop.finish()
            assert counting(shop.rows, shop.whole) == 1, f"at byte {at}:\n" + "\n".join(shop.rows)
            assert shop.asked or not LONG_RECEIPT_TORN.intersection(shop.rows), f"at byte {at} nobody was asked"
            assert shop.server.ask(lambda: shop.server.machine.drawer_kicks) - kicks <= 1, f"at byte {at}"
            assert shop.jobs.counts().keys() == {"printed"}
            torn += bool(shop.asked)
    finally:
        shop.close()
    assert torn, "none of the faults was one"


LONG_RECEIPT_TORN = frozenset({MARK_ON_PAPER, VOID["ru"]})  # what only an answer brings


def counting(rows: list[str], whole: list[str], *others: list[str]) -> int:
    """How many papers with these rows count, by what the strip itself says. Read as a person would: a void one counts
    not, one that is void unless whole counts if it is, and a duplicate makes those before it void. Where the power went
    between a proof and its cut, two whole papers hang together."""
    count = 0
    for piece in pieces(rows):
        own = [row for row in piece if row not in (MARK_ON_PAPER, OTHER) and not row.startswith(tuple(UNLESS_ROWS))]
        complete = whole in whole_papers(own, whole, *others) and VOID["ru"] not in piece
        count = (1 if MARK_ON_PAPER in piece else count + 1) if complete else count
    return count


def whole_papers(rows: list[str], *wholes: list[str]) -> list[list[str]]:
    """The papers that a piece is made of, if it is made of whole ones alone."""
    found: list[list[str]] = []
    while rows:
        begins = [whole for whole in wholes if rows[: len(whole)] == whole]
        if not begins:
            return []
        found.append(begins[0])
        rows = rows[len(begins[0]) :]
    return found


UNLESS_ROWS = ("Выше: к чеку", "недействительно")  # as the words stand on 42 columns
assert UNLESS_WHOLE["ru"].format(papers="к чеку 17").startswith(UNLESS_ROWS[0])


@pytest.mark.parametrize(
    ("wire", "fault", "every"), [(TCP, "power cycle", 257), (TCP, "paper out", 487), (SERIAL, "power cycle", 613)]
)
def test_the_next_customers_receipt_comes_out_once_too_while_nobody_has_answered(
    tmp_path: Path, wire: dict[str, Any], fault: str, every: int
) -> None:
    """A fault at any byte of the first of two; the answer comes after the second one, and each counts once."""
    shop = Shop(tmp_path, proof_deadline_s=0.25, **wire)
    waited = 0
    try:
        shop.jobs.add(Paper(kind="receipt", label="18", document=to_json(NEXT_RECEIPT)), AT)
        shop.rows = []
        shop.finish()
        second = shop.other_whole = shop.rows[:-1]
        for at in positions(every):
            shop.queue()
            shop.jobs.add(Paper(kind="receipt", label="18", document=to_json(NEXT_RECEIPT)), AT)
            shop.plan(at, fault)
            shop.try_once()
            shop.reach()
            shop.server.order("paper in")
            shop.until_only_questions()
            waited += len(shop.jobs.in_question())
            shop.finish()
            where = f"at byte {at}:\n" + "\n".join(shop.rows)
            assert counting(shop.rows, shop.whole, second) == counting(shop.rows, second, shop.whole) == 1, where
            assert shop.jobs.counts().keys() == {"printed"}
    finally:
        shop.close()
    assert bool(waited) is (fault == "power cycle")
