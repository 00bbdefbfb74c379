"""A hub as many tills at once find it: one after another, by the time that the real one was measured to take, with the
room that it has (hub/face/room.py) and the time that tills wait (sync/client.py). It keeps no books."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.face.room import PAGES_MAX, PUSHES_MAX
from loyalty.operation import Key, hash_operation
from offline_cache.ready import Part
from simulator.draining.waiting import WaitingSales
from simulator.moments import Moments
from sync.client import PATIENT
from sync.goods_page import PulledGoods
from sync.hub_port import HubRefused, HubUnreachable
from sync.pages import PulledPage
from sync.protocol import (
    BUSY,
    PAGE_MEMBERS_MAX,
    LeaseReply,
    LeaseRequest,
    OperationAnswer,
    OwnPage,
    PushReply,
    PushRequest,
    ReadyFile,
)

# rounded from what was measured over HTTP, one request at a time (docs/benchmarks.md, "Draining")
REQUEST_S = 0.0012  # read and refused, or answered with nothing
PUSH_S = 0.005  # one operation
OPERATION_S = 0.00032  # each
AGAIN_S = 0.0001  # each that was answered before
MEMBER_S = 0.00012  # each on a page of changes
MEMBERS_OF_SALE = 0.8  # who comes twice a day is one member


@dataclass(slots=True)
class Served:
    """What is in the hub: when each will be answered. All wait in one line."""

    most: int
    ends_s: deque[float] = field(default_factory=deque)

    def is_full(self, now_s: float) -> bool:
        while self.ends_s and self.ends_s[0] <= now_s:
            self.ends_s.popleft()
        return len(self.ends_s) >= self.most


class BusyHub:
    """`back_s`: nobody answers before. `has_room`: whoever finds too many before him is told so at once."""

    def __init__(self, moments: Moments, back_s: float, *, has_room: bool = True) -> None:
        self.moments = moments
        self.back_s = back_s
        self._pushes = Served(PUSHES_MAX if has_room else 10**9)
        self._pages = Served(PAGES_MAX if has_room else 10**9)
        self._free_s = 0.0
        self.worked_s = 0.0
        self.applied: dict[str, int] = {}  # up to which of a till's operations
        self.told: dict[str, float] = {}  # how much each shop's feed holds

    def answered_s(self, served: Served, takes_s: float) -> float:
        """When the answer is there. Raises HubUnreachable, HubRefused."""
        now_s = self.moments.now_s
        if now_s < self.back_s:
            raise HubUnreachable("nobody is there")
        if served.is_full(now_s):
            self._free_s = max(self._free_s, now_s) + REQUEST_S
            raise HubRefused(BUSY, "too many at once")
        self._free_s = max(self._free_s, now_s) + takes_s
        self.worked_s += takes_s
        served.ends_s.append(self._free_s)
        return self._free_s

    def push(self, till: str, shop: str, sequences: Sequence[int]) -> float:
        """When it is answered. All of it is done, also where nobody waits for the answer any more."""
        known = self.applied.get(till, 0)
        fresh = sum(sequence > known for sequence in sequences)
        takes_s = PUSH_S + OPERATION_S * fresh + AGAIN_S * (len(sequences) - fresh)
        answered_s = self.answered_s(self._pushes, takes_s)
        self.applied[till] = max(known, sequences[-1])
        self.told[shop] = self.told.get(shop, 0.0) + fresh * MEMBERS_OF_SALE
        return answered_s

    def page(self, shop: str, after: int) -> tuple[int, bool, float]:
        """Up to where it tells, whether there is more, when it is there."""
        end = int(self.told.get(shop, 0.0))
        cursor = min(end, after + PAGE_MEMBERS_MAX)
        return cursor, cursor < end, self.answered_s(self._pages, REQUEST_S + MEMBER_S * (cursor - after))


class BusyPort:
    """One till's connection. `took_s`: how long the exchange lasted that it just had."""

    def __init__(self, hub: BusyHub, sales: WaitingSales, shop: str) -> None:
        self._hub = hub
        self._sales = sales
        self._shop = shop
        self.took_s = 0.0

    def push(self, request: PushRequest) -> PushReply:
        first = self._sales.first  # their texts do not say it: they are all the same
        sequences = range(first, first + len(request.operations))
        self._wait(self._hub.push(request.till, self._shop, sequences))
        return PushReply(
            answers=tuple(
                OperationAnswer(sequence=sequence, hash=hash_operation(text), result="applied")
                for sequence, text in zip(sequences, request.operations, strict=True)
            )
        )

    def programme(self, hash: str) -> str:
        raise AssertionError("nothing is published here")

    def lease(self, request: LeaseRequest) -> LeaseReply:
        raise AssertionError("these files have theirs")

    def own(self, **asked: Any) -> OwnPage:
        raise AssertionError("nothing was put back")

    def changes(self, **asked: Any) -> PulledPage:
        cursor, more, answered_s = self._hub.page(self._shop, int(asked["after"] or 0))
        self._wait(answered_s)
        return PulledPage(
            cursor=str(cursor),
            pulled_at=None if more else self._hub.moments.now,
            watermark=Key(1, 0),
            at=self._hub.moments.now,
            members=(),
            used_coupons=(),
            returned_coupons=(),
            coupon_keys={},
            phone_hash_key=b"",
            set_aside=(),
        )

    def goods(self, **asked: Any) -> PulledGoods:
        """None have changed: no page that takes any time."""
        return PulledGoods(cursor=asked["after"], more=False, goods=(), scope=asked["scope"])

    def ready(self, **asked: Any) -> ReadyFile:
        """Its feed tells all."""
        return ReadyFile(file="")

    def block(self, **asked: Any) -> Part | None:
        raise AssertionError("nobody asks for what there is not")

    def _wait(self, answered_s: float) -> None:
        waits_s = answered_s - self._hub.moments.now_s
        self.took_s = min(waits_s, PATIENT.read_s)
        if waits_s > PATIENT.read_s:
            raise HubUnreachable("time ran out")
