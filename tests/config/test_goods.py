"""R31, L1: a goods file. What is right is found again; what is wrong names file, row, column and what is allowed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config import goods as module
from config.goods import GoodsError, load_goods
from config.programmes import load_programme
from loyalty.goods import Goods, Item

CATEGORIES = tuple(load_programme("alenka").categories)
HEADER = "article,barcode,category,kind,strength,volume,subject\n"


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "goods.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load(tmp_path: Path, text: str | bytes) -> Goods:
    return load_goods(written(tmp_path, text), CATEGORIES)


def test_goods_are_read_by_article_barcode_and_beginning(tmp_path: Path) -> None:
    goods = load(
        tmp_path,
        HEADER + "1001,4600000000015,tea,,,,\n,22*,sweets,,,,\n2001,,alcohol_strong,vodka,40,0.5,2\n\n,,,,,,\n",
    )
    assert goods.articles["1001"] == goods.barcodes["4600000000015"] == Item(category="tea")
    assert goods.prefixes == {"22": Item(category="sweets")}
    vodka = Item(category="alcohol_strong", kind="vodka", strength_bp=4000, volume_ml=500, subject=2)
    assert goods.articles["2001"] == vodka


@pytest.mark.parametrize(
    "text",
    [
        "article;category;strength;kind;volume\n1;alcohol_strong;37,5;vodka;0,5\n",
        "\ufeffarticle;category;strength;kind;volume\r\n1;alcohol_strong;37,5;vodka;0,5\r\n",
        'Article,CATEGORY , strength,kind,volume\n 1 ,alcohol_strong,"37,5",vodka,"0.5"\n',
        'article,category,strength,kind,volume\n"1","alcohol_strong",37.5,vodka,0.500,,\n',
    ],
)
def test_a_file_as_a_spreadsheet_saves_it(tmp_path: Path, text: str) -> None:
    item = load(tmp_path, text).articles["1"]
    assert (item.strength_bp, item.volume_ml) == (3750, 500)


def test_a_upc_and_a_gtin_are_found_as_the_pos_tells_them(tmp_path: Path) -> None:
    goods = load(tmp_path, "barcode,category\n012345678905,tea\n04600000000015,sweets\n")
    assert goods.find(None, "0012345678905") == (Item(category="tea"),)
    assert goods.find(None, "4600000000015") == (Item(category="sweets"),)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", ": needs category, and article or barcode; there are: article, barcode, category"),
        ("article,barcode\n", "row 1: needs category"),
        ("category\ntea\n", "row 1: needs category, and article or barcode"),
        ("article,category,colour\n", "row 1: the column 'colour' is unknown; there are: article, barcode, category"),
        ("article,category,category\n", "row 1: the column category stands twice"),
        (
            "article,category\n1,moon\n",
            "row 2, category: 'moon' is no category of the programme; it has alcohol_strong",
        ),
        ("article,category\n1,tea\n2,\n", "row 3, category: '' is no category"),
        ("article,category\n1,tea\n1,tea\n", "row 3, article: '1' stands in a row before"),
        (
            "barcode,category\n4600000000015,tea\n04600000000015,tea\n",
            "row 3, barcode: '4600000000015' stands in a row",
        ),
        ("barcode,category\n22*,tea\n22*,tea\n", "row 3, barcode: '22' stands in a row before"),
        ("article,barcode,category\n,,tea\n", "row 2, article: is empty, and so is barcode; write one of them"),
        ("barcode,category\n4600000000016,tea\n", "row 2, barcode: 4600000000016 has a wrong check digit"),
        ('barcode,category\n"4,6E+12",tea\n', "row 2, barcode: '4,6E+12' is a number of a spreadsheet; format"),
        ("barcode,category\n46 00,tea\n", "row 2, barcode: '46 00' is no barcode"),
        ("barcode,category\n" + "4" * 49 + ",tea\n", "row 2, barcode: "),
        ("barcode,category\nAB*,tea\n", "row 2, barcode: 'AB'* is no beginning of barcodes"),
        ("barcode,category\n*,tea\n", "row 2, barcode: ''* is no beginning of barcodes"),
        ("article,category\n" + "x" * 65 + ",tea\n", "row 2, article: is too long"),
        ("article,category\na\x1bb,tea\n", "row 2, article: is too long or has control characters"),
        (
            "article,category,kind\n1,tea,moonshine\n",
            "row 2, kind: 'moonshine' is unknown; there are: brandy, calvados",
        ),
        ("article,category,strength\n1,tea,strong\n", "row 2, strength: 'strong' is no strength; write percent"),
        ("article,category,strength\n1,tea,101\n", "row 2, strength: '101' is no strength"),
        ("article,category,strength\n1,tea,0\n", "row 2, strength: '0' is no strength"),
        ("article,category,volume\n1,tea,half\n", "row 2, volume: 'half' is no volume; write litres"),
        ("article,category,volume\n1,tea,0\n", "row 2, volume: '0' is no volume"),
        ("article,category,subject\n1,tea,100\n", "row 2, subject: '100' is no value of tag 1212; write 1 to 99"),
        ("article,category,subject\n1,tea,0\n", "row 2, subject: '0' is no value"),
        ("article,category,subject\n1,tea,²\n", "row 2, subject: "),
        ("article,category\n1,tea,x\n", "row 2: has more cells than the header"),
        ('article,category\n"1,tea\n', "is no CSV"),
        ('article,category\n"1"x,tea\n', "is no CSV"),
        ("article,category\n1,чай\n".encode("cp1251"), "row 2: is not UTF-8; save it as CSV in UTF-8"),
    ],
)
def test_a_file_that_is_wrong_says_where_and_what_is_allowed(tmp_path: Path, text: str | bytes, complaint: str) -> None:
    with pytest.raises(GoodsError) as caught:
        load(tmp_path, text)
    assert complaint in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "goods.csv"))


def test_rows_are_those_of_the_file_also_after_a_cell_of_two_lines(tmp_path: Path) -> None:
    with pytest.raises(GoodsError) as caught:
        load(tmp_path, 'article,category\n"1",tea\n\n2,moon\n')
    assert (caught.value.row, caught.value.column) == (4, "category")


def test_a_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_MAX", 2)
    assert len(load(tmp_path, "article,category\n1,tea\n2,tea\n").articles) == 2
    with pytest.raises(GoodsError, match="has too many rows; the most is 2"):
        load(tmp_path, "article,category\n1,tea\n2,tea\n3,tea\n")
    monkeypatch.setattr(module, "FILE_MAX_BYTES", 10)
    with pytest.raises(GoodsError, match="is too large; the most is 10 bytes"):
        load(tmp_path, "article,category\n")


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(GoodsError, match="cannot be read: No such file"):
        load_goods(tmp_path / "none.csv", CATEGORIES)
    with pytest.raises(GoodsError, match="is not a file"):
        load_goods(tmp_path, CATEGORIES)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(GoodsError, match="is not a file"):
        load_goods(tmp_path / "pipe", CATEGORIES)
