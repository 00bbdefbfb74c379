"""What tests of mailings share: members who agreed, a sender that remembers, a mailing that goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from hub.hub import Hub
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.messages.mailing import Mailing
from hub.messages.ordering import Terms, change_rules, make, start
from hub.messages.posting import LetterPosting
from hub.messages.rules import MailingRules
from hub.people.consents import give_consent
from hub.people.orders import Order
from hub.sender.message import Message
from hub.sender.sender import SENDER
from hub.store.letter_records import LetterRow
from hub.store.rows import Rows
from loyalty.consents import ConsentTo
from tests.hub.conftest import Office

OLGA: Final = Order(by="Ольга")
URL: Final = "https://club.example.ru"
BY_NAME: Final = {job.name: job for job in JOBS}


class Sent:
    """A sender that remembers; `fails` is raised by it instead, once each."""

    kind = "file"
    mails = True

    def __init__(self) -> None:
        self.messages: list[tuple[str, Message]] = []
        self.fails: list[BaseException] = []

    def send(self, id: str, message: Message, now: datetime) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.messages.append((id, message))

    @property
    def to(self) -> list[str]:
        return [message.to for _, message in self.messages]


def with_sender(hub: Hub, kind: str = "file", **rules: Any) -> None:
    hub.within(lambda writer: writer.write(Rows(settings={SENDER: kind})))
    change_rules(hub, "alenka", MailingRules(account_url=URL, **rules), OLGA)


def agreed(office: Office, member: str, what: ConsentTo = "mailing_sms") -> None:
    give_consent(office.hub, member, what, OLGA)


def agreeing(office: Office, *members: str, **more: Any) -> None:
    """Members with phones, who agreed to SMS."""
    for number, member in enumerate(members):
        office.join(member, phone=f"+7916000{number:04}", **more)
        agreed(office, member)


def made(office: Office, **terms: Any) -> Mailing:
    said: dict[str, Any] = {"programme": "alenka", "name": "Чай", "channel": "sms", "ru": "Чай дешевле."}
    said |= {"day": date(2026, 3, 2), "hour": 12}
    return make(office.hub, Terms(**said | terms), OLGA)


def going(office: Office, **terms: Any) -> Mailing:
    """Made, started, and written to its members."""
    mailing = start(office.hub, made(office, **terms).id, OLGA)
    run(office)
    return mailing


def run(office: Office, job: str = "mailings", page: int = 2) -> int:
    return sum(Running(office.hub, page=page).run(BY_NAME[job], office.now))


def posted(office: Office, sender: Sent, after: timedelta = timedelta()) -> int:
    office.now += after
    return LetterPosting(office.hub, sender).step()


def letters(office: Office, *members: str) -> list[LetterRow]:
    with office.hub.store.reading() as reader:
        return reader.letters_of(members)


def said(office: Office, member: str) -> list[tuple[str, str]]:
    """Each letter's state, and why."""
    bodies: Callable[[str], dict[str, Any]] = msgspec.json.decode
    return [(row.state, bodies(row.body).get("why", "")) for row in letters(office, member)]
