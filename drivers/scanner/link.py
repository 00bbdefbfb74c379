"""The line to a serial scanner: a serial port (or pty) by pyserial, or TCP. Waits, gives bytes, and that is all.

Here, and only here, the many ways in which ports and sockets fail become a DeviceError. pyserial raises
SerialException, plain OSError and (on a pty whose other end is gone) termios.error, so all three are caught
around every call.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import termios
from dataclasses import dataclass
from typing import Protocol

import serial

from drivers.errors import DeviceError

CHUNK_BYTES = 4096  # one read takes no more, so that one step stays short however mad the line
WRITE_WAIT_S = 1.0  # an order is some twenty bytes; a scanner that doesn't take them is not listening
CONNECT_WAIT_S = 1.0  # a scanner on the shop's own network answers in milliseconds or not at all
# A serial-to-network box that loses power sends no FIN; without these its line would look quiet for ever.
KEEPALIVE_IDLE_S, KEEPALIVE_EVERY_S, KEEPALIVE_TRIES = 5, 2, 3

PORT_ERRORS = (serial.SerialException, OSError, termios.error, ValueError)
MISSING_ERRNOS = frozenset(
    {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH}
)


class DeviceMissing(DeviceError):
    """Nothing at the URL: not plugged in, not powered, no such name."""


class Link(Protocol):
    """An open line."""

    def read(self) -> bytes:
        """Bytes as soon as there are any; b"" when the line was quiet for the whole wait."""

    def write(self, data: bytes) -> None:
        """Say something to the scanner; DeviceError when it does not take it in time."""

    def close(self) -> None:
        """Let the line go; never fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortSettings:
    """How a serial port is set up. A pty takes anything and keeps to 8 bits without parity."""

    baud: int = 9600
    bits: int = 8
    parity: str = "n"
    stop: int = 1
    flow: str = "none"


class SerialLink:
    """A serial port. Opening it locks it: two readers would each get half of every code."""

    def __init__(self, url: str, *, path: str, settings: PortSettings, wait_s: float) -> None:
        self._url = url
        try:
            self._port = serial.serial_for_url(
                path,
                baudrate=settings.baud,
                bytesize=settings.bits,
                parity=settings.parity.upper(),
                stopbits=settings.stop,
                rtscts=settings.flow == "rtscts",
                xonxoff=settings.flow == "xonxoff",
                timeout=wait_s,
                write_timeout=WRITE_WAIT_S,  # without one, a scanner that holds us off would hold us for ever
                exclusive=True,
            )
        except PORT_ERRORS as error:
            raise opening_failed(url, error, path) from error

    def fileno(self) -> int:
        """For whoever waits for several things at once."""
        return int(self._port.fileno())

    def read(self) -> bytes:
        try:
            data = bytes(self._port.read(1))
            return data + self._port.read(min(self._port.in_waiting, CHUNK_BYTES - 1)) if data else b""
        except (*PORT_ERRORS, TypeError) as error:  # TypeError: pyserial's, when its handle has just gone
            raise DeviceError(
                tried="reading the line", device=self._url, cause=words_of(error), hint="Is the cable plugged in?"
            ) from error

    def write(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except (*PORT_ERRORS, TypeError) as error:
            raise DeviceError(
                tried="writing to the scanner",
                device=self._url,
                cause=words_of(error),
                hint="Is the cable plugged in, and does the flow control (flow=) match the scanner's?",
            ) from error

    def close(self) -> None:
        with contextlib.suppress(*PORT_ERRORS):
            self._port.close()


class TcpLink:
    """A scanner behind a serial-to-network box, or an emulated one."""

    def __init__(self, url: str, *, host: str, port: int, wait_s: float) -> None:
        self._url = url
        try:
            self._socket = socket.create_connection((host, port), timeout=CONNECT_WAIT_S)
        except OSError as error:
            raise opening_failed(url, error, f"{host}:{port}") from error
        self._socket.settimeout(wait_s)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (
            ("TCP_KEEPIDLE", KEEPALIVE_IDLE_S),
            ("TCP_KEEPINTVL", KEEPALIVE_EVERY_S),
            ("TCP_KEEPCNT", KEEPALIVE_TRIES),
        ):
            if hasattr(socket, option):
                self._socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

    def fileno(self) -> int:
        """For whoever waits for several things at once."""
        return self._socket.fileno()

    def read(self) -> bytes:
        try:
            data = self._socket.recv(CHUNK_BYTES)
        except TimeoutError as error:
            if error.errno is not None:  # ETIMEDOUT is the connection's death; our own wait has no errno
                raise self._lost(words_of(error)) from error
            return b""
        except OSError as error:
            raise self._lost(words_of(error)) from error
        if not data:
            raise self._lost("the other side closed the connection")
        return data

    def write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise self._lost(words_of(error)) from error

    def close(self) -> None:
        self._socket.close()

    def _lost(self, cause: str) -> DeviceError:
        return DeviceError(
            tried="talking to the scanner", device=self._url, cause=cause, hint="Is the scanner's network box powered?"
        )


def opening_failed(
    url: str, error: BaseException, place: str, *, kind: str = "a serial port", group: str = "dialout"
) -> DeviceError:
    """The system's error as ours. `group` owns nodes of this kind on Debian."""
    number = getattr(error, "errno", None)
    missing = number in MISSING_ERRNOS or isinstance(error, TimeoutError | socket.gaierror)
    if number in (errno.EACCES, errno.EPERM):
        hint = f"Add the agent's user to the group that owns the node: `sudo usermod -aG {group} USER` on Debian."
    elif number in (errno.EAGAIN, errno.EBUSY):
        hint = "Another program holds it; stop that program. A running agent holds its scanners."
    elif missing:
        hint = f"Is the scanner plugged in and powered? Nothing answers at {place}. `pos-agent devices` lists what is."
    else:
        hint = f"Is this {kind}?"
    raised = DeviceMissing if missing else DeviceError
    return raised(tried="opening the line", device=url, cause=words_of(error), hint=hint)


def words_of(error: BaseException) -> str:
    """The cause without pyserial's repetitions."""
    number = getattr(error, "errno", None)
    if isinstance(number, int) and number > 0:
        return os.strerror(number)
    if isinstance(error, termios.error) and error.args and isinstance(error.args[0], int):
        return os.strerror(error.args[0])
    return str(error) or type(error).__name__
