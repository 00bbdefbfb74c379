"""What a process does in one go, in the middle of which it may die."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.disk import Disk


@contextmanager
def dying(disk: Disk, died: Callable[[], None]) -> Iterator[None]:
    """Where it does, the rest of the block is nobody's, whatever is raised there, and `died` is told. The program may
    turn what befell it into errors of its own: the disk alone knows."""
    life = disk.life
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException:
        if disk.life == life:
            raise
    if disk.life != life:
        died()
