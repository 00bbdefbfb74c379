"""What a POS says of coupons and certificates on a receipt whose quote the agent does not know any more."""

from __future__ import annotations

import msgspec


class SaidTender(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A gift certificate that paid. `text`: of its QR, its number, or the end of it where the receipt is still here;
    one that nobody finds by that is a case. `amount`: in rubles."""

    text: str
    amount: str


class SaidCoupon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A coupon that was honoured. `text`: of its QR, or its campaign where the receipt is still here. `discount`: what
    it took off, in rubles, which the prices or discounts of the lines have in them."""

    text: str
    discount: str = "0"
