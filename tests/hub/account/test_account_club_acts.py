"""What the account asks of coupons and favourites: what is given, to whom, how often, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

import msgspec
import pytest

from hub.coupons.keeping import revoke, stop
from hub.coupons.making import Wanted, mint
from hub.people.cards import merge
from hub.people.orders import Order
from hub.people.stickers import correct_stickers
from hub.store.records import OnceRow
from loyalty.bodies import CouponUse
from loyalty.programme import CouponTerms, FavouriteBonus, MemberMade, Offer, StickerOffer, Stickers
from tests.account.homely import given, in_force
from tests.hub.account.conftest import Door

OLGA: Final = Order(by="Olga")
PLAIN: Final = Offer(id="plain", ru="100 ₽", en="100 off", kind="amount_off", amount_kopecks=10_000)
CLIP: Final = replace(PLAIN, id="clip", terms=CouponTerms(clip_days=14, per_member=2))
ENDS: Final = replace(PLAIN, id="ends", terms=CouponTerms(clip_days=14), last_day=date(2026, 3, 5))
LATER: Final = replace(PLAIN, id="later", terms=CouponTerms(clip_days=14), first_day=date(2026, 3, 9))
VODKA: Final = replace(PLAIN, id="vodka", terms=CouponTerms(clip_days=14), categories=("alcohol_strong",))
KNIFE: Final = replace(PLAIN, id="knife")
MADE: Final = MemberMade(campaigns=("plain",), a_month=2, price_points=50, life_days=7)
ALBUM: Final = Stickers(
    step_kopecks=20_000,
    per_step=1,
    first_day=date(2026, 2, 1),
    last_day=date(2026, 6, 1),
    offers=(
        StickerOffer(stickers=20, offer=KNIFE, coupon_days=30),
        StickerOffer(stickers=5, offer=replace(KNIFE, id="fork")),
    ),
)
FAVOURITE: Final = FavouriteBonus(step_kopecks=1_000, points=4, categories_max=2)
COUPONS: Final = (PLAIN, CLIP, ENDS, LATER, VODKA, KNIFE)


@pytest.fixture
def club(door: Door, monkeypatch: pytest.MonkeyPatch) -> Door:
    """Anna has 1,250 points, and no coupon."""
    in_force(monkeypatch, door.office.hub, coupons=COUPONS, member_made=MADE, stickers=ALBUM, favourite=FAVOURITE)
    given(door.office, 1_250, 0, 300)
    return door


def coupons(door: Door) -> list[tuple[str, str]]:
    return [(one["gives"]["id"], one["state"]) for one in door.act("coupons", "anna")["coupons"]]


def used(door: Door, serial: str, campaign: str) -> None:
    sale = door.office.sale("anna")
    use = CouponUse(serial=serial, campaign=campaign, discount_kopecks=100)
    assert door.office.take(msgspec.structs.replace(sale, coupons=(use,))) == ["applied"]


def test_p26_one_at_a_time_for_nothing_and_no_more_than_the_campaign_gives(club: Door) -> None:
    first = club.act("coupon_clip", "anna", campaign="clip", key="form")
    assert first == {"serial": first["serial"], "until": "2026-03-16"}
    assert club.act("coupon_clip", "anna", campaign="clip", key="form") == first, "a form that was sent twice"
    assert club.act("coupon_clip", "anna", campaign="clip")["code"] == "coupon_clipped"
    used(club, first["serial"], "clip")
    second = club.act("coupon_clip", "anna", campaign="clip")
    used(club, second["serial"], "clip")
    assert club.act("coupon_clip", "anna", campaign="clip")["code"] == "coupon_limit_member"
    told = club.act("coupons", "anna")
    assert [(one["gives"]["id"], one.get("has"), one.get("over")) for one in told["clip"]] == [
        ("clip", None, True),
        ("ends", None, None),
    ]
    assert [(one["state"], len(one["used"]), one.get("text")) for one in told["coupons"]] == [("used", 1, None)] * 2
    assert club.act("me", "anna")["points"] == 1_250 and club.office.verdict().faults == ()


def test_p26_no_coupon_is_given_that_no_till_takes(club: Door) -> None:
    for campaign in ("plain", "no-such"):
        assert club.act("coupon_clip", "anna", campaign=campaign)["code"] == "coupon_not_clipped"
    assert club.act("coupon_clip", "anna", campaign="later")["code"] == "coupon_not_now"
    assert club.act("coupon_clip", "anna", campaign="ends")["until"] == "2026-03-05", "never longer than its campaign"
    stop(club.office.hub, "alenka", "clip", OLGA, "too many")
    stop(club.office.hub, "alenka", "plain", OLGA, "too many")
    assert club.act("coupon_clip", "anna", campaign="clip")["code"] == "coupon_stopped"
    assert club.act("coupon_make", "anna", campaign="plain")["code"] == "coupon_stopped"
    told = club.act("coupons", "anna")
    assert [one["gives"]["id"] for one in told["clip"]] == ["ends"] and told["make"]["campaigns"] == ()


def test_p32_what_is_clipped_or_bought_is_none_of_the_month_s(club: Door) -> None:
    correct_stickers(club.office.hub, "anna", 20, OLGA, "on paper")
    club.act("coupon_clip", "anna", campaign="clip")
    club.act("coupon_buy", "anna", offer="knife")
    assert club.act("coupons", "anna")["make"]["left"] == 2
    for left in (1, 0):
        club.act("coupon_make", "anna", campaign="plain")
        make = club.act("coupons", "anna")["make"]
        assert (make["left"], make["spendable"]) == (left, 1_250 - 50 * (2 - left))
    assert club.act("coupon_make", "anna", campaign="plain")["code"] == "coupon_month"
    assert club.act("coupon_make", "boris", campaign="plain")["code"] == "coupon_no_points"
    assert club.act("coupon_make", "anna", campaign="clip")["code"] == "coupon_not_made"
    assert club.office.verdict().faults == ()


def test_p31_stickers_buy_a_coupon_once_and_never_more_than_there_are(club: Door) -> None:
    assert club.act("coupon_buy", "anna", offer="knife")["code"] == "stickers_too_few"
    correct_stickers(club.office.hub, "anna", 25, OLGA, "on paper")
    album = club.act("coupons", "anna")["album"]
    assert [(one["missing"], one["days"]) for one in album["buys"]] == [(0, 30), (0, 0)]
    bought = club.act("coupon_buy", "anna", offer="knife", key="k")
    assert bought["until"] == "2026-04-01" and club.act("coupon_buy", "anna", offer="knife", key="k") == bought
    told = club.act("coupons", "anna")
    assert (told["album"]["count"], told["coupons"][0]["stickers"]) == (5, 20)
    assert club.act("coupon_buy", "anna", offer="knife")["code"] == "stickers_too_few"
    for offer in ("fork", "spoon"):
        assert club.act("coupon_buy", "anna", offer=offer)["code"] == "stickers_no_such_offer", offer
    club.later(100 * 86_400)
    assert club.act("coupon_buy", "anna", offer="knife")["code"] == "stickers_no_collection"
    assert club.act("coupons", "anna").get("album") is None and club.office.verdict().faults == ()


def test_each_sees_his_own_and_what_became_of_it(club: Door) -> None:
    hub = club.office.hub
    club.act("coupon_clip", "boris", campaign="clip")
    made = mint(hub, Wanted(programme="alenka", campaign="plain", whom="anna", uses=2, days=3), OLGA)[0]
    gone = mint(hub, Wanted(programme="alenka", campaign="plain", whom="anna"), OLGA)[0]
    mint(hub, Wanted(programme="alenka", campaign="vodka", whom="anna"), OLGA)
    revoke(hub, gone.serial, OLGA, "a mistake")
    used(club, made.serial, "plain")
    one, other = club.act("coupons", "anna")["coupons"]
    assert (one["state"], one["left"], one["uses"], one["text"][:4]) == ("open", 1, 2, "PA2:") and len(
        one["code"]
    ) == 13
    assert (other["state"], other.get("text"), other.get("code")) == ("revoked", None, None)
    club.later(4 * 86_400)
    assert sorted(coupons(club)) == [("plain", "expired"), ("plain", "revoked")]
    assert club.act("coupons", "nobody")["code"] == "member_gone"


def liked(door: Door) -> dict[str, Any]:
    return door.act("favourites", "anna")


def test_p24_a_choice_of_some_that_stands_for_some_time(club: Door) -> None:
    told = liked(club)
    ids = [one["id"] for one in told["categories"]]
    assert (told["most"], told.get("next_day")) == (2, None) and "tea" in ids
    assert not {"alcohol_strong", "tobacco", "nicotine", "medicine", "unknown", "excise"} & set(ids)
    change = ("favourites_change", "anna")
    assert club.act(*change, categories=["tea", "sweets", "gifts"])["code"] == "favourites_too_many"
    assert club.act(*change, categories=["tea", "alcohol_strong"])["code"] == "favourites_unknown"
    assert club.act(*change, categories=["tea", "sweets"], key="k") == {"changed": True}
    assert club.act(*change, categories=["tea", "sweets"], key="k") == {}, "sent twice"
    assert club.act(*change, categories=["sweets", "tea"]) == {}, "it is so already"
    assert [one["id"] for one in liked(club)["categories"] if one.get("chosen")] == ["sweets", "tea"]
    page = club.office.hub.changes(till="t1", programme="alenka", after="", limit=99)
    assert [one.favourites for one in page.members if one.member == "anna"] == [("sweets", "tea")], "tills are told"
    club.later(29 * 86_400)
    assert liked(club)["next_day"] == "2026-04-01"
    assert club.act(*change, categories=["gifts"])["code"] == "favourites_wait"
    club.later(86_400)
    assert club.act(*change, categories=[]) == {"changed": True} and liked(club)["next_day"] == "2026-05-01"


def test_p24_a_programme_without_favourites_has_none(door: Door) -> None:
    assert door.act("favourites", "anna") == {}
    assert door.act("favourites_change", "anna", categories=["tea"])["code"] == "favourites_none"


def test_p24_who_goes_into_another_takes_the_day_of_his_choice_along(club: Door) -> None:
    club.act("favourites_change", "boris", categories=["tea"])
    merge(club.office.hub, "boris", "anna", OLGA, "one person")
    with club.office.hub.store.reading() as reader:
        assert OnceRow("anna", "favourites/2026-03-02") in reader.once_of(["anna"])
    assert club.act("favourites_change", "anna", categories=["gifts"])["code"] == "favourites_wait"
