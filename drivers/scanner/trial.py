"""A code that everybody knows, scanned several times: what the scanner makes of it, and the URL that reads it right.

What came is played into the very driver, under the URL as it is and with one or two settings more; so whatever this
says of a URL is what the till would read. Pure but for that: no clock, no line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from urllib.parse import quote

from drivers.errors import DeviceError
from drivers.recording import signs_of
from drivers.scanner.line import IDLE_GAP_MS, LineScanner
from drivers.scanner.scan import REFUSED, Scan
from drivers.scanner.scanner import Scanner, open_scanner

PLAIN_TEXT = "aB;12"  # both cases, a sign that other keyboards have elsewhere, digits
LETTERS = "Жё"  # stand elsewhere in every two Cyrillic pages
GS = "\x1d"


@dataclass(frozen=True, slots=True)
class TrialCode:
    name: str
    symbology: str
    text: str
    wanted: tuple[str, ...] = ()  # what is good too, the better first

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.text, *self.wanted)


LINEAR = TrialCode("linear", "code128", PLAIN_TEXT)
MATRIX = TrialCode(
    "matrix",
    "qr",
    PLAIN_TEXT + GS + LETTERS,
    (PLAIN_TEXT + LETTERS, PLAIN_TEXT + GS, PLAIN_TEXT),  # GS lost; the letters lost; both
)

# Settings that are tried, each alone and any two together; those that a driver does not know are passed over.
CANDIDATES = (
    "suffix=tab",
    "suffix=crlf",
    "suffix=eot",
    "suffix=arrow-down",
    "suffix=arrow-right",
    "prefix=stx",
    "encoding=cp1251",
    "encoding=cp866",
    "encoding=koi8-r",
    "modifiers=caps-on",
    "identifier=maker",
    "layout=de",
    "layout=ru",
    "report=plain",
    "idle_ms=250",
)
TOGETHER_MAX = 2
ENCODINGS = ("utf-8", "cp1251", "cp866", "koi8-r", "utf-16-le", "utf-16-be")
OWN_SAFE = "'<>;,!$()*:@/?="  # stay as they are in the settings of a URL
MAKERS_LETTERS_MAX = 3
IDLE_SETTING = re.compile(r"[?&]idle_ms=(\d{1,5})\b")
QUIETS = 12  # reads without bytes at an end: more than a driver needs to believe that nothing follows


@dataclass(frozen=True, slots=True)
class Piece:
    pause_ms: int  # before it
    data: bytes


@dataclass(frozen=True, slots=True)
class Burst:
    """All that came between two long pauses: one scan, if the scanner is sane."""

    pieces: tuple[Piece, ...]

    @property
    def data(self) -> bytes:
        return b"".join(piece.data for piece in self.pieces)

    @property
    def lasted_ms(self) -> int:
        return sum(piece.pause_ms for piece in self.pieces[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the driver reads under a URL. `text`: the best that was read in every burst; None: it differs or is nothing
    of the code. `doubtful`: flagged, as a code without a suffix is."""

    url: str
    text: str | None
    scans: tuple[Scan, ...] = field(default=())
    doubtful: bool = False
    repeats: int = 0  # more scans than bursts


Opener = Callable[[str], Scanner]


def opened(url: str) -> Scanner:
    return open_scanner(url, name="trial")


