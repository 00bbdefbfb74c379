"""How many points a receipt may be paid with, and what bound that number.

First the gates, in a fixed order: one that holds names the reason and the limit is nothing. Then the caps, in
whole points: the smallest wins, and every cap that equals it is named. Lines and sums come priced already:
points are the last discount of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from typing import Literal, NamedTuple, get_args

from loyalty.basket import Basket, Line
from loyalty.member import MemberView
from loyalty.months import months_on
from loyalty.programme import Category, Link, Programme

Gate = Literal[
    "no_card",
    "stranger",
    "card_blocked",
    "card_replaced",
    "not_registered",
    "registration_pending",
    "redemption_forbidden",
    "second_factor_missing",
    "phone_silent",
    "unproven",
    "card_rang",
    "offline_denied",
    "snapshot_stale",
    "clock_behind",
]
Cap = Literal[
    "percent",
    "min_cash",
    "lines",
    "active_points",
    "held_elsewhere",
    "balance_newer",
    "per_receipt",
    "per_day",
    "card_alone",
    "offline",
]
GATES: tuple[Gate, ...] = get_args(Gate)
CAPS: tuple[Cap, ...] = get_args(Cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The most that may be redeemed. `reason` is the gate that held, else None; `bound_by` the caps that equal it."""

    points: int
    amount_kopecks: int
    bound_by: tuple[Cap, ...] = ()
    reason: Gate | None = None
    coming: tuple[int, datetime] | None = None  # points that will come, where it is the account that binds, and when


class LineBase(NamedTuple):
    """Sums of a priced basket that the caps look at, in kopecks."""

    total: int
    eligible: int
    heads: int


def points_may_pay(line: Line, category: Category) -> bool:
    """Strong alcohol only above its known lowest price; tobacco and the like never."""
    if category.redeem == "no":
        return False
    return line.min_unit_price_kopecks is not None or not category.needs_least_price


def discount_may_touch(line: Line, category: Category) -> bool:
    """What promotions and coupons may take something off, and what their least basket counts (R25)."""
    return category.discount and (line.min_unit_price_kopecks is not None or not category.needs_least_price)


def headroom(line: Line, net_kopecks: int, unit_floor_kopecks: int) -> int:
    """What a line can still give before it reaches its floor: the law's lowest price or the programme's."""
    least = line.min_unit_price_kopecks
    if least is not None and least > unit_floor_kopecks:
        unit_floor_kopecks = least
    head = net_kopecks + -unit_floor_kopecks * line.quantity_m // 1000  # less the floor, rounded up
    return head if head > 0 else 0


def first_gate(
    programme: Programme, basket: Basket, member: MemberView | None, at: datetime, link: Link
) -> Gate | None:
    """The first reason why nothing may be redeemed at all; None when the caps decide."""
    if member is None:
        return "no_card"
    if member.stranger:
        return "stranger"
    return _card_gate(programme, member) or _visit_gate(programme, basket, member, at, link)


def _card_gate(programme: Programme, member: MemberView) -> Gate | None:
    if member.card_status == "blocked":
        return "card_blocked"
    if member.card_status == "replaced":
        return "card_replaced"
    if not programme.redemption.needs_registration or member.card_status == "active":
        return None
    return "registration_pending" if member.card_status == "pending" else "not_registered"  # A26, P19


def _visit_gate(programme: Programme, basket: Basket, member: MemberView, at: datetime, link: Link) -> Gate | None:
    if basket.redemption_forbidden:
        return "redemption_forbidden"
    if member.identified_by == "phone" and not _phone_is_enough(programme, member):
        return "second_factor_missing"
    if member.identified_by == "phone" and not member.second_factor and _is_silent(programme, member, at):
        return "phone_silent"
    if member.unproven:
        return "unproven"
    if member.rang:
        return "card_rang"
    return _offline_gate(programme, member, at) if link == "offline" else None


def _phone_is_enough(programme: Programme, member: MemberView) -> bool:
    # A27: anyone can say anyone's number, so by itself it only identifies
    by_phone = programme.redemption.by_phone
    return by_phone == "allow" or (by_phone == "second_factor" and member.second_factor)


