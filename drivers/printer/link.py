"""The printer's link, by URL: bytes to it and from it, every wait bounded, every foreign error translated.

tcp://HOST[:9100]              a network printer, or the emulator
serial:///dev/ttyUSB0?baud=N   also `&flow=rtscts|xonxoff|none`
usb://04b8:0202[/SERIAL]       through libusb, the ids as lsusb prints them; also `?interface=N`
file:///dev/usb/lp0            a device node, or a plain file (which never answers)
shared:///…/NAME.data.sock     the till's end of a printer that it shares with the POS (share.py)
spy+URL                        any of them, every byte shown on stderr
"""

from __future__ import annotations

import errno
import os
import select
import socket
import stat
import sys
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, TextIO
from urllib.parse import SplitResult, parse_qs, urlsplit

from drivers.errors import DeviceError

SPY = "spy+"
DEFAULT_TCP_PORT = 9100
CONNECT_DEADLINE_S = 2.0  # a printer on the shop's own network answers in milliseconds
SEND_DEADLINE_S = 10.0  # for a whole job, beside the time that its bytes need on the slowest line
SLOWEST_BYTES_PER_S = 480  # 4800 baud; nobody's printer is slower
STALL_DEADLINE_S = 3.0  # without one byte accepted: the printer's buffer is full and it does not print
DRAIN_DEADLINE_S = 0.5  # closing with unread answers would reset the connection and lose the receipt's tail
SEND_BUFFER_BYTES = 8192  # more would hide from us what the printer has not taken yet
USER_TIMEOUT_MS = 8000  # a printer switched off sends no FIN; the kernel alone would try for 15 minutes
KEEPALIVE_IDLE_S, KEEPALIVE_INTERVAL_S, KEEPALIVE_PROBES = 10, 3, 3
RECEIVE_BYTES = 4096
DEFAULT_BAUD = 9600
SERIAL_DRAIN_LOOKS, SERIAL_DRAIN_LOOK_S = 100, 0.01  # 1 s: a receipt's tail of 1 KB at 9600 baud

# What helps against what the operating system says; else ELSE_HINT.
HINTS = {
    errno.EACCES: "Let this user use the device: a udev rule for USB; the group dialout for serial, lp for /dev/usb.",
    errno.EPERM: "Let this user use the device: a udev rule for USB; the group dialout for serial, lp for /dev/usb.",
    errno.EBUSY: "Another program holds the printer: CUPS, ipp-usb, or another pos-agent. Stop it.",
    errno.EAGAIN: "Another program holds the port. Stop it.",
    errno.ECONNREFUSED: "Something is at that address, but no printer listens there; most listen on port 9100.",
}
HELD = (errno.EBUSY, errno.EAGAIN)  # when it is opened: a serial port that is locked gives EAGAIN
ELSE_HINT = "Check the printer's power, its cable and its address."

Clock = Callable[[], float]


class Link(Protocol):
    """`accepted` counts the bytes the operating system took: none taken means none printed."""

    accepted: int

    def send(self, data: bytes) -> None: ...

    def receive(self, timeout_s: float) -> bytes:
        """What came, at once or within the time; b"" if nothing did. A link that is gone raises."""
        ...

    def close(self) -> None: ...


def open_link(url: str, *, clock: Clock = time.monotonic, spy: TextIO | None = None) -> Link:
    """Open the link or raise DeviceError. Nothing is sent."""
    check_url(url)
    if url.startswith(SPY):
        return SpyLink(open_link(url.removeprefix(SPY), clock=clock), spy or sys.stderr)
    parts = urlsplit(url)
    return OPENERS[parts.scheme](parts, url, clock)


def check_url(url: str) -> None:
    """A mistake in the settings is told at the start, not at the first receipt."""
    try:
        parts = urlsplit(url.removeprefix(SPY))
        if parts.scheme not in READERS:
            raise ValueError(f"a printer has no scheme {parts.scheme!r}" if parts.scheme else "there is no scheme")
        READERS[parts.scheme](parts)
    except ValueError as error:
        raise not_a_printer(url, str(error)) from None


def not_a_printer(url: str, cause: str) -> DeviceError:
    hint = "A printer is tcp://HOST:9100, serial:///dev/ttyUSB0?baud=9600, usb://04b8:0202 or file:///dev/usb/lp0."
    return DeviceError(tried="open the printer", device=url, cause=cause, hint=hint)


