"""Gift certificates that a receipt sells: each gets one of the numbers that the hub gave ahead, in the transaction of
the sale, and a paper of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from drivers.printer.document import to_json
from loyalty.basket import BadBasket, Line
from loyalty.bodies import CertificateSold, Deviation, Sale, SaleNumber
from loyalty.certificates import check_face_value, faces, is_sold
from loyalty.money import format_kopecks
from loyalty.operation import Operation
from loyalty.paper.words import PaperWords
from loyalty.programme import Programme
from offline_cache.certificates import Blank
from offline_cache.records import Paper, StoredSale
from pos_agent.certificate_papers import Looks, certificate_paper
from pos_agent.counter import Counter, Remarks, remark
from pos_agent.desks.certificates import PRACTICE, endings, practice_text
from pos_agent.open_receipts import frozen_elsewhere
from pos_agent.priced import pos_lines
from pos_agent.protocol import Pay
from pos_agent.protocol_certificates import CertificateGift, ToldCertificate
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.visit import Visit
from pos_agent.words import as_typed

NOT_MADE = "certificates_not_made"  # a deviation: money was taken for certificates, and there were no numbers for them
GIFT_LETTERS_MAX = 200
GIFT_TEXTS = ("design", "recipient", "wishes")
NAMES_SHOWN_MAX = 3
PRACTICE_PIN = "000000"


class Made(NamedTuple):
    """What a sale makes. `missing`: certificates for which there was no number."""

    bodies: tuple[CertificateSold, ...] = ()
    blanks: tuple[Blank, ...] = ()
    looks: tuple[Looks, ...] = ()
    missing: int = 0
    kopecks_missing: int = 0

    def deviations(self) -> tuple[Deviation, ...]:
        if not self.missing:
            return ()
        return (Deviation(kind=NOT_MADE, cost_kopecks=self.kopecks_missing, note=str(self.missing)),)


NOTHING = Made()


# before the money


def enough_numbers(counter: Counter, visit: Visit) -> None:
    """Raises Refused: who has paid for a certificate is to have one."""
    need = _need(counter, visit)
    if need and (have := _have(counter, visit, need)) < need:
        raise Refused("no_certificate_numbers", need=str(need), have=str(have))


def remarks_of_basket(counter: Counter, visit: Visit) -> Remarks:
    """What the cashier hears while there is time."""
    lines = [line for line in pos_lines(counter, visit) if is_sold(line)]
    odd = [line for line in lines if not _is_in_range(counter, line)]
    remarks = []
    if odd:
        rules = counter.programme.certificates
        remarks.append(
            remark(
                "certificate_face",
                least=counter.amount(rules.face_min_kopecks),
                most=counter.amount(rules.face_max_kopecks),
                names=", ".join(as_typed(line.name) for line in odd[:NAMES_SHOWN_MAX]),
            )
        )
    need = sum(line.quantity_m // 1000 for line in lines if line not in odd)
    if need and (have := _have(counter, visit, need)) < need:
        remarks.append(remark("no_certificate_numbers", need=str(need), have=str(have)))
    return tuple(remarks)


def _need(counter: Counter, visit: Visit) -> int:
    lines = (line for line in pos_lines(counter, visit) if is_sold(line) and _is_in_range(counter, line))
    return sum(line.quantity_m // 1000 for line in lines)


def _have(counter: Counter, visit: Visit, need: int) -> int:
    """But for those that receipts need whose customers are paying just now. A till that may be a copy of another has
    none: they are the other's, too."""
    if counter.cache.training:
        return need
    if counter.house.unproven() is not None:
        return 0
    others = (len(sells(counter.programme, sale)) for sale in frozen_elsewhere(counter, visit))
    return max(0, counter.cache.certificates.free() - sum(others))


def _is_in_range(counter: Counter, line: Line) -> bool:
    """What is paid for one piece of it."""
    kopecks = (line.gross_kopecks - line.discount_kopecks) * 1000 // line.quantity_m
    return _is_face(counter.programme, kopecks)


def _is_face(programme: Programme, kopecks: int) -> bool:
    try:
        check_face_value(programme, kopecks)
    except BadBasket:
        return False
    return True


