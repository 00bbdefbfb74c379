"""Stickers from the sale to the return: given by full steps, spent for an offer, taken back and given back exactly."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from loyalty.basket import Basket, Line
from loyalty.bodies import (
    Adjustment,
    Return,
    ReturnStickers,
    Sale,
    SaleStickers,
    StickersSpent,
)
from loyalty.by_rules import against_rules, unjudged
from loyalty.member import MemberView
from loyalty.operation import Operation, read_operation, write_operation
from loyalty.programme import Offer, Programme, ReturnRules, StickerOffer, Stickers
from loyalty.quote import Quote, quote
from loyalty.returns import TENDER_CHOICES, Back, LineReturn, came_back, take_back, totals
from loyalty.snapshot import MemberSnapshot, StickerBalance
from loyalty.sold import return_of, reverse_quoted
from loyalty.standing import standing
from loyalty.stickers import NotExchangeable, affordable, chosen, next_offer, rights
from tests.loyalty.judged import sold_as
from tests.loyalty.test_properties import EXAMPLES, baskets, chains, members, programmes

checked = settings(max_examples=EXAMPLES // 4, deadline=None)
AT = datetime(2026, 10, 1, 12, tzinfo=UTC)
OFFERS = (
    StickerOffer(stickers=20, offer=Offer(id="knife", ru="", en="", kind="amount_off", amount_kopecks=50_000)),
    StickerOffer(stickers=5, offer=Offer(id="tenth", ru="", en="", kind="percent_off", percent_bp=1_000)),
    StickerOffer(stickers=7, offer=Offer(id="double", ru="", en="", kind="multiplier", times=2)),
)
COLLECTION = Stickers(
    step_kopecks=20_000, per_step=2, first_day=date(2026, 9, 1), last_day=date(2027, 2, 28), offers=OFFERS
)
ANNA = MemberView(points_active=500)
KNIFE = Line(id="knife", name="", price_kopecks=149_900, category="household")
MILK = Line(id="milk", name="", price_kopecks=10_000, quantity_m=6_000, category="dairy")


@pytest.fixture
def club(perekrestok: Programme) -> Programme:
    return replace(perekrestok, stickers=COLLECTION)


def sold(
    programme: Programme, *lines: Line, spent: tuple[str, ...] = (), view: MemberView | None = ANNA, at: datetime = AT
) -> Operation:
    basket = Basket(lines=lines, coupons=rights(programme, spent))
    answer = quote(programme, basket, view, at=at, requested_points=0)
    return read_operation(write_operation(sold_as(programme, basket, view, answer, at)))


def sale_in(operation: Operation) -> Sale:
    assert isinstance(operation.body, Sale)
    return operation.body


def back(id: str, quantity_m: int) -> LineReturn:
    return LineReturn(id=id, quantity_m=quantity_m)


# given and spent


def test_a_sale_says_what_it_gave(club: Programme) -> None:
    assert sale_in(sold(club, MILK)).stickers == SaleStickers(collection="2026-09-01", given=6)
    assert sale_in(sold(club, replace(MILK, quantity_m=1_000))).stickers is None
    assert sale_in(sold(club, MILK, view=None)).stickers is None
    assert sale_in(sold(club, MILK, view=MemberView(card_status="blocked"))).stickers is None


def test_stickers_that_are_spent_act_as_a_coupon_and_give_none_for_what_they_took_off(club: Programme) -> None:
    sale = sale_in(sold(club, KNIFE, spent=("knife",)))
    knife = StickersSpent(offer="knife", count=20, discount_kopecks=50_000)
    assert sale.stickers == SaleStickers(collection="2026-09-01", given=8, spent=(knife,))
    assert (sale.total_kopecks, sale.coupons, sale.offers) == (99_900, (), ())


def test_an_offer_for_points_says_how_many_it_added(club: Programme) -> None:
    plain = sale_in(sold(club, MILK)).accrued.points
    sale = sale_in(sold(club, MILK, spent=("double",)))
    assert sale.stickers is not None and sale.accrued.points == 2 * plain
    assert sale.stickers.spent == (StickersSpent(offer="double", count=7, points=plain),)


@pytest.mark.parametrize(
    ("view", "at"),
    [(MemberView(card_status="blocked"), AT), (None, AT), (ANNA, datetime(2027, 3, 1, 12, tzinfo=UTC))],
)
def test_stickers_that_give_nothing_are_not_spent(club: Programme, view: MemberView | None, at: datetime) -> None:
    """Of a blocked card, of nobody, after the collection's last day."""
    sale = sale_in(sold(club, KNIFE, spent=("knife",), view=view, at=at))
    assert (sale.stickers, sale.total_kopecks) == (None, 149_900)
    assert [offer.id for offer in sale.offers] == ["stickers/knife"]


