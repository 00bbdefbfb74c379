"""Codes that are asked for in the account, where anybody may ask: the answer is the same for a number that is
somebody's and for one that is nobody's, and so is the work before it.

A code goes to the phone that was typed, whoever has it, or to the phone of whoever has the card that was typed; there
it says what it is for. Nothing of either stands in the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from hub.codes.code import KEPT, Code, code_of, shown_phone, with_code
from hub.codes.limits import AGAIN, DAY, Typed, Wait, phone_has_enough, wait_in_account
from hub.codes.sending import OLD_AT_ONCE
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.messages.service import code_letters
from hub.people.who import Person, people, standing
from hub.sender.message import Message, message_row, wipe_old
from hub.sender.sender import sends, sends_mail
from hub.store.office_records import CodeRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.card_numbers import as_number, is_digits, scheme_of, wrong_with
from loyalty.emails import BadEmail, parse_email, shown_email
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.phones import BadPhone, parse_phone
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.account.codes import CodeFor, CodeSent, Doing

NOBODY = "-"  # an id that no member has
FOR: Final[Mapping[CodeFor | Doing, tuple[str, str]]] = {  # Russian, English: so short that a message is one part
    "enter": ("входа", "signing in"),
    "register": ("регистрации", "registration"),
    "contact": ("смены номера", "your new number"),
    "confirm": ("проверки номера", "confirming your number"),
    "card": ("замены карты", "changing your card"),
    "data": ("выгрузки данных", "downloading your data"),
    "leave": ("закрытия счёта", "closing your account"),
    "points": ("передачи баллов", "giving points away"),
}
TEXT: Final = {
    "ru": "{code} — код для {what}, {programme}. Никому не говорите.",
    "en": "{code} is the code for {what}, {programme}. Tell nobody.",
}
MAIL_TEXT = "{code} — код, которым подтверждается ваш адрес, {programme}. Никому его не называйте."


class Wanted(NamedTuple):
    """`key`: the same, with the same number, is the same code. One of `phone`, `card`, `email` and `member`."""

    purpose: CodeFor
    programme: str
    key: str
    phone: str = ""
    card: str = ""
    email: str = ""
    member: str = ""
    doing: Doing = ""
    language: Literal["ru", "en"] = "ru"


class _ByWhat(msgspec.Struct, frozen=True):
    """Of a code's body: there are thousands in a day."""

    typed: str = ""


_by_what = msgspec.json.Decoder(_ByWhat).decode


class _Target(NamedTuple):
    typed: str  # what limits count by
    phone: str  # E.164, or an address; "" where there is none to send to
    shown: str = ""
    member: str = ""  # whose card or whose order it is; "" for a phone, which may be several people's


def send(hub: Hub, wanted: Wanted) -> CodeSent:
    """Raises ActRefused."""
    rules = hub.programmes[wanted.programme]
    sent = hub.within(lambda writer: _sent(hub, writer, wanted, rules))
    hub.bell.set()
    return sent


def _sent(hub: Hub, writer: Writer, wanted: Wanted, rules: Programme) -> CodeSent:
    now = hub.now()
    if not (sends_mail(writer) if wanted.email else sends(writer)):
        raise ActRefused("second_factor_unavailable", "this hub has no sender: pos-hub serve --sender URL")
    target = _target(hub, writer, wanted, rules)
    id = _id(wanted, target)
    known = writer.codes([id]).get(id)
    if known is not None:
        return _told(known, now)
    before = _asked_for(writer, now)
    wait = wait_in_account(before, target.typed, now)
    if wait is not None:
        return _not_now(wait)
    return _told(_made(hub, writer, wanted, rules, target, before), now)


def _made(hub: Hub, writer: Writer, wanted: Wanted, rules: Programme, target: _Target, before: list[Typed]) -> CodeRow:
    now, rule, id = hub.now(), rules.second_factor, _id(wanted, target)
    digits = hub.codes.digits(rule.digits)
    code = Code(
        purpose=wanted.purpose,
        programme=wanted.programme,
        digest=hub.codes.digest(id, digits),
        ends_at=utc_text(now + timedelta(seconds=rule.life_s)),
        tries_max=rule.attempts,
        digits=rule.digits,
        to=target.shown,
        till=ACCOUNT_CHAIN,
        typed=target.typed,
    )
    phone = hub.codes.phone(target.phone)
    row = with_code(CodeRow(id, now, phone if target.phone else "", target.member, ""), code)
    message = message_row(hub.codes, id, now, _message(wanted, target, rules, digits, code))
    old = [one.id for one in writer.codes_until(now - KEPT, OLD_AT_ONCE)]
    rows = Rows(codes=[row], gone_codes=old, gone_messages=wipe_old(writer, now))
    if target.phone and not phone_has_enough(before, phone):
        rows.messages = [message]
        his = target.member if wanted.member else ""  # of who is not signed in the time it takes must say nothing
        rows.new_letters = code_letters(writer, id, his, wanted.purpose, now)
    else:
        rows.gone_messages.append(id)  # there is none: as much work as to write one
    writer.write(rows)
    return row


