"""What a paper of a sale of nobody says of the points that it keeps: how many, until when, and where they are got."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from loyalty.claims import claim_ends, may_give
from loyalty.operation import Operation
from loyalty.paper.parts import Row
from loyalty.paper.words import PaperWords
from loyalty.programme import Programme


def promises(programme: Programme, sold: Operation) -> bool:
    """Does its paper say so by itself?"""
    return programme.claims.prints == "always" and may_give(programme, sold) > 0


def claim_rows(sold: Operation, words: PaperWords, *, fiscal: bool = False) -> Iterator[Row]:
    """None where it gives nothing. `fiscal`: on the POS's own receipt, whose QR is the key."""
    points = may_give(words.programme, sold)
    if not points:
        return
    last = words.day(claim_ends(words.programme, datetime.fromisoformat(sold.at)))
    yield Row(words.say("claim_points"), words.points(points), bold=True)
    yield Row(words.say("claim_until", day=last))
    yield Row(words.say("claim_at_till"))
    yield Row(words.say("claim_fiscal" if fiscal else "claim_by_code"))
