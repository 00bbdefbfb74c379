"""A quote as it was told, and found again by its id. How it is made and told is told in telling.py."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from loyalty.bodies import Sale, SaleNumber
from loyalty.operation import Channel, Store
from pos_agent.answers_stickers import ToldStickers
from pos_agent.counter import Counter
from pos_agent.coupons_now import Waits
from pos_agent.visit import Visit

_T = TypeVar("_T")


class WaitingCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon on the receipt that gives nothing for now, whatever its goods; the sale knows nothing of it."""

    campaign: str
    why: Waits


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A quote as it was told, of this visit as it was then. `sale` is what will be recorded, but for its number and
    what comes with the payment."""

    id: str
    told_at: str
    pos: str
    visit: Visit
    sale: Sale
    limit_points: int
    limit_reason: str | None
    limit_text: str  # for the cashier
    limit_text_guest: str = ""  # for the customer, in his language
    store: Store | None = None
    channel: Channel = "shop"
    witnessed: bool = True  # False: the power took it, and the POS says what it was
    paid: SaleNumber | None = None  # the sale that it became
    tail: tuple[str, ...] = ()  # what was said with the payment
    programme_hash: str = ""  # the rules that it was worked out by
    waiting: tuple[WaitingCoupon, ...] = ()
    stickers: ToldStickers | None = None
    stickers_guest: str = ""  # for the customer


_decoder = msgspec.json.Decoder(Told)


def find(counter: Counter, id: str | None) -> Told | None:
    """A quote that was told, by its id."""
    return find_as(_decoder, counter, id)


def find_as(decoder: msgspec.json.Decoder[_T], counter: Counter, id: str | None) -> _T | None:
    """What was told under this id, where it is of this kind. What another version wrote, and cannot be read, is
    unknown."""
    kept = counter.house.find_quote(id) if id else None
    try:
        return decoder.decode(kept) if kept is not None else None
    except msgspec.DecodeError:
        return None
