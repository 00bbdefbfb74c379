"""A code is made, and goes out by the sender; or is given to a member in his account.

Where the answer would tell who is a member, it is the same for everybody: somebody unknown gets an id like any other,
and no message. The same order (by its key) is one code and one message.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.codes.code import KEPT, Code, code_of, shown_phone, with_code
from hub.codes.limits import AGAIN, WITHIN, Sent, refused
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.messages.service import code_letters
from hub.people.who import people, standing
from hub.sender.message import Message, message_row, wipe_old
from hub.sender.sender import sends
from hub.store.office_records import CodeRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.phones import BadPhone, parse_phone
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.codes import Purpose, SentCode

OLD_AT_ONCE: Final = 100
TELLING: Final = frozenset[Purpose](
    ("redeem", "reissue", "account")
)  # only a member gets one: the answer must not say who is one
TEXTS: Final[dict[Purpose, str]] = {
    "redeem": "{code} — код для списания бонусов, {programme}. Назовите его на кассе, если покупаете вы.",
    "reissue": "{code} — код для замены карты, {programme}. Назовите его на кассе, если карту меняете вы.",
    "register": "{code} — код для регистрации, {programme}. Назовите его, если регистрируетесь вы.",
    "phone": "{code} — код для смены телефона, {programme}. Назовите его, если меняете вы.",
    "account": "{code} — код для списания бонусов, {programme}.",
}


class Wanted(NamedTuple):
    """Who asks for a code, from where. `key`: the same is the same code. One of `phone` and `member`."""

    purpose: Purpose
    programme: str
    key: str
    phone: str = ""
    member: str = ""
    till: str = ""
    store: str = ""


class _Target(NamedTuple):
    phone: str  # E.164; "" where nobody has one to send to
    shown: str
    member: str
    reachable: bool


def send(hub: Hub, wanted: Wanted) -> SentCode:
    """Raises ActRefused."""
    rules = hub.programmes.get(wanted.programme)
    if rules is None:
        raise ActRefused("unknown_programme", f"{wanted.programme} is no programme of this hub")
    sent = hub.within(lambda writer: _sent(hub, writer, wanted, rules))
    hub.bell.set()
    return sent


def give(hub: Hub, programme: str, member: str, key: str) -> str:
    """A code for who has signed in to his account, or stands in the office: its digits. Raises ActRefused."""
    rules, now = hub.programmes[programme], hub.now()
    wanted = Wanted("account", programme, key, member=member)

    def made(writer: Writer) -> str:
        digits = hub.codes.digits(rules.second_factor.digits)
        row = _row(hub, wanted, _Target("", "", member, True), rules, now, digits)
        writer.write(Rows(codes=[row], gone_codes=_old(writer, now)))
        return digits

    return hub.within(made)


def _sent(hub: Hub, writer: Writer, wanted: Wanted, rules: Programme) -> SentCode:
    now = hub.now()
    known = writer.codes([_id(wanted.key)]).get(_id(wanted.key))
    if known is not None:
        return _told(known, wanted, now)
    if not sends(writer):
        raise ActRefused("second_factor_unavailable", "this hub has no sender: pos-hub serve --sender URL")
    target = _target(writer, wanted)
    phone = hub.codes.phone(target.phone or wanted.member)
    before = [_as_sent(row) for row in writer.codes_since(now - WITHIN) if row.phone and not code_of(row).typed]
    why = refused(before, Sent(phone, wanted.till, wanted.store, now))
    if why is not None:
        raise ActRefused(why, _WHY[why])
    digits = hub.codes.digits(rules.second_factor.digits)
    row = _row(hub, wanted, target, rules, now, digits)
    rows = Rows(codes=[row._replace(phone=phone)], gone_codes=_old(writer, now), gone_messages=wipe_old(writer, now))
    if target.reachable:
        rows.new_letters = code_letters(writer, row.id, target.member, wanted.purpose, now)
        rows.messages = [message_row(hub.codes, row.id, now, _message(wanted, target, rules, digits, row))]
    writer.write(rows)
    return _told(row, wanted, now)


def _target(reader: Reader, wanted: Wanted) -> _Target:
    """Raises ActRefused."""
    if wanted.member:
        row = standing(reader, wanted.member)
        found = people(reader, [row.member]) if row is not None and row.programme == wanted.programme else []
        phone = found[0].profile.phone if found else None
        if phone is None:
            raise ActRefused("code_no_phone", "the member has no phone to send a code to")
        return _Target(phone, shown_phone(phone), found[0].member, True)
    try:
        phone = parse_phone(wanted.phone)
    except BadPhone as error:
        raise ActRefused("bad_phone", f"Phone {error}.") from error
    members = reader.with_phone(wanted.programme, phone)
    is_his = len(members) == 1 and wanted.purpose != "phone"  # one that is to be his is not yet
    member = members[0] if is_his else ""
    reachable = wanted.purpose not in TELLING or bool(member)
    return _Target(phone, shown_phone(phone), member, reachable)


def _row(hub: Hub, wanted: Wanted, target: _Target, rules: Programme, now: datetime, digits: str) -> CodeRow:
    id, rule = _id(wanted.key), rules.second_factor
    code = Code(
        purpose=wanted.purpose,
        programme=wanted.programme,
        digest=hub.codes.digest(id, digits),
        ends_at=utc_text(now + timedelta(seconds=rule.life_s)),
        tries_max=rule.attempts,
        digits=rule.digits,
        to=target.shown,
        till=wanted.till,
        store=wanted.store,
    )
    return with_code(CodeRow(id, now, "", target.member, ""), code)


def _message(wanted: Wanted, target: _Target, rules: Programme, digits: str, row: CodeRow) -> Message:
    text = TEXTS[wanted.purpose].format(code=digits, programme=rules.name("ru"))
    return Message(
        kind=wanted.purpose, to=target.phone, shown=target.shown, text=text, code=digits, ends_at=code_of(row).ends_at
    )


def _told(row: CodeRow, wanted: Wanted, now: datetime) -> SentCode:
    code = code_of(row)
    again, ends = row.made_at + AGAIN - now, code.ends - now
    return SentCode(
        id=row.id,
        of=wanted.member,
        to=code.to,
        again_s=max(0, round(again.total_seconds())),
        expires_s=max(0, round(ends.total_seconds())),
        digits=code.digits,
        tries=code.tries_left,
    )


def _as_sent(row: CodeRow) -> Sent:
    code = code_of(row)
    return Sent(row.phone, code.till, code.store, row.made_at)


def _old(reader: Reader, now: datetime) -> list[str]:
    return [row.id for row in reader.codes_until(now - KEPT, OLD_AT_ONCE)]


def _id(key: str) -> str:
    return hashlib.sha256(f"code\n{key}".encode()).hexdigest()[:32]


_WHY: Final = {
    "code_too_early": "a code was sent to this phone less than a minute ago",
    "code_limit": "too many codes were sent within the hour",
}
