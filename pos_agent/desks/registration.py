"""Members at a desk: registered on the screen or by a form on paper, changed, joined (A8, P17 to P19).

The hub knows them and does it; nothing that names a person is kept here, also not while it is asked. Without a
connection there is the form on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec

from drivers.printer.document import Document, to_json
from loyalty.card_numbers import as_number
from loyalty.consents import ConsentDocument
from loyalty.paper.words import PaperWords
from offline_cache.records import Paper
from pos_agent.counter import Counter, Done, remark
from pos_agent.desks.identify import meaning_of
from pos_agent.inquiry import Inquiry
from pos_agent.protocol_registration import (
    ChangePhone,
    ChangeProfile,
    ConfirmForm,
    ConfirmPhone,
    LinkCard,
    MergeMembers,
    PhoneCode,
    PrintForm,
    ReadConsent,
    Register,
    RegistrationForm,
    TakeForm,
)
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.registration_papers import at_tills, paper_form, signed_consents
from pos_agent.registration_words import FIELDS
from pos_agent.staff.caller import SignedIn, Step
from pos_agent.told_member import ToldCode, ToldDocument, ToldForm, ToldMerge, ToldRegistration, ToldSide
from pos_agent.visit import Visit
from sync.codes import CheckCode, Proof, SendCode, SentCode
from sync.registration import (
    Agreed,
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
)

_Reply = TypeVar("_Reply")
OF_CODES: Final[Mapping[str, str]] = {
    "code_too_early": "phone_code_too_early",
    "code_limit": "phone_code_limit",
    "second_factor_unavailable": "phone_code_nobody_sends",
    "bad_phone": "bad_phone_told",
    "bad_request": "bad_phone_told",
    "code_wrong": "phone_code_wrong",
    "code_no_tries": "phone_not_proven",
    "code_used": "phone_not_proven",
    "code_over": "phone_not_proven",
    "code_unknown": "phone_not_proven",
}  # what the hub says of a code, as it is said of a form
BLANK: Final = "____"  # a form without a card, among the papers that wait


# a form


def show_form(counter: Counter, visit: Visit, command: RegistrationForm) -> Done:
    online = counter.link == "online"
    form = ToldForm(
        documents=tuple(_told_document(counter, one) for one in at_tills(counter.programme.consents)),
        days=counter.programme.cards.form_days,
        online=online,
        prints=counter.house.prints,
    )
    words = "registration_form" if online else "registration_form_offline"
    return Done(visit=visit, code="registration_form", words=words, member=form)


def _told_document(counter: Counter, document: ConsentDocument) -> ToldDocument:
    text = counter.programme.consent_text(document, counter.house.receipt_language)
    return ToldDocument(
        what=document.what,
        document=document.version,
        title=text.title,
        text=text.paragraphs,
        needed=document.needed,
    )


def send_code(counter: Counter, visit: Visit, command: PhoneCode) -> Done:
    sent = _ask(counter, "send_code", SendCode(purpose=command.purpose, phone=command.phone), SentCode)
    told = ToldCode(sent=sent.id, to=sent.to, again_s=sent.again_s, expires_s=sent.expires_s)
    return Done(visit=visit, code="phone_code_sent", facts={"to": sent.to}, member=told)


def confirm_phone(counter: Counter, visit: Visit, command: ConfirmPhone) -> Done:
    """A wrong code costs a try and nothing else."""
    if not command.code.strip():
        raise _wrong("phone_code_needed")
    _ask(counter, "check_code", CheckCode(code=command.code.strip(), id=_sent(command.sent)), Proof)
    return Done(visit=visit, code="phone_confirmed")


def register(counter: Counter, visit: Visit, command: Register) -> Done:
    """The hub uses the confirmed phone up for it, or refuses and leaves it."""
    card = card_typed(counter, command.card)
    body = msgspec.structs.replace(_form(counter, command, card), proof=_sent(command.sent))
    act, person = "register", counter.person
    if command.same_person:
        step = Step("same_person", of=masked(card))
        act, person = "register_same", counter.one_who_may("merge_members", step) or counter.need("merge_members")
    done = _ask(counter, act, body, RegisterReply, person)
    return _registered(counter, visit, card, done, command.consents)


def take_form(counter: Counter, visit: Visit, command: TakeForm) -> Done:
    """It is signed already: no paper comes."""
    card = card_typed(counter, command.card)
    done = _ask(counter, "take_form", _form(counter, command, card), RegisterReply)
    return _registered(counter, visit, card, done, ())


def confirm_form(counter: Counter, visit: Visit, command: ConfirmForm) -> Done:
    card = card_typed(counter, command.card)
    done = _ask(counter, "confirm_form", CardBody(card=card), FormReply)
    return _heard(counter, Done(visit=visit, code="form_confirmed" if done.changed else "form_confirmed_before"), card)


def print_form(counter: Counter, visit: Visit, command: PrintForm) -> Done:
    """It is made here, and waits for nobody."""
    card = card_typed(counter, command.card) if command.card.strip() else ""
    if not counter.house.prints:
        raise Refused("paper_without_printer")
    document = paper_form(card, counter.cache.till, counter.now, _paper_words(counter))
    _print(counter, masked(card) if card else BLANK, document)
    return Done(visit=visit, code="form_printed")


def _form(counter: Counter, command: Register | TakeForm, card: str) -> RegisterBody:
    """What can be seen here already is not asked of the hub. Raises Refused."""
    given = {one.what for one in command.consents}
    if any(document.needed and document.what not in given for document in counter.programme.consents):
        raise _wrong("consent_needed")
    if not command.name.strip():
        raise _wrong("bad_name")
    if not command.phone.strip():
        raise _wrong("bad_phone_told")
    return RegisterBody(
        card=card,
        phone=command.phone.strip(),
        name=command.name.strip(),
        birthday=command.birthday.strip(),
        consents=tuple(Agreed(what=one.what, document=one.document) for one in command.consents),
        rules=counter.programme.content_hash,
    )


def _registered(
    counter: Counter, visit: Visit, card: str, done: RegisterReply, agreed: tuple[ReadConsent, ...]
) -> Done:
    told = ToldRegistration(
        card=masked(card),
        status=done.status,
        granted=done.granted or 0,
        active_from=done.active_from,
        linked=done.linked,
    )
    words = PaperWords(counter.programme, counter.language, counter.cache.store)
    day = words.day(datetime.fromisoformat(done.active_from)) if done.active_from else ""
    fresh = "form_taken" if done.active_from is not None else "registered"
    code = "registered_linked" if done.linked else fresh if done.granted is not None else "registered_before"
    facts = {"card": told.card, "granted": counter.points(told.granted), "day": day}
    is_new = done.granted is not None or done.linked
    more = (remark("sign_consents"),) if is_new and _print_signed(counter, card, agreed) else ()
    plain = code == "registered" and not told.granted
    answer = Done(
        visit=visit, code=code, words="registered_plain" if plain else code, facts=facts, more=more, member=told
    )
    return _heard(counter, answer, card)


def _print_signed(counter: Counter, card: str, agreed: tuple[ReadConsent, ...]) -> bool:
    read = {one.what for one in agreed}
    documents = [document for document in counter.programme.consents if document.what in read]
    if not documents or not counter.house.prints:
        return False
    _print(counter, masked(card), signed_consents(documents, masked(card), counter.now, _paper_words(counter)))
    return True


# changed


def change_phone(counter: Counter, visit: Visit, command: ChangePhone) -> Done:
    card = card_typed(counter, command.card)
    if not command.phone.strip():
        raise _wrong("bad_phone_told")
    body = PhoneBody(card=card, phone=command.phone.strip(), proof=_sent(command.sent))
    return _changed(counter, visit, card, "phone_changed", _ask(counter, "change_phone", body, FormReply))


def change_profile(counter: Counter, visit: Visit, command: ChangeProfile) -> Done:
    card = card_typed(counter, command.card)
    body = ProfileBody(card=card, field=command.field, value=command.value.strip())
    return _changed(counter, visit, card, "profile_changed", _ask(counter, "change_profile", body, FormReply))


def _changed(counter: Counter, visit: Visit, card: str, code: str, done: FormReply) -> Done:
    answer = Done(visit=visit, code="profile_as_it_was") if not done.changed else Done(visit=visit, code=code)
    return _heard(counter, answer, card)


# joined


def link_card(counter: Counter, visit: Visit, command: LinkCard) -> Done:
    card, to = card_typed(counter, command.card), card_typed(counter, command.to)
    done = _ask(counter, "link_card", LinkBody(card=card, to=to), FormReply)
    code = "card_linked" if done.changed else "card_linked_before"
    return _heard(counter, Done(visit=visit, code=code, facts={"card": masked(card)}), card)


def merge_members(counter: Counter, visit: Visit, command: MergeMembers) -> Done:
    """First what it would be; nobody can undo it."""
    gone, into = card_typed(counter, command.gone), card_typed(counter, command.into)
    body = MergeBody(gone=gone, into=into, reason=command.reason.strip())
    if command.agreed and not body.reason:
        raise _wrong("merge_needs_reason")
    look = _ask(counter, "look_at_merge", msgspec.structs.replace(body, reason=""), MergeLook)
    told = ToldMerge(gone=_side(gone, look.gone), into=_side(into, look.into), lost=look.lost)
    facts = {"gone": masked(gone), "into": masked(into), "points": counter.points(look.gone.points)}
    if not command.agreed:
        return Done(visit=visit, code="merge_would_be", facts=facts, member=told)
    if counter.staff is not None and look.gone.points > counter.staff.over.points:
        counter.second("merge_members", Step("merge", look.gone.points, masked(gone)))
    _ask(counter, "merge", body, FormReply)
    return _heard(counter, Done(visit=visit, code="members_merged", facts=facts, member=told), into)


def _side(card: str, side: MergeSide) -> ToldSide:
    return ToldSide(card=masked(card), points=side.points, debt=side.debt, cards=side.cards, registered=side.registered)


# what they share


def card_typed(counter: Counter, text: str) -> str:
    """Its number, whether this till knows it or not. Raises Refused for what is no card."""
    known = counter.find_card(text)
    if known is not None:
        return known.number
    meaning = meaning_of(counter, as_number(text.strip()), typed=True)
    if meaning.kind != "card":
        raise _wrong("card_not_ours")
    return meaning.text


def _sent(sent: str) -> str:
    if not sent.strip():
        raise _wrong("phone_code_needed")
    return sent.strip()


def _ask(
    counter: Counter, act: str, body: msgspec.Struct, reply: type[_Reply], person: SignedIn | None = None
) -> _Reply:
    """`person`: as whom, if not as whoever has signed in. Raises Refused, with the field of the form that is wrong."""
    if counter.link == "offline":
        raise Refused("registration_offline")
    who = person or counter.person
    try:
        return counter.ask_hub(act, body, reply, person=who.id if who is not None else "")
    except Refused as refused:
        code = OF_CODES.get(refused.facts.get("why", ""))
        if code is not None:
            raise _wrong(code, tries=refused.facts.get("tries", "0")) from refused
        refused.field = FIELDS.get(refused.code)
        raise


def _wrong(code: str, tries: str = "") -> Refused:
    return Refused(code, field=FIELDS.get(code), tries=tries) if tries else Refused(code, field=FIELDS.get(code))


def _heard(counter: Counter, done: Done, card: str) -> Done:
    """The hub is asked about him, and nobody waits: his points are good in the receipt in front as soon as it says."""
    known = counter.card(card)
    return replace(done, inquiry=Inquiry(card=card) if known is None else Inquiry(member=known.member))


def _paper_words(counter: Counter) -> PaperWords:
    return PaperWords(counter.programme, counter.house.receipt_language, counter.cache.store)


def _print(counter: Counter, label: str, document: Document) -> None:
    """Pressed twice, it comes once."""
    if counter.cache.print_jobs.waiting("slip", label) is None:
        counter.cache.print_jobs.add(Paper(kind="slip", label=label, document=to_json(document)), counter.now)


OF_MEMBER: Final[Mapping[type[Any], Callable[[Counter, Visit, Any], Done]]] = {
    RegistrationForm: show_form,
    PhoneCode: send_code,
    ConfirmPhone: confirm_phone,
    Register: register,
    TakeForm: take_form,
    ConfirmForm: confirm_form,
    PrintForm: print_form,
    ChangePhone: change_phone,
    ChangeProfile: change_profile,
    LinkCard: link_card,
    MergeMembers: merge_members,
}
