"""Coupons that members make for points, and the office for nothing; some are revoked."""

from __future__ import annotations

from typing import Final

from simulator.away.matter import Errand, Matter, Refused
from simulator.people import Person
from simulator.terms import CAMPAIGNS, ONCE, THRICE
from sync.coupons import CouponMakeAsked, CouponMintAsked, CouponRevokeAsked, CouponToken

USES: Final = {THRICE: 3}


def makes(matter: Matter) -> Errand:
    """For points, by whoever has some."""
    campaign = matter.chance.choice((ONCE, THRICE))
    told = yield matter.office("coupon_make", CouponMakeAsked(campaign=campaign, card=matter.person.card))
    if not isinstance(told, Refused):
        matter.given(matter.person, -told.price_points)
        yield from _got(matter, told.coupon, revoked=0.1)


def mints(matter: Matter) -> Errand:
    """A few of a campaign, for whoever comes: one of them is this person's."""
    told = yield matter.office("coupon_mint", CouponMintAsked(campaign=matter.chance.choice(CAMPAIGNS), count=2))
    if not isinstance(told, Refused):
        for coupon in told.coupons:
            yield from _got(matter, coupon, revoked=0.2)


def _got(matter: Matter, coupon: CouponToken, *, revoked: float) -> Errand:
    person = matter.person
    matter.world.oracle.made_coupon(coupon.token, coupon.serial, coupon.campaign, USES.get(coupon.campaign, 1))
    if matter.chance.random() >= revoked:
        _pockets(matter, person, coupon.token)
        return
    yield matter.office("coupon_revoke", CouponRevokeAsked(serial=coupon.serial, reason="Ошибка"))


def _pockets(matter: Matter, person: Person, token: str) -> None:
    person.has("coupons").append(token)

    def gone() -> None:
        if token in person.has("coupons"):
            person.has("coupons").remove(token)

    matter.world.desks.undone_by(gone)
