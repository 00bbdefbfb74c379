"""A recorded sale against the programme it names: worked out again from what it recorded itself, sum by sum.

The member is as the sale saw him, the day is the one on which it was told. What a sale does not record (how many points
were asked for, what was reserved for it, a receipt on which nothing may be redeemed) only ever made a redemption
smaller: so points redeemed are held against the limit, and all other sums against what they must be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple, cast

from loyalty.basket import BadBasket, Basket, Line
from loyalty.bodies import OF_NOBODY, UNWITNESSED, Accrued, Sale, SoldLine
from loyalty.cards import CardStatus
from loyalty.member import MemberView
from loyalty.offers import of_value
from loyalty.operation import Operation, zone_of
from loyalty.points_life import bought_points_times
from loyalty.programme import Offer, Programme
from loyalty.quote import Quote, quote
from loyalty.stickers import (
    RIGHT,
    collection_of,
    is_right,
    offer_named,
    offer_of_right,
    rights,
    rights_spent,
    spent_offers,
)
from loyalty.utc import utc_text

Sum = Literal[
    "basket",
    "day",
    "redeemed",
    "lines",
    "total",
    "paid",
    "qualifying",
    "offers",
    "accrued",
    "parts",
    "life",
    "stickers",
]
Unjudged = Literal["older", "unwitnessed", "no_lines", "of_nobody"]

TOLD_BEFORE: Final = timedelta(days=14)  # a quote is kept for a day, and longer where nobody sells for some days
TOLD_BEHIND: Final = timedelta(minutes=10)  # a till's clock was set back between telling and paying


class Broken(NamedTuple):
    """The first sum that is not by the rules: what was told, and what they give. A sum that is no one number (`basket`,
    `day`, `life`) has neither. `cost`: what the shop gave too much."""

    sum: Sum
    told: int = 0
    by_rules: int = 0
    cost_points: int = 0
    cost_kopecks: int = 0


def unjudged(operation: Operation) -> Unjudged | None:
    """Why a sale cannot be worked out again; None: it can."""
    sale = _sale_of(operation)
    if operation.v == 1 or (sale.seen is None and (sale.member, sale.card) != (None, None)):
        return "older"  # it kept nothing of what the rules saw
    if any(deviation.kind == UNWITNESSED for deviation in sale.deviations):
        return "unwitnessed"
    if (sale.member, sale.card) == (None, None) and any(one.kind in OF_NOBODY for one in sale.deviations):
        return "of_nobody"  # told to somebody whose card was none when it was paid; its deviation is a case already
    return None if sale.lines or sale.extras else "no_lines"


def against_rules(operation: Operation, programme: Programme) -> Broken | None:
    """What is not as the rules say; None: all of it is. `programme` is that of the sale (`operation.programme_hash`).
    Only of a sale that can be judged."""
    sale = _sale_of(operation)
    programme = programme.by_clock_of(zone_of(operation.store, programme.timezone))
    paid_at = datetime.fromisoformat(operation.at)
    at = _told_at(programme, sale.accrued, paid_at)
    if not -TOLD_BEFORE <= at - paid_at <= TOLD_BEHIND:
        return Broken("day", cost_points=sale.accrued.points)
    days = [at] if sale.accrued.active_from else [paid_at, paid_at - timedelta(days=1)]  # told before midnight, say
    found = [_broken(programme, sale, day) for day in days]
    return None if None in found else found[0]


def earned_by(operation: Operation, programme: Programme) -> int | None:
    """What the receipt would have earned by another programme; None where it would have been another receipt by it, or
    nobody can say."""
    if unjudged(operation) is not None:
        return None
    sale, at = _sale_of(operation), datetime.fromisoformat(operation.at)
    programme = programme.by_clock_of(zone_of(operation.store, programme.timezone))
    try:
        told = _worked_out(programme, sale, at)
    except BadBasket:
        return None
    is_same = (told.to_pay_kopecks, told.redemption.points) == (sale.paid_kopecks, sale.redeemed.points)
    return told.accrual.points if is_same else None


def _sale_of(operation: Operation) -> Sale:
    assert isinstance(operation.body, Sale), "only of a sale"
    return operation.body


def _told_at(programme: Programme, accrued: Accrued, paid_at: datetime) -> datetime:
    """When the sums were worked out, as the life of the points says, to the day or to the moment; else when it was
    paid."""
    if accrued.active_from is None:
        return paid_at
    begins, activation = datetime.fromisoformat(accrued.active_from), programme.points.activation
    if not activation.days:
        return begins - timedelta(minutes=activation.minutes)
    day = programme.day(begins) - timedelta(days=activation.days)
    return datetime.combine(day, time(), programme.timezone)  # its first moment: no snapshot had grown old by then


def _broken(programme: Programme, sale: Sale, at: datetime) -> Broken | None:
    try:
        told = _worked_out(programme, sale, at)
    except BadBasket:  # no till of ours sells it
        return Broken("basket", cost_points=sale.redeemed.points + sale.accrued.points)
    return _redeemed(sale, told) or next(filter(None, _sums(programme, sale, told, at)), None)


# the same receipt again


def _worked_out(programme: Programme, sale: Sale, at: datetime) -> Quote:
    """Raises BadBasket."""
    return quote(
        programme,
        _basket(programme, sale),
        _view(sale, programme.day(at), at),
        at=at,
        link=sale.link,
        requested_points=sale.redeemed.points,
    )


def _basket(programme: Programme, sale: Sale) -> Basket:
    """Raises BadBasket."""
    return Basket(
        lines=tuple(map(_line, (*sale.lines, *sale.extras))),
        coupons=_coupons(programme, sale),
        certificates=tuple(tender.kopecks for tender in sale.tenders if tender.kind == "certificate"),
    )


def _line(line: SoldLine) -> Line:
    if line.unit not in ("pc", "kg"):
        raise BadBasket("unit", "is none")
    return Line(
        id=line.id,
        name=line.name,
        price_kopecks=line.price_kopecks,
        quantity_m=line.quantity_m,
        unit="kg" if line.unit == "kg" else "pc",
        discount_kopecks=line.pos_discount_kopecks,
        category=line.category,
        min_unit_price_kopecks=line.least_price_kopecks,
    )


def _coupons(programme: Programme, sale: Sale) -> tuple[Offer, ...]:
    """Those that were used first, for of two that are as good the first one is; then those that gave nothing. Raises
    BadBasket for a right that the programme does not have."""
    offers = []
    for use in sale.coupons:
        offer = programme.coupon(use.campaign)
        if offer is None:
            raise BadBasket("coupons", "the programme has no such campaign")
        offers.append(of_value(offer, use.value))
    offers.extend(_exchanged(programme, sale))
    refused = [given for given in sale.offers if given.refusal is not None]
    idle = ((programme.coupon(given.id), given.value) for given in refused)
    return (
        *offers,
        *(of_value(offer, value) for offer, value in idle if offer is not None),
        *rights(programme, (offer_of_right(given.id) for given in refused if is_right(given.id))),
    )


def _exchanged(programme: Programme, sale: Sale) -> tuple[Offer, ...]:
    """What stickers were spent for. Raises BadBasket for what is no offer of the collection, or at another price."""
    told, rule = sale.stickers, programme.stickers
    if told is None:
        return ()
    if rule is None or told.collection != collection_of(rule):
        raise BadBasket("stickers", "the programme has no such collection")
    if len(set(spent_offers(sale))) != len(told.spent):
        raise BadBasket("stickers", "the same offer stands twice")
    for spent in told.spent:
        one = offer_named(rule, spent.offer)
        if one is None or one.stickers != spent.count:
            raise BadBasket("stickers", "the collection has no such offer")
    return rights_spent(programme, sale)


def _view(sale: Sale, day: date, at: datetime) -> MemberView | None:
    """Raises BadBasket. What the till's clock had seen is not recorded: it was not behind."""
    seen = sale.seen
    if seen is None:
        return None
    return MemberView(
        card_status=cast(CardStatus, seen.card_status),
        identified_by="phone" if seen.identified_by == "phone" else "card",
        second_factor=seen.second_factor,
        vouched=seen.vouched,
        points_active=seen.points_active,
        birthday=day if seen.birthday else None,  # its days held: any birthday that holds them will do
        favourites=seen.favourites,
        accumulated_kopecks=seen.accumulated_kopecks,
        redeemed_today=seen.redeemed_today,
        redeemed_offline_today=seen.redeemed_offline_today,
        redeemed_unsynced=seen.redeemed_unsynced,
        snapshot_at=datetime.fromisoformat(seen.snapshot_at) if seen.snapshot_at else None,
        latest_at=at,
    )


