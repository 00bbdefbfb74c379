"""Codes by which somebody shows that a phone is his: sent, and told back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from hub.codes.checking import Told, check
from hub.codes.sending import Wanted, send
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.sender.file_sender import lines_in
from hub.sender.seen import Sent, seen
from hub.sender.sender import SENDER
from sync.codes import CheckCode, Proof, SendCode, SentCode


def _send(hub: Hub, asked: Asked, body: SendCode) -> SentCode:
    if bool(body.phone) == bool(body.member) or body.purpose == "account":
        raise ActRefused("bad_request", "say a phone or a member, one of them; an account's code is not sent")
    wanted = Wanted(
        body.purpose,
        asked.programme,
        asked.key,
        phone=body.phone,
        member=body.member,
        till=asked.till,
        store=asked.store,
    )
    return send(hub, wanted)


def _check(hub: Hub, asked: Asked, body: CheckCode) -> Proof:
    told = Told(body.code, asked.programme, asked.key, id=body.id, member=body.member, till=asked.till)
    return check(hub, told)


class ListSent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    most: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


class SentListed(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first; `sender`: of what kind it is, "" for none."""

    sender: str
    messages: tuple[Sent, ...]


def _sent(hub: Hub, asked: Asked, body: ListSent) -> SentListed:
    codes = {line.id: line.code for line in lines_in(hub.outbox)} if hub.outbox is not None else {}
    with hub.store.reading() as reader:
        return SentListed(sender=reader.setting(SENDER) or "", messages=tuple(seen(reader, body.most, codes)))


CODE_ACTS: Final[Mapping[str, Act]] = {
    "send_code": Act(takes=SendCode, right=None, do=_send),
    "check_code": Act(takes=CheckCode, right=None, do=_check),
    "sent": Act(takes=ListSent, right="see_sent", do=_sent),
}
