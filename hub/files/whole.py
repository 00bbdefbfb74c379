"""Files that people are given: whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Where to write what goes to `path` once all of it is written: who loads it meanwhile finds no half of one. What
    is no file (a pipe, /dev/stdout) is written to, and stays what it is. Raises OSError."""
    path = path.resolve() if path.is_symlink() else path
    if path.exists() and not path.is_file():
        yield path
        return
    half = path.with_name(path.name + ".part")
    yield half
    half.replace(path)
