"""How an operation is called where something is wrong with it."""

from __future__ import annotations


def named(chain: str, generation: int, sequence: int) -> str:
    """The generation only when it is not the first."""
    return f"{chain} operation {sequence}" if generation == 1 else f"{chain} operation {generation}.{sequence}"
