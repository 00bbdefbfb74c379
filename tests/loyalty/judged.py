"""The worked examples become sales: as a quote that is paid, and once more through the checkout of a till. Each is by
the rules that it was made under (loyalty/by_rules.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loyalty.basket import Basket, Line
from loyalty.bodies import Sale, SaleNumber
from loyalty.by_rules import against_rules, unjudged
from loyalty.coupon_token import CouponClaims, seal_coupon, whole_minute
from loyalty.member import MemberView
from loyalty.money import format_kopecks, format_quantity_m
from loyalty.operation import FIRST_HASH, VERSION, Key, Operation, utc_text
from loyalty.programme import Link, Programme
from loyalty.quote import Quote
from loyalty.quote import quote as plain_quote
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot, RedeemedDay
from loyalty.sold import Right, sale_of
from offline_cache.cache import Cache
from offline_cache.records import Page
from pos_agent.checkout import Checkout
from pos_agent.protocol import BasketLine, Code, Command, Pay, Redeem, SetBasket

CARD = "2600000000017"


def quote(
    programme: Programme,
    basket: Basket,
    member: MemberView | None,
    *,
    at: datetime,
    link: Link = "online",
    requested_points: int | None = None,
) -> Quote:
    """The rules' own, with a look at the sales that it becomes."""
    answer = plain_quote(programme, basket, member, at=at, link=link, requested_points=requested_points)
    has_coupons = replace(programme, coupons=basket.coupons or programme.coupons)
    sold = sold_as(has_coupons, basket, member, answer, at, link)
    assert unjudged(sold) is None and against_rules(sold, has_coupons) is None
    if member is not None and not basket.certificates:
        sold = through_the_checkout(has_coupons, basket, member, at, link, requested_points)
        assert isinstance(sold.body, Sale)
        assert (sold.body.paid_kopecks, sold.body.accrued.points) == (answer.to_pay_kopecks, answer.accrual.points)
        assert sold.body.redeemed.points == answer.redemption.points
        assert unjudged(sold) is None and against_rules(sold, has_coupons) is None
    return answer


def number_at(programme: Programme, at: datetime) -> SaleNumber:
    return SaleNumber(day=programme.day(at).isoformat(), number="1")


def sold_as(
    programme: Programme,
    basket: Basket,
    member: MemberView | None,
    answer: Quote,
    at: datetime,
    link: Link = "online",
    values: Mapping[str, int] | None = None,
) -> Operation:
    """The operation of a quote that is paid at once. `values`: of its coupons, by campaign."""
    told = values or {}
    rights = {one.id: Right(f"{number:032}", told.get(one.id, 0)) for number, one in enumerate(basket.coupons)}
    id = None if member is None else "anna"
    number = number_at(programme, at)
    body = sale_of(programme, basket, member, answer, at, number=number, member=id, link=link, rights=rights)
    return Operation(
        v=VERSION,
        chain="t1",
        generation=1,
        sequence=1,
        previous_hash=FIRST_HASH,
        at=utc_text(at),
        programme=programme.id,
        programme_hash=programme.content_hash,
        body=body,
    )


def through_the_checkout(
    programme: Programme, basket: Basket, member: MemberView, at: datetime, link: Link, points: int | None
) -> Operation:
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    with TemporaryDirectory() as folder:
        cache = Cache(Path(folder) / "t1.db", "t1")
        cache.changes.apply(
            Page(
                members=[_told(programme, member, at)],
                used_coupons=[],
                coupon_keys={1: key.public_key().public_bytes_raw()},
                phone_hash_key=b"p" * 32,
                watermark=Key(1, 0),
                cursor="1",
                pulled_at=at,
            )
        )
        checkout = Checkout(cache, programme, language="en", receipt_language="ru", is_online=lambda: link == "online")
        for command in _commands(programme, basket, at, points, key):
            reply = checkout.handle(command, at)
            assert reply.ok, reply
        stored = cache.sale(number_at(programme, at))
        assert stored is not None
        cache.close()
    return stored.operations[-1]


def _told(programme: Programme, member: MemberView, at: datetime) -> MemberSnapshot:
    begun, today = utc_text(at - timedelta(days=1)), programme.day(at).isoformat()
    offline = member.redeemed_offline_today
    points = member.points_active - member.redeemed_unsynced
    redeemed = member.redeemed_today
    return MemberSnapshot(
        member="anna",
        cards=(CardSnapshot(number=CARD, status=member.card_status),),
        lots=(LotSnapshot(id="told", points=points, active_from=begun),) if points > 0 else (),
        redeemed=(RedeemedDay(day=today, points=redeemed, offline=redeemed if offline is None else offline),),
        birthday=member.birthday.isoformat() if member.birthday else None,
        favourites=member.favourites,
    )


def _commands(
    programme: Programme, basket: Basket, at: datetime, points: int | None, key: Ed25519PrivateKey
) -> Sequence[Command]:
    number = number_at(programme, at)
    coupons = [_coupon(programme, offer.id, place, at, key) for place, offer in enumerate(basket.coupons)]
    return [
        SetBasket(lines=tuple(map(_line, basket.lines)), redemption_forbidden=basket.redemption_forbidden),
        Code(text=CARD),
        *(Code(text=coupon) for coupon in coupons),
        Redeem(points=points),
        Pay(sale=number.number, day=number.day),
    ]


def _line(line: Line) -> BasketLine:
    least = line.min_unit_price_kopecks
    more: dict[str, Any] = {} if least is None else {"min_unit_price": format_kopecks(least)}
    return BasketLine(
        id=line.id,
        name=line.name,
        price=format_kopecks(line.price_kopecks),
        quantity=format_quantity_m(line.quantity_m),
        unit=line.unit,
        discount=format_kopecks(line.discount_kopecks),
        category=line.category,
        **more,
    )


def _coupon(programme: Programme, campaign: str, number: int, at: datetime, key: Ed25519PrivateKey) -> str:
    claims = CouponClaims(
        serial=number.to_bytes(16, "big").hex(),
        programme=programme.id,
        campaign=campaign,
        valid_from=whole_minute(at) - timedelta(minutes=1),
        valid_to=whole_minute(at) + timedelta(hours=1),
        zone=programme.timezone.key,
    )
    return seal_coupon(claims, 1, key.sign)
