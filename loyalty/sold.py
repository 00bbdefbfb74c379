"""What a sale and a return remember: the bodies of their operations, made from what was quoted and what is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import Final, NamedTuple

from loyalty.accrual import in_birthday_window
from loyalty.basket import Basket, Line
from loyalty.bodies import (
    Accrued,
    BelievedLot,
    ClawedBack,
    CouponUse,
    Deviation,
    Fiscal,
    OfferGiven,
    OperationRef,
    Redeemed,
    Restored,
    Return,
    ReturnedLine,
    Sale,
    SaleNumber,
    SaleStickers,
    Seen,
    SoldLine,
    SoldPosition,
    Tender,
)
from loyalty.certificates import CERTIFICATE
from loyalty.effects import believed
from loyalty.lots import Account
from loyalty.member import MemberView
from loyalty.operation import FIRST_HASH, VERSION, Operation, zone_of
from loyalty.points_life import bought_points_times, end_of
from loyalty.programme import Link, Programme
from loyalty.quote import Quote, QuotedLine
from loyalty.returns import LineReturn, ReturnStep, TenderChoice, came_back, reverse
from loyalty.stickers import is_right, returned, stickers_of
from loyalty.utc import utc_text


class Right(NamedTuple):
    """A coupon as it was shown; `value` 0: its campaign's."""

    serial: str
    value: int = 0
    uses: int = 1


NO_RIGHT: Final = Right("")


def sale_of(
    programme: Programme,
    basket: Basket,
    view: MemberView | None,
    quoted: Quote,
    at: datetime,
    *,
    number: SaleNumber,
    member: str | None = None,
    card: str | None = None,
    link: Link = "online",
    account: Account | None = None,
    rights: Mapping[str, Right] | None = None,
    fiscal: tuple[Fiscal, ...] = (),
    deviations: tuple[Deviation, ...] = (),
    extras: int = 0,
    certificates: Sequence[str] = (),
) -> Sale:
    """The sale that a quote became. The last `extras` lines of the basket are our own. `account`: the member's lots as
    the till believes them; `rights`: the coupons shown, by campaign, whose values the basket's have; `certificates`:
    the numbers of those that may pay, as the basket has them."""
    used, idle = _coupons(quoted, rights or {})
    lines = tuple(map(sold_line, basket.lines, quoted.lines))
    return Sale(
        sale=number,
        member=member,
        card=card,
        link=link,
        lines=lines[: len(lines) - extras],
        extras=lines[len(lines) - extras :],
        total_kopecks=quoted.total_kopecks,
        paid_kopecks=quoted.to_pay_kopecks,
        qualifying_kopecks=quoted.accrual.qualifying_kopecks,
        redeemed=Redeemed(
            points=quoted.redemption.points,
            kopecks=quoted.redemption.amount_kopecks,
            lots=believed(account, quoted.redemption.points, at) if account and quoted.redemption.points else (),
        ),
        accrued=_accrued(programme, quoted, at) if view is not None else Accrued(),
        coupons=used,
        offers=(*_promotions(programme, quoted), *idle),
        tenders=_by_certificates(quoted, certificates),
        seen=None if view is None else _seen(programme, view, at),
        fiscal=fiscal,
        deviations=deviations,
        stickers=_stickers(programme, quoted, is_member=view is not None),
    )


def _by_certificates(quoted: Quote, numbers: Sequence[str]) -> tuple[Tender, ...]:
    """Outside a shop nobody asks for numbers."""
    pairs = zip_longest(quoted.certificates, numbers, fillvalue=None)
    return tuple(Tender(kind=CERTIFICATE, kopecks=taken, id=number) for taken, number in pairs if taken)


