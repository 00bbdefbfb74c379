"""What tills are told of coupons: which are used up, and how many uses others have left."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from hub.coupons.made import read_made, uses_allowed
from hub.store.records import CouponRow
from hub.store.seam import Reader


class Left(NamedTuple):
    """`used`: nothing is left of them, or they are revoked. `left`: of coupons that had several uses."""

    used: frozenset[str]
    left: dict[str, int]


def left_of(reader: Reader, serials: Collection[str]) -> Left:
    if not serials:
        return Left(frozenset(), {})
    rows: dict[str, list[CouponRow]] = {}
    for row in reader.coupon_uses(serials):
        rows.setdefault(row.serial, []).append(row)
    made, used, left = reader.made_coupons(serials), set(), {}
    for serial in serials:
        uses, coupon = rows.get(serial, []), made.get(serial)
        allowed = uses_allowed(coupon, uses)
        rest = max(0, allowed - len(uses))
        if not rest or (coupon is not None and read_made(coupon).revoked_at is not None):
            used.add(serial)
        elif allowed > 1:
            left[serial] = rest
    return Left(frozenset(used), left)
