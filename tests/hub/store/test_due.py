"""What the clock makes due, as a ledger finds it; and a job that one process does at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from hub.store.office_records import SeenRow
from hub.store.records import CardRow, JobRow, OnceRow, ProfileRow
from hub.store.rows import Rows
from hub.store.seam import Store
from tests.hub.store.rows import NOW, hold, lot, member

MINUTE = timedelta(minutes=1)
HUBS = 8


def write(store: Store, rows: Rows) -> None:
    with store.writing() as writer:
        writer.write(rows)


def take(store: Store, holder: str, now: datetime = NOW, job: str = "expiry") -> bool:
    with store.writing() as writer:
        return writer.take_job(job, holder, now, now + MINUTE)


def jobs(store: Store) -> dict[str, JobRow]:
    with store.reading() as reader:
        return reader.jobs()


# points that died


def test_members_whose_points_died_are_found_until_it_is_booked(store: Store) -> None:
    lots = [
        lot("1", 5, "anna", expires_at=NOW),
        lot("2", 5, "anna", expires_at=NOW - MINUTE),
        lot("1", 5, "boris", expires_at=NOW + timedelta(microseconds=1)),
        lot("1", 5, "vera", expires_at=NOW - MINUTE * 2),
        lot("1", 5, "petr", expires_at=NOW - MINUTE, remaining=0, expired=5),
        lot("1", 5, "zoe"),
        lot("1", 5, "yuri", expires_at=NOW - MINUTE * 9),
    ]
    members = [member(row.member) for row in lots[1:6]] + [member("yuri", "perekrestok")]
    write(store, Rows(new_members=members, new_lots=lots))
    first, second, boris, vera, _, _, yuri = lots
    with store.reading() as reader:
        assert reader.died_unspent(NOW, None, 10) == [yuri, vera, second, first], "those that died first come first"
        assert reader.died_unspent(NOW, None, 2) == [yuri, vera]
        assert reader.died_unspent(NOW, vera, 2) == [second, first] and reader.died_unspent(NOW, first, 2) == []
        assert reader.died_unspent(NOW - MINUTE * 3, None, 10) == [yuri]
    write(store, Rows(lots=[row._replace(remaining=0, expired=5) for row in (yuri, vera, first)]))
    with store.reading() as reader:
        assert reader.died_unspent(NOW, None, 10) == [second]
        assert reader.died_unspent(NOW + MINUTE, None, 10) == [second, boris]


def test_lots_of_one_end_come_in_the_order_of_members(store: Store) -> None:
    names = [f"m{number}" for number in range(9)]
    lots = [lot(str(number), 5, name, expires_at=NOW) for name in names[::-1] for number in range(2)]
    write(store, Rows(new_members=[member(name) for name in names], new_lots=lots))
    with store.reading() as reader:
        assert [row.member for row in reader.died_unspent(NOW, None, 20)] == [name for name in names for _ in range(2)]
        found = reader.died_unspent(NOW, lots[-1], 3)
        assert [row.member for row in found] == ["m1", "m1", "m2"]
        assert {row.member for row in reader.died_unspent(NOW, found[-1], 20)} == set(names[3:])


# cards of paper forms


def test_pending_cards_are_due_from_their_moment_on(store: Store) -> None:
    cards = [
        CardRow("c1", "anna", "pending", NOW),
        CardRow("c2", "boris", "pending", NOW - MINUTE),
        CardRow("c3", "anna", "pending", NOW + MINUTE),
        CardRow("c4", "anna", "active", NOW - MINUTE),
        CardRow("c5", "anna", "pending"),
        CardRow("c0", "vera", "pending", NOW, "c9"),
    ]
    write(store, Rows(new_members=[member(name) for name in ("anna", "boris", "vera")], new_cards=cards))
    with store.reading() as reader:
        assert reader.due_cards(NOW, 10) == [cards[1], cards[5], cards[0]]
        assert reader.due_cards(NOW, 1) == [cards[1]]
        assert reader.due_cards(NOW - MINUTE * 2, 10) == []


# birthdays


def born(store: Store, *people: tuple[str, str | None], **more: Any) -> None:
    members = [member(name, registered=True)._replace(**more) for name, _ in people]
    write(store, Rows(new_members=members, profiles=[ProfileRow(name, None, day, ()) for name, day in people]))


def test_who_was_born_on_a_day_is_found_in_pages_until_it_is_done(store: Store) -> None:
    born(store, ("dan", "1990-05-17"), ("anna", "2001-05-17"), ("boris", "1990-05-18"), ("vera", None))
    born(store, ("cleo", "0001-05-17"))
    born(store, ("guest", "1990-05-17"), registered=False)
    born(store, ("gone", "1990-05-17"), merged_into="anna")
    born(store, ("stranger", "1990-05-17"), programme="perekrestok")
    with store.reading() as reader:
        assert reader.born_on("alenka", "05-17", "birthday/2026", "", 10) == ["anna", "cleo", "dan"]
        assert reader.born_on("alenka", "05-17", "birthday/2026", "", 2) == ["anna", "cleo"]
        assert reader.born_on("alenka", "05-17", "birthday/2026", "cleo", 2) == ["dan"]
        assert reader.born_on("alenka", "05-18", "birthday/2026", "", 2) == ["boris"]
        assert reader.born_on("alenka", "02-29", "birthday/2026", "", 2) == []
    write(store, Rows(once=[OnceRow("cleo", "birthday/2026"), OnceRow("dan", "birthday/2025")]))
    with store.reading() as reader:
        assert reader.born_on("alenka", "05-17", "birthday/2026", "", 10) == ["anna", "dan"]
        done = [OnceRow("cleo", "birthday/2026"), OnceRow("dan", "birthday/2025")]
        assert reader.once_of(["dan", "anna", "cleo", "nobody"]) == done and reader.once_of([]) == []


# phones


def test_who_has_a_number_is_found_in_the_order_of_members(store: Store) -> None:
    phone = "+79161234567"
    people = [member("vera"), member("anna"), member("gone", merged_into="anna"), member("olga", "perekrestok")]
    profiles = [ProfileRow(row.member, phone, None, ()) for row in people]
    write(store, Rows(new_members=[*people, member("boris")], profiles=profiles))
    write(store, Rows(profiles=[ProfileRow("boris", "+79161234568", None, ())]))
    with store.reading() as reader:
        assert reader.with_phone("alenka", phone) == ["anna", "vera"]
        assert reader.with_phone("perekrestok", phone) == ["olga"] and reader.with_phone("alenka", "+7 916") == []
        assert reader.with_phones("alenka", [phone, "+79161234568", "+79160000000", "", phone + "\0"]) == {
            phone: ["anna", "vera"],
            "+79161234568": ["boris"],
        }
        assert reader.with_phones("alenka", []) == {}
        assert reader.with_phone("alenka", "") == [] == reader.with_phone("nothing", phone + "\0")


# holds, and who is seen where


def test_holds_in_every_state_are_due_from_their_end_on_the_earliest_first(store: Store) -> None:
    holds = [
        hold("h2", until=NOW),
        hold("h1", until=NOW, state="confirmed"),
        hold("h9", owner="boris", until=NOW - MINUTE, state="voided"),
        hold("h3", until=NOW + timedelta(microseconds=1)),
        hold("h0", owner="aaron", until=NOW),
    ]
    write(store, Rows(new_holds=holds))
    with store.reading() as reader:
        assert reader.due_holds(NOW, 9) == [holds[2], holds[4], holds[1], holds[0]]
        assert reader.due_holds(NOW, 2) == [holds[2], holds[4]]
        assert reader.due_holds(NOW - 2 * MINUTE, 9) == []


def test_who_was_not_seen_for_long_is_due_the_earliest_first(store: Store) -> None:
    seen = [
        SeenRow("anna", "s2", NOW),
        SeenRow("anna", "s1", NOW),
        SeenRow("boris", "s1", NOW - MINUTE),
        SeenRow("boris", "s2", NOW + timedelta(microseconds=1)),
    ]
    write(store, Rows(seen=seen))
    with store.reading() as reader:
        assert reader.due_seen(NOW, 9) == [seen[2], seen[1], seen[0]]
        assert reader.due_seen(NOW, 1) == [seen[2]] and reader.due_seen(NOW - 2 * MINUTE, 9) == []


# one at a time


def test_a_job_is_one_processs_until_it_lets_go(store: Store) -> None:
    assert jobs(store) == {}
    assert take(store, "first") and not take(store, "second") and take(store, "second", job="birthday")
    assert take(store, "first", NOW + MINUTE / 2), "who holds it goes on holding it"
    assert not take(store, "second", NOW + MINUTE)
    with store.writing() as writer:
        assert not writer.end_job("expiry", "second", NOW, 7) and not writer.leave_job("expiry", "second")
        assert writer.end_job("expiry", "first", NOW, 7) and not writer.end_job("expiry", "first", NOW, 8)
        assert not writer.leave_job("nothing", "first")
    assert jobs(store)["expiry"] == JobRow("expiry", NOW, 7)
    assert take(store, "second", NOW + MINUTE)
    assert jobs(store)["expiry"] == JobRow("expiry", NOW, 7, "second", NOW + 2 * MINUTE), "what was done stays"
    with store.writing() as writer:
        assert writer.leave_job("expiry", "second")
    assert jobs(store)["expiry"] == JobRow("expiry", NOW, 7) and take(store, "third")


def test_a_dead_holders_job_is_free_when_its_time_is_over(store: Store) -> None:
    assert take(store, "dead") and not take(store, "living", NOW + MINUTE - timedelta(microseconds=1))
    assert take(store, "living", NOW + MINUTE) and not take(store, "dead", NOW + MINUTE)


def test_a_time_that_a_wrong_clock_took_binds_nobody(store: Store) -> None:
    """A hub whose clock was a year ahead held a job for a year."""
    assert take(store, "ahead", NOW + timedelta(days=365)) and take(store, "right", NOW)
    assert not take(store, "a little behind", NOW - MINUTE / 2)


def test_of_many_who_take_it_at_once_one_has_it(store: Store) -> None:
    with ThreadPoolExecutor(HUBS) as pool:
        for round in range(5):
            at = NOW + 2 * MINUTE * round
            had = list(pool.map(lambda hub, at=at: take(store, f"hub {hub}", at), range(HUBS)))
            assert sum(had) == 1, round
            assert jobs(store)["expiry"].holder == f"hub {had.index(True)}"


def test_a_transaction_that_is_undone_takes_nothing(store: Store) -> None:
    class Stop(Exception):
        pass

    try:
        with store.writing() as writer:
            assert writer.take_job("expiry", "first", NOW, NOW + MINUTE)
            raise Stop
    except Stop:
        pass
    assert jobs(store) == {} and take(store, "second")
