"""What a message says of its member, as it is now."""

from __future__ import annotations

from datetime import datetime

from hub import feed
from hub.hub import Hub
from hub.messages.text import Facts
from hub.store.seam import Reader
from loyalty.lots import balance, next_expiry
from loyalty.points_life import last_day_of


def facts_of(hub: Hub, reader: Reader, programme: str, member: str, now: datetime) -> Facts:
    account = feed.accounts(reader, [member], now)[member]
    profile = reader.profiles([member]).get(member)
    ending = next_expiry(account, now)
    points, at = ending if ending is not None else (0, None)
    return Facts(
        name=(profile.name or "").split(" ")[0] if profile is not None else "",
        points=balance(account, now),
        dies=points,
        day=last_day_of(hub.programmes[programme], at).isoformat() if at is not None else "",
    )
