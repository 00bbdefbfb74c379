"""Partners and funds in the account: who takes points for what, open to everybody (P7); a member's exchanges (P13,
P14) and gifts to a fund (P15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.charity.giving import fund_of, give_to_fund
from hub.desk.act import ActRefused
from hub.errands.errand import errands_of
from hub.exchanges.exchange import KIND, kept_of, state_of
from hub.exchanges.ordering import Wanted, checked_rate, exchange_points, free_points, is_offered
from hub.hub import Hub
from hub.store.errand_records import ErrandRow
from loyalty.programme import Partner, PartnerOffer, Programme
from loyalty.utc import utc_text
from sync.account.partners import (
    AskExchanges,
    AskOneExchange,
    AskPartners,
    Exchange,
    ExchangesTold,
    ExchangeTold,
    FundGiven,
    GiveToFund,
    NumberTold,
    OfferTold,
    PartnersTold,
    PartnerTold,
)

SHOWN_MAX: Final = 50
DIGITS_SHOWN: Final = 4


def partners(hub: Hub, asked: AccountAsked, body: AskPartners) -> PartnersTold:
    rules = hub.programmes[asked.programme]
    today = rules.day(hub.now())
    return PartnersTold(partners=tuple(_partner(hub, one, today) for one in rules.partners))


def _partner(hub: Hub, partner: Partner, today: date) -> PartnerTold:
    number = partner.number if is_offered(hub, partner) else None
    return PartnerTold(
        id=partner.id,
        name=(partner.ru, partner.en),
        points_step=partner.points_step,
        points_min=partner.points_min,
        units_per_step=partner.units_per_step,
        unit=partner.unit,
        match_bp=partner.match_bp,
        charity=partner.charity,
        number=NumberTold(name=(number.ru, number.en), pattern=number.pattern, example=number.example)
        if number is not None
        else None,
        day_max=partner.day_max,
        month_max=partner.month_max,
        code_from=partner.code_from,
        offers=tuple(_offer(one) for one in partner.offers if not one.is_over(today)),
    )


def _offer(offer: PartnerOffer) -> OfferTold:
    return OfferTold(
        name=(offer.ru, offer.en),
        terms=(offer.terms_ru, offer.terms_en),
        first_day=offer.first_day.isoformat() if offer.first_day else "",
        last_day=offer.last_day.isoformat() if offer.last_day else "",
    )


# exchanges


def exchanges(hub: Hub, asked: AccountAsked, body: AskExchanges) -> ExchangesTold:
    rules = hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member
        rows = errands_of(reader, KIND, member)
        free = free_points(hub, reader, member)
    newest = sorted(rows, key=lambda row: (kept_of(row).made_at, row.id), reverse=True)
    return ExchangesTold(exchanges=tuple(_told(rules, row) for row in newest[:SHOWN_MAX]), free=free)


def exchange_one(hub: Hub, asked: AccountAsked, body: AskOneExchange) -> ExchangeTold:
    """Another's is as none."""
    with hub.store.reading() as reader:
        rows = errands_of(reader, KIND, signed_in(reader, asked).member)
    found = next((row for row in rows if row.id == body.id), None)
    if found is None:
        raise ActRefused("no_exchange", "he has no such exchange")
    return _told(hub.programmes[asked.programme], found)


def _told(rules: Programme, row: ErrandRow) -> ExchangeTold:
    kept = kept_of(row)
    partner = rules.partner(kept.partner)
    return ExchangeTold(
        id=row.id,
        state=state_of(row),
        partner=kept.partner,
        name=(partner.ru, partner.en) if partner is not None else (kept.partner, kept.partner),
        number=kept.number[-DIGITS_SHOWN:],
        points=kept.points,
        units=kept.units,
        unit=kept.unit,
        made_at=kept.made_at,
        at=utc_text(row.at),
        why=kept.code,
    )


def exchange(hub: Hub, asked: AccountAsked, body: Exchange) -> ExchangeTold:
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member
    wanted = Wanted(body.partner, body.number, body.points, body.proof)
    row = ordered(lambda: exchange_points(hub, member, asked.programme, wanted, asked.key))
    return _told(hub.programmes[asked.programme], row)


# funds


def give(hub: Hub, asked: AccountAsked, body: GiveToFund) -> FundGiven:
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member
    rules = hub.programmes[asked.programme]
    fund = ordered(lambda: fund_of(rules, body.fund))
    rate = ordered(lambda: checked_rate(fund, body.points))
    done = ordered(lambda: give_to_fund(hub, member, asked.programme, fund, body.points, body.proof, order_of(asked)))
    return FundGiven(points=rate.points, kopecks=rate.units, matched_kopecks=rate.matched, changed=done.changed)


PARTNER_ACTS: Final[Mapping[str, AccountAct]] = {
    "partners": AccountAct(takes=AskPartners, do=partners, signed_in=False),
    "exchanges": AccountAct(takes=AskExchanges, do=exchanges),
    "exchange_one": AccountAct(takes=AskOneExchange, do=exchange_one),
    "exchange": AccountAct(takes=Exchange, do=exchange),
    "give_to_fund": AccountAct(takes=GiveToFund, do=give),
}
