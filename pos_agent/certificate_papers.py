"""The paper that is a gift certificate, and those of what becomes of one later.

Who has the paper has the money on it: its QR, and the number with the PIN under it for whoever types. For whom it is,
and what is wished, stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from drivers.printer.document import QR, Block, Columns, Cut, Document, Rule, Text
from loyalty.bodies import CertificateRefunded
from loyalty.money import format_kopecks
from loyalty.operation import Operation
from loyalty.paper.words import PaperWords
from offline_cache.certificates import Blank
from pos_agent.receipt import QR_SIZE, masked, operation_mark, shop_header


class Looks(NamedTuple):
    design: str = ""
    recipient: str = ""
    wishes: str = ""


NO_LOOKS: Final = Looks()


def certificate_paper(
    blank: Blank,
    words: PaperWords,
    *,
    kopecks: int,
    at: datetime,
    till: str,
    looks: Looks = NO_LOOKS,
    sale: str = "",
    instead: str | None = None,
) -> Document:
    """`kopecks`: what is on it; `sale`: the receipt that sold it; `instead`: the number that it takes the place of."""
    blocks: list[Block] = [
        *shop_header(words),
        Rule(),
        Text(words.say("gift_certificate"), align="center", bold=True),
        *_lines(looks.design),
        Text(words.rubles(kopecks), align="center", bold=True, double=True),
        *_lines(words.say("for_whom", name=looks.recipient) if looks.recipient else ""),
        *_lines(looks.wishes),
        QR(blank.text, size=QR_SIZE),
        Text(spaced(blank.number), align="center", bold=True),
        Text(words.say("pin", pin=blank.pin), align="center"),
        *_lines(words.say("instead_of", number=masked(instead)) if instead else ""),
        Text(words.say("certificate_how"), align="center"),
        Text(words.say("certificate_no_end"), align="center"),
        Rule(),
        Columns(words.say("receipt", number=sale) if sale else words.time(at), words.say("till", till=till)),
        *([Text(words.time(at))] if sale else ()),
        Cut(),
    ]
    return Document(tuple(blocks))


def _lines(text: str) -> Iterator[Block]:
    if text:
        yield Text(text, align="center")


def refund_paper(operation: Operation, words: PaperWords) -> Document:
    body = operation.body
    assert isinstance(body, CertificateRefunded)
    return Document(
        (
            *shop_header(words),
            Rule(),
            Text(words.say("certificate_refund"), align="center", bold=True),
            Text(words.say("not_a_receipt"), align="center", bold=True),
            Rule(),
            Columns(words.say("certificate", number=masked(body.certificate)), words.say("till", till=operation.chain)),
            Columns(words.say("refund_money"), format_kopecks(body.kopecks), bold=True),
            Text(words.time(datetime.fromisoformat(operation.at))),
            QR(operation_mark(operation), size=QR_SIZE),
            Cut(),
        )
    )


def spaced(number: str) -> str:
    """As people read and type it."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
