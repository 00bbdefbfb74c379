"""A member at a desk: registered by a form on a screen or on paper, changed, one more card, two who are one.

What is refused is said by a code; the message is for the office alone, and no till keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from hub import feed
from hub.desk.act import Act, ActRefused, Asked
from hub.desk.member_acts import order_of
from hub.desk.proofs import phone_proven
from hub.files import values
from hub.files.reasons import BadValue
from hub.hub import Hub
from hub.members import UnknownCard
from hub.people import cards, forms, profile
from hub.people.orders import NotDone
from hub.people.registering import Form, How, Registered, Signed, Standing, register_member, waits_until
from hub.people.who import NotFound, Person, person_called
from hub.store.seam import Reader, Writer
from loyalty.cards import CardStatus, status_at
from loyalty.consents import ConsentSource
from loyalty.lots import balance
from loyalty.names import LETTERS_MAX, given_first
from loyalty.phones import BadPhone, parse_phone
from loyalty.possible import is_text
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.registration import (
    CardBody,
    FormReply,
    LinkBody,
    MergeBody,
    MergeLook,
    MergeSide,
    PhoneBody,
    ProfileBody,
    RegisterBody,
    RegisterReply,
    WaitingBody,
    WaitingForm,
    WaitingReply,
)

GOOD: Final[frozenset[CardStatus]] = frozenset({"issued", "pending", "active"})


def register(hub: Hub, asked: Asked, body: RegisterBody) -> RegisterReply:
    """On a screen (A8), the phone proven by a code (P17); by the office's operator, who speaks with him, without one
    (P18)."""
    return _registered(hub, asked, body, _Way(source="paper" if asked.till else "phone", needs_proof=bool(asked.till)))


def register_same(hub: Hub, asked: Asked, body: RegisterBody) -> RegisterReply:
    """The same where another member has the phone, and somebody answers for it that the two are one."""
    source: ConsentSource = "paper" if asked.till else "phone"
    return _registered(hub, asked, body, _Way(source=source, needs_proof=bool(asked.till), same=True))


def take_form(hub: Hub, asked: Asked, body: RegisterBody) -> RegisterReply:
    """On paper (P19): nobody has proven the phone, so it is good after the programme's days."""
    return _registered(hub, asked, body, _Way(source="paper", needs_proof=False, on_paper=True))


def confirm_form(hub: Hub, asked: Asked, body: CardBody) -> FormReply:
    with refused_as():
        return FormReply(changed=forms.confirm_form(hub, body.card, order_of(asked)).changed)


def waiting_forms(hub: Hub, asked: Asked, body: WaitingBody) -> WaitingReply:
    found = forms.waiting_forms(hub, asked.programme or None)
    told = [
        WaitingForm(
            card=one.card, taken_at=utc_text(one.taken_at), active_from=utc_text(one.active_from), days=one.days
        )
        for one in found
    ]
    return WaitingReply(forms=tuple(told), more=len(found) == forms.SHOWN_MAX)


def change_phone(hub: Hub, asked: Asked, body: PhoneBody) -> FormReply:
    """At a till by a code that came to the new number; the office answers for it alone."""
    number = phone_of(body.phone)

    def proven(writer: Writer, person: Person) -> None:
        if asked.till:
            phone_proven(hub, writer, body.proof, "phone", number, person.member)

    with refused_as():
        return FormReply(changed=profile.change_phone(hub, body.card, number, order_of(asked), proven).changed)


def change_profile(hub: Hub, asked: Asked, body: ProfileBody) -> FormReply:
    change = {"name": profile.change_name, "birthday": profile.change_birthday}[body.field]
    with refused_as():
        return FormReply(changed=change(hub, body.card, body.value, order_of(asked)).changed)


def link_card(hub: Hub, asked: Asked, body: LinkBody) -> FormReply:
    with refused_as():
        return FormReply(changed=cards.link(hub, body.card, body.to, order_of(asked)).changed)


def look_at_merge(hub: Hub, asked: Asked, body: MergeBody) -> MergeLook:
    """Before it: it cannot be undone."""
    with refused_as(), hub.store.reading() as reader:
        gone, into = (person_called(reader, hub.programmes, card) for card in (body.gone, body.into))
        if gone.member == into.member:
            raise ActRefused("same_member", f"{body.gone} and {body.into} are one member already")
        return MergeLook(
            gone=_side(hub, reader, gone), into=_side(hub, reader, into), lost=tuple(cards.lost_in(gone, into))
        )


def merge(hub: Hub, asked: Asked, body: MergeBody) -> FormReply:
    with refused_as():
        return FormReply(changed=cards.merge(hub, body.gone, body.into, order_of(asked), body.reason).changed)


# a form


class _Way:
    """How a form comes to the desk. `same`: the member who has the phone is this one."""

    def __init__(self, *, source: ConsentSource, needs_proof: bool, same: bool = False, on_paper: bool = False) -> None:
        self.source = source
        self.needs_proof = needs_proof
        self.same = same
        self.on_paper = on_paper


