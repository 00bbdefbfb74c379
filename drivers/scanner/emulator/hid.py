"""An emulated keyboard scanner: presses keys into a named pipe, in the records that Linux gives of a keyboard. And a
player of recorded ones.

There is no other way to a keyboard without a kernel module: uinput is missing on machines where tests run. The key
codes are of its own tables (keyboards.py).
"""

from __future__ import annotations

import contextlib
import os
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from drivers.errors import DeviceError
from drivers.scanner.emulator.habits import Words
from drivers.scanner.emulator.keyboards import (
    ARROWS,
    CAPS_LOCK,
    CONTROLS,
    ENTER,
    KEYBOARDS,
    KEYPAD,
    LEFT_ALT,
    LEFT_CTRL,
    PAGES,
    TAB,
    Stroke,
)
from drivers.scanner.emulator.keyboards import LEFT_SHIFT as LEFT_SHIFT
from drivers.scanner.emulator.serial import Line

RECORD = struct.Struct("@llHHi")  # struct input_event
SUFFIX_KEYS = {"cr": ENTER, "tab": TAB, "none": None, **ARROWS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingers:
    """The way of a keyboard scanner. A record is whatever `piece_bytes` of a pipe; a device gives whole ones."""

    suffix: str = "cr"
    aim: str = ""
    words: Words = field(default_factory=Words)
    layout: str = "us"
    encoding: str = "utf-8"  # of what is typed by its number
    modifiers: str = "shift"
    piece_bytes: int = RECORD.size * 6  # one key pressed and released
    pause_s: float = 0.002  # a full-speed USB keyboard reports every millisecond or two

    def bytes_of(self, code: str, aim: str = "") -> bytes:
        keys = b"".join(self._character(character) for character in self.words.said(code, aim or self.aim))
        around = press(CAPS_LOCK) if self.modifiers == "caps-lock" else b""
        suffix = SUFFIX_KEYS[self.suffix]
        return around + keys + around + (b"" if suffix is None else press(suffix))

    def pace_s(self, piece: bytes) -> float:
        return self.pause_s

    def _character(self, character: str) -> bytes:
        if self.modifiers in ("alt-keypad", "alt-oem"):
            return b"".join(by_number(number) for number in self._numbers(character))
        turned = character.swapcase()
        if self.modifiers in ("caps-lock", "caps-on") and len(turned) == 1:
            character = turned  # Caps Lock turns it back
        stroke = self._stroke(character)
        if stroke is None:
            raise self._no_key(character)
        return press(*stroke)

    def _stroke(self, character: str) -> Stroke | None:
        keyboard = KEYBOARDS[self.layout]
        if character in CONTROLS and self.layout != "de":
            return (*KEYBOARDS["us"][CONTROLS[character]], LEFT_CTRL)
        if character in CONTROLS:  # RS would be an accent there
            stroke = keyboard.get(CONTROLS[character])
            return None if stroke is None else (*stroke, LEFT_CTRL)
        return keyboard.get(character)

    def _numbers(self, character: str) -> list[str]:
        """What is typed on the keypad while Alt is held."""
        ansi, oem = PAGES.get(self.encoding, (self.encoding, self.encoding))
        try:
            if self.modifiers == "alt-oem":
                return [str(byte) for byte in character.encode(oem)]
            return [f"0{byte:03}" for byte in character.encode(ansi)]
        except UnicodeEncodeError:
            raise self._no_key(character) from None

    def _no_key(self, character: str) -> DeviceError:
        return DeviceError(
            tried="pressing a key",
            device="the emulated keyboard",
            cause=f"this keyboard has no {character!r}",
            hint="Codes with such letters need a serial scanner, --modifiers alt-keypad or another --layout.",
        )


def by_number(number: str) -> bytes:
    """Alt held, the number on the keypad, Alt released."""
    digits = b"".join(press(KEYPAD[digit]) for digit in number)
    return move(LEFT_ALT, True) + digits + move(LEFT_ALT, False)


def record(kind: int, code: int, value: int) -> bytes:
    return RECORD.pack(0, 0, kind, code, value)


def move(key: int, down: bool) -> bytes:
    """A key goes down or up: the scan code, the key, the report's end."""
    return record(4, 4, key) + record(1, key, int(down)) + record(0, 0, 0)


def press(key: int, *modifiers: int) -> bytes:
    down = b"".join(move(modifier, True) for modifier in modifiers)
    up = b"".join(move(modifier, False) for modifier in reversed(modifiers))
    return down + move(key, True) + move(key, False) + up


class FifoLine:
    """A named pipe in the place of a device's node. A keyboard's cannot be grabbed, so its URL says so."""

    def __init__(self, path: Path, scheme: str = "hid") -> None:
        self.path = path.absolute()
        self.url = f"{scheme}://{self.path}" + ("?grab=no" if scheme == "hid" else "")
        self._pipe: int | None = None

    def plug(self) -> None:
        if self._pipe is not None:
            return
        try:
            if self.path.is_fifo():
                self.path.unlink()  # of an emulator that was killed
            os.mkfifo(self.path)
            # Open for reading too: a writer alone cannot open it before the host does.
            self._pipe = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        except OSError as error:
            raise DeviceError(
                tried="making the pipe",
                device=str(self.path),
                cause=error.strerror or str(error),
                hint="Give a path that is free, in a folder that exists.",
            ) from error

    def unplug(self) -> None:
        if self._pipe is None:
            return
        self.path.unlink(missing_ok=True)
        os.close(self._pipe)
        self._pipe = None

    def send(self, data: bytes) -> bool:
        if self._pipe is None:
            return False
        with contextlib.suppress(BlockingIOError):  # 64 KB that nobody reads
            return os.write(self._pipe, data) == len(data)
        return False

    def hear(self) -> bytes:
        return b""


def play(records: bytes, line: Line, wait: Callable[[float], object] = time.sleep) -> bool:
    """Play what was recorded (`cat /dev/input/event5 > keys.bin`) at its own pace; False when nobody took it."""
    for pause_s, event in _paced(records):
        if pause_s > 0:
            wait(pause_s)
        if not line.send(event):
            return False
    return True


def _paced(records: bytes) -> Iterator[tuple[float, bytes]]:
    whole = len(records) - len(records) % RECORD.size
    before_s: float | None = None
    for start in range(0, whole, RECORD.size):
        event = records[start : start + RECORD.size]
        seconds, microseconds, *_ = RECORD.unpack(event)
        at_s = seconds + microseconds / 1_000_000
        yield (0.0 if before_s is None else at_s - before_s), event
        before_s = at_s
