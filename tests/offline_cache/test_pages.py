"""The hub's pages: what they bring, that they come whole, and that they do not undo what the till did since."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loyalty.bodies import CardReissued, SaleNumber
from loyalty.lots import active_points, coming_points, next_expiry
from loyalty.operation import hash_operation, write_operation
from loyalty.snapshot import LotSnapshot, MemberSnapshot, RedeemedDay, SpentDay
from offline_cache.cache import ROOM, Cache
from offline_cache.changes import BadPage
from offline_cache.records import Answer, Feed, SetAside
from storage import engine
from storage.schema import migrate
from tests.offline_cache.conftest import Till
from tests.there import there

KEY = "0011223344556677"


def reissue(till: Till, old: str, new: str, number: str = "1") -> None:
    sale = SaleNumber(day=till.DAY, number=number)
    till.record(CardReissued(sale=sale, member="anna", old_card=old, new_card=new, fee_kopecks=0))


def test_a_new_till_knows_nothing(till: Till) -> None:
    assert till.cache.changes.feed() == Feed(cursor="", pulled_at=None)
    assert till.cache.changes.coupon_keys() == {} and till.cache.phones.keys == ()
    assert till.cache.members.member("anna") is None and till.cache.members.card("1") is None


def test_a_page_brings_members_keys_and_the_cursor(till: Till) -> None:
    anna = MemberSnapshot(
        member="anna",
        debt=5,
        cards=(),
        redeemed=(RedeemedDay(day=till.DAY, points=9, offline=2),),
        spent=(SpentDay(day=till.DAY, kopecks=7),),
        birthday="1990-05-17",
        favourites=("чай",),
    )
    till.page(anna, till.snapshot("boris", phone_key=KEY, c1="blocked", c2="active"), cursor="17")
    assert there(till.cache.members.member("anna")).told == anna and till.points() == -5
    assert list(till.cards("boris")) == ["2", "1"], "the usable card first"
    assert till.cache.members.by_phone(bytes.fromhex(KEY)) == ["boris"]
    assert till.cache.changes.feed() == Feed(cursor="17", pulled_at=till.NOW, latest_at=till.NOW, met_at=till.NOW)
    assert till.cache.changes.coupon_keys() == {1: bytes(32)} and till.cache.phones.keys == (bytes(range(32)),)


def test_a_coupon_key_that_is_told_no_more_is_forgotten(till: Till) -> None:
    """It was revoked. One that was told and cannot be read is the one of before."""
    till.page(keys={1: bytes(32), 2: b"2" * 32})
    till.page(keys={2: b"2" * 32, 3: b"3" * 32}, cursor="2")
    assert till.cache.changes.coupon_keys() == {2: b"2" * 32, 3: b"3" * 32}
    till.page(keys={3: b"3" * 32}, aside=[SetAside(kind="coupon_key", key="2", reason="impossible")], cursor="3")
    assert till.cache.changes.coupon_keys() == {2: b"2" * 32, 3: b"3" * 32}
    till.page(keys={}, cursor="4")
    assert till.cache.changes.coupon_keys() == {}


def test_people_who_share_a_phone_are_all_found(till: Till) -> None:
    till.page(till.snapshot("boris", phone_key=KEY), till.snapshot("anna", phone_key=KEY))
    assert till.cache.members.by_phone(bytes.fromhex(KEY)) == ["anna", "boris"]
    till.page(till.snapshot("anna"))
    assert till.cache.members.by_phone(bytes.fromhex(KEY)) == ["boris"], "a phone that is gone finds nobody"


def test_a_card_moves_to_whom_the_hub_says(till: Till) -> None:
    till.page(till.snapshot(c1="active"))
    till.page(till.snapshot("boris", c1="issued"))
    assert till.cards("boris") == {"1": "issued"} and till.cards("anna") == {}


@pytest.mark.parametrize(
    "bad",
    [
        {"phone_key": "not hexadecimal"},
        {"c2": "frozen"},  # a status of a newer hub
    ],
)
def test_a_member_who_cannot_be_kept_is_set_aside_and_the_page_goes_on(till: Till, bad: dict[str, Any]) -> None:
    """SEC3: one bad row never stops a page. What was known of the member before stands, his cards too."""
    till.page(till.snapshot(points=1), till.snapshot("boris", points=5, c2="active"), cursor="5")
    till.page(till.snapshot("boris", points=7, **bad), till.snapshot(points=2), cursor="6", coupons=("aa",))
    assert (till.points(), till.points("boris"), till.cards("boris")) == (2, 5, {"2": "active"})
    assert till.cache.changes.feed().cursor == "6" and till.cache.coupon_used("aa")
    assert till.cache.changes.set_aside(9) == [SetAside(kind="member", key="boris", reason="not_kept")]
    till.page(till.snapshot(points=3), cursor="7")
    assert till.cache.changes.set_aside_count() == 1, "until he is told well"
    till.page(till.snapshot("boris", points=9), cursor="8")
    assert till.cache.changes.set_aside(9) == [] and till.points("boris") == 9


def test_what_is_set_aside_is_counted_once_and_forgotten_when_the_feed_is_read_anew(till: Till) -> None:
    rows = [
        SetAside(kind="member", key="anna", reason="impossible"),
        SetAside(kind="coupon", key="aa", reason="impossible"),
        SetAside(kind="coupon_key", key="one", reason="impossible"),
        SetAside(kind="member", key="", reason="unreadable"),
    ]
    till.page(cursor="5", aside=rows)
    till.page(cursor="6", aside=rows[:1])
    till.restart()
    assert till.cache.changes.set_aside_count() == 4 and set(till.cache.changes.set_aside(9)) == set(rows)
    assert len(till.cache.changes.set_aside(2)) == 2
    till.page(cursor="7", coupons=("aa",))
    assert till.cache.changes.set_aside_count() == 3
    with till.cache.file.transaction() as connection:
        connection.execute("UPDATE settings SET value = '' WHERE name = 'cursor'")
    till.page(cursor="3", aside=rows[:1])
    assert till.cache.changes.set_aside(9) == rows[:1]


def test_a_page_that_the_file_does_not_take_is_not_kept_at_all(till: Till) -> None:
    till.page(till.snapshot(points=1), cursor="5")
    with pytest.raises(BadPage):
        till.page(till.snapshot(points=2), cursor="6", aside=[SetAside(kind="coupon", key="a\ud800", reason="x")])
    assert till.points() == 1 and till.cache.changes.feed().cursor == "5"


@pytest.mark.parametrize(("before", "after"), [("17", "17"), ("0", "")])
def test_a_till_of_before_goes_on_where_it_was(tmp_path: Path, before: str, after: str) -> None:
    """Its cursor was a number; the hub's ledger counts in the same digits, and the beginning is the empty text."""
    room = tmp_path / ROOM.name
    (room / "migrations").mkdir(parents=True)
    for file in sorted((ROOM / "migrations").glob("*.sql"))[:5]:
        (room / "migrations" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    connection = engine.connect(tmp_path / "till.db")
    migrate(connection, room)
    connection.execute("INSERT INTO settings VALUES ('till', 't1'), ('training', '0'), ('cursor', ?)", (before,))
    connection.close()
    cache = Cache(tmp_path / "till.db", "t1")
    assert cache.changes.feed().cursor == after and cache.changes.set_aside_count() == 0
    cache.close()


@pytest.mark.parametrize(("watermark", "status"), [(0, "replaced"), (1, "active")])
def test_a_lost_card_stays_dead_until_the_hub_has_heard_of_it(till: Till, watermark: int, status: str) -> None:
    """A page that was on its way while the card was replaced tells of the old one as it was."""
    till.page(till.snapshot(c1="active"))
    reissue(till, "1", "2")
    till.page(till.snapshot(points=9, c1="active"), watermark=watermark, cursor="2")
    assert till.cards()["1"] == status and till.cards()["2"] == "active"


def test_a_lost_card_that_was_blocked_meanwhile_is_still_replaced(till: Till) -> None:
    till.page(till.snapshot(c1="active"))
    reissue(till, "1", "2")
    till.page(till.snapshot(c1="blocked"), cursor="2")
    assert till.cards() == {"1": "replaced", "2": "issued"}


def test_a_refused_reissue_does_not_come_over_the_hubs_word(till: Till) -> None:
    till.page(till.snapshot(c1="active"))
    reissue(till, "1", "2")
    ((key, text),) = till.cache.outbox(1)
    till.cache.answered([Answer(key=key, hash=hash_operation(text), result="refused", reason="card_taken")])
    till.page(till.snapshot(c1="active"), cursor="2")
    assert till.cards()["1"] == "active"


def test_a_card_in_the_place_of_one_that_was_refused_is_nobodys_when_it_is_refused_too(till: Till) -> None:
    till.page(till.snapshot(c1="active"))
    reissue(till, "1", "2")
    reissue(till, "2", "3", "2")
    refused = [
        Answer(key=key, hash=hash_operation(text), result="refused", reason="card_replaced")
        for key, text in till.cache.outbox(2)
    ]
    till.cache.answered(refused)
    assert list(till.cards()) == ["1"] and till.cards()["1"] != "replaced"


# lots


def test_a_member_is_his_lots_and_own_sales_that_the_hub_does_not_know(till: Till) -> None:
    """What dies, what comes and what may be spent is known at every moment, with or without a network."""
    soon = "2026-03-03T00:00:00.000000+00:00"
    first = LotSnapshot(id="a", points=40, active_from="2026-01-01T00:00:00.000000+00:00", expires_at=soon)
    anna = msgspec.structs.replace(till.snapshot(points=100), lots=(first, *till.snapshot(points=60).lots))
    till.page(anna)
    known = till.sell(1, spent=5)
    till.page(anna, watermark=known.sequence, cursor="2")
    unknown, refused = till.sell(2, spent=7), till.sell(3, spent=9)
    till.sell(4, earned=1, accrued={"active_from": soon})
    digest = hash_operation(write_operation(refused))
    till.cache.answered([Answer(key=refused.key, hash=digest, result="refused", reason="unknown_member")])
    found = there(till.cache.members.member("anna"))
    assert [operation.sequence for operation in found.own] == [unknown.sequence, 4]
    account = found.standing(till.ALENKA).account
    midnight = datetime.fromisoformat(soon)
    assert active_points(account, till.NOW) == 100 - 7
    assert next_expiry(account, till.NOW) == (33, midnight) and coming_points(account, till.NOW) == (1, midnight)
    assert active_points(account, midnight) == 61, "the 33 are dead, the 1 has come"
    till.page(till.snapshot(points=100), watermark=4, cursor="3")
    assert there(till.cache.members.member("anna")).own == () and till.points() == 100


def test_of_nobody_nothing_is_known(till: Till) -> None:
    assert till.cache.members.member("nobody") is None


def test_a_coupon_that_came_back_may_be_used_again(till: Till) -> None:
    till.page(coupons=("aa", "bb"))
    till.page(returned=("aa",), cursor="2")
    assert not till.cache.coupon_used("aa") and till.cache.coupon_used("bb")


# the clock


def test_the_latest_moment_is_the_hubs_or_that_of_what_was_done_since(till: Till) -> None:
    assert till.cache.changes.feed().latest_at is None
    till.page()
    later = till.NOW + timedelta(hours=1)
    made = till.cache.record([till.sale(1)], sale=till.sale(1).sale, rules=till.RULES, papers=lambda made: [], at=later)
    assert till.cache.changes.feed().latest_at == later
    digest = hash_operation(write_operation(made[0]))
    till.cache.answered([Answer(key=made[0].key, hash=digest, result="applied")])
    assert till.cache.changes.feed().latest_at == till.NOW, "what the hub has heard of is in its own time"


def test_the_correction_of_the_clock_is_kept_over_a_restart(till: Till) -> None:
    assert till.cache.clock_off_s() == 0
    till.cache.set_clock_off_s(-69_120_000)
    till.restart()
    assert till.cache.clock_off_s() == -69_120_000


# the shelf


def test_a_programme_is_kept_as_it_was_when_it_was_first_used(till: Till) -> None:
    till.cache.programmes.keep("h", 'id = "x"')
    till.cache.programmes.keep("h", "another")
    till.restart()
    assert till.cache.programmes.source("h") == 'id = "x"' and till.cache.programmes.source("i") is None
