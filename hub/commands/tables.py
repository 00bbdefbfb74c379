"""What every import of a table has: its options, the file, what people said of its headings before."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, cast

import click
import msgspec

from hub.files.checked import Bad
from hub.files.dialect import BadFile
from hub.files.headings import said_from
from hub.hub import Hub
from hub.members import BAD_LINES_SHOWN_MAX, shown
from hub.store.rows import Rows

WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm")
PIPE_IN_MEMORY_BYTES: Final = 1_000_000  # more goes to the disk

map_option = click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="'HEADING=COLUMN'",
    help="What a heading of the file is, where it is not known; nothing behind = leaves it out. Remembered for files"
    " with the same headings.",
)
sheet_option = click.option(
    "--sheet", metavar="NAME", help="Which sheet of a workbook (.xlsx).  [default: the first that is to be seen]"
)
skip_bad_option = click.option(
    "--skip-bad",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take the good rows; put the others into this file, as they were, with why.",
)


def seekable(file: BinaryIO) -> BinaryIO:
    """A pipe is read once, and the file is needed twice."""
    if file.seekable():
        return file
    kept = tempfile.SpooledTemporaryFile(max_size=PIPE_IN_MEMORY_BYTES)  # noqa: SIM115 the caller closes it
    shutil.copyfileobj(file, kept)
    return cast("BinaryIO", kept)


def check_place(path: Path, name: str) -> None:
    """May this be written beside the file `name` that is imported? Raises click's errors."""
    if path.exists() and Path(name).exists() and path.samefile(name):
        raise click.UsageError(f"{path} is the file that is imported.")
    if path.suffix.lower() in WORKBOOKS:
        raise click.UsageError(f"{path}: it is written as CSV, also of a workbook.")
    if not os.access(path.parent, os.W_OK):
        raise click.ClickException(f"{path} cannot be written: its folder is not there, or not to be written to.")


def shown_bad(bad: Iterator[Bad], count: int) -> str:
    return shown([str(one) for one in islice(bad, BAD_LINES_SHOWN_MAX)], count)


# what was said


def columns_said(maps: Sequence[str], columns: Sequence[str]) -> Mapping[str, str] | None:
    """By --map. Raises click.UsageError."""
    try:
        return said_from(maps, columns) if maps else None
    except BadFile as error:
        raise click.UsageError(str(error)) from error


def setting_of(prefix: str, headings: str) -> str:
    """Under which the words for a set of headings are kept."""
    return prefix + hashlib.sha256(headings.encode()).hexdigest()


def remembered(hub: Hub, setting: str) -> Mapping[str, str] | None:
    with hub.store.reading() as reader:
        kept = reader.setting(setting)
    return None if kept is None else msgspec.json.decode(kept, type=dict[str, str])


def remember(hub: Hub, setting: str, said: Mapping[str, str]) -> None:
    if said and said != remembered(hub, setting):
        kept = {setting: msgspec.json.encode(said).decode()}
        hub.within(lambda writer: writer.write(Rows(settings=kept)))
