"""A quote of an online shop: worked out by the rules that a till has, and kept as a promise until its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hub.errands.errand import errand_id
from hub.hub import Hub
from hub.shop.buyer import Buyer, buyer
from hub.shop.call import Shop, ShopAsked, ShopRefused
from hub.shop.certificates import paid_by, shown
from hub.shop.coupons import Opened, opened
from hub.shop.line import lines_of
from hub.store.errand_records import ErrandRow
from hub.store.seam import Reader
from loyalty.basket import BadBasket, Basket
from loyalty.bodies import OfferGiven, Sale, SaleNumber, SoldLine
from loyalty.explain import explain_quote
from loyalty.money import half_up
from loyalty.operation import Store, zone_of
from loyalty.programme import Language, Programme
from loyalty.quote import Quote, quote
from loyalty.sold import sale_of
from loyalty.stickers import given_count
from loyalty.utc import utc_text
from sync.shop.quotes import LimitTold, LineTold, OfferTold, Pair, QuoteAsked, QuoteTold

QUOTE: Final = "shop_quote"  # its kind among errands
NO_NUMBER: Final = SaleNumber(day="0001-01-01", number="")  # until it is paid


class Promise(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`sale`: what is recorded when it is paid, but for its number and what comes with the payment. `rules`: the hash
    of those that it was worked out by. `asked`: a digest of what was asked; `order`: which has it."""

    shop: str
    member: str
    told: QuoteTold
    sale: Sale
    store: Store
    rules: str
    until: str
    asked: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worked:
    programme: Programme
    basket: Basket
    answer: Quote
    sale: Sale
    who: Buyer | None
    coupons: Sequence[Opened]


def quote_id(shop: str, key: str) -> str:
    return errand_id(QUOTE, shop, key)


def promised(hub: Hub, reader: Reader, asked: ShopAsked, body: QuoteAsked, id: str, digest: str = "") -> Promise:
    """What is told of a basket now; nothing is written. Raises ShopRefused."""
    now, store = hub.now(), store_of(reader, asked.shop)
    rules = hub.programmes[asked.shop.programme]
    try:
        worked = _worked_out(hub, reader, rules.by_clock_of(zone_of(store, rules.timezone)), asked, body, now)
    except BadBasket as error:
        raise ShopRefused("bad_basket", str(error)) from error
    until = utc_text(now + timedelta(minutes=asked.shop.quote_minutes))
    return Promise(
        shop=asked.shop.name,
        member=worked.who.member if worked.who is not None else "",
        told=_told(worked, id, until),
        sale=msgspec.structs.replace(worked.sale, quote=id),
        store=store,
        rules=rules.content_hash,
        until=until,
        asked=digest,
    )


def store_of(reader: Reader, shop: Shop) -> Store:
    row = reader.named_stores([shop.store]).get(shop.store)
    return Store(id=shop.store, timezone=row.timezone if row is not None else None)


def _worked_out(
    hub: Hub, reader: Reader, programme: Programme, asked: ShopAsked, body: QuoteAsked, now: datetime
) -> _Worked:
    """Raises BadBasket, ShopRefused."""
    who = buyer(reader, programme, asked.member, now)
    coupons = opened(hub, reader, programme, asked.shop, body.coupons, who.member if who else "", now)
    certificates = shown(hub, reader, programme, body.certificate, now)
    basket = Basket(
        lines=tuple(lines_of(reader, programme, asked.shop, body.lines, programme.day(now))),
        coupons=tuple(one.offer for one in coupons),
        certificates=tuple(one.kopecks for one in certificates),
    )
    view = who.view if who is not None else None
    answer = quote(programme, basket, view, at=now, requested_points=_requested(body))
    sale = sale_of(
        programme,
        basket,
        view,
        answer,
        now,
        number=NO_NUMBER,
        member=who.member if who is not None else None,
        card=who.card if who is not None else None,
        account=who.account if who is not None else None,
        rights={one.coupon.campaign: one.right for one in coupons},
        certificates=[one.number for one in certificates],
    )
    return _Worked(programme=programme, basket=basket, answer=answer, sale=sale, who=who, coupons=coupons)


