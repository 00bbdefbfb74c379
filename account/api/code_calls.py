"""Codes that come to a phone."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from account.codes import SENT_FROM_ADDRESS, TOLD_FROM_ADDRESS, place_of
from account.tries import Guessed
from account.visit import Refused, Visit
from sync.account.codes import CheckCode, CodeProved, CodeSent, SendCode


def limit_sent(visit: Visit) -> None:
    """As on the page: a message costs money and disturbs somebody, whoever's number it is. Raises Refused."""
    _limit(visit, "code from address", SENT_FROM_ADDRESS)


def limit_told(visit: Visit) -> None:
    """Raises Refused."""
    _limit(visit, "told from address", TOLD_FROM_ADDRESS)


def _limit(visit: Visit, kind: str, free: int) -> None:
    if visit.house.tries.begin(Guessed(kind, place_of(visit.address), free)):
        raise Refused("no_too_many", status=429)


CODE_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "POST",
        "/codes",
        "Send a code: to a phone that was typed, to a card's, to one's own",
        "send_code",
        SendCode,
        CodeSent,
        "bad_phone_told bad_card_told code_no_phone second_factor_unavailable not_signed_in",
        signed_in=False,
        limit=limit_sent,
        purpose="enter",
        phone="8 916 123-45-67",
    ),
    act_call(
        "POST",
        "/codes/check",
        "What came to the phone is a proof, which stands for half an hour and is used once",
        "check_code",
        CheckCode,
        CodeProved,
        "code_wrong code_no_tries code_over code_used code_unknown",
        signed_in=False,
        limit=limit_told,
        id="c0ffee",
        digits="4821",
    ),
)
