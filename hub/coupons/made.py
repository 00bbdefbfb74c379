"""A coupon as the ledger keeps it: what its operation said, and whether it is revoked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from hub.store.coupon_records import MadeCoupon
from hub.store.records import CouponRow
from loyalty.bodies import CouponMade


class Made(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at` "": no operation here made it, it is only revoked. `own`: its member made it, for this price. `place`: of
    its operation; `by`: who ordered it."""

    at: str = ""
    place: str = ""
    by: str = ""
    own: bool = False
    valid_from: str = ""
    valid_to: str = ""
    value: int = 0
    uses: int = 1
    points: int = 0
    stickers: int = 0
    store: str = ""
    channel: str = ""
    reason: str = ""
    revoked_at: str | None = None
    revoked_why: str = ""


_body: Final = msgspec.json.Decoder(Made)


def read_made(row: MadeCoupon) -> Made:
    """Raises ValueError for what is none."""
    return _body.decode(row.body)


def write_made(made: Made) -> str:
    return msgspec.json.encode(made).decode()


def made_of(body: CouponMade, *, at: str, place: str, by: str, own: bool) -> Made:
    return Made(
        at=at,
        place=place,
        by=by,
        own=own,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
        value=body.value,
        uses=body.uses,
        points=body.points,
        stickers=body.stickers,
        store=body.store,
        channel=body.channel,
        reason=body.reason,
    )


def uses_allowed(made: MadeCoupon | None, told: Iterable[CouponRow], least: int = 1) -> int:
    """How often a coupon may be used: as it was made; of one that was made elsewhere, as receipts with it told."""
    if made is not None and (known := read_made(made)).at:
        return known.uses
    return max([least, *(row.uses for row in told)])
