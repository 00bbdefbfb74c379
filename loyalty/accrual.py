"""Points for a purchase: on the receipt as a whole, never per line, each part rounded down.

What is looked at is what was paid with money: after every discount, after points. The same function is asked
again for what remains of a receipt after a return, so it must only ever fall when less is paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import compress
from typing import Literal, NamedTuple

from loyalty.cards import may_earn
from loyalty.member import MemberView
from loyalty.offers import refusal
from loyalty.programme import (
    BirthdayBonus,
    Category,
    Offer,
    PercentAccrual,
    PerStepAccrual,
    Programme,
)

PartKind = Literal["base", "favourite", "birthday", "promotion", "coupon"]


class Part(NamedTuple):
    kind: PartKind
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """Points of one receipt, with the parts they are made of; parts of nothing are left out."""

    points: int
    parts: tuple[Part, ...]
    offers: tuple[tuple[str, int], ...] = ()  # what each promotion and coupon added, by its id
    qualifying_kopecks: int = 0  # what counts for tiers: goods that earn, before points


NOTHING = Accrual(points=0, parts=())


class Receipt(NamedTuple):
    """All that accrual looks at: for each line its category and its kopecks before points and after.

    `certificate_kopecks` is the part of the whole paid with gift certificates.
    """

    categories: Sequence[Category]
    before: Sequence[int]
    paid: Sequence[int]
    coupons: tuple[Offer, ...]
    certificate_kopecks: int
    day: date


def accrue(programme: Programme, member: MemberView | None, receipt: Receipt) -> Accrual:
    """Points that this receipt earns. Nothing without a card, or with one that is blocked or replaced."""
    if member is None or not may_earn(member.card_status):
        return NOTHING
    earns = [category.earn for category in receipt.categories]
    paid = _money_part(programme, receipt, sum(compress(receipt.paid, earns)))
    qualifying = sum(compress(receipt.before, earns))
    base = base_points(programme, paid, _tier_metric(programme, member, qualifying))
    promotions = _extras(programme, programme.promotions, receipt, qualifying, paid, base)
    coupons = _extras(programme, receipt.coupons, receipt, qualifying, paid, base)
    points: tuple[tuple[PartKind, int], ...] = (
        ("base", base),
        ("favourite", _favourite(programme, member, receipt)),
        ("birthday", _birthday(programme, member, paid, base, receipt.day)),
        ("promotion", sum([extra for _, extra in promotions])),
        ("coupon", sum([extra for _, extra in coupons])),
    )
    parts = tuple([Part(kind=kind, points=count) for kind, count in points if count])
    return Accrual(
        points=sum([part.points for part in parts]),
        parts=parts,
        offers=(*promotions, *coupons),
        qualifying_kopecks=qualifying,
    )


def _earning_part(programme: Programme, receipt: Receipt, categories: Sequence[str]) -> int:
    """Money paid for goods of these categories that earn."""
    chosen = [category.earn and category.id in categories for category in receipt.categories]
    return _money_part(programme, receipt, sum(compress(receipt.paid, chosen)))


def _money_part(programme: Programme, receipt: Receipt, paid: int) -> int:
    """Of `paid`, what certificates did not pay, in proportion to the whole receipt."""
    total = sum(receipt.paid)
    if programme.certificates.earns or not total:
        return paid
    return paid * max(0, total - receipt.certificate_kopecks) // total


def base_points(programme: Programme, paid_kopecks: int, metric_kopecks: int) -> int:
    """A22 with A23, or points per full step. `metric_kopecks` chooses the tier."""
    accrual = programme.accrual
    if isinstance(accrual, PerStepAccrual):
        return per_step(accrual, paid_kopecks)
    return _percent(programme, paid_kopecks, tier_rate_bp(accrual, metric_kopecks))


def per_step(rule: PerStepAccrual, kopecks: int) -> int:
    return kopecks // rule.step_kopecks * rule.points


def tier_rate_bp(accrual: PercentAccrual, metric_kopecks: int) -> int:
    """The rate of the highest tier reached; it applies to the whole sum, not marginally."""
    return max(tier.rate_bp for tier in accrual.tiers if tier.from_kopecks <= metric_kopecks)


def _percent(programme: Programme, kopecks: int, rate_bp: int) -> int:
    return kopecks * rate_bp // (10_000 * programme.currency.kop_per_point)


def _tier_metric(programme: Programme, member: MemberView, receipt_kopecks: int) -> int:
    if isinstance(programme.accrual, PercentAccrual) and programme.accrual.tier_metric == "accumulated":
        return member.accumulated_kopecks
    return receipt_kopecks


def _favourite(programme: Programme, member: MemberView, receipt: Receipt) -> int:
    """P24: extra for the favourites' own sum, each receipt once."""
    rule = programme.favourite
    if rule is None or not member.favourites:
        return 0
    allowed = rule.categories or member.favourites
    favourites = dict.fromkeys(member.favourites)
    categories = tuple([category for category in favourites if category in allowed])[: rule.categories_max]
    paid = _earning_part(programme, receipt, categories)
    return paid // rule.step_kopecks * rule.points


