"""Tells the story on the terminal and into a file, in one of two languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from loyalty.programme import Language


class Teller:
    """`wait` is called between scenes: it waits for a key, or does nothing."""

    def __init__(self, console: Console, log: Path, language: Language, wait: Callable[[], None]) -> None:
        self.console = console
        self.language = language
        self._log = log.open("w", encoding="utf-8", buffering=1)
        self._wait = wait
        self._scene = 0

    def scene(self, en: str, ru: str) -> None:
        """The heading of what comes next."""
        if self._scene:
            self._wait()
        self._scene += 1
        self.console.print()
        self._say(f"{self._scene}. {self._pick(en, ru)}", "bold")

    def line(self, en: str, ru: str) -> None:
        """What happens."""
        self._say(f"   {self._pick(en, ru)}", "")

    def cashier(self, text: str, ok: bool) -> None:
        """What the cashier reads on the till."""
        self._say(f"   {'»' if ok else '✗'} {text}", "green" if ok else "yellow")

    def trouble(self, en: str, ru: str) -> None:
        """A device or a process is gone."""
        self._say(f"   ! {self._pick(en, ru)}", "bold red")

    def address(self, en: str, ru: str, url: str) -> None:
        """Whole on its line, however narrow the terminal; not in the file, for who has a one-time link is let in."""
        self.console.print(Text(f"   {self._pick(en, ru):<20} {url}"), soft_wrap=True)

    def _pick(self, en: str, ru: str) -> str:
        return ru if self.language == "ru" else en

    def _say(self, text: str, style: str) -> None:
        self._log.write(text + "\n")
        self.console.print(Text(text, style=style))

    def close(self) -> None:
        self._log.close()
