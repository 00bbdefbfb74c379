"""What came out of a printer, as whoever stands there reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drivers.printer.document import from_json
from drivers.printer.emulator.models import DEFAULT_MODEL
from drivers.printer.emulator.paper import Paper
from drivers.printer.emulator.rendering import rendered
from drivers.printer.encode import encode
from drivers.printer.profile import PrinterProfile
from simulator.cable import PrinterCable

NO_ID: Final = "0000"


class Strip:
    """`pieces`: between one cut and the next, the letters of each row."""

    def __init__(self, cable: PrinterCable) -> None:
        self._cable = cable
        self._read = 0
        self.pieces: list[tuple[str, ...]] = []

    def look(self) -> Sequence[tuple[str, ...]]:
        """What hangs out without a cut is not whole yet; nobody tears it off, for the rest may come."""
        papers = self._cable.papers
        self.pieces += map(read_rows, papers[self._read :])
        self._read = len(papers)
        return self.pieces

    def has_whole(self, document: bytes, profile: PrinterProfile) -> bool:
        """All rows of each of its pieces, one after the other."""
        there = self.look()
        return all(any(_within(whole, piece) for piece in there) for whole in pieces_of(document, profile))


def pieces_of(document: bytes, profile: PrinterProfile) -> list[tuple[str, ...]]:
    """As an undisturbed printer would print it."""
    data = encode(from_json(document), profile, attempt_id=NO_ID)
    papers = rendered(data, columns=profile.columns, model=DEFAULT_MODEL).papers
    return list(filter(None, map(read_rows, papers)))


def read_rows(paper: Paper) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, paper.lines())))


def _within(whole: tuple[str, ...], piece: tuple[str, ...]) -> bool:
    size = len(whole)
    return any(piece[at : at + size] == whole for at in range(len(piece) - size + 1))