# sum by sum


def _redeemed(sale: Sale, told: Quote) -> Broken | None:
    """What points paid decides all that comes after it."""
    redeemed, most = sale.redeemed, told.redemption.points
    if redeemed.points != most:
        return Broken("redeemed", redeemed.points, most, cost_points=redeemed.points - most)
    worth = told.redemption.amount_kopecks
    if redeemed.kopecks != worth:
        return Broken("redeemed", redeemed.kopecks, worth, cost_kopecks=max(0, redeemed.kopecks - worth))
    return None


def _sums(programme: Programme, sale: Sale, told: Quote, at: datetime) -> Iterator[Broken | None]:
    too_cheap = max(0, told.to_pay_kopecks - sale.paid_kopecks)
    for line, worked_out in zip((*sale.lines, *sale.extras), told.lines, strict=True):
        was = (line.net_before_kopecks, line.discount_kopecks, line.net_kopecks, _positions(line))
        rules = (
            worked_out.net_before_kopecks,
            worked_out.discount_kopecks,
            worked_out.net_kopecks,
            worked_out.net_kopecks,
        )
        for one, other in zip(was, rules, strict=True):
            yield _differs("lines", one, other, kopecks=too_cheap)
    yield _differs("total", sale.total_kopecks, told.total_kopecks, kopecks=too_cheap)
    yield _differs("paid", sale.paid_kopecks, told.to_pay_kopecks, kopecks=too_cheap)
    yield _differs("qualifying", sale.qualifying_kopecks, told.accrual.qualifying_kopecks)
    yield from _offers(sale, told)
    if sale.member is None and sale.card is None and not sale.accrued.points:
        return  # a member was seen, and his card turned out to be another's: nobody earns
    yield from _accrued(programme, sale.accrued, told, at)
    if sale.stickers is not None:  # a till of before them says nothing, and gave none
        yield _differs("stickers", sale.stickers.given, told.stickers)


