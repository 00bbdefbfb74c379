"""F7: a bit that a disk has turned is met before it is believed."""

from __future__ import annotations

import os
import random

from tests.faults.flips import OWN, flips

BITS = 60  # `python -m tests.faults flips N` turns as many as one likes


def test_f7_no_bit_of_a_tills_files_is_believed_when_it_is_another() -> None:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    table = flips(BITS, seed)
    print(f"POS_TEST_SEED={seed}", *table.lines(), sep="\n")
    assert not table.faults
    said = {one.said for one in table.outcomes if one.flip.file in OWN}
    assert said & {"aside", "older", "met"}, "that many bits are not all harmless"
