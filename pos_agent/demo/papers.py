"""Reads the emulated printer's papers as a customer would: which sale, what balance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SALE = re.compile(r"^(?:К чеку|For receipt) (\S+) ", re.MULTILINE)
OWED = ("Долг", "Owed")  # what is below zero is said so
_BALANCE = re.compile(r"^(Баланс|Balance|Долг|Owed).*?(\d[\d ,]*) \S+$", re.MULTILINE)
_WHEN = re.compile(r"(?:\d\d\.\d\d(?:\.\d{4})? )?\d\d:\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    file: str
    sale: str
    balance: int


def mark_on(folder: Path, sale: str) -> str | None:
    """The code that stands on the paper of a sale, read from its picture."""
    from drivers.scanner.decode import decode, read_picture

    file = next((paper.file for paper in read_papers(folder) if paper.sale == sale), None)
    picture = folder / file.replace(".txt", ".png") if file else None
    if picture is None or not picture.exists():
        return None
    return next((code.text for code in decode(read_picture(picture)) if code.text.startswith("po:")), None)


def text_of(folder: Path, sale: str) -> str | None:
    """The newest paper of a sale, as it reads."""
    file = next((paper.file for paper in reversed(read_papers(folder)) if paper.sale == sale), None)
    return (folder / file).read_text(encoding="utf-8") if file is not None else None


def read_papers(folder: Path) -> list[Paper]:
    """All receipts in the order they came out. A torn one, without a balance, is left out."""
    papers = []
    for path in sorted(folder.glob("receipt-*.txt")):
        text = _WHEN.sub("", path.read_text(encoding="utf-8").replace("\u00a0", " "))
        sale, balance = _SALE.search(text), _BALANCE.search(text)
        if sale and balance:
            points = int(re.sub("[ ,]", "", balance.group(2))) * (-1 if balance.group(1) in OWED else 1)
            papers.append(Paper(file=path.name, sale=sale.group(1), balance=points))
    return papers
