"""`pos-agent render`: files of printer bytes, good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from pos_agent.commands.render import command

RECEIPT = b"\x1b@\x1bt\x11" + "Чек\n".encode("cp866") + b"\x1dV\x00second\n\x1bz"


def run(*arguments: str, data: bytes = b"") -> Result:
    result = CliRunner().invoke(command, arguments, input=data)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_text_is_what_you_get_without_a_word(tmp_path: Path) -> None:
    file = tmp_path / "receipt.bin"
    file.write_bytes(RECEIPT)
    for arguments in ([str(file)], [str(file), "--text"]):
        assert run(*arguments).stdout == "Чек\n- - 8< - -\nsecond\n"
    assert run("-", data=RECEIPT).stdout == "Чек\n- - 8< - -\nsecond\n"


def test_the_commands_come_with_their_offsets() -> None:
    lines = run("-", "--commands", data=RECEIPT + b"\x1dI\x42").stdout.splitlines()
    assert lines == [
        "      0  ESC @",
        "      2  ESC t   11",
        "      5  text 'Чек'",
        "      8  LF",
        "      9  GS V    00",
        "     12  text 'second'",
        "     18  LF",
        "     19  ESC z",
        "         unknown ESC z",
        "     21  GS I    42",
        "         answer 5f 70 6f 73 2d 61 67 65 6e 74 00",
    ]


def test_text_that_no_command_follows_is_listed_too() -> None:
    assert run("-", "--commands", data=b"ab").stdout == "      0  text 'ab'\n"


def test_each_receipt_becomes_a_picture(tmp_path: Path) -> None:
    result = run("-", "--png", str(tmp_path / "out.png"), "--columns", "32", data=RECEIPT)
    assert result.exit_code == 0 and result.stdout == ""
    sizes = [Image.open(tmp_path / name).size for name in ("out.png", "out-2.png")]
    assert {width for width, _ in sizes} == {(384 + 64) * 2}


def test_the_model_gives_the_slots() -> None:
    data = b"\x1bt\x07" + "Чек\n".encode("cp866")
    for option in ("--codepage-slot-table", "--model"):
        assert run("-", option, "rp326", data=data).stdout == "Чек\n"
    assert run("-", data=data).stdout != "Чек\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"no line feed", "a line"), (b"\x1d(k\x40\x00", "a command"), (b"\x1bLon a page\n", "a page"), (b"ok\n", "")],
)
def test_what_waits_in_the_print_buffer_is_told(data: bytes, said: str) -> None:
    result = run("-", data=data)
    assert said in result.stderr and bool(result.stderr) is bool(said)


def test_bad_files_are_one_clear_line(tmp_path: Path) -> None:
    for arguments in ([str(tmp_path / "none")], [str(tmp_path)], ["-", "--png", str(tmp_path / "no" / "x.png")]):
        result = run(*arguments, data=RECEIPT)
        assert result.exit_code == 1
        assert result.output.startswith("pos-agent: ") and result.output.count("\n") == 1
    assert "nothing was printed" in run("-", "--png", str(tmp_path / "x.png"), data=b"").output
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_no_traceback(seed: int, tmp_path: Path) -> None:
    import random

    noise = random.Random(seed).randbytes(3000)
    assert run("-", "--text", "--commands", "--png", str(tmp_path / "x.png"), data=noise).exit_code == 0
