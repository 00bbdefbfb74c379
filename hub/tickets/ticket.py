"""A question to the people of the programme (P28, P34): its life as a table, and what is kept of it.

    new ──taken──▶ open ──answered──▶ answered ──closed, or quiet for days──▶ closed ──a year──▶ forgotten
     └──────────answered───────────────▲  │ ▲                                   │
                    ▲                  └──┼─┘ answered once more                │
                    └────────written──────┴─────────────────────────────────────┘

Somebody waits in `new` and `open`, and the row's `at` says since when. What people of the shop note for each other is
said to them alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from hub.people.orders import NotDone
from hub.store.errand_records import ErrandRow
from loyalty.utc import utc_text
from sync.account.tickets import TEXT_LETTERS_MAX, TicketState

KIND: Final = "ticket"
Event = Literal["written", "taken", "passed_on", "answered", "closed", "forgotten"]
By = Literal["member", "shop", "note"]

# state → event → state. What is missing is refused and changes nothing.
TRANSITIONS: Final[Mapping[TicketState, Mapping[Event, TicketState]]] = {
    "new": {"written": "new", "taken": "open", "passed_on": "open", "answered": "answered", "closed": "closed"},
    "open": {"written": "open", "taken": "open", "passed_on": "open", "answered": "answered", "closed": "closed"},
    "answered": {
        "written": "open",
        "taken": "answered",
        "passed_on": "open",
        "answered": "answered",
        "closed": "closed",
    },
    "closed": {
        "written": "open",
        "taken": "closed",
        "passed_on": "open",
        "answered": "answered",
        "forgotten": "forgotten",
    },
    "forgotten": {},
}
WAITING: Final = frozenset[TicketState](("new", "open"))
MESSAGES_MAX: Final = 100  # of one ticket, with notes
NUMBER_LETTERS: Final = 6
KEPT: Final = timedelta(days=365)  # after it was closed


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`who`: of the shop, by name; `pictures`: ids."""

    at: str
    by: By
    text: str
    who: str = ""
    pictures: tuple[str, ...] = ()


class Ticket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`sealed_token`: of its link, where nobody was signed in; its hash is the row's `about`. `taken_by`: who of the
    shop is at it. `seen_at`: until when the member has read."""

    programme: str
    reason: str
    made_at: str
    said: tuple[Said, ...] = ()
    language: Literal["ru", "en"] = "ru"
    email: str = ""
    store: str = ""
    sealed_token: str = ""
    taken_by: str = ""
    seen_at: str = ""


def ticket_of(row: ErrandRow) -> Ticket:
    return msgspec.json.decode(row.body, type=Ticket)


def with_ticket(row: ErrandRow, ticket: Ticket) -> ErrandRow:
    return row._replace(body=msgspec.json.encode(ticket).decode())


def state_of(row: ErrandRow) -> TicketState:
    """One that this program does not know may do nothing."""
    return next((state for state in TRANSITIONS if state == row.state), "forgotten")


def number_of(id: str) -> str:
    """As people call it."""
    return id[:NUMBER_LETTERS].upper()


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def stepped(row: ErrandRow, event: Event, now: datetime, quiet_days: int = 0) -> ErrandRow:
    """Follow the table. `quiet_days`: after which an answered one closes. Raises NotDone."""
    before = state_of(row)
    after = TRANSITIONS[before].get(event)
    if after is None:
        raise NotDone(f"Ticket {row.id} is {row.state}: it cannot be {event}.", code="ticket_step")
    waits_on = before in WAITING and after in WAITING
    return row._replace(state=after, at=row.at if waits_on else now, due_at=_due(after, now, quiet_days))


def _due(state: TicketState, now: datetime, quiet_days: int) -> datetime | None:
    if state == "answered":
        return now + timedelta(days=quiet_days)
    return now + KEPT if state == "closed" else None


def said(row: ErrandRow, one: Said) -> ErrandRow:
    """With one more. Raises NotDone."""
    ticket = ticket_of(row)
    if len(ticket.said) >= MESSAGES_MAX:
        raise NotDone(f"Ticket {row.id} has {MESSAGES_MAX} messages: open another.", code="ticket_long")
    return with_ticket(row, msgspec.structs.replace(ticket, said=(*ticket.said, one)))


def checked_text(text: str) -> str:
    """Lines, without what no text has. Raises NotDone."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    clean = "".join(one for one in lines if one == "\n" or one.isprintable())
    if not clean or len(clean) > TEXT_LETTERS_MAX:
        raise NotDone(f"A message has a text of at most {TEXT_LETTERS_MAX} letters.", code="ticket_text")
    return clean


def answered_at(ticket: Ticket) -> str:
    """When he was answered last; "": never."""
    return max((one.at for one in ticket.said if one.by == "shop"), default="")


def is_unread(ticket: Ticket) -> bool:
    return answered_at(ticket) > ticket.seen_at


def emptied(row: ErrandRow, now: datetime) -> ErrandRow:
    """Nothing is left of who asked, or what; that somebody did is."""
    ticket = ticket_of(row)
    bare = Ticket(programme=ticket.programme, reason=ticket.reason, made_at=ticket.made_at)
    return with_ticket(row._replace(state="forgotten", about="", due_at=None, at=now), bare)


def said_now(now: datetime, by: By, text: str, who: str = "", pictures: tuple[str, ...] = ()) -> Said:
    return Said(at=utc_text(now), by=by, text=text, who=who, pictures=pictures)
