"""Rows as the arrays that a statement unnests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def in_columns(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}
