"""A recording: what passed between a device and its host, with times, as lines of text; `pos-agent record` writes one.

    # pos-agent recording 1 scanner
    # of tcp://192.168.0.30:4001
    # masked yes
    0 open
    152 in ]E046000
    168 in 00000015<CR>
    9000 lost the other side closed the connection

A line is the milliseconds since the start, what happened, and its bytes:

    open, close      the host takes the line to the device, and lets it go
    lost WHY         the line broke, or the device was unplugged
    in BYTES         from the device to its host         out BYTES    from the host to the device
    keys T.C.V …     a keyboard's events: type, code, value in decimal
    frame BASE64     one picture of a camera, a JPEG
    end WHY          nobody recorded any more

BYTES are ASCII with signs: <CR>, <GS> and the like are control characters, <x1B40FF> any bytes in hexadecimal; < itself
is <x3C>, and so is a space at either end <x20>. Each line is whole or not there: what was cut off by a power cut is at
most the last one, and reading passes over it. Pure: values in, lines out.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

VERSION = 1
Kind = Literal["scanner", "camera", "printer"]
What = Literal["open", "close", "lost", "in", "out", "keys", "frame", "end"]
Event = tuple[int, int, int]  # type, code and value of an input event

LINE_CHARACTERS_MAX = 24_000_000  # a frame of 16 MB, which is what a camera may send, in base64
AT_MS_MAX = 7 * 24 * 3_600_000  # a week: longer is a slip of the finger, and a player would wait for it
TEXT_CHARACTERS_MAX = 300  # of a cause or an address

CONTROLS = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip
SIGN = re.compile(r"<(?:x((?:[0-9A-F]{2})+)|([A-Z0-9]{2,3}))>")
PLAIN = re.compile(rb"[\x20-\x3b\x3d-\x7e]+")  # as it is; 3C is <
HEAD = re.compile(r"# pos-agent recording (\d{1,4}) (\w+)")
FACT = re.compile(r"# (\w+) (.*)")


class RecordingError(ValueError):
    """A recording cannot be read; the message names the line and what should stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `text` is the cause of `lost` and `end`."""

    at_ms: int
    what: What
    data: bytes = b""
    events: tuple[Event, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    kind: Kind
    facts: dict[str, str] = field(default_factory=dict)  # of, from, masked
    entries: tuple[Entry, ...] = ()

    @property
    def masked(self) -> bool:
        return self.facts.get("masked") == "yes"


def head_lines(kind: Kind, facts: dict[str, str]) -> list[str]:
    return [f"# pos-agent recording {VERSION} {kind}", *(f"# {name} {one_line(text)}" for name, text in facts.items())]


def line_of(entry: Entry) -> str:
    """An entry as its line, without the end of one."""
    return f"{entry.at_ms} {entry.what} {_written(entry)}".rstrip(" ")


def _written(entry: Entry) -> str:
    if entry.what in ("in", "out"):
        return signs_of(entry.data)
    if entry.what == "keys":
        return " ".join(".".join(map(str, event)) for event in entry.events)
    if entry.what == "frame":
        return base64.b64encode(entry.data).decode("ascii")
    return one_line(entry.text)


def signs_of(data: bytes) -> str:
    """Bytes as `]E0460<CR>`; whatever they are, `bytes_of` gives them back."""
    written, place = [], 0
    for plain in PLAIN.finditer(data):
        written += [_hidden(data[place : plain.start()]), plain.group().decode("ascii")]
        place = plain.end()
    text = "".join([*written, _hidden(data[place:])])
    if text.startswith(" "):
        text = "<x20>" + text[1:]
    return text[:-1] + "<x20>" if text.endswith(" ") else text


def _hidden(data: bytes) -> str:
    if not data:
        return ""
    if len(data) <= 2 and all(byte < len(CONTROLS) for byte in data):
        return "".join(f"<{CONTROLS[byte]}>" for byte in data)
    return f"<x{data.hex().upper()}>"


def bytes_of(text: str) -> bytes:
    """ValueError names what is no sign."""
    found, place = bytearray(), 0
    for sign in SIGN.finditer(text):
        found += _plain(text[place : sign.start()])
        found += bytes.fromhex(sign.group(1)) if sign.group(1) else _control(sign.group(2))
        place = sign.end()
    return bytes(found + _plain(text[place:]))


def _plain(text: str) -> bytes:
    if "<" in text:
        raise ValueError(f"{text[text.index('<') :][:12]!r} is no sign; write <CR>, or <x1B40> in hexadecimal")
    try:
        return text.encode("ascii")
    except UnicodeEncodeError:
        raise ValueError("a letter beyond ASCII; write its bytes as <xD096>") from None


def _control(name: str) -> bytes:
    if name not in CONTROLS:
        raise ValueError(f"<{name}> is no control character; a byte in hexadecimal is written <x1F>")
    return bytes([CONTROLS.index(name)])


def read_recording(lines: Iterable[str], name: str = "the recording") -> Recording:
    """Raises RecordingError. The last line may be torn: whoever wrote it lost his power there."""
    numbered = enumerate(lines, 1)
    kind, facts, entries, last = _head(next(numbered, (1, ""))[1], name), {}, [], 0
    for number, raw in numbered:
        line = raw.rstrip("\r\n")
        if fact := FACT.fullmatch(line):
            facts[fact.group(1)] = fact.group(2)
        elif line and not line.startswith("#"):
            try:
                entry = _entry(line, last)
            except ValueError as error:
                if not raw.endswith("\n"):
                    break
                raise RecordingError(f"{name}, line {number}: {error}.") from None
            entries.append(entry)
            last = entry.at_ms
    return Recording(kind=kind, facts=facts, entries=tuple(entries))


def _head(line: str, name: str) -> Kind:
    found = HEAD.fullmatch(line.rstrip("\r\n"))
    if found is None:
        raise RecordingError(
            f"{name}, line 1: this is no recording; one begins with `# pos-agent recording {VERSION}`."
        )
    if int(found.group(1)) != VERSION:
        raise RecordingError(
            f"{name}, line 1: it is of version {found.group(1)}, and this program reads {VERSION}. Use the program "
            "that wrote it, or a newer one."
        )
    for kind in get_args(Kind):
        if found.group(2) == kind:
            return kind  # type: ignore[no-any-return]
    raise RecordingError(f"{name}, line 1: {found.group(2)!r} is none of {', '.join(get_args(Kind))}.")


def _entry(line: str, last_ms: int) -> Entry:
    if len(line) > LINE_CHARACTERS_MAX:
        raise ValueError(f"it is longer than {LINE_CHARACTERS_MAX} characters")
    at, _, rest = line.partition(" ")
    what, _, written = rest.partition(" ")
    if not (at.isascii() and at.isdecimal() and len(at) < 12 and int(at) <= AT_MS_MAX):
        raise ValueError(f"it begins with {at[:20]!r}, where the milliseconds since the start should be")
    if int(at) < last_ms:
        raise ValueError(f"{at} ms is earlier than the line before it, {last_ms} ms")
    if what not in get_args(What):
        raise ValueError(f"{what[:20]!r} is none of {', '.join(get_args(What))}")
    return _filled(int(at), what, written)


def _filled(at_ms: int, what: str, written: str) -> Entry:
    match what:
        case "in" | "out":
            return Entry(at_ms=at_ms, what=what, data=bytes_of(written))
        case "keys":
            return Entry(at_ms=at_ms, what=what, events=tuple(map(_event, written.split())))
        case "frame":
            try:
                return Entry(at_ms=at_ms, what=what, data=base64.b64decode(written, validate=True))
            except binascii.Error:
                raise ValueError("the picture is damaged: it is no base64") from None
        case "open" | "close" | "lost" | "end":
            return Entry(at_ms=at_ms, what=what, text=one_line(written))  # whoever shows it shows no control character
    raise AssertionError(what)


def _event(written: str) -> Event:
    numbers = written.split(".")
    if len(numbers) != 3 or not all(re.fullmatch(r"-?\d{1,10}", number) for number in numbers):
        raise ValueError(f"{written[:30]!r} is no event; one is type.code.value, such as 1.28.1")
    kind, code, value = map(int, numbers)
    if not (0 <= kind < 2**16 and 0 <= code < 2**16 and -(2**31) <= value < 2**31):
        raise ValueError(f"{written!r} is no event: a number of it is too large")
    return kind, code, value


def load_recording(path: Path, kind: Kind) -> Recording:
    """One of this kind. Raises RecordingError."""
    try:
        with path.open(encoding="ascii", newline="\n") as file:
            recording = read_recording(file, str(path))
    except OSError as error:
        raise RecordingError(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RecordingError(
            f"{path}: it holds letters beyond ASCII, so it is no recording, or a damaged one."
        ) from None
    if recording.kind != kind:
        raise RecordingError(
            f"{path}: it is of a {recording.kind}: play it with `pos-agent emulate {recording.kind} --play`."
        )
    return recording


def one_line(text: str) -> str:
    words = " ".join(text.split())[:TEXT_CHARACTERS_MAX]
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in words)


def pauses(entries: Iterable[Entry], speed: float) -> Iterator[tuple[float, Entry]]:
    """Each entry with the seconds to wait before it."""
    before_ms = 0
    for entry in entries:
        yield pause_s(entry.at_ms - before_ms, speed), entry
        before_ms = entry.at_ms


# Twice the longest gap that ends a code (idle_ms=250), and longer than what makes two equal codes one (350 ms): a
# pause so short may be part of the fault, and stays as it was at any speed.
KEPT_PAUSE_MS = 500


def pause_s(pause_ms: int, speed: float) -> float:
    """Only longer pauses are shortened, and none below the kept one."""
    if pause_ms <= KEPT_PAUSE_MS:
        return pause_ms / 1000
    return max(KEPT_PAUSE_MS, pause_ms / speed) / 1000
