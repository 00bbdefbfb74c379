"""The planted defects still apply, and the runner tells a test that bites from one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bite.defects import DEFECTS
from tests.bite.planting import RED, Defect, DoesNotApply, heal, plant, planted, run

ROOT = Path(__file__).parent.parent.parent
HALF = Defect(
    name="half is a third",
    file="half.py",
    text="return number // 2",
    instead="return number // 3",
    test="test_half.py",
    seeds=(6,),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "half.py").write_text("def half(number):\n    return number // 2\n", encoding="utf-8")
    (tmp_path / "test_half.py").write_text(
        "import os\nfrom half import half\n\n\ndef test_half():\n"
        "    number = int(os.environ['POS_TEST_SEED'])\n    assert half(number) * 2 == number\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_each_defect_applies_once_to_the_code_of_today(defect: Defect) -> None:
    source = planted(ROOT, defect)
    assert defect.instead in source and defect.instead != defect.text
    compile(source, defect.file, "exec")
    assert (ROOT / defect.test.partition("::")[0]).is_file()


def test_no_two_defects_have_one_name() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)


def test_a_defect_is_red_where_it_is_planted_and_green_where_it_is_healed(tree: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    (whole / HALF.file).write_bytes((tree / HALF.file).read_bytes())
    plant(tree, HALF)
    assert run(tree, HALF, 6).code == RED
    assert run(tree, HALF, 0).code == 0, "with this seed nothing is noticed"
    heal(tree, whole, HALF)
    assert run(tree, HALF, 6).code == 0


def test_a_defect_whose_text_is_gone_or_is_there_twice_is_not_planted(tree: Path) -> None:
    (tree / HALF.file).write_text("return number // 2\nreturn number // 2\n", encoding="utf-8")
    with pytest.raises(DoesNotApply, match="stands 2 times"):
        plant(tree, HALF)
    (tree / HALF.file).unlink()
    with pytest.raises(DoesNotApply, match="stands 0 times"):
        plant(tree, HALF)
