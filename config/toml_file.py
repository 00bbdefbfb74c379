"""A TOML file that somebody wrote: settings, a programme, a printer, a scanner, a plan of faults. Small, and a file.

The one reader of them all. Editors of some systems put a BOM before the text; it means nothing here.
"""

from __future__ import annotations

import errno
import stat
import tomllib
from pathlib import Path
from typing import Any

FILE_MAX_BYTES = 1_000_000  # a thousand faults of a plan are 50 KB; more is a wrong file


class NoToml(ValueError):
    """What a file has instead; `problem` is it without the file's name."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file} {problem}")
        self.problem = problem


def read_toml(path: Path) -> dict[str, Any]:
    """OSError where there is no such file; NoToml, which names the path, where there is another one."""
    return parse_toml(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of the file, whatever is in it. Raises as `read_toml`."""
    data = _bytes(path)
    if len(data) > FILE_MAX_BYTES:
        raise NoToml(str(path), f"is too large: the most is {FILE_MAX_BYTES} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoToml(str(path), f"is not text in UTF-8: {error}") from None


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """What stands in a text; `file` names it in errors. Raises NoToml."""
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise NoToml(file, f"is not TOML: {error}") from None
    except RecursionError:
        raise NoToml(file, "is nested too deep") from None


def _bytes(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a NUL in the name
        raise OSError(errno.EINVAL, str(error)) from None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory")
    if not stat.S_ISREG(mode):  # a pipe would wait for ever, /dev/zero never ends
        raise NoToml(str(path), "is not a file but a device or a pipe")
    with path.open("rb") as file:
        return file.read(FILE_MAX_BYTES + 1)
