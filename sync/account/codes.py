"""Codes that come to a phone, for who signs in, registers or changes something in the account: acts `send_code` and
`check_code`, both open.

The answer is the same for a number that is somebody's and for one that is nobody's. A right code is a proof, which
stands for half an hour and is used once, by the order that names it (hub/codes/checking.py: use).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

CodeFor = Literal["enter", "contact", "confirm"]
Doing = Literal["", "register", "card", "data", "leave", "points"]
Typed = Annotated[str, msgspec.Meta(max_length=60)]
Digits = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Id = Annotated[str, msgspec.Meta(max_length=64)]
Why = Literal["", "code_too_early", "code_limit"]


class SendCode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`purpose` enter: he signs in or registers, by a `phone` as people type it, or by a `card`, to the phone of who
    has it; contact: to a `phone` or an `email` that is to be his, who is signed in; confirm: to his own, who is signed
    in, and so without any. `doing`: what the message says that it is for, "" for what the purpose says; `language`: in
    which."""

    purpose: CodeFor
    phone: Typed = ""
    card: Typed = ""
    email: Annotated[str, msgspec.Meta(max_length=300)] = ""
    doing: Doing = ""
    language: Literal["ru", "en"] = "ru"


class CodeSent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`id`: by which it is told back; `to`: the phone as he typed it, masked, "" where he typed none. Another may be
    asked for in `again_s` seconds. `why`: none was sent now, and when it may be, `again_s` says."""

    id: str = ""
    to: str = ""
    again_s: int
    expires_s: int = 0
    digits: int = 0
    tries: int = 0
    why: Why = ""


class CheckCode(msgspec.Struct, frozen=True, kw_only=True):
    """What he says came to his phone. Refused: code_wrong (tries_left), code_no_tries, code_over, code_used,
    code_unknown."""

    id: Id
    digits: Digits


class CodeProved(msgspec.Struct, frozen=True, kw_only=True):
    """`proof`: what an order names, once, within half an hour."""

    proof: Id
