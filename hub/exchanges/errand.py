"""An exchange as a kind of errands: how it is looked at, and what is left of it once its member is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hub.errands.errand import Errand
from hub.exchanges.asking import ask
from hub.exchanges.exchange import KIND, OPEN, kept_of, stepped, with_kept
from hub.store.errand_records import ErrandRow
from hub.store.seam import Writer


def _forgotten(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    """Without his number the partner cannot be asked again, and may have given already: people look at it."""
    if row.state in OPEN:
        row = stepped(row, "forgotten", now)
    return with_kept(row, msgspec.structs.replace(kept_of(row), number=""))


EXCHANGE: Final = Errand(KIND, _forgotten, ask)
