"""What the office orders of mailings: one made, counted, started (by two persons where it goes to many), stopped; a
trial of it to a phone of the office's own."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from hub.goods import readable_body
from hub.hub import Hub
from hub.messages.composing import STOPS, stop_url, text_of
from hub.messages.facts import facts_of
from hub.messages.letter import CHANNELS, Channel
from hub.messages.mailing import Mailing, held_mailing, mailing_called, mailing_of, mailing_row
from hub.messages.reach import reaches
from hub.messages.rules import MailingRules, rules_of, set_rules
from hub.messages.text import BadText, Facts, check_text, sms_parts
from hub.people.orders import NotDone, Order, check_order, check_programme, check_reason
from hub.people.where import LOOKED_AT_ONCE, fitting, parse_where
from hub.people.who import Person, people
from hub.sender.message import Message, message_row
from hub.sender.sender import sends, sends_mail
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.advertising import doubtful_words
from loyalty.goods import Item
from loyalty.lawful import may_be_advertised
from loyalty.names import masked
from loyalty.phones import BadPhone, parse_phone
from loyalty.possible import is_text
from loyalty.programme import UNKNOWN, Programme
from loyalty.utc import utc_text

NAME_LETTERS_MAX: Final = 100
WORDS_MAX: Final = 20
ARTICLES_MAX: Final = 100
GOES_FOR: Final = timedelta(days=3)  # then what has not gone out is old
EXAMPLES: Final = 3
TRIAL_FOR: Final = timedelta(hours=1)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """`day`, `hour`: from when on, by the programme's clock."""

    programme: str
    name: str
    channel: Channel
    ru: str
    en: str = ""
    where: tuple[str, ...] = ()
    day: date
    hour: int = 12
    control_percent: int = 0
    articles: tuple[str, ...] = ()


class Look(NamedTuple):
    """Of a mailing: how many fit, to how many of them it would go, who some are (masked), what one of them is sent.
    `parts`: of the SMS, 0 where it is none; `doubtful`: words that may name goods whose advertising the law forbids."""

    fit: int
    reached: int
    examples: tuple[str, ...]
    text: str
    parts: int
    doubtful: tuple[str, ...]


def make(hub: Hub, terms: Terms, order: Order) -> Mailing:
    """The same key is the same mailing. Raises NotDone."""
    check_order(order)
    check_programme(hub, terms.programme)
    _check_terms(terms)
    id = hashlib.sha256(f"mailing\n{order.key}".encode()).hexdigest()[:8] if order.key else secrets.token_hex(4)
    return hub.within(lambda writer: _made(hub, writer, id, terms, order))


def _made(hub: Hub, writer: Writer, id: str, terms: Terms, order: Order) -> Mailing:
    there = writer.mailings([id]).get(id)
    if there is not None:
        return mailing_of(there)
    _check_articles(writer, hub.programmes[terms.programme], terms.articles)
    zone, now = hub.programmes[terms.programme].timezone, hub.now()
    at = datetime(terms.day.year, terms.day.month, terms.day.day, terms.hour, tzinfo=zone)
    mailing = Mailing(
        id=id,
        programme=terms.programme,
        name=terms.name,
        channel=terms.channel,
        ru=terms.ru,
        en=terms.en,
        where=terms.where,
        at=utc_text(max(at, now)),
        until=utc_text(max(at, now) + GOES_FOR),
        control_percent=terms.control_percent,
        articles=terms.articles,
        made_at=utc_text(now),
        by=order.by,
        person=order.person,
    )
    writer.write(Rows(mailings=[mailing_row(mailing)]))
    return mailing


def _check_terms(terms: Terms) -> None:
    if not is_text(terms.name, NAME_LETTERS_MAX):
        raise NotDone(f"A mailing has a name of at most {NAME_LETTERS_MAX} letters.", code="mailing_name")
    if terms.channel not in CHANNELS:
        raise NotDone(f"A channel is one of {', '.join(CHANNELS)}.", code="no_such_channel")
    if not (0 <= terms.hour <= 23 and 0 <= terms.control_percent <= 90):
        raise NotDone("An hour is 0 to 23, a control group at most 90 of a hundred.", code="mailing_number")
    if len(terms.where) > WORDS_MAX or len(terms.articles) > ARTICLES_MAX:
        raise NotDone(f"At most {WORDS_MAX} words and {ARTICLES_MAX} articles.", code="mailing_number")
    for word in terms.where:
        parse_where(word)
    try:
        for text in (terms.ru, *([terms.en] if terms.en else [])):
            check_text(text)
    except BadText as error:
        raise NotDone(str(error), code=error.code) from error


