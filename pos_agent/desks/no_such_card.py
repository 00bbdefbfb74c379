"""A paid receipt whose card turned out to be another's, or nobody's: the money is a fact, and it is a deviation."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from loyalty.bodies import Deviation, Sale
from pos_agent.counter import Counter, Remarks, remark
from pos_agent.receipt import masked
from pos_agent.telling import Told
from pos_agent.visit import Visit, Who


def card_of_nobody(counter: Counter, visit: Visit, told: Told | None) -> str | None:
    """A stranger's card of which the hub has said, since this was told, that nobody has it: no points come to it."""
    who = visit.who
    if told is None or who is None or not who.stranger or who.card is None or counter.card(who.card) is not None:
        return None
    since = counter.house.nobodys_since(who.card)
    return who.card if since is not None and datetime.fromisoformat(told.told_at) <= since else None


def said_of_card(taken: str | None, nobodys: str | None) -> Remarks:
    if taken is not None:
        return (remark("card_taken", card=masked(taken)),)
    return (remark("card_of_nobody", card=masked(nobodys)),) if nobodys is not None else ()


def without_card(sale: Sale, who: Who | None, why: str, number: str) -> Sale:
    """The money is a fact, whoever has the card."""
    card = who.card if who is not None and who.identified_by == "card" else None
    sold = replace(sale, card=card, deviations=(*sale.deviations, Deviation(kind=why, note=number)))
    return sold if sold.member is not None or card is not None else _nobodys(sold)


def _nobodys(sale: Sale) -> Sale:
    """What nobody bought counts for nobody's tier, and gives nobody points or stickers."""
    return replace(
        sale,
        qualifying_kopecks=0,
        coupons=tuple(replace(use, points=0) for use in sale.coupons),
        offers=tuple(replace(offer, points=0) for offer in sale.offers),
        stickers=None,
    )