def tcp_address(parts: SplitResult) -> tuple[str, int]:
    if not parts.hostname:
        raise ValueError("no host")
    try:
        parts.hostname.encode("idna")  # what the resolver will do with it
    except UnicodeError:
        raise ValueError(f"{parts.hostname!r} is no name of a host") from None
    return parts.hostname, parts.port or DEFAULT_TCP_PORT


def open_tcp(parts: SplitResult, url: str, clock: Clock) -> Link:
    try:
        return TcpLink(socket.create_connection(tcp_address(parts), timeout=CONNECT_DEADLINE_S), url, clock)
    except OSError as error:
        raise lost("connect", url, error) from None


def serial_options(parts: SplitResult) -> dict[str, Any]:
    options = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
    flow = options.pop("flow", "none")
    baud = options.pop("baud", str(DEFAULT_BAUD))
    if flow not in ("none", "rtscts", "xonxoff") or not baud.isdecimal() or not parts.path or options:
        raise ValueError("serial takes a path, baud=N and flow=rtscts|xonxoff|none")
    return {"baudrate": int(baud), "rtscts": flow == "rtscts", "xonxoff": flow == "xonxoff"}


def open_serial(parts: SplitResult, url: str, clock: Clock) -> Link:
    import serial

    try:
        # A write time-out of 0 would spin for ever on a full buffer.
        port = serial.Serial(
            parts.path, timeout=0, write_timeout=STALL_DEADLINE_S, exclusive=True, **serial_options(parts)
        )
    except (OSError, ValueError, termios.error) as error:  # pyserial's own error is an OSError; ValueError: a baud
        raise lost("open", url, error) from None
    # From here on it is a plain file descriptor: pyserial cannot tell how much a timed-out write has sent.
    return DescriptorLink(port.fileno(), url, clock, close=lambda: close_serial(port), answers=True)


def close_serial(port: Any) -> None:
    """Let the tail of a receipt out, but do not wait for a printer that has stopped: the kernel would, for 30 s,
    and what it keeps for later would come out as a torn piece."""
    with suppress(OSError, termios.error):
        for _ in range(SERIAL_DRAIN_LOOKS):
            if not port.out_waiting:
                break
            time.sleep(SERIAL_DRAIN_LOOK_S)
        else:  # not otherwise: on a pty it would also take what has arrived and is not read yet
            port.reset_output_buffer()
    port.close()


def usb_wanted(parts: SplitResult) -> Any:
    from drivers.printer import usb_link

    return usb_link.wanted(parts)


def open_usb(parts: SplitResult, url: str, clock: Clock) -> Link:
    from drivers.printer import usb_link

    return usb_link.open_usb(parts, url, clock)


def file_path(parts: SplitResult) -> str:
    if not parts.path:
        raise ValueError("no path")
    return parts.path


def open_file(parts: SplitResult, url: str, clock: Clock) -> Link:
    try:
        fd = os.open(file_path(parts), os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o644)
        answers = not stat.S_ISREG(os.fstat(fd).st_mode)
    except OSError as error:
        raise lost("open", url, error) from None
    return DescriptorLink(fd, url, clock, close=lambda: os.close(fd), answers=answers)


def open_shared(parts: SplitResult, url: str, clock: Clock) -> Link:
    from drivers.sharing.local import connect

    try:
        sock = connect(Path(file_path(parts)), stream=True)
    except OSError as error:
        raise lost("connect", url, error) from None
    sock.setblocking(False)
    return DescriptorLink(sock.fileno(), url, clock, close=sock.close, answers=True)


READERS: dict[str, Callable[[SplitResult], Any]] = {
    "tcp": tcp_address,
    "serial": serial_options,
    "usb": usb_wanted,
    "file": file_path,
    "shared": file_path,
}
OPENERS: dict[str, Callable[[SplitResult, str, Clock], Link]] = {
    "tcp": open_tcp,
    "serial": open_serial,
    "usb": open_usb,
    "file": open_file,
    "shared": open_shared,
}