def _registered(hub: Hub, asked: Asked, body: RegisterBody, way: _Way) -> RegisterReply:
    programme = programme_of(hub, asked)
    form = Form(phone_of(body.phone), name_of(body.name), birthday_of(body.birthday, hub, programme))
    how = How(
        consents=signed(hub, programme, body.rules, [Signed(one.what, one.document) for one in body.consents]),
        source=way.source,
        on_paper=way.on_paper,
        check=lambda writer, standing: _check(hub, writer, standing, form, body, way),
        key=asked.key,
    )
    with refused_as():
        done = register_member(hub, body.card, programme, form=form, by=asked.by, how=how)
    return _told(hub, body.card, done)


def _check(hub: Hub, writer: Writer, standing: Standing, form: Form, body: RegisterBody, way: _Way) -> None:
    person, others = standing
    if person.row.registered:
        if form.phone != person.profile.phone:
            raise ActRefused("registered_already", f"member {person.member} is registered already, with another phone")
        if way.needs_proof and waits_until(person, hub.now()) is not None:
            phone_proven(hub, writer, body.proof, "register", form.phone or "", person.member)
        return
    if others and not way.same:
        raise ActRefused("phone_taken", f"member {others[0].member} has the phone")
    if way.needs_proof:
        whose = others[0].member if others else person.member
        phone_proven(hub, writer, body.proof, "register", form.phone or "", whose)


def signed(hub: Hub, programme: Programme, told: str, consents: Sequence[Signed]) -> Sequence[Signed]:
    """Each consent names a document that is there, in force or of the rules `told` (a hash, or ""); none that is needed
    is missing. Raises ActRefused."""
    read = hub.rules(told) if told else None
    rules = read if read is not None and read.id == programme.id else programme
    for one in consents:
        if not _is_document(rules, one) and not _is_document(programme, one):
            raise ActRefused("consent_unknown", f"there is no document {one.document} of {one.what}")
    given = {one.what: one for one in consents}
    missing = [document.what for document in rules.consents if document.needed and document.what not in given]
    if missing:
        raise ActRefused("consent_needed", f"nobody is registered without the consent to {', '.join(missing)}")
    return list(given.values())


def _is_document(rules: Programme, agreed: Signed) -> bool:
    document = rules.consent(agreed.what)
    return document is not None and document.version == agreed.document


def _told(hub: Hub, card: str, done: Registered) -> RegisterReply:
    with hub.store.reading() as reader:
        row = reader.cards([card])[card]
    return RegisterReply(
        status=status_at(row.status, row.active_from, hub.now()),
        granted=done.granted,
        active_from=done.active_from,
        linked=done.linked is not None,
    )


# what was typed


def programme_of(hub: Hub, asked: Asked) -> Programme:
    """Raises ActRefused."""
    hub.look_at_programmes()
    programme = hub.programmes.get(asked.programme)
    if programme is None:
        raise ActRefused("another_programme", f"this hub has no programme {asked.programme}")
    return programme


def phone_of(text: str) -> str:
    """Raises ActRefused; nobody is registered who cannot be reached."""
    try:
        return parse_phone(text)
    except BadPhone as error:
        raise ActRefused("bad_phone_told", "that is no phone number") from error


def name_of(text: str) -> str:
    """Raises ActRefused."""
    name = given_first(text)
    if not (is_text(name, LETTERS_MAX) and name.isprintable()):
        raise ActRefused("bad_name", f"a name is one line of at most {LETTERS_MAX} letters")
    return name


def birthday_of(text: str, hub: Hub, programme: Programme) -> str | None:
    """YYYY-MM-DD. Raises ActRefused."""
    try:
        return values.birthday(text, programme.day(hub.now()))
    except BadValue as error:
        raise ActRefused("bad_birthday", "that is no birthday") from error


def _side(hub: Hub, reader: Reader, person: Person) -> MergeSide:
    now = hub.now()
    account = feed.accounts(reader, [person.member], now)[person.member]
    good = [card for card in person.cards if status_at(card.status, card.active_from, now) in GOOD]
    return MergeSide(
        points=max(0, balance(account, now)), cards=len(good), registered=person.row.registered, debt=account.debt
    )


@contextmanager
def refused_as() -> Iterator[None]:
    """What an order refuses, as the desk says it."""
    try:
        yield
    except UnknownCard as error:
        raise ActRefused("card_not_at_hub", str(error)) from error
    except NotFound as error:
        raise ActRefused("card_not_at_hub", str(error)) from error
    except NotDone as error:
        raise ActRefused(error.code, str(error)) from error


REGISTER_ACTS: Final[Mapping[str, Act]] = {
    "register": Act(takes=RegisterBody, right="register_members", do=register),
    "register_same": Act(takes=RegisterBody, right="register_members", do=register_same),  # a second person may answer
    "take_form": Act(takes=RegisterBody, right="register_members", do=take_form),
    "confirm_form": Act(takes=CardBody, right="confirm_forms", do=confirm_form),
    "waiting_forms": Act(takes=WaitingBody, right="confirm_forms", do=waiting_forms),
    "change_phone": Act(takes=PhoneBody, right="register_members", do=change_phone),
    "change_profile": Act(takes=ProfileBody, right="change_profiles", do=change_profile),
    "link_card": Act(takes=LinkBody, right="merge_members", do=link_card),
    "look_at_merge": Act(takes=MergeBody, right="merge_members", do=look_at_merge),
    "merge": Act(takes=MergeBody, right="merge_members", do=merge),
}
