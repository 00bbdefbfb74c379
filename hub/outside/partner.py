"""What a partner is asked (hub/outside/services.py): give so many units to whoever has this number there."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

EXCHANGES: Final = "/exchanges"


class AskExchange(msgspec.Struct, frozen=True, kw_only=True):
    """`number`: the member's at the partner; `unit`: kopecks or miles."""

    key: str
    number: str
    units: int
    unit: str


class ExchangeTold(msgspec.Struct, frozen=True, kw_only=True):
    """`id`: the partner's own; `units`: which he has given, and they are what was asked."""

    id: Annotated[str, msgspec.Meta(max_length=100)] = ""
    units: int