@pytest.mark.parametrize(
    ("stickers", "id", "day", "reason", "missing"),
    [
        (19, "knife", date(2026, 9, 1), "too_few", 1),
        (-3, "tenth", date(2027, 2, 28), "too_few", 8),
        (99, "spoon", date(2026, 9, 1), "no_such_offer", 0),
        (99, "knife", date(2026, 8, 31), "no_collection", 0),
        (99, "knife", date(2027, 3, 1), "no_collection", 0),
    ],
)
def test_why_stickers_buy_nothing(
    club: Programme, stickers: int, id: str, day: date, reason: str, missing: int
) -> None:
    with pytest.raises(NotExchangeable) as caught:
        chosen(club, id, stickers, day)
    assert (caught.value.reason, caught.value.missing) == (reason, missing)


def test_what_so_many_buy_and_what_is_missing_to_the_next() -> None:
    assert [one.offer.id for one in affordable(COLLECTION, 7)] == ["tenth", "double"]
    assert next_offer(COLLECTION, 5) == (OFFERS[2], 2)
    assert next_offer(COLLECTION, 20) is None


# by the rules


@checked
@given(programmes(), baskets(), members, st.lists(st.sampled_from(["knife", "tenth", "double"]), unique=True))
def test_every_quote_with_stickers_is_by_the_rules_and_a_changed_count_is_found(
    programme: Programme, basket: Basket, view: MemberView, spent: list[str]
) -> None:
    programme = replace(programme, stickers=COLLECTION, coupons=basket.coupons)
    basket = replace(basket, coupons=(*basket.coupons, *rights(programme, spent)))
    operation = sold_as(programme, basket, view, quote(programme, basket, view, at=AT), AT)
    operation = read_operation(write_operation(operation))
    assert unjudged(operation) is None and against_rules(operation, programme) is None
    told = sale_in(operation).stickers
    if told is None:
        return
    more = changed(told, given=told.given + 1)
    assert against_rules(changed(operation, body=changed(operation.body, stickers=more)), programme) is not None
    for one in told.spent:
        for other in (changed(one, count=one.count - 1 or 99), changed(one, discount_kopecks=one.discount_kopecks + 1)):
            wrong = changed(told, spent=tuple(other if each is one else each for each in told.spent))
            broken = changed(operation, body=changed(operation.body, stickers=wrong))
            assert against_rules(broken, programme) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"collection": "2025-09-01"},
        {"spent": (StickersSpent(offer="spoon", count=20, discount_kopecks=50_000),)},
        {"spent": (StickersSpent(offer="knife", count=20, discount_kopecks=50_000),) * 2},
    ],
)
def test_an_exchange_that_no_till_of_ours_makes_is_found(club: Programme, change: dict[str, Any]) -> None:
    operation = sold(club, KNIFE, spent=("knife",))
    told = sale_in(operation).stickers
    assert told is not None and against_rules(operation, club) is None
    broken = against_rules(changed(operation, body=changed(operation.body, stickers=changed(told, **change))), club)
    assert broken is not None and broken.sum == "basket"


def test_a_till_of_before_stickers_gave_none_and_is_by_the_rules(club: Programme) -> None:
    operation = sold(club, MILK)
    assert against_rules(changed(operation, body=changed(operation.body, stickers=None)), club) is None


# what comes back


@checked
@given(
    programmes(),
    baskets(),
    members,
    st.lists(st.integers(1, 300_000), max_size=2),
    st.lists(st.sampled_from(["knife", "tenth", "double"]), unique=True),
    st.data(),
)
def test_any_order_of_partial_returns_takes_back_what_was_given_and_gives_back_what_was_spent(
    programme: Programme,
    basket: Basket,
    view: MemberView,
    certificates: list[int],
    spent: list[str],
    data: st.DataObject,
) -> None:
    programme = replace(programme, stickers=COLLECTION)
    coupons = (*basket.coupons, *rights(programme, spent))
    basket = replace(basket, certificates=tuple(certificates), coupons=coupons)
    answer = quote(programme, basket, view, at=AT)
    asked, tender = data.draw(chains(basket)), data.draw(st.none() | st.sampled_from(TENDER_CHOICES))
    steps = reverse_quoted(programme, basket, view, answer, AT, asked, tender)
    assert sum(step.stickers.taken_back for step in steps) == answer.stickers
    assert sum(step.stickers.restored for step in steps) == spent_in(programme, basket, view, answer)
    assert all(step.stickers.restored == 0 for step in steps[:-1])
    assert all(min(step.stickers.taken_back, step.stickers.restored) >= 0 for step in steps)
    assert sum(step.refund_kopecks for step in steps) == answer.total_kopecks