def sold_line(line: Line, quoted: QuotedLine) -> SoldLine:
    """With what the POS told of it."""
    facts = line.facts
    return SoldLine(
        id=line.id,
        name=line.name,
        unit=line.unit,
        price_kopecks=line.price_kopecks,
        quantity_m=line.quantity_m,
        net_before_kopecks=quoted.net_before_kopecks,
        discount_kopecks=quoted.discount_kopecks,
        net_kopecks=quoted.net_kopecks,
        category=line.category,
        category_told=facts.category_told,
        article=facts.article,
        barcode=facts.barcode,
        brand=facts.brand,
        tags=facts.tags,
        tax=facts.tax,
        pos_discount_kopecks=line.discount_kopecks,
        least_price_kopecks=line.min_unit_price_kopecks,
        least_price_table=facts.least_price_table,
        pieces=facts.pieces,
        subject=facts.subject,
        method=facts.method,
        positions=tuple(
            [
                SoldPosition(
                    quantity_m=position.quantity_m,
                    price_kopecks=position.price_kopecks,
                    amount_kopecks=position.amount_kopecks,
                    sold_as_one=position.sold_as_one,
                )
                for position in quoted.positions
            ]
        ),
        told=facts.told,
    )


def _accrued(programme: Programme, quoted: Quote, at: datetime) -> Accrued:
    times = bought_points_times(programme, at)
    return Accrued(
        points=quoted.accrual.points,
        parts=tuple((part.kind, part.points) for part in quoted.accrual.parts),
        active_from=utc_text(times.active_from),
        expires_at=utc_text(times.expires_at) if times.expires_at else None,
    )


def _coupons(quoted: Quote, rights: Mapping[str, Right]) -> tuple[tuple[CouponUse, ...], tuple[OfferGiven, ...]]:
    """The coupons that were used up, and those that gave nothing, with the reason."""
    points = dict(quoted.accrual.offers)
    used = tuple(
        CouponUse(
            serial=rights.get(use.id, NO_RIGHT).serial,
            campaign=use.id,
            discount_kopecks=use.discount_kopecks,
            points=points.get(use.id, 0),
            value=rights.get(use.id, NO_RIGHT).value,
            uses=rights.get(use.id, NO_RIGHT).uses,
        )
        for use in quoted.coupons
        if use.refusal is None and not is_right(use.id)
    )
    idle = tuple(
        OfferGiven(id=use.id, refusal=use.refusal, value=rights.get(use.id, NO_RIGHT).value)
        for use in quoted.coupons
        if use.refusal is not None
    )
    return used, idle


def _stickers(programme: Programme, quoted: Quote, *, is_member: bool) -> SaleStickers | None:
    points = dict(quoted.accrual.offers)
    gave = [
        (use.id, use.discount_kopecks, points.get(use.id, 0))
        for use in quoted.coupons
        if use.refusal is None and is_right(use.id)
    ]
    return stickers_of(programme, quoted.stickers, gave, is_member=is_member)


def _promotions(programme: Programme, quoted: Quote) -> tuple[OfferGiven, ...]:
    """What each of the programme's promotions gave."""
    off = {use.id: use.discount_kopecks for use in quoted.promotions}
    ids = {offer.id for offer in programme.promotions}
    points = {id: given for id, given in quoted.accrual.offers if id in ids}
    return tuple(
        OfferGiven(id=id, discount_kopecks=off.get(id, 0), points=points.get(id, 0)) for id in sorted(off | points)
    )


def _seen(programme: Programme, view: MemberView, at: datetime) -> Seen:
    return Seen(
        card_status=view.card_status,
        identified_by=view.identified_by,
        second_factor=view.second_factor,
        proof=view.proof,
        vouched=view.vouched,
        points_active=view.points_active,
        birthday=_birthday_held(programme, view, programme.day(at)),
        favourites=view.favourites,
        accumulated_kopecks=view.accumulated_kopecks,
        redeemed_today=view.redeemed_today,
        redeemed_offline_today=view.redeemed_offline_today,
        redeemed_unsynced=view.redeemed_unsynced,
        snapshot_at=utc_text(view.snapshot_at) if view.snapshot_at else None,
    )


