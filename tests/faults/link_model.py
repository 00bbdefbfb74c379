"""What a hub must know in the end, worked out from the tills' files by plain sums: none of the product's own code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from tests.faults.kept import text_of


class Kept(NamedTuple):
    """An operation in a till's file: its text, and what it was answered."""

    text: str
    result: str | None
    reason: str | None


def kept_in(file: Path) -> list[Kept]:
    """In the order in which they happened."""
    with closing(apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        rows = connection.execute("SELECT text, result, reason FROM operations ORDER BY generation, sequence")
        return [Kept(text_of(text), result, reason) for text, result, reason in rows]


def points_of(start: dict[str, int], operations: Iterable[Kept]) -> Counter[str]:
    """What each member has, after all that the tills recorded."""
    points = Counter(start)
    for kept in operations:
        body = json.loads(kept.text)["body"]
        if body.get("member") is not None:
            points[body["member"]] += moved(body)
    return points


def moved(body: dict[str, Any]) -> int:
    def of(movement: str) -> int:
        return int(body.get(movement, {}).get("points", 0))

    return of("accrued") - of("redeemed") + of("restored") - of("clawed_back")
