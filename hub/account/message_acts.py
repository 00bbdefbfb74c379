"""What a member was written, and how he stops advertising: signed in, or by the link in a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.hub import Hub
from hub.messages.history import channels_of, messages_of
from hub.messages.stopping import Stop, stop, stop_called
from hub.store.seam import Reader
from sync.account.messages import AskMessages, Channel, MessagesTold, StopLink, StopMailing, StopTold


def messages(hub: Hub, asked: AccountAsked, body: AskMessages) -> MessagesTold:
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        return messages_of(hub, reader, person.member, hub.programmes[asked.programme], body.seen)


def stop_mailing(hub: Hub, asked: AccountAsked, body: StopMailing) -> StopTold:
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
    ordered(lambda: stop(hub, person.member, body.channel, order_of(asked)))
    return StopTold(channel=body.channel, stopped=True)


def stop_link(hub: Hub, asked: AccountAsked, body: StopLink) -> StopTold:
    with hub.store.reading() as reader:
        found = _called(reader, asked, body)
        return StopTold(channel=found.channel, stopped=not _stands(reader, found.member, found.channel))


def stop_by_link(hub: Hub, asked: AccountAsked, body: StopLink) -> StopTold:
    with hub.store.reading() as reader:
        found = _called(reader, asked, body)
    ordered(lambda: stop(hub, found.member, found.channel, order_of(asked)))
    return StopTold(channel=found.channel, stopped=True)


def _called(reader: Reader, asked: AccountAsked, body: StopLink) -> Stop:
    found: Stop = ordered(lambda: stop_called(reader, body.token, asked.programme))
    return found


def _stands(reader: Reader, member: str, channel: Channel) -> bool:
    return any(one.channel == channel and one.since for one in channels_of(reader, member))


MESSAGE_ACTS: Final[Mapping[str, AccountAct]] = {
    "messages": AccountAct(takes=AskMessages, do=messages),
    "stop_mailing": AccountAct(takes=StopMailing, do=stop_mailing),
    "stop_link": AccountAct(takes=StopLink, do=stop_link, signed_in=False),
    "stop_by_link": AccountAct(takes=StopLink, do=stop_by_link, signed_in=False),
}
