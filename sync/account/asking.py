"""What the member's account asks the hub, and how (account/hub_desk.py, hub/account/).

    POST /v3/account    AccountRequest → AccountReply

One act of a table at the hub, in the words of that act, signed as a till's request is, by the key with which the
account has joined under the name `account`. A refusal is a Problem (409) whose code the account has words for. `key`:
the same act under the same key is done once, and answered again.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

ACCOUNT_PATH = "/v3/account"
KEY_LETTERS_MAX = 100
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=KEY_LETTERS_MAX)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Mark = Annotated[str, msgspec.Meta(max_length=4)]
Member = Annotated[str, msgspec.Meta(max_length=64)]


class AccountRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`member`: who is signed in at the account, "": nobody is. `programme`: whose account it is. `mark`: of the phone
    that he had when he signed in (sync/account/whose.py), ""; with another phone he is nobody any more."""

    act: Name
    key: Key
    programme: Name
    member: Member = ""
    mark: Mark = ""
    body: msgspec.Raw = msgspec.Raw(b"{}")


class AccountReply(msgspec.Struct, frozen=True, kw_only=True):
    body: msgspec.Raw
