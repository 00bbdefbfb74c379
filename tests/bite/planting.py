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

from simulator.plan import Shape

LEFT_OUT: Final = (".*", "*.egg-info", "node_modules", "build", "dist", "demo-out", "mutants")
RED: Final = 1  # of pytest: tests ran, and some failed; anything else is no finding
# other plugins take seconds to begin; and a busy machine's slowness finds no defect
ALONE: Final = ("-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib")
RUN_S: Final = 600.0  # of one run of a test; one that goes on for longer has found nothing


class Edit(NamedTuple):
    """`text` stands in `file` exactly once, and becomes `instead`."""

    file: str
    text: str
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """`text` stands in `file` exactly once, and becomes `instead`. `besides`: what else must be gone for nothing else
    to notice, as where two places guard one door."""

    name: str
    file: str
    text: str
    instead: str
    besides: Sequence[Edit] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        return (Edit(self.file, self.text, self.instead), *self.besides)

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(edit.file for edit in self.edits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect(Planted):
    """`test` notices, with one of the `seeds` (as POS_TEST_SEED; none: it draws nothing), in the `environment` it
    needs."""

    test: str
    seeds: Sequence[int] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainDefect(Planted):
    """A simulated chain of this `shape` notices, under one of the `seeds`, which are known to bite, or another.
    `escapes`: why none does yet; such a one is planted only where it is named."""

    shape: Shape
    seeds: Sequence[int] = ()
    escapes: str = ""


class Run(NamedTuple):
    code: int
    seconds: float
    said: str


class DoesNotApply(Exception):
    """The text is not there, or not once: the code has moved on, and the table has to."""


def copied(tree: Path, to: Path) -> Path:
    """What git would have, and what is compiled of it, without the environment and what was built."""
    shutil.copytree(tree, to, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    return to


def plant(tree: Path, defect: Planted) -> None:
    """Raises DoesNotApply, and then nothing has changed."""
    for file, source in planted(tree, defect).items():
        (tree / file).write_text(source, encoding="utf-8")
        _forget_compiled(tree / file)


def planted(tree: Path, defect: Planted) -> dict[str, str]:
    """The files with the defect in them. Raises DoesNotApply."""
    sources = {file: _read(tree / file) for file in defect.files}
    for file, text, instead in defect.edits:
        if (times := sources[file].count(text)) != 1:
            raise DoesNotApply(f"{defect.name}: its text stands {times} times in {file}; mend the table of defects")
        sources[file] = sources[file].replace(text, instead)
    return sources


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def heal(tree: Path, whole: Path, defect: Planted) -> None:
    for file in defect.files:
        shutil.copy2(whole / file, tree / file)
        _forget_compiled(tree / file)


def _forget_compiled(file: Path) -> None:
    """By size and second alone one text is not told from another."""
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


def run(tree: Path, defect: Defect, seed: int | None) -> Run:
    """The test that has to notice, in that tree. Nothing of another tree is imported."""
    drawn = {} if seed is None else {"POS_TEST_SEED": str(seed)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", *ALONE, defect.test]
    environment = {**os.environ, **defect.environment, **drawn}
    environment |= {"PYTHONPATH": str(tree), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, check=False, timeout=RUN_S
        )
    except subprocess.TimeoutExpired:
        return Run(-1, time.monotonic() - began, f"still ran after {RUN_S:.0f} s")
    return Run(done.returncode, time.monotonic() - began, done.stdout + done.stderr)
