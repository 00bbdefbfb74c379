"""A document laid out for one paper width: lines of printable text, and the codes between them."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.printer.codes import is_native, is_printed
from drivers.printer.document import (
    QR,
    Align,
    Barcode,
    Block,
    Buzzer,
    Columns,
    Cut,
    Document,
    Drawer,
    Feed,
    Logo,
    Rule,
    Text,
)
from drivers.printer.printable import NO_BREAK, Replaced, printable, replaced
from drivers.printer.profile import PrinterProfile

TEXT_MAX_LINES = 40  # a form to sign fits; a 4 KB name must not eat a metre of paper
NAME_MAX_LINES = 4  # of goods, left of their amount
CUT_SHORT = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text that fits the paper."""

    text: str
    align: Align = "left"
    bold: bool = False
    double: bool = False


Placed = Line | QR | Barcode | Logo | Feed | Cut | Drawer | Buzzer


def layout(
    document: Document, profile: PrinterProfile, mark: str | None = None, void: str | None = None
) -> list[Placed]:
    """The paper from top to bottom."""
    return [placed for block in (*before(mark, void), *document.blocks) for placed in place(block, profile)]


def before(mark: str | None, void: str | None) -> list[Block]:
    """What stands before a document that is not printed for the first time.

    `void` ends the torn piece of an interrupted attempt, which is cut off with it. `mark` (ДУБЛИКАТ) stands at the
    top of the receipt, its first line so large that nobody overlooks it.
    """
    blocks: list[Block] = []
    if void is not None:
        blocks += [Text(void, align="center"), Cut()]
    if mark is not None:
        first, *others = mark.split("\n")
        blocks.append(Text(first, align="center", bold=True, double=True))
        blocks += [Text(other, align="center") for other in others]
    return blocks


def place(block: Block, profile: PrinterProfile) -> list[Placed]:
    match block:
        case Text():
            return text_lines(block, profile)
        case Columns():
            return column_lines(block, profile)
        case Rule():
            return [Line(text=block.char * profile.columns)]
        case Barcode():
            return barcode_and_text(block, profile)
        case _:
            return [block]


def barcode_and_text(block: Barcode, profile: PrinterProfile) -> list[Placed]:
    """A printer writes the text below by itself, but not below a picture."""
    if is_native(block, profile):
        return [block]
    text = text_lines(Text(block.data, align="center"), profile)
    return [block, *text] if is_printed(block, profile) else text


def lossy(document: Document, profile: PrinterProfile) -> list[Replaced]:
    """The characters of this document that this printer does not print as they are, and what stands for them."""
    texts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Text):
            texts.append(block.text)
        elif isinstance(block, Columns):
            texts += (block.left, block.right)
    return replaced(texts, profile.codepage)


def text_lines(block: Text, profile: PrinterProfile) -> list[Placed]:
    lines = wrap(printable(block.text, profile.codepage), width(profile, block.double), TEXT_MAX_LINES)
    return [Line(text=line, align=block.align, bold=block.bold, double=block.double) for line in lines]


def column_lines(block: Columns, profile: PrinterProfile) -> list[Placed]:
    columns = width(profile, block.double)
    left, right = printable(block.left, profile.codepage), printable(block.right, profile.codepage).strip()
    lines = justified(left, right, columns)
    return [Line(text=line, bold=block.bold, double=block.double) for line in lines]


def justified(left: str, right: str, columns: int) -> list[str]:
    """The name over the whole width; the amount on its last line if there is room, else on a line of its own."""
    names = wrap(left, columns, NAME_MAX_LINES)
    if not right:
        return names
    amounts = [line.rjust(columns) for line in wrap(right, columns, NAME_MAX_LINES)]
    *above, last = names
    if len(amounts) == 1 and len(last) + 1 + len(right) <= columns:
        return [*above, (last + right.replace(NO_BREAK, " ").rjust(columns - len(last))).rstrip()]
    return [*(names if left.strip() else []), *amounts]


def width(profile: PrinterProfile, double: bool) -> int:
    return profile.columns // 2 if double else profile.columns


def wrap(text: str, columns: int, max_lines: int) -> list[str]:
    """By words; a word longer than the line is broken; what exceeds `max_lines` ends in "...".

    Leading spaces stay on the first line: they indent. No-break spaces hold words together and print as spaces.
    """
    text = text.rstrip()
    if len(text) <= columns and "  " not in text.lstrip(" "):  # most lines of a receipt
        return [text.replace(NO_BREAK, " ")]
    indent = text[: len(text) - len(text.lstrip(" "))]
    lines: list[str] = []
    line = indent[: columns - 1]
    empty = True
    for word in filter(None, text.split(" ")):
        if not empty and len(line) + 1 + len(word) > columns:
            lines.append(line)
            line, empty = "", True
        line, empty = (line if empty else line + " ") + word, False
        while len(line) > columns:
            lines.append(line[:columns])
            line = line[columns:]
    lines.append(line)
    if len(lines) > max_lines:
        lines = lines[:max_lines]
        lines[-1] = lines[-1][: columns - len(CUT_SHORT)] + CUT_SHORT
    return [line.replace(NO_BREAK, " ").rstrip() for line in lines]
