"""The certificate itself: sold as soon as its order is paid and has its fiscal document, and not sold any more where
the money goes back. Each is one operation, in one transaction with what became of the order."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

from hub.bearing import Said
from hub.certificate_orders.order import KIND, may, order_of, stepped
from hub.certificates.numbers import drawn
from hub.hub import Hub
from hub.people.orders import NotDone, bear
from hub.store.certificate_records import CertificateRow
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.bodies import CertificateRefunded, CertificateSold
from loyalty.operation import ACCOUNT_CHAIN, OFFICE_CHAIN

BATCH: Final = "account"  # of the numbers of those that are bought so
BACK: Final = "its money goes back"


def sell(hub: Hub, id: str, by: str) -> None:
    """Once, whoever asks how often. Raises NotDone."""
    programme = _programme_of(hub, id)

    def decide(writer: Writer) -> Said:
        row = writer.locked_errands([id])[id]
        if row.about or not may(row, "sold"):
            return Said(())
        order, now = order_of(row), hub.now()
        (number,) = drawn(writer, hub.programmes[programme], BATCH, 1, secrets.randbelow)
        due = max(now, datetime.fromisoformat(order.deliver_at))
        writer.write(Rows(errands=[stepped(row, "sold", now, by, due=due)._replace(about=number)]))
        body = CertificateSold(
            certificate=number, kopecks=order.kopecks, design=order.design, order=id, fiscal=order.receipt
        )
        return Said((body,), whole=True)

    bear(hub, programme, decide, f"certificate_order/{id}/sold", by, chain=ACCOUNT_CHAIN, code=lambda reason: reason)


def taken_back(
    hub: Hub, id: str, find: Callable[[Writer], ErrandRow], by: str, *, by_office: bool = False, note: str = ""
) -> None:
    """Of one that is sold and not used: its rubles are on it no more, and go back. One that somebody has got is the
    office's alone to take back. Once, whoever asks how often. `find`: the row, held. Raises NotDone."""

    def decide(writer: Writer) -> Said:
        row, now = find(writer), hub.now()
        if row.state in ("refunding", "unreceipted", "refunded"):
            return Said(())
        if row.state == "delivered" and not by_office:
            raise NotDone("Somebody has it by now.", code="certificate_order_step")
        rubles = unused(writer, row, now)
        writer.write(Rows(errands=[stepped(row, "back", now, by, due=now, note=note)]))
        body = CertificateRefunded(certificate=rubles.number, kopecks=rubles.left, reason=BACK, order=row.id)
        return Said((body,), whole=True)

    key, chain = f"certificate_order/{id}/back", OFFICE_CHAIN if by_office else ACCOUNT_CHAIN
    bear(hub, _programme_of(hub, id), decide, key, by, chain=chain, code=lambda reason: reason)


def _programme_of(hub: Hub, id: str) -> str:
    """Raises NotDone."""
    with hub.store.reading() as reader:
        row = reader.errands([id]).get(id)
    programme = order_of(row).programme if row is not None and row.kind == KIND else ""
    if programme not in hub.programmes:
        raise NotDone(f"There is no certificate order {id} of a programme of this hub.", code="no_certificate_order")
    return programme


def unused(writer: Writer, row: ErrandRow, now: datetime) -> CertificateRow:
    """All that was paid is on it, and no receipt has any of it just now; held until this is written. Raises NotDone."""
    number = last_of(writer, row.about).number
    certificate = writer.locked_certificates([number])[number]
    held = any(hold.until > now for hold in writer.certificate_holds_of([number]))
    if certificate.state != "open" or certificate.left != order_of(row).kopecks or held:
        raise NotDone(f"Certificate {number} is {certificate.state}, or used.", code="certificate_used")
    return certificate


def last_of(reader: Reader, number: str) -> CertificateRow:
    """The certificate, or what it was replaced by."""
    row = reader.certificates([number])[number]
    while row.successor is not None:
        row = reader.certificates([row.successor])[row.successor]
    return row
