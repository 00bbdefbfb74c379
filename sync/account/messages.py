"""What a member was written, and how advertising is stopped: acts `messages`, `stop_mailing`, `stop_link`,
`stop_by_link`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Channel = Literal["sms", "mail", "inbox"]
MESSAGES_MAX = 200
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Pair = tuple[str, str]  # Russian, English


class AskMessages(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `messages`. `seen`: those up to that moment (UTC) are not new."""

    seen: Annotated[str, msgspec.Meta(max_length=40)] = ""


class MessageHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kind`: mailing, code, or what happened to his account. A code is without its digits, and never `new`. `failed`:
    it may not have come."""

    id: str
    at: str
    kind: str
    channel: Channel
    text: Pair
    failed: bool = False
    new: bool = False


class ChannelHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Advertising by a channel. `since`: he agreed; "": he has not, or no more."""

    channel: Channel
    since: str = ""


class MessagesTold(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first, at most MESSAGES_MAX of them; `new`: of all."""

    messages: tuple[MessageHere, ...]
    channels: tuple[ChannelHere, ...]
    new: int


class StopMailing(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `stop_mailing`, of who is signed in. Refused: `no_such_channel`."""

    channel: Channel


class StopLink(msgspec.Struct, frozen=True, kw_only=True):
    """Body of acts `stop_link`, which changes nothing, and `stop_by_link`: of whoever has the link. Refused:
    `stop_unknown`."""

    token: Token


class StopTold(msgspec.Struct, frozen=True, kw_only=True):
    """`stopped`: there is no consent now."""

    channel: Channel
    stopped: bool
