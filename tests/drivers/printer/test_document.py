from __future__ import annotations

import pytest

from drivers.printer.document import QR, Barcode, Columns, Cut, Document, Feed, Rule, Text, from_json, to_json

EVERY_BLOCK = Document(
    (
        Text("Алёнка", align="center", bold=True, double=True),
        Columns("Молоко", "89,90 ₽"),
        Rule("="),
        QR("https://example.ru/чек", size=4),
        Barcode("4607012345677"),
        Feed(2),
        Cut(),
    )
)


def test_a_document_comes_back_from_json_as_it_was() -> None:
    assert from_json(to_json(EVERY_BLOCK)) == EVERY_BLOCK


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


def test_a_feed_has_a_limit() -> None:
    with pytest.raises(ValueError):
        Feed(21)
