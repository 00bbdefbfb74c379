"""What a till asks the hub for a person who waits: one act of the desk, in the words of that act.

    POST /v3/desk    DeskRequest → DeskReply

The acts and their words are a table at the hub (hub/desk/acts.py), the same for a till, for the office's pages and for
programs. A refusal is a Problem (409) whose code the till has words for. `key`: the same act under the same key is done
once, and answered again.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

KEY_LETTERS_MAX = 100
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=KEY_LETTERS_MAX)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class DeskRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`person`: the id of who has signed in at the till; "": nobody has, and the act is one that needs nobody."""

    till: str
    programme: str
    act: Name
    key: Key
    person: str = ""
    body: msgspec.Raw = msgspec.Raw(b"{}")


class DeskReply(msgspec.Struct, frozen=True, kw_only=True):
    body: msgspec.Raw
