"""The disk that papers, ledger and log lie on. What it does not take is told, once a cause; the printer goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class Disk:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: set[str] = set()

    def taking(self, write: Callable[[T], None]) -> Callable[[T], None]:
        return lambda what: self.take(lambda: write(what))

    def take(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            self._tell(error.strerror or str(error))

    def _tell(self, cause: str) -> None:
        if cause in self._told:
            return
        self._told.add(cause)
        with suppress(OSError):  # the standard error may lie on the same disk
            sys.stderr.write(f"pos-agent: {self._folder}: {cause}; what is printed now is not kept there\n")
