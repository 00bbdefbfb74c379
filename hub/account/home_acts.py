"""The account's first page: what a member has, what waits and what dies next, how he earns, what runs for him."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Final

from hub.account.act import AccountAct, AccountAsked
from hub.account.me_acts import here, told_of
from hub.account.offers_here import Bought, bought_by, may_be_shown, offers_for
from hub.account.showcase import shelf_of
from hub.hub import Hub
from hub.store.seam import Reader
from loyalty.lots import Account, active_points
from loyalty.points_life import last_day_of
from loyalty.programme import PercentAccrual, Programme
from loyalty.snapshot import SpentDay
from loyalty.stickers import collection_of, running
from loyalty.tiers import accumulated, window_start
from loyalty.utc import utc_text
from sync.account.home import AskHome, Coming, Earning, HomeTold, Step, StickerBuys, StickersHere
from sync.account.me import Ending

SHOWN_MAX: Final = 3  # days on which points begin to live, or die, on a first page


def home(hub: Hub, asked: AccountAsked, body: AskHome) -> HomeTold:
    now, programme = hub.now(), hub.programmes[asked.programme]
    day = programme.day(now)
    with hub.store.reading() as reader:
        found = here(reader, asked, now, body.seen)
        member = found.person.member
        bought = bought_by(reader, found.account) if programme.promotions else Bought()
        shelf = shelf_of(hub, reader, programme, day)
        spendable = active_points(found.account, now, found.held)
        return HomeTold(
            me=told_of(programme, found, now),
            today=day.isoformat(),
            spendable=spendable,
            worth_kopecks=spendable * programme.currency.kop_per_point,
            coming=coming(found.account, now),
            ends=endings(programme, found.account, now),
            earning=earning(reader, programme, member, day),
            stickers=stickers(reader, programme, member, day),
            offers=offers_for(reader, programme, found.person.profile, bought, day, shelf),
            card_alone_points=programme.redemption.card_alone_max_points,
            goods_of_store=bought.store,
        )


def coming(account: Account, now: datetime) -> tuple[Coming, ...]:
    waiting = sorted((lot.active_from, lot.points) for lot in account.lots if lot.points and lot.active_from > now)
    days = [
        Coming(points=sum(points for _, points in lots), at=utc_text(at))
        for at, lots in groupby(waiting, lambda start: start[0])
    ]
    return tuple(days[:SHOWN_MAX])


def endings(programme: Programme, account: Account, now: datetime) -> tuple[Ending, ...]:
    ends = sorted((lot.expires_at, lot.points) for lot in account.lots if lot.points and lot.expires_at)
    days = [
        Ending(points=sum(points for _, points in lots), at=utc_text(at), day=last_day_of(programme, at).isoformat())
        for at, lots in groupby(ends, lambda end: end[0])
        if at > now
    ]
    return tuple(days[:SHOWN_MAX])


def earning(reader: Reader, programme: Programme, member: str, day: date) -> Earning:
    rule = programme.accrual
    if not isinstance(rule, PercentAccrual):
        return Earning(measure="per_step", step_kopecks=rule.step_kopecks, points=rule.points)
    steps = tuple(Step(from_kopecks=tier.from_kopecks, rate_bp=tier.rate_bp) for tier in rule.tiers)
    if rule.tier_metric == "receipt":
        return Earning(measure="receipt", steps=steps)
    since = window_start(programme, day).isoformat()
    spent = accumulated(
        programme,
        (SpentDay(day=row.day, kopecks=row.spent_kopecks) for row in reader.days_of([member], since)),
        day,
    )
    return Earning(
        measure="accumulated",
        steps=steps,
        reached=sum(step.from_kopecks <= spent for step in steps) - 1,
        spent_kopecks=spent,
        window=rule.tier_window,
        window_days=rule.tier_days,
    )


def stickers(reader: Reader, programme: Programme, member: str, day: date) -> StickersHere | None:
    rule = running(programme, day)
    if rule is None:
        return None
    rows = [row for row in reader.stickers_of([member]) if row.collection == collection_of(rule)]
    count = rows[0].stickers if rows else 0
    return StickersHere(
        count=max(0, count),
        last_day=rule.last_day.isoformat(),
        step_kopecks=rule.step_kopecks,
        per_step=rule.per_step,
        buys=tuple(
            StickerBuys(title=(one.offer.ru, one.offer.en), stickers=one.stickers, missing=max(0, one.stickers - count))
            for one in rule.offers
            if may_be_shown(programme, one.offer)
        ),
    )


HOME_ACTS: Final[Mapping[str, AccountAct]] = {"home": AccountAct(takes=AskHome, do=home)}
