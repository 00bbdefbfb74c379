"""Questions to people (P28, P34). Pictures are drawn anew here as on the page; a call has room for small ones."""

from __future__ import annotations

import base64
import binascii
from typing import Final

import msgspec

from account.api.call import Call, act_call
from account.brought import drawn
from account.pages.tickets import limit_visitor
from account.visit import Refused, Visit
from sync.account.tickets import (
    AskPicture,
    AskTicket,
    AskTicketForm,
    AskTickets,
    CloseTicket,
    OpenTicket,
    PictureTold,
    TicketForm,
    TicketOpened,
    TicketsTold,
    TicketTold,
    WriteTicket,
)

_WRITING: Final = ("ticket_text", "picture_kind", "picture_broken", "picture_large", "picture_often", "picture_busy")


def _open(visit: Visit, body: OpenTicket) -> TicketOpened:
    if not visit.member:
        limit_visitor(visit)
    told = msgspec.structs.replace(body, pictures=_drawn(visit, body.pictures))
    return visit.ask("open_ticket", told, TicketOpened)


def _write(visit: Visit, body: WriteTicket) -> TicketTold:
    told = msgspec.structs.replace(body, pictures=_drawn(visit, body.pictures))
    return visit.ask("write_ticket", told, TicketTold)


def _drawn(visit: Visit, pictures: tuple[str, ...]) -> tuple[str, ...]:
    """Raises Refused."""
    try:
        files = tuple(base64.b64decode(one, validate=True) for one in pictures)
    except (binascii.Error, ValueError) as error:
        raise Refused("no_picture_kind") from error
    return tuple(base64.b64encode(one).decode() for one in drawn(visit, files))


TICKET_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/tickets/form",
        "What a question may be about, and which shops there are",
        "ticket_form",
        AskTicketForm,
        TicketForm,
        signed_in=False,
    ),
    act_call("GET", "/tickets", "What he has asked, the newest first", "tickets", AskTickets, TicketsTold),
    act_call(
        "GET", "/ticket", "One of them, with what was said", "ticket", AskTicket, TicketTold, "no_ticket", id="c0ffee"
    ),
    act_call(
        "GET", "/ticket/picture", "A picture of his", "picture", AskPicture, PictureTold, "no_picture", id="c0ffee"
    ),
    Call(
        method="POST",
        path="/tickets",
        summary="A question to people; whoever is not signed in is told a link's token",
        takes=OpenTicket,
        gives=TicketOpened,
        do=_open,
        act="open_ticket",
        signed_in=False,
        refused=(*_WRITING, "ticket_reason", "ticket_email", "ticket_store", "ticket_many"),
        example={"reason": "goods", "text": "Масло испорчено.", "email": "anna@mail.ru"},
    ),
    Call(
        method="POST",
        path="/ticket",
        summary="One more message; a closed one is open again",
        takes=WriteTicket,
        gives=TicketTold,
        do=_write,
        act="write_ticket",
        refused=(*_WRITING, "no_ticket", "ticket_long"),
        example={"id": "c0ffee", "text": "Деньги не пришли."},
    ),
    act_call(
        "POST", "/ticket/close", "It is settled", "close_ticket", CloseTicket, TicketTold, "no_ticket", id="c0ffee"
    ),
)
