"""Offers, coupons and favourites."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.coupons import AskCoupons, BuyCoupon, ClipCoupon, CouponGot, CouponsTold, MakeCoupon
from sync.account.favourites import AskFavourites, ChangeFavourites, FavouritesTold
from sync.account.offers import AskNovelties, AskOffers, NoveltiesTold, OffersTold
from sync.account.profile import Changed

NOT_NOW: Final = "coupon_stopped coupon_not_now"

CLUB_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/offers",
        "What runs in the shops: all of it, or a category with its goods, page by page (P6, P11)",
        "offers",
        AskOffers,
        OffersTold,
        "no_such_category",
        signed_in=False,
    ),
    act_call(
        "GET",
        "/offers/new",
        "What has come to the shops lately, the newest first (A14)",
        "novelties",
        AskNovelties,
        NoveltiesTold,
        signed_in=False,
    ),
    act_call(
        "GET",
        "/coupons",
        "His coupons, with the text of the QR of those that are open; and what he may get (P26, P31, P32)",
        "coupons",
        AskCoupons,
        CouponsTold,
    ),
    act_call(
        "POST",
        "/coupons/clip",
        "A coupon for nothing (P26)",
        "coupon_clip",
        ClipCoupon,
        CouponGot,
        "coupon_not_clipped coupon_clipped coupon_limit_member",
        NOT_NOW,
        campaign="sweets-100",
    ),
    act_call(
        "POST",
        "/coupons/make",
        "A coupon for points (P32)",
        "coupon_make",
        MakeCoupon,
        CouponGot,
        "coupon_not_made coupon_month coupon_no_points",
        NOT_NOW,
        campaign="ten-percent",
    ),
    act_call(
        "POST",
        "/coupons/buy",
        "A coupon for stickers (P31)",
        "coupon_buy",
        BuyCoupon,
        CouponGot,
        "stickers_no_collection stickers_no_such_offer stickers_too_few coupon_no_stickers",
        NOT_NOW,
        offer="knife",
    ),
    act_call(
        "GET",
        "/favourites",
        "Which categories he may choose, and has chosen (P24)",
        "favourites",
        AskFavourites,
        FavouritesTold,
    ),
    act_call(
        "POST",
        "/favourites",
        "His choice, which stands for some time (P24)",
        "favourites_change",
        ChangeFavourites,
        Changed,
        "favourites_none favourites_unknown favourites_too_many favourites_wait",
        categories=["chocolate"],
    ),
)
