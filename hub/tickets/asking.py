"""What whoever asks does: opens a ticket, writes again, closes it, has read it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from hub.errands.errand import errand_id, errands_of, his_errand
from hub.errands.pictures import picture_rows
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.store.errand_records import ErrandRow, PictureRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.tickets.ticket import (
    KIND,
    WAITING,
    Ticket,
    checked_text,
    is_unread,
    said,
    said_now,
    state_of,
    stepped,
    ticket_of,
    token_hash,
    with_ticket,
)
from loyalty.emails import BadEmail, parse_email
from loyalty.utc import utc_text

WAITING_MAX: Final = 5  # of one member
A_DAY_MAX: Final = 10
TOKEN_BYTES: Final = 24

Find = Callable[[Writer], ErrandRow]


class Question(NamedTuple):
    """As it was filled in. `pictures`: JPEGs as base64."""

    reason: str
    text: str
    email: str = ""
    store: str = ""
    pictures: Sequence[str] = ()
    language: Literal["ru", "en"] = "ru"


class Opened(NamedTuple):
    """`token`: of the link, "" for a member's."""

    row: ErrandRow
    token: str = ""


def open_ticket(hub: Hub, programme: str, member: str, question: Question, key: str) -> Opened:
    """`member` "": of somebody who is not signed in. The same key and question is the same ticket. Raises NotDone."""
    id = errand_id(KIND, member, _key(key, question))
    pictures = picture_rows(id, question.pictures)

    def work(writer: Writer) -> Opened:
        if member:
            writer.locked_members([member])
        known = writer.locked_errands([id]).get(id)
        if known is not None:
            return Opened(known, _token_of(hub, known))
        asked = _checked(hub, writer, programme, member, question)
        _check_many(writer, member, hub.now())
        made = _new(hub, programme, id, member, asked, pictures)
        writer.write(Rows(errands=[made.row], pictures=pictures))
        return made

    return hub.within(work)


def _key(key: str, question: Question) -> str:
    """Nobody gets another's link by sending his key."""
    told = "\0".join((key, question.email, question.text))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _token_of(hub: Hub, row: ErrandRow) -> str:
    sealed = ticket_of(row).sealed_token
    return hub.codes.open(row.id, sealed) if sealed else ""


def _checked(hub: Hub, reader: Reader, programme: str, member: str, question: Question) -> Question:
    """Raises NotDone."""
    if hub.programmes[programme].tickets.reason(question.reason) is None:
        raise NotDone("What is it about?", code="ticket_reason")
    if question.store and question.store not in reader.named_stores([question.store]):
        raise NotDone("There is no such shop.", code="ticket_store")
    email = question.email.strip()
    try:
        email = parse_email(email) if email or not member else ""
    except BadEmail as error:
        raise NotDone("Where is the answer told of?", code="ticket_email") from error
    return question._replace(text=checked_text(question.text), email=email)


def _check_many(reader: Reader, member: str, now: datetime) -> None:
    """Whoever is not signed in is counted by the account, by address and browser. Raises NotDone."""
    rows = errands_of(reader, KIND, member) if member else []
    today = [row for row in rows if datetime.fromisoformat(ticket_of(row).made_at) > now - timedelta(days=1)]
    waiting = [row for row in rows if state_of(row) in WAITING]
    if len(waiting) >= WAITING_MAX or len(today) >= A_DAY_MAX:
        raise NotDone("He has asked so much already: write in one of those.", code="ticket_many")


def _new(hub: Hub, programme: str, id: str, member: str, question: Question, pictures: Sequence[PictureRow]) -> Opened:
    now, token = hub.now(), "" if member else secrets.token_urlsafe(TOKEN_BYTES)
    ids = tuple(picture.id for picture in pictures)
    ticket = Ticket(
        programme=programme,
        reason=question.reason,
        made_at=utc_text(now),
        said=(said_now(now, "member", question.text, pictures=ids),),
        language=question.language,
        email=question.email,
        store=question.store,
        sealed_token=hub.codes.seal(id, token) if token else "",
    )
    row = ErrandRow(id, KIND, member, token_hash(token) if token else "", "new", None, now, "")
    return Opened(with_ticket(row, ticket), token)


def write_ticket(hub: Hub, find: Find, text: str, bodies: Sequence[str]) -> ErrandRow:
    """One more message of who asked; the last one sent twice is one. Raises NotDone."""

    def work(writer: Writer) -> ErrandRow:
        row = find(writer)
        pictures = picture_rows(row.id, bodies)
        one = said_now(hub.now(), "member", checked_text(text), pictures=tuple(picture.id for picture in pictures))
        last = ticket_of(row).said[-1:]
        if last and (last[0].by, last[0].text, last[0].pictures) == (one.by, one.text, one.pictures):
            return row
        row = said(stepped(row, "written", hub.now()), one)
        writer.write(Rows(errands=[row], pictures=pictures))
        return row

    return hub.within(work)


def close_ticket(hub: Hub, find: Find) -> ErrandRow:
    """By who asked: it is settled. Raises NotDone."""

    def work(writer: Writer) -> ErrandRow:
        row = find(writer)
        if state_of(row) == "closed":
            return row
        row = stepped(row, "closed", hub.now())
        writer.write(Rows(errands=[row]))
        return row

    return hub.within(work)


def read_ticket(hub: Hub, find: Find) -> ErrandRow:
    """Its answers are no more new. Raises NotDone."""

    def work(writer: Writer) -> ErrandRow:
        row = find(writer)
        ticket = ticket_of(row)
        if is_unread(ticket):
            row = with_ticket(row, msgspec.structs.replace(ticket, seen_at=utc_text(hub.now())))
            writer.write(Rows(errands=[row]))
        return row

    return hub.within(work)


def of_member(member: str, id: str) -> Find:
    return lambda writer: his_errand(writer, KIND, member, id)


def of_link(token: str, programme: str) -> Find:
    """Raises NotDone."""

    def find(writer: Writer) -> ErrandRow:
        row = called_by_link(writer, token, programme)
        return writer.locked_errands([row.id])[row.id]

    return find


def called_by_link(reader: Reader, token: str, programme: str) -> ErrandRow:
    """Raises NotDone."""
    for row in reader.errands_about(KIND, [token_hash(token)]):
        if ticket_of(row).programme == programme:
            return row
    raise NotDone("The link opens nothing.", code="no_ticket")


def unread_of(reader: Reader, member: str) -> int:
    """How many of his tickets have an answer that he has not read."""
    return sum(is_unread(ticket_of(row)) for row in errands_of(reader, KIND, member))
