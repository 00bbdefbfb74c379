"""An offline till whose clock is set back: the word of the hub is as old as it is, and what has ended has ended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from config.programmes import load_programme
from offline_cache.cache import Cache
from pos_agent.checkout import Checkout
from pos_agent.latest_moment import LOOKED_EVERY_S, SET_RIGHT_S, LatestMoment
from pos_agent.protocol import Redeem
from tests.pos_agent.conftest import ANNA, KEY, NOW, Desk, known_members


def desk_of(cache: Cache) -> Desk:
    checkout = Checkout(cache, load_programme("alenka"), language="en", receipt_language="en", is_online=lambda: False)
    return Desk(checkout, cache, KEY, [False])


def test_a_clock_set_back_does_not_make_the_hubs_word_fresh(tmp_path: Path) -> None:
    """The till sold nothing, and was started anew, in between."""
    cache = known_members(tmp_path)
    cache.changes.note_moment(NOW + timedelta(hours=30))
    cache.close()
    cache = Cache(tmp_path / "till.db", "till-1")
    desk = desk_of(cache)
    desk.now = NOW + timedelta(hours=1)
    desk.code(ANNA)
    desk.basket()
    assert desk.do(Redeem(points=None)).told is not None
    assert desk.do(Redeem(points=None)).told.limit.reason == "clock_behind"  # type: ignore[union-attr]
    cache.close()


def test_a_coupon_that_has_ended_does_not_begin_again(tmp_path: Path) -> None:
    cache = known_members(tmp_path)
    desk = desk_of(cache)
    coupon = desk.coupon(hours=1)
    cache.changes.note_moment(NOW + timedelta(hours=2))
    desk.basket()
    assert desk.code(coupon).code == "coupon_expired"
    cache.close()


def test_a_clock_has_time_to_be_set_right_before_it_is_remembered(tmp_path: Path) -> None:
    cache = known_members(tmp_path)
    before = cache.changes.feed().latest_at
    said = [NOW + timedelta(days=9_999)]
    latest = LatestMoment(cache, lambda: said[0], 0.0)
    latest.look(SET_RIGHT_S - 1)
    assert cache.changes.feed().latest_at == before
    said[0] = NOW + timedelta(hours=1)
    latest.look(SET_RIGHT_S)
    assert cache.changes.feed().latest_at == said[0]
    said[0] += timedelta(hours=1)
    latest.look(SET_RIGHT_S + LOOKED_EVERY_S - 1)
    assert cache.changes.feed().latest_at == said[0] - timedelta(hours=1)
    cache.close()
