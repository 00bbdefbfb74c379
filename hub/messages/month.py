"""How much advertising a member had in this month of the programme's clock."""

from __future__ import annotations

from datetime import datetime

from hub.hub import Hub
from hub.messages.letter import MAILING, letter_of
from hub.messages.rules import rules_of
from hub.store.letter_records import LetterRow
from hub.store.seam import Reader
from loyalty.programme import Programme


def left_this_month(hub: Hub, reader: Reader, programme: str, member: str, now: datetime) -> int:
    """How much more he may be sent; of what is being sent nobody knows that it did not arrive."""
    rules = hub.programmes[programme]
    month = _month(rules, now)
    had = sum(
        row.state in ("sent", "sending") and letter_of(row).kind == MAILING and _month(rules, _at(row)) == month
        for row in reader.letters_of([member])
    )
    return max(0, rules_of(reader, programme).most_a_month - had)


def _at(row: LetterRow) -> datetime:
    sent_at = letter_of(row).sent_at
    return datetime.fromisoformat(sent_at) if sent_at else row.made_at


def _month(rules: Programme, at: datetime) -> tuple[int, int]:
    day = rules.day(at)
    return day.year, day.month
