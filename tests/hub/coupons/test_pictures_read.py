"""Every code that is printed or shown reads: on the paper of a receipt printer of 58 mm, from the sheet, from the
certificate, from the card (as an SVG: tests/page), as a page draws it, and from a phone that somebody holds before the
till's camera.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from config.printers import load_printer
from config.programmes import load_programme
from drivers.printer.document import QR, Cut, Document, Logo
from drivers.printer.emulator.picture import picture
from drivers.printer.emulator.rendering import rendered
from drivers.printer.encode import encode
from drivers.scanner.decode import decode
from drivers.scanner.emulator.motion import FRAMES_PER_POSE, held
from drivers.scanner.emulator.phone import phone
from drivers.scanner.emulator.pictures import counter_top
from hub.coupons.as_pdf import write_pdf
from hub.coupons.as_png import PRINTER, SCREEN, png
from hub.coupons.as_svg import svg
from hub.coupons.drawing import Code, Drawing
from hub.coupons.faces import (
    ACROSS,
    CELL,
    DOWN,
    PAGE,
    ShownCertificate,
    ShownCoupon,
    card_face,
    certificate,
    coupon_sheets,
    coupon_slip,
    shown_coupon,
)
from loyalty.certificate_text import seal_certificate
from loyalty.coupon_token import CouponClaims, seal_coupon
from loyalty.typed_codes import make_code
from pos_agent import qr
from pos_agent.commands.decode import command
from web.qr import modules

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
ALENKA = load_programme("alenka")
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
DPI = 150  # at which an office's printer is looked at
NUMBER = "2600000000017"
SEED = 2
CERTIFICATE = ShownCertificate(
    number="1234567890123456",
    text=seal_certificate("1234567890123456", "alenka", 1, KEY.sign),
    face_kopecks=300_000,
    pin="123456",
    to="Анна Петровна",
    wishes="С днём рождения! " * 20,
)


def coupon(number: int) -> ShownCoupon:
    claims = CouponClaims(
        serial=f"{number:032x}",
        programme="alenka",
        campaign="ten-percent",
        valid_from=NOW,
        valid_to=NOW + timedelta(days=30),
        zone="Europe/Moscow",
        value=2**32 - 1,
        uses=1_000,
        store="msk-7",
        member="anna",
        channel="self",
    )
    text = seal_coupon(claims, 255, KEY.sign)
    code = make_code(number * 7_919)
    offer = ALENKA.coupons[0]
    return shown_coupon(offer, text, "ru", code=code, last_day=date(2026, 12, 31), uses=3, personal=True)


COUPON = coupon(1)


@dataclass(frozen=True)
class Shown:
    drawing: Drawing
    text: str

    def png(self, *arguments: Any, **options: Any) -> bytes:
        return png(self.drawing, *arguments, **options)


SHOWN = {
    "coupon": Shown(coupon_slip(COUPON, ALENKA, "ru"), COUPON.text),
    "certificate": Shown(certificate(CERTIFICATE, ALENKA, "ru"), CERTIFICATE.text),
    "card": Shown(card_face(NUMBER, ALENKA, "ru", "Анна Петровна"), NUMBER),
}
each = pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)


def read(image: Image.Image) -> list[str]:
    return [code.text for code in decode(np.asarray(image.convert("L")))]


@each
def test_a_picture_reads_with_pos_agent_decode(shown: Shown, tmp_path: Path) -> None:
    """As it is sent and shown."""
    (tmp_path / "shown.png").write_bytes(shown.png())
    done = CliRunner().invoke(command, ["--json", str(tmp_path / "shown.png")])
    codes = json.loads(done.output)["codes"]
    assert [(code["text"], code["symbology"], code["confidence"]) for code in codes] == [(shown.text, "qr", "strong")]


def test_a_coupon_of_58_mm_reads_with_pos_agent_decode(tmp_path: Path) -> None:
    """Dot for dot as a receipt printer has it: 384 across, black and white."""
    drawn = SHOWN["coupon"].png(PRINTER, ink_only=True)
    (tmp_path / "slip.png").write_bytes(drawn)
    done = CliRunner().invoke(command, ["--json", str(tmp_path / "slip.png")])
    assert [code["text"] for code in json.loads(done.output)["codes"]] == [COUPON.text]
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.width == load_printer("pos-5890").width_dots == 384 and image.mode == "1"


def printed(document: Document) -> Image.Image:
    profile = load_printer("pos-5890")
    job = encode(document, profile, attempt_id="T001")
    (paper,) = [piece for piece in rendered(job, columns=profile.columns, model="pos-5890").papers if piece.rows]
    return picture(paper)


@pytest.mark.parametrize("text", [COUPON.text, CERTIFICATE.text, NUMBER], ids=["coupon", "certificate", "card"])
def test_a_receipt_printer_of_58_mm_prints_what_reads(text: str) -> None:
    assert read(printed(Document((QR(text), Cut())))) == [text]


def test_a_receipt_printer_of_58_mm_prints_the_coupons_picture() -> None:
    logo = Logo(SHOWN["coupon"].png(PRINTER, ink_only=True))
    assert read(printed(Document((logo, Cut())))) == [COUPON.text]


def test_every_coupon_of_a_sheet_reads_where_it_is_cut() -> None:
    coupons = [coupon(number) for number in range(1, 13)]
    written = io.BytesIO()
    assert write_pdf(coupon_sheets(coupons, ALENKA, "ru"), written) == 2
    pages = [page.render(scale=DPI / 72).to_pil() for page in pypdfium2.PdfDocument(written.getvalue())]
    texts = [read(cell) for page in pages for cell in cells(page)]
    assert texts == [[one.text] for one in coupons] + [[]] * 8


def cells(page: Image.Image) -> Iterator[Image.Image]:
    dots = DPI / 25.4
    left, top = (PAGE[0] - ACROSS * CELL[0]) / 2, (PAGE[1] - DOWN * CELL[1]) / 2
    for row in range(DOWN):
        for column in range(ACROSS):
            x, y = left + column * CELL[0], top + row * CELL[1]
            yield page.crop((x * dots, y * dots, (x + CELL[0]) * dots, (y + CELL[1]) * dots))


@each
def test_a_pdf_reads(shown: Shown) -> None:
    written = io.BytesIO()
    write_pdf([shown.drawing], written)
    (page,) = pypdfium2.PdfDocument(written.getvalue())
    assert page.get_size() == pytest.approx(
        (shown.drawing.width * 72 / 25.4, shown.drawing.height * 72 / 25.4), abs=0.1
    )
    assert read(page.render(scale=DPI / 72).to_pil()) == [shown.text]


@pytest.mark.parametrize("text", [COUPON.text, CERTIFICATE.text, NUMBER], ids=["coupon", "certificate", "card"])
def test_what_a_page_draws_reads(text: str) -> None:
    """Rows of modules, of which the page draws squares (tests/page has it in a browser)."""
    dots = np.array([[0 if black == "1" else 255 for black in row] for row in qr.rows(text)], np.uint8)
    assert text == NUMBER or len(dots) == (45 if text == COUPON.text else 37), "version 7, and 5"
    drawn = np.pad(np.kron(dots, np.ones((5, 5), np.uint8)), 20, constant_values=255)
    assert read(Image.fromarray(drawn)) == [text]


@each
def test_it_reads_from_a_phone_that_is_held_before_the_camera(shown: Shown) -> None:
    """Within four poses of the hand, which are a few seconds; and what is read is never another text."""
    with Image.open(io.BytesIO(shown.png())) as image:
        on_phone = phone(np.asarray(image.convert("RGB"))[..., ::-1], SEED)[..., 1].copy()
    counter = counter_top(SEED)[..., 1]
    frames = (held(on_phone, counter, SEED, pose * FRAMES_PER_POSE + 3) for pose in range(4))
    texts = next((codes for frame in frames if (codes := [code.text for code in decode(frame)])), [])
    assert texts == [shown.text]


@each
def test_a_code_stands_on_white_whatever_the_ground_is(shown: Shown) -> None:
    (code,) = [mark for mark in shown.drawing.marks if isinstance(mark, Code)]
    with Image.open(io.BytesIO(shown.png())) as image:
        left, top, right, bottom = (
            round(side * SCREEN) for side in (code.x, code.y, code.x + code.side, code.y + code.side)
        )
        levels = np.asarray(image.convert("RGB"))[top:bottom, left:right]
    assert np.unique(levels).tolist() == [0, 255] and (np.ptp(levels, axis=2) == 0).all(), "black and white alone"
    quiet = 3 * SCREEN * code.side / (len(modules(shown.text)) + 8)  # of four modules
    assert (levels[: int(quiet)] == 255).all() and (levels[:, : int(quiet)] == 255).all()


@pytest.mark.parametrize("write", [lambda one: png(one), svg, lambda one: pdf(one)], ids=["png", "svg", "pdf"])
def test_the_same_drawing_is_the_same_bytes(write: Callable[[Drawing], object]) -> None:
    drawing = SHOWN["card"].drawing
    assert write(drawing) == write(drawing)


def pdf(drawing: Drawing) -> bytes:
    written = io.BytesIO()
    write_pdf([drawing], written)
    return written.getvalue()
