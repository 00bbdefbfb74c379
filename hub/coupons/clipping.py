"""Coupons that a member takes for himself: clipped for nothing (P26), or bought for stickers (P31)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from hub.coupons.made import read_made, uses_allowed
from hub.coupons.making import check_goes, own_body, own_coupon
from hub.hub import Hub
from hub.people.orders import NotDone, Order
from hub.people.who import Person
from hub.store.coupon_records import MadeCoupon
from hub.store.seam import Reader, Writer
from loyalty.bodies import CouponMade
from loyalty.programme import Offer, Programme
from loyalty.stickers import NotExchangeable, chosen, collection_of


def clip(hub: Hub, programme: str, campaign: str, whom: str, order: Order) -> MadeCoupon:
    """One of the campaign at a time. Raises NotDone, NotFound."""
    hub.look_at_programmes()
    rules = hub.programmes[programme]
    offer = rules.coupon(campaign)
    days = offer.terms.clip_days if offer is not None else None
    if offer is None or days is None:
        raise NotDone(f"{programme} lets nobody clip a coupon {campaign!r}.", code="coupon_not_clipped")

    def body(writer: Writer, person: Person, serial: str, now: datetime) -> CouponMade:
        check_goes(writer, rules, campaign, rules.day(now))
        if campaign in open_campaigns(writer, person.member, rules, now):
            raise NotDone(f"Member {person.member} has a coupon of {campaign}.", code="coupon_clipped")
        if has_used_all(writer, person.member, rules, offer):
            raise NotDone(f"Member {person.member} has used his coupons of {campaign}.", code="coupon_limit_member")
        return own_body(rules, campaign, person, serial, days, now)

    return own_coupon(hub, programme, whom, order, body)


def open_campaigns(reader: Reader, member: str, rules: Programme, now: datetime) -> Collection[str]:
    """Of which he has a coupon that he may still use."""
    rows = [row for row in reader.coupons_of([member]) if row.programme == rules.id]
    going = [row for row in rows if _goes(row, now)]
    used: dict[str, int] = {}
    for use in reader.coupon_uses([row.serial for row in going]) if going else ():
        used[use.serial] = used.get(use.serial, 0) + 1
    return {row.campaign for row in going if used.get(row.serial, 0) < uses_allowed(row, ())}


def _goes(row: MadeCoupon, now: datetime) -> bool:
    made = read_made(row)
    return bool(made.at) and made.revoked_at is None and datetime.fromisoformat(made.valid_to) > now


def has_used_all(reader: Reader, member: str, rules: Programme, offer: Offer) -> bool:
    """All that the campaign gives one member, or everybody."""
    own = sum(row.uses for row in reader.campaign_members([member]) if row[1:3] == (rules.id, offer.id))
    every = sum(row.uses for row in reader.campaigns_of(rules.id) if row.campaign == offer.id)
    terms = offer.terms
    return (terms.per_member is not None and own >= terms.per_member) or (
        terms.in_all is not None and every >= terms.in_all
    )


def buy(hub: Hub, programme: str, id: str, whom: str, order: Order) -> MadeCoupon:
    """For stickers of the collection that runs. Raises NotDone, NotFound."""
    hub.look_at_programmes()
    rules = hub.programmes[programme]

    def body(writer: Writer, person: Person, serial: str, now: datetime) -> CouponMade:
        album, day = rules.stickers, rules.day(now)
        if album is None:
            raise NotDone(f"{programme} has no sticker collection.", code="stickers_no_collection")
        collection = collection_of(album)
        has = sum(row.stickers for row in writer.stickers_of([person.member]) if row.collection == collection)
        try:
            one = chosen(rules, id, has, day)
        except NotExchangeable as error:
            raise NotDone(f"{error}.", code=f"stickers_{error.reason}") from error
        if one.coupon_days is None:
            raise NotDone(f"{id} is exchanged at a till alone.", code="stickers_no_such_offer")
        check_goes(writer, rules, id, day)
        return own_body(rules, id, person, serial, one.coupon_days, now, stickers=one.stickers, collection=collection)

    return own_coupon(hub, programme, whom, order, body)
