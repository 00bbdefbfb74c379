"""Errands of whoever is erased: what they say of him is forgotten, with the pictures that he sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from hub.errands.kinds import ERRANDS
from hub.store.rows import Rows
from hub.store.seam import Writer


def forget_errands(writer: Writer, members: Collection[str], now: datetime) -> None:
    ids = [row.id for row in writer.every_errand_of(members)]
    rows = [
        ERRANDS[row.kind].forget(writer, row, now) for row in writer.locked_errands(ids).values() if row.kind in ERRANDS
    ]
    pictures = [picture for picture, _ in writer.pictures_of(ids)] if ids else []
    writer.write(Rows(errands=rows, gone_pictures=pictures))
