"""A program's session: whose token it is, and its end."""

from __future__ import annotations

from typing import Final

import msgspec

from account.api.call import Call
from account.visit import Visit


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """Says nothing."""


class SessionTold(msgspec.Struct, frozen=True, kw_only=True):
    """Times in UTC."""

    member: str
    began_at: str
    device: str


def _told(visit: Visit, asked: Nothing) -> SessionTold:
    assert visit.session is not None, "a call of who is signed in"
    return SessionTold(member=visit.member, began_at=visit.session.began_at, device=visit.session.device)


def _ended(visit: Visit, asked: Nothing) -> Nothing:
    visit.sign_out()
    return asked


SESSION_CALLS: Final[tuple[Call, ...]] = (
    Call(method="GET", path="/session", summary="Whose the token is", takes=Nothing, gives=SessionTold, do=_told),
    Call(
        method="DELETE",
        path="/session",
        summary="The token is nobody's from now on",
        takes=Nothing,
        gives=Nothing,
        do=_ended,
    ),
)
