"""In what a receipt would be another now than it was told, and what keeping the promise costs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from loyalty.bodies import Sale
from pos_agent.counter import Counter, today_at
from pos_agent.open_receipts import has_promised
from pos_agent.telling import Told, sums
from pos_agent.visit import Visit

# why it would be another
Change = Literal["card", "link", "held", "coupon", "certificate", "balance", "day", "programme", "offer", "stickers"]


def changes(counter: Counter, told: Told, visit: Visit, now: Sale) -> tuple[Change, ...]:
    """In what the receipt would be another now: causes by name, the nearest first."""
    was = told.sale
    if sums(was) == sums(now):
        return ()
    causes: list[Change] = ["card"] if card_change(was, now) else []
    if visit.hold != told.visit.hold and visit.hold and visit.hold.bound:
        causes.append("held" if visit.hold.bound == "held_elsewhere" else "balance")
    if was.link != now.link:
        causes.append("link")
    if told.programme_hash not in ("", counter.programme.content_hash):
        causes.append("programme")
    if [use.campaign for use in was.coupons] != [use.campaign for use in now.coupons]:
        causes.append("coupon")
    if was.stickers != now.stickers:
        causes.append("stickers")
    if was.tenders != now.tenders and sums(replace_paid(was)) == sums(replace_paid(now)):
        causes.append("certificate")
    if was.seen is not None and now.seen is not None and was.seen.points_active != now.seen.points_active:
        causes.append("balance")
    if today_at(datetime.fromisoformat(told.told_at), counter.cache, counter.programme) != counter.today:
        causes.append("day")
    if not causes and now.redeemed.points < was.redeemed.points and has_promised(counter, visit):
        causes.append("held")
    return tuple(dict.fromkeys(causes)) or ("offer",)


def card_change(was: Sale, now: Sale) -> bool:
    """Whether the same card is blocked now, or is no longer."""
    before, after = was.seen, now.seen
    if before is None or after is None or (was.member, was.card) != (now.member, now.card):
        return False
    return before.card_status != after.card_status and "blocked" in (before.card_status, after.card_status)


def replace_paid(sale: Sale) -> Sale:
    """But for what certificates pay."""
    return replace(sale, paid_kopecks=sale.total_kopecks)


def cost_kopecks(told: Told, now: Sale) -> int:
    """What keeping the promise costs the shop, as the receipt would be now."""
    return max(0, now.paid_kopecks - told.sale.paid_kopecks)
