"""The makes of scanners: what ships loads, what is wrong is told with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.scanners import load_scanner, scanner_models
from config.settings import SettingsError, load_settings

RIGHT = 'taken = "<ACK>"\nrefused = ["<NAK>"]\n[orders]\nbeep = "<BEL>"\n'.replace("<BEL>", "<x07>")


@pytest.mark.parametrize("name", [name for name in scanner_models() if load_scanner(name).orders])
def test_every_make_that_ships_and_takes_orders_can_trigger(name: str) -> None:
    profile = load_scanner(name)
    assert {"trigger_on", "trigger_off"} <= profile.orders.keys()


def test_a_shop_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(RIGHT, encoding="utf-8")
    profile = load_scanner(str(tmp_path / "mine.toml"))
    assert (profile.name, profile.orders, profile.flow) == ("mine", {"beep": "<x07>"}, "none")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("taken =", "Invalid value"),
        (RIGHT.replace("taken", "token"), "taken"),
        ("baud = 9600\n" + RIGHT, "baud"),
        ('flow = "dsr"\n' + RIGHT, "none, rtscts, xonxoff"),
        (RIGHT.replace("<x07>", "<SYM>"), "<SYM>"),
        (RIGHT.replace('"<x07>"', "7"), "orders.beep"),
        (RIGHT.replace("<x07>", ""), "empty"),
        ('silent = ["honk"]\n' + RIGHT, "honk"),
        ('taken = "<ACK>"\nrefused = []\norders = 5', "orders"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as error:
        load_scanner(str(path))
    assert str(path) in str(error.value)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_make_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="datalogic, honeywell, newland, zebra-ssi"):
        load_scanner("tardis")


def test_the_settings_refuse_a_make_that_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "pos-agent.toml"
    right = 'till = "t"\nprogramme = "alenka"\ndata = "d"\n[hub]\nurl = "http://h"\n'
    path.write_text(right + '[[scanners]]\nname = "a"\nurl = "tcp://h:1"\nmodel = "newland"\n', encoding="utf-8")
    assert load_settings(path).scanners[0].model == "newland"
    path.write_text(right + '[[scanners]]\nname = "a"\nurl = "tcp://h:1"\nmodel = "tardis"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"tardis.*Known models: datalogic, honeywell"):
        load_settings(path)
