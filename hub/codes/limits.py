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

# in the account, by what was typed: a refusal must not tell whose phone it was that the code of a card went to
DAY: Final = timedelta(days=1)
OF_TYPED_MAX: Final = 5
OF_TYPED_DAY_MAX: Final = 10
OF_ONE_PHONE_DAY_MAX: Final = 15  # by its number and by the numbers of its cards: then nothing is sent, and none told
ACCOUNT_HOUR_MAX: Final = 1_000
ACCOUNT_DAY_MAX: Final = 5_000

Why = Literal["code_too_early", "code_limit"]


class Sent(NamedTuple):
    phone: str
    till: str
    store: str
    at: datetime


class Typed(NamedTuple):
    """A code that was asked for in the account. `phone`: to which it went, "" for none."""

    typed: str
    phone: str
    at: datetime


class Wait(NamedTuple):
    why: Why
    again: timedelta  # until another may be asked for


def wait_in_account(asked_for: Sequence[Typed], typed: str, now: datetime) -> Wait | None:
    """`asked_for`: what was within a day, oldest first. None: another may be. It is the same for what is somebody's and
    what is nobody's."""
    of_typed = [one.at for one in asked_for if one.typed == typed]
    if of_typed and now < of_typed[-1] + AGAIN:
        return Wait("code_too_early", of_typed[-1] + AGAIN - now)
    in_all = [one.at for one in asked_for]
    rules = [
        *((of_typed, OF_TYPED_MAX, WITHIN), (of_typed, OF_TYPED_DAY_MAX, DAY)),
        *((in_all, ACCOUNT_HOUR_MAX, WITHIN), (in_all, ACCOUNT_DAY_MAX, DAY)),
    ]
    waits = [free for moments, most, span in rules if (free := _free_in(moments, most, span, now)) > timedelta(0)]
    return Wait("code_limit", max(waits)) if waits else None


def _free_in(moments: Sequence[datetime], most: int, span: timedelta, now: datetime) -> timedelta:
    """When fewer than so many are within the span."""
    within = [at for at in moments if at > now - span]
    return within[-most] + span - now if len(within) >= most else timedelta(0)


def phone_has_enough(asked_for: Sequence[Typed], phone: str) -> bool:
    return sum(one.phone == phone for one in asked_for) >= OF_ONE_PHONE_DAY_MAX


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