class Trials:
    """What came, played into drivers as `opener` makes them: of this make or that."""

    def __init__(self, opener: Opener = opened) -> None:
        self._opener = opener

    def best_reading(self, url: str, bursts: list[Burst], code: TrialCode, others: Iterable[Burst] = ()) -> Reading:
        """Under the URL as it is, if that is as good as any. `others` came of another code, and must be read too."""
        plain = self.read_under(url, bursts, code)
        if _badness(plain, code)[:2] == (0, 0):
            return plain
        tried = [*CANDIDATES, *self._own_settings(url, [*bursts, *others])]
        return min((plain, *self._readings(url, bursts, code, tried)), key=lambda reading: _badness(reading, code))

    def read_under(self, url: str, bursts: Iterable[Burst], code: TrialCode) -> Reading:
        """Raises DeviceError where the URL is none."""
        each = [self.played(url, burst) for burst in bursts]
        scans = tuple(scan for read in each for scan in read)
        text = next((text for text in code.texts if each and all(_has(read, text) for read in each)), None)
        return Reading(
            url=url,
            text=text,
            scans=scans,
            doubtful=any(scan.flags for scan in scans if scan.text == text),
            repeats=sum(max(0, len(read) - 1) for read in each),
        )

    def letters_before(self, url: str, bursts: Iterable[Burst]) -> str | None:
        """What a make writes before this kind of code; None where nothing stands there, or not always the same."""
        before = {text.partition(PLAIN_TEXT)[0] for text in self._texts(url, bursts) if PLAIN_TEXT in text}
        letters = before.pop() if len(before) == 1 else ""
        return letters if letters.isalnum() and len(letters) <= MAKERS_LETTERS_MAX else None

    def played(self, url: str, burst: Burst) -> list[Scan]:
        scanner = self._opener(url)
        assert isinstance(scanner, LineScanner), "a camera has no bytes"
        quiet = [b""] * QUIETS
        line = PlayedLine([*quiet, *(part for piece in burst.pieces for part in _paused(piece, idle_ms(url))), *quiet])
        scanner.open_link = lambda: line
        scans: list[Scan] = []
        while line.left:
            scans += scanner.step(0.0, datetime.fromtimestamp(0, UTC))[0]
        return [scan for scan in scans if REFUSED not in scan.flags]

    def _readings(self, url: str, bursts: list[Burst], code: TrialCode, tried: Iterable[str]) -> Iterator[Reading]:
        known = [setting for setting in tried if self._is_known(with_settings(url, [setting]))]
        for count in range(1, TOGETHER_MAX + 1):
            for settings in combinations(known, count):
                try:
                    yield self.read_under(with_settings(url, settings), bursts, code)
                except DeviceError:  # the two do not go together
                    continue

    def _is_known(self, url: str) -> bool:
        """Whether this driver has such a setting, and it does not stand there already."""
        try:
            self._opener(url)
        except DeviceError:
            return False
        return True

    def _own_settings(self, url: str, bursts: Iterable[Burst]) -> list[str]:
        """What stands around the code and is none of the usual: a prefix, an ending, one letter for each kind of code.
        A letter alone is no prefix: another kind of code has another."""
        around_it = [text.partition(PLAIN_TEXT) for text in sorted(self._texts(url, bursts))]
        before = sorted({start for start, found, _ in around_it if start and found})
        after = sorted({rest for _, _, rest in around_it if rest and not set(rest) & set(GS + LETTERS)})
        if before and all(len(start) == 1 and start.isalnum() for start in before):
            return [f"identifier={_own(''.join(before))}"]
        return [f"prefix={_own(start)}" for start in before] + [f"suffix={_own(rest)}" for rest in after]

    def _texts(self, url: str, bursts: Iterable[Burst]) -> set[str]:
        return {scan.text for burst in bursts for scan in self.played(url, burst)}


def _has(scans: list[Scan], text: str) -> bool:
    return any(scan.text == text for scan in scans)


def _badness(reading: Reading, code: TrialCode) -> tuple[int, int, int]:
    place = code.texts.index(reading.text) if reading.text is not None else len(code.texts)
    return place, int(reading.doubtful), reading.url.count("&")


def _own(text: str) -> str:
    """Characters of the shop's own, as a URL has them."""
    return quote(f"'{signs_of(text.encode())}'", safe=OWN_SAFE)


def with_settings(url: str, settings: Iterable[str]) -> str:
    for setting in settings:
        url += ("&" if "?" in url else "?") + setting
    return url


def idle_ms(url: str) -> int:
    """So long a pause ends a code under this URL."""
    found = IDLE_SETTING.search(url)
    return int(found.group(1)) if found else IDLE_GAP_MS


def _paused(piece: Piece, gap_ms: int) -> Iterator[bytes]:
    if piece.pause_ms >= gap_ms:
        yield b""
    yield piece.data


class PlayedLine:
    """A line that brings what it brought once."""

    accepted = 0

    def __init__(self, steps: list[bytes]) -> None:
        self.left = list(steps)

    def receive(self, timeout_s: float) -> bytes:
        return self.left.pop(0) if self.left else b""

    def send(self, data: bytes) -> None:
        """Nothing hears it."""

    def close(self) -> None:
        self.left.clear()


# What stands around the code, for a line of bytes


def around(data: bytes) -> tuple[bytes, bytes, bool] | None:
    """What comes before the code and after it, and whether its case is turned; None: the code is not in it."""
    for text, turned in ((PLAIN_TEXT, False), (PLAIN_TEXT.swapcase(), True)):
        before, found, after = data.partition(text.encode("ascii"))
        if found:
            return before, after, turned
    return None


def encoding_of(data: bytes) -> str | None:
    """How the letters of the second code were written."""
    return next((name for name in ENCODINGS if LETTERS.encode(name) in data), None)
