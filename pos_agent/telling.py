"""What is told is a promise: a quote with an id, kept as the sale that it will be if it is paid.

It is made when a command of a receipt is answered, and anything about the receipt that changes makes a new one. Between
saying and paying nothing changes it: not the link, not a page of the hub, not midnight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, get_args

import msgspec

from loyalty.advice import Receipt, advice
from loyalty.bodies import Redeemed, Sale, SaleNumber, SoldLine
from loyalty.certificates import CERTIFICATE
from loyalty.explain import explain_quote
from loyalty.lots import Account
from loyalty.member import FreeBy
from loyalty.money import format_kopecks
from loyalty.programme import Language, Link
from loyalty.quote import Quote
from loyalty.redemption import Gate
from loyalty.sold import Right, sale_of
from loyalty.stickers import is_right
from loyalty.utc import utc_text
from pos_agent.answers import ToldAccrued, ToldCoupon, ToldLimit, ToldLine, ToldRedeemed, ToldSale
from pos_agent.counter import Counter
from pos_agent.coupons_now import why_not
from pos_agent.open_receipts import as_left, paying
from pos_agent.priced import extras_of, has_lines, priced
from pos_agent.promises import Told as Told
from pos_agent.promises import WaitingCoupon as WaitingCoupon
from pos_agent.promises import find as find
from pos_agent.protocol_certificates import ToldTender
from pos_agent.receipt import masked
from pos_agent.stickers import guest_line, told_stickers
from pos_agent.told_positions import told_positions
from pos_agent.visit import Advised, ShownCertificate, Visit, hold_of
from pos_agent.words import as_typed

WITHOUT_LINK: Final[tuple[Gate, ...]] = ("offline_denied", "snapshot_stale")
NAME_SHOWN_MAX = 40  # characters of what goods are called
NOBODYS: Final = Visit()
NO_NUMBER = SaleNumber(day="0001-01-01", number="")  # until it is paid


def tell(counter: Counter, visit: Visit, *, advise: bool = True) -> tuple[Visit, Told]:
    """Work the receipt out and promise it; `advise`: there is still time to say what could be gained. Raises
    BadBasket."""
    id = counter.house.new_id()
    visit = msgspec.structs.replace(visit, began=visit.began or id)
    fresh, receipt = _worked_out(counter, visit, id)
    if advise and (best := advice(receipt)) is not None:
        visit = msgspec.structs.replace(visit, advised=Advised(quote=id, advice=best))
        fresh = msgspec.structs.replace(fresh, visit=visit)
    _keep(counter, fresh)
    return msgspec.structs.replace(visit, quote=fresh.id, heard=None, prepared=False), fresh


def _keep(counter: Counter, told: Told) -> None:
    counter.house.keep_quote(told.id, counter.pos, msgspec.json.encode(told), counter.now)


def told_inside(counter: Counter, told: Told, visit: Visit) -> Told:
    """The same promise, now that its points are reserved: its sums are what they were."""
    sale = msgspec.structs.replace(told.sale, link=counter.link_of(visit), redeemed=under(visit, told.sale.redeemed))
    inside = msgspec.structs.replace(told, visit=msgspec.structs.replace(told.visit, hold=visit.hold), sale=sale)
    _keep(counter, inside)
    return inside


def mark_paid(counter: Counter, told: Told, sale: SaleNumber, tail: tuple[str, ...]) -> None:
    """One promise is kept once."""
    _keep(counter, msgspec.structs.replace(told, paid=sale, tail=tail))


def retell(counter: Counter, visit: Visit) -> tuple[Visit, Told | None]:
    """After a change: the new promise; none for a receipt without a line."""
    if not has_lines(counter, visit):
        return msgspec.structs.replace(visit, quote=None, heard=None, prepared=False), None
    return tell(counter, visit)


def told_of(counter: Counter, visit: Visit) -> Told | None:
    """What was told of a receipt; None while it has no line."""
    told = find(counter, visit.quote)
    return told if told is not None or not visit.lines else work_out(counter, visit, "")


def unheard(before: Visit, fresh: Visit) -> Visit:
    """After a new promise that is no answer to anything: whoever asks knows the one before."""
    if before.quote in (None, fresh.quote):
        return fresh
    return msgspec.structs.replace(fresh, heard=before.heard or before.quote)


def work_out(counter: Counter, visit: Visit, id: str, *, as_reserved: bool = False) -> Told:
    """The receipt as it is now, or (`as_reserved`) as it would be with its points reserved; nothing is promised yet."""
    return _worked_out(counter, visit, id, as_reserved=as_reserved)[0]


def sale_now(counter: Counter, visit: Visit, id: str) -> Sale:
    """As it would be told of the receipt under this id."""
    return _sale_of(counter, visit, id)[0]


def _worked_out(counter: Counter, visit: Visit, id: str, *, as_reserved: bool = False) -> tuple[Told, Receipt]:
    """With what the rules saw."""
    sale, receipt, without = _sale_of(counter, visit, id, as_reserved=as_reserved)
    answer, stickers = receipt.quoted, told_stickers(counter, visit, sale)
    text, language = _limit_text(counter, visit, answer, counter.language), counter.house.receipt_language
    told = Told(
        id=id,
        told_at=utc_text(counter.now),
        pos=counter.pos,
        visit=visit,
        sale=sale,
        limit_points=answer.limit.points,
        limit_reason=_reason(counter, visit, answer, receipt.link),
        waiting=tuple(_waiting(counter, visit, without)),
        limit_text=text,
        limit_text_guest=text if language == counter.language else _limit_text(counter, visit, answer, language),
        store=counter.cache.store,
        channel=visit.channel,
        programme_hash=counter.programme.content_hash,
        stickers=stickers,
        stickers_guest=guest_line(counter, stickers),
    )
    return told, receipt


def _sale_of(
    counter: Counter, visit: Visit, id: str, *, as_reserved: bool = False
) -> tuple[Sale, Receipt, frozenset[str]]:
    """With what the rules saw, and the campaigns that wait for the hub. Points that nobody holds for this receipt, and
    that others may spend meanwhile, are told by the rules of without a connection, also while there is one: `redeem`
    and `prepare` reserve them."""
    view = as_left(counter, visit, counter.view(visit), as_reserved=as_reserved)
    link = counter.link_of(visit)
    basket, answer, without = priced(counter, visit, view, link)
    if not as_reserved and answer.redemption.points and link == "online" and counter.needs_hold(visit):
        link = "offline"
        basket, answer, without = priced(counter, visit, view, link)
    who = visit.who
    account = counter.account(who) if who else None
    by_card = who is not None and (who.identified_by == "card" or visit.reissue is not None)
    sale = sale_of(
        counter.programme,
        basket,
        view,
        answer,
        counter.now,
        number=NO_NUMBER,
        member=who.member if who else None,
        card=who.card if who is not None and by_card else None,
        link=link,
        account=account,
        rights={shown.campaign: Right(shown.serial, shown.value, shown.uses) for shown in visit.coupons},
        extras=len(extras_of(counter, visit)),
        certificates=[shown.number for shown, _ in paying(counter, visit)],
    )
    sale = msgspec.structs.replace(sale, quote=id, redeemed=under(visit, sale.redeemed))
    receipt = Receipt(
        programme=counter.programme,
        basket=basket,
        member=view,
        account=account or Account(),
        quoted=answer,
        at=counter.now,
        link=link,
        requested_points=visit.requested_points,
        decided=visit.decided,
    )
    return sale, receipt, without


def _waiting(counter: Counter, visit: Visit, without: frozenset[str]) -> Iterator[WaitingCoupon]:
    for shown in visit.coupons:
        why = why_not(counter, visit, shown) or ("needs_hub" if shown.campaign in without else None)
        if why is not None:
            yield WaitingCoupon(campaign=shown.campaign, why=why)


def _reason(counter: Counter, visit: Visit, answer: Quote, link: Link) -> str | None:
    """Why nothing may be redeemed; else what whoever was asked for points left of them."""
    limit, hold = answer.limit, hold_of(visit, counter.now)
    by_link = limit.reason in WITHOUT_LINK or "offline" in limit.bound_by
    if hold is not None and hold.by == "hub" and hold.state == "unanswered" and link == "offline" and by_link:
        return "hub_silent"
    return limit.reason or next((cap for cap in limit.bound_by if cap in get_args(FreeBy)), None)


def under(visit: Visit, redeemed: Redeemed) -> Redeemed:
    """With the hold of the points, also where nobody answered for it."""
    if visit.hold is None or not redeemed.points:
        return redeemed
    return msgspec.structs.replace(redeemed, hold=visit.hold.id)


def _limit_text(counter: Counter, visit: Visit, answer: Quote, language: Language) -> str:
    names = {line.id: line.name for line in visit.lines}
    names |= {line.id: line.name for line in extras_of(counter, visit)}
    names = {id: as_typed(name, NAME_SHOWN_MAX) for id, name in names.items()}
    return explain_quote(answer, names, counter.programme, language)


def is_old(told: Told, now: datetime, most: timedelta) -> bool:
    return now - datetime.fromisoformat(told.told_at) > most


def sums(sale: Sale) -> tuple[Any, ...]:
    """What is promised."""
    lines = [(line.id, line.net_kopecks, line.discount_kopecks) for line in (*sale.lines, *sale.extras)]
    return (sale.paid_kopecks, sale.redeemed.points, sale.accrued.points, lines, sale.stickers)


# as the POS gets it


def told_quote(told: Told) -> ToldSale:
    """The quote: sums in rubles, each line's discount, net and positions, extras, coupons with what they give or why
    nothing."""
    return msgspec.structs.replace(
        told_record(told.sale),
        coupons=(*_told_coupons(told.sale, told.visit), *_told_waiting(told)),
        told_at=told.told_at,
        tenders=told_tenders(told.sale, told.visit.certificates),
        limit=ToldLimit(points=told.limit_points, reason=told.limit_reason, text=told.limit_text),
        stickers=told.stickers,
    )


def told_record(sale: Sale) -> ToldSale:
    """What a recorded sale says."""
    return ToldSale(
        quote=sale.quote,
        total=format_kopecks(sale.total_kopecks),
        to_pay=format_kopecks(sale.paid_kopecks),
        redeemed=ToldRedeemed(points=sale.redeemed.points, amount=format_kopecks(sale.redeemed.kopecks)),
        accrued=ToldAccrued(points=sale.accrued.points, parts=sale.accrued.parts),
        lines=tuple(_told_line(line) for line in sale.lines),
        extras=tuple(_told_line(line) for line in sale.extras),
        coupons=_told_coupons(sale),
        tenders=tuple(
            ToldTender(certificate=masked(tender.id), amount=format_kopecks(tender.kopecks))
            for tender in sale.tenders
            if tender.kind == CERTIFICATE
        ),
    )


def told_tenders(sale: Sale, shown: tuple[ShownCertificate, ...]) -> tuple[ToldTender, ...]:
    """Also of those that pay nothing yet."""
    return _tenders(shown, {tender.id: tender.kopecks for tender in sale.tenders})


def bare_tenders(shown: tuple[ShownCertificate, ...]) -> tuple[ToldTender, ...]:
    """Of a receipt without a line."""
    return _tenders(shown, {})


def _tenders(shown: tuple[ShownCertificate, ...], taken: Mapping[str | None, int]) -> tuple[ToldTender, ...]:
    return tuple(
        ToldTender(
            certificate=masked(one.number),
            amount=format_kopecks(taken.get(one.number, 0)),
            left=format_kopecks(one.left_kopecks - taken.get(one.number, 0)) if one.known != "offline" else None,
        )
        for one in shown
    )


def _told_line(line: SoldLine) -> ToldLine:
    return ToldLine(
        id=line.id,
        net_before=format_kopecks(line.net_before_kopecks),
        discount=format_kopecks(line.discount_kopecks),
        net=format_kopecks(line.net_kopecks),
        positions=told_positions(line, line.positions, line.pieces, line.quantity_m),
    )


def _told_coupons(sale: Sale, visit: Visit = NOBODYS) -> tuple[ToldCoupon, ...]:
    """Those that give something first."""
    left = _uses_left(visit)
    used = (
        ToldCoupon(
            campaign=use.campaign,
            discount=format_kopecks(use.discount_kopecks),
            points=use.points,
            uses_left=left.get(use.campaign),
        )
        for use in sale.coupons
    )
    idle = (offer for offer in sale.offers if offer.refusal and not is_right(offer.id))
    refused = (ToldCoupon(campaign=one.id, refusal=one.refusal, uses_left=left.get(one.id)) for one in idle)
    return (*used, *refused)


def bare_coupons(counter: Counter, visit: Visit) -> tuple[ToldCoupon, ...]:
    """Of a receipt without a line."""
    waiting = {one.campaign: one.why for one in _waiting(counter, visit, frozenset())}
    names, left = [shown.campaign for shown in visit.coupons], _uses_left(visit)
    return tuple(ToldCoupon(campaign=id, refusal=waiting.get(id), uses_left=left.get(id)) for id in names)


def _uses_left(visit: Visit) -> dict[str, int]:
    """Of coupons that have several, by their campaigns."""
    return {shown.campaign: shown.left for shown in visit.coupons if shown.uses > 1}


def _told_waiting(told: Told) -> Iterator[ToldCoupon]:
    left = _uses_left(told.visit)
    for one in told.waiting:
        yield ToldCoupon(campaign=one.campaign, refusal=one.why, uses_left=left.get(one.campaign))
