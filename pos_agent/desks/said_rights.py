"""Certificates and coupons of a receipt whose quote nobody remembers: by what the POS says of them, else by what stands
on the receipt still. They are used up with it: who has the paper has the goods, and shows none of them again."""

from __future__ import annotations

from collections.abc import Iterator

from loyalty.basket import BadBasket
from loyalty.bodies import CouponUse, Deviation, SoldLine, Tender
from loyalty.certificates import CERTIFICATE, may_pay, spend
from loyalty.coupon_token import CouponRefused, OpenedCoupon, open_coupon
from loyalty.money import BadNumber, parse_kopecks
from pos_agent.counter import Counter
from pos_agent.desks.certificates import is_named, number_in
from pos_agent.protocol import Said
from pos_agent.refused import Refused
from pos_agent.telling import find
from pos_agent.visit import Visit
from pos_agent.words import as_typed

UNNAMED = "right_unnamed"  # a deviation: a coupon or a certificate that the POS took, and that nobody finds by its word
NAME_LETTERS_MAX = 40


def said_tenders(
    counter: Counter, visit: Visit, said: Said, lines: tuple[SoldLine, ...], total: int
) -> tuple[tuple[Tender, ...], tuple[Deviation, ...]]:
    """What certificates paid, and those of them that nobody finds. Raises BadBasket naming the field."""
    if not said.tenders:
        taken = spend([shown.left_kopecks for shown in visit.certificates], total if may_pay(lines) else 0)
        pairs = zip(visit.certificates, taken, strict=True)
        return tuple(Tender(kind=CERTIFICATE, kopecks=part, id=shown.number) for shown, part in pairs if part), ()
    tenders, unnamed = [], []
    for index, one in enumerate(said.tenders):
        kopecks = _kopecks(one.amount, f"said.tenders[{index}].amount")
        number, name = _number(counter, visit, one.text), as_typed(one.text, NAME_LETTERS_MAX)
        tenders.append(Tender(kind=CERTIFICATE, kopecks=kopecks, id=number or name))
        if number is None:
            unnamed.append(Deviation(kind=UNNAMED, cost_kopecks=kopecks, note=name))
    if sum(tender.kopecks for tender in tenders) > total:
        raise BadBasket("said.tenders", "are more than the receipt")
    return tuple(tenders), tuple(unnamed)


def _number(counter: Counter, visit: Visit, text: str) -> str | None:
    shown = [one.number for one in visit.certificates if is_named(one.number, text)]
    if len(shown) == 1:
        return shown[0]
    try:
        return number_in(counter, text)
    except Refused:
        return None


def said_coupons(counter: Counter, visit: Visit, said: Said) -> tuple[tuple[CouponUse, ...], tuple[Deviation, ...]]:
    """The coupons that were honoured, and those that nobody finds. Raises BadBasket naming the field."""
    if not said.coupons:
        told = find(counter, visit.quote)
        return (told.sale.coupons if told is not None else ()), ()
    uses, unnamed = dict[str, CouponUse](), []
    for index, one in enumerate(said.coupons):
        kopecks = _kopecks(one.discount, f"said.coupons[{index}].discount")
        for use in _uses(counter, visit, one.text, kopecks):
            uses[use.serial] = use
            break
        else:
            unnamed.append(Deviation(kind=UNNAMED, cost_kopecks=kopecks, note=as_typed(one.text, NAME_LETTERS_MAX)))
    return tuple(uses.values()), tuple(unnamed)


def _uses(counter: Counter, visit: Visit, text: str, kopecks: int) -> Iterator[CouponUse]:
    coupon: OpenedCoupon | None
    try:
        coupon = open_coupon(text, counter.cache.changes.coupon_keys(), counter.programme, counter.latest)
    except CouponRefused as refused:
        coupon = refused.coupon  # its time was another when it was shown
    if coupon is not None:
        yield CouponUse(
            serial=coupon.serial,
            campaign=coupon.campaign,
            discount_kopecks=kopecks,
            value=coupon.value,
            uses=coupon.uses,
        )
    for shown in visit.coupons:
        if shown.campaign == text:
            yield CouponUse(
                serial=shown.serial,
                campaign=shown.campaign,
                discount_kopecks=kopecks,
                value=shown.value,
                uses=shown.uses,
            )


def _kopecks(text: str, field: str) -> int:
    try:
        return parse_kopecks(text)
    except BadNumber as error:
        raise BadBasket.of(field, error) from None
