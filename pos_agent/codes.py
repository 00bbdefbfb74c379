"""All sentences that may come with a code, and its status: for the description of the face (OpenAPI, docs/api.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loyalty.programme import Language
from pos_agent.problems import status_of
from pos_agent.words import known_codes, template

# codes whose sentence depends on more than the code: which ones there are
OTHER_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "bad_sale": ("bad_sale_number", "bad_shift", "bad_day", "day_far_away", "day_without_sale"),
    "bad_phone": ("bad_phone_no_phone", "bad_phone_not_whole", "bad_phone_plus_eight"),
    "no_such_fiscal": ("no_such_fiscal", "fiscal_long_ago"),
    "no_such_receipt": ("no_such_receipt", "receipt_long_ago"),
    "no_such_sale": ("no_such_sale", "no_such_sale_of_day", "sale_long_ago"),
    "sale_number_taken": ("sale_number_taken", "sale_number_long_taken"),
    "not_ours": ("not_ours", "not_ours_but_for_letter"),
    "recorded": ("recorded", "recorded_owing", "recorded_stranger"),
    "stranger": ("stranger", "stranger_asked", "stranger_or_goods", "stranger_or_goods_asked"),
    "unknown_phone": ("unknown_phone", "unknown_phone_asked", "unknown_phone_here", "unknown_phone_unasked"),
    "purchase_too_small": ("purchase_too_small", "purchase_too_small_but_for_closed"),
    "unknown_card": (
        "unknown_card",
        "unknown_card_or_goods",
        "unknown_card_asked",
        "unknown_card_here",
        "unknown_card_unasked",
    ),
    "card_not_blank": ("card_not_blank", "card_maybe_taken", "card_maybe_taken_asked"),
}


def words_of(code: str, language: Language) -> tuple[str, ...]:
    """All sentences that may come with the code, with their {facts}; none where another program says it."""
    return tuple(template(words, language) for words in OTHER_WORDS.get(code, (code,)) if words in known_codes())


def status_when(code: str, *, done: bool) -> int:
    return 200 if done else status_of(code)
