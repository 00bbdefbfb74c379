"""Whose account it is, before anybody is let in: acts `whose_login` and `entrance`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from sync.account.asking import Mark
from sync.account.codes import Id

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
    is good. `mark`: of his phone, which does not say it; his sessions end when it is another (hub/account/act.py)."""

    member: str
    waits_until: str = ""
    all_blocked: bool = False
    mark: Mark = ""


class ConfirmPhone(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `confirm_phone`. `proof`: of a code that came to his own phone (purpose `confirm`). Refused:
    code_not_proved."""

    proof: Id


class PhoneConfirmed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`form`: his form on paper waited, and waits no more (P19)."""

    form: bool = False
