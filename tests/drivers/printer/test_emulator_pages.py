"""The letters of every slot of every model, byte by byte, against Python's codecs."""

from __future__ import annotations

import unicodedata

import pytest

from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.models import KATAKANA, MODELS, NO_CODEC, NO_GLYPH, Model, letters

SLOTS = [(model, slot, page) for model in MODELS.values() for slot, page in model.slots.items() if page]
WANTED = ("cp437", "cp850", "cp852", "cp858", "cp860", "cp863", "cp865", "cp866", "cp1251", "cp1252")


@pytest.mark.parametrize("page", sorted({page for _, _, page in SLOTS} - {KATAKANA}))
def test_every_byte_is_the_letter_of_pythons_codec(page: str) -> None:
    for byte, char in enumerate(letters(page), 0x80):
        decoded = bytes([byte]).decode(page, "replace")
        if decoded == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(decoded) in ("Cc", "Cf", "Cn"):
            assert char == NO_GLYPH
        else:
            assert char == decoded.replace("\xa0", " ")


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
