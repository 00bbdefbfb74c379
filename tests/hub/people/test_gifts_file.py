"""N2, R32: a file of cards and points, as people have it: what it says is what is given, or nobody gets any."""

from __future__ import annotations

import io

import click
import openpyxl
import pytest

from hub.commands.gifts_file import gifts_in

A, B = "2600000000017", "2600000000024"


Said = dict[str, str]


def read(
    text: str, points: int | None = None, encoding: str = "utf-8", said: Said | None = None
) -> list[tuple[str, int]]:
    return [(gift.card, gift.points) for gift in gifts_in(text.encode(encoding), points, said).gifts]


def refused(text: str, points: int | None = None, said: Said | None = None) -> str:
    with pytest.raises(click.ClickException) as told:
        read(text, points, said=said)
    return told.value.message


@pytest.mark.parametrize("cell", ["1500", "1 500", "1\u00a0500", "1500,00", '"1500"', "1500;", '="1500"'])
def test_points_are_read_as_imports_read_them(cell: str) -> None:
    assert read(f"{A};{cell}\n{B};7\n") == [(A, 1500), (B, 7)]


@pytest.mark.parametrize("cell", ["1,500", "12,5", "1.500", "12.5", "-5", "x", "1e3", ""])
def test_what_is_no_plain_whole_number_gives_nobody_any(cell: str) -> None:
    assert "line 1: " in refused(f"{A};{cell}\n{B};7\n")


@pytest.mark.parametrize("line", [f"{A};5;6", f"{A};5;;Anna", f"card;points\n{A};5;6", f"{A},1,500"])
def test_what_stands_behind_the_points_is_told(line: str) -> None:
    assert "stands behind its columns" in refused(line)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("between", [";", ",", "\t"])
def test_headings_say_which_is_which_however_it_is_written(encoding: str, between: str) -> None:
    rows = [["Отчёт за март", "", ""], ["Баллы", "ФИО", "Номер карты"], ["5", "Анна", A], ["Итого", "5", ""]]
    assert read("".join(between.join(row) + "\r\n" for row in rows), encoding=encoding) == [(A, 5)]


def test_a_workbook_is_read_and_what_was_left_out_is_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("gifts", 0)
    for row in (["Карта", "Магазин", "Бонусы"], [int(A), "north", 1500.0], ["Всего", None, 1500]):
        sheet.append(row)
    book.save(content := io.BytesIO())
    gifts, notes = gifts_in(content.getvalue(), None)
    assert [(gift.card, gift.points, gift.line) for gift in gifts] == [(A, 1500, 2)]
    assert notes == ["column «Магазин» left out", "line 3 left out: a total"]


def test_cards_alone_get_what_is_said_beside() -> None:
    assert read(f"{A}\n{B}\n", 10) == read(f"card\n{A}\n{B}\n", 10) == [(A, 10), (B, 10)]
    assert "it says 5 points, and --points says 10" in refused(f"{A};5\n", 10)


def test_headings_that_nobody_knows_are_asked_for() -> None:
    text = f"Кто;Сколько\n{A};5\n"
    assert "«Кто», «Сколько»" in refused(text)
    assert read(text, said={"кто": "card", "сколько": "points"}) == [(A, 5)]
    assert "without headings" in refused(f"{A};5\n", said={"кто": "card"})


def test_a_number_that_a_spreadsheet_damaged_is_told() -> None:
    assert "digits are gone" in refused("2,6E+12;5\n")
