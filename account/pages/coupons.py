"""My coupons (P26, P31, P32): what I have, as a QR that needs no network once the page was seen; what I clip for
nothing, make for points, or buy for stickers; and what became of the others."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec
from starlette.responses import Response

from account.hub_desk import HubSaysNo
from account.pages.coupons_words import WORDS
from account.pages.home import ShownOffer, shown_offer
from account.visit import Page, View, Visit
from loyalty.typed_codes import shown_code
from loyalty.wording import days_text
from sync.account.coupons import (
    AskCoupons,
    BuyCoupon,
    ClipCoupon,
    CouponGot,
    CouponHere,
    CouponsTold,
    MakeCoupon,
    ToBuy,
    ToClip,
)
from sync.account.home import OfferHere
from web.qr import QrPath, qr_path

PATH: Final = "/coupons"
ID_LETTERS_MAX: Final = 60


class ShownCoupon(NamedTuple):
    """`gives` None: the programme has no such coupon any more. `qr` None: it is not open; `typed`: its code."""

    here: CouponHere
    gives: ShownOffer | None
    qr: QrPath | None
    typed: str


def _coupons(visit: Visit, refused: str = "") -> Response:
    told = visit.ask("coupons", AskCoupons(), CouponsTold)
    shown = [_shown(visit, one) for one in told.coupons]
    return visit.show(
        "coupons.html",
        title="coupons",
        status=409 if refused else 200,
        refused=refused,
        open=[one for one in shown if one.here.state == "open"],
        over=[one for one in shown if one.here.state != "open"],
        clip=[(one, _gives(visit, one.gives)) for one in told.clip],
        clip_days=lambda one: _days(visit, one),
        make=told.make,
        made=[_gives_of(visit, one) for one in told.make.campaigns] if told.make is not None else [],
        make_days=days_text(told.make.days, visit.language) if told.make is not None else "",
        album=told.album,
        bought=[(one, _gives(visit, one.gives)) for one in told.album.buys] if told.album is not None else [],
        buy_days=lambda one: _days(visit, one),
    )


def _shown(visit: Visit, one: CouponHere) -> ShownCoupon:
    gives = _gives(visit, one.gives) if one.gives is not None else None
    qr = qr_path(one.text) if one.text else None
    return ShownCoupon(one, gives, qr, shown_code(one.code) if one.code else "")


def _gives(visit: Visit, offer: OfferHere) -> ShownOffer:
    """What every coupon of the page is, nobody needs to be told why."""
    return shown_offer(visit, offer)._replace(why="")


def _gives_of(visit: Visit, offer: OfferHere) -> tuple[str, ShownOffer]:
    return offer.id, _gives(visit, offer)


def _days(visit: Visit, one: ToClip | ToBuy) -> str:
    return days_text(one.days, visit.language)


# what he gets


def _clip(visit: Visit) -> Response:
    return _got(visit, "coupon_clip", ClipCoupon, campaign=_id(visit, "campaign"))


def _make(visit: Visit) -> Response:
    return _got(visit, "coupon_make", MakeCoupon, campaign=_id(visit, "campaign"))


def _buy(visit: Visit) -> Response:
    return _got(visit, "coupon_buy", BuyCoupon, offer=_id(visit, "offer"))


def _id(visit: Visit, name: str) -> str:
    return visit.typed.one(name)[:ID_LETTERS_MAX] or "-"


def _got(visit: Visit, act: str, body: type[msgspec.Struct], **said: Any) -> Response:
    try:
        got = visit.ask(act, body(**said), CouponGot)
    except HubSaysNo as refused:
        if (word := f"no_{refused.code}") not in WORDS:
            raise
        return _coupons(visit, visit.say(word))
    return visit.go(PATH, visit.say("coupons_got", day=visit.day_of(got.until)))


COUPONS: Final = Page(
    path=PATH,
    title="coupons",
    words=WORDS,
    views=(
        View("GET", PATH, _coupons),
        View("POST", "/coupons/clip", _clip),
        View("POST", "/coupons/make", _make),
        View("POST", "/coupons/buy", _buy),
    ),
)
