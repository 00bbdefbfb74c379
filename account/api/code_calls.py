"""Codes that come to a phone."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from account.tries import Guessed
from account.visit import Refused, Visit
from sync.account.codes import CheckCode, CodeProved, CodeSent, SendCode

OF_ADDRESS: Final = 20  # a house, a café; then each one more waits, twice as long each time


def limit_of_address(visit: Visit) -> None:
    """A message costs money and disturbs somebody, whoever's number it is. Raises Refused."""
    if visit.house.tries.begin(Guessed("code", visit.address, OF_ADDRESS)):
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
        limit=limit_of_address,
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
        id="c0ffee",
        digits="4821",
    ),
)
