"""What our paper says of points as lines of plain text, for the POS to print at the end of its own receipt.

A fiscal printer knows no blocks and no letters beyond its code page, so every character is one of CP866, which all of
them have: ₽ is "руб.", quotes are straight, and nothing in a name is a command.
"""

from __future__ import annotations

from collections.abc import Iterable

from drivers.printer.layout import justified
from drivers.printer.printable import printable
from loyalty.paper.parts import Row

CODEPAGE = "cp866"


def tail(rows: Iterable[Row], width: int, training: str | None = None) -> tuple[str, ...]:
    """The rows as the paper lays them out: words at the left edge, their number at the right one, wrapped by
    words. No line is longer than `width`. `training`: what to say first where none of it is real."""
    rows = list(rows)
    if training is not None and rows:
        rows.insert(0, Row(training))
    spelt = ((printable(row.left, CODEPAGE), printable(row.right, CODEPAGE)) for row in rows)
    return tuple(line for left, right in spelt for line in justified(left, right, width))
