"""Who comes in by a code that came to his phone: whoever has the phone, or a new member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked, order_of, ordered
from hub.account.card_link_acts import one_try
from hub.account.narrowing import check_age, count_try, is_known_by, is_silent, the_one
from hub.account.programme_acts import NEEDED_HERE
from hub.account.registering import Newcomer, register_here
from hub.account.whose_acts import form_confirmed
from hub.codes.checking import proof_of, use
from hub.codes.code import code_of
from hub.codes.in_account import card_of, phone_of
from hub.desk.act import ActRefused
from hub.desk.register_acts import birthday_of, name_of, signed
from hub.hub import Hub
from hub.people.profile import change_phone
from hub.people.registering import Form, Signed
from hub.people.who import Person, people
from hub.store.seam import Reader, Writer
from loyalty.consents import ConsentTo
from loyalty.programme import Programme
from sync.account.entering import (
    Enrolled,
    Enter,
    Entered,
    FormRight,
    Freed,
    LookAtCard,
    LookAtForm,
    NotMe,
    Register,
    Whose,
    WhoseTold,
)


def whose(hub: Hub, asked: AccountAsked, body: Whose) -> WhoseTold:
    with hub.store.reading() as reader:
        found = people_of(hub, reader, asked.programme, body.proof, body.phone)
    return WhoseTold(people=len(found), registered=len(found) == 1 and found[0].row.registered)


def people_of(hub: Hub, reader: Reader, programme: str, proof: str, phone: str) -> list[Person]:
    """Whoever has the phone to which a code came that was told back; `phone`: that was typed, "" where it was a card.
    Raises ActRefused."""
    number = phone_of(phone) if phone else None
    row = proof_of(hub, reader.codes([proof]).get(proof), "enter", number)
    ids = reader.with_phone(programme, number) if number else [row.member] if row.member else []
    return [one for one in people(reader, ids) if one.row.programme == programme]


def enter(hub: Hub, asked: AccountAsked, body: Enter) -> Entered:
    """From now on it is known when he had his phone in his hand last; a form on paper that has this phone waits for
    nothing any more (P19)."""
    if body.known_by:
        hub.within(lambda writer: _count_try(hub, writer, asked, body))
    member = hub.within(lambda writer: _entered(hub, writer, asked, body))
    with hub.store.reading() as reader:
        (person,) = people(reader, [member])
    return Entered(member=person.member, form=form_confirmed(hub, asked, person))


def _count_try(hub: Hub, writer: Writer, asked: AccountAsked, body: Enter) -> None:
    """Raises ActRefused."""
    row = proof_of(hub, writer.locked_codes([body.proof]).get(body.proof), "enter", _number(body.phone))
    count_try(writer, row.phone, hub.programmes[asked.programme].day(hub.now()))


def _entered(hub: Hub, writer: Writer, asked: AccountAsked, body: Enter) -> str:
    before = _entered_before(writer, asked, body.proof)
    if before:
        return before
    found = people_of(hub, writer, asked.programme, body.proof, body.phone)
    rules, by_card = hub.programmes[asked.programme], not body.phone
    member = the_one(hub, writer, rules, found, body.known_by, by_card=by_card).member
    use(hub, writer, body.proof, "enter", _number(body.phone), member, by=asked.key)
    return member


def _number(phone: str) -> str | None:
    return phone_of(phone) if phone else None


def not_me(hub: Hub, asked: AccountAsked, body: NotMe) -> Freed:
    """The number has another owner now, who says so: it is nobody's again, and he may register with it. Only where its
    member has not confirmed it for long. Raises ActRefused."""
    phone, rules = phone_of(body.phone), hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        found = people_of(hub, reader, asked.programme, body.proof, body.phone)
        if len(found) != 1 or not is_silent(hub, reader, rules, found[0]):
            raise ActRefused("not_freed", "whoever has the number has confirmed it lately, or several have it")

    def proven(writer: Writer, person: Person) -> None:
        proof_of(hub, writer.locked_codes([body.proof]).get(body.proof), "enter", phone)

    ordered(lambda: change_phone(hub, found[0].member, "", order_of(asked), proven))
    return Freed()


def _entered_before(reader: Reader, asked: AccountAsked, proof: str) -> str:
    """By the same form, whose answer did not come."""
    row = reader.codes([proof]).get(proof)
    code = code_of(row) if row is not None else None
    return code.used_for if code is not None and code.used_by == asked.key else ""


def look_at_form(hub: Hub, asked: AccountAsked, body: LookAtForm) -> FormRight:
    """Before a code is sent for it."""
    _read(hub, asked, body)
    return FormRight()


def look_at_card(hub: Hub, asked: AccountAsked, body: LookAtCard) -> FormRight:
    """Before the form is filled in for it."""
    card_of(body.card, hub.programmes[asked.programme])
    return FormRight()


def register(hub: Hub, asked: AccountAsked, body: Register) -> Enrolled:
    programme, newcomer = _read(hub, asked, body)
    phone, order = newcomer.form.phone or "", order_of(asked)
    _check_silent(hub, asked, body, newcomer)
    left = hub.within(lambda writer: _try_card(hub, writer, programme, body.proof, phone)) if newcomer.card else 0
    checked = newcomer._replace(check=lambda writer, member: use(hub, writer, body.proof, "enter", phone, member))
    try:
        enrolled: Enrolled = ordered(lambda: register_here(hub, programme, checked, order))
    except ActRefused as refused:
        if refused.code != "card_not_found":
            raise
        raise ActRefused(refused.code, str(refused), tries_left=left) from refused
    return enrolled


def _check_silent(hub: Hub, asked: AccountAsked, body: Register, newcomer: Newcomer) -> None:
    """Whoever has a number that changed hands is not its former member for it. Raises ActRefused."""
    rules = hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        known = people(reader, reader.with_phone(rules.id, phone_of(body.phone)))
        silent = [one for one in known if is_silent(hub, reader, rules, one)]
    if not silent:
        return
    hub.within(lambda writer: _count_try(hub, writer, asked, Enter(proof=body.proof, phone=body.phone)))
    said = (newcomer.form.birthday or "", newcomer.card)
    if not any(is_known_by(one, text, rules.day(hub.now())) for one in silent for text in said if text):
        raise ActRefused("phone_silent", "the member who has the phone has not confirmed it for long")


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


def _try_card(hub: Hub, writer: Writer, programme: Programme, proof: str, phone: str) -> int:
    """How many are left: who types numbers one after another would find other people's. Raises ActRefused."""
    row = proof_of(hub, writer.locked_codes([proof]).get(proof), "enter", phone)
    return one_try(writer, row.phone, programme.day(hub.now()).isoformat())


def _birthday(hub: Hub, programme: Programme, text: str) -> str:
    """Raises ActRefused."""
    birthday = birthday_of(text, hub, programme)
    if birthday is None:
        raise ActRefused("birthday_missing", "who registers by himself says when he was born")
    check_age(birthday, programme.day(hub.now()))
    return birthday


ENTERING_ACTS: Final[Mapping[str, AccountAct]] = {
    "whose": AccountAct(takes=Whose, do=whose, signed_in=False),
    "not_me": AccountAct(takes=NotMe, do=not_me, signed_in=False),
    "enter": AccountAct(takes=Enter, do=enter, signed_in=False),
    "register_card": AccountAct(takes=LookAtCard, do=look_at_card, signed_in=False),
    "register_look": AccountAct(takes=LookAtForm, do=look_at_form, signed_in=False),
    "register": AccountAct(takes=Register, do=register, signed_in=False),
}
