"""What the hub answers while somebody waits, as the till reads it: what cannot be true is no answer."""

from __future__ import annotations

import msgspec

from loyalty.operation import utc_text
from loyalty.possible import check_member
from sync.pages import HUB_YEARS, read_moment
from sync.protocol import HoldReply, MemberNow

_hold = msgspec.json.Decoder(HoldReply)
_member = msgspec.json.Decoder(MemberNow)


def read_hold(body: bytes) -> HoldReply:
    """Raises ValueError, RecursionError."""
    told = _hold.decode(body)
    return msgspec.structs.replace(told, at=utc_text(read_moment(told.at, HUB_YEARS)))


def read_member_now(body: bytes) -> MemberNow:
    """Raises ValueError, RecursionError."""
    told = _member.decode(body)
    if told.member is not None:
        check_member(told.member)
    return msgspec.structs.replace(told, at=utc_text(read_moment(told.at, HUB_YEARS)))
