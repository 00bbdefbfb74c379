"""Codes in pictures that the tests draw themselves."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from drivers.scanner.altered import smaller
from drivers.scanner.decode import decode, decode_thoroughly
from drivers.scanner.emulator.frames import frame
from drivers.scanner.emulator.pictures import drawn_card
from drivers.scanner.engines import LINEAR, QR, by_zbar, by_zxing
from drivers.scanner.picture import read_picture
from drivers.scanner.scan import SYMBOLOGIES, check_digit_right
from drivers.scanner.strip import restored
from drivers.scanner.symbology import CODE39, STRONG, WEAK, ZBAR_SYMBOLS, ZXING_FORMATS, Code, code39_plain, code_of

CODES = [
    ("EAN13", "4600000000015", "ean13"),
    ("EAN8", "12345670", "ean8"),
    ("UPCA", "036000291452", "upca"),
    ("Code128", "ALENKA-7", "code128"),
    ("Code39", "ALENKA-7", "code39"),
    ("ITF", "04600000000015", "itf"),
    ("QRCode", "https://shop.example/?q=1", "qr"),
    ("DataMatrix", "0104600439931256\x1d21abc", "datamatrix"),
    ("PDF417", "ALENKA-7", "pdf417"),
]
READ_OF_36 = 20


def label(theirs: str, text: str) -> "np.ndarray":
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, theirs))
    return np.pad(np.array(zxingcpp.write_barcode_to_image(barcode, scale=3)), 30, constant_values=255)


def bytes_of(seen: np.ndarray) -> NDArray[np.uint8]:
    """A picture, whatever OpenCV says of its type."""
    return seen.astype(np.uint8)


@pytest.mark.parametrize(("theirs", "text", "symbology"), CODES)
@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("turns", [0, 1, 2])
def test_every_symbology_is_read_in_any_direction_under_our_name(
    theirs: str, text: str, symbology: str, live: bool, turns: int
) -> None:
    expected = "0" + text if symbology == "upca" else text  # one number, one text: as an EAN-13 with a 0
    assert decode(np.rot90(label(theirs, text), turns), live=live) == (Code(expected, symbology),)


@pytest.mark.parametrize(("theirs", "text", "symbology"), CODES[:7])
def test_the_second_engine_gives_the_same_names_and_texts(theirs: str, text: str, symbology: str) -> None:
    expected = "0" + text if symbology == "upca" else text
    assert [seen.code for seen in by_zbar(label(theirs, text), LINEAR | QR)] == [Code(expected, symbology)]


def test_both_engines_use_our_names_and_no_others() -> None:
    assert set(ZXING_FORMATS.values()) == SYMBOLOGIES
    assert set(ZBAR_SYMBOLS.values()) <= SYMBOLOGIES


def test_colour_and_grey_read_alike_and_two_codes_are_both_read() -> None:
    both = np.vstack([label("EAN13", "4600000000015"), label("EAN13", "4600000000022")])
    coloured = np.stack([both, both, both], axis=-1)
    assert set(decode(both)) == {Code("4600000000015", "ean13"), Code("4600000000022", "ean13")}
    assert decode(coloured) == decode(both)
    card = drawn_card("4600000000015", "ean13", 1)
    assert decode(card) == decode(card[..., 1]) == (Code("4600000000015", "ean13"),)


@pytest.mark.parametrize("seed", [0, 31])
def test_a_misreading_in_a_few_rows_of_a_code_does_not_stand_beside_it(seed: int) -> None:
    grey = bytes_of(cv2.cvtColor(drawn_card("4600000000015", "ean13", seed), cv2.COLOR_BGR2GRAY))
    assert len(zxingcpp.read_barcodes(grey)) == 2  # the engine alone gives a wrong EAN too, and it checks
    assert decode(grey) == (Code("4600000000015", "ean13"),)


@pytest.mark.parametrize(("theirs", "text", "symbology"), CODES)
@pytest.mark.parametrize("degrees", [10, 33, 60, 115, 200, 290])
def test_a_card_lies_as_it_lies(theirs: str, text: str, symbology: str, degrees: int) -> None:
    card = label(theirs, text)
    sheet = np.full((720, 1280), 140, np.uint8)
    top, left = (720 - card.shape[0]) // 2, (1280 - card.shape[1]) // 2
    sheet[top : top + card.shape[0], left : left + card.shape[1]] = card
    turn = cv2.getRotationMatrix2D((640, 360), degrees, 1.0)
    turned = bytes_of(cv2.warpAffine(sheet, turn, (1280, 720), borderValue=140))
    live = symbology != "pdf417"  # the engine reads it along its rows only, and uprighting is for stills
    assert [code.symbology for code in decode(turned, live=live)] == [symbology]


@pytest.mark.parametrize("blur", [0.5, 1.0, 1.5, 2.0])
@pytest.mark.parametrize(("theirs", "text", "symbology"), CODES[:4])
def test_bars_are_read_through_a_blur_as_wide_as_they_are(theirs: str, text: str, symbology: str, blur: float) -> None:
    seen = bytes_of(cv2.GaussianBlur(np.pad(label(theirs, text), 100, constant_values=255), (0, 0), blur))
    expected = "0" + text if symbology == "upca" else text
    assert decode(seen, live=True) == (Code(expected, symbology),)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_read_where_there_is_nothing(seed: int) -> None:
    assert decode(frame(seed, empty=True).picture, live=True) == ()


def test_a_till_s_frame_gives_its_code_or_nothing_and_most_are_read() -> None:
    read = 0
    for seed in range(36):
        shot = frame(seed, empty=False)
        texts = {code.text for code in decode(shot.picture, live=True)}
        assert texts <= {shot.text}, f"seed {seed}"
        read += bool(texts)
    assert read >= READ_OF_36


def test_thoroughly_what_is_weak_is_shown_and_marked() -> None:
    """Two rows of bars: any engine reads them, and nothing else speaks for them."""
    thin = np.full((200, 600), 255, np.uint8)
    bars = label("Code39", "ALENKA-7")[60:62]
    thin[100:102, : bars.shape[1]] = bars
    assert [code.confidence for code in decode_thoroughly(thin)] == [WEAK]
    assert [code.confidence for code in decode_thoroughly(label("Code39", "ALENKA-7"))] == [WEAK]
    assert [code.confidence for code in decode_thoroughly(label("EAN13", "4600000000015"))] == [STRONG]
    assert decode(thin, live=True) == ()


@pytest.mark.parametrize(
    ("seed", "why"),
    [
        (63_000_050, "both engines read the rest of an ITF that is half under a glare"),
        (64_000_106, "all correction of a PDF417 was spent on what is missing, and any filling is right"),
    ],
)
def test_what_was_once_misread_is_not_shown(seed: int, why: str) -> None:
    shot = frame(seed, empty=False)
    for live in (True, False):
        assert {code.text for code in decode(shot.picture, live=live)} <= {shot.text}, why


def test_d29_half_size_is_for_large_pictures() -> None:
    assert smaller(np.zeros((480, 640), np.uint8)) is None
    half = smaller(np.zeros((1200, 1600), np.uint8))
    assert half is not None
    assert half.shape == (600, 800)


@pytest.mark.parametrize(
    ("theirs", "text"), [("EAN13", "4604060014951"), ("Code128", "ALENKA-7"), ("Code39", "ALENKA7")]
)
def test_bars_that_run_together_come_apart_again(theirs: str, text: str) -> None:
    """By a lens's blur as wide as a bar; the engines alone read none of them."""
    sharp = np.pad(label(theirs, text), 100, constant_values=255)
    seen = bytes_of(cv2.GaussianBlur(sharp, (0, 0), 2.6))
    assert by_zxing(seen, LINEAR) == []
    assert [code.text for code in decode(seen, live=True)] == [text]


