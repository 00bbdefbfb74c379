"""What the till shows of a receipt: its goods, its member, the code that was sent to him (pos_agent/status.py)."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from loyalty.cards import CardStatus


class ShownLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line as it was told, in front of all sums."""

    id: str
    name: str
    price: str
    quantity: str
    unit: str = "pc"
    discount: str = "0"
    category: str | None = None
    article: str | None = None
    barcode: str | None = None


class ShownMember(msgspec.Struct, frozen=True, kw_only=True):
    """The visit's member, as far as a cashier may know. `notes` are sentences: what dies soon, a birthday."""

    card: str | None  # masked
    identified_by: str
    status: CardStatus | Literal["unknown"]  # a stranger's is the hub's to know
    balance: int | None  # none: the card is only being issued, or a stranger's
    active: int | None
    notes: tuple[str, ...] = ()
    name: str | UnsetType = UNSET  # as a guest may read it, Анна П.; absent where nobody knows it
    second_factor: bool | UnsetType = UNSET  # true: he has told a code at this receipt


class AskedCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was sent to the member's phone `to` (masked). `tries` are left; another may be sent from `again_at`
    on."""

    to: str
    digits: int
    tries: int
    again_at: str
    ends_at: str
