"""The change feed: every member that changed, as it is now, page by page, and how far the asking till is in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import requests

from loyalty.snapshot import MemberSnapshot, RedeemedDay, SpentDay
from sync.protocol import BODY_BYTES_MAX, BODY_BYTES_WANTED, ChangesPage
from tests.hub.conftest import Office, Pen

Read = Callable[..., ChangesPage]


@pytest.fixture
def read(url: str) -> Read:
    """A page over HTTP, as a till reads it."""

    def get(after: int = 0, *, limit: int = 100, till: str = "t1", programme: str = "alenka") -> ChangesPage:
        params: dict[str, Any] = {"till": till, "programme": programme, "after": after, "limit": limit}
        response = requests.get(url + "/v2/changes", params=params, timeout=20)
        assert response.status_code == 200
        return msgspec.json.decode(response.content, type=ChangesPage)

    return get


def points(member: MemberSnapshot) -> int:
    return sum(lot.points for lot in member.lots) - member.debt


def names(page: ChangesPage) -> list[str]:
    return [member.member for member in page.members]


def test_a_new_ledger_has_nothing_to_tell_but_its_keys(office: Office, read: Read) -> None:
    page = read()
    assert (page.cursor, page.more, page.watermark.sequence, page.members, page.used_coupons) == (0, False, 0, (), ())
    assert page.at == "2026-03-02T12:00:00.000000+00:00"
    assert len(page.coupon_keys["1"]) == 64 == len(page.phone_hash_key)
    again = read(after=99)
    assert again.cursor == 99 and again.coupon_keys == page.coupon_keys


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
    body = requests.get(url + "/v2/changes", params={"programme": "alenka"}, timeout=20).text
    assert "9161234567" not in body and "anna" in body


def test_pages_follow_one_another_by_the_cursor(office: Office, read: Read) -> None:
    for number in range(7):
        office.join(f"m{number}")
    seen, cursor, more = [], 0, True
    while more:
        page = read(cursor, limit=3)
        assert page.cursor > cursor
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
    marks = {till: read(till=till).watermark.sequence for till in ("t1", "t2", "t3", "")}
    assert marks == {"t1": 2, "t2": 1, "t3": 0, "": 0}
    assert points(read().members[0]) == 6


def test_another_programmes_members_and_coupons_are_not_in_it(office: Office, read: Read) -> None:
    office.join()
    office.join("petr", programme="perekrestok")
    office.take(office.sale(coupons=("aa",)))
    office.take(office.sale("petr", coupons=("bb",)), programme="perekrestok")
    ours, theirs = read(), read(programme="perekrestok")
    assert names(ours) == ["anna"] and ours.used_coupons == ("aa",)
    assert names(theirs) == ["petr"] and theirs.used_coupons == ("bb",)
    assert read(programme="unheard").members == () and ours.phone_hash_key != theirs.phone_hash_key


def test_a_used_coupon_is_told_also_when_it_was_used_twice(office: Office, read: Read, new_pen: type[Pen]) -> None:
    office.join()
    office.take(office.sale(coupons=("aa", "bb")))
    office.take(office.sale(coupons=("aa",)), pen=new_pen("t2"))
    assert read().used_coupons == ("aa", "bb")


def test_a_refused_operation_is_no_news(office: Office, read: Read) -> None:
    office.join()
    cursor = read().cursor
    office.take(office.sale("nobody", coupons=("aa",)))
    assert read(cursor).members == () and read(cursor).cursor == cursor and read(cursor).watermark.sequence == 1


def test_a_page_ends_before_it_gets_too_long(office: Office, read: Read, url: str) -> None:
    wide = tuple(f"{number:04}" + "ж" * 400 for number in range(60))
    for number in range(25):
        office.join(f"m{number:02}", favourites=wide)
    params: dict[str, Any] = {"programme": "alenka", "limit": 1_000}
    length = len(requests.get(url + "/v2/changes", params=params, timeout=20).content)
    assert BODY_BYTES_WANTED < length < BODY_BYTES_WANTED + 100_000 < BODY_BYTES_MAX
    seen, cursor, more = [], 0, True
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
    from hub.app import hub_app

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


# tills that are still to be upgraded


def test_a_till_of_protocol_1_is_told_one_number_and_what_dies_next(office: Office, url: str) -> None:
    office.join(points=5)
    office.grant(30, days=20)
    office.take(office.sale(spent=4, qualifying_kopecks=700))
    params = {"till": "t1", "programme": "alenka", "after": "0", "limit": "9"}
    page = requests.get(url + "/v1/changes", params=params, timeout=20).json()
    (anna,) = page["members"]
    assert (anna["points"], anna["accumulated_kopecks"], page["watermark"]) == (31, 700, 1)
    assert anna["expires_next"] == {"points": 26, "at": "2026-03-22T12:00:00.000000+00:00"}
    office.grant(12, start=1, days=19)  # dies with the 26, but cannot be spent before tomorrow
    (anna,) = requests.get(url + "/v1/changes", params=params, timeout=20).json()["members"]
    assert anna["expires_next"] is None and anna["points"] == 43
