"""What a program may ask of the account: one table. An act of the hub's is a row."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from account.api.points import POINTS_CALLS
from account.api.session import SESSION_CALLS
from sync.account.me import Me, MeTold
from sync.account.programme import AskProgramme, ProgrammeTold

CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/programme",
        "Whose account it is, and the documents that one agrees to",
        "programme",
        AskProgramme,
        ProgrammeTold,
        signed_in=False,
    ),
    *SESSION_CALLS,
    act_call("GET", "/me", "Who is signed in: points, what dies next, cards", "me", Me, MeTold),
    *POINTS_CALLS,
)