def _requested(body: QuoteAsked) -> int | None:
    if isinstance(body.spend, int):
        return body.spend
    return None if body.spend == "all" else 0


# as it is told


def _told(worked: _Worked, id: str, until: str) -> QuoteTold:
    sale, answer = worked.sale, worked.answer
    excluded = {line.id: line.excluded or "" for line in answer.lines} if worked.who is not None else {}
    lines = tuple(line_told(line, excluded.get(line.id, "")) for line in sale.lines)
    return QuoteTold(
        quote=id,
        until=until,
        lines=lines,
        before_kopecks=sum(line.before_kopecks for line in lines),
        off_kopecks=sum(line.off_kopecks for line in lines),
        spends=sale.redeemed.points,
        points_kopecks=sale.redeemed.kopecks,
        certificate_kopecks=sum(paid_by(sale).values()),
        to_pay_kopecks=sale.paid_kopecks,
        points=worked.who.points if worked.who is not None else 0,
        limit=_limit(worked),
        earns=sale.accrued.points,
        earns_from=(sale.accrued.active_from or "") if sale.accrued.points else "",
        stickers=given_count(sale.stickers),
        offers=tuple(_offers(worked)),
    )


def line_told(line: SoldLine, excluded: str = "", back_m: int = 0) -> LineTold:
    before = half_up(line.price_kopecks * line.quantity_m, 1_000)
    return LineTold(
        id=line.id,
        article=line.article or "",
        name=line.name,
        unit="kg" if line.unit == "kg" else "pc",
        quantity_m=line.quantity_m,
        price_kopecks=line.price_kopecks,
        before_kopecks=before,
        off_kopecks=before - line.net_before_kopecks,
        points_kopecks=line.discount_kopecks,
        net_kopecks=line.net_kopecks,
        excluded=excluded,
        back_m=back_m,
    )


def _limit(worked: _Worked) -> LimitTold:
    limit = worked.answer.limit
    return LimitTold(
        points=limit.points,
        kopecks=limit.amount_kopecks,
        reason=limit.reason or "",
        bound_by=limit.bound_by,
        text=(_text(worked, "ru"), _text(worked, "en")),
    )


def _text(worked: _Worked, language: Language) -> str:
    names = {line.id: line.name for line in worked.basket.lines}
    return explain_quote(worked.answer, names, worked.programme, language)


def _offers(worked: _Worked) -> Iterator[OfferTold]:
    """What each gives, and why another gives nothing."""
    sale, titles = worked.sale, _titles(worked)
    for use in sale.coupons:
        yield OfferTold(
            id=use.campaign,
            kind="coupon",
            title=titles[use.campaign],
            off_kopecks=use.discount_kopecks,
            points=use.points,
        )
    mine = {one.offer.id for one in worked.coupons}
    for given in sale.offers:
        yield _offer(given, mine, titles)


def _offer(given: OfferGiven, coupons: set[str], titles: dict[str, Pair]) -> OfferTold:
    return OfferTold(
        id=given.id,
        kind="coupon" if given.id in coupons else "promotion",
        title=titles.get(given.id, (given.id, given.id)),
        off_kopecks=given.discount_kopecks,
        points=given.points,
        refusal=given.refusal or "",
    )


def _titles(worked: _Worked) -> dict[str, Pair]:
    offers = (*worked.programme.promotions, *(one.offer for one in worked.coupons))
    return {offer.id: (offer.ru, offer.en) for offer in offers}


# as it is kept


def quote_row(promise: Promise, now: datetime) -> ErrandRow:
    """It goes when its time is over (hub/shop/quotes.py)."""
    return ErrandRow(
        id=promise.told.quote,
        kind=QUOTE,
        member=promise.member,
        about="",
        state="told",
        due_at=datetime.fromisoformat(promise.until),
        at=now,
        body=msgspec.json.encode(promise).decode(),
    )


def read_promise(row: ErrandRow) -> Promise:
    return msgspec.json.decode(row.body, type=Promise)


def stands(row: ErrandRow, now: datetime) -> bool:
    return row.kind == QUOTE and row.state == "told" and now < datetime.fromisoformat(read_promise(row).until)
