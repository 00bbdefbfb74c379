"""A file of an older version (tests/upgrade), which the next start brings up to date. The start itself is struck."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from hub.store.errors import StoreOff
from offline_cache.cache import FileError
from tests.faults.living import SHOP, Deed, Done, Kind

OLD: Final = Path(__file__).parents[1] / "upgrade"
ROOT: Final = OLD.parents[1]
UPGRADE: Final = "upgrade"


class Old:
    """The folder in which it lies."""

    refusals = (FileError, StoreOff)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self) -> Done:
        """Nothing has begun before the start."""
        return Done()

    def next_one(self) -> Iterator[Deed]:
        yield from ()


def kinds(name: str, room: str, start: Callable[[Path], None]) -> Mapping[str, Kind]:
    """`name`: of the file; `room`: its queries and migrations; `start`: opens and closes it."""
    newest = len(list((ROOT / room / "migrations").glob("*.sql")))

    def opens_shop(old: Old) -> Iterator[Deed]:
        yield Deed("copy", partial(_copied, old.folder, name))

    def is_upgraded(old: Old) -> Iterator[Deed]:
        yield Deed("start", partial(_started, start, old.folder / name, newest))

    return {UPGRADE: Kind(is_upgraded), SHOP: Kind(opens_shop)}


def _copied(folder: Path, name: str) -> Done:
    shutil.copy(OLD / name, folder / name)
    return Done()


def _started(start: Callable[[Path], None], path: Path, newest: int) -> Done:
    start(path)
    return Done(claims=(("PRAGMA user_version", [[newest]]),))
