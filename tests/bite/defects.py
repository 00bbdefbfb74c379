"""The defects that are planted, each where somebody could make it, and what finds it.

A row whose text the code has outgrown is a red test (test_defects.py): give it the text of today, or another defect of
the same kind, and see `make bite` find it.
"""

from __future__ import annotations

from typing import Final

from tests.bite.planting import Defect

WALK: Final = "tests/life/test_walk.py"
SEEDS: Final = (20261130, 20261131, 20261132)

DEFECTS: Final = (
    Defect(
        name="a coupon's use is not written at pay",
        file="offline_cache/deeds.py",
        text="if sql.use_coupon(connection, serial=coupon.serial) != 1 and coupon.serial not in known:",
        instead="if coupon.serial in known and sql.use_coupon(connection, serial=coupon.serial) != 1:",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="a return frees a coupon of which goods are still sold",
        file="loyalty/returns.py",
        text="if not nothing_left(after) or nothing_left(before):",
        instead="if nothing_left(before):",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="the hub counts the second use as the first",
        file="hub/books/postings.py",
        text="if first is not None and Place(*first[1:]) != place:",
        instead="if first is not None and Place(*first[1:]) == place:",
        test=WALK,
        seeds=SEEDS,
    ),
)
