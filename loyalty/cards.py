"""A card's life as a table: issued, perhaps pending, active, blocked, replaced.

What each status lets a member do stands beside it. Nothing here knows where cards are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from loyalty.programme import Programme

CardStatus = Literal["issued", "pending", "active", "blocked", "replaced"]
CardEvent = Literal["form_taken", "form_confirmed", "registered", "blocked", "unblocked", "replaced"]

STATUSES: Final[tuple[CardStatus, ...]] = get_args(CardStatus)
EVENTS: Final[tuple[CardEvent, ...]] = get_args(CardEvent)

# status → event → status. What is missing is refused and changes nothing.
TRANSITIONS: Final[Mapping[CardStatus, Mapping[CardEvent, CardStatus]]] = {
    # handed over with a purchase (A4): earns at once, may not redeem before it has an owner (A26)
    "issued": {
        "form_taken": "pending",
        "registered": "active",
        "blocked": "blocked",
        "replaced": "replaced",
    },
    # a paper form was signed (P19): active after the programme's days, or when a manager says so
    "pending": {
        "form_confirmed": "active",
        "registered": "active",
        "blocked": "blocked",
        "replaced": "replaced",
    },
    "active": {"blocked": "blocked", "replaced": "replaced"},
    # lost or stolen: a new card takes the balance along (A29); found again, it is as good as its member is registered
    "blocked": {"unblocked": "issued", "replaced": "replaced"},
    "replaced": {},
}

EARNING: Final[frozenset[CardStatus]] = frozenset({"issued", "pending", "active"})


class IllegalCardEvent(ValueError):
    """The card's status does not know this event; nothing has changed."""

    def __init__(self, status: CardStatus, event: CardEvent) -> None:
        super().__init__(f"a card that is {status} cannot be {event}")
        self.status = status
        self.event = event


def next_status(status: CardStatus, event: CardEvent) -> CardStatus:
    """Follow the table. Raises IllegalCardEvent."""
    if event not in TRANSITIONS[status]:
        raise IllegalCardEvent(status, event)
    return TRANSITIONS[status][event]


def status_at(status: str, active_from: datetime | None, at: datetime) -> CardStatus:
    """A stored status as it is at a moment: what was pending has become active by itself (P19). One that this
    program does not know may do nothing."""
    if status == "pending" and active_from is not None and at >= active_from:
        return "active"
    return next((known for known in STATUSES if known == status), "blocked")


def form_waits(status: str, active_from: datetime | None, at: datetime) -> bool:
    """Is a form on paper not good yet (P19)? It waits on while the card is blocked."""
    return status in ("pending", "blocked") and active_from is not None and at < active_from


def may_earn(status: CardStatus) -> bool:
    return status in EARNING


def form_confirmed_at(programme: Programme, taken_at: datetime) -> datetime:
    """When a paper form confirms itself (P19). UTC days of 24 hours: nobody waits at midnight for it."""
    return taken_at + timedelta(days=programme.cards.form_days)
