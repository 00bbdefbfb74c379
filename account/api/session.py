"""A program's session: whose token it is, and its end."""

from __future__ import annotations

from typing import Final

import msgspec

from account.api.call import Call
from account.entering import entrance_of
from account.visit import Visit
from sync.account.entering import Enter, Entered


class Nothing(msgspec.Struct, frozen=True, kw_only=True):
    """Says nothing."""


class SessionTold(msgspec.Struct, frozen=True, kw_only=True):
    """Times in UTC."""

    member: str
    began_at: str
    device: str


class SessionGiven(msgspec.Struct, frozen=True, kw_only=True):
    """`token`: for `Authorization: Bearer`, until the session ends; it is told once."""

    token: str
    member: str


def _begun(visit: Visit, asked: Enter) -> SessionGiven:
    entered = visit.ask("enter", asked, Entered).member
    member = entrance_of(visit, entered).member
    visit.sign_in(member)
    return SessionGiven(token=visit.cookie or "", member=member)


def _told(visit: Visit, asked: Nothing) -> SessionTold:
    assert visit.session is not None, "a call of who is signed in"
    return SessionTold(member=visit.member, began_at=visit.session.began_at, device=visit.session.device)


def _ended(visit: Visit, asked: Nothing) -> Nothing:
    visit.sign_out()
    return asked


SESSION_CALLS: Final[tuple[Call, ...]] = (
    Call(
        method="POST",
        path="/session",
        summary="Whoever has proved by a code that he has his phone is in",
        takes=Enter,
        gives=SessionGiven,
        do=_begun,
        signed_in=False,
        refused=("code_not_proved", "nobody_here", "several_here", "bad_phone_told", "too_young"),
        example={"proof": "c0ffee", "phone": "8 916 123-45-67"},
    ),
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
