"""The part of a programme's file about questions to its people: [tickets], with [[tickets.reasons]]."""

from __future__ import annotations

from config.programme_offers import read_id
from config.strict_table import Table
from loyalty.tickets import ANSWERS_MAX, QUIET_DAYS, REASONS_MAX, SHIPPED, Pair, TicketReason, TicketRules

ANSWER_LETTERS_MAX = 1_000


def read_tickets(table: Table | None) -> TicketRules:
    """Without the part, or its reasons, those that ship. Raises BadKey."""
    if table is None:
        return TicketRules()
    quiet_days = table.whole("quiet_days", 1, 365, default=QUIET_DAYS)
    reasons = tuple(map(_reason, table.tables("reasons", default=())))
    if len(reasons) > REASONS_MAX:
        raise table.bad("reasons", f"has {len(reasons)}", f"write at most {REASONS_MAX}: nobody reads more on a phone")
    if len({one.id for one in reasons}) < len(reasons):
        raise table.bad("reasons", "names one twice", "give each an id of its own")
    table.close()
    return TicketRules(reasons=reasons or SHIPPED, quiet_days=quiet_days)


def _reason(table: Table) -> TicketReason:
    answers = tuple(_answer(one) for one in table.tables("answers", default=()))
    if len(answers) > ANSWERS_MAX:
        raise table.bad("answers", f"has {len(answers)}", f"write at most {ANSWERS_MAX}")
    reason = TicketReason(
        id=read_id(table, "id"), title=(table.text("ru", longest=60), table.text("en", longest=60)), answers=answers
    )
    table.close()
    return reason


def _answer(table: Table) -> Pair:
    pair = (table.text("ru", longest=ANSWER_LETTERS_MAX), table.text("en", longest=ANSWER_LETTERS_MAX))
    table.close()
    return pair