def _positions(line: SoldLine) -> int:
    """What the fiscal device got; how it is split is its own business."""
    return sum(position.amount_kopecks for position in line.positions) if line.positions else line.net_kopecks


def _offers(sale: Sale, told: Quote) -> Iterator[Broken | None]:
    """What each promotion and coupon gave; a coupon that gives nothing is not used up."""
    points = dict(told.accrual.offers)
    gave = {use.id: use.discount_kopecks for use in (*told.promotions, *told.coupons) if use.refusal is None}
    used = {use.campaign: (use.discount_kopecks, use.points) for use in sale.coupons}
    spent = sale.stickers.spent if sale.stickers is not None else ()
    used |= {f"{RIGHT}{one.offer}": (one.discount_kopecks, one.points) for one in spent}
    used |= {offer.id: (offer.discount_kopecks, offer.points) for offer in sale.offers if offer.refusal is None}
    for id in sorted(used.keys() | gave.keys() | points.keys()):
        off, added = used.get(id, (0, 0))
        yield _differs("offers", off, gave.get(id, 0), kopecks=max(0, off - gave.get(id, 0)))
        yield _differs("offers", added, points.get(id, 0), points=max(0, added - points.get(id, 0)))
    refused = {use.id for use in told.coupons if use.refusal is not None}
    for id in (*(use.campaign for use in sale.coupons), *(f"{RIGHT}{one.offer}" for one in spent)):
        yield _differs("offers", 1, 0) if id in refused else None


def _accrued(programme: Programme, accrued: Accrued, told: Quote, at: datetime) -> Iterator[Broken | None]:
    earned = told.accrual.points
    yield _differs("accrued", accrued.points, earned, points=max(0, accrued.points - earned))
    parts: Mapping[str, int] = {part.kind: part.points for part in told.accrual.parts}
    yield Broken("parts") if accrued.points and dict(accrued.parts) != parts else None
    if accrued.points:
        times = bought_points_times(programme, at)
        ends = utc_text(times.expires_at) if times.expires_at else None
        yield Broken("life", cost_points=accrued.points) if accrued.expires_at != ends else None


def _differs(sum: Sum, told: int, by_rules: int, *, points: int = 0, kopecks: int = 0) -> Broken | None:
    return None if told == by_rules else Broken(sum, told, by_rules, points, kopecks)
