"""A printer shared with a POS: real processes and the virtual printer. What lies on its paper is whole and in order."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.printers import load_printer
from drivers.printer.attempt import PrintResult
from drivers.printer.by_hand import print_out
from drivers.printer.document import Cut, Document, Text
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.link import open_link
from drivers.printer.printer import Printer, PrintOutcome
from drivers.printer.shared import SharedTurn
from drivers.printer.status import PrinterStatus
from drivers.sharing.local import listen
from drivers.sharing.plan import ShareFiles, SharePlan
from tests.drivers.sharing.conftest import Shares, kill, until
from tests.drivers.sharing.test_scanner_share import free_port
from tests.stepping import status_of

INIT, CUT, DLE_EOT_1 = b"\x1b@", b"\x1dV\x00", b"\x10\x04\x01"


class Counter:
    """A virtual printer, the share, the till's driver with its turn, the POS."""

    def __init__(self, shares: Shares, **printer: object) -> None:
        self.paper = PrinterServer(shares.folder / "paper", pictures=False, boot_s=0.1, **printer)  # type: ignore[arg-type]
        self.paper.__enter__()
        self.port = free_port()
        plan = SharePlan(kind="printer", name="printer", device=self.paper.url, door=f"tcp:{self.port}")
        self.files, _ = shares.start(plan)
        self.turn = SharedTurn(plan.door, self.files, lambda: None)
        self.printer = Printer(self.turn.url, load_printer("epson-tm-t20"), proof_poll_s=0.2)
        until(lambda: status_of(self.printer) is PrinterStatus.READY, "the printer is not ready")
        self.pos = self.connected()

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ours(self, number: int) -> PrintOutcome:
        """When it is our turn, and with its word."""
        until(lambda: self.turn.mine(time.monotonic()), f"no turn: {self.turn.told}")
        document = Document((Text(f"ours {number}"), Text("points"), Cut()))
        try:
            return print_out(self.printer, document, f"{number:04}", clean=not self.turn.clean)
        finally:
            self.turn.done()

    def told(self, what: str) -> object:
        self.turn.look(time.monotonic())
        return self.turn.told.get(what)

    def asked(self) -> bytes:
        self.pos.sendall(DLE_EOT_1)
        return self.pos.recv(1)

    def drained(self) -> None:
        """The POS's word that the printer has worked through all of its receipts."""
        self.pos.sendall(b"\x1dr\x01")
        assert self.pos.recv(1) == b"\x00"

    def papers(self) -> list[list[str]]:
        files = sorted((self.paper.tray.folder).glob("receipt-*.txt"))
        return [[line for line in path.read_text("utf-8").splitlines() if line] for path in files]

    def close(self) -> None:
        self.pos.close()
        self.printer.close()
        self.paper.__exit__()


@pytest.fixture
def counters(shares: Shares) -> Iterator[Callable[..., Counter]]:
    made: list[Counter] = []

    def counter(**printer: object) -> Counter:
        made.append(Counter(shares, **printer))
        return made[-1]

    yield counter
    for one in made:
        one.close()


def test_our_paper_comes_between_the_poss_receipts_and_has_its_proof(counters: Callable[..., Counter]) -> None:
    counter = counters()
    counter.pos.sendall(INIT + b"\x1bt\x11" + b"tea\n" + CUT)
    counter.drained()
    assert counter.ours(1).result is PrintResult.PRINTED
    counter.pos.sendall(b"bread \x8f\n" + CUT)  # without ESC @: in the code page that it set before
    counter.drained()
    assert counter.papers() == [["tea"], ["ours 1", "points"], ["bread П"]]


def test_while_ours_waits_for_paper_the_poss_questions_are_answered(counters: Callable[..., Counter]) -> None:
    counter, outcomes = counters(), list[PrintOutcome]()
    until(lambda: counter.turn.mine(time.monotonic()), "no turn")
    counter.pos.sendall(INIT + b"tea\n" + CUT)
    assert counter.asked() == b"\x12"
    counter.paper.order("cover open")
    assert counter.asked() == b"\x1a"
    counter.paper.order("cover close")
    outcomes.append(print_out(counter.printer, Document((Text("ours"), Cut())), "0001"))
    counter.turn.done()
    counter.drained()
    assert counter.papers() == [["ours"], ["tea"]] and outcomes[0].result is PrintResult.PRINTED


