"""What an order has held is anybody's: its points, its coupons, what it kept of a certificate."""

from __future__ import annotations

from datetime import datetime

from hub.books.holds import voided
from hub.merges import stands_for
from hub.shop import certificates, coupons
from hub.shop.orders.order import hold_of
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.operation import ONLINE_CHAIN


def free_all(writer: Writer, row: ErrandRow, now: datetime) -> None:
    """Nobody pays for it."""
    _free_points(writer, row, now)
    free_rights(writer, row)


def free_rights(writer: Writer, row: ErrandRow) -> None:
    """The sale has what it used of them; its points' hold it confirms itself."""
    coupons.free_all(writer, row.id)
    certificates.free_all(writer, row.id)


def _free_points(writer: Writer, row: ErrandRow, now: datetime) -> None:
    """Also of whoever its member has gone into: his holds went with him."""
    whose = stands_for(lambda id: writer.members([id]).get(id), row.member) if row.member else None
    for known in writer.holds_of([whose.member]) if whose is not None else ():
        over = voided(known, known.member, known.hold, ONLINE_CHAIN, now) if known.hold == hold_of(row.id) else None
        writer.write(Rows(holds=[over] if over is not None else []))
