"""The virtual printer on its cables: a TCP window that closes, XOFF and XON, slow lines, several at a time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import serial

from drivers.printer.emulator.server import BOOT_S, PrinterServer
from drivers.printer.emulator.wires import TcpWire

DEADLINE_S = 20
ASK = b"\x10\x04\x01"


@contextmanager
def client_of(printer: PrinterServer) -> Iterator[socket.socket]:
    parts = urlsplit(printer.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=DEADLINE_S) as client:
        yield client


@contextmanager
def port_of(printer: PrinterServer) -> Iterator[serial.Serial]:
    with serial.Serial(urlsplit(printer.url).path, timeout=DEADLINE_S, write_timeout=DEADLINE_S) as port:
        yield port


def ended(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def until(printer: PrinterServer, true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not printer.ask(true):
        assert time.monotonic() < deadline


def test_a_full_buffer_closes_the_tcp_window_and_loses_nothing(tmp_path: Path) -> None:
    data = b"a line of text\n" * 4000
    with PrinterServer(tmp_path, pictures=False, buffer_bytes=512) as printer, client_of(printer) as client:
        printer.order("paper out")
        sender = threading.Thread(target=client.sendall, args=(data,))
        sender.start()
        machine = printer.machine
        until(printer, lambda: machine.room == 0)
        assert (machine.processed, machine.buffered, machine.lost) == (0, 512, 0)
        printer.order("paper in")
        sender.join(DEADLINE_S)
        until(printer, lambda: machine.processed == len(data))
        assert machine.lost == 0


def test_an_answer_waits_for_nobodys_word_of_the_one_before(tmp_path: Path) -> None:
    """Else each receipt took 40 ms longer."""
    with PrinterServer(tmp_path, pictures=False) as printer, client_of(printer) as client:
        client.sendall(ASK)
        assert client.recv(1)
        wire = printer.wire
        assert isinstance(wire, TcpWire) and wire._client is not None
        assert wire._client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_the_next_client_waits_for_its_turn(tmp_path: Path) -> None:
    with PrinterServer(tmp_path) as printer, client_of(printer) as second_in_line:
        second_in_line.sendall(ASK)
        assert second_in_line.recv(1) == b"\x12"
        with client_of(printer) as waiting:
            waiting.sendall(ASK)
            waiting.settimeout(0.05)
            with pytest.raises(TimeoutError):
                waiting.recv(1)
            second_in_line.close()
            waiting.settimeout(DEADLINE_S)
            assert waiting.recv(1) == b"\x12"


@pytest.mark.parametrize("order", ["power cycle", "power cycle kept", "unplug"])
def test_the_connection_breaks_with_the_power_and_the_cable(tmp_path: Path, order: str) -> None:
    with PrinterServer(tmp_path, boot_s=0) as printer:
        with client_of(printer) as client:
            client.sendall(ASK)
            assert client.recv(1) == b"\x12"
            printer.order(order)
            assert ended(client)
        if order == "unplug":
            with pytest.raises(ConnectionRefusedError), client_of(printer):
                pass
            printer.order("plug")
        with client_of(printer) as client:
            client.sendall(ASK)
            assert client.recv(1) == b"\x12"


def test_a_planned_power_cycle_leaves_the_printed_rows_and_loses_the_rest(tmp_path: Path) -> None:
    with PrinterServer(tmp_path, pictures=False) as printer:
        printer.order("at line 2 power cycle")
        with client_of(printer) as client:
            client.sendall(b"one\ntwo\nthree\nfour\n")
            assert ended(client)
        assert printer.ask(printer.machine.interpreter.paper.lines) == ["one", "two"]
        assert [(piece.state, piece.cause) for piece in printer.ledger] == [("torn", "power")]


def test_a_serial_printer_answers_and_outlives_its_hosts(tmp_path: Path) -> None:
    with PrinterServer(tmp_path / "out", link=tmp_path / "till-printer") as printer:
        assert printer.url == f"serial://{tmp_path / 'till-printer'}"
        for _ in range(2):
            with port_of(printer) as port:
                port.write(ASK)
                assert port.read(1) == b"\x12"
        printer.order("unplug")
        assert printer.url.endswith("till-printer")
        assert not (tmp_path / "till-printer").exists()
        printer.order("plug")
        with port_of(printer) as port:
            port.write("Чек\n".encode("cp866") + b"\x1dV\x00\x1dr\x01")
            assert port.read(1) == b"\x00"
    assert (tmp_path / "out" / "receipt-0001.txt").exists() and not (tmp_path / "till-printer").is_symlink()


def test_a_serial_printer_says_stop_before_its_buffer_is_full_and_go_on_later(tmp_path: Path) -> None:
    with PrinterServer(tmp_path, pty=True, pictures=False, buffer_bytes=512) as printer, port_of(printer) as port:
        printer.order("paper out")
        port.write(b"x" * 300)
        until(printer, lambda: printer.machine.buffered == 300)
        assert port.in_waiting == 0
        port.write(b"y" * 200)
        assert port.read(1) == b"\x13"
        port.write(b"z" * 1000)
        until(printer, lambda: printer.machine.room == 0)
        printer.order("paper in")
        assert port.read(1) == b"\x11"
        until(printer, lambda: printer.machine.processed == 1500)
        assert printer.machine.lost == 0


def test_a_slow_line_brings_its_bytes_by_the_clock(tmp_path: Path) -> None:
    """The clock is the test's: while it stands, no more than what one tick may bring comes through."""
    now = [100.0]
    tick_bytes = 2 * 960 // 10 // 50  # at 960 baud, in a fiftieth of a second, and once more for what was saved up
    with PrinterServer(tmp_path, pictures=False, baud=960, clock=lambda: now[0]) as printer:
        machine = printer.machine
        with client_of(printer) as client:
            client.sendall(b"x" * 200)
            before = 0
            for _ in range(5):
                until(printer, lambda seen=before: machine.processed > seen)  # type: ignore[misc]
                for _ in range(20):
                    assert printer.ask(lambda: machine.processed) <= before + tick_bytes
                before = printer.ask(lambda: machine.processed)
                now[0] += 1.0
            printer.order("baud 0")
            until(printer, lambda: machine.processed == 200)


