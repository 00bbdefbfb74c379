"""A scan typed into the page by a keyboard scanner that nobody grabbed, under the US or the Russian layout.

The text does not say which layout was on. But every printable character of the one stands for exactly one of the
other, so a whole scan typed under the Russian layout can be turned back, if it is certain that it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# The same keys in the same order, plain and with Shift: xkb's us and ru(winkeys), which is Windows' Russian too.
US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./" + '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>? '
RU = "ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю." + 'Ё!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ, '
BACK = dict(zip(RU, US, strict=True))

ONLY_RU = frozenset(RU) - frozenset(US)  # Cyrillic letters and №
ONLY_US = frozenset(US) - frozenset(RU)  # Latin letters, @ # $ and the like
EITHER = frozenset(us for us, ru in zip(US, RU, strict=True) if us == ru)  # digits among them

Reason = Literal["ambiguous", "mixed", "foreign"]
HINTS: dict[Reason, tuple[str, str]] = {
    "ambiguous": (
        "Не понять, в какой раскладке набран код. Переключите клавиатуру на EN и считайте ещё раз.",
        "The code may have been typed under either layout. Switch the keyboard to EN and scan again.",
    ),
    "mixed": (
        "Раскладка сменилась посреди кода. Переключите клавиатуру на EN и считайте ещё раз.",
        "The layout changed in the middle of the code. Switch the keyboard to EN and scan again.",
    ),
    "foreign": (
        "В коде знаки, которых нет ни в английской, ни в русской раскладке. Переключите клавиатуру на EN и считайте "
        "ещё раз.",
        "The code has characters of neither the English nor the Russian layout. Switch the keyboard to EN and scan "
        "again.",
    ),
}


@dataclass(frozen=True, slots=True)
class Repaired:
    """What the scanner meant."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be known what the scanner meant."""

    reason: Reason

    @property
    def hints(self) -> tuple[str, str]:
        """For the cashier: in Russian and in English."""
        return HINTS[self.reason]


def repair_layout(text: str) -> Repaired | Refused:
    """Turn back a scan typed under the Russian layout. GS (Ctrl+]) never reaches a page: marking codes need a
    scanner that is grabbed (hid.py)."""
    letters = frozenset(text)
    if not letters <= ONLY_RU | frozenset(US):
        return Refused("foreign")
    if letters & ONLY_RU and letters & ONLY_US:
        return Refused("mixed")
    if letters & ONLY_RU:
        return Repaired("".join(BACK[letter] for letter in text), changed=True)
    if letters & ONLY_US or letters <= EITHER:
        return Repaired(text, changed=False)
    return Refused("ambiguous")
