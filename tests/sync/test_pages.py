"""Pages that a newer or ill hub might send: a wrong frame changes nothing, and one bad row never stops a page."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from loyalty.operation import Key
from loyalty.snapshot import MemberSnapshot
from offline_cache.records import Page, SetAside
from tests.sync.conftest import Open, Reply, Shop


def page(**changes: Any) -> bytes:
    fields = {
        "cursor": "9",
        "more": False,
        "watermark": {"generation": 1, "sequence": 0},
        "at": "2026-03-02T12:00:00+00:00",
        "members": [{"member": "eve", "cards": [{"number": "9", "status": "active"}]}],
        "used_coupons": ["aa"],
        "coupon_keys": {"1": "00" * 32},
        "phone_hash_key": "00" * 32,
    }
    return msgspec.json.encode(fields | changes)


def with_bytes(field: str, value: bytes) -> bytes:
    """A page where something stands that no encoder writes."""
    return page(**{field: "HERE"}).replace(b'"HERE"', value)


def test_the_page_of_these_tests_is_a_good_one(shop: Shop, network: Open, reply: Reply) -> None:
    worker = shop.worker(network(reply(page())).url)
    shop.drain(worker)
    assert worker.state.online and shop.cache.changes.feed().cursor == "9" and shop.cache.changes.set_aside_count() == 0


def test_fields_of_a_newer_hub_are_no_obstacle(shop: Shop, network: Open, reply: Reply) -> None:
    client = shop.client(network(reply(page(weather="sunny"))).url)
    got = client.changes(till="t1", generation=1, programme="alenka", after="", limit=1)
    assert got.members == (MemberSnapshot(member="eve", cards=got.members[0].cards),)


BAD_FRAMES = {
    "a phone hash key cut short": page(phone_hash_key="00"),
    "a phone hash key that is none": page(phone_hash_key="zz" * 32),
    "a time without a zone": page(at="2026-03-02T12:00:00"),
    "a time that is none": page(at="noon"),
    "a time in a year that is none of ours": page(at="9999-12-31T23:59:59+00:00"),
    "more, and the same cursor": page(cursor="1", more=True),
    "a cursor that is a number": page(cursor=9),
    "an endless cursor": page(cursor="9" * 65),
    "a cursor with a letter that is not seen": page(cursor="9\x00"),
    "a negative watermark": page(watermark={"generation": 1, "sequence": -1}),
    "members that are no list": page(members=7),
    "a scope that nobody has": page(scope="town"),
    "a scope of no text": page(scope="shop:\n"),
    "an endless scope": page(scope="shop:" + "s" * 60),
    "a scope that is none": page(scope=None),
    "gone that is no list": page(gone=7),
    "brackets without end": with_bytes("members", b"[" * 100_000),
    "a number without end": with_bytes("more", b"1" * 100_000),
}


@pytest.mark.parametrize("body", BAD_FRAMES.values(), ids=BAD_FRAMES)
def test_a_page_whose_frame_is_wrong_changes_nothing(shop: Shop, network: Open, reply: Reply, body: bytes) -> None:
    shop.join("anna")
    shop.drain(shop.worker())
    cursor = shop.cache.changes.feed().cursor
    assert cursor == "1"
    worker = shop.worker(network(reply(body)).url)
    assert worker.step(0.0) > 0.0
    assert (worker.state.online, worker.state.code) == (False, "unclear") and "\n" not in worker.state.cause
    assert shop.cache.changes.feed().cursor == cursor and not shop.cache.coupon_used("aa")
    assert shop.cache.members.member("eve") is None and shop.cache.members.card("9") is None
    shop.drain(shop.worker())


def test_names_of_nobody_among_those_who_are_gone_are_passed_over(shop: Shop, network: Open, reply: Reply) -> None:
    client = shop.client(network(reply(page(scope="shop:s1", gone=["anna", 7, "", "a\n", ["b"], "eve"]))).url)
    got = client.changes(till="t1", generation=1, programme="alenka", after="", limit=1)
    assert (got.scope, got.gone) == ("shop:s1", ("anna", "eve"))


def test_nothing_is_concluded_from_a_cursor(shop: Shop, network: Open, reply: Reply) -> None:
    """It is the hub's own text: the next one may look smaller."""
    shop.cache.changes.apply(
        Page(
            members=[],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=bytes(32),
            watermark=Key(1, 0),
            cursor="b",
            pulled_at=None,
        )
    )
    served = network(reply(page(cursor="a", more=True)))
    worker = shop.worker(served.url)
    assert worker.step(0.0) == 0.0 and shop.cache.changes.feed().cursor == "a"
    assert b"after=b" in served.requests[0]


# rows

LOT = {"id": "1", "points": 1, "active_from": "2026-01-01T00:00:00.000000+00:00"}
DAY = {"day": "2026-03-02", "points": 1}
CARD = {"number": "9", "status": "active"}


def eve(**changes: Any) -> dict[str, Any]:
    return {"member": "eve", "cards": []} | changes


