"""Which online shops a member is connected with, and how he comes to be: acts `connect_ask`, `connect_agree`,
`connected`, `disconnect` (sync/shop/members.py: what the shop says of it)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

ShopName = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
Back = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
LinkId = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Asks = Literal["sees", "orders"]  # his name and points; orders earn, and spend when he says so


class ConnectAsk(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `connect_ask`. `back`: where the shop wants his browser back. Refused: connect_unknown (no such shop
    in this programme, or one that connects nobody), connect_back (the address is none of the shop's)."""

    shop: ShopName
    back: Back


class ConnectAsked(msgspec.Struct, frozen=True, kw_only=True):
    """`title`: how the shop is called; `days`: so long he would be connected."""

    title: str
    asks: tuple[Asks, ...]
    days: int


class ConnectAgree(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `connect_agree`; refused as `connect_ask` is, and connect_done where this form has done its work."""

    shop: ShopName
    back: Back


class Connecting(msgspec.Struct, frozen=True, kw_only=True):
    """`code`: good for a minute and once, with the shop's key."""

    code: str


class AskConnected(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `connected`: says nothing."""


class ConnectedShop(msgspec.Struct, frozen=True, kw_only=True):
    """`since`, `until`: UTC."""

    id: str
    title: str
    since: str
    until: str


class ConnectedTold(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first."""

    shops: tuple[ConnectedShop, ...]


class Disconnect(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `disconnect`. Refused: no_shop_link, also of another's."""

    link: LinkId


class Disconnected(msgspec.Struct, frozen=True, kw_only=True):
    title: str
