"""The standard streams of a command: full, closed or gone, they cost one clear line and never a traceback."""

from __future__ import annotations

import json
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

MAIN = f"{shlex.quote(sys.executable)} -c 'from pos_agent.cli import main; main()'"
EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"
RECEIPT = EXAMPLES / "receipt.json"


def shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", f"{MAIN} {command}"], capture_output=True, text=True, timeout=60)


@pytest.fixture
def settings(tmp_path: Path) -> str:
    """Of a till whose hub and printer nobody has."""
    path = tmp_path / "pos-agent.toml"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path.write_text(
        f'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://127.0.0.1:{port}"\n'
        f'[printer]\nurl = "tcp://127.0.0.1:{port}"\n[api]\nport = 0\n'
    )
    return shlex.quote(str(path))


@pytest.mark.parametrize(
    "command",
    ["preview {receipt}", "render {receipt}", "run --config {settings}", "emulate printer --port 0 --out {folder}"],
)
def test_a_full_disk_under_the_output_is_one_line(command: str, settings: str, tmp_path: Path) -> None:
    done = shell(command.format(receipt=RECEIPT, settings=settings, folder=tmp_path / "out") + " >/dev/full </dev/null")
    assert done.returncode == 1
    assert done.stderr == "pos-agent: No space left on device\n"


def test_a_reader_that_is_gone_is_one_line(tmp_path: Path) -> None:
    done = shell(f"preview {RECEIPT} > >(exec true) ; echo $? > {tmp_path}/code")  # the race: true may still live
    assert "Traceback" not in done.stderr
    assert done.stderr in ("", "pos-agent: Broken pipe\n")
    assert (tmp_path / "code").read_text() in ("0\n", "1\n")


@pytest.mark.parametrize("command", ["render -", "preview -", "printer print - --config {settings}"])
def test_a_closed_input_is_an_empty_one(command: str, settings: str) -> None:
    done = shell(command.format(settings=settings) + " <&-")
    assert done.returncode == (0 if command == "render -" else 1)
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1


@pytest.mark.parametrize("closed", [">&-", "<&- >&-", "<&- >&- 2>&-"])
def test_a_closed_output_is_none_and_no_file_gets_what_is_said(closed: str, tmp_path: Path) -> None:
    png = tmp_path / "receipt.png"
    done = shell(f"preview {RECEIPT} --png {png} {closed}")
    assert (done.returncode, done.stderr) == (0, "")
    assert png.read_bytes().startswith(b"\x89PNG")


def test_a_printer_without_any_stream_prints(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = f"exec {MAIN} emulate printer --port {port} --out {tmp_path / 'out'} --no-pictures <&- >&- 2>&-"
    process = subprocess.Popen(["bash", "-c", command])
    try:
        assert answer_of(port, b"\x1b@one\n\x1dV\x00\x10\x04\x01") == b"\x12"
        assert (tmp_path / "out" / "receipt-0001.txt").read_text() == "one\n"
        assert json.loads((tmp_path / "out" / "ledger.jsonl").read_text())["state"] == "complete"
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0


def answer_of(port: int, data: bytes) -> bytes:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            client = socket.create_connection(("127.0.0.1", port), timeout=20)
        except ConnectionRefusedError:
            continue
        with client:
            client.sendall(data)
            return client.recv(1)
    raise AssertionError("nobody listens")
