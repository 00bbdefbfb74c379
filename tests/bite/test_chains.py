"""A simulated chain bites: some of the planted defects (`make bite` has all), by the seeds that are known for them."""

from __future__ import annotations

from pathlib import Path

from tests.bite.chain_defects import CHAIN_DEFECTS
from tests.bite.chains import look_for

ROOT = Path(__file__).parent.parent.parent
SOME = ("what the hub's word has is counted besides", "a refused operation stays as it was done")


def test_a_simulated_chain_finds_what_is_planted_and_nothing_where_nothing_is(tmp_path: Path) -> None:
    planted = [defect for defect in CHAIN_DEFECTS if defect.name in SOME]
    found = look_for(planted, ROOT, tmp_path, short_s=3.0)
    assert [one.defect.name for one in found if one.is_found] == [defect.name for defect in planted], found
