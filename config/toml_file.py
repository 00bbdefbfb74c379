"""A TOML file that somebody wrote: settings, a printer, a scanner, a plan of faults. Small, and a file."""

from __future__ import annotations

import errno
import stat
import tomllib
from pathlib import Path
from typing import Any

FILE_MAX_BYTES = 1_000_000  # a thousand faults of a plan are 50 KB; more is a wrong file


def read_toml(path: Path) -> dict[str, Any]:
    """OSError where there is no such file; ValueError, which names the path, where there is another one."""
    data = _bytes(path)
    if len(data) > FILE_MAX_BYTES:
        raise ValueError(f"{path} is too large: the most is {FILE_MAX_BYTES} bytes")
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not text in UTF-8: {error}") from None
    except ValueError as error:
        raise ValueError(f"{path} is not TOML: {error}") from None
    except RecursionError:
        raise ValueError(f"{path} is nested too deep") from None


def _bytes(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
    except ValueError as error:  # a NUL in the name
        raise OSError(errno.EINVAL, str(error)) from None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory")
    if not stat.S_ISREG(mode):  # a pipe would wait for ever, /dev/zero never ends
        raise ValueError(f"{path} is not a file but a device or a pipe")
    with path.open("rb") as file:
        return file.read(FILE_MAX_BYTES + 1)
