"""What the cases `velocity` and `audit` say: as codes with the case's note, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from loyalty.programme import Language
from loyalty.velocity import Ring, Rule

JOINT: Final = ":"
COMMA: Final = ","
SAYS: Final[Mapping[Rule, tuple[str, str]]] = {  # Russian, English
    "card_hour": ("покупок за час на одной кассе", "purchases within an hour at one till"),
    "card_day": ("покупок за сутки", "purchases within a day"),
    "card_month": ("покупок за 30 дней", "purchases within 30 days"),
    "cashier_month": ("покупок за 30 дней через одного кассира", "purchases within 30 days by the same hands"),
    "tills": ("касс за минуты", "tills within minutes"),
    "staff_day": ("покупок за сутки по карте сотрудника", "purchases within a day with a card of staff"),
    "staff_month": ("покупок за 30 дней по карте сотрудника", "purchases within 30 days with a card of staff"),
    "guesses_day": ("номеров за день, которых ни у кого нет", "numbers typed in a day that nobody has"),
    "claims_month": (
        "чеков одной кассы или кассира за 30 дней, принесённых позже",
        "receipts of one till or one cashier within 30 days, brought afterwards",
    ),
    "by_day": ("начислений и исправлений одного человека за сутки", "gifts and corrections of one person within a day"),
    "by_points": ("баллов от одного человека за сутки", "points given or corrected by one person within a day"),
}
COUNTED: Final = ("{what}: {count}, обычно до {most}", "{count} {what}, {most} are ordinary")
BY: Final = (" (через {by})", " (by {by})")
AUDIT: Final[Mapping[str, tuple[str, str]]] = {
    "shorter": ("записей меньше, чем было: хаб знал запись {number}", "it is shorter: row {number} was known here"),
    "other": ("запись {number} не та, что знал хаб", "row {number} is not the one that was known here"),
}


def note_of(rings: Sequence[Ring], by: str) -> str:
    """`by`: whose hands the operation went through, where that is known."""
    rung = COMMA.join(JOINT.join((ring.rule, str(ring.count), str(ring.most))) for ring in rings)
    return f"{rung} {by}" if by else rung


def in_words(note: str, language: Language = "en") -> str:
    """A rule that a newer program wrote stays as it is."""
    rung, _, by = note.partition(" ")
    words = "; ".join(_ring_in_words(one, language) for one in rung.split(COMMA))
    return words + (_one(BY, language).format(by=by) if by else "")


def audit_in_words(note: str, language: Language = "en") -> str:
    fault, _, number = note.partition(JOINT)
    says = AUDIT.get(fault)
    return note if says is None else _one(says, language).format(number=number)


def _ring_in_words(rung: str, language: Language) -> str:
    rule, *numbers = rung.split(JOINT)
    says = {str(key): value for key, value in SAYS.items()}.get(rule)
    if says is None or len(numbers) != 2:
        return rung
    return _one(COUNTED, language).format(count=numbers[0], what=_one(says, language), most=numbers[1])


def _one(pair: tuple[str, str], language: Language) -> str:
    return pair[0 if language == "ru" else 1]
