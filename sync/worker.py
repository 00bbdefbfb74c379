"""Moves operations up and member changes down. `step` does one exchange and says when it wants to be called next.

Changes are pulled only when the push before ended with answers: while an operation's outcome is unknown, nothing is
concluded from the hub. (Balances stay right even so: a page says which of our operations it includes.) Where the hub
stops in the middle of a batch, what it answered is kept, and the next step asks again after a pause.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from loyalty.operation import Key, hash_operation, utc_text
from offline_cache.cache import Cache, FileError
from offline_cache.forgetting import Why
from offline_cache.lease import FORKED, Bond
from offline_cache.records import Answer, Feed
from sync.clock import clock_off_s
from sync.hub_port import HubIsOlder, HubPort, HubRefused, HubUnclear, HubUnreachable
from sync.lease import LEASE, why_forget
from sync.own_file import OF_CHAIN, RUNS_ELSEWHERE, STOPS, ask_lease, is_leased, mend
from sync.pages import PulledPage
from sync.protocol import (
    BATCH_OPERATIONS_MAX,
    BODY_BYTES_WANTED,
    BUSY,
    PAGE_GOODS_MAX,
    PAGE_MEMBERS_MAX,
    SOURCE_BYTES_MAX,
    TOO_MANY,
    PushReply,
    PushRequest,
)
from sync.retry import GOODS_POLL_S, POLL_S, SLOW_S, SLOW_TIMES, pause_s

WHY_FORGOTTEN: Final[Mapping[Why, str]] = {
    "revoked": "the office has sent this till away",
    "lease": "the hub has not been there for the time that the settings allow (lease_days)",
}

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
    one that cannot be read here; without it none is fetched. `lease`: so long members are known without the hub.
    `bond`: what the lease of the till's file must name; None: none is asked for."""

    def __init__(
        self,
        cache: Cache,
        hub: HubPort,
        *,
        programme: str,
        jitter: Callable[[], float],
        clock: Callable[[], datetime],
        hash_of_source: Callable[[str], str | None] | None = None,
        lease: timedelta = LEASE,
        bond: Callable[[], Bond | None] = lambda: None,
        renew: Callable[[], None] | None = None,
        learn: Callable[[str], None] | None = None,
    ) -> None:
        """`renew`: makes a new key of the till's, when the hub asks for one; `learn`: keeps the hub's next one."""
        self._cache = cache
        self._hub = hub
        self._programme = programme
        self._store = cache.store.id if cache.store else ""
        self._jitter = jitter
        self._lease = lease
        self._clock = clock
        self._goods_due_s = 0.0
        self._of_goods = ("", "")  # why the hub does not tell of them, as it was logged last
        self._hash_of_source = hash_of_source
        self._slow = 0  # pages in a row that took so long that nobody would have waited
        self._bond = bond
        self._renew = renew
        self._learn = learn
        self._wanted: tuple[str, ...] = ()  # programmes that the hub asked for
        self._no_good: set[str] = set()  # files that came, and are not what their hash says or cannot be read here
        self.state = SyncState()

    def step(self, now_s: float) -> float:
        """One exchange with the hub. Returns the monotonic time of the next."""
        try:
            if self._cache.forget_more():
                return now_s
            busy = (
                self._ask_lease()
                or self._push_or_mend()
                or self._fetch_programme()
                or self._pull()
                or self._pull_goods(now_s)
            )
        except (HubUnreachable, HubRefused, FileError) as error:
            pause = self._failed(error)
            return now_s if self._lets_members_go(self.state.code) else now_s + pause
        self.state = replace(self.state, **_there(self._slow), failures=0, next_at=None, elsewhere_at=None)
        return now_s if busy else now_s + POLL_S

    def _failed(self, error: HubUnreachable | HubRefused | FileError) -> float:
        """How long to wait before the next try, in seconds."""
        failures = self.state.failures + 1
        code = "disk" if isinstance(error, FileError) else error.code
        if code == FORKED:
            self._cache.leases.fork()
        elif code in STOPS:
            self._cache.leases.stop(code)
        busy, elsewhere = code in (BUSY, TOO_MANY), code == RUNS_ELSEWHERE
        # the process before this one, most likely: it is forgotten in seconds
        pause = POLL_S if elsewhere else pause_s(failures, self._jitter(), busy=busy)
        pause = max(pause, getattr(error, "again_s", 0.0))
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

    def _lets_members_go(self, code: str) -> bool:
        """Without the hub: whether it is time to forget whom it told of, which is begun then."""
        if code == "disk":
            return False
        feed, now = self._cache.feed(), self._clock() + timedelta(seconds=self._cache.clock_off_s())
        why = why_forget(feed, code, now, self._lease)
        if why is None:
            return False
        log.warning("All members are forgotten: %s.", WHY_FORGOTTEN[why])
        self._cache.begin_forgetting(why, max(now, feed.latest_at or now))
        return True

    def _ask_lease(self) -> bool:
        """Under which generation the file works, where the hub has not said so yet. True when it did."""
        bond = self._bond()
        if bond is None or self._cache.training or is_leased(self._cache, bond):
            return False
        ask_lease(self._cache, self._hub, bond)
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
        """Read one page of changes, and the hub's clock with it. True when there is more, or another programme to
        fetch."""
        feed, published = self._cache.feed(), self._cache.published
        asked_at = self._clock()
        page = self._page(feed, PAGE_MEMBERS_MAX)
        answered_at = self._clock()
        if not page.more:  # one that is full may well take longer
            self._slow = self._slow + 1 if (answered_at - asked_at).total_seconds() >= SLOW_S else 0
        self._set_clock(page.at, asked_at, answered_at)
        if not self._cache.training and mend(self._cache, self._hub, page):
            return True
        self._keep(page, feed)
        self._cache.leases.stop("")
        self.state = replace(self.state, hub_time=utc_text(page.at))
        self._keep_keys(page)
        news = self._cache.published != published and self._missing() is not None
        return page.more or news or self._cache.forget_some(page.at)

    def _keep_keys(self, page: PulledPage) -> None:
        """The hub's next one; a new one of our own, where it asks for one."""
        if page.next_hub_key and self._learn is not None:
            self._learn(page.next_hub_key)
        if page.new_key and self._renew is not None:
            self._renew()

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
            if error.code in (BUSY, TOO_MANY):
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
        missing = self._missing()
        if missing is None or self._hash_of_source is None:
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

    def _missing(self) -> str | None:
        """The hash of the first such file that may still be of use."""
        told = (one.hash for one in self._cache.published if one.begins_at is not None)
        wanted = (hash for hash in told if hash not in self._no_good)
        return next((hash for hash in wanted if self._cache.programme_source(hash) is None), None)

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
                phones_change=page.phones_change,
            )
        except ValueError as error:
            raise HubUnclear(f"The hub's page of changes cannot be kept: {error}.") from error


def _there(slow: int) -> dict[str, Any]:
    """A hub that answers, but never while a customer waits, is none for what is decided at the till."""
    if slow < SLOW_TIMES:
        return {"online": True, "cause": "", "code": ""}
    cause = f"The hub answers, and takes {SLOW_S:g} s and longer, {slow} times in a row."
    return {"online": False, "cause": cause, "code": "slow"}


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
