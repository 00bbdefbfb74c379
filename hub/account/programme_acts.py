"""Whose account it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked
from hub.hub import Hub
from loyalty.consents import ConsentDocument, ConsentTo
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.programme import CardFace
from sync.account.programme import AskProgramme, Document, Face, ProgrammeTold

# at a till whoever uses the card takes the rules; in an account he says so
NEEDED_HERE: Final[frozenset[ConsentTo]] = frozenset(("programme_rules",))


def programme(hub: Hub, asked: AccountAsked, body: AskProgramme) -> ProgrammeTold:
    rules = hub.programmes[asked.programme]
    account = hub.tills.find(ACCOUNT_CHAIN)
    if account is not None:
        hub.tills.note_hub_key(account, body.next_hub_key)
    return ProgrammeTold(
        id=rules.id,
        hash=rules.content_hash,
        name=(rules.name_ru, rules.name_en),
        currency=rules.currency,
        timezone=rules.timezone.key,
        next_hub_key=hub.keys.next_public,
        partners=bool(rules.partners),
        face=_face(rules.cards.face),
        documents=tuple(map(_document, rules.consents)),
    )


def _face(face: CardFace) -> Face:
    return Face(colour=face.colour, ink=face.ink, line=(face.ru, face.en))


def _document(document: ConsentDocument) -> Document:
    return Document(
        what=document.what,
        version=document.version,
        title=(document.ru.title, document.en.title),
        ru=document.ru.paragraphs,
        en=document.en.paragraphs,
        needed=is_needed(document),
    )


def is_needed(document: ConsentDocument) -> bool:
    return document.needed or document.what in NEEDED_HERE


PROGRAMME_ACTS: Final[Mapping[str, AccountAct]] = {
    "programme": AccountAct(takes=AskProgramme, do=programme, signed_in=False)
}
