"""Files of goods as people have them: what is read out of them, and why a row is not taken."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.build import build_programmes, drinks_by_law
from hub.files.dialect import BadFile
from hub.files.goods_file import Around, GoodsFile, read_goods
from hub.files.goods_headings import GOODS
from hub.files.headings import key_of, said_from
from hub.goods import NewGoods, Price
from hub.store.office_records import StoreRow

TODAY = date(2026, 3, 2)
AROUND = Around(
    categories={id for programme in build_programmes().values() for id in programme.categories},
    kinds=drinks_by_law(),
    stores={"s1": StoreRow("s1", format="kiosk"), "s2": StoreRow("s2")},
    since=TODAY,
    said={key_of("Напитки (крепкие)"): "alcohol_strong", "мусор": ""},
)


def read(text: str, encoding: str = "utf-8", **more: Any) -> GoodsFile:
    return read_goods(io.BytesIO(text.encode(encoding)), AROUND, **more)


def goods(text: str, **more: Any) -> list[NewGoods]:
    table = read(text, **more)
    assert not table.rows.faults, list(table.rows.bad())
    return list(table.rows.goods())


def said(**cells: str) -> dict[str, Any]:
    """What one row of these cells says of its goods."""
    (one,) = goods(";".join(["article", *cells]) + "\n" + ";".join(["1", *cells.values()]) + "\n")
    return dict(one.said)


def why(**cells: str) -> list[str]:
    cells = {"article": "1"} | cells
    table = read(";".join(cells) + "\n" + ";".join(f'"{cell}"' for cell in cells.values()) + "\n")
    assert not list(table.rows.goods())
    return [fault.kind for of_line in table.rows.faults.values() for fault in of_line]


REPORT = """Прайс-лист

Артикул;Штрих-код;Наименование;Товарная группа;Ед. изм.;Вид продукции;Крепость, %;Ёмкость, л;Розничная цена;Остаток
"0012";4600000000015;"Чай ""Индийский""
крупный";Tea;шт.;;;;"1\u00a0000,50 руб.";5

2001;4600000000022;Водка;Алкоголь;Шт;Водка;40,0 % об.;0.5л;449;-
Итого;;;;;;;;;100
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_report_of_an_accountants_program_is_read(encoding: str) -> None:
    table = read(REPORT, encoding, said=None)
    assert table.columns.left_out == ("Остаток",) and len(table.totals) == 1 and not table.rows.faults
    tea, vodka = table.rows.goods()
    assert tea.article == "0012" and tea.prices == (Price("", "2026-03-02", 100_050),)
    assert tea.said == {
        "name": 'Чай "Индийский" крупный',
        "category": "tea",
        "unit": "pc",
        "barcodes": ("4600000000015",),
    }
    assert vodka.said == {
        "name": "Водка",
        "category": "alcohol_strong",
        "unit": "pc",
        "kind": "vodka",
        "strength_bp": 4_000,
        "volume_ml": 500,
        "barcodes": ("4600000000022",),
    }


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"barcode": "4600000000015, 4600000000022;22*"}, (("4600000000015", "4600000000022"), ("22",))),
        ({"barcode": "4600000000015.00"}, (("4600000000015",), ())),
        ({"barcode": "46000000 4600000000015"}, None),
        ({"barcode": "036000291452"}, (("0036000291452",), ())),
        ({"barcode": "22* 23*"}, ((), ("22", "23"))),
    ],
)
def test_barcodes_of_one_cell(cells: dict[str, str], wanted: Any) -> None:
    if wanted is None:
        assert why(**cells) == ["check_digit"]
        return
    text = "article,barcode\n1," + f'"{cells["barcode"]}"\n'
    (one,) = goods(text)
    assert (one.said.get("barcodes", ()), one.said.get("beginnings", ())) == wanted


@pytest.mark.parametrize(
    ("cell", "millilitres"),
    [("0,5", 500), ("0.75 л", 750), ("500 мл", 500), ("50 cl", 500), ("1", 1_000), ("0,5 л.", 500), ("0", None)],
)
def test_volumes(cell: str, millilitres: int | None) -> None:
    assert said(volume=cell).get("volume_ml") == millilitres


@pytest.mark.parametrize(("cell", "bp"), [("40", 4_000), ("11,5 %", 1_150), ("37.5% об.", 3_750), ("0", None)])
def test_strengths(cell: str, bp: int | None) -> None:
    assert said(strength=cell).get("strength_bp") == bp


@pytest.mark.parametrize(
    ("cell", "kopecks"),
    [("89,90", 8_990), ("1 500,00", 150_000), ("1,500.00", 150_000), ("89.9000", 8_990), ("449 ₽", 44_900)],
)
def test_prices(cell: str, kopecks: int) -> None:
    (one,) = goods(f'article;price\n1;"{cell}"\n')
    assert [price.kopecks for price in one.prices] == [kopecks]


