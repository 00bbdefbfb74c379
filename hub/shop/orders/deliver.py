"""`POST /orders/N/delivery`: where the goods are, as the shop tells it."""

from __future__ import annotations

from msgspec.structs import replace

from hub.hub import Hub
from hub.shop.call import ShopAsked, ShopRefused
from hub.shop.orders.look import told
from hub.shop.orders.order import Found, check_slot, done_before, held, moment_in, with_key, written
from hub.shop.orders.states import after, delivery_after
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.utc import utc_text
from sync.shop.orders import OrderTold, TellDelivery


def deliver(hub: Hub, asked: ShopAsked, body: TellDelivery) -> OrderTold:
    """An order that nobody has paid is packed and brought too, and is delivered once it is paid."""
    check_slot(body.slot)
    at = utc_text(moment_in(body.at) if body.at else hub.now())

    def work(writer: Writer) -> OrderTold:
        one = held(writer, asked)
        if done_before(one.order, asked, "delivery", body) is not None:
            return told(writer, one)
        if one.row.state not in ("placed", "paid"):
            raise ShopRefused("not_now", f"order {one.order.number} is {one.row.state}")
        if body.state == "delivered":
            after(one.row.state, "delivered")
        order = replace(
            one.order,
            delivery=delivery_after(one.order.delivery, body.state),
            delivery_at=at,
            slot=body.slot or one.order.slot,
        )
        order = with_key(order, asked, "delivery", body)
        row = written(one.row, order)
        writer.write(Rows(errands=[row]))
        return told(writer, Found(row, order))

    return hub.within(work)
