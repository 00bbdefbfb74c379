"""F1, F2, F4, F5, F6, F21: a till, a hub and their migrations, struck at points that are counted.

`make faults` has more of them. And the judge: a file in which anything is not as it should be must not pass it.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from loyalty.kinds import KINDS
from tests.faults import life_of_hub, life_of_till
from tests.faults.crashes import Judge, spread, swept
from tests.faults.lives import Lived, Lives
from tests.faults.living import SHOP
from tests.faults.points import CALLS, Point, points
from tests.faults.strace import why_not
from tests.faults.verdicts import summary, told
from tests.faults.worlds import WORLDS

SHORT = {"till": 30, "hub": 30, "till's migrations": 8, "hub's migrations": 6}  # points; 40 s of the processor in all
TRACED = pytest.mark.skipif(why_not() is not None, reason=f"no faults can be made here: {why_not()}")
BY_NAME = {world.name: world for world in WORLDS}
# an import of its own makes the first, the jobs (`jobs`) the others
NOT_MADE_HERE = {"earlier_sale", "expiry", "certificate_ended"} | {
    "points_to_partner",  # with somebody outside: tests/hub/exchanges strike it
    "points_to_charity",
}


@TRACED
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost_or_doubled_wherever_it_is_struck(name: str) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    verdicts = list(swept(BY_NAME[name], random.Random(seed), most=SHORT[name]))
    assert not list(told(verdicts))
    assert len(verdicts) == SHORT[name] and not summary(verdicts)["not_hit"]


@TRACED
@pytest.mark.timeout(600)
def test_a_commit_that_stands_is_answered_though_the_log_cannot_be_looked_at() -> None:
    """F5: after each commit the hub asks how long the log is; a read that failed there was a fault of its own."""

    verdicts = list(swept(BY_NAME["hub"], random.Random(0), kinds=["sale"], calls=["pread64"], most=20))
    assert verdicts and not list(told(verdicts))


def test_every_kind_of_operation_is_lived() -> None:
    """A new kind wants a life of its own."""
    made = {kind.name: kind.makers for kind in KINDS.values() if not kind.reserved}
    assert {name for name, makers in made.items() if "till" in makers} <= life_of_till.KINDS.keys()
    assert made.keys() - NOT_MADE_HERE <= life_of_hub.KINDS.keys()


def test_each_life_makes_what_it_is_called_by(tmp_path: Path) -> None:
    with closing(Lives("tests.faults.life_of_till")) as lives:
        for kind in KINDS.keys() & life_of_till.KINDS.keys():
            (folder := tmp_path / kind).mkdir()
            lives.live(folder, SHOP)
            lives.live(folder, kind)
            with closing(sqlite3.connect(folder / "till.db")) as file:
                assert file.execute("SELECT count(*) FROM operations WHERE kind = ?", (kind,)).fetchone() > (0,), kind


def test_points_are_counted_by_call_and_files_of_the_program_are_none() -> None:
    made = [
        ("pwrite64", "3, …"),
        ("openat", '"/life/a"'),
        ("openat", '"/program"'),
        ("openat", '"/life/b"'),
        ("link", ""),
    ]
    found = list(points("sale", made, "/life"))
    assert {(point.call, point.number) for point in found} == {
        ("pwrite64", 1),
        ("openat", 1),
        ("openat", 3),
        ("link", 1),
    }
    assert len(found) == sum(len(CALLS[call]) for call in ("pwrite64", "openat", "openat", "link"))


def test_a_sample_has_something_of_everything() -> None:
    every = [
        Point(kind, "pwrite64", mode, number) for kind in "ab" for mode in CALLS["pwrite64"] for number in range(9)
    ]
    first = spread(every, random.Random(1))[: 2 * len(CALLS["pwrite64"])]
    assert len({(point.kind, point.mode) for point in first}) == len(first)
    assert sorted(spread(every, random.Random(2))) == sorted(every)


# the judge


class Case:
    """A till's folder after a life that nothing struck, and what was said in it."""

    def __init__(self, folder: Path, before: list[str], lived: Lived) -> None:
        self.folder, self.before, self.lived = folder, before, lived

    def spoil(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.folder / "till.db")) as file:
            for statement in statements:
                assert file.execute(statement).rowcount > 0, statement
            file.commit()


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with closing(Judge()) as judge:
        yield judge


