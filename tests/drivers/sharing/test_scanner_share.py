"""A scanner shared with a POS: real processes, an emulated scanner, a POS on a pty or TCP; and whoever dies of them."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from config.programmes import load_programme
from drivers.scanner.emulator.serial import PtyLine, ScannerEmulator, TcpLine, Wording
from drivers.scanner.shared import SharedScanner
from drivers.sharing.plan import ShareFiles, SharePlan
from loyalty.ours import own_codes
from tests.drivers.sharing.conftest import Shares, Till, kill, pids, until

CARD, TEA, MARKED = "2600000000017", "4600000000015", "0104600439931256215!x\x1d91EE06"
OWN = tuple((code.begins, code.whole) for code in own_codes(load_programme("alenka")))
FAST = Wording(baud=4_000_000)


class Counter:
    """Scanner, share, till and POS."""

    def __init__(self, shares: Shares, *, everything: bool = False) -> None:
        self.scanner = ScannerEmulator(PtyLine(shares.folder / "device"), FAST)
        self.scanner.plug()
        self.url = self.scanner.line.url
        self.door = f"pty:{shares.folder / 'pos'}"
        plan = SharePlan(
            kind="scanner", name="counter", device=self.url, door=self.door, own=OWN, everything=everything
        )
        self.files, self.keeper = shares.start(plan)
        self.tills: list[Till] = []
        self.till = self.another_till()
        self.pos = serial.Serial(self.door.removeprefix("pty:"), timeout=5)

    def another_till(self) -> Till:
        till = Till(SharedScanner(self.url, "counter", self.door, self.files, lambda: None))
        self.tills.append(till)
        return till

    def close(self) -> None:
        self.pos.close()
        for till in self.tills:
            till.close()
        self.scanner.unplug()


@pytest.fixture
def counters(shares: Shares) -> Iterator[Callable[..., Counter]]:
    made: list[Counter] = []

    def counter(**changes: bool) -> Counter:
        made.append(Counter(shares, **changes))
        return made[-1]

    yield counter
    for one in made:
        one.close()


def test_goods_go_on_as_the_maker_sent_them_and_cards_to_the_till_alone(counters: Callable[..., Counter]) -> None:
    counter = counters()
    counter.scanner.scan(TEA)
    counter.scanner.scan(CARD)
    counter.scanner.scan(MARKED, aim="]d2")
    assert counter.pos.read_until(b"\r") == TEA.encode() + b"\r"
    assert counter.pos.read_until(b"\r") == b"]d2" + MARKED.encode() + b"\r"
    until(lambda: counter.till.texts == [CARD], "the card did not reach the till")


def test_with_forward_all_both_read_everything(counters: Callable[..., Counter]) -> None:
    counter = counters(everything=True)
    for code in (TEA, CARD):
        counter.scanner.scan(code)
        assert counter.pos.read_until(b"\r") == code.encode() + b"\r"
    until(lambda: counter.till.texts == [TEA, CARD], "the till has not read everything")


def test_the_poss_orders_come_back_to_the_scanner_and_its_answer_to_the_pos(counters: Callable[..., Counter]) -> None:
    counter, heard = counters(), bytearray()
    counter.pos.write(b"\x16M\rVSUFCR.")

    def came() -> bool:
        heard.extend(counter.scanner.line.hear())
        return bytes(heard) == b"\x16M\rVSUFCR."

    until(came, "the order did not come back")
    counter.scanner.send(b"VSUFCR\x06.")
    assert counter.pos.read(8) == b"VSUFCR\x06."


@pytest.mark.parametrize("whose", ["worker", "keeper"])
def test_whoever_of_the_two_is_killed_in_the_middle_of_a_code_nothing_is_torn(
    counters: Callable[..., Counter], whose: str
) -> None:
    """The POS's port stays open, the scanner is not opened anew, half a code in hand is still there."""
    counter = counters()
    shares_folder = counter.files.folder
    for _ in range(5):
        was = counter.till.worker
        counter.scanner.send(b"46")
        assert counter.pos.read(2) == b"46"  # so it waits for more, as does half a card:
        counter.scanner.send(b"00\r26000")
        assert counter.pos.read(3) == b"00\r"
        if whose == "worker":
            kill(was)
            counter.scanner.send(b"00000017\r" + TEA.encode() + b"\r")
            until(lambda was=was: counter.till.worker != was, "nobody took its place")  # type: ignore[misc]
        else:
            kill(counter.keeper)
            until(lambda: len(set(pids(shares_folder)) - {counter.keeper}) == 2, "nobody took the keeper's place")
            counter.scanner.send(b"00000017\r" + TEA.encode() + b"\r")
            counter.keeper = was  # dead or alive, from now on the worker is killed
            whose = "worker"
        assert counter.pos.read_until(b"\r") == TEA.encode() + b"\r"
    until(lambda: counter.till.texts == [CARD] * 5, f"{counter.till.texts}")


def test_a_card_that_the_till_had_in_hand_comes_again_to_the_next_one(counters: Callable[..., Counter]) -> None:
    counter = counters()
    counter.till.answers = False
    counter.scanner.scan(CARD)
    until(lambda: counter.till.texts == [CARD], "the card did not come")
    counter.till.close()  # as one who is killed: it has answered nothing
    counter.scanner.scan(TEA)
    assert counter.pos.read_until(b"\r") == TEA.encode() + b"\r", "the POS sells without the till"
    again = counter.another_till()
    until(lambda: again.texts == [CARD], "the card did not come again")
    until(lambda: again.scanner.told["tally"]["to_agent"] == 1 or tell(counter), "it was not taken")
    assert again.texts == [CARD]


