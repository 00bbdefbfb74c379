"""What a case `velocity` says: as codes with the case's note, and in words for the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from loyalty.velocity import Ring, Rule

JOINT: Final = ":"
COMMA: Final = ","
SAYS: Final[Mapping[Rule, str]] = {
    "card_hour": "purchases within an hour at one till",
    "card_day": "purchases within a day",
    "card_month": "purchases within 30 days",
    "cashier_month": "purchases within 30 days by the same hands",
    "tills": "tills within minutes",
    "staff_day": "purchases within a day with a card of staff",
    "staff_month": "purchases within 30 days with a card of staff",
    "guesses_day": "numbers typed in a day that nobody has",
    "by_day": "gifts and corrections of one person within a day",
    "by_points": "points given or corrected by one person within a day",
}


def note_of(rings: Sequence[Ring], by: str) -> str:
    """`by`: whose hands the operation went through, where that is known."""
    rung = COMMA.join(JOINT.join((ring.rule, str(ring.count), str(ring.most))) for ring in rings)
    return f"{rung} {by}" if by else rung


def in_words(note: str) -> str:
    """A rule that a newer program wrote stays as it is."""
    rung, _, by = note.partition(" ")
    words = "; ".join(map(_ring_in_words, rung.split(COMMA)))
    return f"{words} (by {by})" if by else words


def _ring_in_words(rung: str) -> str:
    rule, *numbers = rung.split(JOINT)
    says = {str(key): value for key, value in SAYS.items()}.get(rule)
    return f"{numbers[0]} {says}, {numbers[1]} are ordinary" if says is not None and len(numbers) == 2 else rung
