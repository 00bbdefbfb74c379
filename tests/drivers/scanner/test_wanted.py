"""What a camera is asked to read: UPC-E and DataBar only where its URL says so, and add-ons apart."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.errors import DeviceError
from drivers.scanner.decode import decode
from drivers.scanner.scan import SYMBOLOGIES
from drivers.scanner.scanner import open_scanner
from drivers.scanner.symbology import ON_REQUEST, SHIPPED, upca_of
from drivers.scanner.wanted import wanted_of


def drawn(text: str, symbology: str) -> NDArray[np.uint8]:
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    return np.pad(np.array(zxingcpp.write_barcode_to_image(barcode, scale=3)), 30, constant_values=255)


@pytest.mark.parametrize(
    ("url", "address", "wanted"),
    [
        ("camera:0", "camera:0", SHIPPED),
        ("camera:0?symbologies=usual", "camera:0", SHIPPED),
        ("camera:0?symbologies=ean13,qr", "camera:0", {"ean13", "qr"}),
        ("camera:file:a/%03d.png?symbologies=usual,upce", "camera:file:a/%03d.png", SHIPPED | {"upce"}),
        ("camera:http://h/x.mjpeg?res=hd&symbologies=qr", "camera:http://h/x.mjpeg?res=hd", {"qr"}),
        ("camera:http://h/x.mjpeg?a=1&b=%2C", "camera:http://h/x.mjpeg?a=1&b=%2C", SHIPPED),
        ("camera:0?symbologies=upce%2Cdatabar", "camera:0", {"upce", "databar"}),
    ],
)
def test_the_setting_is_taken_out_of_the_address(url: str, address: str, wanted: set[str]) -> None:
    assert wanted_of(url) == (address, frozenset(wanted))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("camera:0?symbologies=ean13,upc-e", "did you mean upce?"),
        ("camera:0?symbologies=aztec-rune", "there are usual, code128"),
        ("camera:0?symbologies=", "there is no symbology ''"),
        ("camera:0?symbology=upce", "did you mean symbologies?"),
        ("camera:http://h/x?symbologys=upce", "did you mean symbologies?"),
        ("camera:0?baud=9600", "there is no setting 'baud'"),
        ("camera:0?symbologies=qr&symbologies=qr", "twice"),
    ],
)
def test_a_slip_is_told_at_once_with_what_was_meant(url: str, told: str) -> None:
    with pytest.raises(DeviceError) as refused:
        open_scanner(url, name="left")
    assert told in str(refused.value)


@given(st.sets(st.sampled_from(sorted(SYMBOLOGIES)), min_size=1))
def test_any_list_of_symbologies_is_that_list(names: set[str]) -> None:
    assert wanted_of(f"camera:1?symbologies={','.join(names)}") == ("camera:1", frozenset(names))


@pytest.mark.parametrize(
    ("theirs", "text", "expected"),
    [
        ("UPCE", "0212759", ("0021275000090", "upce")),
        ("DataBarOmni", "04600000000015", ("0104600000000015", "databar")),
        ("DataBarLtd", "04600000000015", ("0104600000000015", "databar")),
        ("DataBarStkOmni", "04600000000015", ("0104600000000015", "databar")),
        ("DataBarExp", "(01)04600000000015(10)AB", ("010460000000001510AB", "databar_expanded")),
    ],
)
def test_what_is_off_as_shipped_is_read_on_request_alone(theirs: str, text: str, expected: tuple[str, str]) -> None:
    picture = drawn(text, theirs)
    assert decode(picture) == ()
    assert [(code.text, code.symbology) for code in decode(picture, wanted=SHIPPED | ON_REQUEST)] == [expected]


def test_what_is_not_asked_for_is_not_read() -> None:
    assert decode(drawn("4600000000015", "EAN13"), wanted=frozenset({"qr"})) == ()
    assert decode(drawn("card", "QRCode"), wanted=frozenset({"ean13"})) == ()


@pytest.mark.parametrize("addon", ["12", "51400"])
@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize(
    ("theirs", "text", "main"),
    [
        ("EAN13", "9784872348880", "9784872348880"),
        ("EAN8", "12345670", "12345670"),
        ("UPCA", "036000291452", "0036000291452"),
    ],
)
def test_an_add_on_stands_apart_from_the_number(theirs: str, text: str, main: str, live: bool, addon: str) -> None:
    (code,) = decode(drawn(f"{text}+{addon}", theirs), live=live)
    assert (code.text, code.addon) == (main, addon)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("01234505", "0012000003455"),
        ("01234514", "0012100003454"),
        ("01234531", "0012300000451"),
        ("01234543", "0012340000053"),
        ("01234558", "0012345000058"),
        ("0012345000058", "0012345000058"),
    ],
)
def test_the_zeros_of_a_upc_e_are_written_out(short: str, long: str) -> None:
    assert upca_of(short) == long
