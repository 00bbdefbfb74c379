"""What this till knows of the points that the shop's tills claim, behind one lock for whoever asks or decides.

Within the lock claims are read first and the till's file after them: a receipt that is paid meanwhile is found in one
of the two, or in both, where it counts once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from loyalty.utc import utc_text
from offline_cache.cache import Cache
from pos_agent.neighbours.claims import Claims, Held
from pos_agent.neighbours.standing_here import Here, here
from pos_agent.neighbours.wire import CLAIMS_MAX, Asked, Claim, Ended, Told
from sync.protocol import HoldReply, HoldRequest


class Refused(ValueError):
    """The other till is told why, as a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Wanted(NamedTuple):
    """What is asked for, as every neighbour is told of it."""

    request: HoldRequest
    asked: Asked


class Shop:
    """`clock`: the corrected moment. Every method may be called from any thread, and raises FileError where the till's
    file cannot be read."""

    def __init__(self, cache: Cache, programme: str, clock: Callable[[], datetime]) -> None:
        self.till = cache.till
        self._cache = cache
        self._programme = programme
        self._clock = clock
        self._claims = Claims(cache.till)
        self._reserving: frozenset[str] = frozenset()  # what this till's receipts are asking for
        self._lock = threading.Lock()

    # another till's

    def asked(self, asked: Asked) -> Told:
        """Raises Refused."""
        if asked.programme != self._programme:
            raise Refused("other_programme")
        with self._lock:
            now = self._clock()
            if not self._claims.heard(asked.member, asked.claim, now):
                raise Refused("busy")
            return self._told(asked.member, now)[0]

    def ended(self, ended: Ended) -> None:
        with self._lock:
            self._claims.ended(ended.member, ended.till, ended.holds)

    # this one's

    def wants(self, request: HoldRequest) -> Wanted | None:
        """None: its receipt is gone already. What nobody wants would be claimed until its time is over."""
        with self._lock:
            if request.hold not in self._reserving:
                return None
            until, now = datetime.fromisoformat(request.until), self._clock()
            claim = self._claims.want(request.member, request.hold, request.points, until, now)
        return Wanted(request, Asked(programme=self._programme, member=request.member, claim=claim))

    def decide(self, wanted: Wanted, others: Sequence[Told]) -> HoldReply | None:
        """None: the receipt does not want it any more."""
        request = wanted.request
        with self._lock:
            now = self._clock()
            own, stands = self._told(request.member, now)
            granted = self._claims.decide(
                request.member, request.hold, request.replaces, own, others, earned=stands.earned
            )
        if granted is None:
            return None
        points, active, elsewhere = granted
        free = max(points, active - elsewhere)
        return HoldReply(hold=request.hold, points=points, active=active, held=elsewhere, free=free, at=utc_text(now))

    def own(self, held: Mapping[str, Held], reserving: Collection[str]) -> list[Ended]:
        """The till's open receipts, after whatever has changed them. What has ended with that, for the neighbours."""
        with self._lock:
            self._reserving = frozenset(reserving)
            ended = self._claims.own(held, reserving, self._clock())
        return [Ended(till=self.till, member=member, holds=(hold,)) for member, hold in ended]

    def _told(self, member: str, now: datetime) -> tuple[Told, Here]:
        claims, turn = self._claims.on(member, now), self._claims.turn
        stands = here(self._cache, member, now)
        told = Told(
            till=self.till, turn=turn, word=stands.word, spent=stands.spent, claims=_own_first(claims, self.till)
        )
        return told, stands


def _own_first(claims: Sequence[Claim], till: str) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda claim: claim.till != till)[:CLAIMS_MAX])
