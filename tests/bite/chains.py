"""The defects that a simulated chain finds: each planted in a copy of the tree, by two workers at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Final, NamedTuple

import msgspec

from tests.bite.looking import FAULTS_MAX, Looked, Wanted
from tests.bite.planting import ChainDefect, DoesNotApply, copied, heal, plant

WORKERS: Final = 2
SHORT_S: Final = 6.0  # of the processor, for a plan to become short: whoever waits for fifty has better to do
WAITS_S: Final = 900.0  # for a process: its seconds are the processor's, which others may need too


class FoundByChain(NamedTuple):
    """`why_not`: it was not found, for this. `seconds`: all that the process worked, until the plan was short."""

    defect: ChainDefect
    seconds: float
    looked: Looked | None = None
    why_not: str = ""

    @property
    def is_found(self) -> bool:
        return self.looked is not None and bool(self.looked.invariant) and not self.why_not

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        looked = self.looked
        if not self.is_found or looked is None or looked.plan is None or looked.short is None:
            return self.defect.name, f"NOTHING: {self.why_not}", "", f"{self.seconds:.1f}", ""
        faults = f"{len(looked.plan.faults)} → {len(looked.short.faults)}"
        return self.defect.name, looked.invariant, str(looked.plan.seed), f"{self.seconds:.1f}", faults


HEADINGS: Final = ("defect", "found by (invariant)", "seed", "seconds", "faults")


def look_for(
    defects: Sequence[ChainDefect], root: Path, folder: Path, *, short_s: float = SHORT_S
) -> list[FoundByChain]:
    """In copies under `folder`; what breaks where nothing is planted finds nothing. `short_s`: for each plan."""
    trees = SimpleQueue[Path]()
    for number in range(min(WORKERS, len(defects))):
        trees.put(copied(root, folder / f"tree-{number}"))

    def one(defect: ChainDefect) -> FoundByChain:
        tree = trees.get()
        try:
            found = _looked_for(tree, root, defect, short_s)
        finally:
            trees.put(tree)
        print(f"{'found' if found.is_found else 'NOT FOUND'}: {' · '.join(filter(None, found.row))}", flush=True)
        return found

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, defects))


def _looked_for(tree: Path, root: Path, defect: ChainDefect, short_s: float) -> FoundByChain:
    began = time.monotonic()
    try:
        plant(tree, defect)
    except DoesNotApply as error:
        return FoundByChain(defect, 0.0, why_not=str(error))
    try:
        wanted = Wanted(shape=defect.shape, seeds=tuple(defect.seeds), short_s=short_s)
        said = in_tree(tree, [], msgspec.json.encode(wanted))
    except subprocess.SubprocessError as error:
        return FoundByChain(defect, time.monotonic() - began, why_not=_said(error))
    finally:
        heal(tree, root, defect)
    looked = msgspec.json.decode(said, type=Looked)
    return FoundByChain(defect, looked.seconds, looked, _why_not(tree, looked))


def _why_not(well: Path, looked: Looked) -> str:
    """What also breaks where nothing is planted, red means nothing of."""
    plans = [plan for plan in (looked.plan, looked.short) if plan is not None]
    if not plans:
        return f"{looked.tried} seeds were well{looked.fell and ', ' + looked.fell}"
    if any(msgspec.json.decode(in_tree(well, ["well"], msgspec.json.encode(plans)), type=list[str])):
        return "red without it"
    left = len(plans[-1].faults)
    return f"{left} faults are left" if left > FAULTS_MAX else ""


def _said(error: subprocess.SubprocessError) -> str:
    stderr = getattr(error, "stderr", None) or b""
    return f"{type(error).__name__}: {stderr.decode()[-500:]}"


def in_tree(tree: Path, words: Sequence[str], said: bytes) -> bytes:
    """What a process of that tree answers; nothing of another tree is imported. Raises SubprocessError."""
    return subprocess.run(
        [sys.executable, "-m", "tests.bite.looking", *words],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        input=said,
        capture_output=True,
        check=True,
        timeout=WAITS_S,
    ).stdout
