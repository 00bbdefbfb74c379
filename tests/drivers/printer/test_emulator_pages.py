"""The letters of every slot of every model, byte by byte, against Python's codecs and those of the C library."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata

import pytest

from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.models import EURO_PLACES, KATAKANA, MODELS, NO_CODEC, NO_GLYPH, Model, letters

SLOTS = [(model, slot, page) for model in MODELS.values() for slot, page in model.slots.items() if page]
WANTED = ("cp437", "cp850", "cp852", "cp858", "cp860", "cp863", "cp865", "cp866", "cp1251", "cp1252")


PAGES = sorted({page for _, _, page in SLOTS} - {KATAKANA})
GLIBC = {"cp720": None, "kz1048": None, "latin_1": "ISO-8859-1"}  # two of them it does not know
# the same mark by another name
ALIKE = {("cp856", 0xEE): "¯", ("cp856", 0xFA): "·"}


@pytest.mark.parametrize("page", PAGES)
def test_every_byte_is_the_letter_of_pythons_codec(page: str) -> None:
    for byte, char in enumerate(letters(page), 0x80):
        decoded = bytes([byte]).decode(page, "replace")
        if EURO_PLACES.get(page) == byte:
            assert (decoded, char) == ("\N{REPLACEMENT CHARACTER}", "€"), "its place is free in the older table"
        elif decoded == "\N{SOFT HYPHEN}":
            assert char == "-", "on paper it is one"
        elif decoded == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(decoded) in ("Cc", "Cf", "Cn"):
            assert char == NO_GLYPH
        else:
            assert char == decoded.replace("\xa0", " ")


@pytest.mark.skipif(shutil.which("iconv") is None, reason="needs iconv")
@pytest.mark.parametrize("page", [page for page in PAGES if GLIBC.get(page, page)])
def test_every_byte_is_the_letter_of_another_table_too(page: str) -> None:
    """D32: Python's codecs could be wrong for all our pages alike."""
    name = GLIBC.get(page) or page.upper().replace("ISO8859_", "ISO-8859-")
    each = b"".join(bytes([byte]) + b"\n" for byte in range(0x80, 0x100))
    told = subprocess.run(["iconv", "-c", "-f", name, "-t", "UTF-8"], input=each, capture_output=True)
    for (byte, ours), other in zip(enumerate(letters(page), 0x80), told.stdout.decode().split("\n")[:-1], strict=True):
        other = ALIKE.get((page, byte)) or {"\xa0": " ", "\xad": "-"}.get(other, other)
        assert ours == (other if other.isprintable() and other else "€" if ours == "€" else NO_GLYPH), f"{byte:02X}"


@pytest.mark.parametrize(("slot", "byte"), [(13, 0xD5), (37, 0xA7), (16, 0x80), (19, 0xD5), (40, 0xA4)])
def test_a_euro_stands_where_the_page_has_it(slot: int, byte: int) -> None:
    """D32: in slot 13 (CP857) it came out as a byte without a letter."""
    machine = Machine(20, send=lambda data: None, keep=lambda paper: None)
    machine.receive(b"\x1bt" + bytes([slot, byte]) + b"\n")
    assert machine.interpreter.paper.lines() == ["€"]


def test_the_pages_that_receipts_are_made_of_are_all_there() -> None:
    assert set(WANTED) <= set(MODELS["epson"].slots.values())


@pytest.mark.parametrize(("model", "slot", "page"), SLOTS, ids=lambda value: getattr(value, "name", str(value)))
def test_esc_t_selects_that_page_and_esc_at_goes_back_to_slot_0(model: Model, slot: int, page: str) -> None:
    machine = Machine(42, send=lambda data: None, keep=lambda paper: None, model=model)
    high = bytes(range(0xC0, 0xE0))
    machine.receive(b"\x1c.\x1bt" + bytes([slot]) + high + b"\n\x1b@\x1c." + high + b"\n")
    assert machine.interpreter.paper.lines() == [letters(page)[0x40:0x60].rstrip(), letters(model.slots[0])[0x40:0x60]]


# What the makers' own lists say of Cyrillic; a driver that goes by another list prints other letters.
CYRILLIC = {
    "epson": {17: "cp866", 34: "cp855", 44: "cp1125", 46: "cp1251"},
    "pos-5890": {17: "cp866", 59: "cp866", 60: "cp855", 73: "cp1251"},
    "rp326": {6: "cp1251", 7: "cp866", 28: "cp855", 17: "cp1253", 46: "cp856"},
}


@pytest.mark.parametrize("name", CYRILLIC)
def test_cyrillic_stands_where_the_maker_put_it(name: str) -> None:
    assert {slot: MODELS[name].slots[slot] for slot in CYRILLIC[name]} == CYRILLIC[name]


def test_a_slot_whose_letters_we_cannot_draw_shows_that_and_an_unknown_slot_changes_nothing() -> None:
    log: list[str] = []
    machine = Machine(20, send=lambda data: None, keep=lambda paper: None, log=log.append)
    assert MODELS["epson"].slots[30] == NO_CODEC
    machine.receive(b"\x1bt\x1e\x80\n\x1bt\x11\x1bt\xc8\x80\n")
    assert machine.interpreter.paper.lines() == [NO_GLYPH, "А"]
    assert len(log) == 1 and "200" in log[0]


def test_one_clone_forgets_its_page_with_its_font() -> None:
    lines = {}
    for name in ("pos-5890", "nt-5890k"):
        machine = Machine(32, send=lambda data: None, keep=lambda paper: None, model=MODELS[name])
        machine.receive(b"\x1c.\x1bt\x11\x1bM\x00\x80\n")
        lines[name] = machine.interpreter.paper.lines()
    assert lines == {"pos-5890": ["А"], "nt-5890k": ["Ç"]}
