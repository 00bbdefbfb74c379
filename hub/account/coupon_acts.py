"""A member's coupons in his account: what he has and what became of it, what he clips for nothing (P26), makes for
points (P32) and buys for stickers (P31)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from hub import feed
from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.account.offers_here import may_be_shown, offer_here
from hub.coupons.campaigns import stopped_campaigns
from hub.coupons.clipping import buy, clip, has_used_all, open_campaigns
from hub.coupons.made import Made, read_made, uses_allowed
from hub.coupons.making import made_in_month, make_own
from hub.coupons.token import told_coupons
from hub.hub import Hub
from hub.people.who import Person
from hub.store.coupon_records import MadeCoupon
from hub.store.records import CouponRow, KeptOperation, Place
from hub.store.seam import Reader
from loyalty.lots import active_points
from loyalty.offers import refusal_by_date
from loyalty.operation import BadOperation, read_operation
from loyalty.programme import Offer, Programme, StickerOffer, Stickers
from loyalty.stickers import collection_of, running
from sync.account.coupons import (
    COUPONS_MAX,
    AlbumHere,
    AskCoupons,
    BuyCoupon,
    ClipCoupon,
    CouponGot,
    CouponHere,
    CouponState,
    CouponsTold,
    MakeCoupon,
    ToBuy,
    ToClip,
    ToMake,
    UsedHere,
)
from sync.account.home import OfferHere

MINUTE: Final = timedelta(minutes=1)  # the end is the first moment in which it is too late


class _Looked(NamedTuple):
    """Into the books, at one moment. `stopped`: campaigns of which no till takes a coupon now."""

    reader: Reader
    programme: Programme
    person: Person
    now: datetime
    stopped: Collection[str]

    @property
    def member(self) -> str:
        return self.person.member

    def shown(self, offer: Offer) -> bool:
        """May it be got now?"""
        in_force = refusal_by_date(offer, self.programme.day(self.now)) is None and offer.id not in self.stopped
        return in_force and may_be_shown(self.programme, offer)


class _Own(NamedTuple):
    """A coupon of his, and who has used it."""

    row: MadeCoupon
    made: Made
    uses: Sequence[CouponRow]
    state: CouponState


def coupons(hub: Hub, asked: AccountAsked, body: AskCoupons) -> CouponsTold:
    programme, now = hub.programmes[asked.programme], hub.now()
    with hub.store.reading() as reader:
        stopped = stopped_campaigns(reader, programme, programme.id)
        looked = _Looked(reader, programme, signed_in(reader, asked), now, stopped)
        own = _own(looked)
        kept = reader.operations([one.place for each in own for one in each.uses]) if own else {}
        album = running(programme, programme.day(now))
        clips, make = _to_clip(looked), _to_make(looked)
        stickers = _album(looked, album) if album is not None else None
    told = dict(told_coupons_of(hub, own))
    return CouponsTold(
        coupons=tuple(_told(programme, one, told, kept) for one in own),
        clip=clips,
        make=make,
        album=stickers,
    )


def told_coupons_of(hub: Hub, own: Sequence[_Own]) -> list[tuple[str, tuple[str, str]]]:
    """Text and code of those that are open, by their serials."""
    rows = [one.row for one in own if one.state == "open"]
    return [(row.serial, (told.token, told.code)) for row, told in told_coupons(hub, rows)] if rows else []


def _own(looked: _Looked) -> list[_Own]:
    """Without those of campaigns that are shown to nobody."""
    rows = [row for row in looked.reader.coupons_of([looked.member]) if _is_told(looked.programme, row)]
    made = {row.serial: read_made(row) for row in rows}
    rows.sort(key=lambda row: made[row.serial].at, reverse=True)
    uses: dict[str, list[CouponRow]] = {}
    for use in looked.reader.coupon_uses(list(made)) if made else ():
        uses.setdefault(use.serial, []).append(use)
    own = [
        _Own(row, made[row.serial], (had := uses.get(row.serial, [])), _state(looked, row, made[row.serial], had))
        for row in rows
    ]
    return sorted(own, key=lambda one: one.state != "open")[:COUPONS_MAX]


def _is_told(programme: Programme, row: MadeCoupon) -> bool:
    offer = programme.coupon(row.campaign)
    return (
        row.programme == programme.id and bool(read_made(row).at) and (offer is None or may_be_shown(programme, offer))
    )


def _state(looked: _Looked, row: MadeCoupon, made: Made, uses: Sequence[CouponRow]) -> CouponState:
    """What became of it goes before what stands in its way."""
    if len(uses) >= uses_allowed(row, uses):
        return "used"
    if made.revoked_at is not None:
        return "revoked"
    if datetime.fromisoformat(made.valid_to) <= looked.now:
        return "expired"
    return "stopped" if row.campaign in looked.stopped or looked.programme.coupon(row.campaign) is None else "open"


def _told(
    programme: Programme, own: _Own, texts: Mapping[str, tuple[str, str]], kept: Mapping[Place, KeptOperation]
) -> CouponHere:
    made, offer = own.made, programme.coupon(own.row.campaign)
    text, code = texts.get(own.row.serial, ("", ""))
    allowed = uses_allowed(own.row, own.uses)
    return CouponHere(
        serial=own.row.serial,
        state=own.state,
        until=last_day(programme, made.valid_to),
        gives=gives(programme, offer, made.value) if offer is not None else None,
        text=text,
        code=code,
        uses=allowed,
        left=max(0, allowed - len(own.uses)),
        points=made.points,
        stickers=made.stickers,
        used=tuple(used for use in own.uses if (used := _used(use, kept.get(use.place))) is not None),
    )


def last_day(programme: Programme, valid_to: str) -> str:
    return programme.day(datetime.fromisoformat(valid_to) - MINUTE).isoformat()


def gives(programme: Programme, offer: Offer, value: int = 0) -> OfferHere:
    """`value`: of the coupon itself, in the unit of its offer."""
    told = offer_here(programme, offer, "all")
    unit = {"percent_off": "percent_bp", "amount_off": "amount_kopecks", "extra_points": "points"}.get(offer.kind)
    changes: dict[str, Any] = {unit: value} if unit and value else {}
    return msgspec.structs.replace(told, **changes)


def _used(use: CouponRow, kept: KeptOperation | None) -> UsedHere | None:
    try:
        operation = read_operation(kept.text) if kept is not None else None
    except BadOperation:
        return None
    if operation is None:
        return None
    store = operation.store.id if operation.store is not None else ""
    return UsedHere(at=operation.at, store=store, receipt=use.place.id, off_kopecks=use.discount_kopecks)


# what he may get


def _to_clip(looked: _Looked) -> tuple[ToClip, ...]:
    programme = looked.programme
    offers = [one for one in programme.coupons if one.terms.clip_days is not None and looked.shown(one)]
    has = open_campaigns(looked.reader, looked.member, programme, looked.now) if offers else ()
    return tuple(
        ToClip(
            gives=gives(programme, one),
            days=one.terms.clip_days or 0,
            has=one.id in has,
            over=has_used_all(looked.reader, looked.member, programme, one),
        )
        for one in offers
    )


def _to_make(looked: _Looked) -> ToMake | None:
    terms = looked.programme.member_made
    if terms is None:
        return None
    offers = [one for id in terms.campaigns if (one := looked.programme.coupon(id)) is not None and looked.shown(one)]
    made = made_in_month(looked.reader, looked.member, looked.programme, looked.now)
    return ToMake(
        campaigns=tuple(gives(looked.programme, one) for one in offers),
        points=terms.price_points,
        days=terms.life_days,
        left=max(0, terms.a_month - made),
        a_month=terms.a_month,
        spendable=_spendable(looked),
    )


def _spendable(looked: _Looked) -> int:
    account = feed.accounts(looked.reader, [looked.member], looked.now)[looked.member]
    held = sum(hold.holds_at(looked.now) for hold in looked.reader.holds_of([looked.member]))
    return active_points(account, looked.now, held)


def _album(looked: _Looked, rule: Stickers) -> AlbumHere:
    rows = looked.reader.stickers_of([looked.member])
    count = max(0, sum(row.stickers for row in rows if row.collection == collection_of(rule)))
    return AlbumHere(
        count=count,
        last_day=rule.last_day.isoformat(),
        step_kopecks=rule.step_kopecks,
        per_step=rule.per_step,
        buys=tuple(_to_buy(looked, one, count) for one in rule.offers if looked.shown(one.offer)),
    )


def _to_buy(looked: _Looked, one: StickerOffer, count: int) -> ToBuy:
    return ToBuy(
        gives=gives(looked.programme, one.offer),
        stickers=one.stickers,
        missing=max(0, one.stickers - count),
        days=one.coupon_days or 0,
    )


# what he gets


def _clip(hub: Hub, asked: AccountAsked, body: ClipCoupon) -> CouponGot:
    return _got(hub, asked, lambda whose: clip(hub, asked.programme, body.campaign, whose, order_of(asked)))


def _make(hub: Hub, asked: AccountAsked, body: MakeCoupon) -> CouponGot:
    return _got(hub, asked, lambda whose: make_own(hub, asked.programme, body.campaign, whose, order_of(asked)).row)


def _buy(hub: Hub, asked: AccountAsked, body: BuyCoupon) -> CouponGot:
    return _got(hub, asked, lambda whose: buy(hub, asked.programme, body.offer, whose, order_of(asked)))


def _got(hub: Hub, asked: AccountAsked, give: Callable[[str], MadeCoupon]) -> CouponGot:
    with hub.store.reading() as reader:
        whose = signed_in(reader, asked).member
    row: MadeCoupon = ordered(lambda: give(whose))
    return CouponGot(serial=row.serial, until=last_day(hub.programmes[asked.programme], read_made(row).valid_to))


COUPON_ACTS: Final[Mapping[str, AccountAct]] = {
    "coupons": AccountAct(takes=AskCoupons, do=coupons),
    "coupon_clip": AccountAct(takes=ClipCoupon, do=_clip),
    "coupon_make": AccountAct(takes=MakeCoupon, do=_make),
    "coupon_buy": AccountAct(takes=BuyCoupon, do=_buy),
}
