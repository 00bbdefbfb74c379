"""L1: random receipts with alcohol, tobacco, unknown goods, every kind of offer, points and discounts of the POS. What
a line really is is known here, and said to the till in one of the ways in which a POS or a goods file says it; then
no price is lawfully wrong. LAW_RECEIPTS=1000000 asks for more of them; POS_TEST_SEED for those of a failure.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from config.law import load_law
from config.programmes import load_programme
from loyalty.basket import Basket, Line, LineFacts
from loyalty.goods import Goods, Item, decided
from loyalty.member import MemberView
from loyalty.money import ceil_div, half_up
from loyalty.programme import Offer, PerStepAccrual, Programme
from loyalty.quote import Quote, quote

RECEIPTS = int(os.environ.get("LAW_RECEIPTS", "20000"))
PARTS = 8  # each is a test, so that two cores share them
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
VODKA = {250: 20_450, 500: 40_900, 700: 57_260, 1000: 81_800}  # least price by millilitres, by hand
WINE = {375: 11_950, 750: 23_900, 1500: 47_800}
OPEN = {"alenka": ("chocolate", "sweets", "tea"), "perekrestok": ("dairy", "bread", "household")}
GOODS = Goods(
    articles={
        "tobacco": Item(category="tobacco", subject=31),
        **{
            f"vodka {ml}": Item(category="alcohol_strong", kind="vodka", strength_bp=4000, volume_ml=ml) for ml in VODKA
        },
        **{f"wine {ml}": Item(category="sparkling_wine", kind="sparkling_wine", volume_ml=ml) for ml in WINE},
    }
)
EVERY_KIND = (
    Offer(id="percent", ru="", en="", kind="percent_off", percent_bp=3000),
    Offer(id="amount", ru="", en="", kind="amount_off", amount_kopecks=70_000, min_basket_kopecks=100_000),
    Offer(id="gift", ru="", en="", kind="gift", min_basket_kopecks=50_000),
    Offer(id="points", ru="", en="", kind="extra_points", points=50, min_basket_kopecks=30_000),
    Offer(id="double", ru="", en="", kind="multiplier", times=2, min_basket_kopecks=30_000),
)


@dataclass(frozen=True)
class Truth:
    """What the law and the programme allow with a line, whatever anybody says of it. No `least`: nothing comes off."""

    least: int | None = None
    earns: bool = True


Told = tuple[dict[str, Any], dict[str, Any], Truth]  # a line's fields, its facts, and what it is


def ordinary(chance: random.Random, programme: Programme) -> Told:
    line = {"category": chance.choice(OPEN[programme.id]), "price_kopecks": chance.randint(0, 120_000)}
    if chance.random() < 0.3:
        line |= {"unit": "kg", "quantity_m": chance.randint(1, 3000)}
    return line, {}, Truth(least=programme.redemption.unit_floor_kopecks)


def tobacco(chance: random.Random, programme: Programme) -> Told:
    ways: Sequence[tuple[object, dict[str, Any]]] = (
        ("tobacco", {}),
        ("nicotine", {}),
        (chance.choice((None, "moon rock", *OPEN[programme.id])), {"article": "tobacco"}),
        (chance.choice((None, "moon rock", *OPEN[programme.id])), {"subject": chance.choice((2, 30, 31))}),
    )
    category, facts = chance.choice(ways)
    return {"category": category, "price_kopecks": chance.randint(10_000, 30_000)}, facts, Truth(earns=False)


def unknown(chance: random.Random, programme: Programme) -> Told:
    category = chance.choice((None, "moon rock", "unknown"))
    return {"category": category, "price_kopecks": chance.randint(1, 120_000)}, {"article": "nobody's"}, Truth()


def closed(chance: random.Random, programme: Programme) -> Told:
    category = chance.choice(("lottery", "gift_certificate", "card_fee", "charity", "deposit"))
    return {"category": category, "price_kopecks": chance.randint(1, 300_000)}, {}, Truth(earns=False)


def bottle(kind: str, category: str, leasts: dict[int, int], chance: random.Random, programme: Programme) -> Told:
    ml, least = chance.choice(list(leasts.items()))
    price = least * chance.randint(50, 220) // 100
    line: dict[str, Any] = {"category": category, "price_kopecks": price}
    facts: dict[str, Any] = {"kind": kind, "strength_bp": 4000, "volume_ml": ml}
    match chance.randrange(5):
        case 0:  # by its kind, whatever category the POS says
            told = chance.choice((None, "moon rock", category, *OPEN[programme.id]))
            return line | {"category": told}, facts, Truth(least=least)
        case 1:  # by the goods file; the POS's own least price may be wrong
            article = f"{'vodka' if kind == 'vodka' else 'wine'} {ml}"
            said = chance.choice((None, 1, least // 2))
            return line | {"min_unit_price_kopecks": said}, {"article": article}, Truth(least=least)
        case 2:  # by the POS's category and least price
            return line | {"min_unit_price_kopecks": least}, {}, Truth(least=least)
        case 3:  # by its kind alone: how large it is nobody says, and nothing may be taken off
            return line | {"category": chance.choice((None, *OPEN[programme.id]))}, {"kind": kind}, Truth()
    return line, {}, Truth()  # no least price is known: nothing may be taken off


def vodka(chance: random.Random, programme: Programme) -> Told:
    return bottle("vodka", "alcohol_strong", VODKA, chance, programme)


def wine(chance: random.Random, programme: Programme) -> Told:
    return bottle("sparkling_wine", "sparkling_wine", WINE, chance, programme)


MAKERS: tuple[Callable[[random.Random, Programme], Told], ...] = (
    *(ordinary, ordinary, tobacco, unknown, closed, vodka, wine),
)


def a_line(chance: random.Random, programme: Programme, number: int) -> tuple[Line, Truth]:
    told, facts, truth = chance.choice(MAKERS)(chance, programme)
    fields: dict[str, Any] = {"quantity_m": chance.randint(1, 4) * 1000} | told
    gross = half_up(fields["price_kopecks"] * fields["quantity_m"], 1000)
    discount = chance.choice((0, 0, 0, gross // 10, gross // 2))
    line = Line(id=str(number), name="", discount_kopecks=discount, facts=LineFacts(**facts), **fields)
    return decided(line, programme, GOODS, load_law(), AT.date()), truth


def a_programme(chance: random.Random, shipped: Sequence[Programme]) -> Programme:
    programme = chance.choice(shipped)
    return replace(
        programme,
        redemption=replace(
            programme.redemption,
            cap_bp=chance.choice((5000, 9900, 10_000)),
            unit_floor_kopecks=chance.choice((0, 1, 500)),
            min_cash_kopecks=chance.choice((0, 100)),
        ),
        promotions=tuple(chance.sample(EVERY_KIND, chance.choice((0, 0, 1, 2)))),
        coupon_stacking=chance.choice(("best", "all")),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_l1_no_receipt_breaks_the_law(part: int) -> None:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    chance = random.Random(f"{seed}/{part}")
    shipped = [load_programme("alenka"), load_programme("perekrestok")]
    for _ in range(RECEIPTS // PARTS):
        programme = a_programme(chance, shipped)
        known = [a_line(chance, programme, number) for number in range(chance.randint(1, 8))]
        coupons = tuple(replace(one, id=f"c-{one.id}") for one in chance.sample(EVERY_KIND, chance.choice((0, 1, 2))))
        basket = Basket(lines=tuple(line for line, _ in known), coupons=coupons)
        member = MemberView(points_active=chance.choice((0, 300, 50_000)))
        answer = quote(programme, basket, member, at=AT)
        check_prices(known, answer)
        check_least_baskets(programme, known, basket, answer)
        check_accrual(programme, known, answer)


def shelf(line: Line) -> int:
    return line.gross_kopecks - line.discount_kopecks


def check_prices(known: list[tuple[Line, Truth]], answer: Quote) -> None:
    for (line, truth), sold in zip(known, answer.lines, strict=True):
        taken = shelf(line) - sold.net_kopecks
        assert taken >= 0
        if truth.least is None:
            assert not taken, (line, "may not be made cheaper")
        else:
            assert sold.net_kopecks >= min(shelf(line), ceil_div(truth.least * line.quantity_m, 1000)), line
        assert sum(position.amount_kopecks for position in sold.positions) == sold.net_kopecks
    assert sum(sold.net_kopecks for sold in answer.lines) == answer.total_kopecks
    assert sum(sold.discount_kopecks for sold in answer.lines) == answer.redemption.amount_kopecks


def check_least_baskets(programme: Programme, known: list[tuple[Line, Truth]], basket: Basket, answer: Quote) -> None:
    """What gave something had its least basket in goods that count."""
    may = sum(shelf(line) for line, truth in known if truth.least is not None)
    earns = sum(sold.net_before_kopecks for (_, truth), sold in zip(known, answer.lines, strict=True) if truth.earns)
    offers = {offer.id: offer for offer in (*programme.promotions, *basket.coupons)}
    for use in (*answer.promotions, *answer.coupons):
        if use.discount_kopecks:
            assert may >= offers[use.id].min_basket_kopecks, use
    for id, points in answer.accrual.offers:
        assert points and earns >= offers[id].min_basket_kopecks, id


def check_accrual(programme: Programme, known: list[tuple[Line, Truth]], answer: Quote) -> None:
    """Points are of money paid for goods that earn, and of nothing else."""
    paid = sum(sold.net_kopecks for (_, truth), sold in zip(known, answer.lines, strict=True) if truth.earns)
    before = sum(sold.net_before_kopecks for (_, truth), sold in zip(known, answer.lines, strict=True) if truth.earns)
    base = dict(answer.accrual.parts).get("base", 0)
    if isinstance(programme.accrual, PerStepAccrual):
        assert base == paid // 1000
    else:
        rate_bp = 200 if before < 150_000 else 300 if before < 300_000 else 500
        assert base == paid * rate_bp // 1_000_000
    assert answer.accrual.qualifying_kopecks == before