def test_prices_of_stores_formats_and_days() -> None:
    (one,) = goods(
        "Артикул;Цена;Магазин;Формат;С;По\n1;10;;;;\n1;11;s1;;05.03.2026;07.03.2026\n1;12;;kiosk;2026-04-01;\n"
    )
    assert set(one.prices) == {
        Price("", "2026-03-02", 1_000),
        Price("store:s1", "2026-03-05", 1_100, "2026-03-07"),
        Price("format:kiosk", "2026-04-01", 1_200),
    }


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "nothing to be called by": ({"article": "", "name": "Чай"}, "article"),
    "an article that a spreadsheet shows so": ({"article": "4.6E+12"}, "damaged"),
    "a barcode that a spreadsheet shows so": ({"barcode": "4,6E+12"}, "damaged"),
    "a barcode with a wrong check digit": ({"barcode": "4600000000016"}, "check_digit"),
    "a barcode of signs": ({"barcode": "46_00"}, "barcode"),
    "a beginning of letters": ({"barcode": "ab*"}, "barcode"),
    "a category of nobody": ({"category": "Бакалея"}, "category"),
    "a kind that the law does not know": ({"kind": "самогон"}, "kind"),
    "a strength of more than all": ({"strength": "140"}, "strength"),
    "a volume in no measure": ({"volume": "500"}, "volume"),
    "a subject of three digits": ({"subject": "100"}, "subject"),
    "a price of nothing": ({"price": "0"}, "price"),
    "a price that may be two": ({"price": "1,500"}, "price"),
    "a price below nothing": ({"price": "-5"}, "price"),
    "a day that is none": ({"price": "5", "from": "31.02.2026"}, "day"),
    "a day that may be two": ({"price": "5", "from": "05/06/2026"}, "day"),
    "an end before the beginning": ({"price": "5", "until": "2026-03-01"}, "day"),
    "a store that is not here": ({"price": "5", "store": "s9"}, "place"),
    "a format that no store has": ({"price": "5", "format": "дворец"}, "place"),
    "a store and a format": ({"price": "5", "store": "s1", "format": "kiosk"}, "place"),
    "a name of signs that nobody sees": ({"name": "Чай\u202e"}, "text"),
    "too long a name": ({"name": "ч" * 301}, "text"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_row_that_is_wrong_is_told_with_its_reason(what: str) -> None:
    cells, kind = WRONG[what]
    assert kind in why(**cells)


def test_a_row_with_more_cells_than_the_heading_is_wrong() -> None:
    assert [bad.line for bad in read("article;name\n1;Чай;x\n").rows.bad()] == [2]


def test_rows_of_one_article_are_one_article() -> None:
    (one,) = goods("article;barcode;name;category\n1;4600000000015;Чай;tea\n1;4600000000022;;\n1;;Чай;\n")
    assert one.said == {"name": "Чай", "category": "tea", "barcodes": ("4600000000015", "4600000000022")}


def test_an_article_whose_rows_differ_is_left_out_as_a_whole() -> None:
    table = read("article;category\n1;tea\n2;tea\n1;tobacco\n1;tea\n")
    assert [one.article for one in table.rows.goods()] == ["2"]
    assert [bad.line for bad in table.rows.bad()] == [2, 4, 5]
    prices = read("article;price\n1;5\n1;6\n")
    assert len(list(prices.rows.bad())) == 2 and not list(prices.rows.goods())


def test_goods_without_an_article_are_called_by_their_barcode() -> None:
    found = goods("barcode;category\n4600000000015;tea\n22*;tea\n")
    assert [one.article for one in found] == ["4600000000015", "22*"]


def test_what_a_file_calls_a_category_is_what_people_said_it_is() -> None:
    found = goods("article;category\n1;Напитки (крепкие)\n2;мусор\n3;СИГАРЕТЫ\n")
    assert [one.said.get("category") for one in found] == ["alcohol_strong", None, "tobacco"]


def test_an_empty_cell_says_nothing() -> None:
    assert said(name="", category="", kind="-", strength="", volume="", tags="", brand="") == {}


def test_a_barcode_of_two_articles_is_counted() -> None:
    assert read("article;barcode\n1;4600000000015\n2;4600000000015\n3;4600000000022\n").rows.shared() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name;category\nx;tea\n", "neither article nor barcode"),
        ("article;code\n1;1\n", "are both article"),
        ("", "empty"),
    ],
)
def test_a_file_that_is_none_of_goods_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read(text)


def test_columns_are_what_people_say() -> None:
    said = said_from(["Код 1С=article", "Группа="], GOODS.columns, "--map")
    (one,) = goods("Код 1С;Код;Группа\n1;2;Бакалея\n", said=said | {"код": ""})
    assert one == NewGoods("1", {})
    with pytest.raises(BadFile, match="no column is called"):
        goods("article;name\n1;x\n", said=said)
    for words in ("x", "=article", "x=moon"):
        with pytest.raises(BadFile, match="--map"):
            said_from([words], GOODS.columns, "--map")


@given(st.text(max_size=200))
def test_whatever_a_cell_says_a_row_is_taken_or_told(text: str) -> None:
    cell = text.replace('"', '""')
    for column in GOODS.columns[1:]:
        try:
            table = read(f'article;{column}\n1;"{cell}"\n', "utf-8", said={})
        except (BadFile, UnicodeEncodeError):
            continue
        assert len(list(table.rows.goods())) + len(table.rows.faults) == 1
