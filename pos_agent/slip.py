"""The form to sign when a card changes hands: what the member fills in, and the consent as a document of its own.

The till keeps no name and no phone, so there are lines to write on. The form stays in the shop, and the office enters
the card from it: its number stands there in full; the lost card's does not. Consent to the use of personal data may
not be part of another document (152-FZ since September 2025): it has a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from drivers.printer.document import QR, Block, Columns, Cut, Document, Feed, Rule, Text
from loyalty.bodies import CardIssued, CardMadeVirtual, CardReissued
from loyalty.consents import ConsentDocument
from loyalty.operation import Operation
from loyalty.paper.words import PaperWords
from loyalty.programme import Language, Programme
from pos_agent.receipt import masked, shop_header

CARD_QR_SIZE = 6  # dots a module: a number has few of them, and it is shown at tills from a crumpled paper
WRITING_LINES = 2  # of room above a line to write on: 7.5 mm


def slip(operation: Operation, programme: Programme, language: Language) -> Document | None:
    """The paper for a card that was issued, replaced or made virtual; None for any other operation."""
    words = PaperWords(programme, language, operation.store)
    match operation.body:
        case CardIssued() as issued:
            form = [*_issue_form(operation, issued, words), *_consent(operation, issued.card, words)]
        case CardReissued() as reissued:
            form = list(_reissue_form(operation, reissued, words))
        case CardMadeVirtual() as made:
            form = list(_virtual_slip(operation, made, words))
        case _:
            return None
    return Document(tuple(form))


def _issue_form(operation: Operation, issued: CardIssued, words: PaperWords) -> Iterator[Block]:
    yield from _top(operation, issued.sale.number, words.say("form"), words)
    yield Columns(words.say("new_card"), issued.card, bold=True)
    yield from fields(words, "name", "phone", "birthday", "signature")
    yield from (Text(line, align="center") for line in words.programme.receipt(words.language).form)
    yield Cut()
    if issued.virtual:
        yield from _top(operation, issued.sale.number, words.say("virtual_card"), words)
        yield from _shown(issued.card, words)
        yield from (Text(line, align="center") for line in words.programme.receipt(words.language).form)
        yield Cut()


def _reissue_form(operation: Operation, reissued: CardReissued, words: PaperWords) -> Iterator[Block]:
    yield from _top(operation, reissued.sale.number, words.say("reissue_form"), words)
    yield Columns(words.say("old_card"), masked(reissued.old_card))
    yield Columns(words.say("new_card"), reissued.new_card, bold=True)
    yield Text(words.say("balance_kept"))
    yield from fields(words, "name", "phone", "signature")
    yield Cut()


def _virtual_slip(operation: Operation, made: CardMadeVirtual, words: PaperWords) -> Iterator[Block]:
    """The customer's: it is all that he has of the card."""
    yield from _top(operation, None, words.say("virtual_card"), words)
    yield Columns(words.say("replaced_card"), masked(made.old_card))
    yield from _shown(made.new_card, words)
    yield Text(words.say("balance_kept"))
    yield Cut()


def _shown(number: str, words: PaperWords) -> Iterator[Block]:
    """A card without plastic: its QR, and its number for whoever types it."""
    yield QR(number, size=CARD_QR_SIZE)
    yield Text(number, align="center", bold=True)
    yield Text(words.say("virtual_how"), align="center")


def _consent(operation: Operation, card: str, words: PaperWords) -> Iterator[Block]:
    """A sheet of its own, where the programme has a text for it."""
    document = words.programme.consent("personal_data")
    if document is not None:
        yield from consent_sheet(document, masked(card), datetime.fromisoformat(operation.at), words)


def consent_sheet(
    document: ConsentDocument, card: str, at: datetime, words: PaperWords, *, asks: bool = False
) -> Iterator[Block]:
    """One consent, alone on its paper, to be signed. `card`: as it may stand there; "": it is written by hand. `asks`:
    he has not said yet whether he agrees, and ticks a box."""
    text = words.programme.consent_text(document, words.language)
    yield from shop_header(words)
    yield Rule()
    yield Text(text.title, align="center", bold=True)
    yield Columns(words.say("card", card=card) if card else words.say("consent_card"), words.day(at))
    yield Text(words.say("document", version=document.version))
    yield Rule()
    yield from (Text(paragraph) for paragraph in text.paragraphs)
    if asks:
        yield Text(words.say("agree"), bold=True)
        yield Text(words.say("needed" if document.needed else "optional"))
    yield from fields(words, "name", "signature")
    yield Cut()


def _top(operation: Operation, sale: str | None, title: str, words: PaperWords) -> Iterator[Block]:
    yield from shop_header(words)
    yield Rule()
    yield Text(title, align="center", bold=True)
    till = words.say("till", till=operation.chain)
    yield Columns(words.say("receipt", number=sale), till) if sale is not None else Text(till)
    yield Text(words.time(datetime.fromisoformat(operation.at)))


def fields(words: PaperWords, *fields: str) -> Iterator[Block]:
    """What is written by hand: a line, and under it what belongs there."""
    for field in fields:
        yield from (Feed(WRITING_LINES), Rule("."), Text(words.say(f"field_{field}")))
