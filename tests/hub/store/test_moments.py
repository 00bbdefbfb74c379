"""Readers see one moment and hold nobody up; writers do not lose what another one wrote."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from hub.store.errors import Clash
from hub.store.records import ChainEnd, ChainKey, ChangeRow, DayRow, Place
from hub.store.rows import Rows
from hub.store.seam import Store
from tests.hub.store.rows import NOW, hold, lot, member, operation

WRITERS = 8
TIMES = 12
TRIES = 200  # of one that loses every race; far more than there are others
Value = TypeVar("Value")


def debt(store: Store) -> int:
    with store.reading() as reader:
        return reader.members(["anna"])["anna"].debt


def owe(store: Store, points: int) -> None:
    with store.writing() as writer:
        writer.write(Rows(members=[member("anna", debt=points)]))


def join(store: Store) -> None:
    with store.writing() as writer:
        writer.write(Rows(new_members=[member("anna", debt=1)], new_lots=[lot("t1/1/1", 5)]))


def at_once(tasks: list[Callable[[], Value]]) -> list[Value]:
    """All of them in threads that begin together."""
    together = Barrier(len(tasks))

    def run(task: Callable[[], Value]) -> Value:
        together.wait(timeout=10)
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks, timeout=60))


def until_it_is_done(task: Callable[[], Value]) -> Value:
    for _ in range(TRIES):
        try:
            return task()
        except Clash:
            continue
    raise AssertionError("it always lost")


def test_a_reader_sees_the_moment_at_which_it_was_opened(store: Store) -> None:
    join(store)
    with store.reading() as before:
        owe(store, 2)  # before it has read anything
        with store.reading() as after:
            owe(store, 3)
            assert before.members(["anna"])["anna"].debt == 1
            assert after.members(["anna"])["anna"].debt == 2
            assert [row.debt for row in before.all_members()] == [1]
        assert debt(store) == 3
        assert before.members(["anna"])["anna"].debt == 1


def test_one_moment_is_one_for_all_tables(store: Store) -> None:
    """A page of the feed reads members, lots and cards one after another."""
    join(store)
    with store.reading() as reader:
        assert reader.members(["anna"])["anna"].debt == 1
        with store.writing() as writer:
            writer.write(Rows(members=[member("anna", debt=0)], lots=[lot("t1/1/1", 5, remaining=4)]))
            writer.write(Rows(days=[DayRow("anna", "2026-03-02", 1, 0, 0)], changes=[ChangeRow("p", "member", "anna")]))
        assert [one.remaining for one in reader.open_lots(["anna"], NOW)] == [5]
        assert reader.days_of(["anna"], "") == [] and reader.changes("p", "", 9) == []


def test_what_is_not_committed_is_seen_by_nobody(store: Store) -> None:
    join(store)
    with store.writing() as writer:
        writer.write(Rows(members=[member("anna", debt=2)]))
        assert debt(store) == 1, "and nobody waits for it"
    assert debt(store) == 2


def test_readers_hold_no_writer_up(store: Store) -> None:
    """B5: `verify` and a page of the feed while tills are served. One thread does both: waiting would be for ever."""
    join(store)
    with store.reading() as first, store.reading() as second:
        assert first.counts() == second.counts()
        stream = first.all_members()
        next(stream)
        for points in range(2, 30):
            owe(store, points)
            assert debt(store) == points
        assert list(stream) == [] and second.members(["anna"])["anna"].debt == 1


def test_a_writer_holds_no_reader_up(store: Store) -> None:
    """B5, the other way round, also from other threads."""
    join(store)
    with store.writing() as writer:
        writer.locked_members(["anna"])
        writer.write(Rows(members=[member("anna", debt=9)]))
        assert at_once([lambda: debt(store)] * 12) == [1] * 12


def test_readers_in_many_threads_each_have_their_own_moment(store: Store) -> None:
    join(store)

    def look() -> bool:
        with store.reading() as reader:
            found = {reader.members(["anna"])["anna"].debt for _ in range(5)}
            return len(found) == 1

    def write() -> bool:
        for points in range(20):
            owe(store, points)
        return True

    assert all(at_once([write, *[look] * 10]))


def test_who_locks_members_loses_nothing_of_the_others(store: Store) -> None:
    join(store)
    with store.writing() as writer:
        writer.write(Rows(new_members=[member("boris")]))

    def owe_more() -> None:
        with store.writing() as writer:
            rows = writer.locked_members(["boris", "anna"]).values()
            writer.write(Rows(members=[row._replace(debt=row.debt + 1) for row in rows]))

    def often() -> None:
        for _ in range(TIMES):
            until_it_is_done(owe_more)

    at_once([often] * WRITERS)
    assert debt(store) == 1 + WRITERS * TIMES


def test_r03_of_many_who_reserve_the_same_points_at_once_as_many_hold_them_as_there_is_for(store: Store) -> None:
    """R03: each looks at what the others hold, and at his member before that."""
    join(store)  # with five points

    def reserve(name: str) -> bool:
        with store.writing() as writer:
            writer.locked_members(["anna"])
            free = 5 - sum(one.holds_at(NOW) for one in writer.holds_of(["anna"]))
            if free >= 2:
                writer.write(Rows(new_holds=[hold(name, 2)]))
            return free >= 2

    got = at_once([lambda n=n: until_it_is_done(lambda: reserve(f"h{n}")) for n in range(WRITERS)])  # type: ignore[misc]
    assert got.count(True) == 2
    with store.reading() as reader:
        assert [one.hold for one in reader.holds_of(["anna"])] == [f"h{n}" for n, won in enumerate(got) if won]


def test_who_locks_in_any_order_is_done_in_the_end(store: Store) -> None:
    """Two that wait for each other: one of them gets a Clash and comes again."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    names = [f"m{n}" for n in range(6)]
    with store.writing() as writer:
        writer.write(Rows(new_members=[member(name) for name in names]))

    def owe_some(dice: random.Random) -> None:
        with store.writing() as writer:
            for chosen in dice.sample(names, 3):
                row = writer.locked_members([chosen])[chosen]
                writer.write(Rows(members=[row._replace(debt=row.debt + 1)]))

    def often(number: int) -> None:
        dice = random.Random(f"{seed}/{number}")
        for _ in range(TIMES // 2):
            until_it_is_done(lambda: owe_some(dice))

    at_once([lambda n=n: often(n) for n in range(4)])  # type: ignore[misc]
    with store.reading() as reader:
        assert sum(row.debt for row in reader.members(names).values()) == 4 * (TIMES // 2) * 3


def test_a_chain_that_many_go_on_has_no_gap_and_no_fork(store: Store) -> None:
    """Also the first of them, when the chain is not there yet: the office and the jobs share one."""
    key = ChainKey("hub", 1)

    def go_on() -> None:
        with store.writing() as writer:
            end = writer.locked_chains([key]).get(key, ChainEnd("hub", 1, 0, ""))
            next_one = end.sequence + 1
            text = f"{end.sequence}->{next_one}"
            writer.write(
                Rows(
                    operations=[operation(next_one, "hub", text=text)],
                    chains=[ChainEnd("hub", 1, next_one, text)],
                )
            )

    def often() -> None:
        for _ in range(TIMES):
            until_it_is_done(go_on)

    at_once([often] * WRITERS)
    many = WRITERS * TIMES
    with store.reading() as reader:
        assert reader.chain_ends([key])[key].sequence == many
        kept = reader.operations([Place("hub", 1, n) for n in range(1, many + 2)])
        assert [kept[Place("hub", 1, n)].text for n in range(1, many + 1)] == [
            f"{n - 1}->{n}" for n in range(1, many + 1)
        ]
        assert len(kept) == many


def test_of_many_that_take_one_new_key_one_has_it(store: Store) -> None:
    def take(number: int) -> bool:
        try:
            with store.writing() as writer:
                if writer.members(["vera"]):
                    return False
                writer.write(Rows(new_members=[member("vera", debt=number)]))
        except Clash:
            return False
        return True

    won = at_once([lambda n=n: take(n) for n in range(WRITERS)])  # type: ignore[misc]
    assert won.count(True) == 1
    with store.reading() as reader:
        assert reader.members(["vera"])["vera"].debt == won.index(True)


def test_two_ledgers_opened_beside_each_other_are_one(open_store: Callable[[], Store]) -> None:
    """An office command beside a serving hub."""
    serving, office = open_store(), open_store()
    join(serving)
    owe(office, 5)
    assert debt(serving) == 5 == debt(office)
    with serving.reading() as reader:
        owe(office, 6)
        assert reader.members(["anna"])["anna"].debt == 5
    assert debt(serving) == 6
