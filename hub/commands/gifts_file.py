"""A file of cards and points, for `pos-hub grant --file`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from hub.members import shown
from hub.people.whom import Gift

FILE_BYTES_MAX: Final = 50_000_000  # two million cards
BETWEEN: Final = re.compile(r"[;,\t]")


def content_of(path: Path) -> bytes:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise click.ClickException(f"{path} is longer than {FILE_BYTES_MAX} bytes: give it in parts.")
    return path.read_bytes()


def gifts_in(content: bytes, points: int | None) -> list[Gift]:
    """Raises click.ClickException with all lines that are wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", "replace")
    gifts: list[Gift] = []
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip().strip('"') for cell in BETWEEN.split(line)]
        if not any(cells) or (number == 1 and not any(letter.isdigit() for letter in line)):  # empty, or headings
            continue
        said = cells[1] if len(cells) > 1 else ""
        if points is None and not (said.isascii() and said.isdigit()):
            wrong.append(f"line {number}: {said!r} is no number of points")
        elif points is not None and said:
            wrong.append(f"line {number}: it says {said} points, and --points says {points}")
        else:
            gifts.append(Gift(cells[0], int(said) if points is None else points, number))
    if wrong:
        raise click.ClickException(f"Nobody got any:\n{shown(wrong, len(wrong))}")
    return gifts
