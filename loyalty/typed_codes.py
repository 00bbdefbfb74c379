"""A coupon's code that is typed: 13 letters, 60 of their bits random and the last letter a check (docs/tokens.md).

Letters are Crockford's: no I, L, O and U, whatever is typed for them. One wrong letter or two that changed their places
are noticed before anybody is asked. A code is never all digits: those are numbers of cards and of goods.
"""

from __future__ import annotations

from typing import Final

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS: Final = 60
BITS: Final = 5  # of a letter
CODE_LETTERS: Final = 13
SHOWN_IN: Final = (4, 4, 5)
TYPED_MAX: Final = 40  # characters that are looked at
DIGITS: Final = 10
POLYNOMIAL: Final = 0b100101  # x⁵ + x² + 1: its powers reach each of the 31 letters but 0

# what people read, and what lies under the same eyes on a Russian keyboard
_MEANT: Final = str.maketrans("OILАВЕКМНОРСТУХ", "011ABEKMH0PCTYX")
_BETWEEN: Final = str.maketrans("", "", " -\u00a0\t\u2010\u2011\u2012\u2013\u2014\u2212")


def make_code(random_bits: int) -> str:
    """The code of 60 random bits, as it is kept. Raises ValueError for more of them."""
    if random_bits not in range(1 << RANDOM_BITS):
        raise ValueError(f"a code is made of {RANDOM_BITS} bits")
    values = [random_bits >> shift & 31 for shift in range(RANDOM_BITS - BITS, -1, -BITS)]
    if max(values) < DIGITS:  # one in a million: its first letter becomes none of the digits
        values[0] |= 16
    return "".join(LETTERS[value] for value in (*values, _check(values)))


def read_code(text: str) -> str | None:
    """The code that somebody typed, as it is kept; None for what is none."""
    if len(text) > TYPED_MAX:
        return None
    code = text.upper().translate(_BETWEEN).translate(_MEANT)
    if len(code) != CODE_LETTERS or code.isdigit() or not set(code) <= set(LETTERS):
        return None
    values = [LETTERS.index(letter) for letter in code]
    return code if _check(values[:-1]) == values[-1] else None


def shown_code(code: str) -> str:
    """As it is printed: XXXX-XXXX-XXXXX."""
    first, second, _ = SHOWN_IN
    return "-".join((code[:first], code[first : first + second], code[first + second :]))


def _check(values: list[int]) -> int:
    """A number of GF(32): each letter counts another power of x, so none stands for its neighbour."""
    sum_ = 0
    for value in values:
        sum_ = _times_x(sum_ ^ value)
    return sum_


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ POLYNOMIAL if value >> BITS else value
