"""Questions to the people of the programme (P28, P34), as the account asks and shows them. What people of the shop note
for each other never stands in an answer of these acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hub.account.act import AccountAct, AccountAsked, ordered, signed_in
from hub.desk.act import ActRefused
from hub.errands.errand import errands_of
from hub.errands.pictures import picture_with_errand
from hub.hub import Hub
from hub.people.who import people
from hub.places.place import is_for, place_of
from hub.store.errand_records import ErrandRow
from hub.store.office_records import StoreRow
from hub.tickets.asking import (
    Find,
    Opened,
    Question,
    called_by_link,
    close_ticket,
    of_link,
    of_member,
    open_ticket,
    read_ticket,
    write_ticket,
)
from hub.tickets.ticket import KIND, Said, Ticket, is_unread, number_of, state_of, ticket_of
from loyalty.utc import utc_text
from sync.account.tickets import (
    AskPicture,
    AskTicket,
    AskTicketForm,
    AskTickets,
    CloseTicket,
    OpenTicket,
    Pair,
    PictureByLink,
    PictureTold,
    ReasonHere,
    SaidHere,
    StoreChoice,
    TicketByLink,
    TicketForm,
    TicketLine,
    TicketOpened,
    TicketsTold,
    TicketTold,
    WriteByLink,
    WriteTicket,
)

BEGINS_LETTERS: Final = 80


def form(hub: Hub, asked: AccountAsked, body: AskTicketForm) -> TicketForm:
    with hub.store.reading() as reader:
        person = signed_in(reader, asked) if asked.member else None
        rows = reader.stores().values()
    stores = [(row, place_of(row)) for row in rows]
    here = [row for row, place in stores if is_for(place, asked.programme) and not place.closed]
    reasons = hub.programmes[asked.programme].tickets.reasons
    return TicketForm(
        reasons=tuple(ReasonHere(id=one.id, title=one.title) for one in reasons),
        stores=tuple(sorted(map(_choice, here), key=lambda one: (one.shown.casefold(), one.id))),
        email=(person.profile.email or "") if person is not None else "",
    )


def _choice(row: StoreRow) -> StoreChoice:
    return StoreChoice(id=row.store, shown=_shown(row))


def _shown(row: StoreRow) -> str:
    """As people call it; without a name and an address by its id."""
    place = place_of(row)
    return ", ".join(filter(None, (place.name, place.city, place.address))) or row.store


def open_one(hub: Hub, asked: AccountAsked, body: OpenTicket) -> TicketOpened:
    member = _member(hub, asked) if asked.member else ""
    question = Question(body.reason, body.text, body.email, body.store, body.pictures, body.language)
    opened: Opened = ordered(lambda: open_ticket(hub, asked.programme, member, question, asked.key))
    return TicketOpened(id=opened.row.id, token=opened.token)


def tickets(hub: Hub, asked: AccountAsked, body: AskTickets) -> TicketsTold:
    with hub.store.reading() as reader:
        rows = errands_of(reader, KIND, signed_in(reader, asked).member)
    made = sorted(rows, key=lambda row: ticket_of(row).made_at, reverse=True)
    return TicketsTold(tickets=tuple(_line(hub, row) for row in made if row.state != "forgotten"))


def _line(hub: Hub, row: ErrandRow) -> TicketLine:
    ticket = ticket_of(row)
    return TicketLine(
        id=row.id,
        number=number_of(row.id),
        reason=reason_said(hub, ticket),
        state=state_of(row),
        made_at=ticket.made_at,
        begins=" ".join(ticket.said[0].text.split())[:BEGINS_LETTERS] if ticket.said else "",
        new=is_unread(ticket),
    )


def reason_said(hub: Hub, ticket: Ticket) -> Pair:
    """As the programme says it; one that it has no more, by its id."""
    reason = hub.programmes[ticket.programme].tickets.reason(ticket.reason)
    return reason.title if reason is not None else (ticket.reason, ticket.reason)


def one(hub: Hub, asked: AccountAsked, body: AskTicket) -> TicketTold:
    return _read(hub, of_member(_member(hub, asked), body.id))


def by_link(hub: Hub, asked: AccountAsked, body: TicketByLink) -> TicketTold:
    return _read(hub, of_link(body.token, asked.programme))


def _read(hub: Hub, find: Find) -> TicketTold:
    return told_of(hub, ordered(lambda: read_ticket(hub, find)))


def write(hub: Hub, asked: AccountAsked, body: WriteTicket) -> TicketTold:
    return _written(hub, of_member(_member(hub, asked), body.id), body)


def write_by_link(hub: Hub, asked: AccountAsked, body: WriteByLink) -> TicketTold:
    return _written(hub, of_link(body.token, asked.programme), body)


def _written(hub: Hub, find: Find, body: WriteTicket | WriteByLink) -> TicketTold:
    return told_of(hub, ordered(lambda: write_ticket(hub, find, body.text, body.pictures)))


def close(hub: Hub, asked: AccountAsked, body: CloseTicket) -> TicketTold:
    member = _member(hub, asked)
    return told_of(hub, ordered(lambda: close_ticket(hub, of_member(member, body.id))))


def told_of(hub: Hub, row: ErrandRow) -> TicketTold:
    ticket = ticket_of(row)
    return TicketTold(
        id=row.id,
        number=number_of(row.id),
        reason=reason_said(hub, ticket),
        state=state_of(row),
        made_at=ticket.made_at,
        said=tuple(_said(one) for one in ticket.said if one.by != "note"),
        store=_store_shown(hub, ticket.store),
        email=ticket.email,
        closes_at=_closes_at(row, row.due_at),
    )


def _store_shown(hub: Hub, store: str) -> str:
    with hub.store.reading() as reader:
        row = reader.named_stores([store]).get(store) if store else None
    return _shown(row) if row is not None else store


def _closes_at(row: ErrandRow, due_at: datetime | None) -> str:
    return utc_text(due_at) if due_at is not None and row.state == "answered" else ""


def _said(one: Said) -> SaidHere:
    return SaidHere(at=one.at, ours=one.by == "shop", text=one.text, pictures=one.pictures)


def picture(hub: Hub, asked: AccountAsked, body: AskPicture) -> PictureTold:
    """Of any errand of his."""
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member
        found = picture_with_errand(reader, body.id)
        whose = [one.member for one in people(reader, [found[1].member])] if found is not None else []
    if found is None or whose != [member]:
        raise ActRefused("no_picture", f"there is no picture {body.id} of his")
    return PictureTold(body=found[0].body)


def picture_by_link(hub: Hub, asked: AccountAsked, body: PictureByLink) -> PictureTold:
    with hub.store.reading() as reader:
        row: ErrandRow = ordered(lambda: called_by_link(reader, body.token, asked.programme))
        found = reader.pictures([body.id]).get(body.id)
    if found is None or found.of != row.id:
        raise ActRefused("no_picture", f"there is no picture {body.id} of this ticket")
    return PictureTold(body=found.body)


def _member(hub: Hub, asked: AccountAsked) -> str:
    with hub.store.reading() as reader:
        return signed_in(reader, asked).member


TICKET_ACTS: Final[Mapping[str, AccountAct]] = {
    "ticket_form": AccountAct(takes=AskTicketForm, do=form, signed_in=False),
    "open_ticket": AccountAct(takes=OpenTicket, do=open_one, signed_in=False),
    "tickets": AccountAct(takes=AskTickets, do=tickets),
    "ticket": AccountAct(takes=AskTicket, do=one),
    "write_ticket": AccountAct(takes=WriteTicket, do=write),
    "close_ticket": AccountAct(takes=CloseTicket, do=close),
    "ticket_by_link": AccountAct(takes=TicketByLink, do=by_link, signed_in=False),
    "write_by_link": AccountAct(takes=WriteByLink, do=write_by_link, signed_in=False),
    "picture": AccountAct(takes=AskPicture, do=picture),
    "picture_by_link": AccountAct(takes=PictureByLink, do=picture_by_link, signed_in=False),
}
