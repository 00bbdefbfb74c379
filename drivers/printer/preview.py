"""A receipt as lines of text, without any printer: what the cashier's page and a terminal can show."""

from __future__ import annotations

from drivers.printer.document import QR, Barcode, Cut, Document, Feed
from drivers.printer.layout import Line, layout
from drivers.printer.profile import PrinterProfile


def render(document: Document, profile: PrinterProfile, mark: str | None = None) -> list[str]:
    """The same lines that come out on paper; codes are named."""
    lines: list[str] = []
    for placed in layout(document, profile, mark):
        match placed:
            case Line():
                lines.append(placed_text(placed, profile.columns))
            case QR():
                lines.append(f"[QR {placed.data}]".center(profile.columns).rstrip())
            case Barcode():
                lines.append(f"[EAN-13 {placed.data}]".center(profile.columns).rstrip())
            case Feed():
                lines += [""] * placed.lines
            case Cut():
                lines.append("- " * (profile.columns // 2))
    return lines


def placed_text(line: Line, columns: int) -> str:
    text = "".join(char + " " for char in line.text) if line.double else line.text
    room = columns - len(text)
    indent = {"left": 0, "center": room // 2, "right": room}[line.align]
    return (" " * indent + text).rstrip()