def _asked_for(reader: Reader, now: datetime) -> list[Typed]:
    """Within a day, oldest first."""
    found = ((row, _by_what(row.body).typed) for row in reader.codes_since(now - DAY))
    return [Typed(typed, row.phone, row.made_at) for row, typed in found if typed]


def _target(hub: Hub, reader: Reader, wanted: Wanted, rules: Programme) -> _Target:
    """Raises ActRefused for what is no number at all, and for who is signed in without a phone."""
    if wanted.phone:
        phone = phone_of(wanted.phone)
        return _Target(hub.codes.phone(phone), phone, shown_phone(phone))
    if wanted.email:
        email = email_of(wanted.email)
        return _Target(hub.codes.phone(email), email, shown_email(email))
    if wanted.card:
        return _of_card(hub, reader, card_of(wanted.card, rules), rules)
    row = standing(reader, wanted.member)
    person = next(iter(people(reader, [row.member])), None) if row is not None else None
    if person is None or person.profile.phone is None:
        raise ActRefused("code_no_phone", "the member has no phone to send a code to")
    phone = person.profile.phone
    return _Target(hub.codes.phone(phone), phone, shown_phone(phone), person.member)


def _of_card(hub: Hub, reader: Reader, number: str, rules: Programme) -> _Target:
    typed = hub.codes.phone(f"card {number}")
    row = reader.cards([number]).get(number)
    found = people(reader, [row.member if row is not None else NOBODY])
    if not found:  # as much work as for somebody
        reader.profiles([NOBODY]), reader.cards_of([NOBODY])
    person = found[0] if found and is_reachable(found[0], rules) else None
    if person is None:
        return _Target(typed, "")
    return _Target(typed, person.profile.phone or "", member=person.member)


def is_reachable(person: Person, rules: Programme) -> bool:
    return person.row.programme == rules.id and person.profile.phone is not None


def phone_of(text: str) -> str:
    """E.164. Raises ActRefused."""
    try:
        return parse_phone(text)
    except BadPhone as error:
        raise ActRefused("bad_phone_told", "that is no phone number") from error


def email_of(text: str) -> str:
    """Raises ActRefused."""
    try:
        return parse_email(text)
    except BadEmail as error:
        raise ActRefused("bad_email", f"it {error}") from error


def card_of(text: str, rules: Programme) -> str:
    """A number as it stands on a card, typed with its gaps. Raises ActRefused for one that no card of ours can have."""
    number = as_number("".join(text.split()).replace("-", ""))
    scheme = scheme_of(number, rules.cards.schemes) if is_digits(number) else None
    if not number.isascii() or not number.isalnum() or (scheme is not None and wrong_with(number, scheme)):
        raise ActRefused("bad_card_told", "no card of ours has such a number")
    return number


def _message(wanted: Wanted, target: _Target, rules: Programme, digits: str, code: Code) -> Message:
    text = (
        MAIL_TEXT.format(code=digits, programme=rules.name("ru"))
        if wanted.email
        else text_of(wanted.doing or wanted.purpose, digits, rules, wanted.language)
    )
    shown = target.shown or (shown_phone(target.phone) if target.phone else "")
    return Message(
        kind=wanted.purpose,
        to=target.phone,
        shown=shown,
        text=text,
        code=digits,
        ends_at=code.ends_at,
        subject=f"Код: {digits}" if wanted.email else "",
    )


def text_of(what: CodeFor | Doing, digits: str, rules: Programme, language: Literal["ru", "en"]) -> str:
    return TEXT[language].format(
        code=digits, what=FOR[what][0 if language == "ru" else 1], programme=rules.name(language)
    )


def _told(row: CodeRow, now: datetime) -> CodeSent:
    code = code_of(row)
    return CodeSent(
        id=row.id,
        to=code.to,
        again_s=_seconds(row.made_at + AGAIN - now),
        expires_s=_seconds(code.ends - now),
        digits=code.digits,
        tries=code.tries_left,
    )


def _not_now(wait: Wait) -> CodeSent:
    return CodeSent(again_s=_seconds(wait.again), why=wait.why)


def _seconds(left: timedelta) -> int:
    """Whole ones, so many that it is certainly over then."""
    return max(0, -(-left // timedelta(seconds=1)))


def _id(wanted: Wanted, target: _Target) -> str:
    """A form that was sent again with another number in it is another order."""
    told = "\n".join(("code of the account", wanted.key, wanted.purpose, wanted.programme, target.typed))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
