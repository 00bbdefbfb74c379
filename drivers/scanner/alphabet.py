"""The alphabet of a code's bytes: UTF-8, or what the code itself says, and else nobody knows.

A Russian text in CP1251, CP866 or KOI8-R is some text in each of them: whoever guesses shows nonsense, and sure of it.
"""

from __future__ import annotations

BOM = "\ufeff"
# ГОСТ Р 56042-2014, 4.2: "ST", the version, and the alphabet of what follows.
PAYMENT = b"ST0001"
PAYMENT_ALPHABETS = {b"1": "cp1251", b"2": "utf-8", b"3": "koi8-r"}

# What zxing-cpp writes of a code that has an ECI (AIM ITS/04-023): "]Q2\\000022", with nothing before it. Of one that
# has none there is no number, and of bytes that it takes for no text the number is 899.
ECI_AT = 3
ECI_SIGN = b"\\0"
ECI_BINARY = b"\\000899"


def text_of(raw: bytes) -> str | None:
    """The text, where the bytes tell how they are to be read; without a byte order mark, which is no text."""
    alphabets = ["utf-8"]
    if raw.startswith(PAYMENT) and (named := PAYMENT_ALPHABETS.get(raw[len(PAYMENT) : len(PAYMENT) + 1])):
        alphabets.append(named)
    for alphabet in alphabets:
        try:
            return raw.decode(alphabet).removeprefix(BOM)
        except UnicodeDecodeError:
            continue
    return None


def says_alphabet(with_eci: bytes) -> bool:
    """Whether a code, written with its ECIs, names the alphabet of all its text."""
    return with_eci[ECI_AT : ECI_AT + len(ECI_SIGN)] == ECI_SIGN and ECI_BINARY not in with_eci
