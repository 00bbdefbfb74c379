"""What a sale keeps is what its return needs: the recorded operation, the rules of its day, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from config.programmes import load_source, read_source
from config.shelf import Shelf
from loyalty.basket import Basket, Line, LineFacts
from loyalty.bodies import BelievedLot, Deviation, Fiscal, OfferGiven, Return, Sale, SaleNumber, SoldPosition, Tender
from loyalty.lots import Lot, account_of
from loyalty.member import MemberView
from loyalty.operation import FIRST_HASH, Operation, read_operation, utc_text, write_operation
from loyalty.programme import Offer, Programme
from loyalty.quote import quote
from loyalty.returns import LineReturn, reverse, seen_view
from loyalty.sold import Right, return_of, sale_of

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
NUMBER = SaleNumber(day="2026-06-01", number="17")
FACTS = LineFacts(
    article="A-1",
    barcode="4607",
    brand="Алёнка",
    tags=("gift",),
    tax="vat20",
    pieces=("p1", "p2", "p3"),
    category_told="sweet things",
    told=(("shelf", "7"),),
)
GOODS = (
    Line(id="A", name="Шоколад", price_kopecks=10_000, quantity_m=3000, category="chocolate", facts=FACTS),
    Line(id="B", name="Сигареты", price_kopecks=20_000, category="tobacco"),
    Line(id="C", name="Сыр", price_kopecks=64_900, quantity_m=347, unit="kg", discount_kopecks=520, category="sweets"),
)
COUPON = Offer(id="ten", ru="", en="", kind="percent_off", percent_bp=1_000)
TINY = Offer(id="tiny", ru="", en="", kind="amount_off", amount_kopecks=100, min_basket_kopecks=10**9)
FIFTY = Offer(id="fifty", ru="", en="", kind="extra_points", points=50)
TEA_WEEK = Offer(id="week", ru="", en="", kind="amount_off", amount_kopecks=1_000, categories=("sweets",))
DOUBLE = Offer(id="double", ru="", en="", kind="multiplier", times=2)
LOTS = (
    Lot(id="a", points=40, active_from=AT, expires_at=AT + timedelta(days=3)),
    Lot(id="b", points=500, active_from=AT),
)


def sold(programme: Programme, basket: Basket, view: MemberView | None, **more: Any) -> Sale:
    return sale_of(
        programme,
        basket,
        view,
        quote(programme, basket, view, at=AT, requested_points=more.pop("asked", None)),
        AT,
        number=NUMBER,
        member="m" if view else None,
        account=account_of(LOTS) if view else None,
        **more,
    )


def operation(programme: Programme, body: Any, at: datetime = AT) -> Operation:
    """Written down and read again: what is not in the text is not known."""
    made = Operation(
        v=2,
        chain="t1",
        generation=1,
        sequence=3,
        previous_hash=FIRST_HASH,
        at=utc_text(at),
        programme=programme.id,
        programme_hash=programme.content_hash,
        body=body,
    )
    assert read_operation(write_operation(made)) == made
    return read_operation(write_operation(made))


def full(alenka: Programme) -> tuple[Programme, Sale]:
    programme = replace(alenka, coupons=(COUPON, TINY, FIFTY), promotions=(TEA_WEEK, DOUBLE), coupon_stacking="all")
    basket = Basket(lines=GOODS, coupons=(COUPON, TINY, FIFTY), certificates=(5_000,))
    view = MemberView(points_active=540, birthday=date(1990, 6, 2), favourites=("tea",), snapshot_at=AT)
    fiscal = (Fiscal(device="9", document="1", sign="2", at=utc_text(AT), kopecks=1, kind="sale"),) * 2
    deviations = (Deviation(kind="clock_off", note="9 s"),)
    rights = {"ten": Right("0a"), "fifty": Right("0b")}
    return programme, sold(programme, basket, view, rights=rights, fiscal=fiscal, deviations=deviations, asked=60)


def test_a_sale_keeps_the_lines_with_what_the_pos_told_and_their_positions(alenka: Programme) -> None:
    _, sale = full(alenka)
    chocolate, tobacco, cheese = sale.lines
    assert (chocolate.article, chocolate.barcode, chocolate.brand, chocolate.tags) == (
        "A-1",
        "4607",
        "Алёнка",
        ("gift",),
    )
    assert (chocolate.tax, chocolate.pieces, chocolate.told) == ("vat20", ("p1", "p2", "p3"), (("shelf", "7"),))
    assert (chocolate.category, chocolate.category_told) == ("chocolate", "sweet things")
    assert (cheese.price_kopecks, cheese.quantity_m, cheese.pos_discount_kopecks) == (64_900, 347, 520)
    assert tobacco.positions == (SoldPosition(quantity_m=1000, price_kopecks=20_000, amount_kopecks=20_000),)
    for line in sale.lines:
        assert sum(position.amount_kopecks for position in line.positions) == line.net_kopecks
        assert line.net_before_kopecks - line.discount_kopecks == line.net_kopecks
    assert sum(line.net_kopecks for line in sale.lines) == sale.total_kopecks


def test_a_sale_keeps_its_offers_with_what_they_gave(alenka: Programme) -> None:
    _, sale = full(alenka)
    assert [(use.campaign, use.serial, use.points) for use in sale.coupons] == [("ten", "0a", 0), ("fifty", "0b", 50)]
    assert sale.coupons[0].discount_kopecks == (30_000 + 22_000 - 1_000) // 10
    given = {offer.id: offer for offer in sale.offers}
    assert given["week"] == OfferGiven(id="week", discount_kopecks=1_000)
    assert given["double"].points == dict(sale.accrued.parts)["promotion"] > 0
    assert given["tiny"] == OfferGiven(id="tiny", refusal="basket_too_small")


def test_a_sale_keeps_what_the_rules_saw_and_what_the_till_believed(alenka: Programme) -> None:
    _, sale = full(alenka)
    assert sale.redeemed.points == 60 and sale.redeemed.kopecks == 6_000
    assert sale.redeemed.lots == (
        BelievedLot(points=40, expires_at=utc_text(AT + timedelta(days=3))),
        BelievedLot(points=20),
    )
    seen = sale.seen
    assert seen is not None
    assert (seen.points_active, seen.birthday, seen.favourites, seen.snapshot_at) == (540, True, ("tea",), utc_text(AT))
    assert "1990" not in write_operation(operation(alenka, sale)), "not the date of birth"
    assert sale.tenders == (Tender(kind="certificate", kopecks=5_000),) and len(sale.fiscal) == 2
    assert sale.paid_kopecks == sale.total_kopecks - 5_000 and sale.deviations[0].kind == "clock_off"
    assert sale.qualifying_kopecks == sale.lines[0].net_before_kopecks + sale.lines[2].net_before_kopecks


def test_a_sale_without_a_member_keeps_its_lines_and_earns_nothing(alenka: Programme) -> None:
    sale = sold(alenka, Basket(lines=GOODS), None)
    assert (sale.member, sale.seen, sale.accrued.points, sale.accrued.active_from) == (None, None, 0, None)
    assert sale.qualifying_kopecks == 0 and len(sale.lines) == 3


@pytest.mark.parametrize("order", [("A", "B", "C"), ("C", "A", "B"), ("B", "C", "A")])
def test_all_of_a_recorded_sale_can_be_undone_in_any_order(alenka: Programme, order: tuple[str, ...]) -> None:
    programme, sale = full(alenka)
    told = operation(programme, sale)
    steps = [[LineReturn(id=id, quantity_m=next(line.quantity_m for line in GOODS if line.id == id))] for id in order]
    undone = reverse(programme, told, steps)
    assert sum(step.refund_kopecks for step in undone) == sale.total_kopecks
    assert sum(step.points_restored for step in undone) == sale.redeemed.points
    assert sum(step.points_clawed_back for step in undone) == sale.accrued.points
    assert sum(step.qualifying_kopecks for step in undone) == sale.qualifying_kopecks


def test_a_receipt_of_last_year_is_undone_by_last_years_rules(alenka: Programme) -> None:
    """The file changed since: 2 % then, 4 % now. The shelf has both, by hash."""
    source = load_source("alenka")
    newer = source.replace("rate_bp = 200", "rate_bp = 280").replace('version = "2026-12-01"', 'version = "2027"')
    kept = {read_source(text).content_hash: text for text in (source, newer)}
    shelf = Shelf(kept.get)
    told = operation(alenka, sold(alenka, Basket(lines=GOODS), MemberView()))
    then, now = shelf.programme(told.programme_hash), shelf.programme(read_source(newer).content_hash)
    assert then == alenka and now is not None and now.content_hash != then.content_hash
    one = [[LineReturn(id="A", quantity_m=1000, pieces=("p1",))]]
    assert reverse(then, told, one)[0].points_clawed_back == 2
    assert reverse(now, told, one)[0].points_clawed_back != 2, "which would be wrong"
    assert shelf.programme("f" * 64) is None


def test_a_return_says_what_it_undoes_and_where_points_go_back(alenka: Programme) -> None:
    programme, sale = full(alenka)
    told = operation(programme, sale)
    one, rest = [LineReturn(id="A", quantity_m=1000, pieces=("p1",))], [LineReturn(id="A", quantity_m=2000)]
    done: list[Return] = []
    for step in reverse(programme, told, [one, rest, [LineReturn(id="C", quantity_m=347)]]):
        done.append(return_of(programme, told, step, AT + timedelta(days=1), before=done, reason="does not fit"))
    first = done[0]
    assert (first.of.chain, first.of.generation, first.of.sequence, first.of_sale) == ("t1", 1, 3, NUMBER)
    assert (first.sold_at, first.member, first.reason) == (utc_text(AT), "m", "does not fit")
    assert [line.quantity_m for back in done for line in back.lines] == [1000, 2000, 347]
    assert sum(back.restored.points for back in done) == 60
    given = [(lot.points, lot.expires_at) for back in done for lot in back.restored.lots]
    assert sum(points for points, end in given if end is None) == 20, "newest taken first"
    assert sum(points for points, end in given if end) == 40 and given[0][1] is None
    assert first.restored.dead_until == "2026-07-02T21:00:00.000000+00:00"  # 30 days of grace, to the end of the day
    keep = replace(programme, points=replace(programme.points, restored="original_expiry"))
    (step,) = reverse(programme, told, [one])
    assert return_of(keep, told, step, AT).restored.dead_until is None


def test_an_operation_of_version_1_says_less_and_can_be_undone_as_far(alenka: Programme) -> None:
    sale = replace_seen(sold(alenka, Basket(lines=GOODS), MemberView()))
    view = seen_view(sale, date(2026, 6, 1))
    assert view == MemberView()
    (step,) = reverse(alenka, operation(alenka, sale), [[LineReturn(id="A", quantity_m=3000)]])
    assert step.refund_kopecks == 30_000 and step.points_clawed_back == 6


def replace_seen(sale: Sale) -> Sale:
    fields = {name: getattr(sale, name) for name in sale.__struct_fields__}
    return Sale(**fields | {"seen": None})
