"""How an order goes, as tables. That all of it has come back is no state of its own: a till may have taken it back, so
it is always looked up (look.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from hub.shop.call import ShopRefused
from sync.shop.orders import DeliveryState

State = Literal["placed", "paid", "cancelled", "lapsed"]
Event = Literal["paid", "cancelled", "unpaid_in_time", "returned", "delivered"]

# state → event → state; what is missing is refused and changes nothing
ORDER: Final[Mapping[State, Mapping[Event, State]]] = {
    "placed": {"paid": "paid", "cancelled": "cancelled", "unpaid_in_time": "lapsed"},
    # the money came for all that: it is a fact, and its points are taken, to debt if need be
    "lapsed": {"paid": "paid", "cancelled": "cancelled"},
    "paid": {"cancelled": "cancelled", "returned": "paid", "delivered": "paid"},
    "cancelled": {},
}
DELIVERY: Final[Mapping[DeliveryState, frozenset[DeliveryState]]] = {
    "waiting": frozenset(("waiting", "packed", "on_the_way", "delivered", "missed")),
    "packed": frozenset(("packed", "waiting", "on_the_way", "delivered", "missed")),
    "on_the_way": frozenset(("on_the_way", "packed", "delivered", "missed")),
    "missed": frozenset(("missed", "packed", "on_the_way", "delivered")),
    "delivered": frozenset(("delivered",)),
}


def after(state: str, event: Event) -> State:
    """Raises ShopRefused."""
    for known, goes in ORDER.items():
        if known == state and event in goes:
            return goes[event]
    raise ShopRefused("not_now", f"an order that is {state} cannot be {event}")


def delivery_after(before: DeliveryState, new: DeliveryState) -> DeliveryState:
    """Raises ShopRefused."""
    if new not in DELIVERY[before]:
        raise ShopRefused("not_now", f"what is {before} cannot be {new}")
    return new