def _check_articles(reader: Reader, programme: Programme, articles: Collection[str]) -> None:
    """Raises NotDone for goods that may not be advertised, those among them of which nobody knows what they are."""
    known = reader.goods(articles)
    missing = [article for article in articles if article not in known]
    if missing:
        raise NotDone(f"The chain sells no article {missing[0]!r}.", code="mailing_article")
    for article, row in known.items():
        body = readable_body(row)
        category = programme.categories.get(body.category or UNKNOWN, programme.categories[UNKNOWN])
        item = Item(category=body.category, kind=body.kind, strength_bp=body.strength_bp, subject=body.subject)
        if not may_be_advertised(category, item):
            raise NotDone(f"Article {article} may not be advertised by law.", code="mailing_unlawful")


def look(hub: Hub, id: str) -> Look:
    """To whom it would go now; how many that are is kept in it. Raises NotDone."""
    with hub.store.reading() as reader:
        mailing = mailing_called(reader, id)
        found = _audience(hub, reader, mailing)
        some = found.some
        examples = tuple(_words(reader, some))
        facts = facts_of(hub, reader, mailing.programme, some[0], hub.now()) if some else Facts()
        text = shown_text(hub, rules_of(reader, mailing.programme), mailing, facts)
    counted = found.reached
    hub.within(lambda writer: _counted(writer, id, counted, hub.now()))
    doubtful = doubtful_words(f"{mailing.ru} {mailing.en}")
    parts = sms_parts(text) if mailing.channel == "sms" else 0
    return Look(found.fit, counted, examples, text, parts, doubtful)


class _Audience(NamedTuple):
    """`some`: the first of those whom it reaches."""

    fit: int
    reached: int
    some: list[str]


def _audience(hub: Hub, reader: Reader, mailing: Mailing) -> _Audience:
    rules, now = hub.programmes[mailing.programme], hub.now()
    wheres = [parse_where(one) for one in mailing.where]
    fit, reached, some, after = 0, 0, list[str](), ""
    while members := reader.members_behind(mailing.programme, after, LOOKED_AT_ONCE):
        after = members[-1]
        chosen = fitting(reader, rules, wheres, members, now)
        fit += len(chosen)
        there = [member for member, reach in reaches(reader, chosen, mailing.channel).items() if not reach.why]
        reached += len(there)
        some += there[: EXAMPLES - len(some)]
    return _Audience(fit, reached, some)


def _words(reader: Reader, members: Sequence[str]) -> list[str]:
    """«Анна П. …0017»: enough to see who is meant."""
    return [_masked(one) for one in people(reader, members)]


def _masked(person: Person) -> str:
    cards = [f"…{card.number[-4:]}" for card in person.cards if card.status != "replaced"]
    return " ".join([masked(person.profile.name or "") or "—", *cards[:1]])


def shown_text(hub: Hub, rules: MailingRules, mailing: Mailing, facts: Facts) -> str:
    """As one member gets it, with how to stop it."""
    text = text_of(mailing, facts, hub.programmes[mailing.programme].currency, "ru")
    return text + STOPS.get(mailing.channel, "").format(url=stop_url(rules, "x" * 16))


def _counted(writer: Writer, id: str, counted: int, now: datetime) -> None:
    mailing = msgspec.structs.replace(held_mailing(writer, id), counted=counted, counted_at=utc_text(now))
    writer.write(Rows(mailings=[mailing_row(mailing)]))


def start(hub: Hub, id: str, order: Order) -> Mailing:
    """Let it go out from its hour on; where it goes to many, another person does so too. Raises NotDone."""
    check_order(order)
    look(hub, id)
    return hub.within(lambda writer: _started(hub, writer, id, order))


