"""A member's name: kept with the given name first, and told to tills no further than a guest may read it."""

from __future__ import annotations

from typing import Final

LETTERS_MAX: Final = 200  # of a whole name
TOLD_LETTERS_MAX: Final = 40  # of one that is masked: it stands in a line beside the balance
PATRONYMICS: Final = ("вич", "вна", "ична", "оглы", "кызы")


def given_first(text: str, *, family_first: bool = False) -> str:
    """«Петрова Анна Сергеевна» as «Анна Сергеевна Петрова». `family_first`: they stand under a heading such as ФИО, so
    that is their order; else only a patronymic at the end says so."""
    words = text.split()
    if len(words) < 2 or _is_patronymic(words[1]):
        return " ".join(words)
    turned = family_first or (len(words) == 3 and _is_patronymic(words[2]))
    return " ".join([*words[1:], words[0]] if turned else words)


def called(name: str) -> str:
    """«Анна»: of a name that is kept, the word that its owner is greeted by."""
    return (name.split() or [""])[0]


def masked(name: str) -> str:
    """«Анна П.»"""
    words, given = name.split(), called(name)[: TOLD_LETTERS_MAX - len(" П.")]
    return f"{given} {words[-1][0]}." if len(words) > 1 else given


def _is_patronymic(word: str) -> bool:
    return word.casefold().endswith(PATRONYMICS)
