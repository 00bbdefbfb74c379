"""Card numbers of a programme: which family a number belongs to, and whether its check digit is right."""

from __future__ import annotations

import unicodedata
from typing import Literal

from stdnum import luhn

from loyalty.programme import CardScheme

UPC_LENGTH, GTIN_LENGTH = 12, 14  # digits

WrongNumber = Literal["check_digit", "length"]


def scheme_of(number: str, schemes: tuple[CardScheme, ...]) -> CardScheme | None:
    """The first scheme whose prefix begins the number and whose length fits, else the first by prefix alone."""
    mine = [scheme for scheme in schemes if is_digits(number) and number.startswith(scheme.prefix)]
    fitting = [scheme for scheme in mine if len(number) == scheme.length]
    return next(iter(fitting or mine), None)


def as_number(text: str) -> str:
    """A number as people type it, without blanks and dashes and in plain digits; what is no number stays as it is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(char for char in plain if unicodedata.category(char) not in ("Zs", "Pd"))
    return digits if is_digits(digits) else text


def spellings(number: str) -> tuple[str, ...]:
    """How devices may tell the same number: EAN-13 that begins with 0 is UPC-A to some scanners, in 12 digits, and to
    others any is a GTIN-14 with a zero before."""
    if not is_digits(number):
        return (number,)
    if len(number) == UPC_LENGTH:
        return (number, f"0{number}")
    shorter = (number[zeros:] for zeros in range(1, 3) if number.startswith("0" * zeros))
    return (number, *(one for one in shorter if len(one) >= UPC_LENGTH and len(number) <= GTIN_LENGTH))


def wrong_with(number: str, scheme: CardScheme) -> WrongNumber | None:
    """What is wrong with a number of this scheme; None when it is right."""
    if len(number) != scheme.length:
        return "length"
    return None if scheme.kind == "plain" or check_digit(number[:-1], scheme) == number[-1] else "check_digit"


def check_digit(body: str, scheme: CardScheme) -> str:
    """The digit that makes `body` a right number of an EAN-13 or Luhn scheme."""
    digit: str = _ean_digit(body) if scheme.kind == "ean13" else luhn.calc_check_digit(body)
    return digit


def _ean_digit(body: str) -> str:
    """As stdnum.ean says it, in a quarter of the time: a file has a million cards."""
    return str(-(3 * sum(map(int, body[::-2])) + sum(map(int, body[-2::-2]))) % 10)


def make_number(scheme: CardScheme, serial: int) -> str:
    """The number of the card with this serial: prefix, zeros, serial, check digit. Raises ValueError if too big."""
    body_length = scheme.length - (scheme.kind != "plain")
    digits = str(serial).zfill(body_length - len(scheme.prefix))
    body = scheme.prefix + digits
    if serial < 0 or len(body) > body_length:
        raise ValueError(f"serial {serial} does not fit {scheme.length} digits beginning with {scheme.prefix}")
    return body if scheme.kind == "plain" else body + check_digit(body, scheme)


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
