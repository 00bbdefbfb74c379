"""Whatever till and hub keep is their owner's alone: made so, and mended where it was not."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import HubSettings, Settings
from pos_agent.parts import keep_private
from storage.private import mend, of_database, within


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.lstat().st_mode & 0o777 for path in (folder, *folder.rglob("*")) if not path.is_symlink()}


def test_what_others_could_read_is_mended_and_told_in_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data, keys = tmp_path / "data", tmp_path / "data.keys"
    for folder in (data, keys):
        folder.mkdir()
        folder.chmod(0o755)
    for path in (data / "till.db", data / "till.db-wal", data / "agent.log", keys / "identity.json"):
        path.write_text("", encoding="ascii")
        path.chmod(0o644)
    settings = Settings(till="t1", programme="alenka", data=str(data), hub=HubSettings(url="http://hub:1"))
    with caplog.at_level(logging.WARNING):
        keep_private(settings)
        keep_private(settings)
    assert {**modes(data), **modes(keys)} == {
        "data": 0o700,
        "data.keys": 0o700,
        **dict.fromkeys(("till.db", "till.db-wal", "agent.log", "identity.json"), 384),
    }
    assert [record.getMessage() for record in caplog.records] == [
        "Others could read the till's files (6 files and folders); now only their owner can."
    ]


def test_what_is_shared_on_purpose_stays(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    fifo, file, link = tmp_path / "pos", tmp_path / "elsewhere", tmp_path / "link"
    os.mkfifo(fifo)
    fifo.chmod(0o660)
    link.symlink_to(fifo)
    file.touch()
    file.chmod(0o600)
    assert mend(within(tmp_path), "nothing") == 0
    assert fifo.lstat().st_mode & 0o777 == 0o660
    assert mend(of_database(tmp_path / "not-there"), "nothing") == 0


def test_a_hub_makes_nothing_that_others_can_read(tmp_path: Path) -> None:
    run = [sys.executable, "-c", "from hub.cli import main; main()", "serve", "--port", "0", "--db", "new/hub.db"]
    serve = subprocess.Popen(run, cwd=tmp_path, stdout=subprocess.PIPE, text=True, umask=0o022)
    try:
        assert serve.stdout is not None and json.loads(serve.stdout.readline())["ready"] == "hub"
        found = modes(tmp_path / "new")
        assert len(found) >= 6 and all(mode & 0o077 == 0 for mode in found.values()), found
    finally:
        serve.terminate()
        serve.wait(20)
