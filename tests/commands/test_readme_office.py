"""The README's list of the office's commands, word for word and in order."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from hub.cli import cli

ROOT: Final = Path(__file__).parents[2]
FIRST, LAST = "pos-hub import docs/examples/members.csv", "pos-hub jobs list"
OF_A_DAY: Final = ("debt/till-2/1/17", "till-7", "17404ff67c")  # a case, a till, a hold of a day on which it is there


def lines() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text[text.index(FIRST) : text.index("```", text.index(LAST))]
    commands = (line for line in block.splitlines() if line.startswith("pos-hub"))
    return [line for line in commands if not any(one in line for one in OF_A_DAY)]


def test_every_line_of_the_list_works_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    played = lines()
    for line in played:
        name, *words = shlex.split(line, comments=True)
        assert name == "pos-hub"
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 0, f"{line}\n{done.output}"
    assert len(played) > 30
