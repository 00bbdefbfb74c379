"""All kinds of errands: one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.claims.waiting import RECEIPT_CLAIM
from hub.errands.errand import Errand

_ALL: Final[tuple[Errand, ...]] = (RECEIPT_CLAIM,)
ERRANDS: Final[Mapping[str, Errand]] = {errand.name: errand for errand in _ALL}
