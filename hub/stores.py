"""Shops, as the feed knows them."""

from __future__ import annotations


def partition_of_store(store: str, programme: str) -> str:
    """The part of the feed that tills of a shop read which is told of its own members alone."""
    return f"store:{store}/{programme}"
