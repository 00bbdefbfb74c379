"""Mailings of the office: made, looked at, started, stopped, and what they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final

import msgspec

from hub.desk.act import Act, ActRefused, Asked
from hub.desk.member_acts import order_of
from hub.hub import Hub
from hub.messages import ordering
from hub.messages.letter import Channel
from hub.messages.mailing import Mailing, mailings_of
from hub.messages.ordering import Look, Terms
from hub.messages.report import DAYS, Report, report
from hub.messages.rules import MailingRules, rules_of
from hub.people.orders import NotDone

Words = Annotated[str, msgspec.Meta(max_length=200)]
Id = Annotated[str, msgspec.Meta(max_length=40)]


class ListMailings(msgspec.Struct, frozen=True, kw_only=True):
    """Says nothing."""


class MailingsTold(msgspec.Struct, frozen=True, kw_only=True):
    """The newest first; the rules by programme."""

    mailings: tuple[Mailing, ...]
    rules: dict[str, MailingRules]


class MakeMailing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`day` YYYY-MM-DD and `hour` by the programme's clock; `where`: words of hub/people/where.py."""

    name: Words
    channel: Channel
    ru: Annotated[str, msgspec.Meta(max_length=2_000)]
    en: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    where: tuple[Words, ...] = ()
    day: date
    hour: int = 12
    control_percent: int = 0
    articles: tuple[Words, ...] = ()


class OneMailing(msgspec.Struct, frozen=True, kw_only=True):
    mailing: Id


class StopMailing(msgspec.Struct, frozen=True, kw_only=True):
    mailing: Id
    reason: Words


class TryMailing(msgspec.Struct, frozen=True, kw_only=True):
    """`phone`: of the office's own."""

    mailing: Id
    phone: Annotated[str, msgspec.Meta(max_length=40)]


class MailingLook(msgspec.Struct, frozen=True, kw_only=True):
    """See hub/messages/ordering.py: Look."""

    fit: int
    reached: int
    examples: tuple[str, ...]
    text: str
    parts: int
    doubtful: tuple[str, ...]


class MailingReport(msgspec.Struct, frozen=True, kw_only=True):
    mailing: Id
    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = DAYS


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    text: str


def _list(hub: Hub, asked: Asked, body: ListMailings) -> MailingsTold:
    with hub.store.reading() as reader:
        rules = {id: rules_of(reader, id) for id in sorted(hub.programmes)}
        return MailingsTold(mailings=tuple(mailings_of(reader)), rules=rules)


def _make(hub: Hub, asked: Asked, body: MakeMailing) -> Mailing:
    terms = Terms(programme=asked.programme, **msgspec.structs.asdict(body))
    made: Mailing = _refusing(lambda: ordering.make(hub, terms, order_of(asked)))
    return made


def _look(hub: Hub, asked: Asked, body: OneMailing) -> MailingLook:
    found: Look = _refusing(lambda: ordering.look(hub, body.mailing))
    return MailingLook(**found._asdict())


def _start(hub: Hub, asked: Asked, body: OneMailing) -> Mailing:
    started: Mailing = _refusing(lambda: ordering.start(hub, body.mailing, order_of(asked)))
    return started


def _stop(hub: Hub, asked: Asked, body: StopMailing) -> Mailing:
    stopped: Mailing = _refusing(lambda: ordering.stop(hub, body.mailing, body.reason, order_of(asked)))
    return stopped


def _try(hub: Hub, asked: Asked, body: TryMailing) -> Tried:
    return Tried(text=_refusing(lambda: ordering.try_out(hub, body.mailing, body.phone, order_of(asked))))


def _rules(hub: Hub, asked: Asked, body: MailingRules) -> MailingRules:
    rules: MailingRules = _refusing(lambda: ordering.change_rules(hub, asked.programme, body, order_of(asked)))
    return rules


def _report(hub: Hub, asked: Asked, body: MailingReport) -> Report:
    told: Report = _refusing(lambda: report(hub, body.mailing, body.days))
    return told


def _refusing(give: Callable[[], Any]) -> Any:
    """Raises ActRefused."""
    try:
        return give()
    except NotDone as error:
        raise ActRefused(error.code, str(error)) from error


MAILING_ACTS: Final[Mapping[str, Act]] = {
    "mailings": Act(takes=ListMailings, right="see_mailings", do=_list),
    "mailing_make": Act(takes=MakeMailing, right="keep_mailings", do=_make),
    "mailing_look": Act(takes=OneMailing, right="see_mailings", do=_look),
    "mailing_start": Act(takes=OneMailing, right="keep_mailings", do=_start),
    "mailing_stop": Act(takes=StopMailing, right="keep_mailings", do=_stop),
    "mailing_try": Act(takes=TryMailing, right="keep_mailings", do=_try),
    "mailing_rules": Act(takes=MailingRules, right="keep_mailings", do=_rules),
    "mailing_report": Act(takes=MailingReport, right="see_mailings", do=_report),
}
