"""A gift certificate that pays a part of an online order: opened by what stands in its QR, and held until the order is
paid."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from hub.certificates.asking import NotSo, by_text, free, hold
from hub.coupon_keys import told_coupon_keys
from hub.hub import Hub
from hub.shop.call import ShopRefused
from hub.shop.coupons import holder_of
from hub.store.seam import Reader, Writer
from loyalty.bodies import Sale
from loyalty.certificate_text import CertificateRefused, open_certificate
from loyalty.certificates import CERTIFICATE
from loyalty.operation import ONLINE_CHAIN
from loyalty.programme import Programme


class Shown(NamedTuple):
    """`kopecks`: so much of it may be used at once."""

    number: str
    kopecks: int


def shown(hub: Hub, reader: Reader, programme: Programme, text: str, now: datetime) -> list[Shown]:
    """One, or none. Raises ShopRefused."""
    if not text:
        return []
    try:
        number = open_certificate(text, told_coupon_keys(reader, hub.keys.coupons), programme.id)
    except CertificateRefused as refused:
        raise ShopRefused("certificate_bad", f"certificate: {refused.reason}") from refused
    found = by_text(reader, number, programme.id, ONLINE_CHAIN, now)
    if isinstance(found, NotSo):
        raise ShopRefused("certificate_bad", found.message)
    if not found.free:
        raise ShopRefused("certificate_bad", f"nothing is free on certificate {number}")
    return [Shown(number, min(found.free, programme.certificates.face_max_kopecks))]


def hold_all(writer: Writer, sale: Sale, programme: str, order: str, lasts: timedelta, now: datetime) -> None:
    """Raises ShopRefused."""
    for number, kopecks in paid_by(sale).items():
        held = hold(writer, number, order, kopecks, programme, holder_of(order), now, lasts=lasts)
        if isinstance(held, NotSo) or held.kopecks < kopecks:
            raise ShopRefused("certificate_taken", f"of certificate {number} so much is not free")


def free_all(writer: Writer, order: str) -> None:
    free(writer, order, holder_of(order))


def paid_by(sale: Sale) -> dict[str, int]:
    """Kopecks of each certificate."""
    return {tender.id: tender.kopecks for tender in sale.tenders if tender.kind == CERTIFICATE and tender.id}
