"""Bytes as the manual says. What the bytes of any document mean is read in test_second_reading.py."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printer.document import QR, Barcode, Buzzer, Columns, Cut, Document, Drawer, Feed, Rule, Text
from drivers.printer.emulator.picture import picture
from drivers.printer.emulator.rendering import rendered as emulated
from drivers.printer.encode import encode
from drivers.printer.layout import lossy
from drivers.printer.printable import Replaced
from drivers.printer.profile import PrinterProfile
from drivers.scanner.decode import decode, read_picture

NARROW = PrinterProfile(name="narrow", columns=32, width_dots=384)


def test_the_whole_job_byte_for_byte() -> None:
    document = Document(
        (
            Text("Ёж", align="center", bold=True),
            Columns("Хлеб", "45,50"),
            Text("Итог", double=True),
            Feed(2),
            Cut(),
        )
    )
    assert encode(document, NARROW, attempt_id="T001") == (
        bytes.fromhex("1b40 1c2e 1b7411 1d61ff")  # ESC @, FS ., ESC t 17, GS a 255
        + bytes.fromhex("1b6101 1b4501 f0a6 0a")  # centred, bold, Ёж in CP866
        + bytes.fromhex("1b6100 1b4500 95aba5a1")  # left, not bold, Хлеб
        + b" " * 23
        + b"45,50\n"
        + bytes.fromhex("1d2111 88e2aea3 0a")  # GS ! 11h: twice as wide and high
        + bytes.fromhex("1d28480600 3030 54303031")  # GS ( H, process id T001: all that is read is on paper
        + bytes.fromhex("1b6402")  # ESC d 2
        + bytes.fromhex("1d564200")  # GS V 66 0: feed to the knife and cut
    )


def test_a_qr_is_stored_and_printed_by_the_printer_itself() -> None:
    job = encode(Document((QR("привет", size=5),)), NARROW, attempt_id="T002")
    data = "привет".encode()
    assert (
        bytes.fromhex("1d286b0400314132 00")  # model 2
        + bytes.fromhex("1d286b0300314305")  # 5 dots a module
        + bytes.fromhex("1d286b0300314531")  # level M
        + bytes((0x1D, 0x28, 0x6B, len(data) + 3, 0, 0x31, 0x50, 0x30))
        + data
        + bytes.fromhex("1d286b0300315130")
    ) in job


@pytest.mark.parametrize(("length", "native"), [(251, True), (252, False), (500, False)])
def test_a_qr_longer_than_a_clone_draws_comes_as_a_picture(tmp_path: Path, length: int, native: bool) -> None:
    """D31: a clone prints nothing of it, and proves it all the same. Read back from the paper."""
    clone = replace(NARROW, proof="gs_r", clear=False, asb=False)
    text = "q" * length
    job = encode(Document((QR(text), Cut())), clone, attempt_id="T003")
    assert (b"\x1d(k" in job) is native
    rendered = rendered_on("pos-5890", job, tmp_path)
    assert rendered == [text]


def rendered_on(model: str, job: bytes, folder: Path) -> list[str]:
    (paper,) = [piece for piece in emulated(job, columns=32, model=model).papers if piece.rows]
    picture(paper).save(folder / "paper.png")
    return [code.text for code in decode(read_picture(folder / "paper.png"))]


def test_a_qr_is_made_smaller_until_it_fits_the_paper() -> None:
    job = encode(Document((QR("x" * 400, size=16),)), replace(NARROW, qr_max_bytes=500), attempt_id="T003")
    # 400 bytes at level M are version 15, 77 modules, and 8 of quiet zone: 384 // 85 = 4 dots
    assert bytes.fromhex("1d286b0300314304") in job


def test_a_barcode_carries_its_digits_and_their_text_below() -> None:
    job = encode(Document((Barcode("4607012345677"),)), NARROW, attempt_id="T004")
    assert bytes.fromhex("1d4802 1d6b02") + b"4607012345677\0" in job


def test_a_printer_without_native_codes_gets_a_picture_and_digits() -> None:
    plain = PrinterProfile(name="plain", columns=32, width_dots=384, qr=False, barcode=False)
    job = encode(Document((QR("привет", size=4), Barcode("4607012345677"))), plain, attempt_id="T005")
    assert b"\x1d(k" not in job and b"\x1dk" not in job
    # GS v 0: version 1 is 21 modules, 84 dots, 11 bytes wide; a band of 43 rows, and the rest
    assert bytes.fromhex("1d763000 0b00 2b00") in job and bytes.fromhex("1d763000 0b00 2900") in job
    assert bytes.fromhex("1d763000 1800 1400") in job  # 95 modules, 190 dots, 24 bytes wide: 20 rows are 480 bytes
    assert b"4607012345677\n" in job


def test_a_picture_may_go_as_graphics() -> None:
    plain = PrinterProfile(name="plain", columns=32, width_dots=384, qr=False, image="graphics")
    job = encode(Document((QR("привет", size=4),)), plain, attempt_id="T005")
    assert bytes.fromhex("1d284c e301 3070 3001 0131 5400 2b00") in job  # 10 bytes of header, 11 x 43 of dots
    assert bytes.fromhex("1d284c 0200 3032") in job and b"\x1dv0" not in job


def test_the_proof_is_what_the_profile_says() -> None:
    document = Document((Text("a"),))
    gs_r = PrinterProfile(name="clone", proof="gs_r")
    none = PrinterProfile(name="mute", proof="none")
    assert encode(document, gs_r, attempt_id="T006").endswith(b"a\n\x1dr\x01")
    assert encode(document, none, attempt_id="T006").endswith(b"a\n")


def test_a_mark_stands_first_and_large() -> None:
    job = encode(Document((Text("a"),)), NARROW, attempt_id="T007", mark="ДУБЛИКАТ\nпервый мог не выйти")
    assert job[7:].startswith(
        bytes.fromhex("1d61ff 1b6101 1b4501 1d2111")
        + "ДУБЛИКАТ\n".encode("cp866")
        + bytes.fromhex("1b4500 1d2100")
        + "первый мог не выйти\n".encode("cp866")
        + bytes.fromhex("1b6100 61 0a")
    )


def test_what_an_interrupted_attempt_left_is_declared_void_and_cut_off_first() -> None:
    job = encode(Document((Text("a"), Cut())), NARROW, attempt_id="T007", void="НЕ ДОПЕЧАТАН", mark="ПОВТОР")
    void = bytes.fromhex("1b6101") + "НЕ ДОПЕЧАТАН\n".encode("cp866") + bytes.fromhex("1d564200")
    assert job[10:].startswith(void + bytes.fromhex("1b4501 1d2111") + "ПОВТОР\n".encode("cp866"))
    assert job.count(b"\x1d(H") == 1 and job.endswith(b"a\n\x1d(H\x06\x0000T007\x1dV\x42\x00")


def test_the_drawer_and_the_buzzer_are_for_printers_that_have_them() -> None:
    document = Document((Drawer(), Drawer(5), Buzzer(3), Text("a")))
    everything = PrinterProfile(name="all", asb=False, buzzer=True, proof="none")
    nothing = PrinterProfile(name="none", asb=False, drawer=False, proof="none")
    assert encode(document, everything, attempt_id="T008")[7:] == bytes.fromhex("1b70003232 1b70013232 1b420302 61 0a")
    assert encode(document, nothing, attempt_id="T008")[7:] == b"a\n"


def test_the_proof_comes_when_all_that_is_read_is_printed() -> None:
    document = Document((Text("a"), Cut(), Text("b"), Feed(), Drawer(), Cut()))
    job = encode(document, NARROW, attempt_id="T008")
    proof = b"\x1d(H\x06\x0000T008"
    assert job.endswith(b"a\n\x1dV\x42\x00b\n" + proof + bytes.fromhex("1b6401 1b70003232 1d564200"))
    assert encode(Document((Cut(),)), NARROW, attempt_id="T008")[10:] == proof + bytes.fromhex("1d564200")


def test_a_code128_carries_its_set_and_its_length() -> None:
    job = encode(Document((Barcode("A{7~", symbology="code128"),)), NARROW, attempt_id="T004")
    assert bytes.fromhex("1d4802 1d6b49 07") + b"{BA{{7~" in job


@pytest.mark.parametrize(("columns", "dots", "native", "picture"), [(32, 384, 12, 24), (48, 576, 21, 42)])
def test_a_code128_is_drawn_by_us_when_the_printers_own_is_too_wide_and_by_nobody_when_both_are(
    columns: int, dots: int, native: int, picture: int
) -> None:
    """Pairs of digits are half as wide; the printer is only told of single characters."""
    profile = PrinterProfile(name="x", columns=columns, width_dots=dots, asb=False, proof="none")

    def job(data: str) -> bytes:
        return encode(Document((Barcode(data, symbology="code128"),)), profile, attempt_id="T004")

    assert b"\x1dkI" in job("x" * native) and b"\x1dkI" not in job("x" * (native + 1))
    drawn, too_wide = job("7" * picture), job("7" * (picture + 2))
    assert b"\x1dv0" in drawn and drawn.endswith(b"7\n")
    assert b"\x1dv0" not in too_wide and b"\x1dk" not in too_wide and too_wide.count(b"7") == picture + 2


def test_a_printer_without_a_knife_feeds_to_its_tear_bar() -> None:
    knifeless = PrinterProfile(name="58", columns=32, width_dots=384, cutter=False, proof="none")
    job = encode(Document((Text("a"), Cut())), knifeless, attempt_id="T008")
    assert job.endswith(b"a\n\x1bd\x04") and b"\x1dV" not in job


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("«Алёнка» — “сыр”", '"Алёнка" - "сыр"'),
        ("1\u202f234,50\u00a0₽ × 2…", "1 234,50 руб. x 2..."),
        ("\u0438\u0306 \u0435\u0308", "й ё"),  # decomposed
        ("№ 5, 20°", "№ 5, 20°"),
        ("café ½", "cafe 1/2"),
        ("漢😀", "??"),
        ("\u202eабв\u202c\u200b\ufeff", "абв"),
        ("a\tb\r\nc\u2028d", "a b c d"),
        ("\x1bp\x00\x19\xfa\x10\x14\x01", "pu"),  # ú has no letter in CP866 but u
    ],
)
def test_text_is_spelt_as_the_code_page_can(text: str, paper: str) -> None:
    job = encode(Document((Text(text),)), NARROW, attempt_id="T009")
    assert read_job(job, 32) == [paper]


def test_a_format_character_that_a_code_page_happens_to_have_does_not_print() -> None:
    windows = PrinterProfile(name="1251", codepage="cp1251", slot=46)
    job = encode(Document((Text("про\xadдукт «Ж» — 5 ₽"),)), windows, attempt_id="T009")
    assert "продукт «Ж» — 5 руб.\n".encode("cp1251") in job


def test_replaced_characters_are_named_once_with_what_stands_for_them() -> None:
    document = Document((Text("«Сыр» — 5\xa0₽, café 漢\n"), Columns("漢\x1b", "«é")))
    assert lossy(document, NARROW) == [
        Replaced("«", '"', lost=False),
        Replaced("»", '"', lost=False),
        Replaced("—", "-", lost=False),
        Replaced("₽", "руб.", lost=False),
        Replaced("é", "e", lost=True),
        Replaced("漢", "?", lost=True),
        Replaced("\x1b", "", lost=True),
    ]
    assert lossy(Document((Text("Молоко топлёное № 5, 20°"), Rule(), Cut())), NARROW) == []


def test_a_long_name_takes_four_lines_and_no_more() -> None:
    lines = read_job(encode(Document((Columns("слово " * 700, "1,00"),)), NARROW, attempt_id="T010"), 32)
    assert len(lines) == 5
    assert lines[3].endswith("...") and lines[4] == "1,00".rjust(32)


def test_python_escpos_is_loaded_late_silently_and_leaves_nothing_behind(tmp_path: object) -> None:
    script = """
