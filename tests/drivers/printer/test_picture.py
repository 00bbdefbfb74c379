"""The paper as a picture, read back by a decoder that knows nothing of printers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from drivers.printer.document import QR, Barcode, Columns, Cut, Document, Text
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.encode import encode
from drivers.printer.profile import PrinterProfile

FISCAL = "t=20240512T1402&s=1234.50&fn=9999078900001234&i=12345&fp=1234567890&n=1"


def printed(folder: Path, document: Document, profile: PrinterProfile) -> Image.Image:
    server = PrinterServer(folder, columns=profile.columns)
    with server:
        pass
    server.machine.receive(encode(document, profile, attempt_id="A001"))
    return Image.open(folder / "receipt-0001.png")


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize(("columns", "dots"), [(32, 384), (42, 504), (48, 576)])
@pytest.mark.parametrize("data", [FISCAL, "Алёнка", "https://пример.рф/" + "x" * 300])
def test_a_qr_on_the_paper_reads(tmp_path: Path, data: str, columns: int, dots: int, native: bool) -> None:
    profile = PrinterProfile(name="x", columns=columns, width_dots=dots, qr=native)
    document = Document((Text("«Алёнка»", double=True), QR(data), Text("Спасибо"), Cut()))
    codes = zxingcpp.read_barcodes(np.asarray(printed(tmp_path, document, profile)))
    assert [code.bytes.decode("utf-8") for code in codes] == [data]


@pytest.mark.parametrize(("columns", "dots"), [(32, 384), (48, 576)])
def test_an_ean13_on_the_paper_reads(tmp_path: Path, columns: int, dots: int) -> None:
    profile = PrinterProfile(name="x", columns=columns, width_dots=dots)
    document = Document((Text("Карта"), Barcode("4607012345677"), Text("Спасибо"), Cut()))
    codes = zxingcpp.read_barcodes(np.asarray(printed(tmp_path, document, profile)))
    assert [(code.text, code.format) for code in codes] == [("4607012345677", zxingcpp.BarcodeFormat.EAN13)]


def test_letters_stand_on_the_column_grid_between_margins(tmp_path: Path) -> None:
    profile = PrinterProfile(name="x", columns=32, width_dots=384)
    document = Document((Columns("Ж", "Ж"), Text("Ж", double=True), Cut()))
    paper = np.asarray(printed(tmp_path, document, profile)) < 128
    margin, letter = 64, 24  # pixels, two to the dot
    assert paper.shape[1] == 2 * margin + 32 * letter
    columns = np.flatnonzero(paper.any(axis=0))
    assert margin <= columns[0] and columns[-1] < margin + 32 * letter
    first_row = paper[: 80 + 60]
    used = {(x - margin) // letter for x in np.flatnonzero(first_row.any(axis=0))}
    assert used == {0, 31}


def test_bold_is_blacker(tmp_path: Path) -> None:
    profile = PrinterProfile(name="x", columns=32, width_dots=384)
    black = []
    for bold in (False, True):
        picture = printed(tmp_path / str(bold), Document((Text("Алёнка", bold=bold), Cut())), profile)
        black.append(int((np.asarray(picture) < 128).sum()))
    assert black[1] > black[0] * 1.15
