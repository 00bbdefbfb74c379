"""Gift certificates among the goods that come back: only whole ones, by the hub's word, or where this till alone knows
of them. From the first step on nobody pays with one: the hub keeps all of it for us."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loyalty.bodies import CertificateRefunded, SoldLine
from loyalty.certificates import is_sold
from loyalty.returns import LineReturn, ReturnStep
from offline_cache.certificates import REFUNDED
from pos_agent.counter import Counter
from pos_agent.desks.certificates import SILENT_CODES, endings, hold_id, is_named
from pos_agent.desks.certificates_sold import sells
from pos_agent.protocol import ReturnGoods
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.sold_receipts import Sold
from pos_agent.told_return import CertificateBack
from sync import certificates as hub


def certificates_back(
    counter: Counter, sold: Sold, step: ReturnStep, command: ReturnGoods
) -> tuple[CertificateBack, ...]:
    """Raises Errand, and Refused in words that say why one cannot come back."""
    lines = {line.id: line for line in sold.sale.lines if is_sold(line)}
    parts = [(lines[part.id], part) for part in step.lines if part.id in lines]
    if not any(line.id for line, _ in parts if _sells(sold, line)):
        return ()
    if sold.operation.chain != counter.cache.till:
        raise Refused("certificate_return_there")
    named = {line.id: line.certificates for line in command.lines}
    back = [one for line, part in parts for one in _of_line(counter, sold, line, part, named.get(line.id, ()))]
    for one in back:
        _must_be_whole(counter, one)
    return tuple(back)


def _sells(sold: Sold, line: SoldLine) -> bool:
    return any(id == line.id for _, id in sells(sold.programme, sold.sale))


def _of_line(
    counter: Counter, sold: Sold, line: SoldLine, part: LineReturn, told: tuple[str, ...]
) -> Iterator[CertificateBack]:
    out = [one for one in _made(counter, sold, line) if not _came_back(counter, one.number)]
    count = part.quantity_m // 1000
    chosen = [one for one in out if not told or any(is_named(one.number, ending) for ending in told)]
    if len(chosen) > count or (told and len(chosen) != min(count, len(told))):
        raise Refused("certificate_which", numbers=endings([one.number for one in out]))
    yield from chosen


def _made(counter: Counter, sold: Sold, line: SoldLine) -> list[CertificateBack]:
    """Those of the line that were given numbers."""
    bodies = counter.cache.certificates_sold(sold.operation.key)
    pairs = zip(sells(sold.programme, sold.sale), bodies, strict=False)
    return [CertificateBack(number=body.certificate, kopecks=face) for (face, id), body in pairs if id == line.id]


def _came_back(counter: Counter, number: str) -> bool:
    """With goods of this receipt; one that was refunded on demand is not whole, and is said to be so."""
    moves = counter.cache.certificates.moves(number)
    done = [counter.cache.operation(move.key) for move in moves if move.what == REFUNDED and not move.refused]
    bodies = [operation.body for operation in done if operation is not None]
    return any(isinstance(body, CertificateRefunded) and body.sale is not None for body in bodies)


def _must_be_whole(counter: Counter, one: CertificateBack) -> None:
    here = counter.cache.certificates.here(one.number)
    broken = Refused("certificate_not_whole", number=masked(one.number))
    if here.blocked or here.replaced:
        raise broken
    if here.unheard or counter.cache.training:
        if here.left_kopecks != one.kopecks:
            raise broken
        return
    if counter.link == "offline":
        raise Refused("certificate_needs_hub")
    asked = hub.CertificateHoldAsked(number=one.number, hold=hold_id(counter, one.number), kopecks=one.kopecks)
    try:
        held = counter.ask_hub(hub.HOLD, asked, hub.CertificateHeld, of=one.number)
    except Refused as refused:
        raise Refused("certificate_needs_hub") if refused.code in SILENT_CODES else broken from None
    if held.kopecks + here.unsent_kopecks < one.kopecks:
        raise broken


def bodies_of_back(counter: Counter, sold: Sold, back: Iterable[CertificateBack]) -> list[CertificateRefunded]:
    """Of goods that came back meanwhile the certificate did too: what was given for it again is the return's to say."""
    return [
        CertificateRefunded(certificate=one.number, kopecks=one.kopecks, sale=sold.sale.sale, reason="return")
        for one in back
        if not _came_back(counter, one.number)
    ]
