"""The planted defects still apply, and the runner tells a test that bites from one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bite.chain_defects import CHAIN_DEFECTS
from tests.bite.defects import DEFECTS
from tests.bite.planting import RED, Defect, DoesNotApply, Planted, heal, plant, planted, run

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


@pytest.mark.parametrize("defect", [*DEFECTS, *CHAIN_DEFECTS], ids=lambda defect: defect.name)
def test_each_defect_applies_once_to_the_code_of_today(defect: Planted) -> None:
    for file, source in planted(ROOT, defect).items():
        assert source != (ROOT / file).read_text(encoding="utf-8")
        if file.endswith(".py"):
            compile(source, file, "exec")


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_the_test_that_notices_is_there(defect: Defect) -> None:
    assert (ROOT / defect.test.partition("::")[0]).is_file()


def test_no_two_defects_have_one_name() -> None:
    for table in (DEFECTS, CHAIN_DEFECTS):
        assert len({defect.name for defect in table}) == len(table)


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
