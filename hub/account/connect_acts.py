"""Online shops that a member is connected with (P33, A13): he agrees here, and ends it here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked, ordered, signed_in
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.shop.keys import OnlineShop, shop_named
from hub.shop.links import end_his, links_of, offer
from hub.store.seam import Reader
from loyalty.utc import utc_text
from sync.account.connect import (
    AskConnected,
    Asks,
    ConnectAgree,
    ConnectAsk,
    ConnectAsked,
    ConnectedShop,
    ConnectedTold,
    Connecting,
    Disconnect,
    Disconnected,
)


def connect_ask(hub: Hub, asked: AccountAsked, body: ConnectAsk) -> ConnectAsked:
    with hub.store.reading() as reader:
        signed_in(reader, asked)
        shop = _shop(reader, asked, body.shop, body.back)
    return ConnectAsked(title=shop.title, asks=_asks(shop), days=shop.link_days)


def connect_agree(hub: Hub, asked: AccountAsked, body: ConnectAgree) -> Connecting:
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        shop = _shop(reader, asked, body.shop, body.back)
    code = ordered(lambda: hub.within(lambda writer: offer(writer, shop, person, asked.key, hub.now())))
    return Connecting(code=code)


def connected(hub: Hub, asked: AccountAsked, body: AskConnected) -> ConnectedTold:
    with hub.store.reading() as reader:
        links = links_of(reader, signed_in(reader, asked).member, hub.now())
    held = {link.shop.name: link for link in reversed(links)}  # of several devices the last
    return ConnectedTold(
        shops=tuple(
            ConnectedShop(id=link.id, title=link.shop.title, since=utc_text(link.since), until=link.body.until)
            for link in reversed(held.values())
        )
    )


def disconnect(hub: Hub, asked: AccountAsked, body: Disconnect) -> Disconnected:
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member
    name = ordered(lambda: hub.within(lambda writer: end_his(writer, member, body.link, hub.now())))
    with hub.store.reading() as reader:
        shop = shop_named(reader, name)
    return Disconnected(title=shop.title if shop is not None else name)


def _shop(reader: Reader, asked: AccountAsked, name: str, back: str) -> OnlineShop:
    """One of this programme that connects members. Raises ActRefused."""
    shop = shop_named(reader, name)
    if shop is None or shop.programme != asked.programme or not _asks(shop):
        raise ActRefused("connect_unknown", f"no shop {name} connects members of this programme")
    if back not in shop.back:
        raise ActRefused("connect_back", f"{back} is no address of {name}")
    return shop


def _asks(shop: OnlineShop) -> tuple[Asks, ...]:
    """By what its keys may do; nothing where none of them may connect anybody."""
    scopes = {scope for key in shop.keys if not key.revoked_at for scope in key.scopes}
    if "members" not in scopes:
        return ()
    return ("sees", "orders") if "order" in scopes else ("sees",)


CONNECT_ACTS: Final[Mapping[str, AccountAct]] = {
    "connect_ask": AccountAct(takes=ConnectAsk, do=connect_ask),
    "connect_agree": AccountAct(takes=ConnectAgree, do=connect_agree),
    "connected": AccountAct(takes=AskConnected, do=connected),
    "disconnect": AccountAct(takes=Disconnect, do=disconnect),
}
