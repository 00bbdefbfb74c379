"""Operations of online orders: on a chain of their own, in the shop's store, by the rules of the quote or the sale."""

from __future__ import annotations

from collections.abc import Callable

from hub.bearing import NotApplied, Said, Where
from hub.hub import Hub
from hub.shop.call import ShopAsked, ShopRefused
from hub.shop.promise import Promise
from hub.store.seam import Writer
from loyalty.operation import ONLINE_CHAIN


def bear(hub: Hub, asked: ShopAsked, promise: Promise, decide: Callable[[Writer], Said]) -> None:
    """All or nothing. Raises ShopRefused."""
    where = Where(promise.store, "online", promise.rules)
    key = f"{asked.shop.name}/{asked.key}"
    try:
        hub.bear_after(asked.shop.programme, decide, chain=ONLINE_CHAIN, asked=key, by=asked.shop.name, place=where)
    except NotApplied as error:
        raise ShopRefused("not_now", f"the ledger refuses it: {error.reason}") from error
