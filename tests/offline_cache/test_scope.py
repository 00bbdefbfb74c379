"""A till whose hub tells it of its shop's members alone keeps those, and forgets the others without haste."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from loyalty.operation import Key
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from offline_cache.cache import ROOM, Cache
from offline_cache.records import Answer, Page, SetAside
from offline_cache.scope import FORGOTTEN_AFTER, FORGOTTEN_AT_ONCE
from storage import engine
from storage.schema import Room, migrate
from tests.offline_cache.conftest import NOW, Till

SHOP = "shop:s1"
LATER = NOW + FORGOTTEN_AFTER
MINUTE = timedelta(minutes=1)


def page(till: Till, *members: MemberSnapshot, at: Any = NOW, cursor: str = "1", **more: Any) -> None:
    told: dict[str, Any] = {"used_coupons": (), "coupon_keys": {}, "phone_hash_key": bytes(32), "watermark": Key(1, 0)}
    till.cache.changes.apply(Page(members=members, cursor=cursor, pulled_at=at, at=at, **told | more))


def known(till: Till) -> set[str]:
    return {row[0] for row in till.rows("members")}


def forget(till: Till, at: Any = LATER) -> int:
    """How often somebody was forgotten, until nobody is left."""
    times = 0
    while till.cache.changes.forget_some(at):
        times += 1
        assert times < 100
    return times


# another scope


def test_a_new_till_is_told_of_the_chain(till: Till) -> None:
    assert till.cache.changes.feed().scope == "chain"
    page(till, till.snapshot("anna"), scope="chain")
    assert till.cache.changes.feed().scope == "chain" and not till.cache.changes.forget_some(LATER)


def test_another_scope_is_another_feed_and_the_rest_is_forgotten_a_day_later(till: Till) -> None:
    page(till, till.snapshot("anna", c1="active"), till.snapshot("boris", c2="active"), cursor="7")
    page(till, till.snapshot("boris", 30, c2="active"), scope=SHOP, cursor="1")
    assert (till.cache.changes.feed().scope, till.cache.changes.feed().cursor) == (SHOP, "1")
    assert forget(till, LATER - MINUTE) == 0 and known(till) == {"anna", "boris"}, "a receipt may be open for her"
    forget(till)
    assert known(till) == {"boris"} and till.points("boris") == 30
    assert till.cache.members.card("1") is None and till.cache.members.card("2") is not None
    assert not till.cache.changes.forget_some(LATER + timedelta(days=9))
    page(till, till.snapshot("clara"), scope=SHOP, cursor="2")
    forget(till, LATER + timedelta(days=9))
    assert known(till) == {"boris", "clara"}


def test_what_the_hub_has_not_answered_keeps_its_member(till: Till) -> None:
    page(till, till.snapshot("anna", 10), till.snapshot("boris"))
    sold = till.sell(1, member="anna", earned=5)
    page(till, scope=SHOP, cursor="1")
    forget(till)
    assert known(till) == {"anna"} and till.points("anna") == 15
    answered(till, sold.sequence)
    page(till, till.snapshot("anna", 15), watermark=Key(1, 1), scope=SHOP, cursor="2")
    assert till.points("anna") == 15


def answered(till: Till, sequence: int) -> None:
    digest = till.cache.operation_hash(Key(1, sequence))
    assert digest is not None
    till.cache.answered([Answer(key=Key(1, sequence), hash=digest, result="applied")])


def test_the_way_back_to_the_chain_forgets_nobody_who_is_told_again(till: Till) -> None:
    page(till, till.snapshot("anna"), till.snapshot("boris"))
    page(till, till.snapshot("boris"), scope=SHOP)
    page(till, till.snapshot("boris"), till.snapshot("anna"), at=NOW + MINUTE, scope="chain")
    forget(till, LATER + MINUTE)
    assert known(till) == {"anna", "boris"}


def test_a_chain_s_members_go_a_few_at_a_time_and_a_till_that_is_killed_goes_on(till: Till) -> None:
    many = [till.snapshot(f"m{number:05}") for number in range(2 * FORGOTTEN_AT_ONCE + 10)]
    page(till, *many)
    page(till, many[3], many[-1], scope=SHOP)
    assert till.cache.changes.forget_some(LATER) and len(known(till)) == len(many) - FORGOTTEN_AT_ONCE + 1
    till.restart()
    forget(till)
    assert known(till) == {many[3].member, many[-1].member}


def test_coupons_of_the_chain_go_and_own_ones_stay(till: Till) -> None:
    page(till, used_coupons=("theirs", "both"))
    till.sell(1, member=None, coupons=("mine",))
    till.sell(2, member=None)
    page(till, used_coupons=("new",), scope=SHOP)
    known = {serial for serial in ("theirs", "both", "mine", "new") if till.cache.coupon_used(serial)}
    assert known == {"mine", "new"}


def test_cases_and_rows_set_aside_are_told_anew_from_the_beginning(till: Till) -> None:
    page(till, set_aside=(SetAside(kind="member", key="odd", reason="impossible"),), cursor="5")
    page(till, scope=SHOP)
    assert till.cache.changes.set_aside(9) == []


# gone


def test_who_is_gone_stays_for_a_day_unless_he_comes_again(till: Till) -> None:
    page(till, till.snapshot("anna", canna="active"), till.snapshot("boris"), till.snapshot("clara"), scope=SHOP)
    page(till, gone=("anna", "boris", "nobody"), scope=SHOP)
    page(till, till.snapshot("boris"), at=NOW + MINUTE, scope=SHOP)
    forget(till, LATER - MINUTE)
    assert known(till) == {"anna", "boris", "clara"}
    forget(till)
    assert known(till) == {"boris", "clara"} and till.cache.members.card("anna") is None
    assert till.rows("leaving") == []


def test_a_gone_member_whose_operation_waits_goes_when_it_is_answered(till: Till) -> None:
    page(till, till.snapshot("anna"), till.snapshot("boris"), scope=SHOP)
    sold = till.sell(1, member="anna", earned=5)
    page(till, gone=("anna", "boris"), scope=SHOP)
    forget(till)
    assert known(till) == {"anna"}
    answered(till, sold.sequence)
    forget(till)
    assert known(till) == set()


def test_whoever_is_named_by_his_card_alone_stays_until_that_is_answered(till: Till) -> None:
    """He was a stranger when he bought."""
    page(till, till.snapshot("anna", c1="active"), till.snapshot("boris", c2="active"), scope="chain")
    sold = till.sell(1, member=None, card="1", earned=5)
    page(till, scope=SHOP)
    page(till, gone=("anna", "boris"), scope=SHOP)
    forget(till)
    assert known(till) == {"anna"} and till.points("anna") == 5
    answered(till, sold.sequence)
    forget(till)
    assert known(till) == set()


def test_one_of_the_former_feed_whose_operation_waited_goes_too(till: Till) -> None:
    """The hub may have taken it for somebody into whom he went, and tell of that one alone."""
    page(till, till.snapshot("anna"), till.snapshot("boris"))
    sold = till.sell(1, member="anna", earned=5)
    page(till, scope=SHOP)
    page(till, gone=("boris",), scope=SHOP)
    forget(till)
    assert known(till) == {"anna"}
    answered(till, sold.sequence)
    forget(till)
    assert known(till) == set()


# one member beside the feed


def test_one_member_is_kept_as_the_hub_told_of_him(till: Till) -> None:
    page(till, till.snapshot("anna", 10, c1="active"))
    till.sell(1, member="anna", earned=5)
    told = MemberSnapshot(member="anna", debt=3, cards=(CardSnapshot(number="9", status="active"),))
    assert till.cache.changes.keep_member(told, watermark=Key(1, 0), at=NOW)
    assert till.points("anna") == 2 and till.cache.members.card("9") is not None
    assert till.cache.changes.keep_member(told, watermark=Key(1, 1), at=NOW)
    assert till.points("anna") == -3, "the sale is in it"
    assert till.cache.changes.keep_member(till.snapshot("new", c5="active"), watermark=Key(1, 1), at=NOW)
    assert till.cache.members.card("5") is not None


def test_a_word_that_comes_late_does_not_replace_a_newer_one(till: Till) -> None:
    page(till, till.snapshot("anna", 10), watermark=Key(1, 4), at=NOW)
    assert not till.cache.changes.keep_member(till.snapshot("anna", 7), watermark=Key(1, 3), at=NOW + MINUTE)
    assert not till.cache.changes.keep_member(till.snapshot("anna", 7), watermark=Key(1, 4), at=NOW - MINUTE)
    assert till.points("anna") == 10
    assert till.cache.changes.keep_member(till.snapshot("anna", 7), watermark=Key(1, 4), at=NOW + MINUTE)
    assert not till.cache.changes.keep_member(till.snapshot("anna", 8), watermark=Key(1, 4), at=NOW)
    assert till.points("anna") == 7


def test_a_word_that_cannot_be_kept_leaves_what_was_known(till: Till) -> None:
    page(till, till.snapshot("anna", 10))
    odd = MemberSnapshot(member="anna", cards=(), phone_key="no hex")
    assert not till.cache.changes.keep_member(odd, watermark=Key(1, 0), at=NOW) and till.points("anna") == 10
    page(till, set_aside=(SetAside(kind="member", key="anna", reason="impossible"),))
    assert till.cache.changes.keep_member(till.snapshot("anna", 11), watermark=Key(1, 0), at=NOW)
    assert till.cache.changes.set_aside(9) == []


def test_whom_the_hub_told_of_beside_the_feed_is_not_leaving(till: Till) -> None:
    page(till, till.snapshot("anna"), scope=SHOP)
    page(till, gone=("anna",), scope=SHOP)
    assert till.cache.changes.keep_member(till.snapshot("anna"), watermark=Key(1, 0), at=NOW + MINUTE)
    forget(till)
    assert known(till) == {"anna"}


# a file of before


def test_a_file_of_before_goes_on_in_the_chain(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    old = tmp_path / "old"
    (old / "migrations").mkdir(parents=True)
    for file in sorted((ROOM / "migrations").glob("*.sql"))[:7]:
        (old / "migrations" / file.name).write_bytes(file.read_bytes())
    with closing(engine.connect(path)) as connection:
        migrate(connection, Room(old, ROOM.name))
        connection.execute(
            "INSERT INTO members (member, generation, sequence, told) VALUES ('anna', 1, 3, ?)",
            ['{"member":"anna","cards":[],"debt":4}'],
        )
        connection.execute("INSERT INTO settings VALUES ('cursor', '17')")
    connection.close()
    cache = Cache(path, "t1")
    try:
        assert (cache.changes.feed().cursor, cache.changes.feed().scope) == (
            "17",
            "chain",
        ) and not cache.changes.forget_some(LATER)
        assert not cache.changes.keep_member(Till.snapshot("anna"), watermark=Key(1, 2), at=NOW)
        assert cache.changes.keep_member(Till.snapshot("anna"), watermark=Key(1, 3), at=NOW)
    finally:
        cache.close()
