"""R31, L1: what goods are, by the stricter of the goods file, the POS, the kind and the fiscal tag."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest

from config.law import load_law
from loyalty.basket import Basket, Line, LineFacts
from loyalty.categories import BUILT_IN, strictest
from loyalty.goods import NO_GOODS, Goods, Item, barcode_key, decided
from loyalty.member import MemberView
from loyalty.programme import Category, Programme
from loyalty.quote import quote

DAY = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
GOODS = Goods(
    articles={
        "1": Item(category="tobacco"),
        "2": Item(category="bread"),
        "3": Item(category="alcohol_strong", kind="vodka", strength_bp=4000, volume_ml=500),
        "4": Item(category="bread", subject=2),
        "5": Item(category="household", kind="cognac", strength_bp=4000, volume_ml=500),
        "6": Item(category="alcohol_strong", kind="vodka"),
        "7": Item(category="alcohol_strong", kind="vodka", volume_ml=500),
        "8": Item(category="alcohol_strong", kind="vodka", strength_bp=4000),
    },
    barcodes={"4600000000015": Item(category="dairy"), "0012345678905": Item(category="snacks")},
    prefixes={"22": Item(category="vegetables"), "2201": Item(category="meat"), "3": Item(category="grocery")},
)


def know(programme: Programme, category: str | None = None, least: int | None = None, **facts: Any) -> Line:
    line = Line(
        id="1",
        name="goods",
        price_kopecks=90_000,
        category=category,
        min_unit_price_kopecks=least,
        facts=LineFacts(**facts),
    )
    return decided(line, programme, GOODS, load_law(), DAY)


# finding


@pytest.mark.parametrize(
    ("article", "barcode", "category"),
    [
        ("1", None, "tobacco"),
        ("1", "4600000000015", "tobacco"),  # the article comes first
        (None, "4600000000015", "dairy"),
        ("9", "4600000000015", "dairy"),
        (None, "04600000000015", "dairy"),  # the same number as a GTIN
        (None, "012345678905", "snacks"),  # and as a UPC
        (None, "2200123012345", "vegetables"),
        (None, "2201123012345", "meat"),  # the longest beginning
        (None, "3000000000007", "grocery"),
        (None, "2900000000001", None),
        (None, "22".ljust(48, "0"), "vegetables"),
        (None, "22".ljust(49, "0"), None),
        (None, "22" * 30, None),
        (None, None, None),
    ],
)
def test_goods_are_found_by_article_then_barcode_then_its_beginning(
    article: str | None, barcode: str | None, category: str | None
) -> None:
    item = GOODS.find(article, barcode)
    assert (item.category if item else None) == category


def test_a_file_of_nothing_finds_nothing() -> None:
    assert NO_GOODS.find("1", "4600000000015") is None


def test_a_barcode_has_one_spelling() -> None:
    assert [barcode_key(text) for text in ("012345678905", "00012345678905", "14600000000012", "X-1")] == [
        "0012345678905",
        "0012345678905",
        "14600000000012",
        "X-1",
    ]


# the stricter category


@pytest.mark.parametrize(
    ("article", "told", "decides", "category_told"),
    [
        ("2", None, "bread", None),
        ("2", "bread", "bread", None),
        ("2", "dairy", "bread", "dairy"),  # as strict: the shop's own file
        ("2", "tobacco", "tobacco", None),  # the POS knows better than the file
        ("1", "bread", "tobacco", "bread"),
        ("9", "bread", "bread", None),
        ("9", None, "unknown", None),
        ("9", "moon rock", "unknown", "moon rock"),  # R31: and the basket is not refused
        ("2", "moon rock", "bread", "moon rock"),
        ("2", "unknown", "bread", "unknown"),  # which says no more than nothing
        ("9", "unknown", "unknown", None),
        ("9", "м" * 400, "unknown", "м" * 300),
    ],
)
def test_r31_the_stricter_of_the_file_and_the_pos_decides(
    perekrestok: Programme, article: str, told: str | None, decides: str, category_told: str | None
) -> None:
    line = know(perekrestok, told, article=article)
    assert (line.category, line.facts.category_told) == (decides, category_told)


def test_stricter_is_first_no_discount_then_no_points_then_no_accrual() -> None:
    def category(
        id: str, redeem: Literal["yes", "above_min_price", "no"] = "yes", *, earn: bool = True, discount: bool = True
    ) -> Category:
        return Category(id=id, ru="", en="", redeem=redeem, earn=earn, discount=discount)

    rising = [
        category("open"),
        category("no accrual", earn=False),
        category("above", "above_min_price"),
        category("above, no accrual", "above_min_price", earn=False),
        category("no points", "no"),
        category("no points, no accrual", "no", earn=False),
        category("no discount", discount=False),
        category("no discount, no accrual", discount=False, earn=False),
        category("no discount, no points", "no", discount=False),
        category("closed", "no", discount=False, earn=False),
    ]
    for index, one in enumerate(rising):
        for other in rising[index:]:
            assert strictest([one, other], True) is other
            assert strictest([other, one], True) is other
    assert strictest([], True) is None
    # A least price that nobody knows closes its goods: stricter than goods that points alone may pay.
    assert strictest([rising[6], rising[2]], False) is rising[2]
    assert strictest([rising[6], BUILT_IN["alcohol_strong"]], True) is rising[6]
    for known in (True, False):
        assert strictest([rising[2], rising[3]], known) is rising[3], "of two such, the one that earns nothing"


def test_of_two_as_strict_the_first_stays() -> None:
    one, other = BUILT_IN["tobacco"], BUILT_IN["nicotine"]
    assert strictest([one, other], True) is one
    assert strictest([other, one], True) is other


# kinds and least prices


@pytest.mark.parametrize(
    ("told", "facts", "category", "least", "table"),
    [
        (None, {"article": "3"}, "alcohol_strong", 40_900, "alcohol-2026"),
        ("snacks", {"article": "3"}, "alcohol_strong", 40_900, "alcohol-2026"),
        (None, {"kind": "vodka", "strength_bp": 4000, "volume_ml": 500}, "alcohol_strong", 40_900, "alcohol-2026"),
        ("snacks", {"kind": "vodka"}, "alcohol_strong", None, None),  # vodka is vodka, whoever calls it a snack
        (None, {"article": "3", "volume_ml": 1000}, "alcohol_strong", 81_800, "alcohol-2026"),  # the higher of both
        (None, {"article": "3", "kind": "cognac"}, "alcohol_strong", 75_500, "alcohol-2026"),
        (None, {"article": "5"}, "alcohol_strong", 75_500, "alcohol-2026"),
        ("bread", {"kind": "kefir"}, "bread", None, None),
        (None, {"article": "6"}, "alcohol_strong", None, None),  # how large and how strong, nobody says
        (None, {"article": "7", "strength_bp": 4000}, "alcohol_strong", 40_900, "alcohol-2026"),
        (None, {"article": "8", "volume_ml": 250}, "alcohol_strong", 20_450, "alcohol-2026"),
        (None, {"kind": "sparkling_wine", "volume_ml": 750}, "sparkling_wine", 23_900, "sparkling-2023"),
    ],
)
def test_l1_the_kind_gives_the_least_price_and_what_goods_are_at_least(
    perekrestok: Programme,
    told: str | None,
    facts: dict[str, Any],
    category: str,
    least: int | None,
    table: str | None,
) -> None:
    line = know(perekrestok, told, **facts)
    assert (line.category, line.min_unit_price_kopecks, line.facts.least_price_table) == (category, least, table)


@pytest.mark.parametrize(
    ("told", "counts", "table"),
    [(40_000, 40_900, "alcohol-2026"), (40_900, 40_900, "alcohol-2026"), (45_000, 45_000, None)],
)
def test_l1_the_poss_least_price_counts_but_never_below_the_tables(
    perekrestok: Programme, told: int, counts: int, table: str | None
) -> None:
    line = know(perekrestok, "alcohol_strong", told, article="3")
    assert (line.min_unit_price_kopecks, line.facts.least_price_table) == (counts, table)


def test_a_poss_least_price_is_enough_where_no_table_knows_the_goods(perekrestok: Programme) -> None:
    line = know(perekrestok, "alcohol_strong", 50_000)
    assert (line.min_unit_price_kopecks, line.facts.least_price_table) == (50_000, None)


@pytest.mark.parametrize(("volume", "decides"), [(500, "sealed"), (None, "alcohol_strong")])
def test_a_least_price_that_nobody_knows_closes_more_than_a_ban_on_discounts(
    perekrestok: Programme, volume: int | None, decides: str
) -> None:
    """Points may pay for goods that are only barred from discounts; not for vodka of which nobody knows the price."""
    sealed = Category(id="sealed", ru="", en="", discount=False)
    programme = replace(perekrestok, categories={**perekrestok.categories, "sealed": sealed})
    line = know(programme, "sealed", kind="vodka", strength_bp=4000, volume_ml=volume)
    assert line.category == decides
    marked = replace(sealed, excise=True)
    programme = replace(perekrestok, categories={**perekrestok.categories, "sealed": marked})
    assert know(programme, "sealed", kind="vodka", strength_bp=4000, volume_ml=volume, subject=2).category == decides


def test_the_file_is_asked_by_the_barcode_of_the_line(perekrestok: Programme) -> None:
    assert know(perekrestok, barcode="4600000000015").category == "dairy"


# tag 1212


@pytest.mark.parametrize("subject", [2, 30, 31])
@pytest.mark.parametrize(
    ("told", "category"),
    [
        (None, "excise"),
        ("snacks", "excise"),
        ("moon rock", "excise"),
        ("tobacco", "tobacco"),
        ("alcohol_strong", "alcohol_strong"),
        ("lottery", "lottery"),  # as closed as it can be
        ("unknown", "excise"),
    ],
)
def test_r31_excise_goods_of_no_excise_category_may_be_tobacco(
    perekrestok: Programme, subject: int, told: str | None, category: str
) -> None:
    assert know(perekrestok, told, subject=subject).category == category


@pytest.mark.parametrize("subject", [None, 1, 3, 29, 32])
def test_other_subjects_say_nothing_of_it(perekrestok: Programme, subject: int | None) -> None:
    assert know(perekrestok, "snacks", subject=subject).category == "snacks"


def test_the_file_may_say_the_subject_and_a_shop_that_its_beer_is_excise_goods(perekrestok: Programme) -> None:
    assert know(perekrestok, None, article="4").category == "excise"
    beer = Category(id="beer", ru="Пиво", en="Beer", excise=True)
    sells_beer = replace(perekrestok, categories={**perekrestok.categories, "beer": beer})
    assert know(sells_beer, "beer", subject=2).category == "beer"
    assert (
        know(
            replace(perekrestok, categories={**perekrestok.categories, "beer": replace(beer, excise=False)}),
            "beer",
            subject=2,
        ).category
        == "excise"
    )


# lawfulness does not depend on who asks


def test_l1_a_line_without_a_category_is_neither_discounted_nor_paid_with_points(perekrestok: Programme) -> None:
    """Cigarettes 189.00, vodka 449.00, sparkling wine 329.00 as a POS sends them, 50,000 points."""
    prices = {"cigarettes": 18_900, "vodka": 44_900, "sparkling wine": 32_900}
    lines = tuple(Line(id=name, name=name, price_kopecks=price) for name, price in prices.items())
    tenth = perekrestok.coupon("ten-percent")
    assert tenth is not None
    answer = quote(perekrestok, Basket(lines=lines, coupons=(tenth,)), MemberView(points_active=50_000), at=AT)
    assert [line.net_kopecks for line in answer.lines] == [18_900, 44_900, 32_900]
    assert [line.excluded for line in answer.lines] == ["unknown"] * 3
    assert answer.coupons[0].refusal == "nothing_to_discount"
    assert answer.accrual.points == 96, "unknown goods earn, as shipped"


def test_l1_with_kinds_and_tags_the_same_receipt_takes_what_the_law_leaves(perekrestok: Programme) -> None:
    told = (
        ("cigarettes", 18_900, {"subject": 31}),
        ("vodka", 44_900, {"kind": "vodka", "strength_bp": 4000, "volume_ml": 500}),
        ("sparkling wine", 32_900, {"kind": "sparkling_wine", "volume_ml": 750}),
    )
    lines = tuple(
        decided(
            Line(id=name, name=name, price_kopecks=price, facts=LineFacts(**facts)),
            perekrestok,
            NO_GOODS,
            load_law(),
            DAY,
        )
        for name, price, facts in told
    )
    answer = quote(perekrestok, Basket(lines=lines), MemberView(points_active=50_000), at=AT)
    assert [line.net_kopecks for line in answer.lines] == [18_900, 40_900, 23_900]


def test_r31_a_programme_may_open_unknown_goods(perekrestok: Programme) -> None:
    unknown = replace(perekrestok.categories["unknown"], redeem="yes", discount=True)
    opened = replace(perekrestok, categories={**perekrestok.categories, "unknown": unknown})
    line = Line(id="1", name="", price_kopecks=10_000)
    answer = quote(opened, Basket(lines=(line,)), MemberView(points_active=500), at=AT)
    assert (answer.lines[0].net_kopecks, answer.lines[0].excluded) == (5_000, None)


@pytest.mark.parametrize("redeem", ["yes", "above_min_price"])
def test_l1_alcohol_without_a_least_price_takes_nothing_whatever_a_file_says(
    perekrestok: Programme, redeem: Literal["yes", "above_min_price"]
) -> None:
    alcohol = replace(perekrestok.categories["alcohol_strong"], redeem=redeem)
    opened = replace(perekrestok, categories={**perekrestok.categories, "alcohol_strong": alcohol})
    tenth = perekrestok.coupon("ten-percent")
    assert tenth is not None
    vodka = Line(id="1", name="", price_kopecks=44_900, category="alcohol_strong")
    answer = quote(opened, Basket(lines=(vodka,), coupons=(tenth,)), MemberView(points_active=9_000), at=AT)
    assert (answer.total_kopecks, answer.lines[0].excluded) == (44_900, "no_min_price")
