"""A QR as modules, and as the path of an SVG, for whatever draws it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

QUIET: Final = 4  # modules of white around a code, as the standard asks


class QrPath(NamedTuple):
    """`d`: of a path, black; `side`: of its box, with the quiet zone."""

    d: str
    side: int


@lru_cache(maxsize=64)
def modules(text: str) -> tuple[str, ...]:
    """The QR's rows, "1" black, at level M and without a quiet zone."""
    import qrcode  # type: ignore[import-untyped]

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text, optimize=0)  # as one piece: a token of 178 letters is version 7
    code.make(fit=True)
    return tuple("".join("1" if black else "0" for black in row) for row in code.get_matrix())


def runs(rows: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
    """What is black, from left to right: column, row, how many."""
    for number, row in enumerate(rows):
        column = 0
        for black, run in groupby(row):
            count = len(list(run))
            if black == "1":
                yield column, number, count
            column += count


def qr_path(text: str) -> QrPath:
    rows = modules(text)
    d = "".join(f"M{QUIET + x} {QUIET + y}h{count}v1h-{count}z" for x, y, count in runs(rows))
    return QrPath(d, len(rows) + 2 * QUIET)
