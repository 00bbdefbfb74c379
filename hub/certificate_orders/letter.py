"""The letter with which a certificate comes: its picture with the QR in the text, and the same as PDF to print."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from io import BytesIO
from typing import Final

from hub.certificate_orders.designs import drawn
from hub.certificate_orders.order import CertificateOrder, order_of
from hub.coupons.as_pdf import write_pdf
from hub.coupons.as_png import png
from hub.coupons.drawing import plain
from hub.coupons.faces import ShownCertificate, in_groups
from hub.hub import Hub
from hub.sender.message import File, Message
from hub.store.certificate_records import CertificateRow
from hub.store.errand_records import ErrandRow, PictureRow
from loyalty.emails import shown_email
from loyalty.programme import Language, Programme
from loyalty.utc import utc_text
from loyalty.wording import amount_text

PIXELS_A_MM: Final = 8
PICTURE, PAPER = "certificate.png", "certificate.pdf"
WORDS: Final[dict[str, tuple[str, str]]] = {
    "subject": ("Подарочный сертификат на {sum}: {programme}", "A gift certificate of {sum}: {programme}"),
    "hello": ("{name}, вам подарили сертификат на {sum}!", "{name}, you were given a certificate of {sum}!"),
    "how": (
        "Покажите QR-код на кассе: с экрана или с бумаги. Платить можно по частям, срока нет.",
        "Show the QR code at a till, on your screen or on paper. You can pay in parts, and it has no end.",
    ),
    "number": (
        "Если QR не читается, назовите номер {number} и ПИН-код {pin}.",
        "If the QR cannot be read, say the number {number} and the PIN {pin}.",
    ),
    "care": (
        "Кто знает этот код, тот может им платить: никому не пересылайте письмо.",
        "Whoever knows this code can pay with it: send this letter on to nobody.",
    ),
}


def letter(hub: Hub, row: ErrandRow, certificate: CertificateRow, pictures: Sequence[PictureRow]) -> Message:
    """The same order, certificate and language are the same letter."""
    order = order_of(row)
    programme = hub.programmes[order.programme]
    pin = hub.certificate_pins.of(certificate.number)
    shown = ShownCertificate(
        number=certificate.number,
        text=hub.certificate_text(certificate.number, certificate.programme),
        face_kopecks=certificate.left,
        pin=pin,
        to=order.to_name,
        wishes=order.words,
    )
    jpeg = base64.b64decode(pictures[-1].body) if pictures else b""
    drawing = drawn(shown, programme, order.language, order.design, jpeg)
    paper = BytesIO()
    write_pdf([drawing], paper)
    lines = _lines(order, programme, certificate, pin)
    return Message(
        kind="certificate",
        to=order.to_mail,
        shown=shown_email(order.to_mail),
        text="\n\n".join(lines) + "\n",
        code="",
        ends_at=utc_text(hub.now()),
        subject=_subject(order, programme, certificate),
        html=_html(lines, programme.name(order.language), order.language),
        files=(
            File(name=PICTURE, type="image/png", content=png(drawing, PIXELS_A_MM), inside=True),
            File(name=PAPER, type="application/pdf", content=paper.getvalue()),
        ),
    )


def _subject(order: CertificateOrder, programme: Programme, certificate: CertificateRow) -> str:
    sum_ = plain(amount_text(certificate.left, order.language))
    return _said("subject", order.language, sum=sum_, programme=plain(programme.name(order.language)))


def _lines(order: CertificateOrder, programme: Programme, certificate: CertificateRow, pin: str) -> list[str]:
    language, sum_ = order.language, amount_text(certificate.left, order.language)
    return [
        _said("hello", language, name=order.to_name, sum=sum_),
        *([order.words] if order.words else []),
        _said("how", language),
        _said("number", language, number=in_groups(certificate.number), pin=pin),
        _said("care", language),
        programme.name(language),
    ]


def _html(lines: Sequence[str], title: str, language: Language) -> str:
    first, *rest = (f"<p>{escape(line)}</p>" for line in lines)
    picture = f'<p><img src="cid:{PICTURE}" alt="{escape(title)}" width="592" style="max-width:100%;height:auto"></p>'
    head = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    return "\n".join((head, "<body>", first, picture, *rest, "</body></html>", ""))


def _said(word: str, language: Language, **facts: str) -> str:
    return WORDS[word][0 if language == "ru" else 1].format(**facts)