def _is_silent(programme: Programme, member: MemberView, at: datetime) -> bool:
    # numbers change hands: who has it now may not be who had it then
    months, seen_at = programme.redemption.phone_recheck_months, member.phone_seen_at
    if months is None or seen_at is None:
        return False
    return programme.day(at) >= months_on(programme.day(seen_at), months)


def _offline_gate(programme: Programme, member: MemberView, at: datetime) -> Gate | None:
    if programme.offline.mode == "deny":
        return "offline_denied"
    snapshot_at = member.snapshot_at or at
    if at - snapshot_at > timedelta(seconds=programme.offline.snapshot_max_age_s):
        return "snapshot_stale"
    return "clock_behind" if at < (member.latest_at or snapshot_at) else None


def cap_points(programme: Programme, base: LineBase, member: MemberView, link: Link) -> list[tuple[Cap, int]]:
    """Every cap that the programme sets, in whole points before stepping."""
    rules = programme.redemption
    kop_per_point = programme.currency.kop_per_point
    percent_base = base.eligible if rules.cap_base == "eligible" else base.total
    active = max(0, member.points_active - member.redeemed_unsynced)
    caps: list[tuple[Cap, int]] = [("percent", percent_base * rules.cap_bp // 10_000 // kop_per_point)]
    if rules.min_cash_kopecks:
        caps.append(("min_cash", max(0, base.total - rules.min_cash_kopecks) // kop_per_point))
    caps += [("lines", base.heads // kop_per_point), ("active_points", active)]
    if member.points_free is not None:
        caps.append((member.free_by, member.points_free))
    if rules.receipt_max_points is not None:
        caps.append(("per_receipt", rules.receipt_max_points))
    if rules.day_max_points is not None:
        left = max(0, rules.day_max_points - member.redeemed_today)
        caps += [("per_day", left), *besides(left, member.promised_today)]
    if rules.card_alone_max_points is not None and not (member.second_factor or member.vouched):
        caps.append(("card_alone", rules.card_alone_max_points))
    if link == "offline":
        caps += [("offline", left) for left in offline_caps(programme, member)]
        if programme.offline.day_max_points is not None:
            left = max(0, programme.offline.day_max_points - _redeemed_offline(member))
            caps += besides(left, member.promised_offline_today)
    return caps


def besides(left: int, promised: int) -> list[tuple[Cap, int]]:
    """What other receipts leave of a day's limit: it is for them that there is less."""
    return [("held_elsewhere", max(0, left - promised))] if promised else []


def offline_caps(programme: Programme, member: MemberView) -> list[int]:
    """What the offline policy still allows, as the smallest of its caps; nothing where it sets none. The account is a
    cap of its own: a customer with few points is not told that it was for the connection."""
    policy = programme.offline
    caps = [] if policy.receipt_max_points is None else [policy.receipt_max_points]
    if policy.day_max_points is not None:
        caps.append(max(0, policy.day_max_points - _redeemed_offline(member)))
    return [min(caps)] if caps else []


def _redeemed_offline(member: MemberView) -> int:
    offline = member.redeemed_offline_today
    return member.redeemed_today if offline is None else offline


def stepped(programme: Programme, points: int) -> int:
    """Whole steps only, and nothing at all under the least redemption."""
    points -= points % programme.redemption.step
    return points if points >= programme.redemption.min_points else 0


def redemption_limit(
    programme: Programme,
    basket: Basket,
    base: LineBase,
    member: MemberView | None,
    *,
    at: datetime,
    link: Link,
) -> Limit:
    """The limit of a priced basket, whatever the customer asks for."""
    reason = first_gate(programme, basket, member, at, link)
    if reason is not None or member is None:
        return Limit(points=0, amount_kopecks=0, reason=reason)
    caps = cap_points(programme, base, member, link)
    lowest = min(points for _, points in caps)
    points = stepped(programme, lowest)
    bound_by = tuple(dict.fromkeys(cap for cap, value in caps if value == lowest))
    return Limit(
        points=points,
        amount_kopecks=points * programme.currency.kop_per_point,
        bound_by=bound_by,
        coming=member.coming if "active_points" in bound_by else None,
    )


def line_base(nets: Sequence[int], may_pay: Sequence[bool], heads: Sequence[int]) -> LineBase:
    return LineBase(total=sum(nets), eligible=sum(compress(nets, may_pay)), heads=sum(heads))
