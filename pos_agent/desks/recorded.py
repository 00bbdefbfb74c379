"""A sale that was recorded, in words for the cashier: what became of the points."""

from __future__ import annotations

from dataclasses import replace as replace_done

from loyalty.bodies import Sale
from pos_agent.counter import Counter, Done, Left, remark
from pos_agent.receipt import masked
from pos_agent.visit import Visit


def of_points(counter: Counter, sale: Sale, visit: Visit, done: Done) -> Done:
    """With the words for what was recorded."""
    number, who, more = sale.sale, visit.who, done.more
    if who is None:
        return replace_done(done, code="no_member", facts={"sale": number.number})
    if who.stranger:
        facts = {"sale": number.number, "accrued": counter.points(sale.accrued.points), "card": masked(who.card)}
        return replace_done(done, words="recorded_stranger", facts=facts)
    if counter.is_blocked(visit):
        return _of_blocked(counter, sale, masked(who.card), done)
    left = counter.left(visit)
    points = left.points - sale.redeemed.points + sale.accrued.points
    counter.house.told_balance = number, points
    facts = {
        "sale": number.number,
        "accrued": counter.points(sale.accrued.points),
        "redeemed": counter.points(sale.redeemed.points),
        "balance": counter.points(points),
        "owed": counter.owed(points),
    }
    if left.elsewhere:
        more = (*more, remark("held_besides", held=counter.points(left.elsewhere)))
    stickers = done.told.stickers if done.told is not None else None
    if stickers is not None and stickers.given and stickers.left is not None:
        more = (*more, remark("recorded_stickers", given=str(stickers.given), left=str(stickers.left)))
    if points < 0:
        more = (*more, remark("owed_why"))
        return replace_done(done, facts=facts, words="recorded_owing", more=more)
    return replace_done(done, facts=facts, short=_short(sale, left), more=more)


def _of_blocked(counter: Counter, sale: Sale, card: str, done: Done) -> Done:
    """Blocked since the quote was told, perhaps: then the points that it promised are moved. The balance is not said:
    whoever has the card may be its finder."""
    facts = {"sale": sale.sale.number, "card": card}
    if not (sale.redeemed.points or sale.accrued.points):
        return replace_done(done, words="recorded_blocked", facts=facts)
    facts["accrued"] = counter.points(sale.accrued.points)
    facts["redeemed"] = counter.points(sale.redeemed.points)
    short = "redeemed_as_promised" if sale.redeemed.points else ""
    return replace_done(done, words="recorded_as_promised", facts=facts, short=short)


def _short(sale: Sale, left: Left) -> str:
    if left.elsewhere:
        return "recorded_redeemed_for_now" if sale.redeemed.points else "recorded_for_now"
    return "recorded_redeemed" if sale.redeemed.points else ""
