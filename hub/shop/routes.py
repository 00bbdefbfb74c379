"""All calls of the online shops' face: one table."""

from __future__ import annotations

from typing import Final

from hub.shop.call import Call
from hub.shop.orders.calls import ORDER_CALLS
from hub.shop.quotes import QUOTE_CALLS

PREFIX: Final = "/shop/v1"
CALLS: Final[tuple[Call, ...]] = (*QUOTE_CALLS, *ORDER_CALLS)
