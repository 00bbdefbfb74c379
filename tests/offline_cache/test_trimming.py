"""E2: what is past the term of returns and in a copy of the hub is trimmed to how it is known; what is not, stays."""

from __future__ import annotations

import random
import select
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from loyalty.bodies import Fiscal, FiscalAdded, OperationRef, SaleNumber
from loyalty.operation import FIRST_HASH, Key, hash_operation, utc_text
from offline_cache.cache import Cache, FileError
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Answer, SetAside
from offline_cache.trimming import LOOKED_AT, REST, TERM, Sums
from storage import engine
from tests.offline_cache.conftest import NOW, Till
from tests.there import there

LATER = NOW + TERM + timedelta(days=2)
SALES = 3 * LOOKED_AT
KILLS = 4
LONGEST_LIFE_MS = 120


def answer(till: Till, result: str = "applied") -> None:
    for key, text in till.cache.outbox(10_000):
        till.cache.answered([Answer(key=key, hash=hash_operation(text), result=result, reason="no")])


def print_all(till: Till) -> None:
    papers = till.cache.print_jobs
    while (job := papers.oldest_open()) is not None:
        papers.happened(papers.begin(job), PaperEvent.PROVED, proof="process_id")


def trim(till: Till, at: Any = LATER) -> None:
    """One walk through the file."""
    while till.cache.trimming.some(at, TERM):
        pass


def kept(till: Till) -> list[int]:
    return [sequence for (sequence,) in till.rows("(SELECT sequence FROM operations ORDER BY sequence)")]


def trimmed(till: Till) -> list[int]:
    return [sequence for (sequence,) in till.rows("(SELECT sequence FROM trimmed ORDER BY sequence)")]


@pytest.fixture
def old(till: Till) -> Till:
    """Five sales that are answered, printed and in the hub's copy; the fifth is the last."""
    till.page(till.snapshot(points=100))
    for number in range(1, 6):
        till.sell(number, earned=number, spent=10)
    answer(till)
    print_all(till)
    till.page(till.snapshot(points=65), watermark=5, covered=5, cursor="2")
    return till


def test_e2_the_term_is_over_and_a_copy_has_it_so_it_is_trimmed(old: Till) -> None:
    trim(old, NOW + TERM)
    assert kept(old) == [1, 2, 3, 4, 5], "the term is not over"
    trim(old, NOW + TERM + REST)
    assert (trimmed(old), kept(old)) == ([1, 2, 3, 4], [5]), "the next one names the last"
    assert [job for (job,) in old.rows("(SELECT sequence FROM print_jobs)")] == [5]
    assert old.points() == 65, "the hub's word has them"


def test_e2_one_that_is_trimmed_is_known_by_number_and_sums(old: Till) -> None:
    trim(old)
    found = there(old.cache.trimming.sale("3", "", day=old.DAY))
    assert found == (Key(1, 3), Sums(earned_points=3, spent_points=10, kopecks=1_000))
    assert old.cache.trimming.has(Key(1, 3)) and not old.cache.trimming.has(Key(1, 5))
    assert old.cache.trimming.sale("5", "", day=old.DAY) is None
    assert old.cache.trimming.has_of_day(old.DAY) and not old.cache.trimming.has_of_day("2026-03-03")


def test_e2_a_sale_of_a_shift_is_known_by_it_and_by_its_day(till: Till) -> None:
    till.record(till.sale(1, sale=SaleNumber(day=till.DAY, number="7", pos="a", shift="12")))
    till.sell(2)
    answer(till)
    print_all(till)
    till.page(covered=2)
    trim(till)
    find = till.cache.trimming.sale
    assert find("7", "a", shift="12") == find("7", "a", day=till.DAY) != None  # noqa: E711
    assert [find("7", "b", shift="12"), find("7", "a", shift="13"), find("8", "a", shift="12")] == [None] * 3


