from __future__ import annotations

import io
import os
import select
import socket
import termios
import threading
import time
import tty
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.errors import DeviceError
from drivers.link.descriptor import DescriptorLink
from drivers.link.serial import close_serial
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.link import PACE, check_url, open_link


def test_tcp_carries_both_ways_and_counts(emulated: PrinterServer) -> None:
    link = open_link(emulated.url)
    link.send(b"\x10\x04\x01")
    assert link.receive(5.0) == b"\x12"
    assert link.accepted == 3
    link.close()


def test_a_spy_shows_every_byte(emulated: PrinterServer) -> None:
    out = io.StringIO()
    link = open_link("spy+" + emulated.url, spy=out)
    link.send(b"\x10\x04\x01Hi")
    link.receive(5.0)
    link.close()
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert lines == [["→", "10", "04", "01", "48", "69", "...Hi"], ["←", "12", "."], ["×"]]


def test_closing_with_unread_answers_loses_nothing_of_what_was_sent() -> None:
    """Unread input makes the kernel reset the connection and throw away what is still on its way."""
    received, closed = bytearray(), threading.Event()

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            client.sendall(b"\x12" * 10_000)
            closed.wait(10.0)  # a slow printer: most of the job is still in the till's buffer
            with suppress(ConnectionResetError):
                while data := client.recv(4096):
                    received.extend(data)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        thread = threading.Thread(target=serve)
        thread.start()
        link = open_link(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        assert link.receive(10.0)[:1] == b"\x12"
        link.send(b"x" * 6000)
        link.close()
        closed.set()
        thread.join()
    assert len(received) == 6000


def test_a_printer_that_hangs_up_is_a_device_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = open_link(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        listener.accept()[0].close()
        with pytest.raises(DeviceError, match="closed the connection"):
            link.receive(10.0)
        link.close()


def test_a_printer_that_stops_taking_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.printer.link.PACE", replace(PACE, stall_s=0.1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = open_link(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(DeviceError, match="failed: timed out"):
            link.send(bytes(20_000_000))
        assert 0 < link.accepted < 20_000_000
        link.close()


def test_a_serial_line_carries_both_ways() -> None:
    ours, theirs = os.openpty()
    tty.setraw(ours)
    link = open_link(f"serial://{os.ttyname(theirs)}?baud=115200")
    link.send(b"\x10\x04\x01")
    assert os.read(ours, 10) == b"\x10\x04\x01"
    os.write(ours, b"\x12\x0d\x0a\x11")
    assert link.receive(5.0) == b"\x12\x0d\x0a\x11"
    assert link.receive(0.0) == b""
    link.close()
    os.close(ours)
    os.close(theirs)


def test_closing_a_serial_line_loses_nothing_of_what_was_sent() -> None:
    ours, theirs = os.openpty()
    tty.setraw(ours)
    link = open_link(f"serial://{os.ttyname(theirs)}")
    link.send(b"x" * 3000)
    link.close()
    received = b""
    while len(received) < 3000 and select.select([ours], [], [], 10.0)[0]:
        received += os.read(ours, 4096)
    assert len(received) == 3000
    os.close(ours)
    os.close(theirs)


class StoppedPort:
    """A serial port of pyserial's whose printer has said XOFF: a pty has no queue of its own to fill."""

    out_waiting = 700

    def __init__(self) -> None:
        self.done: list[str] = []

    def reset_output_buffer(self) -> None:
        self.done.append("forget")
        raise termios.error(5, "Input/output error")

    def close(self) -> None:
        self.done.append("close")


def test_a_serial_port_that_takes_no_more_is_left_soon_and_keeps_no_torn_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.link.serial.DRAIN_LOOK_S", 0.0)
    port = StoppedPort()
    close_serial(port)
    assert port.done == ["forget", "close"]


def test_a_network_printer_is_not_trusted_with_more_than_it_takes_nor_waited_for_for_ever(
    emulated: PrinterServer,
) -> None:
    link = open_link(emulated.url)
    assert isinstance(link, DescriptorLink)
    with socket.socket(fileno=os.dup(link.fd)) as same:
        assert same.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * 8192  # Linux counts its own bookkeeping too
        assert same.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert same.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 8000
        assert same.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
    link.close()


def test_a_serial_line_that_is_pulled_out_is_a_device_error() -> None:
    ours, theirs = os.openpty()
    link = open_link(f"serial://{os.ttyname(theirs)}")
    os.close(theirs)
    os.close(ours)
    with pytest.raises(DeviceError):
        link.receive(5.0)
    link.close()


def test_a_file_takes_the_bytes_and_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "job.bin"
    link = open_link(f"file://{path}")
    link.send(b"\x1b@one\n")
    assert link.receive(0.0) == b""
    link.close()
    assert path.read_bytes() == b"\x1b@one\n"


@pytest.mark.parametrize(
    "url",
    [
        "tcp://", "tcp://127.0.0.1:99999", "tcp://127.0.0.1:x", "serial:///dev/no-such-port", "serial:///dev/null?baud=fast",
        "serial:///dev/null?flow=maybe", "serial:///dev/null?baud", "file:///no/such/folder/file", "file://",
        "serial:///dev/null?baud=99999999999", "ipp://printer", "COM1", "spy+nothing",
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_one_clear_device_error(url: str) -> None:
    with pytest.raises(DeviceError) as caught:
        open_link(url)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "tcp://", "tcp://127.0.0.1:99999", "serial:///dev/ttyUSB0?baud=fast", "serial:///dev/ttyUSB0?speed=9600",
        "usb://04b8", "usb://04b8:202", "usb://04b8:0202?interface=one", "usb://04b8:0202?port=1", "usb://epson:0202",
        "file://", "file:///dev/usb/lp0?baud=9600", "", "spy+", "lpt1",
    ],
)  # fmt: skip
def test_a_mistake_in_a_url_is_told_before_anything_is_opened(url: str) -> None:
    with pytest.raises(DeviceError, match="A printer is tcp://"):
        check_url(url)


def test_a_port_that_another_program_holds_is_said_so() -> None:
    ours, theirs = os.openpty()
    first = open_link(f"serial://{os.ttyname(theirs)}")
    with pytest.raises(DeviceError) as caught:
        open_link(f"serial://{os.ttyname(theirs)}")
    assert "Another program holds the printer" in caught.value.hint and caught.value.held
    first.close()
    os.close(ours)
    os.close(theirs)


def test_a_link_that_cannot_answer_waits_its_time(tmp_path: Path) -> None:
    """Else who asks again until a deadline burns the processor."""
    link = open_link(f"file://{tmp_path / 'job.bin'}")
    began = time.monotonic()
    assert link.receive(0.05) == b""
    assert time.monotonic() - began >= 0.05
    link.close()
