"""An emulated keyboard scanner: presses keys into a named pipe, in the records that Linux gives of a keyboard. And a
player of recorded ones.

There is no other way to a keyboard without a kernel module: uinput is missing on machines where tests run. The key
codes are of its own table, written from linux/input-event-codes.h.
"""

from __future__ import annotations

import contextlib
import os
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.errors import DeviceError
from drivers.scanner.emulator.serial import Line

RECORD = struct.Struct("@llHHi")  # struct input_event
LEFT_SHIFT, LEFT_CTRL, ENTER, TAB = 42, 29, 28, 15
PLAIN = {
    **{str(digit): 1 + digit for digit in range(1, 10)},
    **dict(zip("0-=", (11, 12, 13), strict=True)),
    **{letter: 16 + place for place, letter in enumerate("qwertyuiop[]")},
    **{letter: 30 + place for place, letter in enumerate("asdfghjkl;'`")},
    **{letter: 44 + place for place, letter in enumerate("zxcvbnm,./")},
    "\\": 43,
    " ": 57,
}
SHIFTED = {
    **{letter.upper(): key for letter, key in PLAIN.items() if letter.isalpha()},
    **dict(zip('!@#$%^&*()_+{}:"~|<>?', (*range(2, 14), 26, 27, 39, 40, 41, 43, 51, 52, 53), strict=True)),
}
CONTROLS = {"\x1d": "]", "\x1e": "^", "\x04": "d"}  # pressed with Ctrl
SUFFIX_KEYS = {"cr": ENTER, "tab": TAB, "none": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingers:
    """The way of a keyboard scanner. A record is whatever `piece_bytes` of a pipe; a device gives whole ones."""

    suffix: str = "cr"
    aim: str = ""
    piece_bytes: int = RECORD.size * 6  # one key pressed and released
    pause_s: float = 0.002  # a full-speed USB keyboard reports every millisecond or two

    def bytes_of(self, code: str, aim: str = "") -> bytes:
        keys = b"".join(self._character(character) for character in (aim or self.aim) + code)
        suffix = SUFFIX_KEYS[self.suffix]
        return keys + (b"" if suffix is None else press(suffix))

    def pace_s(self, piece: bytes) -> float:
        return self.pause_s

    def _character(self, character: str) -> bytes:
        if character in PLAIN:
            return press(PLAIN[character])
        if character in SHIFTED:
            return press(SHIFTED[character], LEFT_SHIFT)
        if character in CONTROLS:
            key = CONTROLS[character]
            return press(PLAIN[key], LEFT_CTRL) if key in PLAIN else press(SHIFTED[key], LEFT_CTRL, LEFT_SHIFT)
        raise DeviceError(
            tried="pressing a key",
            device="the emulated keyboard",
            cause=f"a US keyboard has no {character!r}",
            hint="Codes with such letters need a serial scanner.",
        )


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
    """A named pipe in the place of an input device's node. It cannot be grabbed, so its URL says so."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.url = f"hid://{self.path}?grab=no"
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
                hint="Give --hid a path that is free, in a folder that exists.",
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
