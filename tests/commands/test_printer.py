"""`pos-agent printer`: a fitter's day with the virtual printer."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from config.printers import load_printer, toml_of
from config.settings import load_settings
from drivers.printer.emulator.server import PrinterServer
from pos_agent.commands.printer import LINES_MAX, command
from tests.drivers.printer.test_strangers import greets, hangs_up, somebody
from tests.quick_line import QUICK


def run(*words: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(command, list(words), input=given)


def told(done: Result) -> str:
    return done.output + (str(done.exception) if done.exception else "")


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[PrinterServer]:
    with PrinterServer(tmp_path / "paper", columns=48, pictures=False) as server:
        yield server


def papers(tmp_path: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "paper").glob("receipt-*.txt"))]


def settings(tmp_path: Path, url: str, model: str = "default") -> Path:
    path = tmp_path / "shop" / "pos-agent.toml"
    path.parent.mkdir()
    path.write_text(
        'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://127.0.0.1:9"\n'
        f'[printer]\nurl = "{url}"\nmodel = "{model}"\n'
    )
    return path


# status


def test_the_status_in_words_with_the_name_and_the_bytes(printer: PrinterServer) -> None:
    done = run("status", "--url", printer.url, "--bytes")
    assert done.exit_code == 0, told(done)
    assert "Printer ready." in done.output
    assert "It says that it is: pos-agent" in done.output
    assert "10 04 01  → 12" in done.output and "1d 49 42" in done.output


@pytest.mark.parametrize("order, words", [("paper out", "Out of paper"), ("cover open", "cover is open")])
def test_a_printer_that_does_not_print_says_why(printer: PrinterServer, order: str, words: str) -> None:
    printer.order(order)
    done = run("status", "--url", printer.url)
    assert (done.exit_code, words in done.output) == (1, True)


def test_a_held_printer_is_told_as_one(printer: PrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.printer.probe.LATE_MAX_S", 0)
    quick = tmp_path / "quick.toml"
    quick.write_text("answer_deadline_ms = 200\n")
    host, port = printer.url.removeprefix("tcp://").split(":")
    with socket.create_connection((host, int(port))) as agent:
        agent.sendall(b"\x10\x04\x01")
        assert agent.recv(1) == b"\x12"
        done = run("status", "--url", printer.url, "--model", str(quick))
        assert done.exit_code == 1 and "the agent of this till" in told(done)
        done = run("codepages", "--url", printer.url, "--model", str(quick))
        assert done.exit_code == 1 and "nothing was sent" in told(done)


def test_nothing_at_the_address_is_told_with_a_hint() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = run("status", "--url", f"tcp://127.0.0.1:{taken.getsockname()[1]}")
    assert done.exit_code == 1 and "no printer listens" in told(done)


# test page and any paper


def test_the_test_page_is_proved_and_as_wide_as_the_paper(printer: PrinterServer, tmp_path: Path) -> None:
    done = run("test", "--url", printer.url, "--model", "epson-tm-t20")
    assert done.exit_code == 0 and "proved it (process_id)" in done.output, told(done)
    (paper,) = papers(tmp_path)
    assert "----+----1----+----2----+----3----+----4----+---" in paper.splitlines()
    assert "АБВГДЕЁЖЗИЙКЛМНОП РСТУФХЦЧШЩЪЫЬЭЮЯ" in paper and '"Ёлка" № 5 - 1 234,50 руб. ...' in paper
    assert "2600000000017" in paper
    assert printer.machine.drawer_kicks == 0


def test_the_drawer_opens_only_when_asked(printer: PrinterServer) -> None:
    assert run("test", "--url", printer.url, "--drawer").exit_code == 0
    assert printer.machine.drawer_kicks == 1


def test_the_codes_of_the_test_page_are_read_by_a_camera(tmp_path: Path) -> None:
    profile = tmp_path / "narrow.toml"
    profile.write_text('columns = 32\nwidth_dots = 384\nproof = "gs_r"\nclear = false\n')
    with PrinterServer(tmp_path / "paper", columns=32, model="pos-5890", cutter=True) as printer:
        done = run("test", "--url", printer.url, "--model", str(profile))
    assert "proved it (gs_r)" in done.output, told(done)
    codes = zxingcpp.read_barcodes(Image.open(tmp_path / "paper" / "receipt-0001.png"))
    assert {code.text for code in codes} == {"2600000000017", "po:test"}


def test_without_paper_nothing_is_sent_and_it_is_said(printer: PrinterServer) -> None:
    printer.order("paper out")
    done = run("test", "--url", printer.url)
    assert done.exit_code == 1 and "nothing was sent: Out of paper" in told(done)


@pytest.mark.parametrize(
    ("fault", "model", "words"),
    [
        ("cover open", "default", "The printer's cover is open: close it. Then print it again."),
        ("cover open", "xprinter-58", "The printer's cover is open: close it. It may print the rest"),
        ("power cycle", "default", "the connection broke in the middle"),
        ("silent on", "quick", "fell silent in the middle"),
    ],
)
def test_what_happens_in_the_middle_of_a_test_page_is_told_as_what_it_is(
    printer: PrinterServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, model: str, words: str
) -> None:
    """D27: the proof was blamed, whatever it was."""
    monkeypatch.setattr("drivers.printer.printer.PROOF_DEADLINE_S", 0.2)
    monkeypatch.setattr("drivers.printer.link.PACE", QUICK)
    monkeypatch.setattr("drivers.printer.attempt.SLOWEST_LINES_PER_S", 1e9)
    if model == "quick":
        model = str(tmp_path / "quick.toml")
        Path(model).write_text("answer_deadline_ms = 200\n")
    printer.order(f"at 300 {fault}")
    done = run("test", "--url", printer.url, "--model", model)
    assert done.exit_code == 1 and words in told(done), told(done)
    assert "process_id" not in told(done) and "gs_r" not in told(done)


@pytest.mark.parametrize("words", [("status",), ("test",), ("codepages", "--slots", "17")])
def test_what_is_no_printer_is_quoted(words: tuple[str, ...]) -> None:
    """D28: "switch it off and on" helps nobody against an SSH server."""
    with somebody(greets(b"SSH-2.0-OpenSSH_9.2\r\n")) as url:
        done = run(*words, "--url", url)
    assert done.exit_code == 1
    assert "what answers here is no printer: “SSH-2.0-OpenSSH_9.2”. Check the address" in told(done)
    assert "off and on" not in told(done)


def test_whoever_is_busy_may_be_held(printer: PrinterServer) -> None:
    with somebody(hangs_up(b"printer busy\r\n")) as url:
        done = run("status", "--url", url)
    assert "“printer busy”" in told(done) and "the agent of this till" in told(done)


def test_a_printer_that_answers_too_late_is_told_with_what_to_set(tmp_path: Path, printer: PrinterServer) -> None:
    """D26."""
    printer.order("answer after 0.2")
    quick = tmp_path / "quick.toml"
    quick.write_text("answer_deadline_ms = 50\n")
    done = run("status", "--url", printer.url, "--model", str(quick))
    assert done.exit_code == 1 and "it does answer, but after 0." in told(done)
    assert "answer_deadline_ms = " in told(done)


def test_text_and_documents_are_printed(printer: PrinterServer, tmp_path: Path) -> None:
    example = Path(__file__).parent.parent.parent / "docs" / "examples" / "receipt.json"
    assert run("print", "-", "--url", printer.url, given="Перерыв\n\nдо 14:00\n").exit_code == 0
    assert run("print", str(example), "--url", printer.url).exit_code == 0
    text, receipt = papers(tmp_path)
    assert [line for line in text.splitlines() if line] == ["Перерыв", "до 14:00"]
    assert "К чеку 17" in receipt


@pytest.mark.parametrize(
    "given, words",
    [
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b'{"blocks": [{"block": "fax"}]}', "no document"),
        (b" \n", "it is empty"),
        (b"a\n" * (LINES_MAX + 1), "lines, more than"),
        (b"a" * 300_000, "that is no paper"),
    ],
)
def test_what_is_no_paper_is_refused_and_nothing_printed(
    printer: PrinterServer, tmp_path: Path, given: bytes, words: str
) -> None:
    done = run("print", "-", "--url", printer.url, given=given)
    assert done.exit_code == 1 and words in told(done)
    assert papers(tmp_path) == []


# code pages


def test_a_found_code_page_becomes_a_profile_that_the_settings_load_and_the_printer_shows(tmp_path: Path) -> None:
    """A Rongta thinks that slot 17 is cp1253: only its slot 7 shows Cyrillic in cp866."""
    with PrinterServer(tmp_path / "paper", columns=42, model="rp326", pictures=False) as printer:
        path = settings(tmp_path, printer.url)
        done = run("codepages", "--config", str(path))
        assert done.exit_code == 0 and "--slot N --codepage NAME" in done.output, told(done)
        table = "\n".join(printer.machine.interpreter.paper.lines())  # it is not cut
        assert "  7 Съешь ё№" in table and " 17 Съешь" not in table
        done = run("codepages", "--config", str(path), "--slot", "7", "--codepage", "cp866")
    assert done.output.splitlines()[-1] == 'model = "data/printer.toml"'
    path.write_text(path.read_text().replace('model = "default"', done.output.splitlines()[-1]))
    found = load_settings(path).printer
    assert found is not None
    profile = load_printer(found.model)
    assert (profile.slot, profile.codepage, profile.columns) == (7, "cp866", 42)


def test_without_settings_the_profile_falls_beside(tmp_path: Path) -> None:
    out = tmp_path / "my.toml"
    words = ("--model", "xprinter-58", "--slot", "59", "--codepage", "cp866", "--out", str(out))
    done = run("codepages", "--url", "tcp://127.0.0.1:9", "--config", str(tmp_path / "none.toml"), *words)
    assert done.exit_code == 0, told(done)
    assert load_printer(str(out)).slot == 59 and load_printer(str(out)).columns == 32


@pytest.mark.parametrize(
    "words, said",
    [
        (("--slot", "17"), "belong together"),
        (("--slots", "75-0"), "slots are 0 to 255"),
        (("--slots", "0-999"), "slots are 0 to 255"),
        (("--slots", "all"), "write it like 0-75"),
        (("--slot", "1", "--codepage", "cp437", "--out", "x.toml"), "no Cyrillic"),
        (("--slot", "1", "--codepage", "klingon", "--out", "x.toml"), "klingon"),
        (("--slot", "1", "--codepage", "cp866", "--out", "profile"), "must end in .toml"),
        (("--model", "tardis"), "tardis"),
    ],
)
def test_what_will_not_do_is_told(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run("codepages", "--url", "tcp://127.0.0.1:9", "--config", str(tmp_path / "none.toml"), *words)
    assert done.exit_code != 0 and said in told(done)


def test_settings_without_a_printer_need_a_url(tmp_path: Path) -> None:
    path = settings(tmp_path, "tcp://127.0.0.1:9")
    path.write_text(path.read_text().partition("[printer]")[0])
    assert "Give --url" in told(run("status", "--config", str(path)))


@pytest.mark.parametrize("model", ["default", "pos-5890", "star-escpos"])
def test_a_profile_is_written_as_it_is_read(model: str, tmp_path: Path) -> None:
    path = tmp_path / f"{model}.toml"
    path.write_text(toml_of(load_printer(model)), encoding="utf-8")
    assert load_printer(str(path)) == load_printer(model)
