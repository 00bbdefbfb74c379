"""`pos-agent emulate printer` as a process."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import requests
import serial

COMMAND = [sys.executable, "-c", "from pos_agent.commands.emulate_printer import command; command()"]
LINE = b"\x1b@\x1bt\x11" + "Чек".encode("cp866") + b"\n\x1dV\x42\x00\x1d(H\x06\x0000%s"


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = subprocess.Popen(
        [*COMMAND, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=20)


def talk(url: str, data: bytes, length: int) -> bytes:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as client:
        client.sendall(data)
        heard = b""
        while len(heard) < length:
            heard += client.recv(100)
        return heard


def order(process: subprocess.Popen[str], line: str) -> dict[str, str]:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return dict(json.loads(process.stdout.readline()))


def test_it_says_that_it_is_ready_prints_numbers_on_and_ends_on_sigterm(tmp_path: Path) -> None:
    out = tmp_path / "paper"
    for number in (1, 2):
        with running("--port", "0", "--out", str(out)) as (process, ready):
            assert ready["ready"] == "printer" and ready["out"] == str(out)
            assert talk(ready["url"], LINE % b"A001", 7) == b"\x37\x22A001\x00"
            assert (out / f"receipt-{number:04d}.txt").read_text("utf-8") == "Чек\n"
            assert (out / f"receipt-{number:04d}.png").read_bytes().startswith(b"\x89PNG")
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


def test_orders_on_the_standard_input_are_obeyed_and_answered(tmp_path: Path) -> None:
    with running("--port", "0", "--out", str(tmp_path), "--cover-open") as (process, ready):
        assert talk(ready["url"], b"\x10\x04\x02", 1) == b"\x16"
        assert order(process, "cover close") == {"order": "cover close", "error": ""}
        assert order(process, "paper out") == {"order": "paper out", "error": ""}
        assert talk(ready["url"], b"\x10\x04\x02", 1) == b"\x32"
        assert "unknown order" in order(process, "dance")["error"]


def test_what_was_not_cut_is_kept_when_the_printer_ends(tmp_path: Path) -> None:
    with running("--port", "0", "--out", str(tmp_path)) as (process, ready):
        talk(ready["url"], b"torn\n\x10\x04\x01", 1)
        process.terminate()
        assert process.wait(timeout=20) == 0
    assert (tmp_path / "uncut.txt").read_text("utf-8") == "torn\n"


def test_what_was_proved_is_on_paper_though_the_process_is_killed_before_the_cut(tmp_path: Path) -> None:
    proved = b"\x1b@whole\n\x1d(H\x06\x0000A001"
    with running("--port", "0", "--out", str(tmp_path)) as (process, ready):
        assert talk(ready["url"], proved, 7) == b"\x37\x22A001\x00"
        process.kill()
        process.wait(timeout=20)
    with running("--port", "0", "--out", str(tmp_path)) as (_, ready):
        assert (tmp_path / "receipt-0001.txt").read_text("utf-8") == "whole\n"
        talk(ready["url"], proved + b"\x1dV\x42\x00\x10\x04\x01", 8)
    assert sorted(path.name for path in tmp_path.glob("*.txt")) == ["receipt-0001.txt", "receipt-0002.txt"]


def test_an_occupied_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--port", str(port), "--out", str(tmp_path)], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1 and str(port) in done.stderr and "in use" in done.stderr


def test_it_runs_without_a_standard_input(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--out", str(tmp_path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert talk(ready["url"], b"\x10\x04\x01", 1) == b"\x12"
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_several_printers_are_ordered_by_their_numbers(tmp_path: Path) -> None:
    with running("--port", "0", "--count", "2", "--out", str(tmp_path), "--no-pictures") as (process, first):
        assert process.stdout is not None
        second = json.loads(process.stdout.readline())
        assert [first["number"], second["number"]] == ["1", "2"]
        assert first["url"] != second["url"] and second["out"] == str(tmp_path / "2")
        assert order(process, "2 paper out") == {"order": "2 paper out", "error": ""}
        assert [talk(ready["url"], b"\x10\x04\x01", 1) for ready in (first, second)] == [b"\x12", b"\x1a"]
        assert "1 to 2" in order(process, "paper in")["error"]
        assert "1 to 2" in order(process, "3 paper in")["error"]
        assert "unknown order" in order(process, "2 dance")["error"]
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_a_plan_a_page_and_a_serial_port(tmp_path: Path) -> None:
    plan, link = tmp_path / "plan.toml", tmp_path / "port"
    plan.write_text('[[fault]]\nat_byte = 4\ndo = "paper out"\n', encoding="utf-8")
    options = ("--link", str(link), "--out", str(tmp_path / "out"), "--plan", str(plan), "--web", "0")
    with running(*options) as (process, ready):
        assert process.stdout is not None
        page = json.loads(process.stdout.readline())
        assert page["ready"] == "web" and ready["url"] == f"serial://{link}"
        with serial.Serial(str(link), timeout=20) as port:
            port.write(b"one\ntwo\n\x10\x04\x04")
            assert port.read(1) == b"\x7e"
        assert requests.get(page["url"] + "state.json", timeout=20).json()["printers"][0]["text"] == "one"


def test_what_cannot_be_is_one_clear_line(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text("x = 1", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        wrongs = [
            ("--plan", str(plan)),
            ("--plan", str(tmp_path)),
            ("--plan", str(tmp_path / "none.toml")),
            ("--plan", "/dev/stdin"),
            ("--bytes-per-s", "nan"),
            ("--bytes-per-s", "inf"),
            ("--lines-per-s", "nan"),
            ("--lines-per-s", "1e-320"),
            ("--link", str(tmp_path / "none" / "port")),
            ("--port", "0", "--web", port),
            ("--port", "65535", "--count", "2"),
        ]
        for wrong in wrongs:
            command = [*COMMAND, *wrong, "--out", str(tmp_path / "out")]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
            assert done.returncode in (1, 2), wrong
            assert "Traceback" not in done.stderr, wrong
            assert wrong[0] in done.stderr or done.stderr.startswith("pos-agent: "), done.stderr
            assert done.stderr.splitlines()[-1].startswith(("pos-agent: ", "Error: ")), done.stderr


def test_an_order_without_a_line_feed_at_the_end_of_the_input_is_obeyed(tmp_path: Path) -> None:
    with running("--port", "0", "--out", str(tmp_path)) as (process, ready):
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("paper low\npaper out")
        process.stdin.close()
        process.stdin = None
        assert [json.loads(process.stdout.readline())["order"] for _ in range(2)] == ["paper low", "paper out"]
        assert talk(ready["url"], b"\x10\x04\x01", 1) == b"\x1a"


def test_a_disk_that_takes_nothing_is_told_once_and_the_printer_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "paper"
    with running("--port", "0", "--out", str(out), "--no-pictures", "--trace") as (process, ready):
        assert talk(ready["url"], LINE % b"A001", 7) == b"\x37\x22A001\x00"
        shutil.rmtree(out)
        for _ in range(3):
            assert talk(ready["url"], LINE % b"A002", 7) == b"\x37\x22A002\x00"
        out.mkdir()
        assert talk(ready["url"], LINE % b"A003", 7) == b"\x37\x22A003\x00"
        process.terminate()
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        told = process.stderr.read()
    assert told.count("\n") == 1 and told.startswith(f"pos-agent: {out}: No such file or directory"), told
    assert (out / "receipt-0005.txt").exists()
    assert json.loads((out / "ledger.jsonl").read_text().splitlines()[-1])["job"] == "A003"


def test_a_ledger_that_was_torn_by_a_kill_goes_on(tmp_path: Path) -> None:
    with running("--port", "0", "--out", str(tmp_path), "--no-pictures") as (_process, ready):
        talk(ready["url"], LINE % b"A001", 7)
    ledger = tmp_path / "ledger.jsonl"
    with ledger.open("ab") as file:
        file.write(b'{"piece": 2, "rec')
    with running("--port", "0", "--out", str(tmp_path), "--no-pictures") as (_process, ready):
        talk(ready["url"], LINE % b"A002", 7)
    records = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert [(record["piece"], record["job"]) for record in records] == [(1, None), (1, "A001"), (2, None), (2, "A002")]


def test_somebody_elses_file_is_no_ledger_and_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").write_text("my notes")
    command = [*COMMAND, "--port", "0", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 1 and "is no ledger" in done.stderr
    assert (tmp_path / "ledger.jsonl").read_text() == "my notes"
