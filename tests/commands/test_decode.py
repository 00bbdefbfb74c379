"""`pos-agent decode`, as a process: what it prints, what it refuses, its exit code."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from drivers.scanner.emulator.pictures import card_picture, counter_top

RUN = [sys.executable, "-c", "from pos_agent.cli import main; main()", "decode"]


def decoded(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*RUN, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


def drawn(content: str | bytes, symbology: str, path: Path) -> Path:
    barcode = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, symbology))
    bars = np.array(zxingcpp.write_barcode_to_image(barcode, scale=4))
    Image.fromarray(np.pad(bars, 40, constant_values=255)).save(path)
    return path


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_one_json_object_per_picture_and_line(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"first.{suffix}", tmp_path / f"second.{suffix}"
    card_picture("4600000000015", "ean13", first)
    card_picture("0104600439931256\x1d21abc", "datamatrix", second)
    result = decoded("--json", first, second)
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"image": str(first), "codes": [{"text": "4600000000015", "symbology": "ean13", "confidence": "strong"}]},
        {
            "image": str(second),
            "codes": [{"text": "0104600439931256\x1d21abc", "symbology": "datamatrix", "confidence": "strong"}],
        },
    ]
    assert (result.returncode, result.stderr) == (0, "")


def test_without_json_it_says_it_in_words_that_cannot_steer_a_terminal(tmp_path: Path) -> None:
    card, empty = tmp_path / "card.png", tmp_path / "empty.png"
    card_picture("Жук\x1b[2J", "qr", card)
    Image.fromarray(counter_top()).save(empty)
    result = decoded(card, empty)
    assert result.stdout.splitlines() == [f"{card}: qr Жук<1B>[2J", f"{empty}: no code"]
    assert result.returncode == 0


def test_an_unreadable_picture_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    card, broken, torn = tmp_path / "card.png", tmp_path / "broken.png", tmp_path / "torn.png"
    card_picture("4600000000015", "ean13", card)
    broken.write_text("no picture")
    torn.write_bytes(card.read_bytes()[:5000])
    result = decoded("--json", tmp_path / "missing.png", broken, torn, tmp_path, card)
    assert [json.loads(line)["image"] for line in result.stdout.splitlines()] == [str(card)]
    told = result.stderr.splitlines()
    assert len(told) == 4
    for line, name in zip(told, ["missing.png", "broken.png", "torn.png", tmp_path.name], strict=True):
        assert name in line
    assert result.returncode == 1


def test_without_a_picture_it_says_how_it_is_used() -> None:
    result = decoded()
    assert result.returncode == 2
    assert "IMAGE" in result.stderr


def test_thoroughly_a_weak_reading_is_shown_and_marked(tmp_path: Path) -> None:
    """A Code 39 has nothing that checks it."""
    card = tmp_path / "card.png"
    card_picture("ALENKA-7", "code39", card)
    (told,) = decoded("--json", "--thorough", card).stdout.splitlines()
    assert json.loads(told)["codes"] == [{"text": "ALENKA-7", "symbology": "code39", "confidence": "weak"}]
    assert decoded("--thorough", card).stdout == f"{card}: code39 ALENKA-7 (weak)\n"


def test_hostile_pictures_are_named_one_by_one(tmp_path: Path) -> None:
    nothing, dot, line = tmp_path / "nothing.png", tmp_path / "dot.png", tmp_path / "line.png"
    nothing.write_bytes(b"")
    Image.new("L", (1, 1)).save(dot)
    Image.new("L", (20000, 1)).save(line)
    result = decoded("--thorough", nothing, dot, line)
    assert result.stdout.splitlines() == [f"{dot}: no code", f"{line}: no code"]
    (told,) = result.stderr.splitlines()
    assert "nothing.png" in told
    assert result.returncode == 1


def test_d06_bytes_of_no_known_alphabet_are_refused_and_thoroughly_guessed_at(tmp_path: Path) -> None:
    raw = "Купон".encode("cp866")
    barcode = zxingcpp.create_barcode(raw, zxingcpp.BarcodeFormat.QRCode)
    path = tmp_path / "coupon.png"
    Image.fromarray(np.pad(np.array(zxingcpp.write_barcode_to_image(barcode, scale=4)), 40, constant_values=255)).save(
        path
    )
    facts = {"text": "", "symbology": "qr", "confidence": "strong", "refused": "it is not UTF-8 text", "hex": raw.hex()}
    assert json.loads(decoded("--json", path).stdout)["codes"] == [facts]
    assert f"qr refused: it is not UTF-8 text (its bytes: {raw.hex(' ')})" in decoded(path).stdout
    assert decoded("--thorough", path).stdout.endswith("(weak)\n")


def test_symbologies_are_chosen_and_an_add_on_stands_apart(tmp_path: Path) -> None:
    barcode = zxingcpp.create_barcode("9784872348880+12", zxingcpp.BarcodeFormat.EAN13)
    path = tmp_path / "book.png"
    Image.fromarray(np.pad(np.array(zxingcpp.write_barcode_to_image(barcode, scale=3)), 30, constant_values=255)).save(
        path
    )
    assert decoded(path).stdout == f"{path}: ean13 9784872348880 + 12\n"
    assert json.loads(decoded("--json", path).stdout)["codes"][0]["addon"] == "12"
    assert decoded("--symbologies", "qr", path).stdout == f"{path}: no code\n"
    wrong = decoded("--symbologies", "upc-e", path)
    assert (wrong.returncode, "did you mean upce?" in wrong.stderr) == (2, True)
