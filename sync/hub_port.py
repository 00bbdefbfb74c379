"""The hub as the sync worker asks for it: over HTTP (sync/client.py), or in the same process."""

from __future__ import annotations

from typing import Protocol

from sync.protocol import ChangesPage, PushReply, PushRequest


class HubUnreachable(Exception):
    """No whole answer came. What was sent may or may not have been applied: send the same again."""

    code = "unreachable"


class HubRefused(Exception):
    """The hub answered and did not take the request. `code` is from the protocol."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class HubIsOlder(HubUnreachable):
    """The hub does not know this till's protocol: it must be upgraded first."""

    code = "older"


class HubUnclear(HubUnreachable):
    """An answer came that this till cannot understand or keep."""

    code = "unclear"


class HubPort(Protocol):
    """Each call raises HubUnreachable or HubRefused."""

    def push(self, request: PushRequest) -> PushReply: ...

    def changes(self, *, till: str, generation: int, programme: str, after: int, limit: int) -> ChangesPage: ...
