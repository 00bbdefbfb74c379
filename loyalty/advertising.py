"""What may not be advertised to members: goods whose advertising the law forbids or narrows (38-FZ art. 7, 21; 15-FZ
art. 16). Goods that are named by article are looked up; of a text only words can be seen, which is a warning."""

from __future__ import annotations

import re
from typing import Final

from loyalty.programme import EXCISE

NEVER_ADVERTISED: Final = frozenset(
    {"tobacco", "nicotine", EXCISE, "lottery", "alcohol_strong", "sparkling_wine", "alcohol", "wine", "beer"}
)
_STEMS: Final = (
    *("алкогол", "водк", "виски", "вино", "вина", "вином", "пиво", "пива", "пивом", "коньяк", "шампанск", "игрист"),
    *("сигарет", "сигар", "табак", "табач", "вейп", "никотин", "кальян", "стик", "лотере"),
    *("alcohol", "vodka", "whisk", "wine", "beer", "cognac", "champagne", "cigar", "tobacco", "vape", "nicotine"),
)
_WORD: Final = re.compile(r"[^\W\d_]+")


def may_be_advertised(category: str | None) -> bool:
    return category not in NEVER_ADVERTISED


def doubtful_words(text: str) -> tuple[str, ...]:
    """Words of a text that may name such goods, each once, in their order."""
    words = dict.fromkeys(word.casefold() for word in _WORD.findall(text))
    return tuple(word for word in words if word.startswith(_STEMS))
