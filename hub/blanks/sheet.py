"""Blank cards as a PDF for a printer's works: ten cards of ISO size on an A4 sheet, bars, and the number at the lower
left (A4, A29).

A page is some rectangles and lines of text, which PDF says in a few words: no library is needed for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import Final

from hub.blanks.ean13 import modules

MM: Final = 72 / 25.4  # points
PAGE_MM: Final = (210.0, 297.0)
CARD_MM: Final = (85.6, 53.98)  # ISO/IEC 7810 ID-1
ACROSS: Final = 2
DOWN: Final = 5
MARGIN_MM: Final = 5.0  # between a card's edge and what stands on it
MODULE_MM: Final = 0.33  # EAN-13 at 100 %
BARS_MM: Final = 15.0
NUMBER_PT: Final = 11
ON_A_PAGE: Final = ACROSS * DOWN


def sheet(numbers: Sequence[str]) -> bytes:
    """Of EAN-13 numbers, in their order."""
    pages = [numbers[at : at + ON_A_PAGE] for at in range(0, len(numbers), ON_A_PAGE)]
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    for place, page in enumerate(pages):
        objects += [_page(5 + 2 * place), _stream("\n".join(_cards(page)).encode())]
    return _file(objects)


def _page(content: int) -> bytes:
    width, height = (f"{side * MM:.2f}" for side in PAGE_MM)
    fonts = "/Resources << /Font << /F 3 0 R >> >>"
    return f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] {fonts} /Contents {content} 0 R >>".encode()


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _cards(numbers: Sequence[str]) -> Iterator[str]:
    left, bottom = (PAGE_MM[0] - ACROSS * CARD_MM[0]) / 2, (PAGE_MM[1] - DOWN * CARD_MM[1]) / 2
    for place, number in enumerate(numbers):
        row, column = divmod(place, ACROSS)
        yield from _card(number, left + column * CARD_MM[0], bottom + (DOWN - 1 - row) * CARD_MM[1])


def _card(number: str, x_mm: float, y_mm: float) -> Iterator[str]:
    """Its edge, its number at the lower left, its bars above."""
    yield f"0.3 w {_at(x_mm, y_mm, *CARD_MM)} re S"
    x, y = (x_mm + MARGIN_MM) * MM, (y_mm + MARGIN_MM) * MM
    yield f"BT /F {NUMBER_PT} Tf {x:.2f} {y:.2f} Td ({number}) Tj ET"
    runs = [(bar, len(list(run))) for bar, run in groupby(modules(number))]
    ends = accumulate(width for _, width in runs)
    for (bar, width), end in zip(runs, ends, strict=True):
        if bar == "1":
            left = x_mm + MARGIN_MM + (end - width) * MODULE_MM
            yield f"{_at(left, y_mm + 2 * MARGIN_MM, width * MODULE_MM, BARS_MM)} re f"


def _at(*sides_mm: float) -> str:
    return " ".join(f"{side * MM:.3f}" for side in sides_mm)


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects, and where each begins."""
    parts = [b"%PDF-1.4\n", *(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1))]
    begins = list(accumulate(map(len, parts)))
    table = b"".join(b"%010d 00000 n \n" % begin for begin in begins[:-1])
    count = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return b"".join(parts) + end % (count, table, count, begins[-1])
