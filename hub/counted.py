"""So many of something, in words."""

from __future__ import annotations


def counted(count: int, one: str) -> str:
    """«1 row», «2 rows»."""
    return f"{count} {one}" if abs(count) == 1 else f"{count} {one}s"
