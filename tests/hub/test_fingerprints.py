"""Two accounts of the same rows, compared by sums: what is equal leaves nothing, what is not is found and shown."""

from __future__ import annotations

import os
import random
import secrets
from typing import Any, Final

import pytest

from hub.audit import fingerprints
from hub.audit.fingerprints import BUCKETS, DOUBTS_MAX, LOOK, PERHAPS, Exact, Fingerprints, Marks, Says

SEED: Final = int(os.environ.get("POS_TEST_SEED", "0")) or secrets.randbelow(2**32)


def both(said: list[tuple[Any, ...]], kept: list[tuple[Any, ...]]) -> list[str]:
    """The faults of two accounts: rows are table, key, amount and perhaps how."""
    marks = Marks()
    prints = Fingerprints(marks)
    tell(prints, said, kept)
    exact = Exact(marks, prints.at_once(prints.differing()))
    tell(exact, said, kept)
    return list(exact.faults())


def tell(says: Says, said: list[tuple[Any, ...]], kept: list[tuple[Any, ...]]) -> None:
    for row in said:
        says.said(*row)
    for row in kept:
        says.kept(*row)


def test_the_same_rows_in_any_order_leave_nothing() -> None:
    print(f"POS_TEST_SEED={SEED}")
    dice = random.Random(SEED)
    rows = [("holding", (f"m{dice.randrange(99)}", None), dice.randrange(-9, 10)) for _ in range(5_000)]
    assert both(rows, dice.sample(rows, len(rows))) == []
    sums: dict[Any, int] = {}
    for _, key, amount in rows:
        sums[key] = sums.get(key, 0) + amount
    assert both(rows, [("holding", key, amount) for key, amount in sums.items()]) == [], "parts and their sum"


def test_a_row_that_is_off_is_shown_and_no_other() -> None:
    rows = [("debt", (f"m{number}",), number) for number in range(20_000)]
    off = ("debt", ("m19999",), 20_000)
    assert both(rows, [*rows[:-1], off]) == ["member m19999: owes 20000, the entries say 19999"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "bc"), ("ab", "c")),
        (("a", 1), ("a", "1")),
        (("a", None), ("a", "")),
        (("a", None), ("a", "None")),
        ((1, 12), (11, 2)),
    ],
)
def test_keys_that_look_alike_are_others(one: Any, other: Any) -> None:
    assert both([("lot", one)], [("lot", one)]) == [] and len(both([("lot", one)], [("lot", other)])) == 2


def test_differences_do_not_cancel() -> None:
    """As much more in one row as less in another; the same in another table; the same row twice and not at all."""
    assert len(both([("debt", ("a",), 5), ("debt", ("b",), 5)], [("debt", ("a",), 6), ("debt", ("b",), 4)])) == 2
    assert len(both([("spent", ("a", "d"), 5)], [("redeemed", ("a", "d"), 5)])) == 2
    assert len(both([("card", ("a",)), ("card", ("a",))], [("card", ("a",)), ("card", ("b",))])) == 2


def test_the_coefficients_are_others_in_every_run() -> None:
    numbers = {Marks().mark("lot", ("a",)) for _ in range(100)}
    assert len(numbers) == 100 and len({number % BUCKETS for number in numbers}) > 50


def test_only_as_much_as_there_is_memory_for_is_looked_at_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "ROWS_AT_ONCE", 10)
    marks = Marks()
    prints = Fingerprints(marks)
    for number in range(2 * BUCKETS):
        prints.said("card", (number,))
    differing = prints.differing()
    assert prints.at_once(differing) == differing[:5], "about two rows in each"
    assert prints.at_once([]) == []


BLOCK, UNBLOCK = 1, LOOK


@pytest.mark.parametrize(
    ("events", "may_be_blocked", "may_be_free"),
    [
        ([], False, True),
        ([("a", BLOCK)], True, False),
        ([("a", BLOCK), ("a", BLOCK)], True, False),
        ([("a", BLOCK), ("a", UNBLOCK)], False, True),
        ([("a", UNBLOCK), ("b", BLOCK)], False, True),
        ([("a", BLOCK), ("a", UNBLOCK), ("a", BLOCK)], True, False),
        ([("a", BLOCK), ("a", BLOCK), ("a", UNBLOCK)], False, True),
        ([("a", UNBLOCK), ("b", BLOCK), ("b", BLOCK)], True, True),
        ([("a", UNBLOCK), ("a", UNBLOCK), ("b", BLOCK), ("b", BLOCK)], False, True),
    ],
)
def test_blocks_of_several_chains(events: list[tuple[str, int]], may_be_blocked: bool, may_be_free: bool) -> None:
    """Each chain knows its own order; nobody knows that of all."""
    said = [("blocked", ("c1",), amount, chain) for chain, amount in events]
    assert (both(said, [("blocked", ("c1",))]) == []) is may_be_blocked
    assert (both(said, []) == []) is may_be_free


def test_what_is_said_perhaps_may_be_so_or_not() -> None:
    key = ("anna", "2026-03-02")
    said = [("spent", key, 10), ("spent", key, 5, PERHAPS), ("spent", key, -2, PERHAPS)]
    for kept, right in ((8, True), (10, True), (13, True), (15, True), (9, False), (16, False), (0, False)):
        assert (both(said, [("spent", key, kept)]) == []) is right, kept


def test_of_many_doubts_the_bounds_are_looked_at() -> None:
    key = ("anna", "2026-03-02")
    said = [("spent", key, 2, PERHAPS)] * (DOUBTS_MAX + 1)
    assert both(said, [("spent", key, 3)]) == []
    assert both(said, [("spent", key, 2 * DOUBTS_MAX + 3)]) and both(said, [("spent", key, -1)])
