"""Points exchanged at a partner (P7, P13, P14): the life of an exchange as a table, and what is kept of it.

    new ──silent──▶ asked ─┬─given────▶ done        the points have gone to the partner
     │                     ├─declined─▶ refused     they are free again
     └──────(the same)─────┼─differs──▶ odd ──┬─paid─▶ done      somebody in the office says so,
                           └─forgotten▶ odd   └─freed▶ voided    after a talk with the partner

From the first moment to the last the points are held by a hold of the hub under the exchange's id, which ends with it.
Under the same id the partner is asked, as often as it needs. One that the office let go, and that the partner says to
have given after all, comes back to the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

import msgspec

from hub.people.orders import NotDone
from hub.store.errand_records import ErrandRow
from hub.store.records import HoldRow
from hub.store.seam import Reader
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.utc import utc_text
from sync.account.partners import ExchangeState, Unit

Event = Literal["silent", "given", "declined", "differs", "forgotten", "paid", "freed"]

KIND: Final = "exchange"
# state → event → state. What is missing is refused and changes nothing.
_OPEN: Final[Mapping[Event, ExchangeState]] = {
    "given": "done",
    "declined": "refused",
    "differs": "odd",
    "forgotten": "odd",
    "paid": "done",
    "freed": "voided",
}
TRANSITIONS: Final[Mapping[ExchangeState, Mapping[Event, ExchangeState]]] = {
    "new": {**_OPEN, "silent": "asked"},
    "asked": _OPEN,
    "odd": _OPEN,
    "done": {},
    "refused": {},
    "voided": {"given": "odd", "differs": "odd"},
}
OPEN: Final = ("new", "asked", "odd")
GONE: Final = ("refused", "voided")  # its points are free again


class Happened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    event: Event
    at: str
    by: str = ""
    why: str = ""


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`number`: the member's at the partner; "" once he is erased. `theirs`: what the partner calls it; `told_units`:
    what he says that he gave; `code`: why he refused."""

    programme: str
    partner: str
    number: str
    points: int
    units: int
    unit: Unit
    made_at: str
    theirs: str = ""
    told_units: int = 0
    code: str = ""
    happened: tuple[Happened, ...] = ()


def kept_of(row: ErrandRow) -> Kept:
    return msgspec.json.decode(row.body, type=Kept)


def with_kept(row: ErrandRow, kept: Kept) -> ErrandRow:
    return row._replace(body=msgspec.json.encode(kept).decode())


def state_of(row: ErrandRow) -> ExchangeState:
    """One that this program does not know is for people to look at."""
    return next((state for state in TRANSITIONS if state == row.state), "odd")


def stepped(
    row: ErrandRow, event: Event, now: datetime, *, by: str = "", why: str = "", due_at: datetime | None = None
) -> ErrandRow:
    """Follow the table. Raises NotDone."""
    after = TRANSITIONS[state_of(row)].get(event)
    if after is None:
        raise NotDone(f"Exchange {row.id} is {row.state}: it cannot be {event}.", code="exchange_step")
    kept = kept_of(row)
    happened = Happened(event=event, at=utc_text(now), by=by, why=why)
    kept = msgspec.structs.replace(kept, happened=(*kept.happened, happened))
    return with_kept(row._replace(state=after, at=now, due_at=due_at), kept)


def is_lawful(row: ErrandRow, event: Event) -> bool:
    return event in TRANSITIONS[state_of(row)]


def hold_of(reader: Reader, member: str, id: str) -> HoldRow | None:
    """What keeps its points back, with whoever he is now."""
    return next((hold for hold in reader.holds_of([member]) if (hold.hold, hold.till) == (id, ACCOUNT_CHAIN)), None)
