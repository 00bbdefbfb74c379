"""`pos-agent emulate scanner` and `emulate camera` as processes: one line when ready, a clean end, clear faults."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.scanners import load_scanner
from drivers.life import DeviceState
from drivers.scanner.emulator.hid import press
from drivers.scanner.emulator.pictures import card_picture
from drivers.scanner.orders import Outcome, send_order
from drivers.scanner.scan import BAD_CHECK_DIGIT, Scan
from drivers.scanner.serial import SerialLine
from drivers.scanner.stream import ScanStream

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    processes = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", "from pos_agent.cli import main; main()", "emulate", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def ready(process: "subprocess.Popen[str]", kind: str) -> str:
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    assert told["ready"] == kind
    return str(told["url"])


def say(process: "subprocess.Popen[str]", *lines: str) -> None:
    assert process.stdin is not None
    process.stdin.write("".join(line + "\n" for line in lines))
    process.stdin.flush()


@pytest.mark.parametrize("where", ["--link", "--tcp"])
def test_a_typed_line_is_a_scan(start: Start, till_at: Callable[[str], Any], tmp_path: Path, where: str) -> None:
    link = tmp_path / "scanner"
    process = start("scanner", where, str(link) if where == "--link" else "0", "--aim", "]d2")
    url = ready(process, "scanner")
    assert url.startswith(f"serial://{link}?baud=9600" if where == "--link" else "tcp://127.0.0.1:")
    till = till_at(url)
    till.step_until_state(DeviceState.READY)
    say(process, "0104600439931256<GS>21abc")
    till.step_until_read("0104600439931256\x1d21abc")
    assert till.scans[0].symbology == "datamatrix"
    say(process, "!unplug")
    till.step_until_state(DeviceState.FAULTED, DeviceState.ABSENT)
    say(process, "!plug")
    till.step_until_state(DeviceState.READY)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert not os.path.lexists(link)
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_as_a_keyboard_it_types_what_is_typed_and_plays_what_was_recorded(
    start: Start, till_at: Callable[[str], Any], tmp_path: Path
) -> None:
    process = start("scanner", "--hid", str(tmp_path / "keys"))
    till = till_at(ready(process, "scanner"))
    till.step_until_state(DeviceState.READY)
    say(process, "Card-1<GS>x")
    till.step_until_read("Card-1\x1dx")
    (tmp_path / "keys.bin").write_bytes(press(2) + press(3) + press(28))
    say(process, f"!keys {tmp_path / 'keys.bin'}", "!unplug")
    till.step_until_state(DeviceState.FAULTED, DeviceState.ABSENT)
    assert till.texts == ["Card-1\x1dx", "12"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("options", "settings", "typed"),
    [
        (("--hid", "--modifiers", "alt-keypad", "--encoding", "cp1251"), "&encoding=cp1251", "Жук-1"),
        (("--hid", "--modifiers", "caps-lock", "--layout", "de"), "&layout=de", "Zy-1"),
        (("--hid", "--suffix", "arrow-down", "--prefix", "A1"), "&suffix=arrow-down&prefix=A1", "x-1"),
        (("--hidraw", "--report", "plain"), "?report=plain", "2600000000017"),
    ],
)
def test_each_habit_has_its_option(
    start: Start, till_at: Callable[[str], Any], tmp_path: Path, options: tuple[str, ...], settings: str, typed: str
) -> None:
    """D21 D22 D23 D30."""
    kind, *habits = options
    process = start("scanner", kind, str(tmp_path / "pipe"), *habits)
    till = till_at(ready(process, "scanner") + settings)
    till.step_until_state(DeviceState.READY)
    say(process, "!noread", typed)
    till.step_until_read(typed)
    assert till.scans[0].flags == frozenset()
    assert till.scanner.refused.total() == 1


def test_a_serial_scanner_has_its_makers_letters_and_any_suffix(start: Start, till_at: Callable[[str], Any]) -> None:
    """D25 D30."""
    process = start("scanner", "--tcp", "0", "--identifier", "datalogic-us", "--suffix", "<x1C>", "--encoding", "cp866")
    till = till_at(ready(process, "scanner") + "?suffix=<FS>&encoding=cp866&identifier='F<x23>'")
    till.step_until_state(DeviceState.READY)
    say(process, "4600000000015", "Ёж")
    till.step_until_read("4600000000015", "Ёж")


def test_a_script_is_played_when_asked(start: Start, till_at: Callable[[str], Any], tmp_path: Path) -> None:
    script = tmp_path / "morning.toml"
    script.write_text(
        '[[scan]]\nat_s = 0.0\ntext = "4600000000015"\nsymbology = "ean13"\nsplit = [3]\npause_ms = 5\n'
        '[[scan]]\nat_s = 0.05\ntext = "4600000000010"\nsymbology = "ean13"\n'
        '[[order]]\nat_s = 0.5\ndo = "unplug"\n[[order]]\nat_s = 0.6\ndo = "plug"\n'
    )
    process = start("scanner", "--tcp", "0")
    till = till_at(ready(process, "scanner"))
    till.step_until_state(DeviceState.READY)
    say(process, f"!play {script}")
    till.step_until_read("4600000000015", "4600000000010")
    assert [scan.flags for scan in till.scans] == [frozenset(), {BAD_CHECK_DIGIT}]
    till.step_until_state(DeviceState.FAULTED, DeviceState.ABSENT)
    till.step_until_state(DeviceState.READY)
    say(process, "!play nowhere.toml", "!keys nowhere.bin")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("scanner",),
        ("scanner", "--tcp", "0", "--hid", "keys"),
        ("scanner", "--hid", "keys", "--suffix", "etx"),
        ("scanner", "--hid", "keys", "--model", "newland"),
        ("scanner", "--tcp", "0", "--suffix", "arrow-down"),
        ("scanner", "--hid", "keys", "--identifier", "maker"),
        ("scanner", "--hidraw", "reports", "--stx"),
        ("scanner", "--tcp", "0", "--modifiers", "alt-keypad"),
        ("scanner", "--tcp", "0", "--script", "nowhere.toml"),
    ],
)
def test_options_that_do_not_fit_are_told(start: Start, arguments: tuple[str, ...]) -> None:
    process = start(*arguments)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert "Traceback" not in err


def test_the_same_code_again_comes_no_sooner_than_from_a_hand(
    start: Start, till_at: Callable[[str], Any], tmp_path: Path
) -> None:
    """All three reach the agent: none is taken for a bouncing trigger."""
    process = start("scanner", "--tcp", "0")
    till = till_at(ready(process, "scanner"))
    till.step_until_state(DeviceState.READY)
    say(process, "4607", "4607", "4607")
    taken: list[str] = []

    def take(scan: Scan) -> bool:
        taken.append(scan.text)
        return True

    stream = ScanStream(take)
    for number in (1, 2, 3):
        till.step_until("the next", lambda number=number: len(till.scans) == number)
        stream.take(till.scans[-1], time.monotonic())
    assert taken == ["4607"] * 3


def test_a_make_answers_orders(start: Start, tmp_path: Path) -> None:
    process = start("scanner", "--link", str(tmp_path / "scanner"), "--model", "newland")
    link = SerialLine(ready(process, "scanner")).open()
    try:
        assert send_order(link, load_scanner("newland"), "suffix_cr", time.monotonic).outcome is Outcome.TAKEN
    finally:
        link.close()


def test_a_picture_in_the_folder_is_seen_by_the_camera(
    start: Start, till_at: Callable[[str], Any], tmp_path: Path
) -> None:
    process = start("camera", str(tmp_path))
    url = ready(process, "camera")
    assert url.startswith("camera:http://127.0.0.1:")
    till = till_at(url)
    till.step_until_state(DeviceState.READY)
    card_picture("4600000000015", "ean13", tmp_path / "card.png")
    till.step_until_read("4600000000015")
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    till.step_until_state(DeviceState.FAULTED, DeviceState.ABSENT)


def test_told_to_it_ends_with_the_standard_input(start: Start, tmp_path: Path) -> None:
    for arguments in (("scanner", "--tcp", "0"), ("camera", str(tmp_path))):
        process = start(*arguments, "--until-eof")
        ready(process, arguments[0])
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_fault_is_one_clear_line_and_exit_code_1(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments, cause in [
            (("scanner", "--tcp", port), "in use"),
            (("camera", str(tmp_path), "--port", port), "in use"),
            (("camera", str(tmp_path / "nowhere")), "no such folder"),
            (("scanner", "--link", str(tmp_path / "nowhere" / "scanner")), "No such file"),
        ]:
            process = start(*arguments)
            out, err = process.communicate(timeout=30)
            assert (process.returncode, out) == (1, "")
            (line,) = err.splitlines()
            assert cause in line


def test_wrong_orders_are_told_and_change_nothing(start: Start, tmp_path: Path) -> None:
    process = start("scanner", "--tcp", "0", "--until-eof")
    ready(process, "scanner")
    _, err = process.communicate("!explode\n!raw zz\n4607\n", timeout=30)
    assert process.returncode == 0
    assert err.splitlines() == [
        "unknown order '!explode'; there are !unplug, !plug, !raw, !play, !keys, !reports and !noread",
        "!raw: non-hexadecimal number found in fromhex() arg at position 0",
        "nobody listens: '4607' is lost",
    ]
