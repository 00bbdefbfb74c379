"""A till's settings: what is right loads, what is wrong is told with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import SettingsError, load_settings

RIGHT = """
till = "till-1"
programme = "alenka"
data = "data"
[hub]
url = "http://127.0.0.1:8070"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "pos-agent.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shortest_settings_load_with_defaults(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, RIGHT))
    assert (settings.till, settings.language, settings.api.port) == ("till-1", "ru", 8071)
    assert settings.data == str(tmp_path / "data")
    assert settings.printer is None
    assert (settings.paper, settings.receipt_lines, settings.tail_width) == ("receipt", False, 32)
    assert settings.scanners == ()


@pytest.mark.parametrize(
    "text, told",
    [
        (RIGHT.replace("till-1", "Till 1"), "till"),
        (RIGHT.replace("till-1", "hub"), "till"),
        (RIGHT.replace('programme = "alenka"', "programme = 5"), "programme"),
        (RIGHT.replace('data = "data"', ""), "data"),
        (RIGHT.replace("http://127.0.0.1:8070", "hub.example"), "hub.url"),
        (RIGHT + "\nprots = 1\n", "prots"),
        (RIGHT + "\n[api]\nport = 70000\n", "port"),
        (RIGHT + '\n[printer]\nmodel = "default"\n', "url"),
        (RIGHT + '\n[[scanners]]\nname="a"\nurl="x"\n[[scanners]]\nname="a"\nurl="y"\n', "same name"),
        (RIGHT + '\n[store]\nid = "s1"\ntimezone = "localtime"\n', "store.timezone"),
        (RIGHT + '\n[store]\nid = "s1"\ntimezone = "right/Europe/Moscow"\n', "store.timezone"),
        (RIGHT + '\n[store]\nid = "s1"\ntimezone = "Ekaterinburg"\n', "store.timezone"),
        ('language = "de"\n' + RIGHT, "language is 'de'; it may be 'ru' or 'en'"),
        ('paper = "none"\n' + RIGHT, "paper is 'none'; it may be 'receipt' or 'tail'"),
        ("tail_width = 15\n" + RIGHT, "tail_width"),
        ("tail_width = 65\n" + RIGHT, "tail_width"),
        ('receipt_lines = "yes"\n' + RIGHT, "receipt_lines"),
        ('slaes = "all"\n' + RIGHT, "`slaes` is no setting; perhaps `sales` is meant"),
        (RIGHT + '[printr]\nurl = "x"\n', "`printr` is no setting; perhaps `printer` is meant"),
        ("port = 8071\n" + RIGHT, "`port` is no setting; it stands under [api]"),
        (
            RIGHT + '[[scanners]]\nname = "a"\nurl = "b"\nmodle = "c"\n',
            "`scanners.modle` is no setting; perhaps `model` is meant",
        ),
        (RIGHT + "[xyzzy]\n", "`xyzzy` is no setting; there are: till, programme"),
        ("till = ", "not TOML"),
    ],
)
def test_wrong_settings_are_told_in_one_line_with_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    assert str(path) in str(error.value)
    assert told in str(error.value)
    assert "\n" not in str(error.value).strip()


def test_a_missing_file_says_where_an_example_is(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"--help"):
        load_settings(tmp_path / "nothing.toml")


def test_the_goods_file_lies_beside_the_settings(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, RIGHT)).goods is None
    assert load_settings(written(tmp_path, 'goods = "goods.csv"\n' + RIGHT)).goods == str(tmp_path / "goods.csv")
    assert load_settings(written(tmp_path, 'goods = "/srv/goods.csv"\n' + RIGHT)).goods == "/srv/goods.csv"
