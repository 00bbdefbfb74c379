"""An order whose time is over unpaid, and one of a member who is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from hub.errands.errand import Errand
from hub.hub import Hub
from hub.outside.services import Services
from hub.shop.orders.freeing import free_all
from hub.shop.orders.order import ORDER, read_order, written
from hub.shop.orders.states import ORDER as STATES
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Writer


def _lapse(hub: Hub, services: Services, taken: ErrandRow) -> None:
    """Its hold has ended by itself; whoever pays for it meanwhile was quicker."""

    def work(writer: Writer) -> None:
        row = writer.locked_errands([taken.id]).get(taken.id)
        if row is None or row.state != "placed":
            return
        free_all(writer, row, hub.now())
        writer.write(Rows(errands=[row._replace(state=STATES["placed"]["unpaid_in_time"], due_at=None, at=hub.now())]))

    hub.within(work)


def _forget(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    """What was bought stays in the shop's books, and says nothing of him. What he has not paid is cancelled."""
    one = read_order(row)
    waits = row.state in ("placed", "lapsed")
    if waits:
        free_all(writer, row, now)
    promise = one.order.promise
    sale = replace(promise.sale, member=None, card=None, seen=None)
    order = replace(one.order, slot=None, promise=replace(promise, member="", sale=sale))
    state = "cancelled" if waits else row.state
    return written(row._replace(member="", state=state, due_at=None, at=now), order)


SHOP_ORDER: Final = Errand(ORDER, _forget, _lapse)
