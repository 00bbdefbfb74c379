"""The feed of changes: opaque cursors, and no reader ever misses one."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.store.errors import BadCursor, Clash
from hub.store.records import Change, ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Store
from tests.hub.store.rows import PLENTY

WRITERS = 8
READERS = 2
WRITE_S = 1.5
LONGEST_S = 0.03  # between the drawing of a number and its commit
PATIENCE_S = 20.0  # of a reader when all has been written: then it was missed


def tell(store: Store, *keys: str, partition: str = "alenka") -> None:
    with store.writing() as writer:
        writer.write(Rows(changes=[ChangeRow(partition, "member", key) for key in keys]))


def read(store: Store, after: str = "", *, limit: int = 100, partition: str = "alenka") -> list[Change]:
    with store.reading() as reader:
        return reader.changes(partition, after, limit)


def keys(changes: list[Change]) -> list[str]:
    return [change.key for change in changes]


def test_a_new_ledger_has_no_changes(store: Store) -> None:
    assert read(store) == []


def test_changes_come_in_the_order_in_which_they_were_written(store: Store) -> None:
    """The same member thrice is three changes: who wants one of them leaves the others out."""
    tell(store, "b", "a", "b")
    tell(store, "a")
    with store.writing() as writer:
        writer.write(Rows(changes=[ChangeRow("alenka", "member", "d")]))
        writer.write(Rows(changes=[ChangeRow("alenka", "coupon", "c"), ChangeRow("alenka", "member", "c")]))
    changes = read(store)
    assert keys(changes) == ["b", "a", "b", "a", "d", "c", "c"]
    assert [change.kind for change in changes] == ["member"] * 5 + ["coupon", "member"]


def test_each_cursor_is_a_place_to_go_on_from(store: Store) -> None:
    for number in range(5):
        tell(store, f"{number}a", f"{number}b")
    changes = read(store)
    assert len({change.cursor for change in changes}) == 10 and all(change.cursor for change in changes)
    for number, change in enumerate(changes):
        assert read(store, change.cursor) == changes[number + 1 :]
    tell(store, "new")
    assert keys(read(store, changes[-1].cursor)) == ["new"]


@pytest.mark.parametrize("limit", [1, 7, 100, PLENTY, PLENTY + 1])
def test_pages_follow_one_another(store: Store, limit: int) -> None:
    many = 40 if limit < 7 else PLENTY
    tell(store, *(f"m{number}" for number in range(many)))
    seen: list[str] = []
    cursor = ""
    while page := read(store, cursor, limit=limit):
        assert len(page) <= limit
        seen += keys(page)
        cursor = page[-1].cursor
    assert seen == [f"m{number}" for number in range(many)]


def test_a_partition_is_told_of_its_own_alone(store: Store) -> None:
    for number in range(6):
        tell(store, f"{number}", partition=f"p{number % 2}")
    evens = read(store, partition="p0")
    assert keys(evens) == ["0", "2", "4"] and keys(read(store, evens[0].cursor, partition="p0")) == ["2", "4"]
    assert keys(read(store, evens[1].cursor, limit=1, partition="p0")) == ["4"]
    assert keys(read(store, partition="p1")) == ["1", "3", "5"] and read(store, partition="p") == []


def test_what_was_undone_was_never_told(store: Store) -> None:
    tell(store, "a")
    with pytest.raises(Clash), store.writing() as writer:
        writer.write(Rows(changes=[ChangeRow("alenka", "member", "lost")]))
        raise Clash("another one was first")
    tell(store, "b")
    changes = read(store)
    assert keys(changes) == ["a", "b"] and keys(read(store, changes[0].cursor)) == ["b"]


def test_cursors_of_before_the_opening_are_good_after_it(store: Store) -> None:
    tell(store, "a", "b")
    (first, second) = read(store)
    store.settle()
    tell(store, "c")
    assert keys(read(store, first.cursor)) == ["b", "c"] and keys(read(store, second.cursor)) == ["c"]


@pytest.mark.parametrize(
    "cursor",
    [
        *("x", "-1", "1.5", " 1", "1 ", "1\n", "+1", "1_0", "0x1", "1e3", "٣", "１", "²", "'; --", "None", "null"),
        *("9" * 19, "9" * 40, str(2**63), "9" * 5_000, "\x00", "1\x00", "😀"),
    ],
    ids=ascii,
)
def test_what_is_no_cursor_is_refused(store: Store, cursor: str) -> None:
    """SEC3: a till may send anything. The ledger goes on."""
    tell(store, "a")
    with pytest.raises(BadCursor) as caught:
        read(store, cursor)
    assert isinstance(caught.value, ValueError) and len(str(caught.value)) < 200
    assert keys(read(store)) == ["a"]


def test_no_reader_misses_a_change_of_writers_that_commit_when_they_like(store: Store) -> None:
    """A number that is drawn early and committed late is not passed over."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    until = time.monotonic() + WRITE_S

    def write(number: int) -> list[str]:
        """What it committed, in order."""
        dice, told = random.Random(f"{seed}/{number}"), list[str]()
        while time.monotonic() < until:
            some = [f"{number}/{len(told) + more}" for more in range(dice.randrange(1, 4))]
            with store.writing() as writer:
                writer.write(Rows(changes=[ChangeRow("alenka", "member", key) for key in some]))
                time.sleep(dice.random() ** 3 * LONGEST_S)  # what this test is about: the commit comes late
            told += some
        return told

    def follow(number: int, written: list[str]) -> list[str]:
        """Page by page, until all is there that was written."""
        dice, cursor, seen = random.Random(f"{seed}/reader {number}"), "", list[str]()
        patience = until + PATIENCE_S
        while time.monotonic() < patience:
            page = read(store, cursor, limit=dice.choice([1, 3, 50]))
            seen += keys(page)
            cursor = page[-1].cursor if page else cursor
            if written and not page and len(seen) >= len(written):
                break
            if written and page:
                patience = time.monotonic() + PATIENCE_S
            elif not page:
                time.sleep(0.002)  # two readers that never rest would leave the writers no processor
        return seen

    written: list[str] = []
    with ThreadPoolExecutor(WRITERS + READERS) as pool:
        readers = [pool.submit(follow, number, written) for number in range(READERS)]
        told = list(pool.map(write, range(WRITERS)))
        written += [key for one in told for key in one]
        assert len(written) > 2 * WRITERS and all(told)
        for reader in readers:
            seen = reader.result(timeout=WRITE_S + 2 * PATIENCE_S)
            assert len(seen) == len(set(seen)), "told twice"
            assert set(seen) == set(written), f"missed {sorted(set(written) - set(seen))[:5]}"
            for number, own in enumerate(told):
                assert [key for key in seen if key.startswith(f"{number}/")] == own, "out of order"


def test_the_newest_change_is_behind_all_that_is_told(store: Store) -> None:
    with store.reading() as reader:
        assert reader.newest_change("alenka") == ""
    tell(store, "a", "b")
    tell(store, "c", partition="other")
    with store.reading() as reader:
        newest = reader.newest_change("alenka")
        assert newest == reader.changes("alenka", "", 100)[-1].cursor
    tell(store, "d")
    assert keys(read(store, newest)) == ["d"]


def test_coupons_that_changes_are_of_are_told_once_in_order(store: Store) -> None:
    told = [ChangeRow("alenka", "coupon", one) for one in ("b", "a", "b", "Ж")]
    told += [ChangeRow("alenka", "member", "m"), ChangeRow("other", "coupon", "c")]
    with store.writing() as writer:
        writer.write(Rows(changes=told))
    with store.reading() as reader:
        assert list(reader.told_coupons("alenka")) == ["a", "b", "Ж"]
        assert list(reader.told_coupons("nobody")) == []
