from __future__ import annotations

from pathlib import Path

import pytest

from config.printers import load_printer, printer_names


def test_every_model_that_ships_loads() -> None:
    assert printer_names() == ["default", "epson-tm-t20", "xprinter-58"]
    for name in printer_names():
        assert load_printer(name).name == name
    assert (load_printer("xprinter-58").columns, load_printer("xprinter-58").proof) == (32, "gs_r")


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
        'codepage = "cp437"',
        "qr = 1",
        "slot = 300",
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
