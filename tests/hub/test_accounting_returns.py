"""Discounts that returns give back, and coupons, by VAT: in parts, in any order, told late, as told before."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.accounting.closing import INDEX, close, closing, days_of_month, taken
from hub.accounting.discounts import off_back, off_sold
from hub.accounting.moved import Left, moved
from hub.accounting.sheet import Sheet
from hub.store.rows import Rows
from loyalty.bodies import (
    CAME_BACK_TWICE,
    CouponUse,
    Deviation,
    OperationRef,
    Redeemed,
    Return,
    ReturnedLine,
    Sale,
    SaleNumber,
    SoldLine,
)
from loyalty.returns import Back, LineReturn, came, came_back
from tests.hub.conftest import NOW, Office, Pen

SOLD_AT = "2026-03-02T10:00:00.000000+00:00"
OFF = ("discount_points", "discount_offers", "of_it_coupons")


def line(id: str, *, gross: int, offers: int, points: int, m: int = 1000, **more: Any) -> SoldLine:
    """`gross`: of all of it, which is whole pieces of one price, or weighed."""
    before = gross - offers
    fields: dict[str, Any] = {"name": id, "unit": "pc", "price_kopecks": gross * 1000 // m, "quantity_m": m} | more
    return SoldLine(id=id, net_before_kopecks=before, discount_kopecks=points, net_kopecks=before - points, **fields)


def sale_of(*lines: SoldLine, coupon: int) -> Sale:
    net = sum(one.net_kopecks for one in lines)
    return Sale(
        sale=SaleNumber(day="2026-03-02", number="1"),
        member="anna",
        lines=lines,
        total_kopecks=net,
        paid_kopecks=net,
        redeemed=Redeemed(points=0, kopecks=sum(one.discount_kopecks for one in lines)),
        coupons=(CouponUse(serial="aa" * 16, campaign="c", discount_kopecks=coupon),) if coupon else (),
    )


def back_of(sale: Sale, before: list[Return], parts: list[LineReturn], withheld: int = 0) -> Return:
    """As a till records it: each line with its refund, of which the first withholds something."""
    earlier = came_back(sale, before)
    after = earlier.with_lines(parts)

    def refund(part: LineReturn, back: Back) -> int:
        (sold,) = (one for one in sale.lines if one.id == part.id)
        return came(sold.net_kopecks, sold, back)

    refunds = [refund(part, after) - refund(part, earlier) for part in parts]
    refunds[0] -= withheld
    lines = [
        ReturnedLine(id=part.id, quantity_m=part.quantity_m, refund_kopecks=kopecks, pieces=part.pieces)
        for part, kopecks in zip(parts, refunds, strict=True)
    ]
    return Return(
        of=OperationRef(chain="t1", generation=1, sequence=1),
        sold_at=SOLD_AT,
        member="anna",
        lines=tuple(lines),
        refund_kopecks=sum(refunds),
    )


@pytest.fixture
def chance() -> random.Random:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    return random.Random(seed)


def any_line(chance: random.Random, id: str) -> SoldLine:
    pieces, price = chance.randint(1, 5), chance.randint(100, 9_999)
    if chance.random() < 0.3:
        m, gross = chance.randint(1, 3_000), price
        more: dict[str, Any] = {"unit": "kg", "price_kopecks": price}
        gross = (2 * price * m + 1000) // 2000
    else:
        m, gross, more = 1000 * pieces, price * pieces, {"price_kopecks": price}
        if chance.random() < 0.3:
            more["pieces"] = tuple(f"{id}-{number}" for number in range(chance.randint(1, pieces)))
    offers = chance.randint(0, gross // 2)
    points = chance.randint(0, (gross - offers) // 2)
    return line(id, gross=gross, offers=offers, points=points, m=m, tax=chance.choice(("20", "10", None)), **more)


def any_part(chance: random.Random, sold: SoldLine, back: Back) -> LineReturn | None:
    left = back.left_m(sold)
    keys = [key for key in sold.pieces if key not in back.keys(sold)]
    if not left or chance.random() < 0.3:
        return None
    some = tuple(key for key in keys if chance.random() < 0.6)
    unnamed = left - 1000 * len(keys)
    more = chance.randint(0, unnamed) if sold.unit == "kg" else 1000 * chance.randint(0, unnamed // 1000)
    m = 1000 * len(some) + more
    return LineReturn(id=sold.id, quantity_m=m, pieces=some) if m else None


def test_parts_in_any_order_give_back_in_total_what_was_taken_off(chance: random.Random) -> None:
    for _ in range(150):
        lines = [any_line(chance, f"l{number}") for number in range(chance.randint(1, 3))]
        offers = sum(off.offers for off in off_sold(sale_of(*lines, coupon=0)))
        sale = sale_of(*lines, coupon=chance.randint(0, offers))
        before: list[Return] = []
        given: Counter[tuple[str, str]] = Counter()
        while any(came_back(sale, before).left_m(one) for one in lines):
            back = came_back(sale, before)
            parts = [part for one in lines if (part := any_part(chance, one, back)) is not None]
            if not parts:
                continue
            withheld = chance.choice((0, 0, 7))
            one = back_of(sale, before, parts, withheld)
            off = list(off_back(sale, before, one))
            after = came_back(sale, [*before, one])
            gross = [
                came(sold.net_before_kopecks + first.offers, sold, after)
                - came(sold.net_before_kopecks + first.offers, sold, back)
                for sold, first in zip(lines, off_sold(sale), strict=True)
            ]
            assert sum(gross) == one.refund_kopecks + sum(each.points + each.offers for each in off)
            for each in off:
                given.update({("points", each.tax): each.points, ("coupons", each.tax): each.coupons})
            given["offers", ""] += sum(each.offers for each in off) - withheld
            before.append(one)
        wanted: Counter[tuple[str, str]] = Counter()
        for each in off_sold(sale):
            wanted.update({("points", each.tax): each.points, ("coupons", each.tax): each.coupons})
            wanted["offers", ""] += each.offers
        assert +given == +wanted
        assert sum(off.coupons for off in off_sold(sale)) == sum(use.discount_kopecks for use in sale.coupons)


def test_goods_that_came_back_twice_give_no_discount_back_twice() -> None:
    sale = sale_of(line("cake", gross=900, offers=90, points=30, m=3000, tax="20"), coupon=90)
    first = back_of(sale, [], [LineReturn(id="cake", quantity_m=3000)])
    twice = Return(
        of=first.of,
        sold_at=SOLD_AT,
        lines=first.lines,
        refund_kopecks=first.refund_kopecks,
        deviations=(Deviation(kind=CAME_BACK_TWICE, cost_kopecks=first.refund_kopecks),),
    )
    assert [off[1:] for off in off_back(sale, [], first)] == [(30, 90, 90)]
    assert [off[1:] for off in off_back(sale, [first], twice)] == [(0, 0, 0)]


# in the books


CAKE = sale_of(
    line("cake", gross=3_000, offers=200, points=100, m=3000, tax="20"),
    line("milk", gross=1_000, offers=100, points=0, tax="10"),
    coupon=150,
)


def cakes(before: int) -> Return:
    """One more of the three."""
    earlier = [back_of(CAKE, [], [LineReturn(id="cake", quantity_m=1000 * before)])] if before else []
    return back_of(CAKE, earlier, [LineReturn(id="cake", quantity_m=1000)])


def export(office: Office, *days: str) -> Sheet:
    office.hub.within(lambda writer: close(writer, days, office.hub.programmes, office.now))
    return told(office, *days)


def told(office: Office, *days: str) -> Sheet:
    sheet = Sheet()
    with office.hub.store.reading() as reader:
        for some in moved(reader, taken(reader, days), Left(days[0]), lambda read: None):
            sheet.take(some)
    return sheet


def off_in(sheet: Sheet, kind: str) -> dict[tuple[str, str], int]:
    sums: Counter[tuple[str, str]] = Counter()
    for key, (_, _, kopecks) in sheet.rows.items():
        if key.kind == kind and key.what in OFF:
            sums[key.what, key.tax] += kopecks
    return dict(sums)


@pytest.fixture
def sold(office: Office) -> Office:
    office.join("anna", points=10)
    assert office.take(CAKE) == ["applied"]
    return office


def test_a_coupon_has_the_rates_of_the_lines_that_it_took_something_off(sold: Office) -> None:
    sold.now = NOW + timedelta(days=2)
    assert off_in(export(sold, "2026-03-02"), "sale") == {
        ("discount_points", "20"): 100,
        ("discount_offers", "20"): 200,
        ("discount_offers", "10"): 100,
        ("of_it_coupons", "20"): 100,
        ("of_it_coupons", "10"): 50,
    }


def test_a_return_that_is_told_late_leaves_what_was_told_of_others_as_it_was(sold: Office) -> None:
    """Three thirds of a cake: of 1.00 off, 33, 33 and 34 kopecks, by the books' own order and never another one."""
    late, near = Pen("a-late"), Pen("t2")
    written = late.write(cakes(0), at=NOW + timedelta(hours=1))
    assert sold.take(cakes(1), pen=near, at=NOW + timedelta(hours=2)) == ["applied"]
    assert sold.take(cakes(2), pen=near, at=NOW + timedelta(hours=3)) == ["applied"]
    sold.now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    first = export(sold, "2026-03-02")
    assert sold.hub.take(late.till, [written]).answers[0].result == "applied"
    sold.now += timedelta(days=1)
    second = export(sold, "2026-03-03")
    assert told(sold, "2026-03-02").rows == first.rows
    back = [off_in(sheet, "return") for sheet in (first, second)]
    assert [one["discount_points", "20"] for one in back] == [-66, -34]
    assert sum(one["of_it_coupons", "20"] for one in back) == -100
    month = told(sold, *days_of_month("2026-03")[1:3])
    assert sum(off_in(month, "return").values()) == -400, "all of the cake is back"


