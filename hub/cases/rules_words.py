"""What a case `not_by_rules` says: as a code with the case's note, and in words for the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loyalty.by_rules import Broken, Sum

JOINT: Final = ":"
SAYS: Final[Mapping[Sum, str]] = {
    "basket": "its lines or coupons are none that the programme knows",
    "day": "it says that its points were worked out long before, or after, it was paid",
    "redeemed": "points redeemed",
    "lines": "kopecks of a line",
    "total": "kopecks in total",
    "paid": "kopecks to pay",
    "qualifying": "kopecks that count for tiers",
    "offers": "what a promotion or a coupon gave",
    "accrued": "points earned",
    "parts": "what its earned points are made of",
    "life": "until when its earned points live",
    "stickers": "stickers given",
}


def note_of(broken: Broken) -> str:
    """The sum; and what was told and what the rules give, where they are numbers."""
    numbers = (broken.told, broken.by_rules) if broken.told != broken.by_rules else ()
    return JOINT.join((broken.sum, *map(str, numbers)))


def in_words(note: str) -> str:
    """A note that a newer program wrote stays as it is."""
    sum, *numbers = note.split(JOINT)
    says = {str(key): value for key, value in SAYS.items()}.get(sum)
    if says is None:
        return note
    return f"{says}: {numbers[0]} recorded, {numbers[1]} by the rules" if len(numbers) == 2 else says
