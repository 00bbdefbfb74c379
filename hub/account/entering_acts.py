"""Who comes in by a code that came to his phone: whoever has the phone, or a new member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from hub.account.act import AccountAct, AccountAsked, order_of, ordered
from hub.account.card_link_acts import one_try
from hub.account.programme_acts import NEEDED_HERE
from hub.account.registering import Newcomer, register_here
from hub.account.whose_acts import AGE_MIN, years_old
from hub.codes.checking import proof_of, use
from hub.codes.code import code_of
from hub.codes.in_account import card_of, phone_of
from hub.desk.act import ActRefused
from hub.desk.register_acts import birthday_of, name_of, signed
from hub.hub import Hub
from hub.people.registering import Form, Signed
from hub.people.who import Person, people
from hub.store.seam import Reader, Writer
from loyalty.consents import ConsentTo
from loyalty.names import masked
from loyalty.programme import Programme
from sync.account.entering import (
    Enrolled,
    Enter,
    Entered,
    FormRight,
    Known,
    LookAtForm,
    Register,
    Whose,
    WhoseTold,
)


def whose(hub: Hub, asked: AccountAsked, body: Whose) -> WhoseTold:
    with hub.store.reading() as reader:
        found = people_of(hub, reader, asked.programme, body.proof, body.phone)
    return WhoseTold(
        people=tuple(
            Known(member=one.member, name=masked(one.profile.name or ""), registered=one.row.registered)
            for one in found
        )
    )


def people_of(hub: Hub, reader: Reader, programme: str, proof: str, phone: str) -> list[Person]:
    """Whoever has the phone to which a code came that was told back; `phone`: that was typed, "" where it was a card.
    Raises ActRefused."""
    number = phone_of(phone) if phone else None
    row = proof_of(hub, reader.codes([proof]).get(proof), "enter", number)
    ids = reader.with_phone(programme, number) if number else [row.member] if row.member else []
    return [one for one in people(reader, ids) if one.row.programme == programme]


def enter(hub: Hub, asked: AccountAsked, body: Enter) -> Entered:
    """From now on it is known when he had his phone in his hand last."""
    return hub.within(lambda writer: _entered(hub, writer, asked, body))


def _entered(hub: Hub, writer: Writer, asked: AccountAsked, body: Enter) -> Entered:
    before = _entered_before(writer, asked, body.proof)
    if before:
        return Entered(member=before)
    found = people_of(hub, writer, asked.programme, body.proof, body.phone)
    mine = [one for one in found if body.member in ("", one.member)]
    if len(mine) != 1:
        raise ActRefused("several_here" if len(mine) > 1 else "nobody_here", f"{len(mine)} members have the phone")
    member = mine[0].member
    use(hub, writer, body.proof, "enter", phone_of(body.phone) if body.phone else None, member, by=asked.key)
    return Entered(member=member)


def _entered_before(reader: Reader, asked: AccountAsked, proof: str) -> str:
    """By the same form, whose answer did not come."""
    row = reader.codes([proof]).get(proof)
    code = code_of(row) if row is not None else None
    return code.used_for if code is not None and code.used_by == asked.key else ""


def look_at_form(hub: Hub, asked: AccountAsked, body: LookAtForm) -> FormRight:
    """Before a code is sent for it."""
    _read(hub, asked, body)
    return FormRight()


def register(hub: Hub, asked: AccountAsked, body: Register) -> Enrolled:
    programme, newcomer = _read(hub, asked, body)
    phone, order = newcomer.form.phone or "", order_of(asked)
    if newcomer.card:
        hub.within(lambda writer: _try_card(hub, writer, programme, body.proof, phone))
    checked = newcomer._replace(check=lambda writer, member: use(hub, writer, body.proof, "enter", phone, member))
    enrolled: Enrolled = ordered(lambda: register_here(hub, programme, checked, order))
    return enrolled


def _read(hub: Hub, asked: AccountAsked, body: LookAtForm) -> tuple[Programme, Newcomer]:
    """Raises ActRefused."""
    hub.look_at_programmes()
    programme = hub.programmes[asked.programme]
    form = Form(phone_of(body.phone), name_of(body.name), _birthday(hub, programme, body.birthday))
    consents = signed(hub, programme, body.rules, [Signed(one.what, one.document) for one in body.consents])
    _check_needed_here(programme, {one.what for one in consents})
    return programme, Newcomer(form, consents, card_of(body.card, programme) if body.card else "")


def _check_needed_here(programme: Programme, given: set[ConsentTo]) -> None:
    """Raises ActRefused."""
    missing = [what for what in NEEDED_HERE if programme.consent(what) is not None and what not in given]
    if missing:
        raise ActRefused("consent_needed", f"nobody has an account without {', '.join(missing)}")


def _try_card(hub: Hub, writer: Writer, programme: Programme, proof: str, phone: str) -> None:
    """Who types numbers one after another would find other people's. Raises ActRefused."""
    row = proof_of(hub, writer.locked_codes([proof]).get(proof), "enter", phone)
    one_try(writer, row.phone, programme.day(hub.now()).isoformat())


def _birthday(hub: Hub, programme: Programme, text: str) -> str:
    """Raises ActRefused."""
    birthday = birthday_of(text, hub, programme)
    if birthday is None:
        raise ActRefused("birthday_missing", "who registers by himself says when he was born")
    if years_old(date.fromisoformat(birthday), programme.day(hub.now())) < AGE_MIN:
        raise ActRefused("too_young", f"no account for who is younger than {AGE_MIN}")
    return birthday


ENTERING_ACTS: Final[Mapping[str, AccountAct]] = {
    "whose": AccountAct(takes=Whose, do=whose, signed_in=False),
    "enter": AccountAct(takes=Enter, do=enter, signed_in=False),
    "register_look": AccountAct(takes=LookAtForm, do=look_at_form, signed_in=False),
    "register": AccountAct(takes=Register, do=register, signed_in=False),
}
