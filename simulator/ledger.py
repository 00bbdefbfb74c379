"""The ledger of a simulated chain's hub: a file on the hub's machine, or a schema at a server (simulator/schemas.py).

What the hub does with it is the same for both, and so is what befalls it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from hub.build import build_hub, build_store
from hub.commands.backup import back_up, put_back
from hub.hub import Hub
from hub.programmes import UTC
from hub.store.seam import Reader
from hub.store.sqlite.store import SqliteStore
from loyalty.programme import Programme
from simulator.disk import Disk
from simulator.fresh import put_fresh


class Ledger(Protocol):
    @property
    def has_copy(self) -> bool:
        """One that is to be put back."""
        ...

    def begin(self) -> None:
        """With nothing in it, on a machine that is there."""
        ...

    def served(self, programmes: dict[str, Programme], now: Callable[[], datetime]) -> Hub:
        """By a process. Raises StoreOff."""
        ...

    def looked_at(self) -> AbstractContextManager[Reader]:
        """As it lies there while nobody serves it."""
        ...

    def let_go(self, dead: Hub | None) -> None:
        """Of whatever a process still held that ended, as the system does. None: it died while it began."""
        ...

    def copy(self) -> None:
        """As it is now, also while it is served."""
        ...

    def put_back(self, now: datetime) -> None:
        """The copy takes its place, and a new life begins."""
        ...

    def forget_copy(self) -> None: ...


Kept = Callable[[Disk], AbstractContextManager[Ledger]]  # by the hub's machine


@contextmanager
def in_a_file(drive: Disk) -> Iterator[Ledger]:
    yield FileLedger(drive.folder / "hub.db")


class FileLedger:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._copy: Path | None = None

    @property
    def has_copy(self) -> bool:
        return self._copy is not None

    def begin(self) -> None:
        put_fresh(self._path)

    def served(self, programmes: dict[str, Programme], now: Callable[[], datetime]) -> Hub:
        return build_hub(self._path, programmes, serving=True, now=now)

    @contextmanager
    def looked_at(self) -> Iterator[Reader]:
        with (
            closing(build_store(self._path, serving=False, zone_of=lambda id: UTC)) as store,
            store.reading() as reader,
        ):
            yield reader

    def let_go(self, dead: Hub | None) -> None:
        """Its locks. One that died while it began has its store in the frames that it died in."""
        if dead is None:
            gc.collect()
        elif isinstance(store := dead.store, SqliteStore):
            for held in (store._lock, store.file._same):
                if held is not None:
                    held.close()

    def copy(self) -> None:
        self._copy = self._path.with_name("copy.db")
        back_up(self._path, self._copy)

    def put_back(self, now: datetime) -> None:
        assert self._copy is not None
        kept = put_back(self._path, self._copy, now)
        if kept is not None:
            _throw_away(kept)
        self.forget_copy()

    def forget_copy(self) -> None:
        assert self._copy is not None
        _throw_away(self._copy)
        self._copy = None


def _throw_away(file: Path) -> None:
    for beside in file.parent.glob(f"{file.name}*"):
        beside.unlink()
