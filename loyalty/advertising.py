"""Words of a text that may name goods whose advertising the law forbids or narrows. Of goods that are named by article
lawful.py knows; of a text only words can be seen, which is a warning."""

from __future__ import annotations

import re
from typing import Final

_STEMS: Final = (
    *("алкогол", "водк", "виски", "вино", "вина", "вином", "пиво", "пива", "пивом", "коньяк", "шампанск", "игрист"),
    *("сигарет", "сигар", "табак", "табач", "вейп", "никотин", "кальян", "стик", "лотере"),
    *("alcohol", "vodka", "whisk", "wine", "beer", "cognac", "champagne", "cigar", "tobacco", "vape", "nicotine"),
)
_WORD: Final = re.compile(r"[^\W\d_]+")


def doubtful_words(text: str) -> tuple[str, ...]:
    """Words of a text that may name such goods, each once, in their order."""
    words = dict.fromkeys(word.casefold() for word in _WORD.findall(text))
    return tuple(word for word in words if word.startswith(_STEMS))
