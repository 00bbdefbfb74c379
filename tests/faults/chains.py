"""What must be so of any table of operations, whoever keeps it: worked out from the texts alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

FIRST = "0" * 64


def faults_of_chain(name: str, operations: Sequence[tuple[int, str, str]]) -> Iterator[str]:
    """`operations`: sequence, hash and text, in order. No gap, and each names the one before it."""
    before = FIRST
    for expected, (sequence, digest, text) in enumerate(operations, start=1):
        if sequence != expected:
            yield f"{name}: gap, {sequence} stands where {expected} should"
            return
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield f"{name}: {sequence} is not what its hash says"
        if json.loads(text)["previous_hash"] != before:
            yield f"{name}: {sequence} does not follow the one before it"
        before = digest


def faults_of_doubles(texts: Iterable[str]) -> Iterator[str]:
    """A receipt has one operation of a kind; what has no number is known by all that it says."""
    for what, count in Counter(map(_what, texts)).items():
        if count > 1:
            yield f"doubled: {count} times {what[:200]}"


def _what(text: str) -> str:
    body: dict[str, Any] = json.loads(text)["body"]
    return json.dumps([body["type"], body["sale"]] if body.get("sale") else body, sort_keys=True)
