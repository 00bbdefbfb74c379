"""Calls about the code by which a member shows that a phone is his."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol_codes import EnterCode, SendCode
from pos_agent.route import OF_RECEIPT, RETOLD, Route, command_route

_EITHER: Final = (
    "code_needs_link code_not_needed code_of_nobody code_no_tries code_overtaken code_limit code_too_early"
    " second_factor_unavailable desk_hub_silent desk_refused not_now_idle not_now_basket"
)
CODE_ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        SendCode,
        "A code goes to the phone of the receipt's member",
        f"code_sent {RETOLD}",
        f"{OF_RECEIPT} {_EITHER} code_no_phone",
        sale="1042",
    ),
    command_route(
        EnterCode,
        "The code as the member says it",
        f"code_right {RETOLD}",
        f"{OF_RECEIPT} {_EITHER} bad_code code_wrong code_used code_over code_unknown",
        sale="1042",
        code="4711",
    ),
)
