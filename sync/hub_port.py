"""The hub as the sync worker asks for it: over HTTP (sync/client.py), or in the same process."""

from __future__ import annotations

import re
from typing import Protocol

from offline_cache.ready import Part
from sync.goods_page import PulledGoods
from sync.pages import PulledPage
from sync.protocol import (
    CHAIN,
    HoldReply,
    HoldRequest,
    LeaseReply,
    LeaseRequest,
    MemberNow,
    MemberRequest,
    OwnPage,
    PushReply,
    PushRequest,
    ReadyFile,
)

CAUSE_CHARACTERS_MAX = 200  # a line on the cashier's page
_CODE = re.compile("[a-z0-9_]{1,40}")


class HubUnreachable(Exception):
    """No whole answer came. What was sent may or may not have been applied: send the same again. `sent` false: there
    was no connection, and nothing of it has left."""

    code = "unreachable"

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent


class HubRefused(Exception):
    """The hub answered and did not take the request. `code` is from the protocol."""

    def __init__(self, code: str, message: str, *, again_s: float = 0.0, tries_left: int | None = None) -> None:
        """`again_s`: not before so many seconds."""
        super().__init__(one_line(message))
        self.code = code if _CODE.fullmatch(code) else HubUnclear.code
        self.again_s = again_s
        self.tries_left = tries_left or 0


class HubIsOlder(HubUnreachable):
    """The hub does not know this till's protocol: it must be upgraded first."""

    code = "older"


class HubUnclear(HubUnreachable):
    """An answer came that this till cannot understand or keep."""

    code = "unclear"


class HubNotJoined(HubUnreachable):
    """The till has no key that a hub would hear."""

    code = "not_joined"


class HubNoKey(HubUnreachable):
    """The till has joined, as far as anybody knows, and its key cannot be read."""

    code = "no_key"


class HubStrange(HubUnreachable):
    """What answers at the hub's address has not the hub's key. Nothing it says is believed."""

    code = "strange_hub"


class HubPort(Protocol):
    """Each call raises HubUnreachable or HubRefused."""

    def push(self, request: PushRequest) -> PushReply: ...

    def changes(
        self,
        *,
        till: str,
        generation: int,
        programme: str,
        after: str,
        limit: int,
        store: str = "",
        scope: str = CHAIN,
        settings: str | None = None,
        staff: str | None = None,
    ) -> PulledPage:
        """`settings`: the edition of what is kept of the office's word, `staff`: of who works here; None: the till
        takes none."""
        ...

    def goods(self, *, after: str, limit: int, store: str, scope: str) -> PulledGoods: ...

    def ready(self, *, till: str, generation: int, programme: str, store: str) -> ReadyFile:
        """Which ready file of members there is."""
        ...

    def block(self, *, file: str, after: str) -> Part | None:
        """What of it is behind a place; None: nothing."""
        ...

    def lease(self, request: LeaseRequest) -> LeaseReply:
        """A till's file asks under which generation it works."""
        ...

    def own(self, *, till: str, generation: int, after: int) -> OwnPage:
        """The till's own operations behind one of them, as the hub has them."""
        ...

    def programme(self, hash: str) -> str:
        """The file of a programme that is published, whatever it is."""
        ...


class AskPort(Protocol):
    """What is asked while somebody waits, beside the worker's exchanges. Each call raises HubUnreachable or
    HubRefused."""

    def hold(self, request: HoldRequest) -> HoldReply: ...

    def member(self, request: MemberRequest) -> MemberNow: ...


def one_line(text: str) -> str:
    """What came over the wire, as one short line for a person."""
    words = " ".join(text.split())
    return "".join(char if char.isprintable() else "?" for char in words[:CAUSE_CHARACTERS_MAX])
