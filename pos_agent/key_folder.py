"""Keys as files that their owner alone reads, in a folder of their own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from storage.whole_file import write_new, write_over

MODE = 0o600


class KeyFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def where(self) -> str:
        return str(self._folder)

    def read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, name: str, content: bytes) -> None:
        write_over(self._made() / name, content)

    def keep_first(self, name: str, content: bytes) -> None:
        path = self._made() / name
        if not path.exists():
            with suppress(FileExistsError):
                write_new(path, content)
        path.chmod(MODE)

    def drop(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def _made(self) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder
