"""A certificate as a till asks about it while its customer waits: what is on it, so much of it kept for a receipt.

A hold is a promise: it moves nothing, and no operation says it. The sale that takes from the certificate ends it
(hub/books/certificates.py), else its time is over by itself. A till has one receipt at a time, so it has one hold of a
certificate, and never stands in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.certificates.pins import CertificatePins
from hub.store.certificate_records import CertificateHoldRow, CertificateRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.programme import Programme

LASTS: Final = timedelta(minutes=15)  # longer than anybody stands at a till; asked again, it begins anew


class NotSo(NamedTuple):
    """Why not: a word of sync/certificates.py. A wrong PIN is counted, so it is an answer and no exception."""

    code: str
    message: str
    tries_left: int | None = None


class Known(NamedTuple):
    """A certificate that may be used now, and what is free of it."""

    row: CertificateRow
    free: int


def by_number(
    writer: Writer, number: str, pin: str, pins: CertificatePins, programme: Programme, till: str, at: datetime
) -> Known | NotSo:
    """As it was typed, with its PIN. Wrong ones are counted for each number, until it is shown by its QR alone."""
    row = writer.locked_certificates([number]).get(number)
    if row is None or not row.face:
        return absent(writer, number)
    most = programme.certificates.pin_tries
    if row.tries >= most:
        return NotSo("certificate_pin_tries", f"too many wrong PINs were typed for certificate {number}", 0)
    if not pins.is_right(number, pin):
        row = row._replace(tries=row.tries + 1)
        writer.write(Rows(certificates=[row]))
        code = "certificate_pin" if row.tries < most else "certificate_pin_tries"
        return NotSo(code, f"that is not the PIN of certificate {number}", most - row.tries)
    if row.tries:
        row = row._replace(tries=0)
        writer.write(Rows(certificates=[row]))
    return usable(writer, row, programme.id, till, at)


def by_text(reader: Reader, number: str, programme: str, till: str, at: datetime) -> Known | NotSo:
    """As its QR says, whose signature holds."""
    row = reader.certificates([number]).get(number)
    return absent(reader, number) if row is None or not row.face else usable(reader, row, programme, till, at)


def absent(reader: Reader, number: str) -> NotSo:
    if reader.certificate_numbers([number]):
        return NotSo("certificate_not_sold", f"certificate {number} has not been sold, as far as the hub has heard")
    return NotSo("certificate_unknown", f"there is no certificate {number}")


def usable(reader: Reader, row: CertificateRow, programme: str, till: str, at: datetime) -> Known | NotSo:
    """`free`: without what other tills keep of it now."""
    if row.programme != programme:
        return NotSo("certificate_unknown", f"certificate {row.number} is of {row.programme}")
    if row.state == "replaced":
        return NotSo("certificate_replaced", f"certificate {row.number} was replaced by another number")
    if row.state == "blocked":
        return NotSo("certificate_blocked", f"certificate {row.number} is blocked")
    if row.until is not None and row.until <= at:
        return NotSo("certificate_ended", f"certificate {row.number} was given, and good until {row.until:%Y-%m-%d}")
    holds = reader.certificate_holds_of([row.number])
    return Known(row, max(0, row.left - held_by_others(holds, till, at)))


def held_by_others(holds: Iterable[CertificateHoldRow], till: str, at: datetime) -> int:
    return sum(hold.kopecks for hold in holds if hold.till != till and hold.until > at)


def hold(
    writer: Writer,
    number: str,
    name: str,
    kopecks: int,
    programme: str,
    till: str,
    at: datetime,
    *,
    lasts: timedelta = LASTS,
) -> CertificateHoldRow | NotSo:
    """As many kopecks as are asked for, or as are free."""
    row = writer.locked_certificates([number]).get(number)
    found = absent(writer, number) if row is None or not row.face else usable(writer, row, programme, till, at)
    if isinstance(found, NotSo):
        return found
    if not found.free:
        if found.row.left:
            return NotSo("certificate_held", f"another receipt has all of certificate {number} just now")
        return NotSo("certificate_empty", f"nothing is left on certificate {number}")
    before = next((one for one in writer.certificate_holds_of([number]) if one.till == till), None)
    begun = before.made_at if before is not None and before.hold == name else at
    held = CertificateHoldRow(number, till, name, min(kopecks, found.free), begun, at + lasts)
    writer.write(Rows(certificate_holds=[held]))
    return held


def free(writer: Writer, name: str, till: str) -> None:
    """The receipt does without it; one that is not there is as good as gone."""
    held = writer.certificate_holds_named(till, name)
    if held:
        writer.locked_certificates([one.certificate for one in held])
        keys = [one.key for one in writer.certificate_holds_named(till, name)]
        writer.write(Rows(gone_certificate_holds=keys))
