"""What a scanner's line brings, told to whoever records it, while the scanner goes on reading as at the till."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drivers.errors import DeviceError
from drivers.recording import Event, What
from drivers.scanner.keymap import EVENT
from drivers.scanner.line import LineScanner
from drivers.scanner.link import Link


class Told(Protocol):
    def __call__(self, what: What, *, data: bytes = ..., events: tuple[Event, ...] = ..., text: str = ...) -> None: ...


class TappedLink:
    """A link whose every byte is told. `keys`: they are records of a keyboard."""

    def __init__(self, link: Link, told: Told, *, keys: bool) -> None:
        self._link = link
        self._told = told
        self._keys = keys
        self._torn = b""
        told("open")

    def read(self) -> bytes:
        try:
            data = self._link.read()
        except DeviceError as error:
            self._told("lost", text=error.cause)
            raise
        if data and self._keys:
            self._tell_keys(data)
        elif data:
            self._told("in", data=data)
        return data

    def write(self, data: bytes) -> None:
        self._told("out", data=data)
        self._link.write(data)

    def close(self) -> None:
        self._link.close()
        self._told("close")

    def _tell_keys(self, data: bytes) -> None:
        """A named pipe may cut a record; a device never does."""
        data = self._torn + data
        whole = len(data) - len(data) % EVENT.size
        self._torn = data[whole:]
        events = tuple((kind, code, value) for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]))
        if events:
            self._told("keys", events=events)


def tap(scanner: LineScanner, told: Told) -> None:
    """From its next opening on, all that comes over the scanner's line is told."""
    opened: Callable[[], Link] = scanner.open_link
    keys = scanner.url.startswith("hid:")
    scanner.open_link = lambda: TappedLink(opened(), told, keys=keys)
