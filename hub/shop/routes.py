"""All calls of the online shops' face: one table."""

from __future__ import annotations

from typing import Final

from hub.shop.call import Call
from hub.shop.catalogue import CATALOGUE_CALLS
from hub.shop.member_calls import MEMBER_CALLS
from hub.shop.orders.calls import ORDER_CALLS
from hub.shop.quotes import QUOTE_CALLS

CALLS: Final[tuple[Call, ...]] = (*QUOTE_CALLS, *ORDER_CALLS, *MEMBER_CALLS, *CATALOGUE_CALLS)
