"""Moves operations up and member changes down. `step` does one exchange and says when it wants to be called next.

Changes are pulled only when the push before ended with answers: while an operation's outcome is unknown, nothing is
concluded from the hub. (Balances stay right even so: a page says which of our operations it includes.) Where the hub
stops in the middle of a batch, what it answered is kept, and the next step asks again after a pause.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from loyalty.operation import Key, hash_operation, utc_text
from offline_cache.cache import Cache, FileError
from offline_cache.lease import Bond
from offline_cache.records import Answer, Feed
from sync.clock import clock_off_s
from sync.hub_port import HubIsOlder, HubPort, HubRefused, HubUnclear, HubUnreachable
from sync.own_file import OF_CHAIN, RUNS_ELSEWHERE, STOPS, ask_lease, is_leased, mend
from sync.pages import PulledPage
from sync.protocol import (
    BATCH_OPERATIONS_MAX,
    BODY_BYTES_WANTED,
    BUSY,
    PAGE_GOODS_MAX,
    PAGE_MEMBERS_MAX,
    SOURCE_BYTES_MAX,
    PushReply,
    PushRequest,
)
from sync.retry import GOODS_POLL_S, POLL_S, pause_s

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncState:
    """What a person may want to know of the hub."""

    online: bool = False
    cause: str = "not asked yet"
    code: str = "not_asked"  # the cause in one word, for programs: the hub's own where it refused
    failures: int = 0
    hub_time: str | None = None
    next_at: datetime | None = None  # by this machine's clock: when it is asked again; None: it is there
    elsewhere_at: datetime | None = None  # since when the hub says that the till runs elsewhere, and has not said else


class SyncWorker:
    """`clock` is this machine's own, uncorrected; `jitter` draws 0…1. `hash_of_source`: of a programme's file, None for
    one that cannot be read here; without it none is fetched. `bond`: what the lease of the till's file must name;
    without it none is asked for."""

    def __init__(
        self,
        cache: Cache,
        hub: HubPort,
        *,
        programme: str,
        jitter: Callable[[], float],
        clock: Callable[[], datetime],
        hash_of_source: Callable[[str], str | None] | None = None,
        bond: Bond | None = None,
    ) -> None:
        self._cache = cache
        self._hub = hub
        self._programme = programme
        self._store = cache.store.id if cache.store else ""
        self._jitter = jitter
        self._clock = clock
        self._goods_due_s = 0.0
        self._of_goods = ("", "")  # why the hub does not tell of them, as it was logged last
        self._hash_of_source = hash_of_source
        self._bond = bond
        self._wanted: tuple[str, ...] = ()  # programmes that the hub asked for
        self._no_good: set[str] = set()  # files that came, and are not what their hash says or cannot be read here
        self.state = SyncState()

    def step(self, now_s: float) -> float:
        """One exchange with the hub. Returns the monotonic time of the next."""
        try:
            busy = (
                self._ask_lease()
                or self._push_or_mend()
                or self._fetch_programme()
                or self._pull()
                or self._fetch_programme()
                or self._pull_goods(now_s)
            )
        except (HubUnreachable, HubRefused, FileError) as error:
            return now_s + self._failed(error)
        self.state = replace(self.state, online=True, cause="", code="", failures=0, next_at=None, elsewhere_at=None)
        return now_s if busy else now_s + POLL_S

    def _failed(self, error: HubUnreachable | HubRefused | FileError) -> float:
        """How long to wait before the next try, in seconds."""
        failures = self.state.failures + 1
        code = "disk" if isinstance(error, FileError) else error.code
        if code in STOPS:
            self._cache.leases.stop(code)
        busy, elsewhere = code == BUSY, code == RUNS_ELSEWHERE
        # the process before this one, most likely: it is forgotten in seconds
        pause = POLL_S if elsewhere else pause_s(failures, self._jitter(), busy=busy)
        self.state = replace(
            self.state,
            online=busy and self.state.online,  # it goes on being there; whoever waits at a till is answered besides
            cause=str(error),
            code=code,
            failures=failures,
            next_at=self._clock() + timedelta(seconds=pause),
            elsewhere_at=self.state.elsewhere_at or (self._clock() if elsewhere else None),
        )
        return pause

    def _ask_lease(self) -> bool:
        """Under which generation the file works, where the hub has not said so yet. True when it did."""
        if self._bond is None or self._cache.training or is_leased(self._cache, self._bond):
            return False
        ask_lease(self._cache, self._hub, self._bond)
        return True

    def _push_or_mend(self) -> bool:
        """Where the hub's end of our chain is another than here, its page tells which."""
        try:
            return self._push()
        except HubRefused as refused:
            if refused.code not in OF_CHAIN or not mend(
                self._cache, self._hub, self._page(self._cache.feed(), limit=1)
            ):
                raise
        return True

    def _push(self) -> bool:
        """Send the oldest batch, keep the answers. True when there was one. A till on which people practise pulls
        members, so that real cards are known, and says nothing itself: what was practised did not happen."""
        if self._cache.training:
            return False
        waiting = _batch(self._cache.outbox(BATCH_OPERATIONS_MAX))
        if not waiting and not self._wanted:
            return False
        texts = tuple(text for _, text in waiting)
        reply = self._hub.push(PushRequest(till=self._cache.till, operations=texts, programmes=self._programmes()))
        self._cache.answered(_answers(reply, waiting))
        self._wanted = reply.programmes_wanted
        if reply.stopped is not None:
            raise HubRefused(reply.stopped.code, reply.stopped.message)
        return True

    def _programmes(self) -> dict[str, str]:
        """The files that the hub asked for, as far as they are here."""
        found = {hash: self._cache.programme_source(hash) for hash in self._wanted}
        return {hash: source for hash, source in found.items() if source is not None}

    def _pull(self) -> bool:
        """Read one page of changes, and the hub's clock with it. True when there is more."""
        feed = self._cache.feed()
        asked_at = self._clock()
        page = self._page(feed, PAGE_MEMBERS_MAX)
        self._set_clock(page.at, asked_at, self._clock())
        if not self._cache.training and mend(self._cache, self._hub, page):
            return True
        self._keep(page, feed)
        self._cache.leases.stop("")
        self.state = replace(self.state, hub_time=utc_text(page.at))
        return page.more or self._cache.forget_some(page.at)

    def _page(self, feed: Feed, limit: int) -> PulledPage:
        return self._hub.changes(
            till=self._cache.till,
            generation=self._cache.generation,
            programme=self._programme,
            after=feed.cursor,
            limit=limit,
            store=self._store,
            scope=feed.scope,
        )

    def _pull_goods(self, now_s: float) -> bool:
        """Read one page of goods, now and then. True when there is more. A hub that knows members and cannot tell of
        goods (an older one, one that is ill) is there all the same: what is known of them stands."""
        if now_s < self._goods_due_s:
            return False
        try:
            busy = self._page_of_goods()
        except (HubIsOlder, HubUnclear, HubRefused) as error:
            if error.code == BUSY:
                raise
            if (error.code, str(error)) != self._of_goods:
                self._of_goods = (error.code, str(error))
                log.warning("Goods are as they were told last: %s", error)
            busy = False
        if not busy:
            self._goods_due_s = now_s + GOODS_POLL_S
        return busy

    def _page_of_goods(self) -> bool:
        feed = self._cache.goods.feed()
        try:
            page = self._hub.goods(
                after=feed.cursor,
                limit=PAGE_GOODS_MAX,
                store=self._store,
                scope=feed.scope,
            )
        except HubRefused as error:
            if error.code != "bad_cursor" or not feed.cursor:
                raise
            self._cache.goods.begin_anew()
            return True
        if page.more and (page.cursor, page.scope) == feed:
            raise HubUnclear(f"The hub's cursor {feed.cursor!r} of goods does not lead on.")
        self._cache.goods.keep(page.goods, page.gone, cursor=page.cursor, scope=page.scope)
        return page.more or self._cache.goods.forget_some()

    def _fetch_programme(self) -> bool:
        """One file that was told of and is not here. True when there may be more."""
        if self._hash_of_source is None:
            return False
        told = (one.hash for one in self._cache.published if one.begins_at is not None)
        wanted = (hash for hash in told if hash not in self._no_good)
        missing = next((hash for hash in wanted if self._cache.programme_source(hash) is None), None)
        if missing is None:
            return False
        try:
            source = self._hub.programme(missing)
        except HubRefused as refused:  # it was withdrawn, say: the next page tells
            log.info("The hub does not give the programme %s: %s", missing, refused)
            return False
        if len(source.encode()) <= SOURCE_BYTES_MAX and self._hash_of_source(source) == missing:
            self._cache.keep_programme(missing, source)
        else:
            self._no_good.add(missing)
            log.error("The file of the programme %s that the hub sent cannot be used here.", missing)
        return True

    def _set_clock(self, hub_at: datetime, asked_at: datetime, answered_at: datetime) -> None:
        """Learn how far this machine's clock is off."""
        before = self._cache.clock_off_s()
        measured = clock_off_s(before, hub_at, asked_at, answered_at)
        if measured != before:
            self._cache.set_clock_off_s(measured)

    def _keep(self, page: PulledPage, feed: Feed) -> None:
        """All that can be kept of it. Nothing is concluded from a cursor, but that more of the same has no end."""
        if page.more and (page.cursor, page.scope) == (feed.cursor, feed.scope):
            raise HubUnclear(f"The hub's cursor {feed.cursor!r} does not lead on.")
        try:
            self._cache.apply_page(
                members=page.members,
                used_coupons=page.used_coupons,
                returned_coupons=page.returned_coupons,
                coupon_keys=dict(page.coupon_keys),
                phone_hash_key=page.phone_hash_key,
                watermark=page.watermark,
                cursor=page.cursor,
                pulled_at=None if page.more else page.at,
                set_aside=page.set_aside,
                cases=page.cases,
                at=page.at,
                scope=page.scope,
                gone=page.gone,
                programmes=page.programmes,
            )
        except ValueError as error:
            raise HubUnclear(f"The hub's page of changes cannot be kept: {error}.") from error


def _batch(waiting: list[tuple[Key, str]]) -> list[tuple[Key, str]]:
    """The oldest operations that fit into a request; always one, however long it is."""
    size = 0
    for count, (_, text) in enumerate(waiting):
        size += len(text.encode()) + text.count('"') + text.count("\\")  # as JSON writes it, near enough
        if count and size > BODY_BYTES_WANTED:
            return waiting[:count]
    return waiting


def _answers(reply: PushReply, waiting: list[tuple[Key, str]]) -> list[Answer]:
    """One for each operation that was sent, or for those before the one that stopped the batch."""
    answers = [
        Answer(key=Key(a.generation, a.sequence), hash=a.hash, result=a.result, reason=a.reason) for a in reply.answers
    ]
    sent = [(key, hash_operation(text)) for key, text in waiting]
    answered = len(sent) if reply.stopped is None else min(len(answers), len(sent) - 1)
    if [(a.key, a.hash) for a in answers] != sent[:answered]:
        raise HubUnclear("The hub's answers do not match what was sent.")
    return answers
