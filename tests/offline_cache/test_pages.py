"""The hub's pages: what they bring, that they come whole, and that they do not undo what the till did since."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from loyalty.operation import CardReissued, SaleNumber, hash_operation, write_operation
from loyalty.snapshot import ExpiringPoints, MemberSnapshot
from offline_cache.cache import BadPage
from offline_cache.records import Answer, Feed

KEY = "0011223344556677"


def reissue(till: Any, old: str, new: str) -> None:
    sale = SaleNumber(day=till.DAY, number="1")
    till.record(CardReissued(sale=sale, member="anna", old_card=old, new_card=new, fee_kopecks=0))


def test_a_new_till_knows_nothing(till: Any) -> None:
    assert till.cache.feed() == Feed(cursor=0, pulled_at=None)
    assert till.cache.coupon_keys() == {} and till.cache.phone_hash_key() is None
    assert till.cache.members.member("anna") is None and till.cache.members.card("1") is None


def test_a_page_brings_members_keys_and_the_cursor(till: Any) -> None:
    anna = MemberSnapshot(
        member="anna", points=-5, cards=(), accumulated_kopecks=7, birthday="1990-05-17", favourites=("чай",)
    )
    till.page(anna, till.snapshot("boris", phone_key=KEY, c1="blocked", c2="active"), cursor=17)
    found = till.cache.members.member("anna")
    assert (found.points, found.accumulated_kopecks, found.birthday, found.favourites) == (
        -5,
        7,
        "1990-05-17",
        ("чай",),
    )
    assert list(till.cards("boris")) == ["2", "1"], "the usable card first"
    assert till.cache.members.by_phone(bytes.fromhex(KEY)) == ["boris"]
    assert till.cache.feed() == Feed(cursor=17, pulled_at=till.NOW)
    assert till.cache.coupon_keys() == {1: bytes(32)} and till.cache.phone_hash_key() == bytes(range(32))


def test_people_who_share_a_phone_are_all_found(till: Any) -> None:
    till.page(till.snapshot("boris", phone_key=KEY), till.snapshot("anna", phone_key=KEY))
    assert till.cache.members.by_phone(bytes.fromhex(KEY)) == ["anna", "boris"]
    till.page(till.snapshot("anna"))
    assert till.cache.members.by_phone(bytes.fromhex(KEY)) == ["boris"], "a phone that is gone finds nobody"


def test_a_card_moves_to_whom_the_hub_says(till: Any) -> None:
    till.page(till.snapshot(c1="active"))
    till.page(till.snapshot("boris", c1="issued"))
    assert till.cards("boris") == {"1": "issued"} and till.cards("anna") == {}


@pytest.mark.parametrize(
    "bad",
    [
        {"points": 10**30},
        {"phone_key": "not hexadecimal"},
        {"c2": "frozen"},  # a status of a newer hub
    ],
)
def test_a_page_that_cannot_be_kept_is_not_kept_at_all(till: Any, bad: dict[str, Any]) -> None:
    till.page(till.snapshot(points=1), cursor=5)
    with pytest.raises(BadPage):
        till.page(till.snapshot(points=2), till.snapshot("boris", **bad), cursor=6, coupons=("aa",))
    assert till.points() == 1 and till.cache.members.member("boris") is None
    assert till.cache.feed().cursor == 5 and not till.cache.coupon_used("aa")
    till.page(till.snapshot(points=2), cursor=6)
    assert till.points() == 2


@pytest.mark.parametrize(("watermark", "status"), [(0, "replaced"), (1, "active")])
def test_a_lost_card_stays_dead_until_the_hub_has_heard_of_it(till: Any, watermark: int, status: str) -> None:
    """A page that was on its way while the card was replaced tells of the old one as it was."""
    till.page(till.snapshot(c1="active"))
    reissue(till, "1", "2")
    till.page(till.snapshot(points=9, c1="active"), watermark=watermark, cursor=2)
    assert till.cards()["1"] == status and till.cards()["2"] == "active"


def test_a_lost_card_that_was_blocked_meanwhile_is_still_replaced(till: Any) -> None:
    till.page(till.snapshot(c1="active"))
    reissue(till, "1", "2")
    till.page(till.snapshot(c1="blocked"), cursor=2)
    assert till.cards() == {"1": "replaced", "2": "issued"}


def test_a_refused_reissue_does_not_come_over_the_hubs_word(till: Any) -> None:
    till.page(till.snapshot(c1="active"))
    reissue(till, "1", "2")
    ((sequence, text),) = till.cache.outbox(1)
    till.cache.answered([Answer(sequence=sequence, hash=hash_operation(text), result="refused", reason="card_taken")])
    till.page(till.snapshot(c1="active"), cursor=2)
    assert till.cards()["1"] == "active"


# what dies next


def test_the_hubs_word_on_what_dies_next_is_kept_with_the_sales_it_does_not_know(till: Any) -> None:
    word = ExpiringPoints(points=40, at="2026-06-01T00:00:00.000000+00:00")
    anna = msgspec.structs.replace(till.snapshot(points=100), expires_next=word)
    till.page(anna)
    known = till.sell(1, spent=5)
    till.page(anna, watermark=known.sequence, cursor=2)
    unknown, refused = till.sell(2, spent=7), till.sell(3, spent=9)
    till.sell(4, member="anna", earned=1)
    digest = hash_operation(write_operation(refused))
    till.cache.answered([Answer(sequence=refused.sequence, hash=digest, result="refused", reason="unknown_member")])
    told, own = till.cache.members.expiring("anna")
    assert told == word
    assert [operation.sequence for operation in own] == [unknown.sequence, 4]
    till.page(till.snapshot(points=100), watermark=4, cursor=3)
    assert till.cache.members.expiring("anna") == (None, ())


def test_of_nobody_known_nothing_dies(till: Any) -> None:
    assert till.cache.members.expiring("nobody") == (None, ())
