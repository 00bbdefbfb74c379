"""A link of which every byte is shown, or told to whoever records it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from drivers.errors import DeviceError
from drivers.link.link import Link
from drivers.recording import Event, What


class Around:
    """Another link, as it is."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @property
    def accepted(self) -> int:
        return self._link.accepted

    @accepted.setter
    def accepted(self, value: int) -> None:
        self._link.accepted = value


class SpyLink(Around):
    """Shows every byte that passes."""

    def __init__(self, link: Link, out: TextIO) -> None:
        super().__init__(link)
        self._out = out

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


class Told(Protocol):
    def __call__(self, what: What, *, data: bytes = ..., events: tuple[Event, ...] = ..., text: str = ...) -> None: ...


class RecordedLink(Around):
    """A link whose every byte is told."""

    def __init__(self, link: Link, told: Told) -> None:
        super().__init__(link)
        self._told = told
        told("open")

    def send(self, data: bytes) -> None:
        self._told("out", data=data)
        with self._losses():
            self._link.send(data)

    def receive(self, timeout_s: float) -> bytes:
        with self._losses():
            data = self._link.receive(timeout_s)
        if data:
            self._tell(data)
        return data

    def close(self) -> None:
        self._link.close()
        self._told("close")

    def _tell(self, data: bytes) -> None:
        self._told("in", data=data)

    @contextmanager
    def _losses(self) -> Iterator[None]:
        try:
            yield
        except DeviceError as error:
            self._told("lost", text=error.cause)
            raise
