"""What a letter says, to whom, and whether it may go out now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.codes.code import shown_phone
from hub.hub import Hub
from hub.messages.facts import facts_of
from hub.messages.letter import MAILING, Channel, Letter, Why
from hub.messages.mailing import Mailing, mailing_of
from hub.messages.month import left_this_month
from hub.messages.reach import address_of, reaches
from hub.messages.rules import MailingRules, allowed_from, rules_of
from hub.messages.text import DYING, Facts, fields_of, filled
from hub.messages.words import service_text
from hub.sender.message import Message
from hub.store.letter_records import LetterRow
from hub.store.seam import Writer
from loyalty.emails import shown_email
from loyalty.programme import Currency, Language
from loyalty.utc import utc_text

SERVICE_FOR: Final = timedelta(days=1)  # then nobody is helped by it
STOP: Final = "/stop/"
STOPS: Final[dict[str, str]] = {"sms": " Отказ: {url}", "mail": "\n\nОтказаться от рассылки: {url}"}


class Later(Exception):
    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class LeftOut(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Composed(NamedTuple):
    message: Message
    facts: Facts


def composed(hub: Hub, writer: Writer, row: LetterRow, letter: Letter, now: datetime) -> Composed:
    """Raises Later, LeftOut, Sealed."""
    member = writer.locked_members([row.member]).get(row.member)
    if member is None or member.merged_into is not None:
        raise LeftOut("gone")
    if letter.kind == MAILING:
        return _advertising(hub, writer, row, letter.channel, now)
    return _service(hub, writer, row, letter, member.programme, now)


def _advertising(hub: Hub, writer: Writer, row: LetterRow, channel: Channel, now: datetime) -> Composed:
    found = writer.mailings([row.mailing]).get(row.mailing)
    if found is None:
        raise LeftOut("stopped")
    mailing = mailing_of(found)
    rules = rules_of(writer, mailing.programme)
    _check_time(hub, mailing, rules, now)
    reach = reaches(writer, [row.member], channel)[row.member]
    if reach.why is not None:
        raise LeftOut(reach.why)
    if not left_this_month(hub, writer, mailing.programme, row.member, now):
        raise LeftOut("month")
    facts = facts_of(hub, writer, mailing.programme, row.member, now)
    if not facts.dies and fields_of(mailing.ru) & DYING:
        raise LeftOut("nothing_dies")
    text = text_of(mailing, facts, hub.programmes[mailing.programme].currency, "ru")
    url = stop_url(rules, row.id)
    message = Message(
        kind=MAILING,
        to=reach.to,
        shown=shown_to(reach.to),
        text=text + STOPS[channel].format(url=url),
        code="",
        ends_at=mailing.until,
        subject=mailing.name,
        unsubscribe=url,
    )
    return Composed(message, facts)


def _check_time(hub: Hub, mailing: Mailing, rules: MailingRules, now: datetime) -> None:
    """Raises Later, LeftOut."""
    if mailing.state == "stopped":
        raise LeftOut("stopped")
    if mailing.is_late(now):
        raise LeftOut("late")
    at = allowed_from(rules, hub.programmes[mailing.programme].timezone, now)
    if at > now:
        raise Later(at)


def _service(hub: Hub, writer: Writer, row: LetterRow, letter: Letter, programme: str, now: datetime) -> Composed:
    """Of his own account: it needs no consent, and waits for no hour."""
    if now - row.made_at > SERVICE_FOR:
        raise LeftOut("late")
    to = hub.codes.open(row.id, letter.sealed_to) if letter.sealed_to else ""
    to = to or address_of(writer.profiles([row.member]).get(row.member), letter.channel)
    if not to:
        raise LeftOut("no_address")
    rules = hub.programmes[programme]
    text = service_text(letter.kind, letter.about, letter.facts, rules, "ru")
    ends_at = utc_text(row.made_at + SERVICE_FOR)
    message = Message(kind=letter.kind, to=to, shown=shown_to(to), text=text, code="", ends_at=ends_at)
    return Composed(message, letter.facts)


def text_of(mailing: Mailing, facts: Facts, currency: Currency, language: Language) -> str:
    """Without how to stop it."""
    text = mailing.en if language == "en" and mailing.en else mailing.ru
    return filled(text, facts, currency, language)


def stop_url(rules: MailingRules, id: str) -> str:
    return rules.account_url.rstrip("/") + STOP + id


def shown_to(to: str) -> str:
    """Masked."""
    return shown_email(to) if "@" in to else shown_phone(to)
