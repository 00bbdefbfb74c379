"""Clients that know nothing of this house print on the virtual printer and come out right."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.paper import Paper
from drivers.printer.emulator.picture import picture
from drivers.printer.emulator.server import PrinterServer

DATA = Path(__file__).parent / "data"
DEADLINE_S = 30
RECEIPTLINE = sorted(DATA.glob("receiptline-*.bin"))


def codes(image: Any) -> set[tuple[str, str]]:
    return {(str(code.format), code.bytes.decode()) for code in zxingcpp.read_barcodes(np.asarray(image))}


def escpos_prints(tmp_path: Path) -> list[str]:
    logo = Image.new("1", (64, 48), 1)
    ImageDraw.Draw(logo).ellipse((4, 4, 59, 43), fill=0)
    logo.save(tmp_path / "logo.png")
    with PrinterServer(tmp_path / "paper", columns=48, trace=True) as printer:
        parts = urlsplit(printer.url)
        done = subprocess.run(
            [sys.executable, DATA / "escpos_client.py", str(parts.hostname), str(parts.port), tmp_path / "logo.png"],
            env={**os.environ, "ESCPOS_CAPABILITIES_PICKLE_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == "True 2"  # online, paper adequate
        assert printer.ask(lambda: printer.machine.drawer_kicks) == 1
        assert [piece.state for piece in printer.ledger] == ["complete"]
    return (tmp_path / "paper" / "receipt-0001.txt").read_text("utf-8").splitlines()


def test_python_escpos_comes_out_in_russian_with_pictures_and_codes(tmp_path: Path) -> None:
    lines = escpos_prints(tmp_path)
    assert [line.strip() for line in lines[:3]] == [
        "А л ё н к а",
        "Шоколад «Алёнка» 90 г × 2",
        "Спасибо за покупку! 179,80 руб.",
    ]
    assert lines.count(" " * 16 + "[picture 64x48]") == 2
    assert sum("[picture 64x24]" in line for line in lines) == 2  # the same in two bands of 24 dots
    assert codes(Image.open(tmp_path / "paper" / "receipt-0001.png")) == {
        ("QR Code", "https://example.ru/чек?n=1"),
        ("EAN-13", "4607012345677"),
        ("Code 128", "ALENKA-12"),
    }
    log = (tmp_path / "paper" / "commands.log").read_text("utf-8")
    assert "unknown" not in log


@pytest.mark.parametrize("path", RECEIPTLINE, ids=lambda path: path.stem)
def test_receiptline_comes_out_as_a_table_with_pictures_and_codes(path: Path) -> None:
    columns = int(path.stem.split("-")[1])
    papers, log = list[Paper](), list[str]()
    machine = Machine(columns, send=lambda data: None, keep=papers.append, log=log.append)
    machine.receive(path.read_bytes())
    (paper,) = papers
    lines = paper.lines()
    assert all(len(line) <= columns for line in lines)
    title = next(line for line in lines if "Ё" in line)
    assert title.strip() == "А Л Ё Н К А" and abs(len(title) - len(title.lstrip()) - (columns - 12) // 2) <= 1
    rule = next(place for place, line in enumerate(lines) if line.startswith("╭"))
    table = lines[rule : rule + lines[rule:].index(next(line for line in lines if line.startswith("╰"))) + 1]
    assert {len(line) for line in table} == {columns}
    assert {line[0] for line in table} == {"╭", "│", "├", "╰"} and {line[-1] for line in table} == {"╮", "│", "┤", "╯"}
    assert any(line.endswith("179,80│") for line in table)
    assert next(line for line in lines if "ИТОГО" in line).endswith("244,30")
    assert codes(picture(paper)) == {
        ("EAN-13", "4607012345677"),
        ("QR Code", "t=20240512T1402&s=244.30&fn=9999078900001234"),
        ("Code 39", "ALENKA-12"),
        ("Code 128", "2012345678"),
    }
    assert not [line for line in log if not line.startswith("skipped FS")]


PRINTF = r"printf '\033@\033t\021\227\245\252\n\035V\000'"  # Чек in CP866, and a cut
SENDERS = {"nc": f"{PRINTF} | nc -N {{host}} {{port}}", "bash": f"{PRINTF} > /dev/tcp/{{host}}/{{port}}"}


@pytest.mark.parametrize("tool", SENDERS)
def test_printf_into_the_port(tmp_path: Path, tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"no {tool} here")
    with PrinterServer(tmp_path, pictures=False) as printer:
        parts = urlsplit(printer.url)
        line = SENDERS[tool].format(host=parts.hostname, port=parts.port)
        subprocess.run(["bash", "-c", line], timeout=DEADLINE_S, check=True)
        wait_for(tmp_path / "receipt-0001.txt")
    assert (tmp_path / "receipt-0001.txt").read_text("utf-8") == "Чек\n"


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not path.exists():
        assert time.monotonic() < deadline, path


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("path", RECEIPTLINE, ids=lambda path: path.stem)
def test_any_split_of_a_real_stream_prints_the_same(path: Path, seed: int) -> None:
    data = path.read_bytes() + b"\x1da\xff\x10\x04\x04\x1d(H\x06\x0000A001\x1dr\x01"
    step = random.Random(seed)
    edges = [0, *sorted(step.sample(range(1, len(data)), 40)), len(data)]
    splits = {
        "whole": [data],
        "bytes": [bytes([byte]) for byte in data],
        f"seed {seed}": [data[start:end] for start, end in itertools.pairwise(edges)],
    }
    results = {name: result_of(pieces) for name, pieces in splits.items()}
    assert results["bytes"] == results["whole"] and results[f"seed {seed}"] == results["whole"], seed


def result_of(pieces: list[bytes]) -> tuple[object, ...]:
    papers: list[Any] = []
    answers, log = bytearray(), list[str]()
    machine = Machine(
        42,
        send=answers.extend,
        keep=papers.append,
        log=log.append,
        trace=lambda offset, token: log.append(f"{offset} {token}"),
    )
    for piece in pieces:
        machine.receive(piece)
    return papers, bytes(answers), log, machine.ledger.pieces, machine.lines
