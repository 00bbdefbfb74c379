"""Gift certificates: bought, spent in parts at whichever till, given back for money, stolen."""

from __future__ import annotations

from typing import Final

from drivers.printer.document import Text, from_json
from loyalty.certificate_numbers import is_certificate_number
from pos_agent.protocol import BasketLine
from pos_agent.protocol_certificates import (
    BlockCertificate,
    RefundCertificate,
    ReplaceCertificate,
    UseCertificate,
)
from simulator.people import Certificate
from simulator.stories.sale import basket, card, is_paid, money
from simulator.story import Say, Story
from simulator.visit import Visit

FACES: Final = ("200.00", "500.00", "1000.00", "3000.00")
KEPT_MAX: Final = 3  # the oldest are forgotten in a drawer
LINE: Final = "c"


def buys_certificate(visit: Visit) -> Story:
    """With other goods, as likely as not."""
    chance = visit.chance
    sold = BasketLine(
        id=LINE,
        name="Сертификат",
        price=chance.choice(FACES),
        quantity=chance.choice(("1", "1", "2")),
        category="gift_certificate",
    )
    if chance.random() < 0.5:
        yield card(visit)
    whole = basket(visit, 1, sold)
    goods = whole.lines if chance.random() < 0.5 else (sold,)
    yield Say(command=type(whole)(lines=goods, sale=visit.number))
    paid = yield money(visit)
    if is_paid(visit, paid):
        _takes(visit, *_sold(visit))


def uses_certificate(visit: Visit) -> Story:
    """By its QR, mostly, or by its number and PIN."""
    one = _found(visit)
    if one is None:
        yield from buys_certificate(visit)
        return
    chance, number = visit.chance, visit.number
    if chance.random() < 0.4:
        yield card(visit)
    yield Say(command=basket(visit))
    shown = UseCertificate(text=one.text, sale=number)
    if chance.random() < 0.2:
        shown = UseCertificate(text=one.number, pin=one.pin, sale=number)
    yield Say(command=shown)
    is_paid(visit, (yield money(visit)))


def refunds_certificate(visit: Visit) -> Story:
    """How much is told first; and now and then the paper is spent after all."""
    one = _found(visit)
    if one is None:
        yield from buys_certificate(visit)
        return
    back = RefundCertificate(text=one.text, reason="не нужен")
    told = yield Say(command=back, role="manager")
    if not told.ok:
        return
    paid = RefundCertificate(text=one.text, reason="не нужен", paid=True)
    done = yield Say(command=paid, role="manager", after_s=visit.chance.uniform(2.0, 60.0))
    if done.ok and visit.chance.random() < 0.8:
        visit.person.certificates.remove(one)


def loses_certificate(visit: Visit) -> Story:
    """Whoever has it now may come with it; its owner has another in its place, mostly."""
    one = _found(visit)
    if one is None:
        yield from buys_certificate(visit)
        return
    yield Say(command=BlockCertificate(text=one.number, reason="украден"), role="manager")
    if visit.chance.random() < 0.7:
        replaced = ReplaceCertificate(text=one.text, reason="украден")
        done = yield Say(command=replaced, role="manager", after_s=60.0)
        if done.ok and done.certificate is not None:
            _takes(visit, *_replaced(visit, one, done.certificate.certificate))


def _found(visit: Visit) -> Certificate | None:
    kept = visit.person.certificates
    return visit.chance.choice(kept) if kept else None


def _takes(visit: Visit, *made: Certificate) -> None:
    kept = visit.person.certificates
    kept += made
    del kept[:-KEPT_MAX]


# what stands on the papers


def _sold(visit: Visit) -> list[Certificate]:
    """Those that came with the receipt of this visit."""
    cache = visit.world.tills[visit.till].cache
    deal = cache.last_deal()
    made = cache.certificates_sold(deal.key) if deal is not None else []
    mine = [one for one in made if one.sale is not None and one.sale.number == visit.number]
    return [visit.world.press.certificate(one.certificate, one.kopecks) for one in mine]


def _replaced(visit: Visit, one: Certificate, ending: str) -> list[Certificate]:
    """The number under the QR."""
    job = visit.world.tills[visit.till].cache.print_jobs.waiting("certificate", ending)
    blocks = from_json(job.document).blocks if job is not None else ()
    texts = ["".join(block.text.split()) for block in blocks if isinstance(block, Text)]
    numbers = [text for text in texts if is_certificate_number(text)]
    return [visit.world.press.certificate(number, one.kopecks) for number in numbers]
