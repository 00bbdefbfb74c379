"""A card's number as it comes out of a file, against what the programme says of its cards."""

from __future__ import annotations

from typing import Final

from hub.files.reasons import BadValue
from hub.files.values import long_number
from loyalty.card_numbers import as_number, check_digit, is_digits, scheme_of, wrong_with
from loyalty.programme import CardScheme

LOST_ZEROS_MAX: Final = 8  # more is another number


def card(text: str, schemes: tuple[CardScheme, ...]) -> str:
    """The number. Raises BadValue. What fits no scheme is taken: shops have cards of long ago."""
    number = text if is_digits(text) else as_number(long_number(text, "card"))
    if not number.isascii() or not number.isalnum():
        raise BadValue("card", f"card {text!r} must be letters and digits")
    if not is_digits(number):
        return number
    scheme = scheme_of(number, schemes)
    if scheme is None:
        _check_zeros(number, schemes)
        return number
    wrong = wrong_with(number, scheme)
    if wrong == "check_digit":
        right = check_digit(number[:-1], scheme)
        raise BadValue("check_digit", f"card {number} has a wrong check digit: the last one would be {right}")
    if wrong == "length" and abs(len(number) - scheme.length) == 1:
        raise BadValue("card_length", f"card {number} has {len(number)} digits, one like it has {scheme.length}")
    return number


def _check_zeros(number: str, schemes: tuple[CardScheme, ...]) -> None:
    """A number that would be one of ours with zeros before it."""
    for scheme in schemes:
        lost = scheme.length - len(number)
        whole = number.zfill(scheme.length)
        if 0 < lost <= LOST_ZEROS_MAX and whole.startswith(scheme.prefix) and wrong_with(whole, scheme) is None:
            raise BadValue(
                "damaged",
                f"card {number} is {whole} whose zeros a spreadsheet took away; make the column text, export again",
            )
