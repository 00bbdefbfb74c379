"""Whether what was read looks like the bars: right digits do, and others with a valid check digit never."""

import random
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from drivers.scanner.cascade import Cost, Scene, climb
from drivers.scanner.grade import ean_likeness, looks_alike
from drivers.scanner.strip import ROWS
from drivers.scanner.symbology import modules_of
from drivers.scanner.vote import shown

MARGIN = 40
EAN, OTHER, MISREAD = "4607012345677", "9312345987658", "4607012345172"


def strip(theirs: str, text: str, *, dots: int = 4, blur: float = 1.5, noise: float = 4.0) -> np.ndarray:
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, theirs))
    row = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))[0]
    line = np.pad(np.repeat(row, dots), MARGIN, constant_values=255).astype(np.float32)
    seen = cv2.GaussianBlur(np.repeat(line[None, :], ROWS, axis=0), (0, 0), blur) * 0.6 + 40
    seen += np.random.default_rng(1).normal(0, noise, seen.shape)
    grey: np.ndarray = np.clip(seen, 0, 255).astype(np.uint8)
    return grey


def grey(seen: np.ndarray) -> NDArray[np.uint8]:
    """As bytes, whatever OpenCV says of its type."""
    return seen.astype(np.uint8)


def ends(rows: np.ndarray) -> tuple[float, float]:
    return MARGIN, rows.shape[1] - MARGIN


def checked(digits: str) -> str:
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def misreadings(right: str, seed: int) -> Iterator[str]:
    """Others that check: one digit wrong, and the check digit with it; or two neighbours."""
    chance = random.Random(seed)
    print("seed", seed)
    for _ in range(30):
        digits = list(right[:-1])
        for place in chance.sample(range(1, len(digits)), chance.choice([1, 2])):
            digits[place] = chance.choice("0123456789".replace(digits[place], ""))
        yield checked("".join(digits))


@pytest.mark.parametrize(
    ("theirs", "text"), [("EAN13", "4600000000015"), ("EAN13", "0036000291452"), ("EAN8", "12345670")]
)
def test_an_ean_is_drawn_as_the_writer_draws_it(theirs: str, text: str) -> None:
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, theirs))
    row = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))[0]
    assert modules_of(text) == "".join("0" if light else "1" for light in row)


@pytest.mark.parametrize("blur", [0.5, 1.5, 3.0, 4.0])
@pytest.mark.parametrize(("theirs", "text"), [("EAN13", EAN), ("EAN8", "12345670")])
def test_the_right_digits_look_right_either_way_up_and_a_valid_misreading_does_not(
    theirs: str, text: str, blur: float
) -> None:
    rows = strip(theirs, text, blur=blur)
    assert ean_likeness(rows, text, ends(rows)).each
    assert ean_likeness(np.ascontiguousarray(rows[:, ::-1]), text, ends(rows)).each
    assert ean_likeness(np.ascontiguousarray(rows[::-1] // 2 + 60), text, ends(rows)).each
    for wrong in misreadings(text, 5):
        assert not ean_likeness(rows, wrong, ends(rows)).each, wrong


def test_bars_in_a_quarter_of_the_rows_are_not_enough() -> None:
    rows = strip("EAN13", EAN)
    rows[: ROWS * 5 // 8] = 200
    assert not ean_likeness(rows, EAN, ends(rows)).each


def test_bars_bent_over_a_bottle_still_look_right() -> None:
    rows = strip("EAN13", EAN)
    width = rows.shape[1]
    at = np.linspace(-1, 1, width, dtype=np.float32)
    bent = (at + 0.02 * (1 - at * at) + 1) / 2 * (width - 1)
    seen = cv2.remap(
        rows,
        np.repeat(bent[None, :], ROWS, 0).astype(np.float32),
        np.mgrid[:ROWS, :width][0].astype(np.float32),
        cv2.INTER_LINEAR,
    )
    assert ean_likeness(grey(seen), EAN, ends(rows)).each


@pytest.mark.parametrize(
    ("theirs", "symbology", "text", "others"),
    [
        ("Code39", "code39", "ALENKA7", ["ALENKA1", "ALENKA", "7AKNELA"]),
        ("ITF", "itf", "04600000000015", ["04600000000025", "0460000000", "600000000015"]),
        ("Code128", "code128", "ALENKA-7", ["ALENKA-1", "ALENKA"]),
    ],
)
def test_other_bars_are_compared_as_a_whole(theirs: str, symbology: str, text: str, others: list[str]) -> None:
    rows = strip(theirs, text, dots=3)
    assert looks_alike(rows, text, symbology, ends(rows))
    for other in others:
        assert not looks_alike(rows, other, symbology, ends(rows)), other


def test_from_afar_a_misreading_may_pass_and_another_code_may_not() -> None:
    rows = strip("EAN13", EAN)
    assert ean_likeness(rows, EAN, ends(rows)).afar
    assert not ean_likeness(rows, OTHER, ends(rows)).afar


def test_a_reading_that_the_bars_disprove_is_weak_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that says another number, with a right check digit: what one did in a tenth of its misreadings."""
    from drivers.scanner import cascade
    from drivers.scanner.engines import Sighting, by_zxing
    from drivers.scanner.symbology import Code

    wrong = MISREAD
    picture = np.full((300, 600), 255, np.uint8)
    rows = strip("EAN13", EAN, blur=0.8)
    picture[100 : 100 + 96, 60 : 60 + rows.shape[1]] = np.repeat(rows, 3, axis=0)

    def lying(grey: NDArray[np.uint8], symbologies: frozenset[str], **options: bool) -> list[Sighting]:
        return [Sighting(Code(wrong, "ean13"), seen.place) for seen in by_zxing(grey, symbologies, **options)]

    monkeypatch.setattr(cascade, "by_zxing", lying)
    monkeypatch.setattr(cascade, "by_zbar", lambda *_: [])
    found = climb(Scene(picture), Cost.THOROUGH)
    assert [(verdict.code.text, verdict.strong) for verdict in found] == [(wrong, False)]
    assert shown(found) == []
