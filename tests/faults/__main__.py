"""`make faults`: real faults, made by the system itself, at points that are counted and not guessed.

`python -m tests.faults [--seconds N] [--seed N] [crashes …]`. A sweep is a row of the table; it says what it found, and
whether there was no fault.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Mapping
from typing import Final

from tests.faults import crashes, flips, link_story, power

SWEEPS: Final[Mapping[str, Callable[[int, float], bool]]] = {
    "crashes": crashes.main,
    "power": power.main,
    "flips": flips.main,
    "link": link_story.main,
}
SECONDS: Final = 480.0  # of each sweep


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Real faults, enumerated.")
    parser.add_argument("sweeps", nargs="*", metavar="|".join(SWEEPS), help="all of them unless said")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each sweep")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9), help="the same again")
    told = parser.parse_args()
    if unknown := set(told.sweeps) - SWEEPS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(SWEEPS)}")
    print(f"seed {told.seed}", flush=True)
    well = [SWEEPS[name](told.seed, told.seconds) for name in told.sweeps or SWEEPS]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