UNREADABLE: dict[str, Any] = {
    "a status of the member nobody knows": eve(status="asleep"),
    "points of no number's size": eve(debt=10**40),
    "points below all": eve(lots=[LOT | {"points": -5 * 10**18}]),
    "points above all": eve(lots=[LOT | {"points": 10**18}]),
    "points that are a fraction": eve(debt=1.5),
    "points in words": eve(debt="many"),
    "a lot without an id": eve(lots=[{"points": 1}]),
    "a moment that is none": eve(lots=[LOT | {"active_from": "noon"}]),
    "a moment without a zone": eve(lots=[LOT | {"active_from": "2026-01-01T00:00:00"}]),
}
IMPOSSIBLE: dict[str, Any] = {
    "a status of a card nobody knows": eve(cards=[CARD | {"status": "x"}]),
    "more points than all shops ever gave": eve(lots=[LOT | {"points": 10**12 + 1}]),
    "more points than that in all": eve(lots=[LOT | {"points": 10**12}, LOT | {"id": "2"}]),
    "a debt beyond all": eve(debt=10**13),
    "purchases beyond all": eve(spent=[{"day": "2026-03-02", "kopecks": 10**17}]),
    "a lot twice": eve(lots=[LOT, LOT]),
    "a card twice": eve(cards=[CARD, CARD]),
    "a day twice": eve(redeemed=[DAY, DAY]),
    "a phone key that is none": eve(phone_key="zz"),
    "a birthday that never was": eve(birthday="1990-02-31"),
    "a birthday written otherwise": eve(birthday="19900217"),
    "a day that is none": eve(spent=[{"day": "2026-13-01", "kopecks": 1}]),
    "the year 9999": eve(lots=[LOT | {"expires_at": "9999-12-31T23:59:59+00:00"}]),
    "the year 1": eve(cards=[CARD | {"status": "pending", "active_from": "0001-01-01T00:00:00+00:00"}]),
    "NUL in a card": eve(cards=[CARD | {"number": "9\x00"}]),
    "a card without a number": eve(cards=[CARD | {"number": ""}]),
    "a favourite of thousands of letters": eve(favourites=["ж" * 5_000]),
}
AT = "2026-03-02T12:00:00+00:00"
BAD_CASES: dict[str, Any] = {
    "no case": 7,
    "a case without a moment": {"id": "debt/t1/1/1", "kind": "debt"},
    "a case of no state": {"id": "x", "kind": "debt", "opened_at": AT, "state": "lost"},
    "costs below nothing": {"id": "x", "kind": "debt", "opened_at": AT, "cost_points": -1},
    "a note that turns the text round": {"id": "x", "kind": "debt", "opened_at": AT, "note": "a\u202eb"},
}
ODD_NAMES: dict[str, tuple[Any, str, str]] = {  # the row, what is told of its id, why
    "NUL in an id": (eve(member="e\x00ve"), "e?ve", "impossible"),
    "letters that turn the text around": (eve(member="e\u202eve"), "e?ve", "impossible"),
    "thousands of letters": (eve(member="e" * 5_000), "e" * 300, "impossible"),
    "nobody": ({"name": "eve", "cards": []}, "", "unreadable"),
    "a number": (7, "", "unreadable"),
    "nothing": (None, "", "unreadable"),
}
BAD_ROWS = (
    {name: (row, "eve", "unreadable") for name, row in UNREADABLE.items()}
    | {name: (row, "eve", "impossible") for name, row in IMPOSSIBLE.items()}
    | ODD_NAMES
)


@pytest.mark.parametrize(("row", "key", "reason"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_row_that_cannot_be_is_set_aside_and_the_rest_is_taken(
    shop: Shop, network: Open, reply: Reply, row: Any, key: str, reason: str
) -> None:
    """SEC3, D3: what was known of the member stands, and the feed goes on."""
    before = eve(cards=[CARD | {"number": "8"}], lots=[LOT | {"points": 50}])
    shop.drain(shop.worker(network(reply(page(members=[before]))).url))
    boris = {"member": "boris", "cards": [CARD | {"number": "7"}]}
    worker = shop.worker(network(reply(page(cursor="10", members=[row, boris]))).url)
    shop.drain(worker)
    assert (
        worker.state.online
        and shop.cache.changes.feed().cursor == "10"
        and shop.cache.changes.feed().pulled_at is not None
    )
    assert shop.cache.changes.set_aside(9) == [SetAside(kind="member", key=key, reason=reason)]
    assert shop.till_points("eve") == 50 and shop.cache.members.card("9") is None
    assert shop.cache.members.card("7") is not None and shop.cache.members.card("8") is not None


def test_coupons_and_keys_that_cannot_be_are_set_aside_too(shop: Shop, network: Open, reply: Reply) -> None:
    body = page(
        used_coupons=["aa", 7, "b\x00b", "c" * 5_000, "dd"],
        returned_coupons=[None, "ee"],
        coupon_keys={"1": "00" * 32, "2": "00" * 31, "one": "00" * 32, "4": 4, "999999999": "00" * 32},
        set_aside=["petr", 9],
    )
    worker = shop.worker(network(reply(body)).url)
    shop.drain(worker)
    assert worker.state.online and all(map(shop.cache.coupon_used, ("aa", "dd")))
    assert list(shop.cache.changes.coupon_keys()) == [1]
    assert {(row.kind, row.key[:4], row.reason) for row in shop.cache.changes.set_aside(99)} == {
        ("coupon", "", "unreadable"),
        ("coupon", "b?b", "impossible"),
        ("coupon", "cccc", "impossible"),
        ("coupon_key", "2", "impossible"),
        ("coupon_key", "one", "impossible"),
        ("coupon_key", "4", "impossible"),
        ("coupon_key", "9999", "impossible"),
        ("member", "petr", "not_told"),
        ("member", "", "not_told"),
    }


@pytest.mark.parametrize("row", BAD_CASES.values(), ids=BAD_CASES)
def test_a_case_that_cannot_be_read_stops_no_page(shop: Shop, network: Open, reply: Reply, row: Any) -> None:
    good = {"id": "clock/t1/1/2", "kind": "clock", "opened_at": AT}
    worker = shop.worker(network(reply(page(cases=[row, good]))).url)
    shop.drain(worker)
    assert worker.state.online and shop.cache.changes.feed().cursor == "9" and shop.cache.changes.set_aside_count() == 0
    assert [case.id for case in shop.cache.cases.newest_open(9)] == ["clock/t1/1/2"]
