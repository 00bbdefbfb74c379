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

from loyalty.operation import utc_text
from offline_cache.cache import Cache, FileError
from offline_cache.forgetting import Why
from offline_cache.lease import FORKED, Bond
from offline_cache.records import Feed
from offline_cache.trimming import TERM
from sync.batch import answers_of, batch
from sync.card_numbers_talk import CardNumbersTalk
from sync.certificate_numbers_talk import CertificateNumbersTalk
from sync.clock import clock_off_s
from sync.desk_talk import DeskPort
from sync.goods_pull import GoodsPull
from sync.hub_port import HubPort, HubRefused, HubUnclear, HubUnreachable
from sync.lease import LEASE, why_forget
from sync.own_file import OF_CHAIN, RUNS_ELSEWHERE, STOPS, ask_lease, is_leased, mend, settle_rescued
from sync.pages import PulledPage, head_of
from sync.programme_files import ProgrammeFiles
from sync.proposal import OfficeWord
from sync.protocol import BATCH_OPERATIONS_MAX, BUSY, PAGE_MEMBERS_MAX, TOO_MANY, PushRequest
from sync.ready_pull import ReadyPull
from sync.retry import POLL_S, SLOW_S, SLOW_TIMES, pause_s
from sync.staff_list import KeepsStaff

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
    `term`: so long goods come back. `bond`: what the lease of the till's file must name; None: none is asked for."""

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
        term: timedelta = TERM,
        bond: Callable[[], Bond | None] = lambda: None,
        renew: Callable[[], None] | None = None,
        learn: Callable[[str], None] | None = None,
        join: Callable[[], bool] = lambda: False,
        make_room: Callable[[FileError], bool] = lambda error: False,
        office: OfficeWord | None = None,
        desk: DeskPort | None = None,
        staff: KeepsStaff | None = None,
    ) -> None:
        """`renew`: makes a new key of the till's, when the hub asks for one; `learn`: keeps the hub's next one; `join`:
        joins, where the till has not and can by itself, and says whether it did; raises what a hub's calls raise.
        `make_room`: is there room now for what the disk did not take? It costs what is kept back for sales. `office`:
        keeps what the office says of settings; None: the till takes none; `staff`: keeps who works here, likewise.
        `desk`: who is asked for numbers of cards and certificates; None: nobody."""
        self._cache = cache
        self._hub = hub
        self._programme = programme
        self._store = cache.store.id if cache.store else ""
        self._jitter = jitter
        self._lease = lease
        self._term = term
        self._clock = clock
        self._ready = ReadyPull(cache, programme)
        self._goods = GoodsPull(cache)
        self._numbers = CardNumbersTalk(cache, desk, programme, self._corrected) if desk is not None else None
        self._certificates = CertificateNumbersTalk(cache, desk, programme) if desk is not None else None
        self._files = ProgrammeFiles(cache, hash_of_source)
        self._slow = 0  # pages in a row that took so long that nobody would have waited
        self._bond = bond
        self._renew = renew
        self._learn = learn
        self._join = join
        self._make_room = make_room
        self._office = office
        self._staff = staff
        self.state = SyncState()

    def step(self, now_s: float) -> float:
        """One exchange with the hub. Returns the monotonic time of the next."""
        try:
            if self._cache.forgetting.more():
                return now_s
            busy = (
                self._join()
                or self._ask_lease()
                or self._settle_rescued()
                or self._push_or_mend()
                or self._files.fetch(self._hub)
                or self._ready.step(self._hub)
                or self._pull()
                or self._goods.step(self._hub, now_s)
                or (self._numbers is not None and self._numbers.step(now_s))
                or (self._certificates is not None and self._certificates.step(now_s))
            )
        except (HubUnreachable, HubRefused, FileError) as error:
            if isinstance(error, FileError) and self._finds_room(error):
                return now_s
            pause = self._failed(error)
            return now_s if self._lets_members_go(self.state.code) else now_s + pause
        self.state = replace(self.state, **_there(self._slow), failures=0, next_at=None, elsewhere_at=None)
        return now_s if busy else now_s + POLL_S

    def _corrected(self) -> datetime:
        return self._clock() + timedelta(seconds=self._cache.clock_off_s())

    def _finds_room(self, error: FileError) -> bool:
        """Only so that what waits can be sent: news of members may come later."""
        return self._cache.outbox_length() > 0 and self._make_room(error)

    def _failed(self, error: HubUnreachable | HubRefused | FileError) -> float:
        """How long to wait before the next try, in seconds."""
        failures = self.state.failures + 1
        code = "disk" if isinstance(error, FileError) else error.code
        busy, elsewhere = code in (BUSY, TOO_MANY), code == RUNS_ELSEWHERE
        # the process before this one, most likely: it is forgotten in seconds
        pause = POLL_S if elsewhere else pause_s(failures, self._jitter(), busy=busy)
        pause = max(pause, getattr(error, "again_s", 0.0))
        self.state = replace(
            self.state,
            # it goes on being there: whoever waits at a till is answered besides, and our own disk is not the hub's
            online=(busy or code == "disk") and self.state.online,
            cause=str(error),
            code=code,
            failures=failures,
            next_at=self._clock() + timedelta(seconds=pause),
            elsewhere_at=self.state.elsewhere_at or (self._clock() if elsewhere else None),
        )
        if code == FORKED:  # whatever our own disk does with it now, that the hub is none is known
            self._cache.leases.fork()
        elif code in STOPS:
            self._cache.leases.stop(code)
        return pause

    def _lets_members_go(self, code: str) -> bool:
        """Without the hub: whether it is time to forget whom it told of, which is begun then."""
        if code == "disk":
            return False
        feed, now = self._cache.changes.feed(), self._clock() + timedelta(seconds=self._cache.clock_off_s())
        why = why_forget(feed, code, now, self._lease)
        if why is None:
            return False
        log.warning("All members are forgotten: %s.", WHY_FORGOTTEN[why])
        self._cache.forgetting.begin(why, max(now, feed.latest_at or now))
        return True

    def _ask_lease(self) -> bool:
        """Under which generation the file works, where the hub has not said so yet. True when it did."""
        bond = self._bond()
        if bond is None or self._cache.training or is_leased(self._cache, bond):
            return False
        ask_lease(self._cache, self._hub, bond)
        return True

    def _settle_rescued(self) -> bool:
        """What a damaged file had, and the hub may have too. True when it was asked."""
        if self._cache.training or not self._cache.rescued.waits:
            return False
        settle_rescued(self._cache, self._hub)
        return True

    def _push_or_mend(self) -> bool:
        """Where the hub's end of our chain is another than here, its page tells which."""
        try:
            return self._push()
        except HubRefused as refused:
            if refused.code not in OF_CHAIN or not mend(
                self._cache, self._hub, self._page(self._cache.changes.feed(), limit=1)
            ):
                raise
        return True

    def _push(self) -> bool:
        """Send the oldest batch, keep the answers. True when there was one. A till on which people practise pulls
        members, so that real cards are known, and says nothing itself: what was practised did not happen."""
        if self._cache.training:
            return False
        waiting = batch(self._cache.outbox(BATCH_OPERATIONS_MAX))
        if not waiting and not self._files.wanted:
            return False
        texts = tuple(text for _, text in waiting)
        reply = self._hub.push(PushRequest(till=self._cache.till, operations=texts, programmes=self._files.asked_for()))
        self._cache.answered(answers_of(reply, waiting))
        self._files.wanted = reply.programmes_wanted
        if reply.stopped is not None:
            raise HubRefused(reply.stopped.code, reply.stopped.message)
        return True

    def _pull(self) -> bool:
        """Read one page of changes, and the hub's clock with it. True when there is more, or another programme to
        fetch."""
        feed, published = self._cache.changes.feed(), self._cache.programmes.published
        asked_at = self._clock()
        page = self._page(feed, PAGE_MEMBERS_MAX)
        answered_at = self._clock()
        if not page.more:  # one that is full may well take longer
            self._slow = self._slow + 1 if (answered_at - asked_at).total_seconds() >= SLOW_S else 0
        self._set_clock(page.at, asked_at, answered_at)
        if not self._cache.training and mend(self._cache, self._hub, page):
            return True
        self._keep(page, feed)
        if not page.more:
            self._cache.heard()
        self._cache.leases.stop("")
        self.state = replace(self.state, hub_time=utc_text(page.at))
        self._keep_keys(page)
        self._keep_settings(page)
        news = self._cache.programmes.published != published and self._files.missing() is not None
        if page.more or news:
            return True
        self._cache.trimming.some(page.at, self._term)  # a few with each quiet look, however many there are
        return self._cache.changes.forget_some(page.at)

    def _keep_keys(self, page: PulledPage) -> None:
        """The hub's next one; a new one of our own, where it asks for one."""
        if page.next_hub_key and self._learn is not None:
            self._learn(page.next_hub_key)
        if page.new_key and self._renew is not None:
            self._renew()

    def _keep_settings(self, page: PulledPage) -> None:
        if page.settings is not None and self._office is not None:
            self._office.keep(page.settings)
        if page.staff is not None and self._staff is not None:
            self._staff.keep(page.staff)

    def _page(self, feed: Feed, limit: int) -> PulledPage:
        return self._hub.changes(
            till=self._cache.till,
            generation=self._cache.generation,
            programme=self._programme,
            after=feed.cursor,
            limit=limit,
            store=self._store,
            scope=feed.scope,
            settings=self._office.edition if self._office is not None else None,
            staff=self._staff.edition if self._staff is not None else None,
        )

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
        ready = self._ready.found(self._hub, page, feed)
        try:
            self._cache.changes.apply(head_of(page) if ready else page)
        except ValueError as error:
            raise HubUnclear(f"The hub's page of changes cannot be kept: {error}.") from error
        if ready:
            self._cache.ready.begin(ready)


def _there(slow: int) -> dict[str, Any]:
    """A hub that answers, but never while a customer waits, is none for what is decided at the till."""
    if slow < SLOW_TIMES:
        return {"online": True, "cause": "", "code": ""}
    cause = f"The hub answers, and takes {SLOW_S:g} s and longer, {slow} times in a row."
    return {"online": False, "cause": cause, "code": "slow"}
