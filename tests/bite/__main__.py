"""`make bite`: does the suite bite? Plants each defect of the table in a copy of the tree, and demands a red test.

`python -m tests.bite [words of a defect's name …]`. First the copy as it is must be green under the same seeds, or red
would mean nothing. Ends with 1 where a defect was not found, or does not apply.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.bite.defects import DEFECTS
from tests.bite.planting import RED, Defect, DoesNotApply, Run, copied, heal, plant, run

ROOT: Final = Path(__file__).parent.parent.parent
TOLD_MAX: Final = 2_000  # characters of a run that should have been green


class Found(NamedTuple):
    defect: Defect
    by: str  # "": nothing
    seconds: float


def main(words: Sequence[str]) -> int:
    chosen = [defect for defect in DEFECTS if not words or any(word in defect.name for word in words)]
    if not chosen:
        print(f"no defect is called {' or '.join(words)}")
        return 1
    with tempfile.TemporaryDirectory(prefix="bite-") as folder:
        tree = copied(ROOT, Path(folder) / "tree")
        found = [_looked_for(tree, defect) for defect in chosen]
    _print_table(found)
    return 0 if all(one.by for one in found) else 1


def _looked_for(tree: Path, defect: Defect) -> Found:
    """With one seed after the other, until one is red that is green without the defect."""
    seconds = 0.0
    try:
        for seed in defect.seeds or (None,):
            plant(tree, defect)
            ill = run(tree, defect, seed)
            heal(tree, ROOT, defect)
            seconds += ill.seconds
            if ill.code == RED and _is_green(tree, defect, seed):
                print(f"found: {defect.name}", flush=True)
                return Found(defect, _called(defect, seed), seconds)
    except DoesNotApply as error:
        print(error, flush=True)
    return Found(defect, "", seconds)


def _is_green(tree: Path, defect: Defect, seed: int | None) -> bool:
    well: Run = run(tree, defect, seed)
    if well.code:
        print(f"{_called(defect, seed)} is red without any defect:\n{well.said[-TOLD_MAX:]}", flush=True)
    return well.code == 0


def _called(defect: Defect, seed: int | None) -> str:
    return defect.test.rpartition("/")[2] + (f", seed {seed}" if seed is not None else "")


def _print_table(found: Sequence[Found]) -> None:
    rows = [("defect", "found by", "seconds")]
    rows += [(one.defect.name, one.by or "NOTHING", f"{one.seconds:.1f}") for one in found]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, by, seconds in rows:
        print(f"{name:<{widths[0]}}  {by:<{widths[1]}}  {seconds:>7}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bite", description="Planted defects, each to be found.")
    parser.add_argument("words", nargs="*", help="of the names of those to plant; all of them unless said")
    sys.exit(main(parser.parse_args().words))