import logging, os, sys, tempfile
tempfile.tempdir = sys.argv[1]
environment = dict(os.environ)
from drivers.printer.document import Barcode, Document
from drivers.printer.encode import encode
from drivers.printer.printable import Replaced
from drivers.printer.profile import PrinterProfile
assert not [name for name in sys.modules if name.split(".")[0] in ("escpos", "PIL", "yaml", "numpy", "serial")]
encode(Document((Barcode("4607012345677"),)), PrinterProfile(name="x"), attempt_id="T012")
assert "escpos" in sys.modules
assert logging.root.handlers == [], logging.root.handlers
assert dict(os.environ) == environment
assert os.listdir(sys.argv[1]) == [], os.listdir(sys.argv[1])
assert not [name for name in sys.modules if name.split(".")[0] in ("barcode", "qrcode", "yaml", "usb", "serial")]
import barcode, escpos.printer, qrcode, yaml
assert barcode.PROVIDED_BARCODES and qrcode.QRCode and yaml.safe_load and escpos.printer.Network
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


ARGUMENTS = {
    b"\x1b@": 0,
    b"\x1c.": 0,
    b"\x1bt": 1,
    b"\x1ba": 1,
    b"\x1bE": 1,
    b"\x1d!": 1,
    b"\x1bd": 1,
    b"\x1dV": 2,
    b"\x1da": 1,
}


def read_job(job: bytes, columns: int) -> list[str]:
    """The lines of text of a job without codes; anything but the few commands it may have is an error."""
    lines: list[str] = []
    line, at, wide = bytearray(), 0, 1
    while at < len(job):
        byte, pair = job[at], job[at : at + 2]
        if pair in ARGUMENTS:
            if pair == b"\x1d!":
                wide = (job[at + 2] >> 4) + 1
            at += 2 + ARGUMENTS[pair]
        elif job[at : at + 3] == b"\x1d(H":
            at += 11
        elif byte == 0x0A:
            assert len(line) * wide <= columns, line
            lines.append(line.decode("cp866"))
            line.clear()
            at += 1
        else:
            assert byte >= 0x20 and byte != 0x7F, f"control byte {byte:02x} at {at} of {job!r}"
            line.append(byte)
            at += 1
    assert not line
    return lines
