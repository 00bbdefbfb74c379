"""A copy of the tree with one defect in it, and the test that has to notice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

LEFT_OUT: Final = (".*", "__pycache__", "*.egg-info", "*.pyc", "node_modules", "build", "dist", "demo-out", "mutants")
RED: Final = 1  # of pytest: tests ran, and some failed; anything else is no finding
# other plugins take seconds to begin; and a busy machine's slowness finds no defect
ALONE: Final = ("-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib")
RUN_S: Final = 600.0  # of one run of a test; one that goes on for longer has found nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """`text` stands in `file` exactly once, and becomes `instead`. `test` notices, with one of the `seeds` (as
    POS_TEST_SEED; none: it draws nothing), in the `environment` it needs."""

    name: str
    file: str
    text: str
    instead: str
    test: str
    seeds: Sequence[int] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


class Run(NamedTuple):
    code: int
    seconds: float
    said: str


class DoesNotApply(Exception):
    """The text is not there, or not once: the code has moved on, and the table has to."""


def copied(tree: Path, to: Path) -> Path:
    """What git would have, without the environment and what was built."""
    shutil.copytree(tree, to, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    return to


def plant(tree: Path, defect: Defect) -> None:
    """Raises DoesNotApply."""
    file = tree / defect.file
    file.write_text(planted(tree, defect), encoding="utf-8")


def planted(tree: Path, defect: Defect) -> str:
    """The file with the defect in it. Raises DoesNotApply."""
    file = tree / defect.file
    source = file.read_text(encoding="utf-8") if file.is_file() else ""
    times = source.count(defect.text)
    if times != 1:
        raise DoesNotApply(f"{defect.name}: its text stands {times} times in {defect.file}; mend the table of defects")
    return source.replace(defect.text, defect.instead)


def heal(tree: Path, whole: Path, defect: Defect) -> None:
    shutil.copyfile(whole / defect.file, tree / defect.file)


def run(tree: Path, defect: Defect, seed: int | None) -> Run:
    """The test that has to notice, in that tree. Nothing of another tree is imported."""
    drawn = {} if seed is None else {"POS_TEST_SEED": str(seed)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", *ALONE, defect.test]
    environment = {**os.environ, **defect.environment, **drawn}
    environment |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, check=False, timeout=RUN_S
        )
    except subprocess.TimeoutExpired:
        return Run(-1, time.monotonic() - began, f"still ran after {RUN_S:.0f} s")
    return Run(done.returncode, time.monotonic() - began, done.stdout + done.stderr)
