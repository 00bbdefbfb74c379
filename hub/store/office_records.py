"""What the office keeps: shops, tills, goods, blank cards, gifts, programmes. One record for each table, as in
records.py."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

Scope = Literal["chain", "shop"]


class StoreRow(NamedTuple):
    """A shop. `members`: whom its tills are told of: all of the chain, or those who are seen there, for `keep_days`
    after the last time. `place`: what people are told of it, JSON (hub/places/place.py), "" for nothing."""

    store: str
    entity: str = ""
    format: str = ""
    timezone: str | None = None
    members: Scope = "chain"
    keep_days: int = 60
    place: str = ""


class SeenKey(NamedTuple):
    member: str
    store: str


class SeenRow(NamedTuple):
    """A shop whose tills know a member, until then."""

    member: str
    store: str
    until: datetime

    @property
    def key(self) -> SeenKey:
        return SeenKey(self.member, self.store)


class TillRow(NamedTuple):
    """A till by its name; `body` is JSON (hub/tills/till.py)."""

    till: str
    body: str


class SettingRow(NamedTuple):
    """What the office says of one setting of a store's tills; `body` is JSON (hub/tills/settings.py)."""

    store: str
    name: str
    body: str


class StaffRow(NamedTuple):
    """Somebody who works here, under one of the lists that he is or was on; `body` is JSON (hub/staff/book.py)."""

    list: str
    id: str
    body: str


class BatchRow(NamedTuple):
    """Blank cards that were made together; `body` is JSON (hub/blanks/batches.py)."""

    batch: str
    body: str


class BlankRow(NamedTuple):
    """A card as it was made. `state`: blank or spoiled; whether it is somebody's, the cards say."""

    number: str
    batch: str
    state: str = "blank"


class GoodsRow(NamedTuple):
    """Goods by their article; `body` is JSON (hub/goods.py)."""

    article: str
    body: str


class GiftKey(NamedTuple):
    gift: str
    number: int


class GiftRow(NamedTuple):
    """Whom a gift is for (hub/people/gifts.py): its members are numbered from 0."""

    gift: str
    number: int
    member: str
    points: int

    @property
    def key(self) -> GiftKey:
        return GiftKey(self.gift, self.number)


class ProgrammeRow(NamedTuple):
    hash: str
    source: str


class PublishedKey(NamedTuple):
    programme: str
    begins_at: datetime


class PublishedRow(NamedTuple):
    """A programme that the chain has published `at` that moment: in force from `begins_at` until the next of the same
    id. Its file is on the shelf, by its hash."""

    programme: str
    begins_at: datetime
    version: str
    hash: str
    at: datetime

    @property
    def key(self) -> PublishedKey:
        return PublishedKey(self.programme, self.begins_at)


class CodeRow(NamedTuple):
    """A code that somebody was sent, or was given; `phone` is a fingerprint, `member` "" for nobody's, `body` JSON
    (hub/codes/code.py)."""

    id: str
    made_at: datetime
    phone: str
    member: str
    body: str


class MessageRow(NamedTuple):
    """What the sender sends, or has sent; `body` is JSON (hub/sender/message.py)."""

    id: str
    state: str
    made_at: datetime
    body: str


class CardPhoneRow(NamedTuple):
    """A link for a phone that is to show this card, and the phone that took it (hub/phones/)."""

    id: str
    card: str
    body: str


class CardOrderRow(NamedTuple):
    """A plastic card that a member has ordered. `number`: of the card that was made for it, "" before; `at`: since when
    it is in its state; `body` is JSON (hub/card_orders/order.py)."""

    id: str
    member: str
    state: str
    number: str
    at: datetime
    body: str


class ConfirmedRow(NamedTuple):
    """When a member proved last that a phone is his; `phone` is a fingerprint."""

    member: str
    phone: str
    at: datetime


class WatchedRow(NamedTuple):
    """What velocity rules see of a card or a person; `body` is JSON (hub/watching.py)."""

    subject: str
    body: str


class StoreDayKey(NamedTuple):
    store: str
    day: str
    till: str
    by: str


class StoreDayRow(NamedTuple):
    """What a till did on a shop's day, by whose hands ("": nobody said); `body` is JSON (loyalty/day.py)."""

    store: str
    day: str
    till: str
    by: str
    body: str

    @property
    def key(self) -> StoreDayKey:
        return StoreDayKey(*self[:4])


class ActedRow(NamedTuple):
    """An act of the desk; they are numbered from 1, without gaps. `body` is JSON (hub/desk/acted.py)."""

    number: int
    body: str
