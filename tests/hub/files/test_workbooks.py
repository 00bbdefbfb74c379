"""N1, N2: a sheet of an Excel workbook is a table like any other; what is no workbook, or a broken one, says so."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hub.files.dialect import BadFile
from hub.files.workbook import number, tabled
from tests.hub.files.as_people_have_them import A1, A2

ROWS: list[list[Any]] = [
    ["Бонусы на 01.03.2026"],
    [],
    ["Номер\nкарты", "Баллы", "ДР"],
    [int(A1), 1500.0, date(1990, 5, 17)],
    [A2, 7, datetime.fromisoformat("1991-02-03")],
    ["Итого", 1507],
]


def workbook(*rows: list[Any], title: str = "Лист1", **sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        other = book.create_sheet(name)
        for row in more:
            other.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(content: bytes, sheet: str | None = None) -> list[list[str]]:
    with tabled(io.BytesIO(content), sheet) as table:
        table.file.seek(0)
        return list(csv.reader(io.TextIOWrapper(table.file, "utf-8", newline="")))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (int(A1), A1),
        (float(A1), A1),
        (2**53 - 1, str(2**53 - 1)),
        (2**53, "9.007199E+15"),
        (1234567890123450, "1.234568E+15"),
        (2.6e18, "2.600000E+18"),
        (1500.5, "1500.5"),
        (0.1 + 0.2, "0.3"),
        (1.125, "1.1250"),
        ("0012", "0012"),
        (True, "yes"),
        (None, ""),
        (date(2026, 5, 17), "2026-05-17"),
        (datetime.fromisoformat("2026-05-17"), "2026-05-17"),
        (datetime.fromisoformat("2026-05-17T10:30"), "2026-05-17 10:30:00"),
        (time(10, 30), "10:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        ("Иванова\nАнна", "Иванова Анна"),
    ],
)
def test_a_cell_is_read_as_excel_has_it(cell: object, text: str) -> None:
    assert read(workbook([cell, "|"])) == [[text, "|"]]


def test_a_number_whose_last_digits_excel_did_not_keep_is_no_card() -> None:
    """Of sixteen digits Excel keeps fifteen and writes a zero."""
    assert number(1234567890123451) == "1234567890123451"
    assert number(1234567890123450) == "1.234568E+15" and number(999999999999990) == "999999999999990"


def test_rows_stand_on_the_lines_of_the_sheet() -> None:
    table = read(workbook(*ROWS))
    assert [row[0] if row else "" for row in table] == ["Бонусы на 01.03.2026", "", "Номер карты", A1, A2, "Итого"]


def test_the_first_sheet_that_is_to_be_seen_or_the_one_that_is_named() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.sheet_state = "hidden"
    book.create_sheet("Карты").append(["seen"])
    kept = io.BytesIO()
    book.save(kept)
    assert read(kept.getvalue()) == [["seen"]]
    content = workbook(["first"], Второй=[["second"]])
    assert read(content, "второй ") == [["second"]]
    with pytest.raises(BadFile, match="has no sheet «Третий»; its sheets: «Лист1», «Второй»"):
        read(content, "Третий")


def test_a_cell_astray_in_the_last_corner_costs_nothing() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "card"
    book.active["XFD5000"] = "astray"
    kept = io.BytesIO()
    book.save(kept)
    assert read(kept.getvalue())[0] == ["card"]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def with_texts_apart(*texts: str, called: str = "sharedStrings") -> bytes:
    """One column of texts as Excel itself writes them: each once, in a part of its own."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, len(texts) + 1))
    parts = {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
        f"xl/{called}.xml": f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{text}</t></si>" for text in texts)}</sst>',
    }
    types = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TEXTS_TYPE}"/></Types>'
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([""]))) as archive, zipfile.ZipFile(kept, "w") as other:
        for name in archive.namelist():
            if name not in parts:
                other.writestr(name, archive.read(name).replace(b"</Types>", types.encode()))
        for name, text in parts.items():
            other.writestr(name, text)
    return kept.getvalue()


@pytest.mark.parametrize("called", ["sharedStrings", "SharedStrings"])
def test_texts_apart_are_read_also_where_1c_calls_them_otherwise_than_it_says(called: str) -> None:
    assert read(with_texts_apart("Карта", A1, called=called)) == [["Карта"], [A1]]


def broken(content: bytes) -> bytes:
    """Its sheet is no XML any more."""
    other = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(other, "w") as worse:
        for name in archive.namelist():
            worse.writestr(name, b"<worksheet><sheetData><row" if "sheet1" in name else archive.read(name))
    return other.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (workbook(["card"])[:2_000], "begins as a workbook does, and is cut off or broken; open it in Excel"),
        (broken(workbook(["card"])), "the workbook cannot be read .*; open it in Excel and save it anew"),
    ],
)
def test_n2_a_broken_workbook_is_refused_with_what_helps(content: bytes, told: str) -> None:
    with pytest.raises(BadFile, match=told):
        read(content)


def test_n2_a_workbook_too_large_for_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.files.workbook.TEXTS_BYTES_MAX", 10)
    with pytest.raises(BadFile, match="larger than a full sheet of Excel"):
        read(with_texts_apart("card"))


def test_other_files_stay_what_they_are() -> None:
    assert read(f"card,points\n{A1},5\n".encode()) == [["card", "points"], [A1, "5"]]
    with pytest.raises(BadFile, match="is said of a file that is no workbook"):
        read(b"card\n", "Лист1")


def test_n1_members_and_goods_of_a_workbook_come_in(tmp_path: Path, pos_hub: Callable[..., Any]) -> None:
    goods: list[list[Any]] = [["Артикул", "Название"], [2001, "Чай"]]
    (tmp_path / "a.xlsx").write_bytes(workbook(*ROWS, ["2600000000025", 1], Товары=goods))
    done = pos_hub("import", "a.xlsx", "--programme", "alenka", "--skip-bad", "bad.csv")
    assert done.returncode == 3, done.stderr
    assert "a.xlsx: a workbook, sheet «Лист1»; «Номер карты» is card, «Баллы» is points" in done.stderr
    assert "1,507 points  joined" in done.stdout
    left = (tmp_path / "bad.csv").read_text(encoding="utf-8-sig").splitlines()
    assert left[0] == "Номер карты;Баллы;ДР;reason" and left[1].startswith("2600000000025;1;;card 26000")
    done = pos_hub("goods", "import", "a.xlsx", "--sheet", "Товары")
    assert done.returncode == 0, done.stderr
    assert "sheet «Товары»; «Артикул» is article" in done.stderr
