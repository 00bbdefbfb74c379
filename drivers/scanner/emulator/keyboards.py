"""The keyboards that emulated scanners press, by country: character → key, and what is held with it. From
linux/input-event-codes.h and the countries' own keyboards."""

from __future__ import annotations

LEFT_CTRL, LEFT_SHIFT, LEFT_ALT, RIGHT_ALT = 29, 42, 56, 100
ENTER, TAB, CAPS_LOCK = 28, 15, 58
ARROWS = {"arrow-up": 103, "arrow-left": 105, "arrow-right": 106, "arrow-down": 108}
KEYPAD = {"7": 71, "8": 72, "9": 73, "4": 75, "5": 76, "6": 77, "1": 79, "2": 80, "3": 81, "0": 82}

Stroke = tuple[int, ...]  # the key, and the keys held meanwhile

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
GERMAN = {
    **{letter: (key,) for letter, key in PLAIN.items() if letter.isalnum() or letter in " ,."},
    "y": (44,), "z": (21,), "ß": (12,), "ü": (26,), "+": (27,), "ö": (39,), "ä": (40,), "#": (43,), "-": (53,),
    "<": (86,),
    **{sign: (key, LEFT_SHIFT) for sign, key in zip('!"§$%&/()=?', range(2, 13), strict=True)},
    **{sign: (key, LEFT_SHIFT) for sign, key in zip("*'_;:>°", (27, 43, 53, 51, 52, 86, 41), strict=True)},
    **{sign: (key, RIGHT_ALT) for sign, key in zip("@{[]}\\|~€", (16, 8, 9, 10, 11, 12, 86, 27, 18), strict=True)},
}  # fmt: skip
RUSSIAN = {
    **{str(digit): (1 + digit,) for digit in range(1, 10)},
    "0": (11,), "-": (12,), "=": (13,), "\\": (43,), ".": (53,), " ": (57,),
    **{letter: (16 + place,) for place, letter in enumerate("йцукенгшщзхъ")},
    **{letter: (30 + place,) for place, letter in enumerate("фывапролджэё")},
    **{letter: (44 + place,) for place, letter in enumerate("ячсмитьбю")},
    **{sign: (key, LEFT_SHIFT) for sign, key in zip('!"№;%:?*()_+', range(2, 14), strict=True)},
    "/": (43, LEFT_SHIFT), ",": (53, LEFT_SHIFT),
}  # fmt: skip


def with_capitals(keyboard: dict[str, Stroke]) -> dict[str, Stroke]:
    letters = {letter: stroke for letter, stroke in keyboard.items() if letter.isalpha() and letter.islower()}
    capitals = {letter.upper(): (*stroke, LEFT_SHIFT) for letter, stroke in letters.items() if len(letter.upper()) == 1}
    return keyboard | capitals


KEYBOARDS: dict[str, dict[str, Stroke]] = {
    "us": {letter: (key,) for letter, key in PLAIN.items()}
    | {sign: (key, LEFT_SHIFT) for sign, key in SHIFTED.items()},
    "de": with_capitals(GERMAN),
    "ru": with_capitals(RUSSIAN),
}
CONTROLS = {"\x1d": "]", "\x1e": "^", "\x04": "d"}  # pressed with Ctrl, on the keys of a US keyboard
# Windows: Alt and 0nnn are of the country's ANSI page, Alt and nnn of its OEM page.
PAGES = {"cp1251": ("cp1251", "cp866"), "cp866": ("cp1251", "cp866"), "cp1252": ("cp1252", "cp437")}
MODIFIERS = ("shift", "alt-keypad", "alt-oem", "caps-lock", "caps-on")
