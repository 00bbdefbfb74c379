"""Keyboards of some countries: which key gives which character, plain, with Shift and with AltGr.

A scanner is set to the country whose keyboard it pretends to be; most are left at the United States. The tables are
xkb's us, de and ru(winkeys). A key that gives an accent for the next letter gives nothing here: no scanner needs it.
"""

from __future__ import annotations

DEAD = "\0"  # a place in a row without a character
Row = tuple[int, str, str]  # the first key's code, what the row gives, and with Shift

US: tuple[Row, ...] = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
)
DE: tuple[Row, ...] = (
    (2, "1234567890ß\0", '!"§$%&/()=?\0'),
    (16, "qwertzuiopü+", "QWERTZUIOPÜ*"),
    (30, "asdfghjklöä\0", "ASDFGHJKLÖÄ°"),
    (43, "#yxcvbnm,.-", "'YXCVBNM;:_"),
    (86, "<", ">"),
)
RU: tuple[Row, ...] = (
    (2, "1234567890-=", '!"№;%:?*()_+'),
    (16, "йцукенгшщзхъ", "ЙЦУКЕНГШЩЗХЪ"),
    (30, "фывапролджэё", "ФЫВАПРОЛДЖЭЁ"),
    (43, "\\ячсмитьбю.", "/ЯЧСМИТЬБЮ,"),
)
EVERYWHERE: tuple[Row, ...] = (
    (57, " ", " "),
    (55, "*", "*"),  # the keypad from here on
    (71, "789-456+1230.", "789-456+1230."),
    (98, "/", "/"),
)
DE_ALT_GR = {8: "{", 9: "[", 10: "]", 11: "}", 12: "\\", 16: "@", 18: "€", 27: "~", 50: "µ", 86: "|"}

# Layout → key → plain, with Shift.
LAYOUTS: dict[str, dict[int, tuple[str, str]]] = {
    name: {
        first + place: pair
        for first, plain, shifted in (*rows, *EVERYWHERE)
        for place, pair in enumerate(zip(plain, shifted, strict=True))
    }
    for name, rows in {"us": US, "de": DE, "ru": RU}.items()
}
ALT_GR: dict[str, dict[int, str]] = {"de": DE_ALT_GR}  # elsewhere the right Alt is an Alt
