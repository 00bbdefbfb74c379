"""A coupon's text and code, made again from what the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from hub.coupon_keys import CouponSigner
from hub.coupons.made import read_made
from hub.hub import Hub
from hub.store.coupon_records import MadeCoupon
from loyalty.coupon_token import CouponClaims
from sync.coupons import CouponToken


def told_coupon(hub: Hub, row: MadeCoupon) -> CouponToken:
    return _told(hub, row, hub.coupon_signer())


def told_coupons(hub: Hub, rows: Iterable[MadeCoupon]) -> Iterator[tuple[MadeCoupon, CouponToken]]:
    signer = hub.coupon_signer()
    return ((row, _told(hub, row, signer)) for row in rows)


def _told(hub: Hub, row: MadeCoupon, signer: CouponSigner) -> CouponToken:
    made = read_made(row)
    claims = CouponClaims(
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
    return CouponToken(
        serial=row.serial,
        campaign=row.campaign,
        token=signer.coupon(claims),
        code=hub.coupon_code(row.serial),
        valid_from=made.valid_from,
        valid_to=made.valid_to,
        member=row.member or None,
    )
