"""A purchase that earned nothing, because nobody had shown a card, and its paper: honoured once."""

from __future__ import annotations

from typing import Final

from simulator.away.matter import Errand, Matter, Refused
from simulator.people import Person, Receipt
from simulator.plan import store_of
from sync.receipts import SoughtClaim, SoughtReceipt

POINTS_MAX: Final = 10**9


def claims(matter: Matter) -> Errand:
    """At the office, with the receipt in his hand; sometimes two claim it, or one twice."""
    found = matter.of_nobody()
    if found is None:
        return
    owner, receipt = found
    yield from _claims(matter, owner, receipt)
    if matter.chance.random() < 0.5:
        yield from _claims(matter, matter.chance.choice((owner, matter.person)), receipt)


def _claims(matter: Matter, person: Person, receipt: Receipt) -> Errand:
    matter.concerns(person)
    sale = receipt.sale
    sought = SoughtReceipt(number=sale.number, day=sale.day, store=store_of(receipt.till), till=receipt.till)
    body = SoughtClaim(who=person.card, receipt=sought, reason="Забыл карту")
    claims = matter.world.oracle.claims
    before = claims.get(receipt.visit, 0)
    claims[receipt.visit] = POINTS_MAX  # while nobody knows whether it was given
    told = yield matter.office("claim_sale", body)
    claims[receipt.visit] = before
    if not isinstance(told, Refused) and told.state == "given":
        claims[receipt.visit] = told.points
        matter.honoured(person, receipt, told.points)
