"""Numbers of gift certificates: 16 digits, of which 14 are drawn and the last tells a slip of the finger.

They begin with a digit that no bank's cards begin with, and are longer than any number of goods. Whose number it is,
and what is on it, only the hub knows.
"""

from __future__ import annotations

from typing import Final

from stdnum import damm

FIRST: Final = "9"
DRAWN_DIGITS: Final = 14
ROOM: Final = 10**DRAWN_DIGITS
LENGTH: Final = len(FIRST) + DRAWN_DIGITS + 1


def certificate_number(drawn: int) -> str:
    """Raises ValueError for more than there is room for."""
    if not 0 <= drawn < ROOM:
        raise ValueError(f"a certificate's number is made of {DRAWN_DIGITS} digits, and {drawn} is not")
    body = f"{FIRST}{drawn:0{DRAWN_DIGITS}}"
    return body + str(damm.calc_check_digit(body))


def is_certificate_number(text: str) -> bool:
    """As far as its digits say: one wrong digit, or two that changed their places, are noticed."""
    return len(text) == LENGTH and text.isascii() and text.isdigit() and text[0] == FIRST and bool(damm.is_valid(text))
