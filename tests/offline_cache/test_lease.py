"""Under which generation a file works: a setting of its own, that outlives the process and an unknown commit."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from loyalty.bodies import FiscalAdded, OperationRef, SaleNumber
from offline_cache.cache import Cache, Rules
from offline_cache.lease import NOT_YET, PROVISIONAL_MAX, Bond, Lease

BOND = Bond(ledger="l", key="k", machine="m")
NUMBER = SaleNumber(day="2026-03-02", number="1")
RULES = Rules(programme="alenka", programme_hash="a" * 64)


def record(cache: Cache, at: datetime) -> int:
    of = OperationRef(chain="t1", generation=1, sequence=1)
    (made,) = cache.record(
        [FiscalAdded(of=of, of_sale=NUMBER, fiscal=())], sale=None, rules=RULES, papers=lambda made: [], at=at
    )
    return made.generation


@pytest.mark.parametrize(
    ("at", "generation"),
    [
        (datetime(2026, 3, 2, 12, 0, tzinfo=UTC), 1_772_452_800),
        (datetime(1970, 1, 1, tzinfo=UTC), 1),  # a clock that has lost its battery
        (datetime(2099, 1, 1, tzinfo=UTC), PROVISIONAL_MAX),
    ],
)
def test_n21_a_file_that_nobody_has_leased_anything_takes_the_moment_of_its_first_operation(
    tmp_path: Path, at: datetime, generation: int
) -> None:
    cache = Cache(tmp_path / "till.db", "t1", generation=NOT_YET)
    assert cache.generation == NOT_YET
    assert record(cache, at) == record(cache, datetime(2026, 3, 3, tzinfo=UTC)) == cache.generation == generation
    cache.reopen()
    assert cache.generation == generation
    cache.close()
    again = Cache(tmp_path / "till.db", "t1", generation=NOT_YET)
    assert again.generation == generation and again.leases.lease is None
    again.close()


def test_a_lease_is_kept_and_so_is_the_word_against_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "till.db", "t1", generation=NOT_YET)
    lease = Lease(generation=3, bond=BOND)
    assert cache.leases.keep(lease, asked=NOT_YET)
    assert record(cache, datetime(2026, 3, 2, tzinfo=UTC)) == 3
    cache.leases.stop("forked")
    cache.close()
    again = Cache(tmp_path / "till.db", "t1", generation=NOT_YET)
    assert (again.generation, again.leases.lease, again.leases.stopped) == (3, lease, "forked")
    assert again.leases.keep(lease, asked=3)
    assert again.leases.stopped == ""
    again.close()


def test_what_a_file_did_before_generations_were_leased_is_of_the_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "till.db", "t1")
    assert cache.generation == record(cache, datetime(2026, 3, 2, tzinfo=UTC)) == 1
    cache.close()


def test_a_lease_that_was_asked_for_before_the_first_sale_is_none(tmp_path: Path) -> None:
    """Somebody bought while the hub was asked: what he bought has a generation already."""
    cache = Cache(tmp_path / "till.db", "t1", generation=NOT_YET)
    generation = record(cache, datetime(2026, 3, 2, tzinfo=UTC))
    assert not cache.leases.keep(Lease(generation=1, bond=BOND), asked=NOT_YET)
    assert (cache.generation, cache.leases.lease) == (generation, None)
    cache.close()


def test_a_generation_that_an_unknown_commit_has_begun_is_asked_for_next_and_not_the_same_for_ever(
    tmp_path: Path,
) -> None:
    """The process believes that nothing was recorded yet, and the file knows better."""
    cache = Cache(tmp_path / "till.db", "t1", generation=NOT_YET)
    begun = record(cache, datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
    cache.leases.generation = NOT_YET
    assert not cache.leases.keep(Lease(generation=1, bond=BOND), asked=NOT_YET)
    assert cache.generation == begun
    cache.close()