# with the money


def made_with(counter: Counter, sale: Sale | None, number: SaleNumber, command: Pay) -> Made:
    """What the sale makes, with the numbers that are free now. Money that was paid for one that has none is said."""
    if sale is None:
        return NOTHING
    wanted = sells(counter.programme, sale)
    if not wanted:
        return NOTHING
    gifts = _looks(command.gifts)
    blanks = blanks_for(counter, len(wanted))
    looks = [_taken_for(gifts, line) for _, line in wanted[: len(blanks)]]
    bodies = tuple(
        CertificateSold(certificate=blank.number, kopecks=face, sale=number, design=look.design)
        for (face, _), blank, look in zip(wanted, blanks, looks, strict=False)
    )
    left = wanted[len(blanks) :]
    return Made(bodies, tuple(blanks), tuple(looks), len(left), sum(face for face, _ in left))


def sells(programme: Programme, sale: Sale) -> list[tuple[int, str]]:
    """What each certificate of a sale holds, and of which line it is, in their order."""
    return [
        (face, line.id) for line in sale.lines if is_sold(line) for face in faces(line) if _is_face(programme, face)
    ]


def blanks_for(counter: Counter, count: int) -> list[Blank]:
    if not counter.cache.training:
        return counter.cache.certificates.next(count)
    prefix = next(iter(counter.programme.scans.certificates), "")
    numbers = [f"{PRACTICE}{int(counter.house.new_id(), 16) % 10**12:012d}" for _ in range(count)]
    return [Blank(number, practice_text(number, prefix), PRACTICE_PIN) for number in numbers]


def _looks(gifts: Sequence[CertificateGift]) -> list[CertificateGift]:
    """Nothing in them is anything but text; too much of it is cut, for the money is there."""
    return [
        replace(gift, **{field: as_typed(getattr(gift, field), GIFT_LETTERS_MAX) for field in GIFT_TEXTS})
        for gift in gifts
    ]


def _taken_for(gifts: list[CertificateGift], line: str) -> Looks:
    """The first that is meant for this line, or for none."""
    gift = next((one for one in gifts if one.line in (None, line)), None)
    if gift is None:
        return Looks()
    gifts.remove(gift)
    return Looks(gift.design, gift.recipient, gift.wishes)


def papers_of_made(counter: Counter, operations: Sequence[Operation], made: Made, number: SaleNumber) -> list[Paper]:
    """One for each, in their order. Their words are nowhere else."""
    sold = [(one.body, one) for one in operations if isinstance(one.body, CertificateSold)]
    words = PaperWords(counter.programme, counter.house.receipt_language, counter.cache.store)
    return [
        Paper(
            kind="certificate",
            label=masked(blank.number),
            document=to_json(
                certificate_paper(
                    blank,
                    words,
                    kopecks=body.kopecks,
                    at=datetime.fromisoformat(operation.at),
                    till=operation.chain,
                    looks=look,
                    sale=number.number,
                )
            ),
        )
        for (body, operation), blank, look in zip(sold, made.blanks, made.looks, strict=True)
    ]


def remarks_of_made(counter: Counter, made: Made) -> Remarks:
    remarks = []
    if made.bodies:
        code = "certificates_sold" if counter.house.prints else "certificates_sold_by"
        remarks.append(remark(code, numbers=endings([body.certificate for body in made.bodies])))
    if made.missing:
        remarks.append(remark("certificates_not_made", count=str(made.missing)))
    return tuple(remarks)


# as it is told


def told_sold(bodies: Sequence[object]) -> tuple[ToldCertificate, ...]:
    """Those that operations sold."""
    return tuple(
        ToldCertificate(certificate=masked(body.certificate), face=format_kopecks(body.kopecks))
        for body in bodies
        if isinstance(body, CertificateSold)
    )


def sold_with(counter: Counter, stored: StoredSale) -> list[CertificateSold]:
    """What a recorded sale sold."""
    for operation in stored.operations:
        body = operation.body
        if isinstance(body, Sale) and any(is_sold(line) for line in body.lines):
            return counter.cache.certificates_sold(operation.key)
    return []