def _started(hub: Hub, writer: Writer, id: str, order: Order) -> Mailing:
    mailing = held_mailing(writer, id)
    rules = rules_of(writer, mailing.programme)
    if mailing.state not in ("draft", "waits"):
        return mailing
    _check_can_go(writer, mailing, rules)
    if mailing.state == "draft":
        many = (mailing.counted or 0) > rules.second_over
        begun = {"started_at": utc_text(hub.now()), "started_by": order.by, "started_person": order.person}
        mailing = msgspec.structs.replace(mailing, **begun, waits=many)
    else:
        if _is_one_person(mailing, order):
            raise NotDone(f"{mailing.started_by} started it: another person lets it go.", code="mailing_yours")
        mailing = msgspec.structs.replace(mailing, waits=False, second=order.by, second_at=utc_text(hub.now()))
    mailing = _moved_on(mailing, hub.now())
    writer.write(Rows(mailings=[mailing_row(mailing)]))
    return mailing


def _moved_on(mailing: Mailing, now: datetime) -> Mailing:
    """One that was started after its hour goes as long as any."""
    at = max(datetime.fromisoformat(mailing.at), now)
    return msgspec.structs.replace(mailing, at=utc_text(at), until=utc_text(at + GOES_FOR))


def _check_can_go(reader: Reader, mailing: Mailing, rules: MailingRules) -> None:
    """Raises NotDone."""
    if mailing.channel == "inbox":
        return
    if mailing.channel == "sms" and not sends(reader):
        raise NotDone("This hub has no sender: pos-hub serve --sender URL.", code="mailing_no_sender")
    if mailing.channel == "mail" and not sends_mail(reader):
        raise NotDone("The hub's sender reaches no mailbox: --sender smtp://…", code="mailing_no_mailer")
    if not rules.account_url:
        raise NotDone(
            "Each message has a link by which it is stopped, to the members' account: say where that is,"
            " pos-hub mailing rules --account-url https://…",
            code="mailing_no_url",
        )


def _is_one_person(mailing: Mailing, order: Order) -> bool:
    """As far as ids, else names, say."""
    if mailing.started_person and order.person:
        return mailing.started_person == order.person
    return mailing.started_by.casefold().split() == order.by.casefold().split()


def stop(hub: Hub, id: str, why: str, order: Order) -> Mailing:
    """Nobody gets it any more who has not got it. Raises NotDone."""
    check_order(order)
    check_reason(why)
    return hub.within(lambda writer: _stopped(hub, writer, id, why, order))


def _stopped(hub: Hub, writer: Writer, id: str, why: str, order: Order) -> Mailing:
    mailing = held_mailing(writer, id)
    if mailing.stopped_at:
        return mailing
    now = utc_text(hub.now())
    mailing = msgspec.structs.replace(mailing, stopped_at=now, stopped_by=order.by, stopped_why=why)
    writer.write(Rows(mailings=[mailing_row(mailing)]))
    return mailing


def try_out(hub: Hub, id: str, phone: str, order: Order) -> str:
    """Send it to a phone of the office's own, as nobody's; its text. Raises NotDone."""
    check_order(order)
    try:
        to = parse_phone(phone)
    except BadPhone as error:
        raise NotDone(f"Phone {error}.", code="bad_phone") from error
    text = hub.within(lambda writer: _tried(hub, writer, id, to, order))
    hub.bell.set()
    return text


def _tried(hub: Hub, writer: Writer, id: str, to: str, order: Order) -> str:
    mailing, now = mailing_called(writer, id), hub.now()
    if not sends(writer):
        raise NotDone("This hub has no sender: pos-hub serve --sender URL.", code="mailing_no_sender")
    rules = rules_of(writer, mailing.programme)
    text = shown_text(hub, rules, mailing, Facts(points=100, dies=10, day=now.date().isoformat()))
    message = Message(
        kind="mailing_test",
        to=to,
        shown=f"{to[:2]} ··· ··-{to[-2:]}",
        text=text,
        code="",
        ends_at=utc_text(now + TRIAL_FOR),
        subject=mailing.name,
    )
    message_id = hub.codes.letter_id(f"trial\n{id}\n{order.key or utc_text(now)}")
    if not writer.messages([message_id]):
        writer.write(Rows(messages=[message_row(hub.codes, message_id, now, message)]))
    return text


def change_rules(hub: Hub, programme: str, rules: MailingRules, order: Order) -> MailingRules:
    """Raises NotDone."""
    check_order(order)
    check_programme(hub, programme)
    if rules.account_url and not rules.account_url.startswith(("https://", "http://")):
        raise NotDone("An address begins with https://", code="mailing_url")
    hub.within(lambda writer: set_rules(writer, programme, rules))
    return rules