def test_a_return_of_a_day_that_is_exported_later_is_behind_also_if_it_was_known_before(sold: Office) -> None:
    assert sold.take(cakes(0), pen=Pen("t2")) == ["applied"]
    assert sold.take(cakes(1), cakes(2), pen=Pen("a"), at=NOW + timedelta(days=1)) == ["applied"] * 2
    sold.now = NOW + timedelta(days=2)
    first = export(sold, "2026-03-02")
    second = export(sold, "2026-03-03")
    back = [off_in(sheet, "return")["discount_points", "20"] for sheet in (first, second)]
    assert back == [-33, -67] and told(sold, "2026-03-02").rows == first.rows


def test_a_day_that_was_closed_before_is_told_as_it_was(sold: Office) -> None:
    assert sold.take(cakes(0)) == ["applied"]
    sold.now = NOW + timedelta(days=2)
    export(sold, "2026-03-02")
    with sold.hub.store.reading() as reader:
        kept = closing(reader, 1)
        assert kept is not None and reader.setting(INDEX) is not None
        ((name, text),) = kept.setting().items()
    before = json.loads(text)
    assert before.pop("edition") == 3
    sold.hub.within(lambda writer: writer.write(Rows(settings={name: json.dumps(before)})))
    sheet = told(sold, "2026-03-02")
    assert off_in(sheet, "return") == {} and off_in(sheet, "sale")["of_it_coupons", ""] == 150
