"""Keys of a keyboard scanner → bytes of a line: Linux key codes read as the keyboard that the scanner is set to be,
whatever the desktop's layout.

Scanners are sold as US keyboards and press the keys of one. What they press is cut into codes by the same framer as
a serial line; Enter and Tab end a code, or an arrow where the scanner is set so.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from drivers.scanner.framing import OPENED_AFTER_QUIETS, SETTLED_AFTER_QUIETS, Frame, Framer, Refusal
from drivers.scanner.layouts import ALT_GR, DEAD, LAYOUTS
from drivers.scanner.scan import CAPS_LOCK_UNKNOWN, LOST_KEYS, UNKNOWN_KEY

# struct input_event: seconds, microseconds, type, code, value, in the machine's own sizes.
EVENT = struct.Struct("@llHHi")
EV_SYN, EV_KEY, EV_LED = 0, 1, 0x11
SYN_REPORT, SYN_DROPPED = 0, 3
LED_CAPS_LOCK = 1
RELEASED, PRESSED = 0, 1  # 2 is the desktop's autorepeat: nobody pressed anything

SHIFTS, CTRLS = frozenset({42, 54}), frozenset({29, 97})
RIGHT_ALT = 100
ALTS, METAS = frozenset({56, RIGHT_ALT}), frozenset({125, 126})  # what Meta makes has no meaning of its own
MODIFIERS = SHIFTS | CTRLS | ALTS | METAS
CAPS_LOCK = 58
NUM_LOCK = 69  # pressed around keypad digits by some; ours are digits in any case
ENDINGS = {28: "\r", 96: "\r", 15: "\t"}  # Enter, the keypad's Enter, Tab
ARROWS = {"arrow-up": 103, "arrow-left": 105, "arrow-right": 106, "arrow-down": 108}
KEYPAD = {71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"}

ALT_DIGITS_MAX = 4  # Alt + 0nnn; more digits name no character of a code page
CODE_PAGE_SIZE = 256
# Alt + 0nnn is of Windows' ANSI page, Alt + nnn of its OEM page; they come in pairs, one for each country.
PAGES = {"cp1251": ("cp1251", "cp866"), "cp866": ("cp1251", "cp866"), "cp1252": ("cp1252", "cp437")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """How a scanner presses keys."""

    layout: str = "us"
    encoding: str = "utf-8"
    caps_on: bool = False  # it types for a computer whose Caps Lock is on
    arrow: str | None = None  # this key ends a code, and no other


USUAL = Keys()


def character(key: int, held: frozenset[int], layout: str = "us") -> str | None:
    """What a key gives while others are held; None: no character of this keyboard. Ctrl gives control characters,
    which is how scanners press GS: Ctrl+]."""
    if held & METAS:
        return None
    if held & ALTS:
        typed = ALT_GR[layout].get(key) if layout in ALT_GR and held & ALTS == {RIGHT_ALT} else None
    else:
        typed = ENDINGS.get(key) or LAYOUTS[layout].get(key, (DEAD, DEAD))[bool(held & SHIFTS)]
    if typed is None or typed == DEAD:
        return None
    return control(typed, key) if held & CTRLS and key not in ENDINGS else typed


def control(typed: str, key: int) -> str | None:
    """Ctrl takes the US letter where the country's is none of ASCII."""
    letter = (typed if typed.isascii() else LAYOUTS["us"].get(key, (DEAD, DEAD))[0]).upper()
    return chr(ord(letter) & 0x1F) if "@" <= letter <= "_" else None


def alt_character(number: str, encoding: str) -> bytes | None:
    """What Alt held, a number on the keypad and Alt released give, as a Windows of that country reads it; None: no
    character. Control characters are meant as such: GS is Alt+029 to some and Alt+29 to others."""
    value = int(number)
    if value >= CODE_PAGE_SIZE or len(number) > ALT_DIGITS_MAX:
        return None
    if value < CODE_PAGE_SIZE // 2 or encoding not in PAGES:
        return bytes([value])  # else a byte of UTF-8 or of the scanner's own letters, which the reader knows
    ansi, oem = PAGES[encoding]
    try:
        return bytes([value]).decode(ansi if number.startswith("0") else oem).encode(encoding)
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None


