"""Receipts of the system before, in files as people have them: rows become receipts, and in is out."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from hub.cli import cli
from hub.store.office_records import StoreRow
from hub.store.rows import Rows
from loyalty.bodies import EarlierSale
from loyalty.operation import read_operation
from tests.hub.conftest import Office

ANNA = "2600000000017"
FN = "9999078900001234"
HEAD = "store;date;number;card;article;name;quantity;price;discount;sum;total;fn;fd;fp;cash\n"
TEA = f"s1;02.11.2025 14:05;17;{ANNA};1001;Чай;2;89,90;;179,80;1 259,70;{FN};4217;3522207165;1259,70\n"
HAM = "s1;02.11.2025;17;;1002;Ветчина;1,350;800;0,10;1 079,90;;;;;\n"
ALONE = "s2;2025-11-03 09:00:07;1;;;Хлеб;;40;;;;;;;\n"


def brought(office: Office, path: Path, text: str, *words: str, encoding: str = "utf-8", code: int = 0) -> str:
    path.write_bytes(text.encode(encoding))
    where = ["--programme", "alenka", "--by", "Olga", "--db", str(office.path)]
    done = CliRunner().invoke(cli, ["import", str(path), "--as", "receipts", *where, *words])
    assert done.exit_code == code, done.output
    return done.output


def sales(office: Office) -> list[EarlierSale]:
    texts = office.rows("SELECT text FROM operations WHERE text LIKE '%\"earlier_sale\"%' ORDER BY sequence")
    found = [read_operation(text).body for (text,) in texts]
    return [one for one in found if isinstance(one, EarlierSale)]


def found(office: Office, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["receipts", "find", *words, "--db", str(office.path)])
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251", "utf-16"])
def test_rows_that_follow_one_another_are_one_receipt(office: Office, tmp_path: Path, encoding: str) -> None:
    told = brought(office, tmp_path / "r.csv", HEAD + TEA + HAM + ALONE, encoding=encoding)
    assert "2 receipts               3 lines            1299.70 rubles  taken" in told and "in is out" in told
    big, small = sales(office)
    assert (big.store, big.sale.day, big.sale.number, big.card) == ("s1", "2025-11-02", "17", ANNA)
    assert big.sold_at == "2025-11-02T11:05:00.000000+00:00" and big.total_kopecks == 125_970
    assert [(one.article, one.quantity_m, one.price_kopecks, one.net_kopecks) for one in big.lines] == [
        ("1001", 2_000, 8_990, 17_980),
        ("1002", 1_350, 80_000, 107_990),
    ]
    assert [one.id for one in big.lines] == ["1", "2"] and big.lines[1].pos_discount_kopecks == 10
    assert [(one.device, one.document, one.sign) for one in big.fiscal] == [(FN, "4217", "3522207165")]
    assert [(one.kind, one.kopecks) for one in big.tenders] == [("cash", 125_970)]
    assert (small.lines[0].quantity_m, small.total_kopecks, small.card, small.fiscal) == (1_000, 4_000, None, ())
    assert office.verdict().faults == ()


def test_headings_of_a_russian_report_are_known(office: Office, tmp_path: Path) -> None:
    text = (
        "Магазин,Касса,Дата,Время,№ чека,Номер карты,Товар,Кол-во,Сумма,Начислено бонусов,Списано бонусов,Сумма чека\n"
        f"Ленина 1,2,02.11.2025,9:05:07,17,{ANNA},Чай,1,100,3,10,150\n"
        f"Ленина 1,2,02.11.2025,9:05:07,17,{ANNA},Хлеб,0.5,50,3,10,150\n"
        "Ленина 1,3,02.11.2025,9:06,17,,Хлеб,1,50,,,50\n"
    )
    assert "2 receipts" in brought(office, tmp_path / "r.csv", text)
    first, second = sales(office)
    assert (first.sale.pos, first.accrued_points, first.redeemed_points) == ("2", 3, 10)
    assert (second.sale.pos, second.accrued_points, second.redeemed_points) == ("3", None, None)


def test_a_workbook_is_read_with_its_moments_and_quantities(office: Office, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    moment, same = datetime(2025, 11, 2, 14, 5), ("s1", 17, int(ANNA), FN, 4217)  # noqa: DTZ001 a cell has no zone
    sheet.append(["Магазин", "№ чека", "Карта", "ФН", "ФД", "Дата", "Товар", "Кол-во", "Сумма"])
    sheet.append([*same, moment, "Чай", 2, 179.8])
    sheet.append([*same, moment, "Хлеб", 0.347, 0.1 + 0.2])
    sheet.append(["s1", 18, None, None, None, date(2025, 11, 3), "Хлеб", 10, 890])
    book.save(tmp_path / "r.xlsx")
    where = ["--programme", "alenka", "--by", "Olga", "--db", str(office.path)]
    done = CliRunner().invoke(cli, ["import", str(tmp_path / "r.xlsx"), "--as", "receipts", *where])
    assert done.exit_code == 0, done.output
    first, second = sales(office)
    assert (first.card, first.sold_at, first.fiscal[0].device) == (ANNA, "2025-11-02T11:05:00.000000+00:00", FN)
    assert [one.quantity_m for one in (*first.lines, *second.lines)] == [2_000, 347, 10_000]
    assert (first.total_kopecks, second.total_kopecks, second.sold_at) == (18_010, 89_000, None)


def test_the_same_again_is_taken_once_and_another_under_its_number_is_told(office: Office, tmp_path: Path) -> None:
    brought(office, tmp_path / "r.csv", HEAD + TEA + HAM)
    assert "was imported into" in brought(office, tmp_path / "r.csv", HEAD + TEA + HAM)
    more = brought(office, tmp_path / "more.csv", HEAD + TEA + HAM + ALONE)
    assert "1 receipt                2 lines            1259.70 rubles  change nothing" in more
    other = TEA.replace("179,80;1 259,70", "179,80;179,80").replace("1259,70", "179,80")
    assert "receipt 17 of 2025-11-02 in s1 is another in the ledger" in brought(
        office, tmp_path / "o.csv", HEAD + other, code=1
    )
    assert len(sales(office)) == 2 and office.verdict().faults == ()


def test_what_is_called_so_is_the_receipts_total(office: Office, tmp_path: Path) -> None:
    """A column «Итого» was left out, and nothing was held against it."""
    text = "Магазин;Дата;№ чека;Товар;Сумма;Итого\ns1;02.11.2025;17;Чай;100;150\ns1;02.11.2025;17;Хлеб;40;150\n"
    told = brought(office, tmp_path / "r.csv", text, code=1)
    assert "come to 140.00, its total is 150.00: 10.00 less" in told
    brought(office, tmp_path / "right.csv", text.replace("40;150", "50;150"))


BAD = {
    "a total that is more": (
        TEA + HAM.replace("1 079,90", "1 000,00"),
        "come to 1179.80, its total is 1259.70: 79.90",
    ),
    "a total that is less": (TEA, "come to 179.80, its total is 1259.70: 1079.90 less"),
    "money that is more": (
        ALONE.replace(";40;;;;;;;", ";40;;;;;;;45"),
        "45.00 was paid, its lines come to 40.00: 5.00 more",
    ),
    "rows that say two totals": (TEA + HAM.replace("1 079,90;", "1 079,90;5"), "say more than one total"),
    "two cards": (TEA + HAM.replace(";17;;", ";17;2600000000024;"), "say more than one card"),
    "a day that is not yet": (ALONE.replace("2025", "2125"), "2125-11-03 is not yet"),
    "no number": (ALONE.replace(";1;;;", ";;;;"), "number is not said"),
    "no store": (ALONE.replace("s2;", ";"), "store is not said"),
    "goods that came back": (ALONE.replace(";;40;", ";-1;40;"), "quantity '-1' is none"),
    "a sum that came back": (ALONE.replace(";;40;", ";;-40;"), "'-40'"),
    "neither sum nor price": (ALONE.replace(";;40;", ";;;"), "neither sum nor price is said"),
    "a discount above the price": (ALONE.replace(";;40;;", ";;40;50;"), "its discount is more than it cost"),
    "neither name nor article": (ALONE.replace("Хлеб", ""), "neither article nor name is said"),
    "a fiscal number that Excel damaged": (TEA.replace(FN, "9,99908E+15"), "the digits are gone"),
    "a time that is none": (ALONE.replace("09:00:07", "29:00"), "time '29:00' is none"),
    "a receipt in two places": (TEA + ALONE + HAM, "receipt 17 of 2025-11-02 in s1 stands in several places"),
}


@pytest.mark.parametrize(("rows", "why"), BAD.values(), ids=BAD)
def test_a_bad_receipt_is_left_out_whole_with_why(office: Office, tmp_path: Path, rows: str, why: str) -> None:
    good = "s9;01.11.2025;1;;;Соль;;10;;;;;;;\n"
    assert why in brought(office, tmp_path / "r.csv", HEAD + good + rows, code=1) and sales(office) == []
    told = brought(office, tmp_path / "r.csv", HEAD + good + rows, "--skip-bad", str(tmp_path / "bad.csv"), code=3)
    assert "in is out" in told
    left = (tmp_path / "bad.csv").read_text(encoding="utf-8").splitlines()
    taken = 2 if "several places" in why else 1
    assert len(sales(office)) == taken and len(left) == 1 + len(rows.splitlines()) - (taken - 1)
    assert all(one.split(";")[0] != "s9" for one in left)


def test_rows_left_out_may_be_mended_and_brought(office: Office, tmp_path: Path) -> None:
    bad = HEAD + TEA + HAM.replace("1 079,90", "1 000,00")
    brought(office, tmp_path / "r.csv", bad, "--skip-bad", str(tmp_path / "bad.csv"), code=3)
    mended = (tmp_path / "bad.csv").read_text(encoding="utf-8").replace("1 000,00", "1 079,90")
    assert "1 receipt " in brought(office, tmp_path / "mended.csv", mended)
    assert [one.total_kopecks for one in sales(office)] == [125_970]


def test_many_receipts_are_taken_in_steps(office: Office, tmp_path: Path) -> None:
    rows = "".join(
        f"s1;02.11.2025;{number};;{line};Чай;;{line}.50;;;;;;;\n" for number in range(450) for line in range(1, 3)
    )
    told = brought(office, tmp_path / "r.csv", HEAD + rows)
    assert "450 receipts             900 lines            1800.00 rubles  taken" in told and len(sales(office)) == 450
    assert office.verdict().faults == ()


def test_the_clock_of_the_store_counts(office: Office, tmp_path: Path) -> None:
    with office.hub.store.writing() as writer:
        writer.write(Rows(stores=[StoreRow("s2", timezone="Asia/Vladivostok")]))
    brought(office, tmp_path / "r.csv", HEAD + ALONE)
    assert sales(office)[0].sold_at == "2025-11-02T23:00:07.000000+00:00"


def test_without_a_programme_it_is_asked_for(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(HEAD + ALONE, encoding="utf-8")
    done = CliRunner().invoke(cli, ["import", str(path), "--as", "receipts", "--db", str(office.path), "--by", "Olga"])
    assert done.exit_code == 1 and "--programme alenka says one" in done.output


def test_the_examples_are_taken(office: Office) -> None:
    office.join("anna", card=ANNA)
    office.join("boris", card="2600000000024")
    for name, more in (("consents", ()), ("receipts", ("--programme", "alenka"))):
        path = Path(__file__).parents[3] / "docs" / "examples" / f"{name}.csv"
        done = CliRunner().invoke(
            cli, ["import", str(path), "--as", name, *more, "--db", str(office.path), "--by", "Olga"]
        )
        assert done.exit_code == 0 and "in is out" in done.output
    assert len(sales(office)) == 2 and office.verdict().faults == ()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM earlier_sales WHERE number = '17'",
        "UPDATE earlier_sales SET card = '2600000000024'",
        "UPDATE earlier_sales SET document = NULL WHERE number = '17'",
        "UPDATE earlier_sales SET sequence = sequence + 1",
        "INSERT INTO earlier_sales VALUES ('s1', '2025-11-02', '18', '', 'hub', 1, 1, NULL, NULL)",
    ],
)
def test_verify_finds_a_receipt_that_nobody_brought(office: Office, tmp_path: Path, statement: str) -> None:
    brought(office, tmp_path / "r.csv", HEAD + TEA + HAM + ALONE)
    office.tamper(statement)
    assert office.verdict().faults


# looking


@pytest.fixture
def there(office: Office, tmp_path: Path) -> Office:
    office.join("anna", card=ANNA)
    brought(office, tmp_path / "r.csv", HEAD + TEA + HAM + ALONE)
    return office


@pytest.mark.parametrize(
    "words",
    [
        ("--fiscal", "4217"),
        ("--fiscal", f"{FN}/4217"),
        ("--card", ANNA),
        ("--store", "s1", "--day", "2025-11-02", "--number", "17"),
    ],
)
def test_a_receipt_of_before_is_found(there: Office, words: tuple[str, ...]) -> None:
    told = found(there, *words)
    assert "receipt 17 of 2025-11-02 14:05 in s1: 1259.70, card 2600000000017" in told
    assert "2 × 89.90 = 179.80  Чай (1001)" in told and "1.350 × 800.00 = 1079.90  Ветчина (1002)" in told
    assert f"fiscal document 4217, device {FN}, sign 3522207165" in told
    (line,) = found(there, *words, "--json").splitlines()
    shown: dict[str, Any] = json.loads(line)
    assert (shown["store"], shown["total_kopecks"], len(shown["lines"])) == ("s1", 125_970, 2)


@pytest.mark.parametrize(
    "words",
    [
        ("--fiscal", "9999/4217"),
        ("--fiscal", "1"),
        ("--card", "2600000000024"),
        ("--store", "s1", "--day", "2025-11-03", "--number", "17"),
    ],
)
def test_what_is_not_there_is_said(there: Office, words: tuple[str, ...]) -> None:
    assert found(there, *words) == "None.\n"


def test_one_thing_is_looked_for(there: Office) -> None:
    for words in ((), ("--card", ANNA, "--fiscal", "1"), ("--store", "s1", "--number", "17")):
        assert "Say one of" in found(there, *words, code=2)


def test_a_member_has_the_receipts_of_his_card_in_his_history(there: Office) -> None:
    shown = CliRunner().invoke(cli, ["member", "show", "anna", "--db", str(there.path)]).output
    assert "receipt 17 of 2025-11-02 was brought, of 1259.70" in shown
