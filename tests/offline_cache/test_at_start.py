"""What a till looks at before it works with a file: whose it is, and whether what is unsent is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.store.sqlite.store import SqliteStore
from loyalty.operation import hash_operation
from offline_cache.cache import Cache, FileError
from offline_cache.records import Answer
from storage import engine
from tests.offline_cache.conftest import Till

TAMPER = {  # three operations, the first is answered; which is found
    "a number in a text": ("UPDATE operations SET text = replace(text, '1000', '9000') WHERE sequence = 2", 2),
    "a text cut short": ("UPDATE operations SET text = substr(text, 1, 40) WHERE sequence = 3", 3),
    "a text that is none": ("UPDATE operations SET text = '' WHERE sequence = 2", 2),
    "a hash": ("UPDATE operations SET hash = 'f' WHERE sequence = 3", 3),
    "the hash that the first unsent names": ("UPDATE operations SET hash = 'f' WHERE sequence = 1", 1),
    "the kind": ("UPDATE operations SET kind = 'return' WHERE sequence = 2", 2),
    "the moment": ("UPDATE operations SET at = '2030' WHERE sequence = 3", 3),
    "the member": ("UPDATE operations SET member = 'boris' WHERE sequence = 3", 3),
    "the sale's day": ("UPDATE operations SET sale_day = '2026-03-03' WHERE sequence = 3", 3),
    "another generation": ("UPDATE operations SET generation = 2 WHERE sequence = 3", 3),
    "the sale's number": ("UPDATE operations SET sale_number = '77' WHERE sequence = 3", 3),
    "a missing operation": ("DELETE FROM operations WHERE sequence = 2", 3),
    "a missing last operation": ("DELETE FROM operations WHERE sequence = 3", 3),
    "another number": ("UPDATE operations SET sequence = 5 WHERE sequence = 3", 5),
    "a forgotten one": ("DELETE FROM outbox WHERE sequence = 3", 3),
    "an answered one that waits": ("UPDATE operations SET result = 'applied' WHERE sequence = 2", 2),
}


def tamper(path: Path, sql: str) -> None:
    connection = engine.connect(path)
    assert connection.execute(sql).rowcount == 1
    connection.close()


@pytest.fixture
def three(till: Till) -> Path:
    """A till's file with three operations, the first of them answered."""
    for number in (1, 2, 3):
        till.sell(number, earned=number, spent=10)
    ((key, text),) = till.cache.outbox(1)
    till.cache.answered([Answer(key=key, hash=hash_operation(text), result="applied")])
    till.close()
    assert isinstance(till.path, Path)
    return till.path


@pytest.mark.parametrize(("sql", "found"), TAMPER.values(), ids=TAMPER)
def test_a_damaged_operation_is_found_by_its_number_before_anything_is_sent(three: Path, sql: str, found: int) -> None:
    tamper(three, sql)
    with pytest.raises(FileError, match=rf"Operation {found} in .* is damaged\. Stop the till, keep the file"):
        Cache(three, "t1")


@pytest.mark.parametrize(
    "sql", ["UPDATE operations SET hash = 'f' WHERE sequence = 3", TAMPER["a text that is none"][0]]
)
def test_the_last_operation_must_be_whole_even_when_all_are_answered(
    open_till: Callable[..., Any], three: Path, sql: str
) -> None:
    """The next operation would name its hash."""
    till = open_till(three)
    answers = [Answer(key=key, hash=hash_operation(text), result="applied") for key, text in till.cache.outbox(9)]
    till.cache.answered(answers)
    till.close()
    tamper(three, sql.replace("sequence = 2", "sequence = 3"))
    with pytest.raises(FileError, match="Operation 3 in"):
        Cache(three, "t1")


def test_a_text_with_a_hash_of_its_own_that_is_no_operation_is_found(three: Path) -> None:
    tamper(three, f"UPDATE operations SET text = '{{}}', hash = '{hash_operation('{}')}' WHERE sequence = 3")
    with pytest.raises(FileError, match="Operation 3 in"):
        Cache(three, "t1")


def test_a_whole_file_opens_and_goes_on(open_till: Callable[..., Any], three: Path) -> None:
    till = open_till(three)
    assert [key for key, _ in till.cache.outbox(9)] == [(1, 2), (1, 3)]
    assert till.sell(4).sequence == 4


def test_a_file_belongs_to_one_till(open_till: Callable[..., Any], three: Path) -> None:
    with pytest.raises(FileError, match=r"belongs to till 't1', not 't2'\. Give each till a data directory"):
        Cache(three, "t2")
    assert open_till(three).cache.till == "t1"


def test_a_hubs_ledger_is_no_tills_file(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    SqliteStore(path).close()
    with pytest.raises(FileError, match="it is not a file of offline_cache"):
        Cache(path, "t1")


def test_reopening_looks_at_the_chain_as_a_start_does(till: Till) -> None:
    till.sell(1)
    tamper(till.path, "UPDATE operations SET member = 'eve'")
    with pytest.raises(FileError, match="Operation 1 in"):
        till.cache.reopen()
