"""Whose points a purchase without a card keeps: the section `[claims]` of a programme."""

from __future__ import annotations

import re
from typing import Final

from config.strict_table import Table
from loyalty.programme import ClaimRules

DAYS_MAX: Final = 366
COUNT_MAX: Final = 1_000
ACCOUNT: Final = re.compile(r"https?://[A-Za-z0-9.-]{1,200}(:[0-9]{1,5})?(/[A-Za-z0-9._~-]{1,40}){0,3}")


def read_claims(table: Table | None, returns: Table | None) -> ClaimRules:
    """`returns`: where the days stood before, as `claim_days`. Raises BadKey."""
    before = returns is not None and returns.has("claim_days")
    days = returns.whole("claim_days", 0, DAYS_MAX) if returns is not None and before else ClaimRules().days
    if table is None:
        return ClaimRules(days=days)
    if returns is not None and before:
        raise returns.bad("claim_days", "says what [claims] says too", "leave it out: days of [claims] is it now")
    rules = ClaimRules(
        days=table.whole("days", 0, DAYS_MAX, default=days),
        prints=table.choice("print", ("always", "asked", "never"), default="always"),
        a_day=table.whole("a_day", 1, COUNT_MAX, default=ClaimRules().a_day),
        a_month=table.whole("a_month", 1, COUNT_MAX, default=ClaimRules().a_month),
        account=_account(table),
    )
    table.close()
    return rules


def _account(table: Table) -> str:
    text = table.text("account", default="", longest=80).rstrip("/")
    if text and not ACCOUNT.fullmatch(text):
        raise table.bad("account", "is no address", 'write it like "https://club.example.ru", or leave it out')
    return text
