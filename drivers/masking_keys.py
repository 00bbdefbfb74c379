"""The digits that a keyboard scanner presses, for masking.py: on the upper row, on the keypad, or as the number of a
letter under Alt (Alt and 050 is a 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from drivers.recording import Entry, Event

EV_KEY, EV_MSC = 1, 4
RELEASED, PRESSED = 0, 1
ROW = {**{str(digit): 1 + digit for digit in range(1, 10)}, "0": 11}
KEYPAD = {"7": 71, "8": 72, "9": 73, "4": 75, "5": 76, "6": 77, "1": 79, "2": 80, "3": 81, "0": 82}
FIELDS = (ROW, KEYPAD)
DIGITS = {code: (digit, keys) for keys in FIELDS for digit, code in keys.items()}
ALTS = frozenset({56, 100})
SILENT = frozenset({42, 54, 69, 58})  # Shift, Num Lock and Caps Lock write nothing and end no number
BRACKET = 27  # "]", which begins an AIM identifier: a letter and a digit follow, and that digit is no number's
LETTERS = frozenset({*range(16, 26), *range(30, 39), *range(44, 51)})
FIRST_DIGIT = 48  # the number of "0"

Place = tuple[int, int]  # which entry, which event in it


@dataclass(frozen=True, slots=True)
class Written:
    """A digit and the keys that wrote it: one, or the keys of its number under Alt."""

    digit: str
    keys: tuple[Place, ...]

    def wanted(self, digit: str) -> str:
        """What its keys must be for another digit."""
        if len(self.keys) == 1:
            return digit
        return str(FIRST_DIGIT + int(digit)).zfill(len(self.keys))


class KeyDigits:
    """Events of a keyboard."""

    def runs(self, entries: list[Entry]) -> tuple[list[str], bool]:
        runs, goes_on = _runs(entries)
        return ["".join(written.digit for written in run) for run in runs], goes_on

    def with_runs(self, entries: list[Entry], made: list[str]) -> list[Entry]:
        """A key's release follows its press. Scan codes (EV_MSC) name the key once more and are left out; no driver
        of ours reads them."""
        runs, _ = _runs(entries)
        wanted = {
            place: key
            for run, digits in zip(runs, made, strict=True)
            for written, digit in zip(run, digits, strict=True)
            for place, key in zip(written.keys, written.wanted(digit), strict=True)
        }
        pressed: dict[int, int] = {}  # a key as it was → as it is now, until it is released
        return [replace(entry, events=tuple(_changed(entry, at, wanted, pressed))) for at, entry in enumerate(entries)]


def _changed(entry: Entry, at: int, wanted: dict[Place, str], pressed: dict[int, int]) -> Iterator[Event]:
    for place, (kind, code, value) in enumerate(entry.events):
        if kind == EV_MSC:
            continue
        if (at, place) in wanted:
            pressed[code] = DIGITS[code][1][wanted[at, place]]
        now = pressed.get(code, code) if kind == EV_KEY else code
        if kind == EV_KEY and value == RELEASED:
            pressed.pop(code, None)
        yield kind, now, value


def _runs(entries: list[Entry]) -> tuple[list[list[Written]], bool]:
    """Any key that writes something else ends a run."""
    runs: list[list[Written]] = [[]]
    number: list[tuple[str, Place]] | None = None  # under Alt
    before = (0, 0)  # the two keys before this one
    for place, code, value in _keys(entries):
        if code in ALTS:
            if value == RELEASED and number is not None:
                _add(runs, _of_number(number))
            number = None if value == RELEASED else (number or [])
        elif value != PRESSED or code in SILENT:
            continue
        elif number is not None:
            number.append((DIGITS[code][0] if code in DIGITS else "?", place))
        else:
            named = before[0] == BRACKET and before[1] in LETTERS
            _add(runs, Written(DIGITS[code][0], (place,)) if code in DIGITS and not named else None)
            before = (before[1], code)
    return [run for run in runs if run], bool(runs[-1]) or number is not None


def _keys(entries: list[Entry]) -> Iterator[tuple[Place, int, int]]:
    for at, entry in enumerate(entries):
        for place, (kind, code, value) in enumerate(entry.events):
            if kind == EV_KEY:
                yield (at, place), code, value


def _of_number(typed: list[tuple[str, Place]]) -> Written | None:
    text = "".join(digit for digit, _ in typed)
    if not text.isdecimal() or len(text) < 2 or not FIRST_DIGIT <= int(text) <= FIRST_DIGIT + 9:
        return None
    return Written(str(int(text) - FIRST_DIGIT), tuple(place for _, place in typed))


def _add(runs: list[list[Written]], written: Written | None) -> None:
    if written is not None:
        runs[-1].append(written)
    elif runs[-1]:
        runs.append([])
