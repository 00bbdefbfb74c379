"""What is written to is whole or not at all, and stays what it was: a file, a link's file, a pipe."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from hub.files.whole import unfinished


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), unfinished(path) as half:
        half.write_text("new")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    with unfinished(path) as half:
        half.write_text("new")
    assert path.read_text() == "new"


def test_a_link_s_file_is_written_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with unfinished(tmp_path / "link") as half:
        half.write_text("new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "new"


def test_what_is_no_file_is_written_to_and_stays_what_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    reader.start()
    with unfinished(pipe) as half:
        half.write_text("new")
    reader.join()
    assert heard == ["new"] and stat.S_ISFIFO(pipe.stat().st_mode)
