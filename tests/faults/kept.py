"""What a till's file keeps of an operation, read by nothing of the product: a text stands as it was told, or packed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

DICTIONARY: Final = (Path(__file__).parents[2] / "offline_cache" / "dictionary_1.txt").read_bytes()


def text_of(kept: str | bytes) -> str:
    """The first byte of a packed one is the dictionary's number."""
    if isinstance(kept, str):
        return kept
    assert kept[0] == 1, "packed with a dictionary that was not there yet"
    return zlib.decompressobj(-zlib.MAX_WBITS, DICTIONARY).decompress(kept[1:]).decode()


def digest_of(kept: str | bytes) -> str:
    return kept if isinstance(kept, str) else kept.hex()


def documents_of(texts: Iterable[str]) -> list[str]:
    """Numbers of the fiscal documents that sales told of, then or later."""
    bodies: list[dict[str, Any]] = [json.loads(text)["body"] for text in texts]
    told = (body.get("fiscal") or [] for body in bodies if body["type"] in ("sale", "fiscal_added"))
    return [one["document"].lstrip("0") for document in told for one in document]
