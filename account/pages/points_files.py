"""What came and went as a file: a table for a sheet, and a statement on paper whose words can be copied."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from account.paper_picture import font_file
from loyalty.money import format_kopecks
from loyalty.wording import points_text
from sync.account.points import Move
from web.figures import when

if TYPE_CHECKING:
    from account.visit import Visit

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")  # what a sheet would take for more than a text
MARGIN: Final = 40  # points of paper
TOP: Final = 800
LINE: Final = 14
SIZE: Final = 8
NAME_MAX: Final = 38  # letters of what it was
SHOP_MAX: Final = 14
COLUMNS: Final = (40, 125, 320, 450, 505, 555)  # where they begin, or end where they are figures
RIGHT: Final = 3  # from this one on they are


@dataclass(frozen=True, slots=True)
class Statement:
    """`rows`: what it was, as the page calls it, and the move; the newest first. `cut`: there were more."""

    visit: Visit
    zone: ZoneInfo
    days: str
    rows: list[tuple[str, Move]]
    cut: bool


def csv_of(statement: Statement) -> bytes:
    """As a Russian Excel opens it at once: semicolons, and the mark of UTF-8; in English by commas."""
    russian = statement.visit.language == "ru"
    text = StringIO()
    table = csv.writer(text, delimiter=";" if russian else ",", lineterminator="\r\n")
    table.writerow([*_titles(statement), statement.visit.say("points_receipt_number")])
    for (name, move), cells in zip(statement.rows, _cells(statement), strict=True):
        sum = format_kopecks(move.kopecks) if move.kopecks else ""
        figures = [sum.replace(".", ",") if russian else sum, str(move.came), str(-move.went)]
        shop = _harmless(statement.visit.shop_of(move.shop))
        table.writerow([cells[0], _harmless(name), shop, *figures, _harmless(move.number)])
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text


def _titles(statement: Statement) -> list[str]:
    names = ("when", "what", "where", "sum", "came", "went")
    return [statement.visit.say(f"points_{name}") for name in names]


def _cells(statement: Statement) -> Iterator[list[str]]:
    for name, move in statement.rows:
        yield [
            when(move.at, statement.visit.language, statement.zone),
            name[:NAME_MAX],
            statement.visit.shop_of(move.shop)[:SHOP_MAX],
            format_kopecks(move.kopecks) if move.kopecks else "",
            f"+{move.came}" if move.came else "",
            f"−{move.went}" if move.went else "",
        ]


def pdf_of(statement: Statement) -> bytes:
    """As many pages as it needs."""
    written = BytesIO()
    canvas = _canvas(written)
    canvas.setTitle(statement.visit.say("points_statement"))
    y = _head(canvas, statement)
    for cells in [_titles(statement), *_cells(statement)]:
        if y < MARGIN:
            _next_page(canvas)
            y = TOP
        _row(canvas, cells, y)
        y -= LINE
    _next_page(canvas)
    canvas.save()
    return written.getvalue()


def _canvas(written: BytesIO) -> Any:
    """reportlab takes 100 ms that only a statement needs."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    if "Plex" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Plex", str(font_file("Regular"))))
    canvas = Canvas(written, pagesize=A4, invariant=True)
    canvas.setFont("Plex", SIZE)
    return canvas


def _next_page(canvas: Any) -> None:
    canvas.showPage()
    canvas.setFont("Plex", SIZE)


def _head(canvas: Any, statement: Statement) -> int:
    """What stands above the table; where the table begins."""
    visit, me, programme = statement.visit, statement.visit.me(), statement.visit.house.programme()
    brand = programme.name[0 if visit.language == "ru" else 1]

    def told(points: int) -> str:
        return points_text(points, programme.currency, visit.language).replace("\u202f", " ")

    came, went = (sum(getattr(move, one) for _, move in statement.rows) for one in ("came", "went"))
    lines = [
        f"{brand} · {visit.say('points_statement')}",
        f"{me.name} {', '.join(card.number for card in me.cards)}".strip(),
        f"{visit.say('points_days')}: {statement.days}",
        f"{visit.say('points_came')}: {told(came)}. {visit.say('points_went')}: {told(went)}.",
        f"{visit.say('points_now')}: {told(me.points)} ({when(visit.house.now(), visit.language, statement.zone)})",
        visit.say("points_cut", count=len(statement.rows)) if statement.cut else "",
    ]
    for number, line in enumerate(lines):
        canvas.drawString(MARGIN, TOP - number * LINE, line[:100])
    return TOP - (len(lines) + 1) * LINE


def _row(canvas: Any, cells: list[str], y: int) -> None:
    for number, (x, cell) in enumerate(zip(COLUMNS, cells, strict=True)):
        (canvas.drawRightString if number >= RIGHT else canvas.drawString)(x, y, cell)
