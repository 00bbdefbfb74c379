"""What the random walk stands on: its members, its goods, and its programmes, which have the terms of the simulated
chains'."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from simulator.terms import OF_MEMBERS, OFFLINE_MAX, with_terms

BEGIN: Final = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
MEMBERS: Final = 12
PREFIX: Final = {"alenka": "2600", "perekrestok": "2700"}
CATEGORIES: Final = {
    "alenka": ("chocolate", "chocolate", "sweets", "sweets", "tobacco", None, "moon rock"),
    "perekrestok": ("dairy", "dairy", "bread", "bread", "tobacco", None, "moon rock"),
}


def walk_source(programme: str) -> str:
    """Of one that is the walk's own."""
    return with_terms(programme, "walk", OFFLINE_MAX, OF_MEMBERS)
