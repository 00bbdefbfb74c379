"""A receipt as lines of text, without any printer: what the cashier's page and a terminal can show."""

from __future__ import annotations

from drivers.printer.document import QR, Barcode, Cut, Document, Feed, Logo
from drivers.printer.layout import Line, layout
from drivers.printer.profile import PrinterProfile

SYMBOLOGIES = {"ean13": "EAN-13", "code128": "CODE128"}


def render(document: Document, profile: PrinterProfile, mark: str | None = None, void: str | None = None) -> list[str]:
    """The same lines that come out on paper; codes and pictures are named."""
    lines: list[str] = []
    for placed in layout(document, profile, mark, void):
        match placed:
            case Line():
                lines.append(placed_text(placed, profile.columns))
            case QR():
                lines.append(named("QR", placed.data, profile.columns))
            case Barcode():
                lines.append(named(SYMBOLOGIES[placed.symbology], placed.data, profile.columns))
            case Logo():
                lines.append(placed_text(Line(text="[logo]", align="center"), profile.columns))
            case Feed():
                lines += [""] * placed.lines
            case Cut():
                lines.append("- " * (profile.columns // 2))
    return lines


def named(kind: str, data: str, columns: int) -> str:
    return placed_text(Line(text=f"[{kind} {data}]", align="center"), columns)


def placed_text(line: Line, columns: int) -> str:
    text = "".join(char + " " for char in line.text) if line.double else line.text
    room = columns - len(text)
    indent = {"left": 0, "center": room // 2, "right": room}[line.align]
    return (" " * indent + text).rstrip()