def test_a_pos_that_prints_at_random_and_we_between_whoever_is_killed(counters: Callable[..., Counter]) -> None:
    """Receipts of both are whole and in the order of each; the workers that are killed meanwhile leave no trace."""
    counter, dice, sent = counters(), random.Random(7), 40
    print("seed 7")
    receipts = [
        INIT + b"pos %d\n" % number + b"\x1dv0\x00\x01\x00\x08\x00\x1dV\x00\n\x1b@ab" + CUT for number in range(sent)
    ]

    speaking = threading.Lock()

    def pos_prints() -> None:
        for data in receipts:
            with speaking:
                while data:
                    step = dice.randint(1, 60)
                    counter.pos.sendall(data[:step])
                    data = data[step:]
            time.sleep(dice.choice((0, 0, 0.001, 0.35)) if dice.random() < 0.2 else 0)

    thread = threading.Thread(target=pos_prints)
    thread.start()
    outcomes = []
    for number in range(6):
        outcomes.append(counter.ours(number).result)
        if number % 2 and counter.turn.told:  # never while it reads: what was read is in hand with its answer
            with speaking:
                counter.asked()
                kill(counter.turn.told["pid"])
    thread.join()
    counter.drained()
    papers = counter.papers()
    assert outcomes == [PrintResult.PRINTED] * 6
    assert [paper[0] for paper in papers if paper[0].startswith("ours")] == [f"ours {number}" for number in range(6)]
    pos = [paper for paper in papers if not paper[0].startswith("ours")]
    assert [paper[0] for paper in pos] == [f"pos {number}" for number in range(sent)]
    assert all(len([line for line in paper if line.startswith(("pos", "ours"))]) == 1 for paper in papers)
    assert {piece.state for piece in counter.paper.ledger} == {"complete"}


def test_an_agent_that_dies_in_its_turn_leaves_the_printer_to_the_pos(counters: Callable[..., Counter]) -> None:
    counter = counters()
    until(lambda: counter.turn.mine(time.monotonic()), "no turn")
    counter.pos.sendall(INIT + b"tea\n" + CUT)
    assert counter.turn._line is not None
    counter.turn._line.close()  # as the system does it for one who is dead
    counter.drained()
    assert counter.papers() == [["tea"]]


def test_a_pos_that_dies_in_a_picture_does_not_eat_our_paper(counters: Callable[..., Counter]) -> None:
    counter = counters()
    counter.pos.sendall(INIT + b"half\n\x1dv0\x00\x40\x00\x10\x00" + bytes(300))
    until(lambda: counter.told("turn") == "pos", "it did not begin")
    counter.pos.close()
    assert counter.ours(1).result is PrintResult.PRINTED
    counter.pos = counter.connected()
    counter.pos.sendall(INIT + b"next\n" + CUT)
    counter.drained()
    assert [paper[-2:] for paper in counter.papers()] == [["ours 1", "points"], ["next"]]


def test_a_printer_that_is_gone_is_gone_for_both_and_comes_back_for_both(counters: Callable[..., Counter]) -> None:
    counter = counters()
    counter.paper.order("unplug")
    until(lambda: status_of(counter.printer) is PrinterStatus.UNPLUGGED, "nobody was told")
    with pytest.raises(OSError):
        while counter.pos.recv(1):
            pass
        raise ConnectionResetError("the POS's connection ended")
    counter.paper.order("plug")
    until(lambda: status_of(counter.printer) is PrinterStatus.READY, "it did not come back")
    counter.pos = counter.connected()
    counter.pos.sendall(INIT + b"tea\n" + CUT)
    counter.drained()
    assert counter.ours(1).result is PrintResult.PRINTED
    assert counter.papers() == [["tea"], ["ours 1", "points"]]


def test_the_pos_prints_without_any_agent(shares: Shares, tmp_path: Path) -> None:
    with PrinterServer(tmp_path / "paper", pictures=False) as paper:
        port = free_port()
        files, _ = shares.start(SharePlan(kind="printer", name="p", device=paper.url, door=f"tcp:{port}"))
        with socket.create_connection(("127.0.0.1", port), timeout=10) as pos:
            pos.sendall(INIT + b"tea\n" + CUT + DLE_EOT_1)
            assert pos.recv(1) == b"\x12"
            pos.sendall(b"\x1dr\x01")
            assert pos.recv(1) == b"\x00"
        assert files.socket.exists()
        assert [piece.state for piece in paper.ledger] == ["complete"]


def test_the_folder_of_a_till_may_be_called_anything(tmp_path: Path) -> None:
    files = ShareFiles.of(tmp_path / "касса 50%41 #1?", "printer", "printer")
    files.folder.mkdir()
    with listen(files.data_socket, stream=True):
        open_link(SharedTurn("tcp:9101", files, lambda: None).url).close()
