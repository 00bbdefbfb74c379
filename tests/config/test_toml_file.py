"""Whatever file a shop names: a device, a disk image, bytes or a maze of brackets is told, by its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config.printers import FOLDER as PRINTERS
from config.printers import load_printer
from config.programmes import SHIPPED, ProgrammeError, load_programme
from config.scanners import FOLDER as SCANNERS
from config.scanners import load_scanner
from config.settings import load_settings
from config.toml_file import FILE_MAX_BYTES

WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "device": (lambda path: path.symlink_to("/dev/zero"), "not a file"),
    "pipe": (lambda path: os.mkfifo(path), "not a file"),
    "huge": (lambda path: path.write_bytes(b"#" * (FILE_MAX_BYTES + 1)), "too large"),
    "binary": (lambda path: path.write_bytes(b"\x00\xff\xfe"), "not text in UTF-8"),
    "maze": (lambda path: path.write_text("a = " + "[" * 100_000), "nested too deep"),
    "torn": (lambda path: path.write_text("columns = "), "not TOML"),
    "folder": (lambda path: path.mkdir(), "Is a directory"),
}
READERS: list[Callable[[Path], object]] = [
    load_settings,
    lambda path: load_printer(str(path)),
    lambda path: load_scanner(str(path)),
    lambda path: load_programme(path),
]
NAMES = ["settings", "printer", "scanner", "programme"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("read", READERS, ids=NAMES)
def test_what_is_no_toml_file_is_told_by_its_name(tmp_path: Path, read: Callable[[Path], object], kind: str) -> None:
    make, told = WRONG[kind]
    path = tmp_path / "wrong.toml"
    make(path)
    with pytest.raises((ValueError, ProgrammeError)) as error:
        read(path)
    assert str(path) in str(error.value) and told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("read", READERS, ids=NAMES)
def test_a_name_that_no_file_can_have_is_told(read: Callable[[Path], object]) -> None:
    with pytest.raises((ValueError, ProgrammeError), match="null"):
        read(Path("a\0.toml"))


SETTINGS = 'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://hub.example:8070"\n'
GOOD = [
    SETTINGS,
    (PRINTERS / "default.toml").read_text(encoding="utf-8"),
    (SCANNERS / "honeywell.toml").read_text(encoding="utf-8"),
    (SHIPPED / "alenka.toml").read_text(encoding="utf-8"),
]


@pytest.mark.parametrize(("read", "text"), list(zip(READERS, GOOD, strict=True)), ids=NAMES)
def test_a_bom_before_the_text_means_nothing(tmp_path: Path, read: Callable[[Path], object], text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    plain = read(path)
    path.write_text(text, encoding="utf-8-sig")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") and read(path) == plain
