"""Whom an operation names, by whose names it is found again where no lot of his says it."""

from __future__ import annotations

from typing import NamedTuple


class NamedRow(NamedTuple):
    """`name`: a member's id, or the number of a card where no member is named. An operation that made a lot stands with
    that lot (loyalty.effects.lot_id), and has no row."""

    name: str
    chain: str
    generation: int
    sequence: int
