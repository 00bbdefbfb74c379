"""The bars of an EAN-13, as modules: 1 is black."""

from __future__ import annotations

from typing import Final

LEFT: Final = (
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
)
RIGHT: Final = tuple(code.translate({48: "1", 49: "0"}) for code in LEFT)
EVEN: Final = tuple(code[::-1] for code in RIGHT)
PARITY: Final = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
EDGE: Final = "101"
MIDDLE: Final = "01010"
MODULES: Final = 95


def modules(number: str) -> str:
    """`number`: 13 digits, the check digit right. The first is told by how the next six are written."""
    digits = list(map(int, number))
    left = ((LEFT if way == "L" else EVEN)[digit] for way, digit in zip(PARITY[digits[0]], digits[1:7], strict=True))
    right = (RIGHT[digit] for digit in digits[7:])
    return "".join((EDGE, *left, MIDDLE, *right, EDGE))