class TcpLink:
    """A raw network printer."""

    def __init__(self, sock: socket.socket, url: str, clock: Clock) -> None:
        self.accepted = 0
        self._socket, self._url, self._clock = sock, url, clock
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for name, value in (  # Linux has them all; elsewhere what there is
            ("TCP_KEEPIDLE", KEEPALIVE_IDLE_S),
            ("TCP_KEEPINTVL", KEEPALIVE_INTERVAL_S),
            ("TCP_KEEPCNT", KEEPALIVE_PROBES),
            ("TCP_USER_TIMEOUT", USER_TIMEOUT_MS),
        ):
            if option := getattr(socket, name, None):
                sock.setsockopt(socket.IPPROTO_TCP, option, value)

    def send(self, data: bytes) -> None:
        deadline = self._clock() + SEND_DEADLINE_S + slowest_s(data)
        view = memoryview(data)
        try:
            while view:
                self._socket.settimeout(patience(deadline - self._clock()))
                sent = self._socket.send(view)
                self.accepted += sent
                view = view[sent:]
        except OSError as error:
            raise lost("send", self._url, error) from None

    def receive(self, timeout_s: float) -> bytes:
        self._socket.settimeout(max(timeout_s, 0.0))
        try:
            data = self._socket.recv(RECEIVE_BYTES)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise lost("receive", self._url, error) from None
        if not data:
            raise lost("receive", self._url, ConnectionError("the printer closed the connection"))
        return data

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            deadline = self._clock() + DRAIN_DEADLINE_S
            while (left := deadline - self._clock()) > 0:
                self._socket.settimeout(left)
                if not self._socket.recv(RECEIVE_BYTES):
                    break
        self._socket.close()


class DescriptorLink:
    """A serial port or a device node, or a plain file, which takes everything and says nothing."""

    def __init__(self, fd: int, url: str, clock: Clock, *, close: Callable[[], None], answers: bool) -> None:
        self.accepted = 0
        self._fd, self._url, self._clock, self._close, self._answers = fd, url, clock, close, answers

    def send(self, data: bytes) -> None:
        deadline = self._clock() + SEND_DEADLINE_S + slowest_s(data)
        view = memoryview(data)
        try:
            while view:
                if not self._wait([], [self._fd], patience(deadline - self._clock())):
                    raise TimeoutError("timed out")
                with suppress(BlockingIOError):
                    sent = os.write(self._fd, view)
                    self.accepted += sent
                    view = view[sent:]
        except OSError as error:
            raise lost("send", self._url, error) from None

    def receive(self, timeout_s: float) -> bytes:
        if not self._answers:
            time.sleep(max(timeout_s, 0.0))  # who asks again until his time is over must not do so a million times
            return b""
        try:
            if not self._wait([self._fd], [], max(timeout_s, 0.0)):
                return b""
            data = os.read(self._fd, RECEIVE_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise lost("receive", self._url, error) from None
        if not data:  # readable without data: the device is gone
            raise lost("receive", self._url, ConnectionError("the device is gone"))
        return data

    def close(self) -> None:
        with suppress(OSError, termios.error):
            self._close()

    def _wait(self, readers: list[int], writers: list[int], timeout_s: float) -> bool:
        readable, writable, _ = select.select(readers, writers, [], timeout_s)
        return bool(readable or writable)


class SpyLink:
    """Shows every byte that passes."""

    def __init__(self, link: Link, out: TextIO) -> None:
        self._link, self._out = link, out

    @property
    def accepted(self) -> int:
        return self._link.accepted

    @accepted.setter
    def accepted(self, value: int) -> None:
        self._link.accepted = value

    def send(self, data: bytes) -> None:
        self._show("→", data)
        self._link.send(data)

    def receive(self, timeout_s: float) -> bytes:
        data = self._link.receive(timeout_s)
        if data:
            self._show("←", data)
        return data

    def close(self) -> None:
        self._show("×", b"")
        self._link.close()

    def _show(self, arrow: str, data: bytes) -> None:
        for start in range(0, len(data) or 1, 16):
            chunk = data[start : start + 16]
            letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in chunk)
            self._out.write(f"{arrow} {chunk.hex(' '):<47}  {letters}\n")
        self._out.flush()


def slowest_s(data: bytes) -> float:
    """How long these bytes may be on their way."""
    return len(data) / SLOWEST_BYTES_PER_S


def patience(left_s: float) -> float:
    if left_s <= 0:
        raise TimeoutError("timed out")
    return min(left_s, STALL_DEADLINE_S)


def lost(tried: str, url: str, error: Any) -> DeviceError:
    """The one translation of what sockets, pyserial, pyusb and the operating system raise."""
    number = getattr(error, "errno", None)
    cause = getattr(error, "strerror", None) or str(error) or type(error).__name__
    hint = HINTS.get(number, ELSE_HINT) if isinstance(number, int) else ELSE_HINT
    held = tried == "open" and number in HELD
    return DeviceError(tried=tried, device=url, cause=cause, hint=hint, held=held)
