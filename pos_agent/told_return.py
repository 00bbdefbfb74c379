"""A return as it was told: a promise, as a quote of a sale is; and what the POS gets of it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from loyalty.bodies import OperationRef, Return, ReturnStickers, SaleNumber
from loyalty.certificates import CERTIFICATE
from loyalty.money import format_kopecks, format_quantity_m
from loyalty.operation import Key
from loyalty.paper import back
from loyalty.paper.back import certificate_kopecks as certificate_kopecks
from loyalty.returns import LineReturn, ReturnStep, all_lines, refund_positions
from pos_agent.answers import ToldReturn, ToldReturnLine, ToldTenders
from pos_agent.answers_stickers import ToldStickersBack
from pos_agent.counter import Counter
from pos_agent.promises import find_as
from pos_agent.protocol_certificates import ToldTender
from pos_agent.receipt import masked
from pos_agent.sold_receipts import Sold
from pos_agent.told_positions import told_positions


class CertificateBack(msgspec.Struct, frozen=True, kw_only=True):
    """A gift certificate that comes back, with what was paid for it."""

    number: str
    kopecks: int


class ReturnPromise(msgspec.Struct, frozen=True, kw_only=True):
    """`paid`: the return that it became."""

    id: str
    told_at: str
    of: OperationRef
    step: ReturnStep
    reason: str = ""
    without_receipt: bool = False
    second: str | None = None  # who answered for that
    certificates: tuple[CertificateBack, ...] = ()  # gift certificates that come back themselves
    paid: SaleNumber | None = None
    tail: tuple[str, ...] = ()  # what was said with the payment

    @property
    def sold(self) -> Key:
        return Key(self.of.generation, self.of.sequence)


_decoder = msgspec.json.Decoder(ReturnPromise)


def keep_return(counter: Counter, told: ReturnPromise) -> None:
    counter.house.keep_quote(told.id, counter.pos, msgspec.json.encode(told), counter.now)


def find_return(counter: Counter, id: str | None) -> ReturnPromise | None:
    """None for an id that nobody here remembers, or that is a sale's."""
    return find_as(_decoder, counter, id)


def campaigns_back(sold: Sold, body: Return) -> tuple[str, ...]:
    """The coupons that may be used again."""
    return back.campaigns_back(sold.sale, body)


def told_return(
    sold: Sold, body: Return, balance: int | None, tail: tuple[str, ...], after: Mapping[str, int] | None
) -> ToldReturn:
    """For the POS: as it would be, or as it is recorded. `after`: the member's stickers then, by collection."""
    number = sold.sale.sale
    certificate = certificate_kopecks(body)
    return ToldReturn(
        quote=body.quote,
        sale=number.number,
        day=number.day,
        shift=number.shift,
        refund=format_kopecks(body.refund_kopecks),
        tenders=ToldTenders(
            money=format_kopecks(body.refund_kopecks - certificate),
            certificate=format_kopecks(certificate),
            certificates=tuple(
                ToldTender(certificate=masked(tender.id), amount=format_kopecks(tender.kopecks))
                for tender in body.tenders
                if tender.kind == CERTIFICATE and tender.id is not None
            ),
        ),
        withheld=format_kopecks(body.withheld_kopecks),
        restored=body.restored.points,
        clawed_back=body.clawed_back.points,
        balance=balance,
        coupons=campaigns_back(sold, body),
        cards=tuple(map(masked, sold.cards)),
        lines=tuple(_line_view(sold, line) for line in parts(body)),
        tail=tail,
        stickers=_stickers(body.stickers, after),
    )


def _stickers(told: ReturnStickers | None, after: Mapping[str, int] | None) -> ToldStickersBack | None:
    if told is None:
        return None
    return ToldStickersBack(
        collection=told.collection,
        taken_back=told.taken_back,
        restored=told.restored,
        left=after.get(told.collection, 0) if after is not None else None,
    )


def parts(body: Return) -> tuple[LineReturn, ...]:
    """What came back, as the rules take it."""
    return tuple(
        LineReturn(id=line.id, quantity_m=line.quantity_m, pieces=line.pieces, refund_kopecks=line.refund_kopecks)
        for line in body.lines
    )


def _line_view(sold: Sold, part: LineReturn) -> ToldReturnLine:
    line = next(line for line in all_lines(sold.sale) if line.id == part.id)
    return ToldReturnLine(
        id=line.id,
        name=line.name,
        quantity=format_quantity_m(part.quantity_m),
        pieces=part.pieces,
        refund=format_kopecks(part.refund_kopecks),
        positions=told_positions(line, refund_positions(line, part), part.pieces, part.quantity_m),
    )
