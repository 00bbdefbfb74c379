"""A member's profile in his account: what is known of him, and what he changes of it (P9, P22)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.account.offers_here import may_be_named
from hub.codes.checking import use
from hub.codes.code import shown_phone
from hub.codes.in_account import email_of, phone_of
from hub.desk.act import ActRefused
from hub.files import values
from hub.files.reasons import BadValue
from hub.hub import Hub
from hub.messages.rules import Service, rules_of
from hub.messages.service import tell
from hub.people import profile as people_profile
from hub.people.orders import Order
from hub.people.who import Person
from hub.sender.message import Message, message_row
from hub.sender.sender import sends, sends_mail
from hub.store.office_records import MessageRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.emails import shown_email
from loyalty.phones import phone_text
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.account.profile import (
    AskProfile,
    ChangeBirthday,
    Changed,
    ChangeEmail,
    ChangeName,
    ChangePhone,
    ProfileHere,
    Prove,
)

YOUNGEST: Final = 14  # years: from this age on somebody acts for himself (Civil Code, article 26)
NOTICE_LIFE: Final = timedelta(days=1)
NOTICE: Final = (
    "{programme}: в вашем личном кабинете теперь другой контакт, {shown}. Если это не вы, сразу скажите в магазине или"
    " по горячей линии."
)
SUBJECT: Final = "Личный кабинет"
GONE: Final = "{programme}: адреса в вашем личном кабинете больше нет. Если это не вы, скажите в магазине."


def profile(hub: Hub, asked: AccountAsked, body: AskProfile) -> ProfileHere:
    rules = hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        mails = sends_mail(reader)
    known = person.profile
    return ProfileHere(
        registered=person.row.registered,
        name=known.name or "",
        phone=phone_text(known.phone) if known.phone else "",
        email=known.email or "",
        birthday=known.birthday or "",
        favourites=tuple(_called(rules, one) for one in known.favourites if may_be_named(rules, one)),
        mails=mails,
    )


def _called(rules: Programme, favourite: str) -> tuple[str, str]:
    category = rules.categories[favourite]
    return (category.ru, category.en)


def change_name(hub: Hub, asked: AccountAsked, body: ChangeName) -> Changed:
    if not body.name.strip():
        raise ActRefused("bad_name", "nobody is registered without a name")
    done = ordered(lambda: people_profile.change_name(hub, _whose(hub, asked), body.name, order_of(asked)))
    return Changed(changed=done.changed)


def change_birthday(hub: Hub, asked: AccountAsked, body: ChangeBirthday) -> Changed:
    """Once: points come with it, and who has many birthdays has many points. The office changes one that is wrong."""
    day = _birthday(body.birthday, hub.programmes[asked.programme].day(hub.now()))

    def check(writer: Writer, person: Person) -> None:
        if person.profile.birthday is not None:
            raise ActRefused("birthday_known", "it is known already, and the office changes it")

    whose = _whose(hub, asked)
    done = ordered(lambda: people_profile.change_birthday(hub, whose, day, order_of(asked), check))
    return Changed(changed=done.changed)


def _birthday(text: str, today: date) -> str:
    """YYYY-MM-DD. Raises ActRefused."""
    try:
        day = values.birthday(text.strip(), today)
    except BadValue as error:
        raise ActRefused("bad_birthday", error.words) from error
    if day is None:
        raise ActRefused("bad_birthday", "no day was said")
    born = date.fromisoformat(day)
    if today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < YOUNGEST:
        raise ActRefused("too_young", f"nobody under {YOUNGEST} has an account")
    return day


def change_phone(hub: Hub, asked: AccountAsked, body: ChangePhone) -> Changed:
    """The new one is confirmed by a code, the old one is told."""
    phone, order = phone_of(body.phone), order_of(asked)
    text = NOTICE.format(programme=_name(hub, asked), shown=shown_phone(phone))

    def check(writer: Writer, person: Person) -> None:
        use(hub, writer, body.proof, "contact", phone, person.member)
        _notice(hub, writer, order, person, "phone_changed", text)

    whose = _whose(hub, asked)
    done = ordered(lambda: people_profile.change_phone(hub, whose, phone, order, check, quiet=True))
    return Changed(changed=done.changed)


def change_email(hub: Hub, asked: AccountAsked, body: ChangeEmail) -> Changed:
    """Likewise."""
    email, order = email_of(body.email) if body.email else "", order_of(asked)
    programme = _name(hub, asked)
    text = NOTICE.format(programme=programme, shown=shown_email(email)) if email else GONE.format(programme=programme)

    def check(writer: Writer, person: Person) -> None:
        if email:
            use(hub, writer, body.proof, "contact", email)
        _notice(hub, writer, order, person, "email_changed", text)

    whose = _whose(hub, asked)
    done = ordered(lambda: people_profile.change_email(hub, whose, email, order, check))
    return Changed(changed=done.changed)


def prove(hub: Hub, asked: AccountAsked, body: Prove) -> Changed:
    """He has his phone in his hand: for what is only shown, and so is no order."""

    def used(writer: Writer) -> None:
        use(hub, writer, body.proof, "confirm", member=signed_in(writer, asked).member)

    hub.within(used)
    return Changed(changed=True)


def _whose(hub: Hub, asked: AccountAsked) -> str:
    with hub.store.reading() as reader:
        return signed_in(reader, asked).member


def _name(hub: Hub, asked: AccountAsked) -> str:
    return hub.programmes[asked.programme].name("ru")


def _notice(hub: Hub, writer: Writer, order: Order, person: Person, kind: Service, text: str) -> None:
    """In the order's transaction: into his history, and certainly to where he was reached before."""
    to = (person.profile.phone if kind == "phone_changed" else person.profile.email) or ""
    tell(hub, writer, person.member, kind, str(order.key), to=to)
    goes_anyway = kind in rules_of(writer, person.row.programme).service
    if to and not goes_anyway and (sends_mail(writer) if "@" in to else sends(writer)):
        writer.write(Rows(messages=[_message(hub, order, to, text)]))


def _message(hub: Hub, order: Order, to: str, text: str) -> MessageRow:
    id = hashlib.sha256(f"notice\n{order.key}".encode()).hexdigest()[:32]
    shown = shown_email(to) if "@" in to else shown_phone(to)
    ends_at = utc_text(hub.now() + NOTICE_LIFE)
    message = Message(kind="notice", to=to, shown=shown, text=text, code="", ends_at=ends_at, subject=SUBJECT)
    return message_row(hub.codes, id, hub.now(), message)


PROFILE_ACTS: Final[Mapping[str, AccountAct]] = {
    "profile": AccountAct(takes=AskProfile, do=profile),
    "profile_name": AccountAct(takes=ChangeName, do=change_name),
    "profile_birthday": AccountAct(takes=ChangeBirthday, do=change_birthday),
    "profile_phone": AccountAct(takes=ChangePhone, do=change_phone),
    "profile_email": AccountAct(takes=ChangeEmail, do=change_email),
    "prove": AccountAct(takes=Prove, do=prove),
}
