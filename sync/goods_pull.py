"""Reads the hub's goods, now and then, beside its changes."""

from __future__ import annotations

import logging

from offline_cache.cache import Cache
from sync.hub_port import HubIsOlder, HubPort, HubRefused, HubUnclear
from sync.protocol import BUSY, PAGE_GOODS_MAX, TOO_MANY
from sync.retry import GOODS_POLL_S

log = logging.getLogger(__name__)


class GoodsPull:
    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._store = cache.store.id if cache.store else ""
        self._due_s = 0.0
        self._logged = ("", "")  # why the hub does not tell of them, as it was logged last

    def step(self, hub: HubPort, now_s: float) -> bool:
        """Read one page of goods, now and then. True when there is more. A hub that knows members and cannot tell of
        goods (an older one, one that is ill) is there all the same: what is known of them stands."""
        if now_s < self._due_s:
            return False
        try:
            busy = self._page(hub)
        except (HubIsOlder, HubUnclear, HubRefused) as error:
            if error.code in (BUSY, TOO_MANY):
                raise
            if (error.code, str(error)) != self._logged:
                self._logged = (error.code, str(error))
                log.warning("Goods are as they were told last: %s", error)
            busy = False
        if not busy:
            self._due_s = now_s + GOODS_POLL_S
        return busy

    def _page(self, hub: HubPort) -> bool:
        feed = self._cache.goods.feed()
        try:
            page = hub.goods(after=feed.cursor, limit=PAGE_GOODS_MAX, store=self._store, scope=feed.scope)
        except HubRefused as error:
            if error.code != "bad_cursor" or not feed.cursor:
                raise
            self._cache.goods.begin_anew()
            return True
        if page.more and (page.cursor, page.scope) == feed:
            raise HubUnclear(f"The hub's cursor {feed.cursor!r} of goods does not lead on.")
        self._cache.goods.keep(page.goods, page.gone, cursor=page.cursor, scope=page.scope)
        return page.more or self._cache.goods.forget_some()