def _birthday(programme: Programme, member: MemberView, paid: int, base: int, day: date) -> int:
    rule = programme.birthday
    if rule is None or member.birthday is None or not in_birthday_window(rule, member.birthday, day):
        return 0
    if rule.per_step is not None:
        return per_step(rule.per_step, paid)
    assert rule.rate_bp is not None, "a birthday bonus is per step or a rate"
    return max(0, _percent(programme, paid, rule.rate_bp) - base)


def in_birthday_window(rule: BirthdayBonus, birthday: date, day: date) -> bool:
    """From days before to days after, over New Year too."""
    return any(
        -rule.days_before <= (day - birthday_in(birthday, year)).days <= rule.days_after
        for year in (day.year - 1, day.year, day.year + 1)
    )


def birthdays_around(rule: BirthdayBonus, day: date) -> list[date]:
    """The birthdays whose window holds `day`, as `birthday_in` says them: never a 29 February."""
    days = (day + timedelta(days=away) for away in range(-rule.days_after, rule.days_before + 1))
    return [one for one in days if (one.month, one.day) != (2, 29)]


def born_for(birthday: date) -> tuple[str, ...]:
    """Month and day (MM-DD) of those whose birthday it is, as birthdays are written."""
    written = birthday.isoformat()[5:]
    return (written, "02-29") if written == "02-28" else (written,)


def birthday_in(birthday: date, year: int) -> date:
    """29 February counts as the 28th, in every year alike."""
    return date(year, birthday.month, min(birthday.day, 28) if birthday.month == 2 else birthday.day)


def birthday_window_end(rule: BirthdayBonus, birthday: date, day: date) -> date:
    """The last day of the window that holds `day`, else of the next one."""
    ends = (birthday_in(birthday, year) + timedelta(days=rule.days_after) for year in (day.year - 1, day.year))
    return next(
        (end for end in ends if end >= day),
        birthday_in(birthday, day.year + 1) + timedelta(days=rule.days_after),
    )


def _extras(
    programme: Programme, offers: Sequence[Offer], receipt: Receipt, qualifying: int, paid: int, base: int
) -> list[tuple[str, int]]:
    """Points that promotions or coupons add, each by its id. Their least basket is measured on what discounts have
    left of goods that earn (R25): a certificate bought earns nothing, and helps no offer to hold."""
    extras = [
        (offer.id, _extra(programme, offer, receipt, paid, base))
        for offer in offers
        if refusal(offer, receipt.day, True, qualifying) is None
    ]
    return [(id, points) for id, points in extras if points]


def _extra(programme: Programme, offer: Offer, receipt: Receipt, paid: int, base: int) -> int:
    """What one offer adds; nothing to a receipt on which nothing was paid."""
    if offer.kind == "multiplier":
        return base * (offer.times - 1)
    if offer.kind != "extra_points":
        return 0
    covered = _earning_part(programme, receipt, offer.categories) if offer.categories else paid
    if offer.step_kopecks is not None:
        return covered // offer.step_kopecks * offer.points
    return offer.points if covered else 0


def stickers_earned(programme: Programme, receipt: Receipt) -> int:
    """P31: stickers per full step of the money paid for goods that earn, while the collection runs."""
    rule = programme.stickers
    if rule is None or not rule.first_day <= receipt.day <= rule.last_day:
        return 0
    paid = sum(compress(receipt.paid, [category.earn for category in receipt.categories]))
    return _money_part(programme, receipt, paid) // rule.step_kopecks * rule.per_step