def test_several_printers_do_not_mix(tmp_path: Path) -> None:
    with PrinterServer(tmp_path / "1") as first, PrinterServer(tmp_path / "2") as second:
        second.order("paper out")
        for printer, answer in ((first, b"\x12"), (second, b"\x1a")):
            with client_of(printer) as client:
                client.sendall(ASK)
                assert client.recv(1) == answer


def test_a_cable_that_cannot_go_back_in_is_told_and_the_printer_lives(tmp_path: Path) -> None:
    with PrinterServer(tmp_path) as printer:
        address = (urlsplit(printer.url).hostname, printer.port)
        assert printer.order("unplug") == ""
        with socket.create_server(address):
            assert "in use" in printer.order("plug")
        assert printer.order("plug") == ""


def test_an_order_that_is_none_says_what_there_is(tmp_path: Path) -> None:
    with PrinterServer(tmp_path) as printer:
        for line in (
            "dance",
            "at x paper out",
            "at 5 dance",
            "at line paper out",
            "after nan paper out",
            "after -1 tear",
        ):
            assert "there are: paper out" in printer.order(line), line
        for line in ("at 5 paper out", "at line 3 cutter jam", "after 0.5 cover open", "  paper   in "):
            assert printer.order(line) == "", line


def test_a_serial_printer_without_power_hears_nothing_and_says_nothing(tmp_path: Path) -> None:
    now = [100.0]
    with PrinterServer(tmp_path, pty=True, pictures=False, clock=lambda: now[0]) as printer, port_of(printer) as port:
        printer.order("power cycle")
        port.write(ASK + b"lost\n")
        until(printer, lambda: printer.machine.lost == len(ASK) + 5)
        now[0] += BOOT_S
        port.write(b"kept\n" + ASK)
        assert port.read(1) == b"\x12"
        assert printer.ask(printer.machine.interpreter.paper.lines) == ["kept"]
        port.timeout = 0
        assert port.read(1) == b""


@pytest.mark.parametrize("order", ["power cycle", "power cycle kept"])
def test_a_printer_without_power_keeps_no_connection(tmp_path: Path, order: str) -> None:
    now = [100.0]
    with PrinterServer(tmp_path, pictures=False, clock=lambda: now[0]) as printer:
        printer.order(order)
        with client_of(printer) as client:
            assert ended(client)
        now[0] += BOOT_S
        printer.order("paper in")  # whoever sets the clock wakes the printer
        with client_of(printer) as client:
            client.sendall(ASK)
            assert client.recv(1) == b"\x12"
