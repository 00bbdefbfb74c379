"""D02, D06, D07, D08: the alphabet of a code's bytes is what the code says, and else the code is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.scanner.alphabet import text_of
from drivers.scanner.camera import CameraScanner
from drivers.scanner.decode import decode, decode_thoroughly
from drivers.scanner.engines import LINEAR, QR, by_zbar
from drivers.scanner.scan import NOT_UTF8, REFUSED, Scan
from drivers.scanner.symbology import STRONG, WEAK

PAYMENT = "|Name=ООО «Жук»|PersonalAcc=40702810138250123017"
AT = datetime(2026, 11, 29, tzinfo=UTC)
BOM = b"\xef\xbb\xbf"


def drawn(content: str | bytes, symbology: str = "QRCode", **how: str) -> NDArray[np.uint8]:
    barcode = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, symbology), **how)
    return np.pad(np.array(zxingcpp.write_barcode_to_image(barcode, scale=4)), 40, constant_values=255)


@pytest.mark.parametrize(("mark", "alphabet"), [("1", "cp1251"), ("2", "utf-8"), ("3", "koi8-r")])
def test_d02_d07_a_payment_code_names_its_alphabet(mark: str, alphabet: str) -> None:
    text = f"ST0001{mark}" + PAYMENT.replace("«", "'").replace("»", "'")
    (code,) = decode(drawn(text.encode(alphabet)))
    assert (code.text, code.raw, code.confidence, code.guessed) == (text, text.encode(alphabet), STRONG, False)


def test_a_payment_code_that_says_1251_and_is_utf_8_is_read_as_what_it_is() -> None:
    assert text_of(f"ST00011{PAYMENT}".encode()) == f"ST00011{PAYMENT}"


@pytest.mark.parametrize("symbology", ["QRCode", "DataMatrix", "PDF417"])
@pytest.mark.parametrize("number", ["22", "26", "7"])  # CP1251, UTF-8, ISO-8859-5
def test_d02_an_eci_names_the_alphabet(symbology: str, number: str) -> None:
    (code,) = decode(drawn("Купон Жук", symbology, eci=number))
    assert (code.text, code.guessed) == ("Купон Жук", False)


@pytest.mark.parametrize("alphabet", ["cp1251", "cp866", "koi8-r"])
@pytest.mark.parametrize("symbology", ["QRCode", "DataMatrix", "PDF417"])
def test_d02_d06_d07_cyrillic_without_a_word_of_its_alphabet_is_no_text(alphabet: str, symbology: str) -> None:
    raw = "Купон на скидку: Жук".encode(alphabet)
    (code,) = decode(drawn(raw, symbology))
    assert code.guessed
    assert code.raw == raw
    assert [code.confidence for code in decode_thoroughly(drawn(raw, symbology))] == [WEAK]


def test_the_second_engine_guesses_and_is_not_heard() -> None:
    assert by_zbar(drawn("Купон".encode("cp1251")), QR | LINEAR) == []
    assert [seen.code.text for seen in by_zbar(drawn("card"), QR)] == ["card"]


def test_latin_letters_of_code_128_have_the_alphabet_of_the_standard() -> None:
    (code,) = decode(drawn("Café 12", "Code128"))
    assert (code.text, code.guessed) == ("Café 12", False)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text[0] != "\ufeff"))
def test_d08_utf_8_is_itself_with_a_bom_before_it_or_without(text: str) -> None:
    assert text_of(text.encode()) == text_of(BOM + text.encode()) == text


@given(st.binary())
def test_no_bytes_break_it_and_what_it_reads_says_so_itself(raw: bytes) -> None:
    text = text_of(raw)
    if text is not None and not raw.startswith(b"ST0001"):
        assert text.encode() == raw.removeprefix(BOM)


def scans(frames: list[NDArray[np.uint8]], folder: Path) -> tuple[CameraScanner, list[Scan]]:
    """What a camera whose frames are these delivers, up to the last."""
    for number, frame in enumerate(frames):
        cv2.imwrite(str(folder / f"{number:03d}.png"), frame)
    camera = CameraScanner(f"camera:file:{folder}/%03d.png", "left")
    found: list[Scan] = []
    now_s = 0.0
    while camera.life.failures == 0:
        new, now_s = camera.step(now_s, AT)
        found += new
    camera.close()
    return camera, found


def test_d06_d08_a_camera_refuses_as_a_serial_scanner_does_and_knows_a_card_behind_a_bom(tmp_path: Path) -> None:
    raw = "Купон на скидку".encode("cp866")
    card = np.asarray(drawn(BOM + b"2600000000017"))
    camera, (refused, read) = scans([drawn(raw), card], tmp_path)
    assert (refused.text, refused.raw, refused.flags) == ("", raw, frozenset({REFUSED}))
    assert camera.refused == {NOT_UTF8: 1}
    assert (read.text, read.raw, read.flags) == ("2600000000017", BOM + b"2600000000017", frozenset())
