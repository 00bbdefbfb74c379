"""The virtual printer's reading of bytes. What is fed here is written by hand from the manual."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.models import MODELS
from drivers.printer.emulator.paper import Cell, Paper, TextRow


@dataclass
class Kept:
    """What came out of a printer: papers, answers, log."""

    papers: list[Paper] = field(default_factory=list)
    answers: bytearray = field(default_factory=bytearray)
    log: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[list[str]]:
        return [paper.lines() for paper in self.papers]


def printer(columns: int = 20, *, kanji: bool = False) -> tuple[Machine, Kept]:
    kept = Kept()
    model = replace(MODELS["epson"], kanji=kanji)
    machine = Machine(columns, send=kept.answers.extend, keep=kept.papers.append, log=kept.log.append, model=model)
    return machine, kept


def paper_of(data: bytes, *, kanji: bool = False) -> list[str]:
    machine, _ = printer(kanji=kanji)
    machine.receive(data)
    return machine.interpreter.paper.lines()


RECEIPT = (
    b"\x1b@\x1c.\x1bt\x11\x1ba\x01\x1bE\x01\x1d!\x11" + "Ёж".encode("cp866") + b"\n\x1d!\x00\x1bE\x00\x1ba\x00"
    b"1234567890123456789012\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x04\x1d(k\x05\x001P0ab\x1d(k\x03\x001Q0"
    b"\x1dh\x30\x1dw\x02\x1dH\x02\x1dk\x024607012345677\x00\x1dkC\x0d4607012345677"
    b"\x1dv0\x00\x02\x00\x02\x00\xff\x00\x10\x04\x1d(L\x0c\x000p0\x01\x011\x08\x00\x02\x00\xaa\x55\x1d(L\x02\x0002"
    b"\x1bd\x02\x1bJ\x1e\x10\x04\x01\x1da\xff\x1dr\x01\x1dI\x42\x1dV\x42\x00\x1d(H\x06\x0000A001"
)


@settings(max_examples=50)
@given(st.lists(st.integers(1, len(RECEIPT) - 1), max_size=10))
def test_any_split_of_the_bytes_prints_the_same(cuts: list[int]) -> None:
    whole, expected = printer()
    whole.receive(RECEIPT)
    split, kept = printer()
    edges = [0, *sorted(set(cuts)), len(RECEIPT)]
    for start, end in itertools.pairwise(edges):
        split.receive(RECEIPT[start:end])
    assert kept == expected


def test_one_byte_at_a_time_prints_the_same() -> None:
    whole, expected = printer()
    whole.receive(RECEIPT)
    slow, kept = printer()
    for byte in RECEIPT:
        slow.receive(bytes([byte]))
    assert kept == expected
    assert len(kept.papers) == 1 and kept.log == []
    assert kept.answers.endswith(b"\x37\x22A001\x00")


def test_a_receipt_on_the_column_grid() -> None:
    machine, kept = printer()
    machine.receive(RECEIPT)
    assert kept.lines == [
        [
            "        Ё ж",
            "12345678901234567890",  # the printer itself breaks a line that is too long
            "12",
            "[QR ab]",
            "[EAN-13 4607012345677]",
            "[EAN-13 4607012345677]",
            "[picture 16x2]",
            "[picture 8x2]",
            "",
            "",
            "",
        ]
    ]


def test_the_code_page_is_cp437_at_the_start_and_again_after_esc_at() -> None:
    letters = "Чек".encode("cp866")
    assert paper_of(letters + b"\n") == [letters.decode("cp437")]
    assert paper_of(b"\x1bt\x11" + letters + b"\n\x1b@" + letters + b"\n") == ["Чек", letters.decode("cp437")]


@pytest.mark.parametrize(("slot", "codec"), [(17, "cp866"), (34, "cp855"), (44, "cp1125"), (46, "cp1251")])
def test_cyrillic_pages_stand_in_epsons_slots(slot: int, codec: str) -> None:
    assert paper_of(b"\x1bt" + bytes([slot]) + "Съешь ёж".encode(codec) + b"\n") == ["Съешь ёж"]


def test_a_chinese_clone_eats_cyrillic_in_pairs_until_fs_dot() -> None:
    letters = "Чеки".encode("cp866")
    assert paper_of(b"\x1bt\x11" + letters + b"\n", kanji=True) != ["Чеки"]
    assert paper_of(b"\x1c.\x1bt\x11" + letters + b"\n", kanji=True) == ["Чеки"]


# From Epson's reference: commands a receipt printer knows, with parameters that would be seen if they printed.
SKIPPED = [
    "1b244141", "1b2541", "1b26024142 0241414141 0141 41", "1b2841 0300 414141",
    "1b2d30", "1b3341", "1b3d01", "1b3f41", "1b44 410a00",
    "1b4730", "1b4b41", "1b3c", "1b4d30", "1b5241", "1b53", "1b5441", "1b5541", "1b5641", "1b57 4141414141414141",
    "1b5c4141", "1b633341", "1b633541", "1b6541", "1b70304141", "1b7230", "1b7541", "1b76", "1b7b30",
    "1c2141", "1c2d30", "1c2841 0200 4141", "1c3241 41" + "41" * 72, "1c3f4141", "1c4330", "1c5341 41", "1c5730",
    "1c704141", "1c7101 0100 0100 4141414141414141", "1c6731 41 41414141 0200 4141", "1c6732 41 41414141 4141",
    "1d2341", "1d244141", "1d2841 0200 4141", "1d2a0101 4141414141414141", "1d2f41", "1d384c 03000000 304141",
    "1d3a1d3a", "1d4230", "1d433b313b32303b313b3130303b313b", "1d43304141",
    "1d44 30 43 30 4141 30 31 424d 11000000 4141414141414141414141", "1d4331 414141414141",
    "1d43324141", "1d4530",
    "1d4c0000", "1d504141",
    "1d513041 0100 0200 4141", "1d5441", "1d574141", "1d5c4141", "1d5e414141", "1d6241", "1d63", "1d6630",
    "1d6730414141", "1d6a41", "1d7a304141", "100501", "10140700", "1014 03 41 41414141",
]  # fmt: skip


@pytest.mark.parametrize("command", SKIPPED)
def test_a_known_command_is_skipped_by_its_right_length(command: str) -> None:
    machine, kept = printer()
    machine.receive(b"\x1b@" + bytes.fromhex(command) + b"ok\n")
    lines = [line for line in machine.interpreter.paper.lines() if line]
    assert lines == ["ok"]
    assert not [text for text in kept.log if text.startswith("unknown")]


def test_an_unknown_command_is_logged() -> None:
    machine, kept = printer()
    machine.receive(b"\x1bzok\n")
    assert machine.interpreter.paper.lines() == ["ok"]
    assert kept.log == ["unknown ESC z"]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_noise_never_fails_and_no_control_byte_reaches_the_paper(data: bytes) -> None:
    machine, kept = printer()
    machine.receive(data)
    machine.tear()
    for paper in kept.papers:
        for row in paper.rows:
            if isinstance(row, TextRow):
                assert row.columns <= 20
                assert all(cell.char.isprintable() for cell in row.cells if isinstance(cell, Cell))


def test_the_status_of_each_sensor() -> None:
    machine, kept = printer()

    def ask() -> str:
        kept.answers.clear()
        machine.receive(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04")
        return kept.answers.hex()

    assert ask() == "12121212"
    machine.set(paper_low=True)
    assert ask() == "1212121e"
    machine.set(paper_out=True)
    assert ask() == "1a32127e"
    machine.set(paper_out=False, paper_low=False, cover_open=True)
    assert ask() == "1a161212"
    machine.set(cover_open=False, silent=True)
    assert ask() == ""


def test_automatic_status_comes_at_once_and_on_every_change() -> None:
    machine, kept = printer()
    machine.receive(b"\x1da\xff")
    machine.set(paper_out=True)
    machine.set(paper_out=False, cover_open=True)
    assert kept.answers.hex() == "10000000" + "18000c00" + "38000000"


def test_without_paper_nothing_is_taken_from_the_buffer_but_real_time_commands_are_obeyed() -> None:
    machine, kept = printer()
    machine.set(paper_out=True)
    machine.receive(b"one\n\x1d(H\x06\x0000A001\x10\x04\x04")
    assert machine.interpreter.paper.lines() == [] and kept.answers.hex() == "7e"
    machine.set(paper_out=False)
    assert machine.interpreter.paper.lines() == ["one"]
    assert kept.answers.endswith(b"\x37\x22A001\x00")


def test_clearing_the_buffer_forgets_a_half_printed_job_and_says_so() -> None:
    machine, kept = printer()
    machine.at(6, lambda: machine.set(paper_out=True))
    machine.receive(b"one\ntwo\n\x1d(H\x06\x0000A001")
    machine.receive(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
    assert bytes(kept.answers) == b"\x37\x25\x00"
    machine.set(paper_out=False)
    machine.receive(b"three\n")
    assert machine.interpreter.paper.lines() == ["one", "three"]


def test_a_barcode_with_a_wrong_check_digit_prints_nothing() -> None:
    machine, kept = printer()
    machine.receive(b"\x1dk\x024607012345670\x00ok\n")
    assert machine.interpreter.paper.lines() == ["ok"] and len(kept.log) == 1


def test_a_command_longer_than_any_memory_is_skipped() -> None:
    machine, kept = printer()
    machine.receive(b"\x1dv0\x00\xff\xff\xff\xff" + b"A" * 5000)
    assert machine.interpreter.paper.lines() == [] and len(kept.log) == 1
