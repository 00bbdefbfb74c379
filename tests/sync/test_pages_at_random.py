"""D3: whatever a newer, ill or false hub puts where in a page, the till takes what can be, loses nothing of its own and
goes on; nothing that turns a line of text or moves a printer gets through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.programmes import load_programme
from loyalty.bodies import Accrued, Sale, SaleNumber
from loyalty.lots import balance
from offline_cache.cache import Cache, Rules
from offline_cache.changes import BadPage
from sync.answers import read_hold, read_member_now
from sync.goods_page import read_goods
from sync.pages import read_page

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALENKA = load_programme("alenka")
RULES = Rules(programme=ALENKA.id, programme_hash=ALENKA.content_hash)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

MEMBER = {
    "member": "anna",
    "cards": [{"number": "2600000000017", "status": "active", "active_from": "2026-01-01T00:00:00+00:00"}],
    "lots": [
        {"id": "l1", "points": 5, "active_from": "2026-01-01T00:00:00+00:00", "expires_at": "2027-01-01T00:00:00+00:00"}
    ],
    "debt": 0,
    "redeemed": [{"day": "2026-03-01", "points": 3, "offline": 1}],
    "spent": [{"day": "2026-03-01", "kopecks": 100}],
    "birthday": "1990-02-03",
    "favourites": ["chocolate"],
    "phone_key": "ab" * 32,
    "name": "Anna P.",
}
PAGE: dict[str, Any] = {
    "cursor": "9",
    "more": False,
    "watermark": {"generation": 1, "sequence": 0},
    "at": "2026-03-02T12:00:00+00:00",
    "members": [MEMBER, {"member": "eve", "cards": [{"number": "9", "status": "active"}]}],
    "used_coupons": ["aa"],
    "returned_coupons": ["bb"],
    "coupon_keys": {"1": "00" * 32},
    "phone_hash_key": "00" * 32,
    "set_aside": ["bob"],
    "scope": "chain",
    "gone": [],
    "cases": [{"id": "c1", "kind": "debt", "at": "2026-03-02T12:00:00+00:00", "sale": "1", "note": "x"}],
    "programmes": [{"id": "alenka", "version": "1", "hash": "0" * 64}],
}
HOLD = {"hold": "h" * 16, "points": 5, "active": 9, "at": NOW.isoformat(), "held": 4, "free": 5}
NOW_OF = {"watermark": {"generation": 1, "sequence": 0}, "at": NOW.isoformat(), "member": MEMBER, "held": 1}
GOODS = {
    "cursor": "3",
    "more": False,
    "at": NOW.isoformat(),
    "goods": [{"article": "1", "name": "Чай", "category": "tea"}, {"article": "2", "category": "tobacco"}],
    "gone": ["7"],
    "scope": "s",
}

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([2**62, 2**63, -(5 * 10**18), 10**30, -1, 0, 1.5, 1e308]),
    st.sampled_from(
        ["", "9999-12-31T23:59:59+00:00", "1990-02-31", "2026-03-02", "blocked?", "\x1b[2J", "\u202eabc", "x" * 5_000]
    ),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """All places of a JSON value."""
    if path:
        yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from places(inner, (*path, step))


def assert_harmless(told: Any) -> None:
    """No text of it turns a line or moves a printer."""
    value = msgspec.to_builtins(told)
    texts = [value] if isinstance(value, str) else (_at(value, path) for path in places(value))
    for text in texts:
        assert not isinstance(text, str) or CONTROL.search(text) is None


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def with_odd(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """The value, with something odd in one place."""
    if not path:
        return odd
    copy = value.copy()
    copy[path[0]] = with_odd(value[path[0]], path[1:], odd)
    return copy


def spoiled(value: dict[str, Any]) -> st.SearchStrategy[bytes]:
    spoils = st.lists(st.tuples(st.sampled_from(list(places(value))), ODD), min_size=1, max_size=3)

    def made(odd_ones: list[tuple[tuple[Any, ...], Any]]) -> bytes:
        told = value
        for path, odd in odd_ones:
            with suppress(KeyError, IndexError, TypeError, AttributeError):  # what stood there is gone already
                told = with_odd(told, path, odd)
        return msgspec.json.encode(told)

    return spoils.map(made)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    folder: Path = tmp_path_factory.mktemp("odd")
    cache = Cache(folder / "till.db", "t1")
    sale = Sale(
        sale=SaleNumber(day="2026-03-02", number="1"),
        member="anna",
        card="2600000000017",
        link="offline",
        lines=(),
        total_kopecks=100,
        paid_kopecks=100,
        qualifying_kopecks=100,
        accrued=Accrued(points=7),
    )
    cache.record([sale], sale=sale.sale, rules=RULES, papers=lambda made: [], at=NOW)
    yield cache
    cache.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=spoiled(PAGE))
def test_d3_a_page_with_anything_anywhere(cache: Cache, body: bytes) -> None:
    outbox = cache.outbox(10)
    try:
        page = read_page(body)
    except (ValueError, RecursionError):
        return
    with suppress(BadPage):
        cache.changes.apply(replace(page, pulled_at=page.at))
    assert cache.outbox(10) == outbox, "nothing that the hub says takes an operation away"
    keys = (row.key for row in cache.changes.set_aside(100))
    for told in (*page.members, *page.used_coupons, *page.gone, *keys, *page.cases):
        assert_harmless(told)
    for member in ("anna", "eve"):
        found = cache.members.member(member)
        if found is not None:
            balance(found.standing(ALENKA).account, NOW)


@settings(max_examples=60, deadline=None)
@given(hold=spoiled(HOLD), member=spoiled(NOW_OF), goods=spoiled(GOODS))
def test_d3_what_is_answered_while_somebody_waits(hold: bytes, member: bytes, goods: bytes) -> None:
    """It is what it can be, or no answer."""
    with suppress(ValueError, RecursionError):
        assert 0 <= read_hold(hold).points < 2**62
    with suppress(ValueError, RecursionError):
        now = read_member_now(member)
        assert_harmless(now)
    with suppress(ValueError, RecursionError):
        assert_harmless(list(read_goods(goods).goods))
