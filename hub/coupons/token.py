"""A coupon's text and code, made again from what the ledger keeps of it."""

from __future__ import annotations

from datetime import datetime

from hub.coupons.made import read_made
from hub.hub import Hub
from hub.store.coupon_records import MadeCoupon
from loyalty.coupon_token import CouponClaims
from sync.coupons import CouponToken


def text_of(hub: Hub, row: MadeCoupon) -> str:
    """Of its QR."""
    made = read_made(row)
    return hub.mint(
        CouponClaims(
            serial=row.serial,
            programme=row.programme,
            campaign=row.campaign,
            valid_from=datetime.fromisoformat(made.valid_from),
            valid_to=datetime.fromisoformat(made.valid_to),
            zone=hub.zone_of(row.programme).key,
            value=made.value,
            uses=made.uses,
            store=made.store,
            member=row.member,
            channel=made.channel,
        )
    )


def told_coupon(hub: Hub, row: MadeCoupon) -> CouponToken:
    made = read_made(row)
    return CouponToken(
        serial=row.serial,
        campaign=row.campaign,
        token=text_of(hub, row),
        code=hub.coupon_code(row.serial),
        valid_from=made.valid_from,
        valid_to=made.valid_to,
        member=row.member or None,
    )
