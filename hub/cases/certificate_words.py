"""What a case of a certificate says: of which one, and why nothing could be taken of it, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from loyalty.programme import Language

ENDING: Final = 4  # digits by which people tell one from another
WHY: Final[Mapping[str, tuple[str, str]]] = {
    "empty": ("на нём было меньше", "it had less"),
    "not_sold": ("хаб ещё не знал, что его продали", "the hub had not heard that it was sold"),
    "blocked": ("он заблокирован", "it is blocked"),
    "replaced": ("он заменён другим", "it was replaced by another"),
    "ended": ("он был подарен, и срок вышел", "it had been given, and had ended"),
    "other_programme": ("он другой программы", "it is of another programme"),
}


def in_words(note: str, language: Language = "en") -> str:
    """`empty:9…,blocked:9…` in words; what is another thing stays as it is."""
    return "; ".join(_words(note, language))


def _words(note: str, language: Language) -> Iterator[str]:
    for part in note.split(","):
        why, _, number = part.partition(":")
        pair = WHY.get(why)
        if pair is None or not number:
            yield part
        else:
            certificate = "сертификат" if language == "ru" else "certificate"
            yield f"{certificate} *{number[-ENDING:]}: {pair[0 if language == 'ru' else 1]}"