@pytest.fixture
def case(tmp_path: Path) -> Case:
    with closing(Lives("tests.faults.life_of_till")) as lives:
        lives.live(tmp_path, SHOP)
        before = BY_NAME["till"].look.hashes(tmp_path)
        return Case(tmp_path, before, lives.live(tmp_path, "card_issued"))


@pytest.fixture
def faults(judge: Judge, case: Case) -> Callable[..., str]:
    """What the judge says of it, in one text."""

    def judged(**other: Any) -> str:
        told: dict[str, Any] = {"crashed": str(case.folder), "ended": str(case.folder), "before": case.before}
        told |= {"look": BY_NAME["till"].look.__name__, "acked": case.lived.acked, "again": case.lived.acked}
        return "\n".join(judge.judged(**told | other)["faults"])

    return judged


def test_a_file_that_is_right_passes(faults: Callable[..., str], case: Case) -> None:
    assert case.lived.acked.keys() == {"begin", "sale 7", "sale 99"} and len(case.lived.acked["sale 7"][0]) == 2
    assert faults() == ""


LAST = "(SELECT max(sequence) FROM operations)"
OF_7 = "sequence = (SELECT sequence FROM operations WHERE kind = 'card_issued')"


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ([f"DELETE FROM operations WHERE sequence = {LAST}"], "lost: sale 99"),
        ([f"DELETE FROM operations WHERE {OF_7}"], "half of sale 7"),
        (["DELETE FROM operations WHERE sequence = 1"], "gap, 2 stands where 1 should"),
        ([f"UPDATE operations SET hash = x'00' WHERE sequence = {LAST}"], "is not what its hash says"),
        (
            [f"UPDATE operations SET text = (SELECT text FROM operations WHERE sequence = {LAST}) WHERE sequence = 1"],
            "1 is not what its hash",
        ),
        ([f"DELETE FROM outbox WHERE sequence = {LAST}"], "unanswered and not in the outbox"),
        (["UPDATE operations SET result = 'applied' WHERE sequence = 1"], "of one that is answered, in the outbox"),
        ([f"DELETE FROM print_jobs WHERE sequence = {LAST}"], "without its paper, or with two"),
        (["DELETE FROM print_jobs WHERE sequence = 1"], "without its paper, or with two"),
        (["UPDATE print_jobs SET sequence = 900 WHERE sequence = 1"], "a paper of no operation"),
        (["DELETE FROM fiscal_documents WHERE document = '99'"], "a fiscal document that no sale is found by"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_judge_sees_what_is_not_as_it_should_be(
    faults: Callable[..., str], case: Case, spoilt: list[str], said: str
) -> None:
    case.spoil(*spoilt)
    assert said in faults()


def test_the_judge_sees_a_sale_that_is_there_twice(faults: Callable[..., str], case: Case) -> None:
    columns = "kind, member, sale_day, sale_number, sale_pos, sale_shift, at, text"
    case.spoil(
        f"INSERT INTO operations (generation, sequence, hash, sale_again, {columns})"
        f" SELECT 1, sequence + 1, x'ff', 'again', {columns} FROM operations WHERE sequence = {LAST}"
    )
    assert "doubled: 2 times" in faults() and "nobody asked for ff" in faults()


def test_the_judge_sees_a_file_that_is_none_any_more(faults: Callable[..., str], case: Case) -> None:
    (case.folder / "till.db-wal").unlink()
    (case.folder / "till.db").write_bytes(b"no file of SQLite's" * 1_000)
    assert "lost: till.db: file is not a database" in faults()


def test_the_judge_sees_another_answer_and_a_claim_that_fails(faults: Callable[..., str], case: Case) -> None:
    first = case.lived.acked
    assert "another answer to sale 7" in faults(acked=first | {"sale 7": [["0" * 64], [], None]})
    assert "another answer to sale 7" in faults(acked=first | {"sale 7": [*first["sale 7"][:2], "refused"]})
    assert "lost: sale 7, SELECT 1: [[1]]" in faults(again=first | {"sale 7": [[], [["SELECT 1", [[2]]]], None]})
