"""The page that shows a fitter what a printer makes of everything a receipt may hold."""

from __future__ import annotations

from drivers.printer.document import QR, Barcode, Block, Columns, Cut, Document, Drawer, Rule, Text
from drivers.printer.profile import PrinterProfile

ALPHABET = "АБВГДЕЁЖЗИЙКЛМНОП РСТУФХЦЧШЩЪЫЬЭЮЯ"  # two words: 33 letters are one too many for 58 mm
SIGNS = "«Ёлка» № 5 — 1 234,50 ₽ … 100 % ± 2 °C"  # what a code page may lack comes out as its spelling


def trial_page(profile: PrinterProfile, *, drawer: bool = False) -> Document:
    """Width, letters, styles, codes, knife; the drawer only when asked for."""
    blocks: list[Block] = [
        Text("Пробная страница", align="center", bold=True, double=True),
        Columns(profile.name, f"{profile.columns} x {profile.width_dots}"),
        Columns(profile.codepage, f"ESC t {profile.slot}"),
        Text(ruler(profile.columns)),
        Text(ruler(profile.columns // 2), double=True),
        Rule(),
        Text(ALPHABET),
        Text(ALPHABET.lower()),
        Text(SIGNS),
        Text("Жирный", bold=True),
        Columns("Слева", "1234.50"),
        Columns("ИТОГО", "1234.50", bold=True, double=True),
        Rule("="),
        QR("po:test"),
        Barcode("2600000000017"),
        *((Drawer(),) if drawer else ()),
        Cut(),
    ]
    return Document(tuple(blocks))


def ruler(columns: int) -> str:
    """----+----1----+----2: its last character stands at the paper's edge, on one line."""
    return "".join(str(at // 10 % 10) if at % 10 == 0 else "+" if at % 5 == 0 else "-" for at in range(1, columns + 1))
