"""Whose account it is, before anybody is let in: acts `whose_login` and `entrance`."""

from __future__ import annotations

from typing import Annotated

import msgspec

Login = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class WhoseLogin(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `whose_login`, which needs nobody signed in. `login`: a phone as people type it, or a card."""

    login: Login


class LoginTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`member` "": nobody's, or of several."""

    member: str = ""


class AskEntrance(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `entrance`: says nothing."""


class Entrance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a member stands who is about to be let in. `member`: his id now, which is another where he has gone into
    somebody. `waits_until`: his form on paper is good then (P19), "": it does not wait. `all_blocked`: no card of his
    is good."""

    member: str
    waits_until: str = ""
    all_blocked: bool = False
