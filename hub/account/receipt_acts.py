"""A receipt of the member's, as it is in the books, with what a till printed of it."""

from __future__ import annotations

from typing import Final

from hub.account.act import AccountAsked, signed_in
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.moves import His, applied, his_of, is_his
from hub.people.receipts import FoundReceipt, receipts_at
from hub.store.records import Place
from hub.store.seam import Reader
from loyalty.bodies import CardIssued, CardReissued, Return, Sale, SoldLine
from loyalty.claims import never_given
from loyalty.operation import Operation
from loyalty.paper.back import return_parts
from loyalty.paper.parts import Code, Line, Part, Row, Title
from loyalty.paper.sale import gross_kopecks, sale_parts
from loyalty.programme import Language, Programme
from loyalty.returns import all_lines
from sync.account.points import AskReceipt, Paper, PaperPart, ReceiptLine, ReceiptTold

CARDS_BEFORE: Final = 3  # operations of cards that one receipt may have made before it


def receipt(hub: Hub, asked: AccountAsked, body: AskReceipt) -> ReceiptTold:
    """Another's is as one that there is not."""
    place = place_called(body.id, "unknown_receipt")
    with hub.store.reading() as reader:
        found = _found(reader, his_of(reader, signed_in(reader, asked)), place)
        before = _cards_before(reader, found)
    rules = hub.rules(found.sold.programme_hash) or hub.programmes[asked.programme]
    return _told(found, rules, body.language, _papers(found, before, rules, body.language))


def place_called(id: str, code: str) -> Place:
    """Raises ActRefused for what is no id of an operation."""
    chain, _, rest = id.partition("/")
    generation, _, sequence = rest.partition("/")
    if not (chain and _is_number(generation) and _is_number(sequence)):
        raise ActRefused(code, f"no operation is called {id!r}")
    return Place(chain, int(generation), int(sequence))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


def _found(reader: Reader, his: His, place: Place) -> FoundReceipt:
    found = next(iter(receipts_at(reader, [place])), None)
    if found is None or not _is_of(found, his):
        raise ActRefused("unknown_receipt", "he has no such receipt")
    return found


def _is_of(found: FoundReceipt, his: His) -> bool:
    if found.claim is not None:
        return found.claim.member in his.ids
    return found.kept.reason is None and is_his(found.sold, his)


def _cards_before(reader: Reader, found: FoundReceipt) -> list[Operation]:
    """What the same receipt did to cards."""
    place = found.kept.place
    first = max(1, place.sequence - CARDS_BEFORE)
    kept = reader.operations([place._replace(sequence=number) for number in range(first, place.sequence)])
    read = [one for _, some in sorted(kept.items()) if (one := applied(some)) is not None]
    return [one for one in read if isinstance(one.body, CardIssued | CardReissued) and one.body.sale == found.sale.sale]


def _told(found: FoundReceipt, rules: Programme, language: Language, papers: tuple[Paper, ...]) -> ReceiptTold:
    sold, sale, moved, claim = found.sold, found.sale, found.moved, found.claim
    earned = sale.accrued.points if claim is None else claim.accrued.points
    return ReceiptTold(
        id=found.kept.place.id,
        at=sold.at,
        number=sale.sale.number,
        till=sold.chain,
        shop=sold.store.id if sold.store else "",
        lines=tuple(_line(line, found.bodies) for line in all_lines(sale)),
        total_kopecks=sale.total_kopecks,
        paid_kopecks=sale.paid_kopecks,
        points_kopecks=sale.redeemed.kopecks,
        earned=earned,
        spent=sale.redeemed.points,
        claimed=claim is not None,
        back_kopecks=sum(body.refund_kopecks for body in found.bodies),
        restored=moved.restored,
        taken_back=moved.clawed_back - never_given(claim)[0],
        coupons=tuple((_coupon(rules, use.campaign, language), use.discount_kopecks) for use in sale.coupons),
        stickers_given=sale.stickers.given if sale.stickers else 0,
        stickers_spent=sum(one.count for one in sale.stickers.spent) if sale.stickers else 0,
        lot=bool(earned) and claim is None,
        blocked=was_blocked(sale) and not earned,
        papers=papers,
    )


def was_blocked(sale: Sale) -> bool:
    """Did it give nothing because the card was blocked, as the till knew it?"""
    return sale.seen is not None and sale.seen.card_status == "blocked" and not sale.accrued.points


def _coupon(rules: Programme, campaign: str, language: Language) -> str:
    offer = rules.coupon(campaign)
    return campaign if offer is None else offer.ru if language == "ru" else offer.en


def _line(line: SoldLine, returns: list[Return]) -> ReceiptLine:
    back = sum(part.quantity_m for one in returns for part in one.lines if part.id == line.id)
    return ReceiptLine(
        name=line.name,
        unit=line.unit,
        quantity_m=line.quantity_m,
        price_kopecks=line.price_kopecks,
        net_kopecks=line.net_kopecks,
        off_kopecks=max(0, gross_kopecks(line) - line.net_before_kopecks),
        points_kopecks=line.discount_kopecks,
        back_m=min(back, line.quantity_m),
    )


# papers


def _papers(found: FoundReceipt, before: list[Operation], rules: Programme, language: Language) -> tuple[Paper, ...]:
    """Of the sale, if it was his when it was paid, and of what came back of it since."""
    papers = []
    if found.claim is None:
        parts = sale_parts([*before, found.sold], rules, language, None, found.kept.hash, lines=True)
        papers.append(Paper(id=found.kept.place.id, at=found.sold.at, kind="sale", parts=tuple(map(_part, parts))))
    for kept, one in found.returns:
        assert isinstance(one.body, Return)
        parts = return_parts(one, one.body, found.sale, rules, language, None, kept.hash, lines=True)
        papers.append(Paper(id=kept.place.id, at=one.at, kind="return", parts=tuple(map(_part, parts))))
    return tuple(papers)


def _part(part: Part) -> PaperPart:
    match part:
        case Row(left, right, bold):
            return PaperPart("row", left, right, bold)
        case Title(text, bold, double):
            return PaperPart("title", text, bold=bold, double=double)
        case Code(text):
            return PaperPart("code", text)
        case Line():
            return PaperPart("line")