def _birthday_held(programme: Programme, view: MemberView, day: date) -> bool:
    rule = programme.birthday
    return rule is not None and view.birthday is not None and in_birthday_window(rule, view.birthday, day)


def reverse_quoted(
    programme: Programme,
    basket: Basket,
    view: MemberView | None,
    quoted: Quote,
    at: datetime,
    steps: Sequence[Sequence[LineReturn]],
    tender: TenderChoice | None = None,
) -> tuple[ReturnStep, ...]:
    """What returns would give and take, had the quote become a sale: for questions that are asked outside a shop.
    Its coupons may be written out and stand in no programme. Raises BadBasket."""
    number = SaleNumber(day=programme.day(at).isoformat(), number="1")
    sold = Operation(
        v=VERSION,
        chain="till",
        generation=1,
        sequence=1,
        previous_hash=FIRST_HASH,
        at=utc_text(at),
        programme=programme.id,
        programme_hash=programme.content_hash,
        body=sale_of(programme, basket, view, quoted, at, number=number),
    )
    return reverse(replace(programme, coupons=basket.coupons), sold, steps, tender)


def return_of(
    programme: Programme,
    sold: Operation,
    step: ReturnStep,
    at: datetime,
    *,
    before: Sequence[Return] = (),
    number: SaleNumber | None = None,
    link: Link = "online",
    quote: str | None = None,
    reason: str = "",
) -> Return:
    """The operation's body of one return (loyalty/returns.py), under the sale's own programme. `before`: the returns
    of the same sale that came earlier."""
    sale = sold.body
    assert isinstance(sale, Sale)
    programme = programme.by_clock_of(zone_of(sold.store, programme.timezone))
    restored_before = sum(back.restored.points for back in before)
    return Return(
        sale=number,
        of=OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence),
        of_sale=sale.sale,
        sold_at=sold.at,
        sold_offline=sale.link == "offline",
        member=sale.member,
        card=sale.card,
        link=link,
        lines=tuple(
            ReturnedLine(id=line.id, quantity_m=line.quantity_m, refund_kopecks=line.refund_kopecks, pieces=line.pieces)
            for line in step.lines
        ),
        refund_kopecks=step.refund_kopecks,
        qualifying_kopecks=step.qualifying_kopecks,
        restored=Restored(
            points=step.points_restored,
            lots=_given_back(sale.redeemed.lots, restored_before, step.points_restored),
            dead_until=_grace_end(programme, at),
        ),
        clawed_back=ClawedBack(points=step.points_clawed_back),
        withheld_kopecks=step.withheld_kopecks,
        coupons=step.coupons,
        tenders=_tenders(sale, came_back(sale, before).certificate_kopecks, step.certificate_kopecks),
        quote=quote,
        reason=reason,
        stickers=returned(sale, step.stickers),
    )


def _tenders(sale: Sale, before: int, kopecks: int) -> tuple[Tender, ...]:
    """What goes back to certificates, the first one first; `before` of what they paid is back already."""
    back = []
    for tender in sale.tenders:
        skipped = min(before, tender.kopecks)
        before -= skipped
        part = min(kopecks, tender.kopecks - skipped)
        kopecks -= part
        if part:
            back.append(Tender(kind=tender.kind, kopecks=part, id=tender.id))
    return tuple(back)


def _given_back(taken: tuple[BelievedLot, ...], before: int, points: int) -> tuple[BelievedLot, ...]:
    """The lots that points go back to, newest taken first; `before` of them are back already."""
    parts = []
    for lot in reversed(taken):
        skipped = min(before, lot.points)
        before -= skipped
        part = min(points, lot.points - skipped)
        points -= part
        if part:
            parts.append(BelievedLot(points=part, expires_at=lot.expires_at))
    return tuple(parts)


def _grace_end(programme: Programme, at: datetime) -> str | None:
    """To where points live on whose lot has died before they came back."""
    if programme.points.restored == "original_expiry":
        return None
    return utc_text(end_of(programme, programme.day(at) + timedelta(days=programme.points.grace_days)))
