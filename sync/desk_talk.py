"""What a till asks the hub's desk by itself, now and then, beside the hub's changes: nobody waits for it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec

from offline_cache.cache import Cache
from sync.desk import DeskReply, DeskRequest
from sync.hub_port import HubIsOlder, HubRefused, HubUnclear
from sync.protocol import BUSY, TOO_MANY

_Told = TypeVar("_Told")

log = logging.getLogger(__name__)


class DeskPort(Protocol):
    """Raises HubUnreachable or HubRefused."""

    def desk(self, request: DeskRequest) -> DeskReply: ...


class NowAndThen:
    """Every `poll_s`, and every `soon_s` while it presses. `without`: what is said, once, where the hub does not know
    what it is asked."""

    def __init__(self, poll_s: float, soon_s: float, without: str) -> None:
        self._poll_s = poll_s
        self._soon_s = soon_s
        self._without = without
        self._due_s = 0.0
        self._pressing_s = 0.0
        self._logged = ""

    def step(self, now_s: float, *, is_pressing: bool, ask: Callable[[], None]) -> bool:
        """Never True: nobody waits for it. A hub that does not know the act is there all the same."""
        if now_s < (self._pressing_s if is_pressing else self._due_s):
            return False
        self._due_s, self._pressing_s = now_s + self._poll_s, now_s + self._soon_s
        try:
            ask()
        except (HubIsOlder, HubUnclear, HubRefused) as error:
            if error.code in (BUSY, TOO_MANY):
                raise
            if str(error) != self._logged:
                self._logged = str(error)
                log.warning("%s: %s", self._without, error)
        return False


def ask_desk(
    desk: DeskPort, cache: Cache, programme: str, act: str, body: msgspec.Struct, told: type[_Told], *, called: str
) -> _Told:
    """What it says to an act that says the same when it is asked twice. `called`: what that is, for a log. Raises what
    the desk does, and HubUnclear."""
    reply = desk.desk(
        DeskRequest(
            till=cache.till,
            programme=programme,
            act=act,
            key=secrets.token_hex(8),
            body=msgspec.Raw(msgspec.json.encode(body)),
        )
    )
    try:
        return msgspec.json.decode(reply.body, type=told)
    except (ValueError, RecursionError) as error:
        raise HubUnclear(f"The hub's {called} cannot be read: {error}.") from error
