"""Where the POS finds a shared device: what is wrong is told with its line and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.doors import BadDoor, door
from config.settings import SettingsError, load_settings
from drivers.errors import DeviceError
from drivers.sharing.doors import SerialDoor, open_door
from pos_agent.commands.run import command as run

TILL = 'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://127.0.0.1:8070"\n'
SCANNER = '[[scanners]]\nname = "a"\nurl = "serial:///dev/ttyACM0"\n'
PRINTER = '[printer]\nurl = "tcp://127.0.0.1:9100"\n'


def settings(folder: Path, more: str) -> Path:
    path = folder / "pos-agent.toml"
    path.write_text(TILL + more, encoding="utf-8")
    return path


def test_what_is_shared_and_how(tmp_path: Path) -> None:
    loaded = load_settings(
        settings(tmp_path, f'{PRINTER}share = "tcp:9101"\n{SCANNER}forward = "pty:pos"\nforward_what = "all"\n')
    )
    (scanner,) = loaded.scanners
    assert loaded.printer is not None and loaded.printer.share == "tcp:9101"
    assert (scanner.forward, scanner.forward_what) == (f"pty:{tmp_path / 'pos'}", "all")


def test_nothing_is_shared_unless_it_is_said(tmp_path: Path) -> None:
    loaded = load_settings(settings(tmp_path, PRINTER + SCANNER))
    assert loaded.printer is not None and loaded.printer.share is None
    assert (loaded.scanners[0].forward, loaded.scanners[0].forward_what) == (None, "others")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (f'{SCANNER}forward = "tpc:9200"\n', ("line 9", "scanners.forward is 'tpc:9200'", "perhaps tcp:9200")),
        (f'{SCANNER}forward = "tcp://127.0.0.1:9200"\n', ("write tcp:PORT",)),
        (f'{SCANNER}forward = "tcp:99999"\n', ("pty:/tmp/pos-scanner",)),
        (f'{SCANNER}forward = "/dev/ttyS1"\n', ("write serial:///dev/ttyS1",)),
        (f'{SCANNER}forward = "pty:"\n', ("pty:/tmp/pos-scanner",)),
        (f'{SCANNER}forward = "serial:///dev/ttyS1?bauds=9600"\n', ("serial:///dev/ttyS1?baud=9600",)),
        (f'{SCANNER}forwards = "tcp:9200"\n', ("`scanners.forwards` is no setting", "perhaps `forward`")),
        (f'{SCANNER}forward_what = "all"\n', ("line 9", "`forward`, which is missing")),
        (f'{SCANNER}forward = "tcp:9200"\nforward_what = "goods"\n', ("forward_what", "others")),
        ('[[scanners]]\nname = "a"\nurl = "camera:0"\nforward = "tcp:9200"\n', ("no line to share", "serial and tcp")),
        ('[[scanners]]\nname = "a"\nurl = "hid:///dev/input/x"\nforward = "tcp:9200"\n', ("no line to share",)),
        ('[printer]\nurl = "usb://04b8:0202"\nshare = "tcp:9101"\n', ("line 8", "printer.share", "no line to share")),
        (f'{PRINTER}share = "tcp:9200"\n{SCANNER}forward = "tcp:9200"\n', ("another device has it",)),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, more: str, told: tuple[str, ...]
) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(settings(tmp_path, more))
    assert all(word in str(error.value) for word in told), str(error.value)


@pytest.mark.parametrize("right", ["tcp:0.0.0.0:9200", "serial:///dev/ttyS1?baud=9600&flow=rtscts"])
def test_a_door_that_the_settings_take_the_driver_takes(right: str, tmp_path: Path) -> None:
    assert door(right, tmp_path) == right
    if right.startswith("serial"):
        made = open_door(right, {})
        assert isinstance(made, SerialDoor)
        assert (made.path, made.settings) == ("/dev/ttyS1", {"flow": "rtscts", "baud": "9600"})


@pytest.mark.parametrize("wrong", ["", "tcp", "tcp:", "udp:1", "serial://ttyS1", "COM3", "pty"])
def test_what_is_no_door_is_none_to_both(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(BadDoor):
        door(wrong, tmp_path)
    with pytest.raises(DeviceError):
        open_door(wrong, {})


@pytest.mark.parametrize("setting", ["forward", "forward_what", "share"])
def test_the_help_of_run_shows_them(setting: str) -> None:
    assert f"{setting} = " in (run.help or "")