def spent_in(programme: Programme, basket: Basket, view: MemberView, answer: Quote) -> int:
    told = sale_in(sold_as(programme, basket, view, answer, AT)).stickers
    return sum(one.count for one in told.spent) if told is not None else 0


def test_a_return_takes_back_exactly_what_the_rest_would_not_have_got(club: Programme) -> None:
    """600.00 gave 6; 500.00 would have got 4, 300.00 2, 200.00 2, nothing 0; in whatever steps."""
    operation = sold(club, MILK)
    counts = {6: 6, 5: 4, 4: 4, 3: 2, 2: 2, 1: 0, 0: 0}
    for sizes in itertools.permutations((1, 2, 3)):
        before, left = Back(), 6
        told: list[Return] = []
        for size in sizes:
            step = take_back(club, operation, before, [back("milk", size * 1000)])
            body = return_of(club, operation, step, AT, before=told)
            told.append(body)
            before, left = came_back(sale_in(operation), told), left - size
            taken = counts[left + size] - counts[left]
            assert body.stickers == (ReturnStickers(collection="2026-09-01", taken_back=taken) if taken else None)
            assert totals(club, operation, before).stickers_taken_back == 6 - counts[left]


@pytest.mark.parametrize(("rule", "refunds"), [("keep", (99_900, 60_000)), ("recompute", (99_900, 60_000))])
def test_what_was_spent_comes_back_when_nothing_of_the_goods_remains(
    club: Programme, rule: Any, refunds: tuple[int, int]
) -> None:
    club = replace(club, returns=ReturnRules(coupon=rule), stickers=replace(COLLECTION, offers=(of_household(),)))
    operation = sold(club, KNIFE, MILK, spent=("knife",))
    first = take_back(club, operation, Back(), [back("knife", 1000)])
    after = came_back(sale_in(operation), [return_of(club, operation, first, AT)])
    last = take_back(club, operation, after, [back("milk", 6000)])
    assert (first.refund_kopecks, last.refund_kopecks) == refunds
    assert (first.stickers.restored, last.stickers.restored) == (0, 20)
    assert first.stickers.taken_back + last.stickers.taken_back == 14


def of_household() -> StickerOffer:
    return replace(OFFERS[0], offer=replace(OFFERS[0].offer, categories=("household",)))


def test_a_discount_that_the_rest_has_lost_is_withheld_under_recompute(club: Programme) -> None:
    """The milk comes back, and the knife alone is below the least basket of the offer."""
    least = replace(of_household(), offer=replace(of_household().offer, min_basket_kopecks=200_000))
    club = replace(club, returns=ReturnRules(coupon="recompute"), stickers=replace(COLLECTION, offers=(least,)))
    operation = sold(club, KNIFE, MILK, spent=("knife",))
    first = take_back(club, operation, Back(), [back("milk", 6000)])
    assert (first.withheld_kopecks, first.refund_kopecks, first.stickers.restored) == (50_000, 10_000, 0)


def test_a_return_after_the_collections_end_still_takes_back(club: Programme) -> None:
    operation = sold(club, MILK, at=datetime(2027, 2, 28, 12, tzinfo=UTC))
    step = take_back(club, operation, Back(), [back("milk", 6000)])
    assert step.stickers.taken_back == 6


# how a member stands


def test_the_balance_is_the_hubs_word_and_what_the_till_did_since(club: Programme) -> None:
    told = MemberSnapshot(member="anna", cards=(), stickers=(StickerBalance(collection="2026-09-01", count=25),))
    operation = sold(club, KNIFE, spent=("knife",))
    step = take_back(club, operation, Back(), [back("knife", 1000)])
    undone = changed(operation, body=return_of(club, operation, step, AT), sequence=2)
    assert standing(told, [operation], club.timezone).stickers == {"2026-09-01": 25 + 8 - 20}
    assert standing(told, [operation, undone], club.timezone).stickers == {"2026-09-01": 25}


def test_each_collection_has_a_balance_of_its_own(club: Programme) -> None:
    told = MemberSnapshot(member="anna", cards=(), stickers=(StickerBalance(collection="2025-09-01", count=-3),))
    assert standing(told, [sold(club, MILK)], club.timezone).stickers == {"2025-09-01": -3, "2026-09-01": 6}


@pytest.mark.parametrize(
    "made",
    [
        lambda day: SaleStickers(collection=day),
        lambda day: ReturnStickers(collection=day),
        lambda day: StickerBalance(collection=day, count=1),
        lambda day: Adjustment(member="anna", reason="", stickers=1, collection=day),
    ],
)
def test_a_collection_is_known_by_a_day(made: Any) -> None:
    with pytest.raises(ValueError, match="isoformat"):
        made("knives")
