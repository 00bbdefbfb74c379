"""The change feed: every member that changed, as it is now, page by page, and how far the asking till is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import requests

from hub import feed
from hub.store.seam import Reader
from loyalty.snapshot import MemberSnapshot, RedeemedDay, SpentDay
from sync.private import Ear
from sync.protocol import BODY_BYTES_MAX, BODY_BYTES_WANTED, ChangesPage
from tests.hub.conftest import AA, BB, Office, Pen
from tests.speaking import asking

Read = Callable[..., ChangesPage]


@pytest.fixture
def read(url: str) -> Read:
    """A page over HTTP, as a till reads it."""

    def get(after: str = "", *, limit: int = 100, till: str = "t1", programme: str = "alenka") -> ChangesPage:
        ear = Ear()
        params: dict[str, Any] = {"till": till, "programme": programme, "after": after, "limit": limit}
        response = asking.get(url + "/v3/changes", params={**params, "seal_to": ear.public})
        assert response.status_code == 200
        page = msgspec.json.decode(response.content, type=ChangesPage)
        return msgspec.structs.replace(page, phone_hash_key=ear.opened(page.phone_hash_key))

    return get


def points(member: MemberSnapshot) -> int:
    return sum(lot.points for lot in member.lots) - member.debt


def names(page: ChangesPage) -> list[str]:
    return [member.member for member in page.members]


def test_a_new_ledger_has_nothing_to_tell_but_its_keys(office: Office, read: Read) -> None:
    page = read()
    assert (page.cursor, page.more, page.watermark.sequence, page.members, page.used_coupons) == ("", False, 0, (), ())
    assert page.at == "2026-03-02T12:00:00.000000+00:00"
    assert len(page.coupon_keys["1"]) == 64 == len(page.phone_hash_key)
    again = read(after="99")
    assert again.cursor == "99" and again.coupon_keys == page.coupon_keys


def test_a_member_is_told_as_it_is(office: Office, read: Read) -> None:
    office.join(points=50, phone="+79161234567", birthday="1990-05-17", favourites=("чай", "мёд"))
    office.take(office.sale(earned=3, qualifying_kopecks=700), office.reissued("cardanna", "c2"))
    (anna,) = read().members
    assert points(anna) == 53 and anna.spent == (SpentDay(day="2026-03-02", kopecks=700),)
    assert {card.number: card.status for card in anna.cards} == {"c2": "active", "cardanna": "replaced"}
    assert (anna.birthday, anna.favourites) == ("1990-05-17", ("чай", "мёд"))
    assert anna.phone_key is not None and len(anna.phone_key) == 16


def test_no_phone_number_leaves_the_hub(office: Office, url: str) -> None:
    office.join(phone="+79161234567")
    body = asking.get(url + "/v3/changes", params={"programme": "alenka"}).text
    assert "9161234567" not in body and "anna" in body


def test_sec4_the_key_of_phones_is_read_by_the_till_that_asks_and_by_nobody_who_listens(
    office: Office, url: str
) -> None:
    key, (mine, another) = office.hub.phone_hash_key("alenka").hex(), (Ear(), Ear())

    def told(seal_to: str) -> requests.Response:
        return asking.get(url + "/v3/changes", params={"programme": "alenka", "seal_to": seal_to})

    answers = [told(mine.public) for _ in range(2)]
    first, second = (answer.json()["phone_hash_key"] for answer in answers)
    assert mine.opened(first) == mine.opened(second) == key and first != second
    with pytest.raises(ValueError, match="another key"):
        another.opened(first)
    with pytest.raises(ValueError):
        mine.opened(first[:-2] + ("00" if first[-2:] != "00" else "01"))
    assert told("").json()["phone_hash_key"] == "", "to whoever names no key of his, none is told"
    assert not any(key in answer.text for answer in (*answers, told("")))
    for bad in ("00" * 32, "ab", "zz" * 32):
        assert told(bad).json()["code"] == "bad_request"


def test_pages_follow_one_another_by_the_cursor(office: Office, read: Read) -> None:
    for number in range(7):
        office.join(f"m{number}")
    seen, cursor, more = [], "", True
    while more:
        page = read(cursor, limit=3)
        assert page.cursor != cursor
        seen.append(names(page))
        cursor, more = page.cursor, page.more
    assert seen == [["m0", "m1", "m2"], ["m3", "m4", "m5"], ["m6"]]
    assert (read(cursor).members, read(cursor).cursor, read(cursor).more) == ((), cursor, False)


def test_a_full_last_page_is_the_last(office: Office, read: Read) -> None:
    for number in range(3):
        office.join(f"m{number}")
    assert read(limit=3).more is False and read(limit=2).more is True and read(limit=0).more is True


def test_a_member_who_changed_twice_is_told_once_and_as_now(office: Office, read: Read) -> None:
    office.join(points=10)
    office.join("boris")
    cursor = read().cursor
    office.take(office.sale(earned=1), office.sale(earned=2), office.sale("boris", earned=5))
    page = read(cursor)
    assert [(member.member, points(member)) for member in page.members] == [("anna", 13), ("boris", 5)]
    first = read(limit=1)
    assert names(first) == ["anna"] and points(first.members[0]) == 13, "even on a page of long ago"


def test_the_watermark_says_how_far_the_asking_till_is_in_the_page(
    office: Office, read: Read, new_pen: type[Pen]
) -> None:
    office.join()
    office.take(office.sale(earned=1), office.sale("nobody"))
    office.take(office.sale(earned=5), pen=new_pen("t2"))
    marks = {till: read(till=till).watermark.sequence for till in ("t1", "t2", "t3")}
    assert marks == {"t1": 2, "t2": 1, "t3": 0}
    assert points(read().members[0]) == 6


def test_another_programmes_members_and_coupons_are_not_in_it(office: Office, read: Read) -> None:
    office.join()
    office.join("petr", programme="perekrestok")
    office.take(office.sale(coupons=(AA,)))
    office.take(office.sale("petr", coupons=(BB,)), programme="perekrestok")
    ours, theirs = read(), read(programme="perekrestok")
    assert names(ours) == ["anna"] and ours.used_coupons == (AA,)
    assert names(theirs) == ["petr"] and theirs.used_coupons == (BB,)
    assert read(programme="unheard").members == () and ours.phone_hash_key != theirs.phone_hash_key


def test_a_used_coupon_is_told_also_when_it_was_used_twice(office: Office, read: Read, new_pen: type[Pen]) -> None:
    office.join()
    office.take(office.sale(coupons=(AA, BB)))
    office.take(office.sale(coupons=(AA,)), pen=new_pen("t2"))
    assert read().used_coupons == (AA, BB)


def test_a_refused_operation_is_no_news(office: Office, read: Read) -> None:
    office.join()
    cursor = read().cursor
    office.take(office.sale("nobody", coupons=(AA,)))
    page = read(cursor)
    assert (page.members, page.used_coupons, page.watermark.sequence) == ((), (), 1)
    assert [case.kind for case in page.cases] == ["refused"], "but for the till whose it is"
    assert read(cursor, till="t2").cursor == cursor


def test_a_page_ends_before_it_gets_too_long(office: Office, read: Read, url: str) -> None:
    wide = tuple(f"{number:04}" + "ж" * 400 for number in range(60))
    for number in range(25):
        office.join(f"m{number:02}", favourites=wide)
    params: dict[str, Any] = {"programme": "alenka", "limit": 1_000}
    length = len(asking.get(url + "/v3/changes", params=params).content)
    assert BODY_BYTES_WANTED < length < BODY_BYTES_WANTED + 100_000 < BODY_BYTES_MAX
    seen, cursor, more = [], "", True
    while more:
        page = read(cursor, limit=1_000)
        seen += names(page)
        cursor, more = page.cursor, page.more
    assert seen == [f"m{number:02}" for number in range(25)]


def test_points_that_have_died_are_not_told_any_more(office: Office, read: Read) -> None:
    office.join()
    office.grant(10, days=1)
    assert points(read().members[0]) == 10
    office.now += timedelta(days=1)
    assert points(read().members[0]) == 0


def test_keys_stay_over_a_restart(office: Office, read: Read, server: Any) -> None:
    from hub.face.tills import hub_app

    before = read()
    office.restart()
    server.app = hub_app(office.hub)
    assert read() == before


# lots


def test_a_member_is_told_as_lots_by_their_ends(office: Office, read: Read) -> None:
    office.join(points=5)
    office.grant(100, days=90)
    office.grant(30, days=20)
    office.grant(12, start=1, days=19)
    (anna,) = read().members
    assert [(lot.points, lot.expires_at) for lot in anna.lots] == [
        (30, "2026-03-22T12:00:00.000000+00:00"),
        (12, "2026-03-22T12:00:00.000000+00:00"),
        (100, "2026-05-31T12:00:00.000000+00:00"),
        (5, None),
    ]
    assert anna.lots[1].active_from == "2026-03-03T12:00:00.000000+00:00"
    office.take(office.sale(spent=40))
    assert [lot.points for lot in office.snapshot().lots] == [12, 90, 5]
    office.take(office.sale(spent=100))
    assert ([lot.points for lot in office.snapshot().lots], office.snapshot().debt) == ([12], 5)


def test_a_member_is_told_with_what_was_redeemed_today_and_bought(
    office: Office, read: Read, new_pen: type[Pen]
) -> None:
    office.join(points=500)
    office.take(office.sale(spent=30, qualifying_kopecks=100), office.sale(spent=5, link="offline"))
    office.take(office.sale(spent=70, qualifying_kopecks=20), pen=new_pen("t2"))
    (anna,) = read().members
    assert anna.redeemed == (RedeemedDay(day="2026-03-02", points=105, offline=5),)
    assert anna.spent == (SpentDay(day="2026-03-02", kopecks=1_120),)
    office.now += timedelta(days=4)
    (anna,) = read().members
    assert anna.redeemed == () and anna.spent != ()


# one who cannot be told


ODD = {
    "a birthday that never was": "UPDATE members SET birthday = '1990-02-31' WHERE member = 'odd'",
    "more points than all shops ever gave": "UPDATE lots SET granted = 4000000000000000000,"
    " remaining = 4000000000000000000 WHERE member = 'odd'",
    "points that die in the year 9999": "UPDATE lots SET expires_at = '9999-12-31T23:59:59.000000+00:00'"
    " WHERE member = 'odd'",
    "NUL in a card": "UPDATE cards SET number = 'c' || char(0) WHERE member = 'odd'",
    "a favourite of thousands of letters": "UPDATE members SET favourites = json_array(hex(zeroblob(5000)))"
    " WHERE member = 'odd'",
    "more than a page holds": "UPDATE members SET favourites = (WITH RECURSIVE one(n) AS"
    " (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < 6000)"
    " SELECT json_group_array(n || hex(zeroblob(100))) FROM one) WHERE member = 'odd'",
}


@pytest.mark.parametrize("statement", ODD.values(), ids=ODD)
def test_one_who_cannot_be_told_is_left_out_and_named(
    office: Office, read: Read, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    """SEC3: it stopped the feed of every till for ever. It is logged once, however many tills ask."""
    feed._log_once.cache_clear()
    for member in ("anna", "odd", "petr"):
        office.join(member, points=5)
    office.tamper(statement)
    for _ in range(2):
        page = read()
        assert (names(page), page.set_aside, page.more) == (["anna", "petr"], ("odd",), False)
    assert [record.getMessage()[:32] for record in caplog.records] == ["Member odd cannot be told to til"]
    assert read(page.cursor).set_aside == ()


def test_an_id_that_is_none_is_named_as_it_can_be_shown(office: Office, read: Read) -> None:
    office.join("anna")
    office.tamper(f"UPDATE changes SET key = 'a' || char(0) || '{'b' * 5_000}' WHERE key = 'anna'")
    page = read()
    assert page.members == () and page.set_aside == ("a?" + "b" * 298,)


def test_a_coupon_whose_serial_is_none_is_left_out_and_named(office: Office, read: Read) -> None:
    office.join()
    office.take(office.sale(coupons=(AA, BB)))
    office.tamper(f"UPDATE changes SET key = 'x' || char(10) WHERE key = '{AA}'")
    page = read()
    assert page.used_coupons == (BB,) and page.set_aside == ("x?",)


def test_a_page_is_read_for_many_members_at_once(office: Office) -> None:
    """B5: a read of each table for so many members, not for each of them."""
    for number in range(250):
        office.join(f"m{number:03}")
    with office.hub.store.reading() as reader:
        counting = Counting(reader)
        page = feed.page(
            counting,
            now=office.now,
            programme="alenka",
            rules=None,
            till="t1",
            generation=1,
            after="",
            limit=1_000,
            phone_hash_key=bytes(32),
            coupon_keys={},
        )
    assert len(page.members) == 250 and not page.more
    assert counting.asked["changes"] == 2, "the programme's, and the till's own"
    assert max(counting.asked.values()) <= 2


class Counting:
    """A reader, and how often it was asked for what."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self._reader, name)
