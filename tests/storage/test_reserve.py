"""F6: room that is kept back on a disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from storage.reserve import NAME, Reserve, _write_zeros

SIZE = 300_000


def blocks(path: Path) -> int:
    """What the disk really gives for it, in bytes."""
    return path.stat().st_blocks * 512


def test_f6_a_reserve_is_real_room_and_its_owners_alone(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, SIZE)
    assert not reserve.is_held and reserve.make() and reserve.is_held
    file = tmp_path / NAME
    assert file.stat().st_size == SIZE and blocks(file) >= SIZE
    assert file.stat().st_mode & 0o077 == 0


def test_f6_it_is_real_room_also_where_the_system_has_no_call_for_that(tmp_path: Path) -> None:
    Reserve(tmp_path, SIZE, _write_zeros).make()
    os.sync()
    assert (tmp_path / NAME).stat().st_size == SIZE and blocks(tmp_path / NAME) >= SIZE


def test_f6_it_is_let_go_once_and_made_anew(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, SIZE)
    reserve.make()
    assert (reserve.release(), reserve.release()) == (True, False)
    assert not reserve.is_held and reserve.make()


def test_f6_none_is_made_where_it_would_take_the_last_room(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, 2**60)
    assert not reserve.make() and not (tmp_path / NAME).exists()


def test_f6_half_a_reserve_is_none(tmp_path: Path) -> None:
    """Somebody else has taken the room meanwhile."""

    def half(descriptor: int, begin: int, size: int) -> None:
        os.write(descriptor, bytes(size // 2))
        raise OSError(errno.ENOSPC, "No space left on device")

    assert not Reserve(tmp_path, SIZE, half).make()
    assert not (tmp_path / NAME).exists()


def test_f6_a_till_may_keep_none(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path, 0)
    assert not reserve.make() and not reserve.release()
