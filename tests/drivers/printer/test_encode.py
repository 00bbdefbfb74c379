"""Bytes as the manual says. `read_job` below is a second reading of it: it shares no constant with the encoder."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printer.document import QR, Barcode, Columns, Cut, Document, Feed, Rule, Text
from drivers.printer.encode import encode
from drivers.printer.layout import lossy
from drivers.printer.profile import PrinterProfile

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
        bytes.fromhex("1b40 1c2e 1b7411")  # ESC @, FS ., ESC t 17
        + bytes.fromhex("1b6101 1b4501 f0a6 0a")  # centred, bold, Ёж in CP866
        + bytes.fromhex("1b6100 1b4500 95aba5a1")  # left, not bold, Хлеб
        + b" " * 23
        + b"45,50\n"
        + bytes.fromhex("1d2111 88e2aea3 0a")  # GS ! 11h: twice as wide and high
        + bytes.fromhex("1b6402")  # ESC d 2
        + bytes.fromhex("1d2100 1d564200")  # GS V 66 0: feed to the knife and cut
        + bytes.fromhex("1d28480600 3030 54303031")  # GS ( H, process id T001
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


def test_a_qr_is_made_smaller_until_it_fits_the_paper() -> None:
    job = encode(Document((QR("x" * 400, size=16),)), NARROW, attempt_id="T003")
    # 400 bytes at level M are version 15, 77 modules, and 8 of quiet zone: 384 // 85 = 4 dots
    assert bytes.fromhex("1d286b0300314304") in job


def test_a_barcode_carries_its_digits_and_their_text_below() -> None:
    job = encode(Document((Barcode("4607012345677"),)), NARROW, attempt_id="T004")
    assert bytes.fromhex("1d4802 1d6b02") + b"4607012345677\0" in job


def test_a_printer_without_native_codes_gets_a_picture_and_digits() -> None:
    plain = PrinterProfile(name="plain", columns=32, width_dots=384, qr=False, barcode=False)
    job = encode(Document((QR("привет", size=4), Barcode("4607012345677"))), plain, attempt_id="T005")
    assert b"\x1d(k" not in job and b"\x1dk" not in job
    assert bytes.fromhex("1d763000 0b00 5400") in job  # GS v 0: version 1 is 21 modules, 84 dots, 11 bytes wide
    assert b"4607012345677\n" in job


def test_the_proof_is_what_the_profile_says() -> None:
    document = Document((Text("a"),))
    gs_r = PrinterProfile(name="clone", proof="gs_r")
    none = PrinterProfile(name="mute", proof="none")
    assert encode(document, gs_r, attempt_id="T006").endswith(b"a\n\x1dr\x01")
    assert encode(document, none, attempt_id="T006").endswith(b"a\n")


def test_a_mark_stands_first_and_large() -> None:
    job = encode(Document((Text("a"),)), NARROW, attempt_id="T007", mark="ДУБЛИКАТ")
    assert job.startswith(bytes.fromhex("1b40 1c2e 1b7411 1b6101 1b4501 1d2111") + "ДУБЛИКАТ\n".encode("cp866"))


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
    job = encode(Document((Text("про\xadдукт «Ж»"),)), windows, attempt_id="T009")
    assert 'продукт "Ж"\n'.encode("cp1251") in job


def test_lost_characters_are_named_once_and_good_spelling_is_no_loss() -> None:
    document = Document((Text("«Сыр» — 5 ₽, café 漢"), Columns("漢\x1b", "é")))
    assert lossy(document, NARROW) == "é漢\x1b"


def test_a_long_name_takes_four_lines_and_no_more() -> None:
    lines = read_job(encode(Document((Columns("слово " * 700, "1,00"),)), NARROW, attempt_id="T010"), 32)
    assert len(lines) == 5
    assert lines[3].endswith("...") and lines[4] == "1,00".rjust(32)


hostile = st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1"))
very_long = st.tuples(hostile, st.integers(1, 100)).map(lambda pair: (pair[0] * pair[1])[:4096])


@settings(max_examples=1000, deadline=None)
@given(name=hostile | very_long, amount=hostile, double=st.booleans())
def test_no_name_becomes_a_command_and_every_line_keeps_its_width(name: str, amount: str, double: bool) -> None:
    document = Document((Text(name, align="center", double=double), Columns(name, amount, double=double), Rule()))
    lines = read_job(encode(document, NARROW, attempt_id="T011"), 32)
    assert lines[-1] == "-" * 32
    assert not any(unicodedata.category(char).startswith("C") for line in lines for char in line)


def test_python_escpos_is_loaded_late_silently_and_leaves_nothing_behind(tmp_path: object) -> None:
    script = """
import logging, os, sys, tempfile
tempfile.tempdir = sys.argv[1]
environment = dict(os.environ)
from drivers.printer.document import Barcode, Document
from drivers.printer.encode import encode
from drivers.printer.profile import PrinterProfile
assert not [name for name in sys.modules if name.split(".")[0] in ("escpos", "PIL", "yaml", "numpy", "serial")]
encode(Document((Barcode("4607012345677"),)), PrinterProfile(name="x"), attempt_id="T012")
assert "escpos" in sys.modules
assert logging.root.handlers == [], logging.root.handlers
assert dict(os.environ) == environment
assert os.listdir(sys.argv[1]) == [], os.listdir(sys.argv[1])
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


ARGUMENTS = {b"\x1b@": 0, b"\x1c.": 0, b"\x1bt": 1, b"\x1ba": 1, b"\x1bE": 1, b"\x1d!": 1, b"\x1bd": 1, b"\x1dV": 2}


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
            assert at + 11 == len(job)
            at = len(job)
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
