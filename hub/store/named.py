"""By what an operation is found again: whom it names, where no lot of his says it, and what stands on its receipt."""

from __future__ import annotations

from typing import NamedTuple


class NamedRow(NamedTuple):
    """`name`: a member's id, or the number of a card where no member is named. An operation that made a lot stands with
    that lot (loyalty.effects.lot_id), and has no row by him. Or what stands on a receipt (hub/books/named.py)."""

    name: str
    chain: str
    generation: int
    sequence: int
