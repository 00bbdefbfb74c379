"""All kinds of errands: one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.charity.paying import FUND_PAID
from hub.errands.errand import Errand
from hub.exchanges.errand import EXCHANGE

_ALL: Final[tuple[Errand, ...]] = (EXCHANGE, FUND_PAID)
ERRANDS: Final[Mapping[str, Errand]] = {errand.name: errand for errand in _ALL}
