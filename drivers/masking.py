"""Other digits for numbers that look like a card's or a telephone's: the same ones for the same number, with check
digits that hold where they held. Pure: the key is an argument.

Numbers come in pieces, so a run of digits is held back until something else follows it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from drivers.recording import Entry

DIGITS_MIN = 8  # the shortest barcode and the shortest card; a price or a date in digits is shorter
KEPT_DIGITS = 4  # the beginning tells a shop's cards from goods, and names nobody
DIGITS_MAX = 40  # a longer run is no number; each stretch of so many is masked for itself
TRIES_MAX = 10_000  # one in ten passes each check digit, one in a hundred both
GAP_MS = 300  # longer than any pause within a code: a scanner without a suffix ends its codes with one
HELD_MAX = 256  # entries: a line that brings nothing but digits is a line gone mad
RUN = re.compile(rb"\][A-Za-z][0-9]|[0-9]+")  # the digit of an AIM identifier is none of the number's


def ean_holds(digits: str) -> bool:
    """Weights 3 and 1 from the right (EAN, UPC, most loyalty cards)."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


def luhn_holds(digits: str) -> bool:
    """Bank cards and the rest of the loyalty cards."""
    return sum(sum(divmod(int(d) * (1 + p % 2), 10)) for p, d in enumerate(reversed(digits))) % 10 == 0


def masked_number(digits: str, key: bytes) -> str:
    """As long, with the same beginning; whatever check digit held, holds."""
    if len(digits) < DIGITS_MIN:
        return digits
    if len(digits) > DIGITS_MAX:
        return masked_number(digits[:DIGITS_MAX], key) + masked_number(digits[DIGITS_MAX:], key)
    for attempt in range(TRIES_MAX):
        made = digits[:KEPT_DIGITS] + _other(digits, key, attempt)
        if made != digits and all(holds(made) or not holds(digits) for holds in (ean_holds, luhn_holds)):
            return made
    raise AssertionError("no number passes its checks")


def _other(digits: str, key: bytes, attempt: int) -> str:
    count = len(digits) - KEPT_DIGITS
    made = hmac.new(key, f"{attempt}:{digits}".encode(), hashlib.sha512).digest()
    return str(int.from_bytes(made, "big")).zfill(count)[-count:]


class Digits(Protocol):
    """Where a device's digits stand: in its bytes, or in the keys it presses."""

    def runs(self, entries: list[Entry]) -> tuple[list[str], bool]:
        """Runs of digits across entries, and whether the last of them may go on in the next entry."""

    def with_runs(self, entries: list[Entry], made: list[str]) -> list[Entry]:
        """The same entries with these runs instead, each as long as it was."""


class Masker:
    """One for each direction. `take` gives the entries that are settled; `flush` all that are held."""

    def __init__(self, key: bytes, digits: Digits) -> None:
        self._key = key
        self._digits = digits
        self._held: list[Entry] = []

    def take(self, entry: Entry) -> list[Entry]:
        settled = self.quiet(entry.at_ms)
        self._held.append(entry)
        _, goes_on = self._digits.runs(self._held)
        return settled if goes_on and len(self._held) < HELD_MAX else [*settled, *self.flush()]

    def quiet(self, at_ms: int) -> list[Entry]:
        """What is settled because nothing came for so long."""
        return self.flush() if self._held and at_ms - self._held[-1].at_ms >= GAP_MS else []

    def flush(self) -> list[Entry]:
        held, self._held = self._held, []
        runs, _ = self._digits.runs(held)
        return self._digits.with_runs(held, [masked_number(run, self._key) for run in runs])


class ByteDigits:
    """Digits as ASCII."""

    def runs(self, entries: list[Entry]) -> tuple[list[str], bool]:
        whole = b"".join(entry.data for entry in entries)
        return [run.decode("ascii") for run in RUN.findall(whole) if run.isdigit()], whole[-1:].isdigit()

    def with_runs(self, entries: list[Entry], made: list[str]) -> list[Entry]:
        left = iter(made)
        whole = RUN.sub(lambda run: _next(run, left), b"".join(entry.data for entry in entries))
        changed = []
        for entry in entries:
            changed.append(replace(entry, data=whole[: len(entry.data)]))
            whole = whole[len(entry.data) :]
        return changed


def _next(run: re.Match[bytes], left: Iterator[str]) -> bytes:
    return next(left).encode("ascii") if run.group().isdigit() else run.group()
