"""A plastic card ordered by the form (A3): acts `card_orders`, `card_order`, `card_order_cancel`, `card_order_code`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

OrderState = Literal["new", "made", "sent", "waiting", "handed_over", "returned", "cancelled"]
NAME_LETTERS_MAX = 26  # so many an embosser has room for
ADDRESS_LETTERS_MAX = 300
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class AskOrders(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `card_orders`: says nothing."""


class OrderTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at`: since when it is in its state. `code`: to show in `store`, where it waits; "" after too many wrong ones.
    `ends`: the last day on which it waits."""

    id: str
    state: OrderState
    made_at: str
    at: str
    name: str = ""
    address: str = ""
    store: str = ""
    fee_kopecks: int = 0
    code: str = ""
    ends: str = ""


class OrdersTold(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first. `stores`: where one may wait. `may_order`: he has none that is on its way."""

    orders: tuple[OrderTold, ...]
    stores: tuple[str, ...]
    fee_kopecks: int
    name: str
    may_order: bool


class OrderCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`address` or `store`, one of them. Refused: card_order_name, card_order_address, card_order_store,
    card_order_open, card_order_many, form_waits, not_registered."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    address: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    store: Annotated[str, msgspec.Meta(max_length=60)] = ""


class CancelOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: no_card_order, card_order_step."""

    id: Id


class NewOrderCode(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: no_card_order, card_order_step."""

    id: Id


class OrderDone(msgspec.Struct, frozen=True, kw_only=True):
    id: str
