"""docs/office.md, played word for word: each command is given, and says what stands there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from hub.cli import cli
from tests.console import blocks, steps

OFFICE: Final = Path(__file__).parents[2] / "docs" / "office.md"
# what differs from day to day: an id that was made, a day with its time or without
DIFFERS: Final = re.compile(r"\b[0-9a-f]{8}\b|\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")
BAR: Final = re.compile(r"^Importing members.*$\n?", re.MULTILINE)


def today(words: str, made: Mapping[str, str]) -> str:
    return DIFFERS.sub(lambda found: made.get(found[0], found[0]), words)


def test_the_office_walks_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made: dict[str, str] = {}  # ids: as they are written, and as they are today
    page = blocks(OFFICE.read_text(encoding="utf-8"))
    for number, step in enumerate((step for block in page for step in steps(block)), start=1):
        words = shlex.split(today(step.words, made))
        if words[0] == "cat":
            Path(words[1]).write_text(step.says, encoding="utf-8")
            continue
        assert words[0] == "pos-hub"
        done = CliRunner().invoke(cli, words[1:])
        assert done.exception is None or isinstance(done.exception, SystemExit), (step.words, done.exception)
        said = BAR.sub("", done.output).replace("\u00a0", " ")
        assert DIFFERS.sub("…", said) == DIFFERS.sub("…", step.says), f"step {number}: {step.words}"
        made |= dict(zip(DIFFERS.findall(step.says), DIFFERS.findall(said), strict=True))
    assert number >= 30 and len(made) >= 2, "something was played"
