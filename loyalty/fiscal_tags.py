"""What a fiscal receipt must say of lines of a kind by the law of a day: tags 1212 (what it is) and 1214 (how it is
paid). Read from config/law/tags/*.toml (config/law.py)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from loyalty.basket import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalTags:
    category: str
    subject: int
    method: int
    first_day: date
    last_day: date


def with_tags(line: Line, tables: Iterable[FiscalTags], day: date) -> Line:
    """The line with what the law of that day says of its kind, where the POS says nothing: its own word stands."""
    facts = line.facts
    if facts.subject is not None and facts.method is not None:
        return line
    for tags in tables:
        if tags.category == line.category and tags.first_day <= day <= tags.last_day:
            return replace(
                line,
                facts=replace(
                    facts,
                    subject=tags.subject if facts.subject is None else facts.subject,
                    method=tags.method if facts.method is None else facts.method,
                ),
            )
    return line
