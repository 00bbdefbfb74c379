"""A certificate that a member buys in his account (P16): its life as a table, and what is kept of it.

    new ──told──▶ paying ──paid──▶ paid ──sold─────────────────────▶ waiting ──begun──▶ sending ──sent──▶ delivered
     │              ├──ended──▶ ending   │ (with its fiscal document)   ▲ │                 │ └─bounced─▶ undelivered
     └─refused──────┴──refused─▶ unpaid  └──looked_at──▶ picture ──sold─┘ │                 └──again──────────┘
                    └──odd─────▶ odd                      └─declined─▶ redraw ─chosen─▶ paid
    whatever has its money and is not delivered ──back──▶ refunding ──returned──▶ unreceipted ──receipted──▶ refunded

It is paid, then it has its fiscal document, then it is sold: before that no certificate has its rubles, and after that
nobody asks for its money again. A payment that comes when its order is over goes back; of one that is unpaid the office
may have it asked for once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

import msgspec

from hub.people.orders import NotDone
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Reader
from loyalty.bodies import Fiscal
from loyalty.utc import utc_text
from sync.account.certificates import OrderState

KIND: Final = "certificate_order"
Event = Literal[
    "told",
    "refused",
    "cancelled",
    "ended",
    "odd",
    "paid",
    "looked_at",
    "sold",
    "declined",
    "chosen",
    "begun",
    "sent",
    "bounced",
    "again",
    "back",
    "returned",
    "receipted",
]

EVENTS: Final[tuple[Event, ...]] = get_args(Event)
# state → event → state. What is missing is refused and changes nothing.
TRANSITIONS: Final[Mapping[OrderState, Mapping[Event, OrderState]]] = {
    "new": {"told": "paying", "refused": "unpaid", "cancelled": "unpaid"},
    "paying": {"paid": "paid", "odd": "odd", "refused": "unpaid", "cancelled": "ending", "ended": "ending"},
    "ending": {"back": "refunding", "refused": "unpaid", "ended": "unpaid"},
    "unpaid": {"again": "ending"},
    "odd": {"back": "refunding"},
    "paid": {"looked_at": "picture", "sold": "waiting", "back": "refunding"},
    "picture": {"sold": "waiting", "declined": "redraw", "back": "refunding"},
    "redraw": {"chosen": "paid", "back": "refunding"},
    "waiting": {"begun": "sending", "back": "refunding"},
    "sending": {"sent": "delivered", "bounced": "undelivered"},
    "undelivered": {"again": "sending", "back": "refunding"},
    "delivered": {"again": "sending", "back": "refunding"},
    "refunding": {"returned": "unreceipted"},
    "unreceipted": {"receipted": "refunded"},
    "refunded": {},
}
OVER: Final = frozenset[OrderState](("unpaid", "refunded"))
UNPAID: Final[tuple[OrderState, ...]] = ("new", "paying", "ending")

PAY_WITHIN: Final = timedelta(hours=1)
ENDING_FOR: Final = timedelta(days=3)  # so long a payment may still come after that, and goes back
KEPT: Final = timedelta(days=30)  # after delivery it is still known to whom it went
HAPPENED_MAX: Final = 60


class Happened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    event: Event
    at: str
    by: str
    note: str = ""


class CertificateOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`mail`: the buyer's, for the receipt; `to_mail`: whose it is to be. `deliver_at`: not before that. `pay_until`:
    then nobody is to pay any more. `paid_kopecks`: what came. `had_receipt`: a document of the sale was asked for, so
    that what goes back has one too. `asks`: how often each was begun anew after a no. `declined`: why its picture
    does not go; `why`: what else stands in its way."""

    programme: str
    made_at: str
    kopecks: int
    design: str
    deliver_at: str
    to_name: str = ""
    to_mail: str = ""
    words: str = ""
    mail: str = ""
    language: Literal["ru", "en"] = "ru"
    return_url: str = ""
    pay_until: str = ""
    payment: str = ""
    pay_url: str = ""
    paid_kopecks: int = 0
    had_receipt: bool = False
    receipt: Fiscal | None = None
    refund_receipt: Fiscal | None = None
    asks: dict[str, int] = {}
    resent: int = 0
    delivered_at: str = ""
    declined: str = ""
    why: str = ""
    happened: tuple[Happened, ...] = ()


def order_of(row: ErrandRow) -> CertificateOrder:
    return msgspec.json.decode(row.body, type=CertificateOrder)


def with_order(row: ErrandRow, order: CertificateOrder) -> ErrandRow:
    return row._replace(body=msgspec.json.encode(order).decode())


def changed(row: ErrandRow, **fields: object) -> ErrandRow:
    """Of its body."""
    return with_order(row, msgspec.structs.replace(order_of(row), **fields))


def state_of(row: ErrandRow) -> OrderState:
    """One that this program does not know may do nothing."""
    return next((state for state in TRANSITIONS if state == row.state), "refunded")


def may(row: ErrandRow, event: Event) -> bool:
    return event in TRANSITIONS[state_of(row)]


def stepped(
    row: ErrandRow, event: Event, now: datetime, by: str, *, due: datetime | None = None, note: str = ""
) -> ErrandRow:
    """Follow the table. `due`: when it is looked at again; `note`: why somebody has said so. Raises NotDone."""
    after = TRANSITIONS[state_of(row)].get(event)
    if after is None:
        raise NotDone(f"Certificate order {row.id} is {row.state}: no {event} there.", code="certificate_order_step")
    happened = (*order_of(row).happened, Happened(event=event, at=utc_text(now), by=by, note=note))[-HAPPENED_MAX:]
    row = changed(row, happened=happened, why="")._replace(state=after, at=now, due_at=due)
    return forgotten(row) if after in OVER else row


def rows_of(reader: Reader, row: ErrandRow) -> Rows:
    """To be written. The picture of one that is over is nobody's any more."""
    gone = [id for id, _ in reader.pictures_of([row.id])] if row.state in OVER else []
    return Rows(errands=[row], gone_pictures=gone)


def forgotten(row: ErrandRow) -> ErrandRow:
    """Without anybody's name or mail."""
    return changed(row, to_name="", to_mail="", words="", mail="", return_url="", pay_url="")