@given(st.binary(min_size=40, max_size=200), st.floats(1.0, 5.0))
def test_what_is_restored_lies_between_ink_and_paper_and_a_flat_line_stays_flat(levels: bytes, sigma: float) -> None:
    line = np.frombuffer(levels, np.uint8).astype(np.float32)[None, :]
    made = restored(line, sigma)
    assert made.shape == line.shape
    assert 0 <= made.min() <= made.max() <= 255
    flat = np.full((1, 80), levels[0], np.float32)
    assert np.allclose(restored(flat, sigma), flat, atol=1e-2)


@given(st.text(st.characters(min_codepoint=0, max_codepoint=127), min_size=1))
def test_a_code_39_is_spelled_in_its_own_characters(text: str) -> None:
    plain = code39_plain(text)
    assert set(plain) <= CODE39
    assert code39_plain(plain) == plain


def test_a_light_code_on_dark_is_read_in_a_still_picture() -> None:
    assert decode(255 - label("QRCode", "card")) == (Code("card", "qr"),)


@pytest.mark.parametrize(
    ("text", "symbology", "code"),
    [
        ("4600000000015", "ean13", Code("4600000000015", "ean13")),
        ("4600000000010", "ean13", None),
        ("036000291452", "upca", Code("0036000291452", "upca")),
        ("0036000291452", "ean13", Code("0036000291452", "upca")),
        ("036000291453", "upca", None),
        ("12345671", "ean8", None),
        ("46000000000", "ean13", None),
        ("٤٦٠٠٠٠٠٠٠٠٠١٥", "ean13", None),
        ("", "qr", None),
        ("1234", "itf", None),
        ("123456", "itf", Code("123456", "itf")),
        ("text", None, None),
    ],
)
def test_no_engine_is_believed_about_digits(text: str, symbology: str | None, code: Code | None) -> None:
    assert code_of(text, symbology) == code


