"""Scan scripts: read strictly, played in their order and at their time."""

from pathlib import Path

import pytest

from drivers.scanner.emulator.script import ScriptError, load_script, play, steps
from drivers.scanner.emulator.serial import ScannerEmulator, Wording

MORNING = """
[[scan]]
at_s = 1.0
text = "46<GS>07"
symbology = "datamatrix"
times = 2
every_s = 3.0
split = [2, 3]
pause_ms = 40
[[order]]
at_s = 2.0
do = "unplug"
[[order]]
at_s = 2.5
do = "plug"
[[scan]]
at_s = 0.5
text = "first"
garbage = "ff 00"
"""


class Tape:
    """A line that writes down what happens, with the time of a clock that only waiting moves."""

    url = "tape:"

    def __init__(self) -> None:
        self.now_s = 100.0
        self.plugged = True
        self.events: list[tuple[float, str | bytes]] = []

    def wait(self, pause_s: float) -> None:
        self.now_s += pause_s

    def note(self, what: str | bytes) -> None:
        self.events.append((round(self.now_s - 100, 3), what))

    def plug(self) -> None:
        self.plugged = True
        self.note("plug")

    def unplug(self) -> None:
        self.plugged = False
        self.note("unplug")

    def send(self, data: bytes) -> bool:
        self.note(data)
        return self.plugged

    def hear(self) -> bytes:
        return b""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "script.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_morning_is_played_at_its_times_and_in_its_pieces(tmp_path: Path) -> None:
    tape = Tape()
    emulator = ScannerEmulator(tape, Wording(baud=4_000_000, piece_bytes=100))
    play(load_script(written(tmp_path, MORNING)), emulator, clock=lambda: tape.now_s, wait=tape.wait)
    assert tape.events == [
        (0.5, b"\xff\x00first\r"),
        (1.0, b"]d"),
        (1.04, b"246"),
        (1.08, b"\x1d07\r"),
        (2.0, "unplug"),
        (2.5, "plug"),
        (4.0, b"]d"),
        (4.04, b"246"),
        (4.08, b"\x1d07\r"),
    ]


def test_the_plug_is_pulled_in_the_middle_of_a_code(tmp_path: Path) -> None:
    tape = Tape()
    script = load_script(written(tmp_path, "[[scan]]\nat_s = 1\ntext = '4607'\nunplug_after = 3\n"))
    play(script, ScannerEmulator(tape), clock=lambda: tape.now_s, wait=tape.wait)
    assert tape.events == [(1.0, b"460"), (1.0, "unplug")]


def test_what_nobody_took_is_told(tmp_path: Path) -> None:
    tape = Tape()
    lost: list[str] = []
    script = load_script(written(tmp_path, MORNING.replace('"plug"', '"unplug"')))
    play(script, ScannerEmulator(tape), clock=lambda: tape.now_s, wait=tape.wait, lost=lost.append)
    assert lost == ["46<GS>07"]


def test_orders_and_scans_keep_the_order_of_their_times(tmp_path: Path) -> None:
    times = [step.at_s for step in steps(load_script(written(tmp_path, MORNING)))]
    assert times == sorted(times) == [0.5, 1.0, 2.0, 2.5, 4.0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[scan]\n", "Expected"),
        ("[[scan]]\ntext = 'x'\n", "at_s"),
        ("[[scan]]\nat_s = -1\ntext = 'x'\n", ">= 0"),
        ("[[scan]]\nat_s = 1\ntext = 'x'\nsymbology = 'ean14'\n", "ean14"),
        ("[[scan]]\nat_s = 1\ntext = 'x'\nafter = 3\n", "after"),
        ("[[scan]]\nat_s = 1\ntext = 'x'\nsplit = [0]\n", ">= 1"),
        ("[[scan]]\nat_s = 1\ntext = 'x'\ngarbage = 'zz'\n", "hexadecimal"),
        ("[[order]]\nat_s = 1\ndo = 'explode'\n", "explode"),
        ("[[orders]]\nat_s = 1\ndo = 'plug'\n", "orders"),
    ],
)
def test_a_wrong_script_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ScriptError) as error:
        load_script(path)
    assert str(path) in str(error.value)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_script_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="No such file"):
        load_script(tmp_path / "nothing.toml")
