"""By what an operation is found again: by whom it names (the member, those of a merge, else the card), by that and its
moment, and by what stands on a receipt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from hub.books.certificate_tenders import tendered
from hub.store.named import NamedRow
from hub.store.records import Place
from loyalty.bodies import (
    CertificateReplaced,
    Fiscal,
    FiscalAdded,
    MemberMerged,
    OperationRef,
    Return,
    ReturnCompleted,
    Sale,
    SaleClaimed,
)
from loyalty.operation import Operation
from loyalty.possible import is_text

SIGN: Final = "\x1f"  # between the parts of a name that is nobody's: no id and no card's number may hold it
TENDERED: Final = (Sale, Return, ReturnCompleted)  # made once: a union is made anew each time that it is asked for
LETTERS_MAX: Final = 300  # of all of it


def named_by(operation: Operation, place: Place) -> list[NamedRow]:
    """Also of one that was refused. What can be nobody's name (an operation may be refused for it) is left out."""
    body = operation.body
    member, into = getattr(body, "member", None), getattr(body, "into", None)
    card = getattr(body, "card", None) if member is None else None
    into = None if isinstance(body, CertificateReplaced) else into
    names = dict.fromkeys(name for name in (member, into, card) if name is not None and is_text(name))
    return [NamedRow(name, *place) for name in names]


def found_by(operation: Operation, place: Place) -> list[NamedRow]:
    """What a customer has in hand: a receipt's number in its shop and day, its fiscal documents; of what is said of a
    receipt later, which it is; and whose it is, in the order of moments. Also of one that was refused."""
    whose = (name_of_moment(row.name, operation.at) for row in named_by(operation, place))
    return [NamedRow(name, *place) for name in dict.fromkeys((*_names(operation), *whose)) if _is_kept(name)]


def name_of_moment(whose: str, at: str) -> str:
    """Of what was done by, or for, a member or the bearer of a card. Those of one sort as their moments do; with `at`
    "" it stands before them all."""
    return SIGN + SIGN.join(("did", whose, at))


def names_after(whose: str) -> str:
    """What stands behind all of his."""
    return name_of_moment(whose, "~")


def name_of_number(store: str, day: str, number: str) -> str:
    return SIGN + SIGN.join(("sale", store, day, number))


def name_of_document(document: str, sign: str) -> str:
    """Without leading zeros: a device, its QR and a POS write them differently."""
    return SIGN + SIGN.join(("fiscal", document.lstrip("0"), sign.lstrip("0")))


def name_of_sale(of: Place) -> str:
    """Of what is said of this sale."""
    return SIGN + SIGN.join(("of", of.chain, str(of.generation), str(of.sequence)))


def name_of_merges(into: str) -> str:
    """Of those by which somebody has gone into this member."""
    return SIGN + SIGN.join(("into", into))


def name_of_certificate(number: str) -> str:
    return SIGN + SIGN.join(("certificate", number))


def _names(operation: Operation) -> Iterator[str]:
    body = operation.body
    match body:
        case Sale():
            yield name_of_number(operation.store.id if operation.store else "", body.sale.day, body.sale.number)
            yield from _documents(body.fiscal)
        case FiscalAdded():
            yield from _documents(body.fiscal)
            yield _of(body.of)
        case Return() | ReturnCompleted() | SaleClaimed():
            yield _of(body.of)
        case MemberMerged():
            yield name_of_merges(body.into)
        case CertificateReplaced():
            yield name_of_certificate(body.into)
    yield from map(name_of_certificate, _certificates(body))


def _certificates(body: object) -> Iterable[str]:
    if isinstance(body, TENDERED):
        return tendered(body.tenders) if body.tenders else ()
    number: str | None = getattr(body, "certificate", None)
    return (number,) if number is not None else ()


def _documents(documents: Iterable[Fiscal]) -> Iterator[str]:
    return (name_of_document(one.document, one.sign) for one in documents)


def _of(of: OperationRef) -> str:
    return name_of_sale(Place(of.chain, of.generation, of.sequence))


def _is_kept(name: str) -> bool:
    return len(name) <= LETTERS_MAX and "\x00" not in name