def test_every_single_wrong_digit_breaks_the_check() -> None:
    right = "4600000000015"
    for place in range(13):
        for digit in "0123456789":
            changed = right[:place] + digit + right[place + 1 :]
            assert check_digit_right(changed) == (changed == right)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "I;16", "LA", "CMYK"])
def test_every_kind_of_picture_file_is_read(tmp_path: Path, mode: str) -> None:
    grey = label("EAN13", "4600000000015")
    path = tmp_path / ("card.jpg" if mode == "CMYK" else "card.png")
    if mode == "I;16":
        Image.fromarray(grey.astype(np.uint16) * 257).save(path)
    elif mode in ("RGBA", "LA"):  # black bars on nothing
        Image.merge("LA", [Image.new("L", grey.shape[::-1]), Image.fromarray(255 - grey)]).convert(mode).save(path)
    else:
        Image.fromarray(grey).convert(mode).save(path)
    assert decode(read_picture(path)) == (Code("4600000000015", "ean13"),)


def test_without_libzbar_the_first_engine_reads_alone_and_it_is_said_once() -> None:
    program = (
        "import sys; sys.modules['pyzbar.pyzbar'] = None\n"  # what a missing libzbar comes to: ImportError
        "import numpy as np; from drivers.scanner.decode import decode\n"
        "for _ in range(3): assert decode(np.full((90, 160), 70, np.uint8)) == ()\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert result.stderr.count("zxing-cpp alone") == 1


@pytest.mark.parametrize("shape", [(1, 1), (1, 20000), (20000, 1), (3, 3), (0, 0), (2, 500), (500, 7)])
def test_no_shape_of_picture_breaks_it(shape: tuple[int, int]) -> None:
    chance = np.random.default_rng(1)
    for picture in (np.zeros(shape, np.uint8), chance.integers(0, 256, shape).astype(np.uint8)):
        assert decode(picture, live=True) == decode(picture) == decode_thoroughly(picture) == ()
