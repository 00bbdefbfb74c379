"""`make bite`: does the suite bite? Plants each defect of two tables in a copy of the tree, and it must be found: by a
test (the walk of tests/life, mostly), or by the simulated chain.

`python -m tests.bite [--walk | --chain] [words of a defect's name …]`. The copy as it is must be green under the same
seeds, or red would mean nothing. Ends with 1 where a defect was not found, or does not apply.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.bite.chain_defects import CHAIN_DEFECTS
from tests.bite.chains import HEADINGS, look_for
from tests.bite.defects import DEFECTS
from tests.bite.planting import RED, Defect, DoesNotApply, Run, copied, heal, plant, run

ROOT: Final = Path(__file__).parent.parent.parent
TOLD_MAX: Final = 2_000  # characters of a run that should have been green


class Found(NamedTuple):
    defect: Defect
    by: str  # "": nothing
    seconds: float


def main(words: Sequence[str], *, walk: bool, chain: bool) -> int:
    by_test = [defect for defect in DEFECTS if walk and _is_meant(defect.name, words)]
    known = [defect for defect in CHAIN_DEFECTS if words or not defect.escapes]
    by_chain = [defect for defect in known if chain and _is_meant(defect.name, words)]
    if not by_test and not by_chain:
        print(f"no defect is called {' or '.join(words)}")
        return 1
    with tempfile.TemporaryDirectory(prefix="bite-") as folder:
        in_chain = look_for(by_chain, ROOT, Path(folder)) if by_chain else []
        tree = copied(ROOT, Path(folder) / "tree") if by_test else ROOT
        found = [_looked_for(tree, defect) for defect in by_test]
    if in_chain:
        _print_table([HEADINGS, *(one.row for one in in_chain)])
    if found:
        rows = [(one.defect.name, one.by or "NOTHING", f"{one.seconds:.1f}") for one in found]
        _print_table([("defect", "found by", "seconds"), *rows])
    count = sum(one.is_found for one in in_chain) + sum(bool(one.by) for one in found)
    print(f"{count} of {len(by_chain) + len(by_test)} defects were found")
    for defect in CHAIN_DEFECTS if chain and not words else ():
        if defect.escapes:
            print(f"not planted: {defect.name}: {defect.escapes}")
    return 0 if count == len(by_chain) + len(by_test) else 1


def _is_meant(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name for word in words)


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


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bite", description="Planted defects, each to be found.")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--walk", action="store_true", help="only those that tests find")
    only.add_argument("--chain", action="store_true", help="only those that the simulated chain finds")
    parser.add_argument("words", nargs="*", help="of the names of those to plant; all of them unless said")
    said = parser.parse_args()
    sys.exit(main(said.words, walk=not said.chain, chain=not said.walk))
