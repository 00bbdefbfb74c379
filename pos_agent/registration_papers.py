"""Papers of a registration: the form that is filled in by hand where there is no connection, and the consents to sign.

Neither has a name or a phone on it, for the till keeps its papers: there are lines to write on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from drivers.printer.document import Block, Columns, Cut, Document, Rule, Text
from loyalty.consents import IN_ACCOUNT_ALONE, ConsentDocument
from loyalty.paper.words import PaperWords
from pos_agent.receipt import shop_header
from pos_agent.slip import consent_sheet, fields


def paper_form(card: str, till: str, at: datetime, words: PaperWords) -> Document:
    """`card` "": its number is written by hand. It stays in the shop, so that the number stands there in full."""
    sheets = list(_form(card, till, at, words))
    for document in at_tills(words.programme.consents):
        sheets += consent_sheet(document, card, at, words, asks=True)
    return Document(tuple(sheets))


def at_tills(documents: Sequence[ConsentDocument]) -> list[ConsentDocument]:
    return [one for one in documents if one.what not in IN_ACCOUNT_ALONE]


def signed_consents(documents: Sequence[ConsentDocument], card: str, at: datetime, words: PaperWords) -> Document:
    """What was agreed to on the screen. `card`: masked."""
    return Document(tuple(block for one in documents for block in consent_sheet(one, card, at, words)))


def _form(card: str, till: str, at: datetime, words: PaperWords) -> Iterator[Block]:
    yield from shop_header(words)
    yield Rule()
    yield Text(words.say("form"), align="center", bold=True)
    yield Columns(words.time(at), words.say("till", till=till))
    if card:
        yield Columns(words.say("new_card"), card, bold=True)
        yield from fields(words, "name", "phone", "birthday", "signature")
    else:
        yield from fields(words, "card", "name", "phone", "birthday", "signature")
    if days := words.programme.cards.form_days:
        yield Text(words.say("form_days", days=str(days)), align="center")
    yield Text(words.say("form_by_hand"), align="center")
    yield Cut()
