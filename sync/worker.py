"""Moves operations up and member changes down. `step` does one exchange and says when it wants to be called next.

Changes are pulled only when the push before ended with answers: while an operation's outcome is unknown, nothing is
concluded from the hub. (Balances stay right even so: a page says which of our operations it includes.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from offline_cache.cache import Cache
from offline_cache.records import Answer
from sync.client import HubClient, HubRefused, HubUnreachable
from sync.protocol import BATCH_OPERATIONS_MAX, PAGE_MEMBERS_MAX, ChangesPage, PushRequest
from sync.retry import POLL_S, pause_s


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """What a person may want to know of the hub."""

    online: bool = False
    cause: str = "not asked yet"
    failures: int = 0
    hub_time: str | None = None


class SyncWorker:
    def __init__(self, cache: Cache, hub: HubClient, *, programme: str, jitter: Callable[[], float]) -> None:
        self._cache = cache
        self._hub = hub
        self._programme = programme
        self._jitter = jitter
        self.state = SyncState()

    def step(self, now_s: float) -> float:
        """One exchange with the hub. Returns the monotonic time of the next."""
        try:
            busy = self._push() or self._pull()
        except (HubUnreachable, HubRefused) as error:
            failures = self.state.failures + 1
            self.state = replace(self.state, online=False, cause=str(error), failures=failures)
            return now_s + pause_s(failures, self._jitter())
        self.state = replace(self.state, online=True, cause="", failures=0)
        return now_s if busy else now_s + POLL_S

    def _push(self) -> bool:
        """Send the oldest batch, keep the answers. True when there was one."""
        waiting = self._cache.outbox(BATCH_OPERATIONS_MAX)
        if not waiting:
            return False
        reply = self._hub.push(PushRequest(till=self._cache.till, operations=tuple(text for _, text in waiting)))
        answers = [Answer(sequence=a.sequence, hash=a.hash, result=a.result, reason=a.reason) for a in reply.answers]
        if [a.sequence for a in answers] != [sequence for sequence, _ in waiting]:
            raise HubUnreachable("The hub's answers do not match what was sent.")
        self._cache.answered(answers)
        return True

    def _pull(self) -> bool:
        """Read one page of changes. True when there is more."""
        page = self._hub.changes(
            till=self._cache.till,
            programme=self._programme,
            after=self._cache.feed().cursor,
            limit=PAGE_MEMBERS_MAX,
        )
        self._keep(page)
        self.state = replace(self.state, hub_time=page.at)
        return page.more

    def _keep(self, page: ChangesPage) -> None:
        try:
            at = datetime.fromisoformat(page.at)
            keys = {int(key_id): bytes.fromhex(key) for key_id, key in page.coupon_keys.items()}
            phone_hash_key = bytes.fromhex(page.phone_hash_key)
        except ValueError as error:
            raise HubUnreachable(f"The hub's page of changes cannot be read: {error}.") from error
        self._cache.apply_page(
            members=page.members,
            used_coupons=page.used_coupons,
            coupon_keys=keys,
            phone_hash_key=phone_hash_key,
            watermark=page.watermark,
            cursor=page.cursor,
            pulled_at=None if page.more else at,
        )
