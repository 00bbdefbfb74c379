"""How many codes may be sent: a message costs money, wakes somebody up, and each is a chance to guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

WITHIN: Final = timedelta(hours=1)
AGAIN: Final = timedelta(seconds=60)  # a message may take as long, and two codes confuse everybody

OF_PHONE_MAX: Final = (
    5  # with 5 tries each (second_factor.attempts): 25 guesses an hour find 4 digits once in 400 hours
)
OF_TILL_MAX: Final = 40  # a till serves 60 customers an hour, and most have a card
OF_STORE_MAX: Final = 200
IN_ALL_MAX: Final = 3_000  # what a thief of one key could cost the chain in an hour

Why = Literal["code_too_early", "code_limit"]


class Sent(NamedTuple):
    phone: str
    till: str
    store: str
    at: datetime


def refused(sent: Sequence[Sent], asked: Sent) -> Why | None:
    """`sent`: what was, within an hour. None: another may be."""
    recent = [one for one in sent if one.at > asked.at - WITHIN]
    of_phone = [one for one in recent if one.phone == asked.phone]
    if any(one.at > asked.at - AGAIN for one in of_phone):
        return "code_too_early"
    of_till = sum(one.till == asked.till for one in recent) if asked.till else 0
    of_store = sum(one.store == asked.store for one in recent) if asked.store else 0
    too_many = (
        len(of_phone) >= OF_PHONE_MAX or of_till >= OF_TILL_MAX or of_store >= OF_STORE_MAX or len(recent) >= IN_ALL_MAX
    )
    return "code_limit" if too_many else None
