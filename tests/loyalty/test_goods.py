"""R31, L1: what goods are, by the stricter of the goods file, the POS, the kind and the fiscal tag."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest

from config.law import load_law
from loyalty.basket import Basket, Line, LineFacts
from loyalty.categories import BUILT_IN, strictest
from loyalty.goods import NO_GOODS, TOO_LOW, Goods, Item, decided
from loyalty.member import MemberView
from loyalty.programme import Category, Programme
from loyalty.quote import quote
from loyalty.spellings import barcode_key

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
def test_goods_are_found_by_article_and_barcode_or_its_beginning(
    article: str | None, barcode: str | None, category: str | None
) -> None:
    assert [item.category for item in GOODS.find(article, barcode)] == ([category] if category else [])


def test_a_file_of_nothing_finds_nothing() -> None:
    assert NO_GOODS.find("1", "4600000000015") == ()


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
        ("bread", {"kind": "kefir"}, "alcohol_strong", None, None),  # what no table knows may be gin
        ("bread", {"kind": "beer"}, "bread", None, None),
        ("bread", {"kind": "Пиво", "strength_bp": 450}, "bread", None, None),
        ("bread", {"kind": " "}, "bread", None, None),
        ("bread", {"kind": "", "strength_bp": 2800}, "bread", None, None),
        ("bread", {"strength_bp": 2801}, "alcohol_strong", None, None),
        (
            "snacks",
            {"kind": " Vodka ", "strength_bp": 4000, "volume_ml": 500},
            "alcohol_strong",
            40_900,
            "alcohol-2026",
        ),
        ("snacks", {"kind": "водка", "strength_bp": 4000, "volume_ml": 500}, "alcohol_strong", 40_900, "alcohol-2026"),
        ("snacks", {"kind": "Whiskey", "volume_ml": 500}, "alcohol_strong", 75_500, "alcohol-2026"),
        ("snacks", {"kind": "gin", "strength_bp": 4000, "volume_ml": 500}, "alcohol_strong", None, None),
        ("snacks", {"kind": "Шампанское", "volume_ml": 750}, "sparkling_wine", 23_900, "sparkling-2023"),
        ("snacks", {"kind": "Игристое вино", "volume_ml": 750}, "sparkling_wine", 23_900, "sparkling-2023"),
        (None, {"kind": "cava", "strength_bp": 4000, "volume_ml": 750}, "sparkling_wine", None, None),  # which is none
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


@pytest.mark.parametrize(
    ("told", "volume", "counts", "kept"),
    [
        (0, None, None, ()),  # nothing is not a price
        (1, None, None, ((TOO_LOW, "0.01"),)),
        (3_489, None, None, ((TOO_LOW, "34.89"),)),  # of the smallest bottle, by the cheapest that ever was
        (3_490, None, 3_490, ()),
        (34_899, 500, None, ((TOO_LOW, "348.99"),)),
        (34_900, 500, 34_900, ()),
        (50_000, 500, 50_000, ()),
    ],
)
def test_l1_a_least_price_of_the_pos_that_no_bottle_ever_had_is_none(
    perekrestok: Programme, told: int, volume: int | None, counts: int | None, kept: tuple[tuple[str, str], ...]
) -> None:
    line = know(perekrestok, "alcohol_strong", told, kind="gin", strength_bp=4000, volume_ml=volume)
    assert (line.category, line.min_unit_price_kopecks, line.facts.told) == ("alcohol_strong", counts, kept)


def test_l1_a_table_is_believed_beside_a_least_price_that_is_none(perekrestok: Programme) -> None:
    line = know(perekrestok, "alcohol_strong", 1, article="3", told=(("vat", "20"),))
    assert (line.min_unit_price_kopecks, line.facts.told) == (40_900, (("vat", "20"), (TOO_LOW, "0.01")))


def test_a_least_price_of_goods_that_have_none_by_law_is_the_shops_affair(perekrestok: Programme) -> None:
    assert know(perekrestok, "bread", 1).min_unit_price_kopecks == 1
    assert know(perekrestok, "bread", 0).min_unit_price_kopecks is None


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


# the spelling of categories


@pytest.mark.parametrize("told", ["Tobacco", " tobacco ", "TOBACCO\t", "табак", "Табачные изделия", "Сигареты"])
def test_r31_tobacco_is_tobacco_however_it_is_spelt(perekrestok: Programme, told: str) -> None:
    line = know(perekrestok, told)
    assert (line.category, line.facts.category_told) == ("tobacco", told)


@pytest.mark.parametrize(
    ("told", "category"),
    [
        ("Крепкий алкоголь", "alcohol_strong"),
        ("strong-alcohol", "alcohol_strong"),
        ("Подарочный сертификат", "gift_certificate"),
        ("Залог", "deposit"),
        (" Bread", "bread"),
        ("хлеб", "unknown"),  # the programme's own categories by their ids alone
        ("", "unknown"),
    ],
)
def test_r31_other_categories_are_spelt_in_several_ways_too(perekrestok: Programme, told: str, category: str) -> None:
    assert know(perekrestok, told).category == category


# barcodes


@pytest.mark.parametrize("written", ["46198488", "4600000000015", "036000291452"])
def test_a_barcode_is_found_in_every_code_that_carries_it(written: str) -> None:
    goods = Goods(barcodes={barcode_key(written): Item(category="tobacco")})
    gtin = written.zfill(14)
    told = [
        *(written, f"{written} ", f"\t{written}\r", written.zfill(13), gtin, f"01{gtin}", f"01{gtin}215abc"),
        *(f"]d201{gtin}215abc", f"]C1\x1d01{gtin}21abc\x1d93xx", f"\xe801{gtin}21abc", f"(01){gtin}(21)abc"),
        *(f"{gtin}abcdefgAAAAxxxx", f"{gtin}1234567", f"{written[0]} {written[1:5]}-{written[5:]}"),
        *(f"]E0{gtin}", "".join(chr(ord(digit) + 0xFEE0) for digit in written), f"01{gtin}21{'x' * 200}"),
    ]
    if written.startswith("0"):
        told.append(written[1:])  # a spreadsheet ate the zero of a UPC
    assert [text for text in told if not goods.find(None, text)] == []


def test_another_number_is_not_found() -> None:
    goods = Goods(barcodes={"4600000000015": Item(category="tobacco")})
    for other in ("4600000000022", "14600000000012", "0104600000000016215abc", "04600000000016abcdefg", "", "x" * 400):
        assert goods.find(None, other) == (), other


@pytest.mark.parametrize("beginning", ["46", "461"])
@pytest.mark.parametrize("told", ["46198488", "00000046198488", "0104619848800000", "46 19 84 88"])
def test_a_beginning_is_looked_for_in_the_number_and_not_in_its_zeros(beginning: str, told: str) -> None:
    goods = Goods(prefixes={beginning: Item(category="tobacco")})
    assert bool(goods.find(None, told)) == (told != "0104619848800000")


@pytest.mark.parametrize("told", ["036000291452", "0036000291452", "36000291452", "00036000291452"])
@pytest.mark.parametrize("beginning", ["0360", "00360"])
def test_a_upcs_beginning_is_that_of_either_printed_form(beginning: str, told: str) -> None:
    assert Goods(prefixes={beginning: Item(category="tobacco")}).find(None, told)


# rows that differ


def test_r31_of_the_rows_of_article_and_barcode_the_stricter_counts(perekrestok: Programme) -> None:
    assert know(perekrestok, article="2", barcode="4600000000015").category == "bread"
    goods = Goods(
        articles={"1": Item(category="tobacco"), "2": Item(category="bread")},
        barcodes={"4600000000015": Item(category="bread"), "4600000000022": Item(category="tobacco", subject=31)},
    )
    for article, barcode in (("1", "4600000000015"), ("2", "4600000000022"), (" 1 ", None), ("0001", None)):
        line = Line(id="1", name="", price_kopecks=1, facts=LineFacts(article=article, barcode=barcode))
        assert decided(line, perekrestok, goods, load_law(), DAY).category == "tobacco", (article, barcode)


def test_r31_that_nobody_knows_them_is_a_word_of_the_file(perekrestok: Programme) -> None:
    goods = Goods(articles={"1": Item(category="unknown")})
    line = Line(id="1", name="", price_kopecks=1, category="bread", facts=LineFacts(article="1"))
    known = decided(line, perekrestok, goods, load_law(), DAY)
    assert (known.category, known.facts.category_told) == ("unknown", "bread")


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


@pytest.mark.parametrize(
    ("facts", "category"),
    [
        *(({"subject": subject}, "lottery") for subject in (5, 6, 7, 8)),
        *(({"subject": subject}, "snacks") for subject in (4, 9, 11, 18, 20)),
        ({"subject": 10}, "gift_certificate"),
        ({"subject": 19}, "deposit"),
        *(({"method": method}, "gift_certificate") for method in (1, 2, 3)),
        *(({"method": method}, "snacks") for method in (4, 5, 6, 7)),
    ],
)
def test_r31_tickets_advances_and_deposits_by_their_fiscal_tags(
    perekrestok: Programme, facts: dict[str, int], category: str
) -> None:
    assert know(perekrestok, "snacks", **facts).category == category
    if category != "snacks":
        assert know(perekrestok, "tobacco", **facts).category == "tobacco", "as closed as it can be"


def test_r31_the_files_subject_says_so_too(perekrestok: Programme) -> None:
    goods = Goods(articles={"1": Item(category="snacks", subject=7)})
    line = Line(id="1", name="", price_kopecks=1, facts=LineFacts(article="1"))
    assert decided(line, perekrestok, goods, load_law(), DAY).category == "lottery"


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
