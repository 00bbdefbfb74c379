"""Fields of a basket's line that are none of ours (R31): kept beside it, and never a reason to refuse a basket."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from math import isfinite
from typing import Any

import msgspec

DIGITS_MAX = 18  # of a whole number: 64 bits hold any such
FIELDS_MAX = 20  # of a line; a POS with more tells us its whole database
TEXT_MAX = 100  # characters of a name or a value; a sale keeps them for ever


def decode_with_huge_numbers(body: bytes) -> Any:
    """JSON with numbers that no computer counts with (1e400, 5,000 digits): those stand as they were written, as text.
    In a field of ours that is a text out of place, and is said so. Raises msgspec.DecodeError."""
    try:
        return json.loads(body.decode(), parse_int=_whole, parse_float=_fraction)
    except ValueError as error:
        raise msgspec.DecodeError(str(error)) from None


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= DIGITS_MAX else text


def _fraction(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else text


def set_aside(command: Any, known: AbstractSet[str]) -> None:
    """Moves what is not `known` of each line into its `besides`: in a basket, and in what a POS says it has printed."""
    if isinstance(command, dict):
        _lines(command.get("lines") if command.get("do") == "basket" else None, known)
        said = command.get("said")
        _lines(said.get("lines") if isinstance(said, dict) else None, known)


def _lines(lines: Any, known: AbstractSet[str]) -> None:
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict) and (names := line.keys() - known):
            line["besides"] = _besides({name: line.pop(name) for name in sorted(names)})


def _besides(values: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """As text, within bounds. Of lists and tables only the name is kept."""
    kept = [(name[:TEXT_MAX], _text(value)[:TEXT_MAX]) for name, value in values.items()]
    return tuple(kept[:FIELDS_MAX])


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode() if isinstance(value, bool | int | float) else ""
