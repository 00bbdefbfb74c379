"""Where cut receipts fall: numbered files in a folder, as text and as a picture."""

from __future__ import annotations

import os
import re
from pathlib import Path

from drivers.printer.emulator.paper import Paper

HANGING = ".hanging.txt"  # printed and not cut yet; at the next start it counts as torn off
NUMBERED = re.compile(r"receipt-(\d+)\.txt")


class Tray:
    """Numbers go on where an earlier run stopped. A receipt's text file is complete once it is there.

    `pictures`: off where thousands of receipts are printed and nobody looks at them.
    """

    def __init__(self, folder: Path, *, pictures: bool = True) -> None:
        self.folder = folder
        self.pictures = pictures
        self.newest: Paper | None = None
        folder.mkdir(parents=True, exist_ok=True)
        found = (NUMBERED.fullmatch(path.name) for path in folder.iterdir())
        self.last = max((int(match[1]) for match in found if match), default=0)
        if (folder / HANGING).exists():
            self.last += 1
            os.replace(folder / HANGING, folder / f"receipt-{self.last:04d}.txt")

    def hang(self, paper: Paper) -> None:
        """What the host was told to be printed is on paper, whatever happens to this process before the cut."""
        if self.pictures and paper.rows:
            self._write_text(paper, HANGING)

    def keep(self, paper: Paper) -> None:
        if paper.rows:
            self.last += 1
            self.newest = paper
            self.write(paper, f"receipt-{self.last:04d}")

    def write(self, paper: Paper, name: str) -> None:
        """The picture first: who waits for the text finds both."""
        if self.pictures:
            from drivers.printer.emulator.picture import picture

            png = self.folder / f".{name}.png"
            picture(paper).save(png, format="PNG")
            os.replace(png, self.folder / f"{name}.png")
        self._write_text(paper, HANGING)
        os.replace(self.folder / HANGING, self.folder / f"{name}.txt")

    def _write_text(self, paper: Paper, name: str) -> None:
        text = self.folder / f"{name}.new"
        text.write_text("".join(line + "\n" for line in paper.lines()), encoding="utf-8")
        os.replace(text, self.folder / name)
