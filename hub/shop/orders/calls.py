"""Orders: what a shop's program may ask of them."""

from __future__ import annotations

from typing import Final

from hub.shop.call import Call
from hub.shop.orders.back import cancel, take_goods_back
from hub.shop.orders.deliver import deliver
from hub.shop.orders.look import ask_order, ask_orders
from hub.shop.orders.pay import pay
from hub.shop.orders.place import place
from hub.shop.quotes import GOODS
from sync.shop.orders import (
    AskOrder,
    AskOrders,
    CancelOrder,
    OrdersTold,
    OrderTold,
    PayOrder,
    PlaceOrder,
    ReturnGoods,
    TellDelivery,
)

_OF_KEY: Final = ("unknown_order", "key_taken", "not_now")
_SLOT: Final = {"since": "2026-12-02T10:00:00+03:00", "until": "2026-12-02T12:00:00+03:00"}

ORDER_CALLS: Final = (
    Call(
        method="POST",
        path="/orders",
        summary="Place an order: its points and coupons are held until it is paid, or its time is over",
        scope="order",
        takes=PlaceOrder,
        gives=OrderTold,
        do=place,
        member="may",
        refused=(
            *GOODS,
            *("key_taken", "number_taken", "unknown_quote", "quote_of_another", "quote_used"),
            *("points_gone", "card_changed", "coupon_taken", "certificate_taken"),
        ),
        example={
            "number": "A-1001",
            "basket": {"lines": [{"id": "1", "article": "10001", "quantity_m": 2_000}], "spend": "all"},
            "slot": _SLOT,
        },
    ),
    Call(
        method="GET",
        path="/orders",
        summary="The orders of a member at this shop, the newest first",
        scope="order",
        takes=AskOrders,
        gives=OrdersTold,
        do=ask_orders,
        member="must",
        refused=("unknown_order",),
    ),
    Call(
        method="GET",
        path="/orders/{number}",
        summary="An order as it is now, with what came back of it",
        scope="order",
        takes=AskOrder,
        gives=OrderTold,
        do=ask_order,
        refused=("unknown_order",),
    ),
    Call(
        method="POST",
        path="/orders/{number}/paid",
        summary="The money is there: points are taken and earned",
        scope="order",
        takes=PayOrder,
        gives=OrderTold,
        do=pay,
        refused=(*_OF_KEY, "wrong_sum"),
        example={"paid_kopecks": 25_000},
    ),
    Call(
        method="POST",
        path="/orders/{number}/cancel",
        summary="Not paid: what was held is free. Paid, not delivered: all of it comes back",
        scope="order",
        takes=CancelOrder,
        gives=OrderTold,
        do=cancel,
        refused=(*_OF_KEY, "delivered"),
        example={"reason": "changed his mind"},
    ),
    Call(
        method="POST",
        path="/orders/{number}/returns",
        summary="Goods came back: what is refunded, points that come back and points that are taken back",
        scope="return",
        takes=ReturnGoods,
        gives=OrderTold,
        do=take_goods_back,
        refused=(*_OF_KEY, "not_so_much"),
        example={"lines": [{"id": "1", "quantity_m": 1_000}], "reason": "too sweet"},
    ),
    Call(
        method="POST",
        path="/orders/{number}/delivery",
        summary="Where the order is, and when it is brought",
        scope="order",
        takes=TellDelivery,
        gives=OrderTold,
        do=deliver,
        refused=_OF_KEY,
        example={"state": "on_the_way", "slot": _SLOT},
    ),
)
