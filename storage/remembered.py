"""What a server knew of its file when it looked at it last, kept beside the file for the server after it.

A server that was killed leaves its log. A backup copied over the file meanwhile lies beside a log that is none of its:
SQLite reads one into the other, and either the old log wins or the file is malformed. What is kept here tells them
apart. In doubt the file is opened: a log taken for another's is put away, and with it what tills were told is safe.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

ENDING = ".seen"
FORM = 1  # of what is kept; another is not read
BEGUN_ANEW_MAX = 10_000  # so often a log goes on from the one that was seen; any other count is chance: a log made new
# Pages half written when the power went, in whatever order of their sectors; those that begin as the log has them were
# written from there, as many as they are. Page 1 is none: it changes in its first sector alone.
TORN_MAX = 1


class Remembered(NamedTuple):
    header: tuple[int, ...] | None  # of the main file: its counter of changes, the schema's version, whose file
    salts: tuple[int, ...] | None  # of the log; None where there was none yet
    all_taken: bool  # the log was in the main file, all of it
    pages: dict[int, bytes]  # digests of some pages of the main file

    def begun_since(self, salts: tuple[int, ...] | None) -> int | None:
        """How often the log was begun anew since; None when it does not go on from the one that was seen."""
        if salts is None or self.salts is None:
            return None
        begun = (salts[0] - self.salts[0]) % 2**32
        return begun if begun <= BEGUN_ANEW_MAX else None

    def write(self, beside: Path) -> None:
        """All of it or nothing, and on the disk before the log is begun anew; where that fails, nothing is remembered:
        what is older could be taken for a reason to refuse the file."""
        told = {
            "form": FORM,
            "header": self.header,
            "salts": self.salts,
            "all_taken": self.all_taken,
            "pages": {str(number): digest.hex() for number, digest in sorted(self.pages.items())},
        }
        path, new = name_of(beside), Path(f"{name_of(beside)}-new")
        try:
            with new.open("w", encoding="ascii") as file:
                json.dump(told, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, path)
            sync_folder(path.parent)
        except OSError:
            forget(beside)


def recall(beside: Path) -> Remembered | None:
    """None when there is nothing, or nothing that can be read."""
    try:
        told = json.loads(name_of(beside).read_text(encoding="ascii"))
        if told["form"] != FORM:
            return None
        header, salts = (told[name] and tuple(map(int, told[name])) for name in ("header", "salts"))
        pages = {int(number): bytes.fromhex(digest) for number, digest in told["pages"].items()}
        return Remembered(header, salts, bool(told["all_taken"]), pages)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def forget(beside: Path) -> None:
    for name in (name_of(beside), Path(f"{name_of(beside)}-new")):
        with suppress(OSError):
            name.unlink(missing_ok=True)


def name_of(beside: Path) -> Path:
    return beside.with_name(beside.name + ENDING)


def sync_folder(folder: Path) -> None:
    """The names in it, after a rename."""
    held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(held)
    finally:
        os.close(held)
