"""Where a process runs: the same for whoever is started there again, another for every copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_agent import machine
from pos_agent.machine import place_of


def test_a_place_is_a_folder_of_a_machine_since_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boot, id = tmp_path / "boot", tmp_path / "id"
    boot.write_text("b1\n")
    id.write_text("m1\n")
    monkeypatch.setattr(machine, "BOOT_ID", boot)
    monkeypatch.setattr(machine, "MACHINE_ID", id)
    here = place_of(tmp_path / "data")
    assert here is not None and place_of(tmp_path / "data") == here
    assert place_of(tmp_path / "copy") != here
    boot.write_text("b2\n")  # the disk's copy was started elsewhere; nothing else differs
    assert place_of(tmp_path / "data") != here
    boot.unlink()
    assert place_of(tmp_path / "data") is None
