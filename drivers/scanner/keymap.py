"""Keys of a keyboard scanner → bytes of a line: Linux key codes read as a US keyboard, whatever the desktop's layout.

Scanners are sold as US keyboards and press the keys of one. What they press is cut into codes by the same framer as
a serial line; Enter and Tab end a code.
"""

from __future__ import annotations

import struct

from drivers.scanner.framing import Frame, Framer, Refusal
from drivers.scanner.scan import LOST_KEYS, UNKNOWN_KEY

# struct input_event: seconds, microseconds, type, code, value, in the machine's own sizes.
EVENT = struct.Struct("@llHHi")
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
RELEASED, PRESSED = 0, 1  # 2 is the desktop's autorepeat: nobody pressed anything

SHIFTS, CTRLS = frozenset({42, 54}), frozenset({29, 97})
OTHER_MODIFIERS = frozenset({56, 100, 125, 126})  # Alt, AltGr, Meta: what they make has no meaning of its own
MODIFIERS = SHIFTS | CTRLS | OTHER_MODIFIERS
NUM_LOCK = 69  # pressed around keypad digits by some; ours are digits in any case
ENDINGS = frozenset({28, 96, 15})  # Enter, the keypad's Enter, Tab

# The first key's code, what the row gives, and with Shift.
ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (55, "*", "*"),  # the keypad from here on
    (71, "789-456+1230.", "789-456+1230."),
    (98, "/", "/"),
)
KEYS = {
    first + place: pair for first, plain, shifted in ROWS for place, pair in enumerate(zip(plain, shifted, strict=True))
}


def character(key: int, held: frozenset[int]) -> str | None:
    """What a key gives while others are held; None: no character of a US keyboard. Ctrl gives control characters,
    which is how scanners press GS: Ctrl+]."""
    if held & OTHER_MODIFIERS:
        return None
    if key in ENDINGS:
        return "\r"
    if key not in KEYS:
        return None
    plain = KEYS[key][bool(held & SHIFTS)]
    if not held & CTRLS:
        return plain
    upper = plain.upper()
    return chr(ord(upper) & 0x1F) if "@" <= upper <= "_" else None


class Typist:
    """Takes what an input device delivers, gives codes. Records may come in any slices."""

    def __init__(self, framer: Framer) -> None:
        self._framer = framer
        self._torn = b""
        self._held: frozenset[int] = frozenset()
        self._skipping = False

    def feed(self, data: bytes) -> list[Frame | Refusal]:
        data = self._torn + data
        whole = len(data) - len(data) % EVENT.size
        self._torn = data[whole:]
        results: list[Frame | Refusal] = []
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            results += self._event(kind, code, value)
        return results

    def quiet(self) -> list[Frame | Refusal]:
        return self._framer.quiet()

    def reset(self) -> None:
        self._torn = b""
        self._held = frozenset()
        self._skipping = False
        self._framer.reset()

    def _event(self, kind: int, code: int, value: int) -> list[Frame | Refusal]:
        if kind == EV_SYN:
            self._synchronize(code)
        elif kind == EV_KEY and not self._skipping:
            return self._key(code, value)
        return []

    def _synchronize(self, code: int) -> None:
        """After SYN_DROPPED the kernel asks to disregard everything up to the next report."""
        if code == SYN_DROPPED:
            self._skipping, self._held = True, frozenset()
            self._framer.spoil(LOST_KEYS)
        elif code == SYN_REPORT:
            self._skipping = False

    def _key(self, key: int, value: int) -> list[Frame | Refusal]:
        if key in MODIFIERS:
            self._held = self._held | {key} if value != RELEASED else self._held - {key}
        elif value == PRESSED and key != NUM_LOCK:
            typed = character(key, self._held)
            if typed is not None:
                return self._framer.feed(typed.encode())
            self._framer.spoil(UNKNOWN_KEY)
        return []
