"""Whoever asked hears of an answer: by mail where he gave an address, and as a member in his messages too. The answer
itself stands behind the link alone: an address may be another's."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hub.hub import Hub
from hub.messages.rules import rules_of
from hub.messages.service import tell
from hub.sender.message import Message, message_row
from hub.sender.sender import sends_mail
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.tickets.ticket import Ticket, number_of, ticket_of
from loyalty.emails import shown_email
from loyalty.utc import utc_text

MAIL_FOR: Final = timedelta(days=2)  # then it is sent no more
SUBJECT: Final = {"ru": "Ответ на обращение {number}", "en": "An answer to your request {number}"}
TEXT: Final = {
    "ru": "Здравствуйте! На ваше обращение {number} ответили.\n\n{where}\n\n{programme}",
    "en": "Hello! Your request {number} was answered.\n\n{where}\n\n{programme}",
}
NO_LINK: Final = {
    "ru": "Ответ ждёт вас там, где вы спрашивали: в личном кабинете или по ссылке, которую вы сохранили.",
    "en": "The answer waits where you asked: in your account, or behind the link that you kept.",
}


def tell_answer(hub: Hub, writer: Writer, row: ErrandRow) -> None:
    ticket = ticket_of(row)
    key = f"{row.id}/{len(ticket.said)}"
    if row.member:
        tell(hub, writer, row.member, "ticket_answered", key, about=number_of(row.id))
    if ticket.email and sends_mail(writer):
        message = _message(hub, writer, row, ticket)
        id = hub.codes.letter_id(f"ticket mail\n{key}")
        writer.write(Rows(messages=[message_row(hub.codes, id, hub.now(), message)]))


def _message(hub: Hub, reader: Reader, row: ErrandRow, ticket: Ticket) -> Message:
    number, language = number_of(row.id), ticket.language
    where = _link(hub, reader, row, ticket) or NO_LINK[language]
    programme = hub.programmes[ticket.programme].name(language)
    return Message(
        kind="ticket_answered",
        to=ticket.email,
        shown=shown_email(ticket.email),
        text=TEXT[language].format(number=number, where=where, programme=programme),
        code="",
        ends_at=utc_text(hub.now() + MAIL_FOR),
        subject=SUBJECT[language].format(number=number),
    )


def _link(hub: Hub, reader: Reader, row: ErrandRow, ticket: Ticket) -> str:
    """Of a member's it asks to sign in; "" where nobody has said where the account is."""
    account = rules_of(reader, ticket.programme).account_url.rstrip("/")
    if not account:
        return ""
    if not ticket.sealed_token:
        return f"{account}/help/tickets/{row.id}"
    return f"{account}/help/t/{hub.codes.open(row.id, ticket.sealed_token)}"
