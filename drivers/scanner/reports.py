"""Reports of a HID POS scanner → codes. Knows no node: it is given whole reports, and the device's own description of
them where there is one.

USB HID Point of Sale Usage Tables 1.02, usage page 0x8C: decoded data, three characters of the AIM identifier, and
one bit that says that the code goes on in the next report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from drivers.scanner.framing import OPENED_AFTER_QUIETS, SETTLED_AFTER_QUIETS
from drivers.scanner.reading import USUAL, Frame, Reading, Refusal, read_frame
from drivers.scanner.scan import AFTER_GAP, MAX_CODE_BYTES, TOO_LONG

SCANNER_PAGE, DESKTOP_PAGE = 0x8C, 0x01
IDENTIFIERS, DATA, CONTINUED = (0xFB, 0xFC, 0xFD), 0xFE, 0xFF  # of the scanner's page
BYTE_COUNT = 0x3B  # of the desktop's

CUT_OFF = "the rest of it did not come"
NO_AIM = "its report has no AIM identifier; try report=plain"
MORE_THAN_SAID = "its report holds more than its length says; try another report="
LENGTH_WRONG = "its report says a length that it has no room for"
ENDS = "\r\n\t\x03"  # of a suffix that was set for another kind of line


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLayout:
    """Where what stands in a report. Places are bytes from its beginning; the last is of one bit."""

    size: int
    number: int | None  # the first byte; None: the device has one kind of report, and does not number it
    length_at: int | None
    identifier_at: int | None
    data_at: int
    data_bytes: int
    continued_at: int
    continued_bit: int = 0

    def is_mine(self, report: bytes) -> bool:
        return bool(report) and (self.number is None or report[0] == self.number)

    def filled(self, report: bytes) -> bytes:
        """Some devices leave the zeros at the end away; of a longer one, which is not ours, the beginning says so."""
        return report[: self.size].ljust(self.size, b"\0")


# Access-IS and Honeywell give the identifier; Newland and others of China give the code at once.
LAYOUTS = {
    "aim": ReportLayout(size=64, number=2, length_at=1, identifier_at=2, data_at=5, data_bytes=56, continued_at=63),
    "plain": ReportLayout(
        size=64, number=2, length_at=1, identifier_at=None, data_at=2, data_bytes=56, continued_at=63
    ),
}


class BadReport(ValueError):
    """It is not laid out as we think; the message says what is wrong."""


class ReportReader:
    """Takes reports in any slices, gives codes."""

    def __init__(self, layout: ReportLayout, reading: Reading = USUAL) -> None:
        self.layout = layout
        self._reading = reading
        self._torn = b""
        self._held = b""
        self._identifier = ""
        self._wrong: str | None = None
        self._doubtful_quiets = 0  # so many quiet spells are missing until what comes is nobody's rest

    def feed(self, data: bytes) -> list[Frame | Refusal]:
        data = self._torn + data
        whole = len(data) - len(data) % self.layout.size
        self._torn = data[whole:]
        results: list[Frame | Refusal] = []
        for start in range(0, whole, self.layout.size):
            report = data[start : start + self.layout.size]
            if self.layout.is_mine(report):
                results += self._report(report)
        return results

    def quiet(self) -> list[Frame | Refusal]:
        """Whole codes have no ends to wait for. Of half a one the rest is lost, or comes late: it looks like a code."""
        if not self._held and self._wrong is None:
            self._doubtful_quiets = max(0, self._doubtful_quiets - 1)
            return []
        self._doubtful_quiets = SETTLED_AFTER_QUIETS
        return [Refusal(reason=CUT_OFF, raw=self._let_go()[0])]

    def reset(self) -> None:
        """What comes first may be the rest of a code whose beginning nobody heard."""
        self._let_go()
        self._torn, self._doubtful_quiets = b"", OPENED_AFTER_QUIETS

    def _let_go(self) -> tuple[bytes, str]:
        held = self._held, self._identifier
        self._held, self._identifier, self._wrong = b"", "", None
        return held

    def _report(self, report: bytes) -> list[Frame | Refusal]:
        try:
            identifier, data = parts_of(report, self.layout)
            self._identifier = self._identifier or identifier
            self._held += data
        except BadReport as error:
            self._wrong = self._wrong or str(error)
        if len(self._held) > MAX_CODE_BYTES:
            self._held, self._wrong = b"", TOO_LONG
        if report[self.layout.continued_at] >> self.layout.continued_bit & 1:
            return []
        wrong, (raw, identifier) = self._wrong, self._let_go()
        flags = frozenset({AFTER_GAP} if self._doubtful_quiets else set())
        self._doubtful_quiets = 0
        if wrong is not None:
            return [Refusal(reason=wrong, raw=raw)]
        raw = raw.rstrip(ENDS.encode())
        return read_frame(raw, flags, self._reading, identifier) if raw else []


def parts_of(report: bytes, layout: ReportLayout) -> tuple[str, bytes]:
    """The identifier and the data. Raises BadReport rather than give half a code: what stands behind the length that
    the report says must be nothing."""
    room = report[layout.data_at : layout.data_at + layout.data_bytes]
    length = len(room.rstrip(b"\0")) if layout.length_at is None else report[layout.length_at]
    if length > len(room):
        raise BadReport(LENGTH_WRONG)
    if room[length:].strip(b"\0"):
        raise BadReport(MORE_THAN_SAID)
    if layout.identifier_at is None:
        return "", room[:length]
    identifier = report[layout.identifier_at : layout.identifier_at + len(IDENTIFIERS)]
    if identifier[:1] not in (b"]", b"\0"):
        raise BadReport(NO_AIM)
    return identifier.strip(b"\0").decode("ascii", "replace"), room[:length]


@dataclass(slots=True)
class Field:
    """One field of a report, by its place in bits."""

    usage: tuple[int, int]
    bit: int
    bits: int
    count: int


@dataclass(slots=True)
class Described:
    """What a descriptor has said so far."""

    page: int = 0
    bits: int = 0
    count: int = 0
    number: int | None = None
    usages: list[tuple[int, int]] = field(default_factory=list)
    ends: dict[int | None, int] = field(default_factory=dict)  # report → bits of it so far
    fields: dict[int | None, list[Field]] = field(default_factory=dict)


def layout_of(descriptor: bytes) -> ReportLayout | None:
    """The layout that a HID report descriptor gives to decoded data; None where there is none, or none of whole
    bytes."""
    told = Described()
    for tag, value, size in items_of(descriptor):
        _hear(told, tag, value, size)
    for number, fields in told.fields.items():
        places = {one.usage: one for one in fields}
        data, more = places.get((SCANNER_PAGE, DATA)), places.get((SCANNER_PAGE, CONTINUED))
        if data is not None and more is not None and data.bits == 8 and data.bit % 8 == 0:
            return _layout(number, places, data, more, told.ends[number])
    return None


def _layout(
    number: int | None, places: dict[tuple[int, int], Field], data: Field, more: Field, bits: int
) -> ReportLayout:
    first = 0 if number is None else 1
    at = {usage: first + one.bit // 8 for usage, one in places.items()}
    identifier = [at.get((SCANNER_PAGE, usage)) for usage in IDENTIFIERS]
    start = identifier[0]
    together = start is not None and identifier == [start, start + 1, start + 2]
    return ReportLayout(
        size=first + (bits + 7) // 8,
        number=number,
        length_at=at.get((DESKTOP_PAGE, BYTE_COUNT)),
        identifier_at=start if together else None,
        data_at=first + data.bit // 8,
        data_bytes=data.count,
        continued_at=first + more.bit // 8,
        continued_bit=more.bit % 8,
    )


def items_of(descriptor: bytes) -> Iterator[tuple[int, int, int]]:
    """HID 1.11, 6.2.2: a byte of tag, type and size, then the value; long items say nothing that we need."""
    at = 0
    while at < len(descriptor):
        head = descriptor[at]
        if head == 0xFE:
            at += 3 + (descriptor[at + 1] if at + 1 < len(descriptor) else 0)
            continue
        size = (0, 1, 2, 4)[head & 3]
        yield head & 0xFC, int.from_bytes(descriptor[at + 1 : at + 1 + size], "little"), size
        at += 1 + size


def _hear(told: Described, tag: int, value: int, size: int) -> None:
    match tag:
        case 0x04:
            told.page = value
        case 0x74:
            told.bits = value
        case 0x94:
            told.count = value
        case 0x84:
            told.number = value
        case 0x08:  # a usage of four bytes brings its page along
            told.usages.append((value >> 16, value & 0xFFFF) if size == 4 else (told.page, value))
        case 0x80:
            _add_fields(told)
            told.usages.clear()
        case 0x90 | 0xB0 | 0xA0 | 0xC0:  # what goes the other way, and the beginnings and ends of groups
            told.usages.clear()


def _add_fields(told: Described) -> None:
    """One usage is of all elements together, as a buffer is; several are of one element each."""
    start = told.ends.get(told.number, 0)
    fields = told.fields.setdefault(told.number, [])
    each = told.count if len(told.usages) == 1 else 1
    for place, usage in enumerate(told.usages[: told.count]):
        fields.append(Field(usage, start + place * told.bits, told.bits, each))
    told.ends[told.number] = start + told.bits * told.count
