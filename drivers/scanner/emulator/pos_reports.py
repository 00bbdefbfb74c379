"""An emulated HID POS scanner: reports of 64 bytes into a named pipe, as Access-IS (with the AIM identifier) and
Newland (without) draw them in their manuals. And a player of recorded ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from drivers.scanner.emulator.habits import AIM, Words, kind_of
from drivers.scanner.emulator.serial import Line

REPORT_BYTES, REPORT_NUMBER = 64, 2
DATA_BYTES = 56  # in one report; what is longer goes on in the next
REPORTS = ("aim", "plain")

# HID 1.11 and the POS usage tables: a scanner's page, a numbered report, a byte count, three characters of the
# identifier, 56 of data, two of the maker's own, and a bit that says «more follows» with seven that say nothing.
DESCRIPTOR = bytes.fromhex(
    "05 8c 09 02 a1 01 09 12 a1 02 85 02 15 00 26 ff 00 75 08 95 01 05 01 09 3b 81 02 05 8c 95 03 09 fb 09 fc 09 fd"
    "81 02 95 38 09 fe 82 02 01 95 02 06 66 ff 09 04 81 02 05 8c 75 01 95 01 09 ff 81 02 95 07 81 03 c0 c0"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """The way of a HID POS scanner."""

    report: str = "aim"
    words: Words = field(default_factory=Words)
    encoding: str = "utf-8"
    suffix: bytes = b""  # none: a report has a length
    piece_bytes: int = REPORT_BYTES
    pause_s: float = 0.001

    def bytes_of(self, code: str, aim: str = "") -> bytes:
        said = self.words.said(code, aim if self.report == "plain" else "").encode(self.encoding) + self.suffix
        identifier = aim or self.words.aim or AIM[kind_of(code)] if self.report == "aim" else ""
        starts = range(0, len(said), DATA_BYTES)
        return b"".join(
            self._report(identifier, said[start : start + DATA_BYTES], start + DATA_BYTES < len(said))
            for start in starts
        )

    def pace_s(self, piece: bytes) -> float:
        return self.pause_s

    def _report(self, identifier: str, data: bytes, more: bool) -> bytes:
        body = bytes([REPORT_NUMBER, len(data)]) + identifier.encode() + data
        return body.ljust(REPORT_BYTES - 1, b"\0") + bytes([more])


def play(records: bytes, line: Line) -> bool:
    """Play what was recorded (`cat /dev/hidraw0 > reports.bin`); False when nobody took it."""
    return all(line.send(report) for report in _reports(records))


def _reports(records: bytes) -> Iterator[bytes]:
    whole = len(records) - len(records) % REPORT_BYTES
    return (records[start : start + REPORT_BYTES] for start in range(0, whole, REPORT_BYTES))
