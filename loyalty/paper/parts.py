"""What a paper of ours is made of, whatever shows it: a printer, or a page for browsers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What is said, and on the right how much."""

    left: str
    right: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """In the middle. `double`: twice as large."""

    text: str
    bold: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Across the paper."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR that says this."""

    text: str


Part = Row | Title | Line | Code
