"""Takes the hub's ready file of members, where this till knows nobody yet, before it reads the feed."""

from __future__ import annotations

import logging
from datetime import datetime

from offline_cache.cache import Cache
from offline_cache.ready import UnderWay
from offline_cache.records import Feed
from sync.hub_port import HubIsOlder, HubPort, HubRefused, HubUnclear
from sync.pages import HUB_YEARS, PulledPage, read_moment
from sync.protocol import BUSY, NO_FILE, TOO_MANY, ReadyFile

log = logging.getLogger(__name__)


class ReadyPull:
    """A hub that has no such file, or an unusable one, is there all the same: the feed tells all."""

    def __init__(self, cache: Cache, programme: str) -> None:
        self._cache = cache
        self._programme = programme
        self._store = cache.store.id if cache.store else ""
        self._no_use = False  # of this hub's files, until the till starts anew

    def found(self, hub: HubPort, page: PulledPage, feed: Feed) -> UnderWay | None:
        """The file to take instead of reading on behind `page`, where that is the first of a long feed and nothing is
        known yet. What is known may be newer where the ledger's clock was ahead: then there is none."""
        if feed.cursor or not page.more or self._no_use:
            return None
        file = self._asked(hub, page.scope, page.epoch)
        is_older = file is not None and feed.met_at is not None and datetime.fromisoformat(file.at) < feed.met_at
        return None if is_older else file

    def step(self, hub: HubPort) -> bool:
        """Take one block, where a file is being taken. Whether it was."""
        now = self._cache.ready.under_way()
        if now is None:
            return False
        try:
            self._take(hub, now)
        except (HubIsOlder, HubUnclear, HubRefused) as error:
            self._not_taken(hub, now, error)
        return True

    def _take(self, hub: HubPort, now: UnderWay) -> None:
        block = hub.block(file=now.file, after=now.after)
        if block is None:
            log.info("All %s members of the hub's ready file are here.", now.done)
            self._cache.ready.end()
            return
        if block.to <= now.after:
            raise HubUnclear(f"The hub's ready file does not lead on behind {now.after!r}.")
        self._cache.ready.take(block)

    def _not_taken(self, hub: HubPort, now: UnderWay, error: HubIsOlder | HubUnclear | HubRefused) -> None:
        if isinstance(error, HubRefused):
            if error.code != NO_FILE:
                raise error
            found = self._asked(hub, now.scope, now.epoch)
            if found is not None and found.file != now.file:
                self._cache.ready.begin(found)
                return
        log.warning("The feed tells of all members: %s", error)
        self._no_use = True
        self._cache.ready.give_up()

    def _asked(self, hub: HubPort, scope: str, epoch: str) -> UnderWay | None:
        """The file that there is for this till; None: there is none, or not of what the feed tells."""
        try:
            found = hub.ready(
                till=self._cache.till,
                generation=self._cache.generation,
                programme=self._programme,
                store=self._store,
            )
            return _usable(found, scope, epoch)
        except (HubIsOlder, HubUnclear, HubRefused, ValueError) as error:
            if isinstance(error, HubRefused) and error.code in (BUSY, TOO_MANY):
                raise
            log.info("The feed tells of all members: %s", error)
            self._no_use = True
            return None


def _usable(found: ReadyFile, scope: str, epoch: str) -> UnderWay | None:
    """Raises ValueError for a time that is none."""
    if not found.file or found.watermark is None or (found.scope, found.epoch) != (scope, epoch):
        return None
    read_moment(found.at, HUB_YEARS)
    return UnderWay(
        file=found.file,
        cursor=found.cursor,
        at=found.at,
        generation=found.watermark.generation,
        sequence=found.watermark.sequence,
        scope=found.scope,
        epoch=found.epoch,
        members=found.members,
    )
