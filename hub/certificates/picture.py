"""A certificate as it is printed and shown, and its QR for the office's page."""

from __future__ import annotations

from hub.coupons.drawing import Drawing
from hub.coupons.faces import ShownCertificate, certificate
from hub.store.certificate_records import CertificateRow
from loyalty.points_life import last_day_of
from loyalty.programme import Language, Programme
from web.qr import QUIET, modules, runs


def qr_path(text: str) -> tuple[int, str]:
    """How wide it is with the white around, and its black modules as an SVG path."""
    rows = modules(text)
    path = "".join(f"M{QUIET + x} {QUIET + y}h{count}v1h-{count}z" for x, y, count in runs(rows))
    return len(rows) + 2 * QUIET, path


def drawn(row: CertificateRow, programme: Programme, language: Language, *, text: str, pin: str) -> Drawing:
    until = None if row.until is None else last_day_of(programme, row.until)
    shown = ShownCertificate(number=row.number, text=text, face_kopecks=row.face, pin=pin, until=until)
    return certificate(shown, programme, language)
