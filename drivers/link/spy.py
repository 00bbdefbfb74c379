"""A link whose every byte is told: to whoever records it, or looks on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from drivers.errors import DeviceError
from drivers.link.link import Link
from drivers.recording import Event, What


class Told(Protocol):
    def __call__(self, what: What, *, data: bytes = ..., events: tuple[Event, ...] = ..., text: str = ...) -> None: ...


class RecordedLink:
    """Another link, changed in nothing."""

    def __init__(self, link: Link, told: Told) -> None:
        self._link = link
        self._told = told
        told("open")

    @property
    def accepted(self) -> int:
        return self._link.accepted

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


def shown_on(out: TextIO) -> Told:
    """Every byte that passes, sixteen a line."""
    arrows: dict[What, str] = {"out": "→", "in": "←", "close": "×"}

    def show(what: What, *, data: bytes = b"", events: tuple[Event, ...] = (), text: str = "") -> None:
        if what not in arrows:
            return
        for start in range(0, len(data) or 1, 16):
            chunk = data[start : start + 16]
            letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in chunk)
            out.write(f"{arrows[what]} {chunk.hex(' '):<47}  {letters}\n")
        out.flush()

    return show
