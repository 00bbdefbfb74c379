"""What tills ask of coupons at the hub's desk: holds, codes that are typed, coupons that members make."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hub.coupons.holding import HELD
from hub.coupons.making import Wanted, mint
from hub.coupons.typed import PAUSE, TRIES_MAX
from hub.people.orders import Order
from loyalty.bodies import CouponRevoked
from loyalty.coupon_token import open_coupon
from loyalty.typed_codes import shown_code
from loyalty.utc import utc_text
from tests.hub.conftest import AA, BB, NOW, Pen
from tests.hub.coupons.conftest import RULES, Shop


def key_of(shop: Shop) -> dict[int, bytes]:
    return {int(id): bytes.fromhex(key) for id, key in shop.page().coupon_keys.items()}


# holds


def test_a_use_is_one_tills_until_it_is_let_go_or_its_time_is_over(shop: Shop) -> None:
    assert shop.hold(AA) == utc_text(NOW + HELD)
    assert shop.hold(AA, till="t2") == "coupon_held"
    shop.now += timedelta(minutes=1)
    assert shop.hold(AA) == utc_text(NOW + HELD), "asked again it is the same one"
    assert shop.hold(AA, hold="t1/2") == utc_text(shop.now + HELD), "its own never stands in its way"
    shop.ask("coupon_free", hold="t1/1")
    assert shop.hold(AA, till="t2") == "coupon_held", "that name has ended with the other's beginning"
    shop.ask("coupon_free", hold="t1/2")
    assert shop.is_held(AA, till="t2") and shop.hold(AA) == "coupon_held"
    shop.now += HELD
    assert shop.is_held(AA) and shop.hold(AA, till="t2") == "coupon_held"


def test_a_sale_ends_the_hold_and_the_coupon_is_used(shop: Shop) -> None:
    assert shop.is_held(AA)
    assert shop.take(shop.used(AA)) == ["applied"]
    assert shop.hold(AA) == shop.hold(AA, till="t2") == "coupon_used"
    with shop.hub.store.reading() as reader:
        assert list(reader.all_coupon_holds()) == []
    assert shop.take(shop.back(1, AA)) == ["applied"]
    assert shop.is_held(AA, till="t2") and shop.is_sound()


def test_a_coupon_with_several_uses_is_held_by_as_many_tills(shop: Shop) -> None:
    held = [shop.is_held(AA, "thrice", till=f"t{n}", uses=3) for n in range(1, 5)]
    assert held == [True, True, True, False]
    assert shop.take(shop.used(AA, campaign="thrice", uses=3)) == ["applied"]
    assert shop.is_held(AA, "thrice", till="t2", uses=3) and not shop.is_held(AA, "thrice", till="t4", uses=3)
    assert shop.hold(AA, "thrice", till="t4", uses=3) == "coupon_held"


def test_what_is_held_counts_toward_what_the_campaign_allows(shop: Shop) -> None:
    shop.join("anna")
    serials = [f"{n:032x}" for n in range(1, 9)]
    assert shop.is_held(serials[0], "once-a-member", member="anna", till="t1")
    assert shop.hold(serials[1], "once-a-member", card="cardanna", till="t2") == "coupon_limit_member"
    in_all = [shop.hold(serial, "three-in-all", till=f"t{n}") for n, serial in enumerate(serials[:4])]
    assert in_all[-1] == "coupon_limit" and "coupon_limit" not in in_all[:-1]
    budget = [shop.hold(serial, "budget", till=f"t{n}") for n, serial in enumerate(serials[:4])]
    assert budget[-1] == "coupon_stopped" and "coupon_stopped" not in budget[:-1]
    shop.ask("coupon_free", till="t2", hold="t2/1")
    assert shop.hold(serials[5], "budget", till="t7", discount_kopecks=101) == "coupon_stopped"
    assert shop.is_held(serials[5], "budget", till="t7", discount_kopecks=99)


def test_a_hold_lasts_over_a_change_of_the_programme(shop: Shop) -> None:
    until = shop.hold(AA)
    shop.hub.close()
    shop.rules["alenka"] = shop.rules["alenka"].by_clock_of(RULES.timezone)
    shop.rules["alenka"] = type(RULES)(
        **{name: getattr(RULES, name) for name in RULES.__slots__} | {"coupons": (), "member_made": None}
    )
    shop.open()
    assert shop.hold(AA) == until and shop.hold(AA, till="t2") == "coupon_held"


def test_a_revoked_coupon_a_stopped_campaign_another_members_another_shops(shop: Shop) -> None:
    shop.join("anna", points=100)
    shop.join("boris")
    made = shop.ask("coupon_make", campaign="own", member="anna").coupon
    assert shop.hold(made.serial, "own", member="boris") == "coupon_wrong_member"
    assert shop.hold(made.serial, "own") == "coupon_wrong_member", "nobody's receipt is not hers"
    assert shop.is_held(made.serial, "own", card="cardanna")
    assert shop.born(CouponRevoked(serial=made.serial, reason="lost"), "office") == "applied"
    assert shop.hold(made.serial, "own", member="anna") == "coupon_revoked"
    assert shop.born(CouponRevoked(serial=BB), "office") == "applied", "one that nobody here made"
    assert shop.hold(BB) == "coupon_revoked" and shop.page().used_coupons == (made.serial, BB)
    assert shop.is_sound()


def test_a_coupon_of_one_shop_is_held_there_alone(shop: Shop) -> None:
    (made,) = mint(shop.hub, Wanted(programme="alenka", campaign="plain", store="s7"), Order(by="Olga"))
    assert shop.hold(made.serial, store="s1") == "coupon_wrong_store"
    assert shop.is_held(made.serial, store="s7") and shop.is_sound()


def test_a_till_that_did_not_ask_takes_the_use_from_the_one_that_holds_it(shop: Shop) -> None:
    """Its receipt is printed: so the holder hears of it when he asks again."""
    assert shop.is_held(AA)
    assert shop.take(shop.used(AA), pen=Pen("t2")) == ["applied"]
    assert shop.hold(AA) == "coupon_used"


# a member's own


def test_a_member_makes_a_coupon_for_points_and_it_is_good_at_a_till(shop: Shop) -> None:
    """P32."""
    shop.join("anna", points=120)
    told = shop.ask("coupon_make", campaign="own", card="cardanna", key="k1")
    assert (told.price_points, told.left_this_month, told.coupon.member) == (50, 1, "anna")
    assert shop.ask("coupon_make", campaign="own", card="cardanna", key="k1") == told, "a double click"
    assert shop.balance() == 70
    opened = open_coupon(told.coupon.token, key_of(shop), RULES, NOW)
    assert (opened.serial, opened.campaign) == (told.coupon.serial, "own")
    assert opened.fits_member("anna") and not opened.fits_member("boris")
    assert opened.valid_to == datetime.fromisoformat(told.coupon.valid_to)
    assert (shop.postings(), shop.is_sound()) == (shop.postings(), True)


def test_so_many_in_a_month_for_points_that_are_there_and_held_by_nobody(shop: Shop) -> None:
    shop.join("anna", points=160)
    assert shop.refusal("coupon_make", campaign="plain", member="anna") == "coupon_not_made"
    for _ in range(2):
        shop.ask("coupon_make", campaign="own", member="anna")
    assert shop.refusal("coupon_make", campaign="own", member="anna") == "coupon_month"
    shop.now = datetime.fromisoformat("2026-03-31T20:59:59+00:00")  # 23:59:59 in Moscow
    assert shop.refusal("coupon_make", campaign="own", member="anna") == "coupon_month"
    shop.now += timedelta(seconds=1)
    assert shop.ask("coupon_make", campaign="own", member="anna").left_this_month == 1
    assert shop.balance() == 10
    assert shop.refusal("coupon_make", campaign="own", member="anna") == "coupon_no_points"
    assert shop.refusal("coupon_make", campaign="own", member="nobody") == "nobody_found"
    assert shop.is_sound()


# codes


def test_a_typed_code_is_the_coupons_own_and_guessing_has_a_pause(shop: Shop) -> None:
    shop.join("anna", points=100)
    made = shop.ask("coupon_make", campaign="own", member="anna").coupon
    assert shop.ask("coupon_by_code", till="t2", code=shown_code(made.code).lower()) == made
    kept = [row[0] for row in shop.rows("SELECT code FROM coupons")]
    assert made.code not in kept and len(kept[0]) == 64, "a keyed hash of it"
    for left in range(TRIES_MAX, 1, -1):
        assert shop.refusal("coupon_by_code", till="t2", code="AAAA-AAAA-AAAA" + str(left)) == "coupon_no_code"
    assert shop.ask("coupon_by_code", till="t2", code=made.code) == made, "whoever has one is no guesser"
    for _ in range(TRIES_MAX):
        assert shop.refusal("coupon_by_code", till="t2", code="nothing") == "coupon_no_code"
    assert shop.refusal("coupon_by_code", till="t2", code=made.code) == "coupon_code_tries"
    assert shop.ask("coupon_by_code", till="t3", code=made.code) == made, "other tills have nothing to do with it"
    shop.now += PAUSE
    assert shop.ask("coupon_by_code", till="t2", code=made.code) == made


@pytest.mark.parametrize("act", ["coupon_hold", "coupon_free", "coupon_by_code"])
def test_only_a_till_holds_and_looks_up(shop: Shop, act: str) -> None:
    bodies = {
        "coupon_hold": {"serial": AA, "campaign": "plain", "hold": "h"},
        "coupon_free": {"hold": "h"},
        "coupon_by_code": {"code": "c"},
    }
    assert shop.refusal(act, till="", **bodies[act]) == "bad_request"