ANNA = SetAside(kind="member", key="anna", reason="impossible")
STAYS: dict[str, dict[str, Any]] = {  # what is otherwise than with one that is trimmed
    "no copy of the hub has it": {"covered": 1},
    "the hub has not answered": {"result": ""},
    "its paper is not out": {"printed": False},
    "nobody has said what is done about its refusal": {"result": "refused"},
    "the hub's word of its member was not taken": {"aside": [ANNA]},
}


@pytest.mark.parametrize("otherwise", STAYS.values(), ids=STAYS)
def test_e2_what_somebody_needs_yet_stays(till: Till, otherwise: dict[str, Any]) -> None:
    for number in range(1, 5):
        till.sell(number)
    if result := otherwise.get("result", "applied"):
        answer(till, result)
    if otherwise.get("printed", True):
        print_all(till)
    till.page(covered=otherwise.get("covered", 9), aside=otherwise.get("aside", []))
    trim(till)
    assert kept(till)[-3:] == [2, 3, 4]


def test_e2_one_that_stays_keeps_no_other(till: Till) -> None:
    for number in range(1, SALES):
        till.sell(number, member="boris" if number == 3 else "anna")
    answer(till)
    print_all(till)
    till.page(covered=SALES, aside=[SetAside(kind="member", key="boris", reason="impossible")])
    trim(till)
    assert kept(till) == [3, SALES - 1]


def test_e2_a_step_is_some_operations_and_a_walk_is_followed_by_a_rest(till: Till) -> None:
    for number in range(1, SALES):
        till.sell(number)
    answer(till)
    print_all(till)
    till.page(covered=SALES)
    assert till.cache.trimming.some(LATER, TERM) and len(trimmed(till)) == LOOKED_AT
    trim(till)
    before = till.cache.file.changes
    assert not till.cache.trimming.some(LATER + REST / 2, TERM) and till.cache.file.changes == before
    till.sell(SALES + 1)
    answer(till)
    print_all(till)
    till.page(covered=2 * SALES, cursor="3")
    trim(till, LATER + REST)
    assert len(kept(till)) == 1


def test_e2_a_damaged_one_stays_to_be_looked_at(old: Till) -> None:
    with old.cache.file.transaction() as connection:
        connection.execute("UPDATE operations SET text = '{}' WHERE sequence = 2")
    trim(old)
    assert (trimmed(old), kept(old)) == ([1, 3, 4], [2, 5])


def test_e2_what_was_told_of_a_sale_afterwards_goes_with_it(till: Till) -> None:
    document = Fiscal(device="1", document="2", sign="3", at=utc_text(NOW), kopecks=1_000, kind="sale")
    till.sell(1)
    ref = OperationRef(chain="t1", generation=1, sequence=1)
    till.record(FiscalAdded(of=ref, of_sale=SaleNumber(day=till.DAY, number="1"), fiscal=(document,)))
    assert till.cache.sales_of_fiscal("2", "3") == [Key(1, 1)]
    till.sell(2)
    answer(till)
    print_all(till)
    till.page(covered=3)
    trim(till)
    assert trimmed(till) == [1, 2] and till.rows("fiscal_documents") == []


# the chain


def test_e2_the_chain_is_followed_over_what_is_trimmed(old: Till) -> None:
    old.sell(6)
    ends, hashes = old.cache.own_chain.ends(), [old.cache.own_chain.hash_at(Key(1, number)) for number in range(7)]
    trim(old)
    old.restart()
    assert old.cache.own_chain.ends() == ends
    for number, before in enumerate(hashes):
        assert there(before).startswith(there(old.cache.own_chain.hash_at(Key(1, number))))
    assert old.cache.own_chain.hash_at(Key(1, 0)) == FIRST_HASH
    assert old.sell(7).sequence == 7


