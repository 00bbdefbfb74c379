"""What tills ask the hub's desk about codes that came to a phone, and what it answers (sync/desk.py)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

# redeem: second factor of a spoken phone; reissue: the same, when another card takes the place of a lost one;
# register: a phone is confirmed; phone: a changed one is; account: the member asked for it in his account, where he has
# signed in, and says it at a till
AtTill = Literal["redeem", "reissue", "register", "phone", "account"]
# enter: somebody signs in to his account or registers there; contact: a phone that is to be his; confirm: that he, who
# is signed in, has his phone in his hand; first: that an operator reads out to who has just been registered
InAccount = Literal["enter", "contact", "confirm", "first"]
Purpose = AtTill | InAccount
Name = Annotated[str, msgspec.Meta(max_length=60)]
Digits = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class SendCode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """To a `phone` as people say it, or to the phone of a `member`: one of them."""

    purpose: AtTill
    phone: Name = ""
    member: Name = ""


class SentCode(msgspec.Struct, frozen=True, kw_only=True):
    """`id`: by which it is told back; `of`: the member, as he was called; `to`: the phone, masked; another may be asked
    for in `again_s`."""

    id: str
    of: str = ""
    to: str
    again_s: int
    expires_s: int
    digits: int
    tries: int


class CheckCode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`id`: of the code that was sent; `member`: who may have one from his account."""

    code: Digits
    id: Name = ""
    member: Name = ""


class Proof(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`phone`: its fingerprint at the hub, "" for a code of the account; `of`: the member, as whoever told the code
    called him."""

    id: str
    purpose: Purpose
    member: str = ""
    phone: str = ""
    of: str = ""
