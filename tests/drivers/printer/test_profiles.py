from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from config.printers import FOLDER, load_printer, printer_names
from drivers.printer.profile import PrinterProfile


def test_every_model_that_ships_loads() -> None:
    assert printer_names() == [
        "default", "epson-tm-t20", "epson-tm-t88", "pos-5890", "rongta-rp326", "star-escpos", "xprinter-58",
    ]  # fmt: skip
    for name in printer_names():
        assert load_printer(name).name == name
    assert (load_printer("xprinter-58").columns, load_printer("xprinter-58").proof) == (32, "gs_r")
    assert load_printer("rongta-rp326").slot == 7


def test_the_default_file_says_all_that_can_be_said_and_what_holds_when_nothing_is() -> None:
    said = tomllib.loads((FOLDER / "default.toml").read_text("utf-8"))
    assert PrinterProfile(name="default") == PrinterProfile(name="default", **said)
    assert said.keys() | {"name"} == {field.name for field in fields(PrinterProfile)}


def test_only_a_printer_that_is_known_to_tell_is_asked_to() -> None:
    """An unknown command prints its letters, and a promise that is not kept ends in a wait."""
    for name in printer_names():
        profile = load_printer(name)
        if profile.proof != "process_id":
            assert not profile.clear and not profile.asb and not profile.buzzer, name


def test_a_shop_has_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "our-printer.toml"
    path.write_text('columns = 48\nwidth_dots = 576\nslot = 7\ncodepage = "cp1251"\n', "utf-8")
    profile = load_printer(str(path))
    assert (profile.name, profile.columns, profile.slot, profile.codepage) == ("our-printer", 48, 7, "cp1251")


@pytest.mark.parametrize(
    "text",
    [
        "columns = ",
        "colums = 42",
        'columns = "42"',
        "columns = 4",
        'proof = "maybe"',
        'image = "column"',
        "asb = 1",
        'codepage = "cp437"',
        'codepage = "utf-8"',
        'codepage = "utf-16"',
        'codepage = "gb18030"',
        'codepage = "punycode"',
        'codepage = "idna"',
        "qr = 1",
        "slot = 300",
        "answer_deadline_ms = 0",
        "qr_max_bytes = 501",
    ],
)
def test_a_mistake_in_a_file_is_one_clear_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "printer.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError) as caught:
        load_printer(str(path))
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_an_unknown_model_is_told_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="epson-tm-t20"):
        load_printer("laser")
