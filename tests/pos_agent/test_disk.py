"""F6: how full the till's disk is, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_agent.disk import FULL_BYTES, LOW_BYTES, TillDisk, state_of
from pos_agent.notices import Notices
from pos_agent.status import DiskState, DiskStatus
from storage.reserve import NAME
from storage.sqlite_file import FileError


@pytest.mark.parametrize(
    ("free_bytes", "reserve", "state"),
    [
        (LOW_BYTES, True, None),
        (LOW_BYTES, False, None),
        (LOW_BYTES - 1, True, "low"),
        (FULL_BYTES, False, "low"),
        (FULL_BYTES - 1, False, "full"),
        (0, True, "low"),
    ],
)
def test_f6_how_full_a_disk_is(free_bytes: int, reserve: bool, state: DiskState | None) -> None:
    assert state_of(free_bytes, reserve=reserve) == state


def test_f6_it_is_told_when_it_becomes_so_and_not_for_each_megabyte() -> None:
    notices = Notices("en")
    disks = [
        DiskStatus(state="low", free_mb=9, reserve=False),
        DiskStatus(state="low", free_mb=8, reserve=False),
        DiskStatus(state="full", free_mb=0, reserve=False),
    ]
    assert [[reply.code for reply in notices.disk(disk)] for disk in disks] == [["disk_low"], [], ["disk_full"]]


def test_f6_only_a_full_disk_costs_the_reserve(tmp_path: Path) -> None:
    disk = TillDisk(tmp_path, 1)
    assert not disk.make_room(FileError("locked")) and (tmp_path / NAME).exists()
