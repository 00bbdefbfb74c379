"""Whatever file a shop names: a device, a disk image, bytes or a maze of brackets is told, by its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from config.printers import load_printer
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
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("read", READERS, ids=["settings", "printer", "scanner"])
def test_what_is_no_toml_file_is_told_by_its_name(tmp_path: Path, read: Callable[[Path], object], kind: str) -> None:
    make, told = WRONG[kind]
    path = tmp_path / "wrong.toml"
    make(path)
    with pytest.raises(ValueError) as error:
        read(path)
    assert str(path) in str(error.value) and told in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("read", READERS, ids=["settings", "printer", "scanner"])
def test_a_name_that_no_file_can_have_is_told(read: Callable[[Path], object]) -> None:
    with pytest.raises(ValueError, match="null"):
        read(Path("a\0.toml"))
