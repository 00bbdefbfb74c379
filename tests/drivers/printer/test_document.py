from __future__ import annotations

import struct

import pytest

from drivers.printer.document import (
    QR,
    Barcode,
    Buzzer,
    Columns,
    Cut,
    Document,
    Drawer,
    Feed,
    Logo,
    Rule,
    Text,
    from_json,
    to_json,
)


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


EVERY_BLOCK = Document(
    (
        Text("Алёнка", align="center", bold=True, double=True),
        Columns("Молоко", "89,90 ₽"),
        Rule("="),
        QR("https://example.ru/чек", size=4),
        Barcode("4607012345677"),
        Feed(2),
        Cut(),
        Barcode("A-7", symbology="code128"),
        Logo(png_header(384, 90)),
        Drawer(5),
        Buzzer(2),
    )
)

# As it lay on a till's disk before there were other blocks than these.
STORED_LONG_AGO = (
    '{"blocks":[{"block":"text","text":"Алёнка","align":"center","bold":true,"double":true},'
    '{"block":"columns","left":"Молоко","right":"89,90 ₽"},{"block":"rule","char":"="},'
    '{"block":"qr","data":"https://example.ru/чек","size":4},{"block":"barcode","data":"4607012345677"},'
    '{"block":"feed","lines":2},{"block":"cut"}]}'
)


def test_a_document_comes_back_from_json_as_it_was() -> None:
    assert from_json(to_json(EVERY_BLOCK)) == EVERY_BLOCK


def test_a_document_stored_by_an_earlier_version_is_read_and_written_as_it_was() -> None:
    assert from_json(STORED_LONG_AGO.encode()) == Document(EVERY_BLOCK.blocks[:7])
    assert to_json(Document(EVERY_BLOCK.blocks[:7])).decode() == STORED_LONG_AGO


def test_a_lone_surrogate_in_a_name_does_not_stop_the_document_from_being_stored() -> None:
    stored = to_json(Document((Text("Ко\ud800фе", bold=True), QR("a"))))
    assert from_json(stored) == Document((Text("Ко?фе", bold=True), QR("a")))


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"blocks":[{"block":"laser"}]}', b'{"blocks":[{"block":"barcode","data":"1"}]}']
)
def test_what_is_not_a_document_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        from_json(data)


@pytest.mark.parametrize("digits", ["4607012345670", "460701234567", "٤607012345677", "46070123456x7", ""])
def test_a_barcode_that_the_printer_would_silently_not_print_is_refused(digits: str) -> None:
    with pytest.raises(ValueError):
        Barcode(digits)


@pytest.mark.parametrize("data", ["", "я" * 251, "a\x10\x14\x01\x00\x01", "a\nb", "\x9b", "\ud800"])
def test_a_qr_holds_text_only_and_not_too_much(data: str) -> None:
    with pytest.raises(ValueError):
        QR(data)


@pytest.mark.parametrize("data", ["", "x" * 49, "Ж", "a\x10b", "a\n", "a\x7f", "\ud800"])
def test_a_code128_holds_printable_ascii_and_not_too_much(data: str) -> None:
    with pytest.raises(ValueError):
        Barcode(data, symbology="code128")


@pytest.mark.parametrize(
    "png",
    [
        b"",
        b"GIF89a" + bytes(40),
        png_header(384, 90)[:20],
        png_header(384, 90) + bytes(16_384),
        png_header(0, 90),
        png_header(2049, 90),
        png_header(384, 2**31),
    ],
)
def test_a_logo_is_a_png_of_a_bounded_size(png: bytes) -> None:
    with pytest.raises(ValueError):
        Logo(png)


def test_a_buzzer_has_a_limit() -> None:
    with pytest.raises(ValueError):
        Buzzer(10)


def test_a_feed_has_a_limit() -> None:
    with pytest.raises(ValueError):
        Feed(21)
