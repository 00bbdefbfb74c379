"""All kinds of errands: one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.errands.errand import Errand
from hub.tickets.closing import TICKET

_ALL: Final[tuple[Errand, ...]] = (TICKET,)
ERRANDS: Final[Mapping[str, Errand]] = {errand.name: errand for errand in _ALL}
