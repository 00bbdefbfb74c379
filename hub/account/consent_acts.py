"""What a member agrees to, in his account: each a document of its own, given and withdrawn by himself (152-FZ, P9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.account.programme_acts import is_needed
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.consents import give_consent, withdraw_consent
from hub.people.who import Person
from hub.store.records import ConsentRow
from loyalty.consents import WORDS, ConsentDocument, ConsentTo
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.account.consents import (
    AskConsents,
    ConsentHere,
    ConsentsHere,
    ConsentWas,
    GiveConsent,
    Paper,
    WithdrawConsent,
)
from sync.account.profile import Changed

LACKS: Final[Mapping[ConsentTo, str]] = {"mailing_sms": "phone", "mailing_email": "email"}  # what it is about


def consents(hub: Hub, asked: AccountAsked, body: AskConsents) -> ConsentsHere:
    rules = hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        rows = reader.consents_of([person.member])
    papers = _papers(hub, rules, {row.document for row in rows if row.document})
    return ConsentsHere(
        consents=tuple(_here(person, document, rows) for document in rules.consents),
        history=tuple(_was(row, papers) for row in sorted(rows, key=lambda row: row.given_at, reverse=True)),
    )


def _here(person: Person, document: ConsentDocument, rows: Sequence[ConsentRow]) -> ConsentHere:
    his = [row for row in rows if row.what == document.what]
    last = max((row for row in his if row.withdrawn_at is None), key=lambda row: row.given_at, default=None)
    withdrawn = max((row.withdrawn_at for row in his if row.withdrawn_at is not None), default=None)
    return ConsentHere(
        what=document.what,
        paper=_paper(document),
        needed=_closes(document.what, document),
        given_at=utc_text(last.given_at) if last is not None else "",
        version=last.document if last is not None else "",
        withdrawn_at=utc_text(withdrawn) if withdrawn is not None and last is None else "",
        lacks=_lacks(person, document.what),
    )


def _closes(what: ConsentTo, document: ConsentDocument | None) -> bool:
    """Nobody is a member without it."""
    return what == "personal_data" or (document is not None and is_needed(document))


def _lacks(person: Person, what: ConsentTo) -> str:
    field = LACKS.get(what, "")
    return field if field and not getattr(person.profile, field) else ""


def _was(row: ConsentRow, papers: Mapping[tuple[ConsentTo, str], Paper]) -> ConsentWas:
    return ConsentWas(
        what=row.what,
        name=WORDS[row.what],
        given_at=utc_text(row.given_at),
        source=row.source,
        version=row.document,
        withdrawn_at=utc_text(row.withdrawn_at) if row.withdrawn_at else "",
        paper=papers.get((row.what, row.document)),
    )


def _papers(hub: Hub, rules: Programme, wanted: set[str]) -> dict[tuple[ConsentTo, str], Paper]:
    """As they were read: from the rules in force, and for older versions from every file that the shelf keeps."""
    found = {(one.what, one.version): _paper(one) for one in rules.consents}
    if wanted - {version for _, version in found}:
        for older in _shelf(hub, rules.id):
            found = {(one.what, one.version): _paper(one) for one in older.consents} | found
    return found


def _shelf(hub: Hub, programme: str) -> Iterator[Programme]:
    with hub.store.reading() as reader:
        hashes = [row.hash for row in reader.all_programmes()]
    for hash in hashes:
        rules = hub.rules(hash)
        if rules is not None and rules.id == programme:
            yield rules


def _paper(document: ConsentDocument) -> Paper:
    return Paper(
        version=document.version,
        title=(document.ru.title, document.en.title),
        ru=document.ru.paragraphs,
        en=document.en.paragraphs,
    )


def give(hub: Hub, asked: AccountAsked, body: GiveConsent) -> Changed:
    """To the version that is in force now, and to no other: he has read that one."""
    rules = hub.programmes[asked.programme]
    document = rules.consent(body.what)
    if document is None or document.version != body.version:
        raise ActRefused("consent_unknown", f"there is no document {body.version} of {body.what} now")
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        stands = any(_is(row, body) for row in reader.consents_of([person.member]))
    if lacks := _lacks(person, body.what):
        raise ActRefused(f"{lacks}_missing", f"without {lacks} there is nothing to agree to")
    if stands:
        return Changed()
    order = order_of(asked)
    done = ordered(lambda: give_consent(hub, person.member, body.what, order, document=body.version, source="site"))
    return Changed(changed=done.changed)


def _is(row: ConsentRow, told: GiveConsent) -> bool:
    return row.withdrawn_at is None and (row.what, row.document) == (told.what, told.version)


def withdraw(hub: Hub, asked: AccountAsked, body: WithdrawConsent) -> Changed:
    """Any but those without which nobody is a member: to end these is to leave (leave_acts.py)."""
    document = hub.programmes[asked.programme].consent(body.what)
    if _closes(body.what, document):
        raise ActRefused("consent_closes", f"without {body.what} there is no account: he leaves")
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member
    done = ordered(lambda: withdraw_consent(hub, member, body.what, order_of(asked)))
    return Changed(changed=done.changed)


CONSENT_ACTS: Final[Mapping[str, AccountAct]] = {
    "consents": AccountAct(takes=AskConsents, do=consents),
    "consent_give": AccountAct(takes=GiveConsent, do=give),
    "consent_withdraw": AccountAct(takes=WithdrawConsent, do=withdraw),
}
