"""What a ledger is moved by: all of it is told, and a feed is read on with the cursors of another database."""

from __future__ import annotations

from collections.abc import Callable

from hub.store.records import ChangeRow, KeptChange, ProfileRow
from hub.store.rows import Rows
from hub.store.seam import Store
from tests.hub.store.rows import PLENTY, member, plenty

FAR = 3 << 50  # far above what a database of today has counted to


def test_all_of_a_ledger_is_told_in_the_order_of_its_keys(store: Store) -> None:
    rows = plenty()
    with store.writing() as writer:
        writer.write(rows)
        writer.write(Rows(new_members=[member("silent")], settings={"phone_master_key": "é", "a": ""}))
    with store.reading() as reader:
        assert list(reader.all_profiles()) == sorted(
            row for row in rows.profiles if row != ProfileRow(row.member, None, None, ())
        )
        assert list(reader.all_programmes()) == sorted(rows.programmes)
        changes = list(reader.all_changes())
        assert [row[:2] for row in changes] == sorted(row[:2] for row in changes)
        assert len(changes) == PLENTY
        for partition in ("p0", "p1"):
            told = [(change.cursor, change.kind, change.key) for change in reader.changes(partition, "", PLENTY)]
            assert [(str(row.cursor), row.kind, row.key) for row in changes if row.partition == partition] == told
        assert reader.all_settings() == {"phone_master_key": "é", "a": ""}


def test_a_member_of_whom_one_thing_is_known_has_a_profile(store: Store) -> None:
    profiles = [
        ProfileRow("a", "+79161234567", None, ()),
        ProfileRow("b", None, "1990-05-17", ()),
        ProfileRow("c", None, None, ("чай",)),
        ProfileRow("d", None, None, (), "Анна Петрова"),
        ProfileRow("e", None, None, (), None, "anna@example.ru"),
    ]
    with store.writing() as writer:
        writer.write(Rows(new_members=[member(name) for name in "abcdef"], profiles=profiles))
    with store.reading() as reader:
        assert list(reader.all_profiles()) == profiles


def test_who_read_another_databases_feed_reads_on(open_store: Callable[[], Store]) -> None:
    carried = [KeptChange("p0", 7, "member", "anna"), KeptChange("p0", FAR, "coupon", "s1")]
    store = open_store()
    with store.writing() as writer:
        writer.carry_changes([*carried, KeptChange("p1", 8, "member", "b")])
    store.close()
    store = open_store()
    with store.writing() as writer:
        writer.write(Rows(changes=[ChangeRow("p0", "member", "later")]))
    with store.reading() as reader:
        assert [change.key for change in reader.changes("p0", "", 10)] == ["anna", "s1", "later"]
        assert [change.key for change in reader.changes("p0", "7", 10)] == ["s1", "later"]
        (last,) = reader.changes("p0", str(FAR), 10)
        assert last.key == "later"
        assert int(last.cursor) > FAR
