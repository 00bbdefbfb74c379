"""Acts of the operator's desk (P28): which tickets wait, one of them, and what is done with it.

Whoever is of a few shops sees the tickets of those alone; of one that names no shop, those who see all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final

import msgspec

from hub.account.ticket_acts import reason_said
from hub.desk.act import Act, ActRefused, Asked
from hub.errands.pictures import picture_with_errand
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.people.who import people
from hub.store.errand_records import ErrandRow
from hub.store.seam import Reader
from hub.tickets.answering import answer, close, pass_on, take
from hub.tickets.ticket import KIND, By, number_of, state_of, ticket_of
from loyalty.utc import utc_text
from sync.account.tickets import Id, Pair, PictureTold, Text, TicketState

TICKETS_MAX: Final = 100
BEGINS_LETTERS: Final = 120


class AskTickets(msgspec.Struct, frozen=True, kw_only=True):
    """`state` "": those for which somebody waits."""

    state: TicketState | Annotated[str, msgspec.Meta(max_length=0)] = ""


class TicketLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at`: since when it is so; `member` "": nobody who was signed in."""

    id: str
    number: str
    programme: str
    reason: Pair
    state: TicketState
    at: str
    begins: str
    member: str = ""
    store: str = ""
    taken_by: str = ""


class TicketsTold(msgspec.Struct, frozen=True, kw_only=True):
    """Those that wait longest first. `more`: there are others behind them."""

    tickets: tuple[TicketLine, ...]
    more: bool


class AskTicket(msgspec.Struct, frozen=True, kw_only=True):
    id: Id


class TicketSaid(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    at: str
    by: By
    text: str
    who: str = ""
    pictures: tuple[str, ...] = ()


class TicketTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`answers`: texts from which one may begin, in the language of who asks; `name`: of the member."""

    line: TicketLine
    said: tuple[TicketSaid, ...]
    email: str = ""
    name: str = ""
    answers: tuple[str, ...] = ()


class AnswerTicket(msgspec.Struct, frozen=True, kw_only=True):
    """`seen`: so many messages stood there when it was begun. Refused: `no_ticket`, `ticket_text`, `ticket_long`,
    `ticket_answered_meanwhile`, `ticket_written_meanwhile`."""

    id: Id
    text: Text
    seen: Annotated[int, msgspec.Meta(ge=0)]


class PassOn(msgspec.Struct, frozen=True, kw_only=True):
    """`text`: for colleagues. Refused: `no_ticket`, `ticket_text`, `ticket_long`."""

    id: Id
    text: Text


def _list(hub: Hub, asked: Asked, body: AskTickets) -> TicketsTold:
    states = (body.state,) if body.state else ("new", "open")
    with hub.store.reading() as reader:
        rows = [row for state in states for row in reader.errands_in(KIND, state, TICKETS_MAX + 1)]
    seen = sorted((row for row in rows if _sees(asked, row)), key=lambda row: (row.at, row.id))
    return TicketsTold(tickets=tuple(_line(hub, row) for row in seen[:TICKETS_MAX]), more=len(rows) > TICKETS_MAX)


def _line(hub: Hub, row: ErrandRow) -> TicketLine:
    ticket = ticket_of(row)
    asks = next((one.text for one in reversed(ticket.said) if one.by == "member"), "")
    return TicketLine(
        id=row.id,
        number=number_of(row.id),
        programme=ticket.programme,
        reason=reason_said(hub, ticket),
        state=state_of(row),
        at=utc_text(row.at),
        begins=" ".join(asks.split())[:BEGINS_LETTERS],
        member=row.member,
        store=ticket.store,
        taken_by=ticket.taken_by,
    )


def _sees(asked: Asked, row: ErrandRow) -> bool:
    if row.kind != KIND or row.state == "forgotten":
        return False
    store = ticket_of(row).store
    return asked.sees(store) if store else not asked.till and asked.stores is None


def _one(hub: Hub, asked: Asked, body: AskTicket) -> TicketTold:
    with hub.store.reading() as reader:
        row = _seen(reader, asked, body.id)
    return _told(hub, row)


def _seen(reader: Reader, asked: Asked, id: str) -> ErrandRow:
    """Raises ActRefused."""
    row = reader.errands([id]).get(id)
    if row is None or not _sees(asked, row):
        raise ActRefused("no_ticket", f"there is no ticket {id}")
    return row


def _told(hub: Hub, row: ErrandRow) -> TicketTold:
    ticket = ticket_of(row)
    with hub.store.reading() as reader:
        found = people(reader, [row.member]) if row.member else []
    reason = hub.programmes[ticket.programme].tickets.reason(ticket.reason)
    answers = reason.answers if reason is not None else ()
    return TicketTold(
        line=_line(hub, row),
        said=tuple(
            TicketSaid(at=one.at, by=one.by, text=one.text, who=one.who, pictures=one.pictures) for one in ticket.said
        ),
        email=ticket.email,
        name=(found[0].profile.name or "") if found else "",
        answers=tuple(pair[0 if ticket.language == "ru" else 1] for pair in answers),
    )


def _take(hub: Hub, asked: Asked, body: AskTicket) -> TicketTold:
    return _changed(hub, asked, body.id, lambda: take(hub, body.id, asked.by))


def _answer(hub: Hub, asked: Asked, body: AnswerTicket) -> TicketTold:
    return _changed(hub, asked, body.id, lambda: answer(hub, body.id, body.text, asked.by, body.seen))


def _pass_on(hub: Hub, asked: Asked, body: PassOn) -> TicketTold:
    return _changed(hub, asked, body.id, lambda: pass_on(hub, body.id, body.text, asked.by))


def _close(hub: Hub, asked: Asked, body: AskTicket) -> TicketTold:
    return _changed(hub, asked, body.id, lambda: close(hub, body.id))


def _changed(hub: Hub, asked: Asked, id: str, change: Callable[[], ErrandRow]) -> TicketTold:
    """Raises ActRefused."""
    with hub.store.reading() as reader:
        _seen(reader, asked, id)
    try:
        return _told(hub, change())
    except NotDone as why:
        raise ActRefused(why.code, str(why)) from why


def _picture(hub: Hub, asked: Asked, body: AskTicket) -> PictureTold:
    with hub.store.reading() as reader:
        found = picture_with_errand(reader, body.id)
    if found is None or not _sees(asked, found[1]):
        raise ActRefused("no_picture", f"there is no picture {body.id} of a ticket")
    return PictureTold(body=found[0].body)


TICKET_ACTS: Final[Mapping[str, Act]] = {
    "tickets": Act(takes=AskTickets, right="answer_tickets", do=_list),
    "ticket": Act(takes=AskTicket, right="answer_tickets", do=_one),
    "take_ticket": Act(takes=AskTicket, right="answer_tickets", do=_take),
    "answer_ticket": Act(takes=AnswerTicket, right="answer_tickets", do=_answer),
    "pass_ticket_on": Act(takes=PassOn, right="answer_tickets", do=_pass_on),
    "close_ticket": Act(takes=AskTicket, right="answer_tickets", do=_close),
    "ticket_picture": Act(takes=AskTicket, right="answer_tickets", do=_picture),
}
