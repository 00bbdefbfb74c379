"""All kinds of errands: one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.certificate_orders.errand import CERTIFICATE_ORDER
from hub.errands.errand import Errand
from hub.tickets.closing import TICKET

_ALL: Final[tuple[Errand, ...]] = (CERTIFICATE_ORDER, TICKET)
ERRANDS: Final[Mapping[str, Errand]] = {errand.name: errand for errand in _ALL}
