"""All kinds of errands: one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.certificate_orders.errand import CERTIFICATE_ORDER
from hub.charity.paying import FUND_PAID
from hub.claims.waiting import RECEIPT_CLAIM
from hub.errands.errand import Errand
from hub.exchanges.errand import EXCHANGE
from hub.shop.links import SHOP_LINK
from hub.shop.orders.lapsing import SHOP_ORDER
from hub.shop.quotes import SHOP_QUOTE
from hub.tickets.closing import TICKET

_ALL: Final[tuple[Errand, ...]] = (
    CERTIFICATE_ORDER,
    EXCHANGE,
    FUND_PAID,
    RECEIPT_CLAIM,
    SHOP_LINK,
    SHOP_ORDER,
    SHOP_QUOTE,
    TICKET,
)
ERRANDS: Final[Mapping[str, Errand]] = {errand.name: errand for errand in _ALL}
