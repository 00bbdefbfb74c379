"""One line of what is said of points, wherever it is printed: on our paper, or at the end of the POS's receipt."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.printer.document import Block, Columns, Text


@dataclass(frozen=True, slots=True)
class Row:
    left: str
    right: str = ""
    bold: bool = False

    def block(self) -> Block:
        return Columns(self.left, self.right, bold=self.bold) if self.right else Text(self.left, bold=self.bold)