class CapsLock:
    """Whether Caps Lock is on for what the scanner types. A scanner that presses it turns it from what the lamp shows;
    one that presses none knows nothing of it, and its letters are as they are typed, since we alone hear them."""

    def __init__(self) -> None:
        self._lamp = self._lamp_before = False
        self._turned = False
        self._doubtful_quiets = 0

    def opened(self) -> None:
        """What was pressed before nobody heard; a pause says that it was for another code."""
        self._doubtful_quiets = OPENED_AFTER_QUIETS

    def lost(self) -> None:
        """Keys are missing, of which it may be one."""
        self._turned, self._lamp_before = False, self._lamp
        self._doubtful_quiets = SETTLED_AFTER_QUIETS

    @property
    def is_on(self) -> bool:
        return self._turned and not self._lamp_before

    @property
    def is_unknown(self) -> bool:
        """It was pressed for no code, and a pause followed: for the one that comes now, or after the one before."""
        return self._doubtful_quiets > 0

    def pressed(self) -> None:
        self._turned = not self._turned

    def lamp(self, on: bool) -> None:
        self._lamp = on
        if not self._turned:
            self._lamp_before = on

    def rest(self) -> None:
        """A quiet spell, and no code is held."""
        self._doubtful_quiets = SETTLED_AFTER_QUIETS if self._turned else max(0, self._doubtful_quiets - 1)
        self._turned, self._lamp_before = False, self._lamp


class Typist:
    """Takes what an input device delivers, gives codes. Records may come in any slices."""

    def __init__(self, framer: Framer, keys: Keys = USUAL) -> None:
        self._framer = framer
        self._keys = keys
        self._caps = CapsLock()
        self._torn = b""
        self._held: frozenset[int] = frozenset()
        self._number = ""  # typed on the keypad while Alt is held
        self._skipping = False

    def feed(self, data: bytes) -> list[Frame | Refusal]:
        data = self._torn + data
        whole = len(data) - len(data) % EVENT.size
        self._torn = data[whole:]
        results: list[Frame | Refusal] = []
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind in (EV_SYN, EV_KEY, EV_LED):
                results += self._event(kind, code, value)
        return results

    def quiet(self) -> list[Frame | Refusal]:
        if not self._framer.holds:
            self._caps.rest()
        return self._framer.quiet()

    def reset(self) -> None:
        self._torn, self._number = b"", ""
        self._held = frozenset()
        self._skipping = False
        self._caps = CapsLock()
        self._caps.opened()
        self._framer.reset()

    def _event(self, kind: int, code: int, value: int) -> list[Frame | Refusal]:
        if kind == EV_SYN:
            self._synchronize(code)
        elif kind == EV_LED and code == LED_CAPS_LOCK:
            self._caps.lamp(value != 0)
        elif kind == EV_KEY and not self._skipping:
            return self._key(code, value)
        return []

    def _synchronize(self, code: int) -> None:
        """After SYN_DROPPED the kernel asks to disregard everything up to the next report."""
        if code == SYN_DROPPED:
            self._skipping, self._held, self._number = True, frozenset(), ""
            self._framer.spoil(LOST_KEYS)
            self._caps.lost()
        elif code == SYN_REPORT:
            self._skipping = False

    def _key(self, key: int, value: int) -> list[Frame | Refusal]:
        if key in MODIFIERS:
            return self._modifier(key, value)
        if value != PRESSED or key == NUM_LOCK:
            return []
        if key == CAPS_LOCK:
            self._caps.pressed()
            return []
        if self._keys.arrow is not None and key == ARROWS[self._keys.arrow]:
            return self._framer.end()
        if self._held & ALTS and not self._held & (CTRLS | METAS) and key in KEYPAD:
            self._number = (self._number + KEYPAD[key])[: ALT_DIGITS_MAX + 1]
            return []
        return self._typed(character(key, self._held, self._keys.layout))

    def _modifier(self, key: int, value: int) -> list[Frame | Refusal]:
        self._held = self._held | {key} if value != RELEASED else self._held - {key}
        if not self._number or self._held & ALTS:
            return []
        number, self._number = self._number, ""
        return self._put(alt_character(number, self._keys.encoding))

    def _typed(self, typed: str | None) -> list[Frame | Refusal]:
        if typed is None or len(typed.swapcase()) != 1:
            return self._put(None if typed is None else self._bytes(typed))
        if typed != typed.swapcase() and self._caps.is_unknown and not self._framer.is_spoilt:
            self._framer.spoil(CAPS_LOCK_UNKNOWN)
        turned = self._caps.is_on != self._keys.caps_on
        return self._put(self._bytes(typed.swapcase() if turned else typed))

    def _bytes(self, typed: str) -> bytes | None:
        try:
            return typed.encode(self._keys.encoding)
        except UnicodeEncodeError:
            return None

    def _put(self, data: bytes | None) -> list[Frame | Refusal]:
        if data is None:
            self._framer.spoil(UNKNOWN_KEY)
            return []
        return self._framer.feed(data)