@pytest.mark.parametrize(
    ("sold", "sql"),
    [
        (5, "UPDATE trimmed SET hash = x'00112233445566778899aabbccddeeff' WHERE sequence = 4"),
        (6, "UPDATE trimmed SET hash = x'00112233445566778899aabbccddeeff' WHERE sequence = 5"),
        (6, "DELETE FROM trimmed WHERE sequence = 5"),
    ],
)
def test_e2_a_chain_that_does_not_hold_together_is_found_at_start(old: Till, sold: int, sql: str) -> None:
    for number in range(6, sold + 1):
        old.sell(number)
    trim(old)
    with old.cache.file.transaction() as connection:
        assert connection.execute(sql).rowcount == 1
    old.close()
    with pytest.raises(FileError, match="is damaged"):
        Cache(old.path, "t1")


CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from offline_cache.cache import Cache
from offline_cache.trimming import TERM
cache = Cache(Path(sys.argv[1]), "t1")
print("ready", flush=True)
while cache.trimming.some(datetime.fromisoformat(sys.argv[2]), TERM):
    pass
"""


def test_e2_f7_killed_in_the_middle_every_operation_is_whole_or_trimmed(open_till: Any, tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    path = tmp_path / "till.db"
    till = open_till(path)
    for number in range(1, SALES):
        till.sell(number)
    answer(till)
    print_all(till)
    till.page(covered=SALES)
    for _ in range(KILLS):
        till.close()
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), LATER.isoformat()], stdout=subprocess.PIPE, text=True
        )
        assert there(process.stdout).readline() == "ready\n"
        select.select([], [], [], chance.random() * LONGEST_LIFE_MS / 1_000)  # a random moment, waiting for nothing
        process.kill()
        process.communicate(timeout=30)
        till = open_till(path)
        assert sorted(kept(till) + trimmed(till)) == list(range(1, SALES))
    trim(till)
    assert kept(till) == [SALES - 1]


# what is said of it


def test_e2_without_a_copy_of_the_hub_nothing_is_trimmed_and_it_is_said(old: Till) -> None:
    old.sell(6)
    answer(old)
    assert old.cache.trimming.uncovered_since(NOW + TERM, TERM) is None
    assert old.cache.trimming.uncovered_since(LATER, TERM) == NOW.isoformat(timespec="microseconds")
    old.page(covered=6, cursor="3")
    assert old.cache.trimming.uncovered_since(LATER, TERM) is None


def test_e2_a_training_file_hears_of_no_copy(tmp_path: Path) -> None:
    with closing(Cache(tmp_path / "till.db", "t1", training=True)) as cache:
        till = Till.__new__(Till)
        till.cache = cache
        till.sell(1)
        till.page(covered=9)
        assert till.rows("(SELECT 1 FROM settings WHERE name LIKE 'covered:%')") == []


# bytes


def test_e2_a_trimmed_sale_is_a_hundred_bytes_of_the_file(till: Till) -> None:
    """Of a POS that says its shift: a name more than one that does not."""
    sales = 1_500
    for number in range(sales):
        shift = str(number // 100)
        till.record(till.sale(number, sale=SaleNumber(day=till.DAY, number=str(number), pos="pos-1", shift=shift)))
    answer(till)
    print_all(till)
    till.page(covered=sales)
    trim(till)
    tables = till.rows("(SELECT name, sum(pgsize) FROM dbstat GROUP BY name)")
    used = sum(size for name, size in tables if name.startswith(("trimmed", "sqlite_autoindex_trimmed")))
    assert len(trimmed(till)) == sales - 1 and used / sales <= 100, used / sales


def test_e2_the_room_of_what_is_trimmed_is_used_again(till: Till) -> None:
    def year(number: int) -> int:
        for sale in range(number, number + SALES):
            till.sell(sale)
        answer(till)
        print_all(till)
        till.page(covered=number + SALES, cursor=str(number))
        trim(till, LATER + number * REST)
        with closing(engine.connect(till.path, "ro")) as connection:
            return int(connection.execute("SELECT page_count FROM pragma_page_count").get)

    first, *others = [year(number) for number in range(1, 6 * SALES, SALES)]
    assert max(others) - first <= 5 * SALES * 100 / 4_096 + 2
