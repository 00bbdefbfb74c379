"""`pos-agent scan` as a process against emulated scanners: what the fitter sees."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.scanner.emulator.habits import Words
from drivers.scanner.emulator.models import MODELS
from drivers.scanner.emulator.obedient import ObedientScanner
from drivers.scanner.emulator.serial import PtyLine, ScannerEmulator, Wording

Start = Callable[..., "subprocess.Popen[str]"]
TIMEOUT_S = 30.0


@pytest.fixture
def start() -> Iterator[Start]:
    processes = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "pos_agent", "scan", *arguments]
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[ScannerEmulator]:
    scanner = ScannerEmulator(PtyLine(tmp_path / "scanner"), Wording(aim="]d2"))
    scanner.plug()
    yield scanner
    scanner.unplug()


def next_fact(process: subprocess.Popen[str], key: str, value: Any) -> dict[str, Any]:
    """The next line in which a key has this value; lines before it are skipped."""
    assert process.stdout is not None
    for line in process.stdout:
        facts: dict[str, Any] = json.loads(line)
        if facts.get(key) == value:
            return facts
    assert process.stderr is not None
    raise AssertionError(process.stderr.read())


def test_a_fitter_sees_states_scans_flags_and_at_the_end_the_counters(start: Start, scanner: ScannerEmulator) -> None:
    process = start(scanner.line.url, "--json", "--hex")
    next_fact(process, "state", "ready")
    scanner.scan("0104600439931256\x1d21abc")
    seen = next_fact(process, "text", "0104600439931256<GS>21abc")
    assert (seen["symbology"], seen["flags"], seen["since_ms"]) == ("datamatrix", [], None)
    assert seen["hex"] == b"]d20104600439931256\x1d21abc".hex(" ")
    scanner.send(b"4607")
    assert next_fact(process, "text", "4607")["flags"] == ["unterminated"]
    scanner.send(b"\xff\xfe\r")
    assert next_fact(process, "flags", ["refused"])["hex"] == "ff fe"
    scanner.unplug()
    assert "Is the cable plugged in?" in next_fact(process, "state", "faulted")["cause"]
    scanner.plug()
    next_fact(process, "state", "ready")
    process.send_signal(signal.SIGINT)
    told = next_fact(process, "refused", {"it is not UTF-8 text": 1})
    assert told["counts"] == {"scans": 1, "flagged": 1, "refused": 1, "duplicates": 0, "lost": 0}
    assert process.wait(TIMEOUT_S) == 0


def test_after_so_many_scans_it_ends_with_lines_for_people(start: Start, scanner: ScannerEmulator) -> None:
    process = start(scanner.line.url, "--count", "2")
    assert process.stdout is not None
    for line in process.stdout:
        if "is ready" in line:
            break
    scanner.scan("4607")
    scanner.scan("4608")
    out, err = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, err) == (0, "")
    first, second, counts = out.splitlines()
    assert "datamatrix  4607" in first
    assert "4608" in second and "ms" in second
    assert counts == "scanner: 2 scans"


def test_without_a_url_the_scanners_of_the_settings_are_shown(
    start: Start, scanner: ScannerEmulator, tmp_path: Path
) -> None:
    path = tmp_path / "pos-agent.toml"
    path.write_text(
        'till = "t"\nprogramme = "alenka"\ndata = "d"\n[hub]\nurl = "http://h"\n'
        f'[[scanners]]\nname = "counter"\nurl = "{scanner.line.url}"\n',
        encoding="utf-8",
    )
    process = start("--config", str(path), "--json", "--count", "1")
    next_fact(process, "state", "ready")
    scanner.scan("4607")
    assert next_fact(process, "text", "4607")["scanner"] == "counter"
    assert process.wait(TIMEOUT_S) == 0


@pytest.fixture
def newland(tmp_path: Path) -> Iterator[str]:
    scanner = ObedientScanner(PtyLine(tmp_path / "newland"), Wording(), MODELS["newland"]())
    scanner.plug()
    yield scanner.line.url
    scanner.close()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--model", "newland", "--send", "suffix_cr"), 0, "the scanner obeyed: <STX><SOH>0000@TSUSET0D<ACK>;<ETX>"),
        (("--model", "honeywell", "--send", "suffix_cr"), 1, "unknown whether the scanner obeyed: silence"),
        (("--model", "honeywell", "--send", "trigger_on"), 0, "never answered"),
        (("--model", "zebra-ssi", "--send", "enable"), 1, "zebra-ssi needs flow=rtscts in the URL"),
        (("--model", "newland", "--send", "dance"), 2, "there are trigger_on"),
        (("--model", "tardis", "--send", "dance"), 2, "Known models: datalogic, honeywell"),
        (("--send", "suffix_cr"), 2, "Give --model"),
    ],
)
def test_an_order_is_sent_and_its_answer_told(
    start: Start, newland: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    process = start(newland, *arguments)
    out, err = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, told in " ".join((out + err).split())) == (code, True), out + err


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("serial:///dev/null/x?baud=fast", "baud=fast is not possible"),
        ("hdmi:1", "no scanner is known"),
    ],
)
def test_a_wrong_address_is_one_line(start: Start, url: str, told: str) -> None:
    process = start(url)
    out, err = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, out, len(err.splitlines())) == (1, "", 1)
    assert told in err


def test_a_keyboard_takes_no_orders(start: Start) -> None:
    process = start("hid:///dev/input/event0", "--model", "newland", "--send", "suffix_cr")
    _, err = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 1
    assert "only a serial scanner takes orders" in err


def test_the_orders_are_listed(start: Start) -> None:
    out, _ = start("--settings", "--model", "zebra-ssi").communicate(timeout=TIMEOUT_S)
    assert "flow=rtscts" in out
    assert "trigger_on" in out


def test_a_fitter_sees_why_something_was_refused_and_what_stands_beside_an_ean(
    start: Start, scanner: ScannerEmulator
) -> None:
    """D10 D25."""
    scanner.wording = Wording()
    process = start(scanner.line.url + "&suffix=cr", "--json")
    next_fact(process, "state", "ready")
    scanner.send(b"4607\t\r")
    assert "<HT>" in next_fact(process, "flags", ["refused"])["why"]
    scanner.scan("978020137962412345")
    assert next_fact(process, "text", "9780201379624")["addon"] == "12345"
    scanner.scan("NOREAD")
    scanner.scan("4607")
    next_fact(process, "text", "4607")
    process.send_signal(signal.SIGINT)
    counts = {"scans": 2, "flagged": 0, "refused": 1, "duplicates": 0, "lost": 0}
    assert next_fact(process, "counts", counts)["refused"]["the scanner says that it has read nothing"] == 1


def test_d30_the_letters_of_a_make_come_off(start: Start, scanner: ScannerEmulator) -> None:
    scanner.wording = Wording(words=Words(maker="zebra"))
    process = start(scanner.line.url + "&identifier=maker", "--model", "zebra-ssi", "--json", "--count", "1")
    next_fact(process, "state", "ready")
    scanner.scan("2600000000017")
    assert next_fact(process, "text", "2600000000017")["symbology"] == "ean13"


def test_the_habits_are_listed_with_their_sources(start: Start) -> None:
    out, _ = start("--habits").communicate(timeout=TIMEOUT_S)
    for word in ("suffix:", "arrow-down", "cp866", "caps-on", "known from", "Zebra"):
        assert word in out