def tell(counter: Counter) -> bool:
    """A share tells its counts when something happens."""
    counter.scanner.scan(TEA)
    counter.pos.read_until(b"\r")
    return False


def test_an_unplugged_scanner_is_told_and_comes_back(counters: Callable[..., Counter]) -> None:
    counter = counters()
    counter.scanner.send(b"460")
    assert counter.pos.read(3) == b"460"
    counter.scanner.unplug()
    until(lambda: counter.till.scanner.life.state.value == "faulted", "nobody was told")
    counter.scanner.plug()
    until(lambda: counter.till.scanner.life.state.value == "ready", "it did not come back")
    counter.scanner.scan(CARD)
    until(lambda: counter.till.texts == [CARD], "the card did not reach the till")
    assert counter.till.scanner.life.losses == 1


def test_codes_for_a_pos_that_is_closed_are_lost_as_on_a_cable_and_told(counters: Callable[..., Counter]) -> None:
    counter = counters()
    counter.pos.close()
    until(lambda: counter.till.scanner.told["pos"] == "nobody", "the POS's leaving was not told")
    counter.scanner.scan(TEA)
    until(lambda: counter.till.scanner.told["tally"]["nobody"] == 1, "the loss was not counted")
    counter.pos.open()
    counter.scanner.scan(MARKED)
    assert counter.pos.read_until(b"\r") == MARKED.encode() + b"\r", "what was scanned before is nobody's goods now"


def test_a_pos_that_reads_nothing_holds_nobody_up(counters: Callable[..., Counter]) -> None:
    counter = counters()
    for number in range(4_000):  # beyond the system's buffer and ours
        counter.scanner.send(b"%013d\r" % number)
        if number % 100 == 0:
            until(lambda: counter.scanner.send(b"1\r"), "the scanner was held up")
    until(lambda: counter.till.scanner.told["tally"]["not_read"] > 0, "the loss was not told")
    assert counter.till.scanner.told["pos"] == "not_read"
    counter.scanner.scan(CARD)
    until(lambda: counter.till.texts == [CARD], "the till was held up")
    read = [int(counter.pos.read_until(b"\r")) for _ in range(100)]
    assert [number for number in read if number != 1] == sorted({number for number in read if number != 1})


def test_a_pos_on_tcp_and_a_scanner_on_tcp(shares: Shares) -> None:
    scanner = ScannerEmulator(TcpLine(), FAST)
    scanner.plug()
    port = free_port()
    plan = SharePlan(kind="scanner", name="t", device=scanner.line.url, door=f"tcp:{port}", own=OWN)
    files, _ = shares.start(plan)
    till = Till(SharedScanner(plan.device, "t", plan.door, files, lambda: None))
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as pos:
            until(lambda: till.scanner.told["pos"] == "", "the POS was not let in")
            scanner.scan(TEA)
            scanner.scan(CARD)
            assert pos.recv(100) == TEA.encode() + b"\r"
            kill(till.worker)
            scanner.scan(MARKED)
            assert pos.recv(100) == MARKED.encode() + b"\r", "the connection outlives the process"
        until(lambda: till.texts == [CARD], "the card did not come")
    finally:
        till.close()
        scanner.unplug()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_pos_behind_a_cable(shares: Shares) -> None:
    """A serial port of ours leads to it: here the two ends of a pty."""
    master, slave = os.openpty()
    scanner = ScannerEmulator(PtyLine(shares.folder / "device"), FAST)
    scanner.plug()
    door = f"serial://{os.ttyname(slave)}?baud=115200"
    files, _ = shares.start(SharePlan(kind="scanner", name="c", device=scanner.line.url, door=door, own=OWN))
    till = Till(SharedScanner(scanner.line.url, "c", door, files, lambda: None))
    try:
        until(lambda: till.scanner.told["pos"] == "", "the cable was not opened")
        scanner.scan(TEA)
        assert os.read(master, 100) == TEA.encode() + b"\r"
    finally:
        till.close()
        scanner.unplug()
        os.close(master)
        os.close(slave)


def test_two_cannot_share_one_scanner_and_a_wrong_door_is_told_at_once(shares: Shares) -> None:
    scanner = ScannerEmulator(PtyLine(shares.folder / "device"), FAST)
    scanner.plug()
    plan = SharePlan(kind="scanner", name="c", device=scanner.line.url, door=f"pty:{shares.folder / 'pos'}")
    shares.start(plan)
    with pytest.raises(AssertionError, match="shared already"):
        Shares(shares.folder).start(plan)
    ShareFiles.of(shares.folder, "scanner", "c").log.unlink()
    there = shares.folder / "taken"
    there.touch()
    with pytest.raises(AssertionError, match="Give it a path that is free"):
        shares.start(SharePlan(kind="scanner", name="d", device=scanner.line.url, door=f"pty:{there}"))
    scanner.unplug()


def test_a_tills_folder_may_lie_deep(tmp_path: Path) -> None:
    from drivers.sharing.local import Message, connect, listen

    folder = tmp_path / ("deep" * 20) / ("deeper" * 10)
    folder.mkdir(parents=True)
    files = ShareFiles.of(folder, "scanner", "счётчик/../x")
    with listen(files.socket) as listener, connect(files.socket) as asking:
        asking.send(Message(b"T", 7).packed())
        listener.setblocking(True)
        assert listener.accept()[0].recv(100) == Message(b"T", 7).packed()
    assert files.socket.stat().st_mode & 0o777 == 0o600
