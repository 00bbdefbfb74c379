"""`pos-agent record` and `emulate … --play`, from a fault in a shop to the same fault at a desk."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from drivers.printer.emulator.server import PrinterServer
from drivers.printer.link import open_link
from drivers.printer.probe import Probe
from drivers.recording import load_recording
from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.serial import TcpLine
from pos_agent.cli import cli
from pos_agent.commands.record import kind_of

HEAD = "# pos-agent recording 1 scanner\n# masked no\n"


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The command takes them; here it runs in the tests' own process."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def told(done: Result) -> str:
    return done.output + (str(done.exception) if done.exception else "")


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    children: list[subprocess.Popen[str]] = []

    def started(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "pos_agent", *words]
        children.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
        return children[-1]

    yield started
    for child in children:
        if child.poll() is None:
            child.kill()
            child.communicate()


def read(child: subprocess.Popen[str]) -> dict[str, object]:
    assert child.stdout is not None
    line: dict[str, object] = json.loads(child.stdout.readline())
    return line


def test_a_played_scan_is_recorded_and_a_recorded_one_plays(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """Both commands as processes: the player waits for the recorder, who ends after two scans."""
    (tmp_path / "a.rec").write_text(HEAD + "0 open\n300 in ]E046000\n310 in 00000015<CR>\n9000 in ]C0Tara<CR>\n")
    player = start("emulate", "scanner", "--tcp", "0", "--play", str(tmp_path / "a.rec"), "--speed", "1000")
    url = str(read(player)["url"])
    done = run(
        "record", url, str(tmp_path / "b.rec"), "--as", "scanner", "--count", "2", "--no-mask", "--seconds", "20"
    )
    assert done.exit_code == 0 and "NOT masked" in done.output, told(done)
    assert read(player) == {"played": 4, "lost": 0}
    before, after = (load_recording(tmp_path / name, "scanner") for name in ("a.rec", "b.rec"))
    assert b"".join(entry.data for entry in after.entries) == b"".join(entry.data for entry in before.entries)


def test_a_pipe_plays_when_it_is_told_to(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    (tmp_path / "k.rec").write_text(HEAD + "0 keys 1.30.1 0.0.0 1.30.0 0.0.0\n5 keys 1.28.1 0.0.0 1.28.0 0.0.0\n")
    player = start(
        "emulate", "scanner", "--hid", str(tmp_path / "keys"), "--play", str(tmp_path / "k.rec"), "--until-eof"
    )
    url = str(read(player)["url"])
    assert player.stdin is not None
    player.stdin.write("\n")
    player.stdin.flush()
    assert read(player) == {"played": 2, "lost": 0}
    done = run("record", url, str(tmp_path / "b.rec"), "--count", "1", "--seconds", "20")
    assert done.exit_code == 0 and "-  a" in done.output, told(done)
    player.communicate(timeout=10)  # which ends its input
    assert player.returncode == 0


def test_a_camera_is_recorded_only_when_it_is_said_that_pictures_are_not_masked(tmp_path: Path) -> None:
    camera = CameraEmulator(tmp_path)
    camera.plug()
    done = run("record", camera.url, str(tmp_path / "c.rec"))
    assert done.exit_code == 2 and "cannot be masked" in done.output
    done = run("record", camera.url, str(tmp_path / "c.rec"), "--no-mask", "--count", "2")
    camera.unplug()
    assert done.exit_code == 0, told(done)
    frames = [entry.data for entry in load_recording(tmp_path / "c.rec", "camera").entries if entry.what == "frame"]
    assert len(frames) == 2 and frames[0].startswith(b"\xff\xd8")


def test_a_printer_is_asked_and_plays_the_answers(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    with PrinterServer(tmp_path / "paper", pictures=False) as printer:
        done = run("record", printer.url, str(tmp_path / "p.rec"), "--as", "printer")
        assert done.exit_code == 0 and "Printer ready." in done.output, told(done)
    player = start("emulate", "printer", "--port", "0", "--play", str(tmp_path / "p.rec"))
    link = open_link(str(read(player)["url"]))
    assert Probe(link, 10.0).look().model == "virtual printer"
    link.close()
    assert read(player)["differences"] == 0 and player.wait(10) == 0


def test_what_others_print_is_carried_and_recorded(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    with PrinterServer(tmp_path / "paper", pictures=False) as printer:
        child = start("record", printer.url, str(tmp_path / "p.rec"), "--as", "printer", "--listen", "0")
        assert child.stdout is not None
        link = open_link(child.stdout.readline().strip())
        assert Probe(link, 10.0).look().model == "virtual printer"
        link.close()
        child.send_signal(signal.SIGINT)
        assert child.wait(10) == 0
    whats = [entry.what for entry in load_recording(tmp_path / "p.rec", "printer").entries]
    assert whats[0] == "open" and whats.count("out") == whats.count("in") == 6


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["serial:///nothing", "--as", "scanner"], "open on serial:///nothing failed: No such file"),
        (["hid:///nothing"], "open on hid:///nothing failed"),
        (["tcp://127.0.0.1:9", "--as", "printer"], "connect on tcp://127.0.0.1:9 failed: Connection refused"),
        (["camera:http://127.0.0.1:9/x", "--no-mask"], "opening the camera on camera:http://127.0.0.1:9/x failed"),
        (["kettle://x", "--as", "scanner"], "no scanner is known by 'kettle'"),
        (["kettle://x", "--as", "printer", "--listen", "0"], "a printer has no scheme 'kettle'"),
    ],
)
def test_what_is_not_there_is_told_and_leaves_no_file(words: list[str], wanted: str, tmp_path: Path) -> None:
    url, *more = words
    done = run("record", url, str(tmp_path / "a.rec"), *more)
    assert done.exit_code == 1 and wanted in told(done), told(done)
    assert not (tmp_path / "a.rec").exists()


def test_a_full_file_ends_it_with_whole_lines(tmp_path: Path) -> None:
    camera = CameraEmulator(tmp_path)
    camera.plug()
    done = run("record", camera.url, str(tmp_path / "c.rec"), "--no-mask", "--most-mb", "0.05", "--seconds", "20")
    camera.unplug()
    assert done.exit_code == 0 and "It ended: it has its most bytes, 50000" in done.output, told(done)
    assert load_recording(tmp_path / "c.rec", "camera").entries[0].what == "open"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (HEAD + "0 in <CRR>\n1 end\n", "a.rec, line 3: <CRR> is no control character"),
        ("460\n", "a.rec, line 1: this is no recording"),
        (HEAD.replace("scanner", "printer"), "it is of a printer: play it with `pos-agent emulate printer --play`"),
        (HEAD + "0 keys 1.28.1\n", "it is of a keyboard scanner: play it with --hid PATH"),
    ],
)
def test_a_damaged_recording_is_told_with_its_line(text: str, wanted: str, tmp_path: Path) -> None:
    (tmp_path / "a.rec").write_text(text)
    done = run("emulate", "scanner", "--tcp", "0", "--play", str(tmp_path / "a.rec"))
    assert done.exit_code != 0 and wanted in told(done)


def test_what_a_url_is_is_told_by_it_or_by_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "pos-agent.toml"
    text = 'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://127.0.0.1:9"\n'
    scanner, printer = "serial:///dev/s", "tcp://a:9101"
    path.write_text(f'{text}[printer]\nurl = "{printer}"\n[[scanners]]\nname = "left"\nurl = "{scanner}"\n')
    urls = (scanner, printer, "camera:0", "hid:///dev/k", "usb://04b8:0202", "tcp://b:9100")
    assert [kind_of(url, path) for url in urls] == ["scanner", "printer", "camera", "scanner", "printer", "printer"]
    assert "say --as" in run("record", "tcp://b:4001", str(tmp_path / "a.rec")).output


def test_nothing_is_played_on_a_taken_port(tmp_path: Path) -> None:
    line = TcpLine()
    line.plug()
    port = line.url.rpartition(":")[2]
    (tmp_path / "p.rec").write_text(HEAD.replace("scanner", "printer"))
    done = run("emulate", "printer", "--port", port, "--play", str(tmp_path / "p.rec"))
    line.unplug()
    assert done.exit_code == 1 and "cannot listen at 127.0.0.1" in told(done)
