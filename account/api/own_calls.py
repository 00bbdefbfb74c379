"""Whose account it is, and what a member sees first."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.home import AskHome, HomeTold
from sync.account.me import Me, MeTold
from sync.account.programme import AskProgramme, ProgrammeTold

OWN_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/programme",
        "Whose account it is, and the documents that one agrees to",
        "programme",
        AskProgramme,
        ProgrammeTold,
        signed_in=False,
    ),
    act_call("GET", "/me", "Who is signed in: points, what dies next, cards", "me", Me, MeTold),
    act_call("GET", "/home", "The first page: what waits, how points are earned, offers", "home", AskHome, HomeTold),
)
