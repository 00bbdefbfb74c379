from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.document import Columns, Document, Text
from drivers.printer.layout import justified, wrap
from drivers.printer.preview import render
from drivers.printer.profile import PrinterProfile


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        ("Хлеб", "45,50", ["Хлеб           45,50"]),
        ("Хлеб", "", ["Хлеб"]),
        ("АБВГДЕЖЗИКЛМНОПРСТУФ", "", ["АБВГДЕЖЗИКЛМНОПРСТУФ"]),
        ("", "45,50", ["               45,50"]),
        ("Хлеб ржаной нарезной", "45,50", ["Хлеб ржаной нарезной", "               45,50"]),
        ("Хлеб ржаной нарезной в упаковке", "45,50", ["Хлеб ржаной нарезной", "в упаковке     45,50"]),
        ("Хлеб", "сто сорок пять рублей", ["Хлеб", "      сто сорок пять", "              рублей"]),
        ("  скидка", "-5,00", ["  скидка       -5,00"]),
        ("\xa0\xa0скидка на всё, что здесь", "1", ["  скидка на всё, что", "здесь              1"]),
        ("Молоко топлёное 3,2\xa0%", "9", ["Молоко топлёное", "3,2 %              9"]),
        ("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧ", "9", ["АБВГДЕЖЗИКЛМНОПРСТУФ", "ХЦЧ                9"]),
    ],
)
def test_columns(left: str, right: str, lines: list[str]) -> None:
    assert justified(left, right, 20) == lines


@given(st.text(alphabet="ab \xa0", max_size=300), st.integers(4, 50), st.integers(1, 5))
def test_wrapping_keeps_width_and_height_and_loses_no_letter_silently(text: str, columns: int, lines: int) -> None:
    wrapped = wrap(text, columns, lines)
    assert 1 <= len(wrapped) <= lines
    assert all(len(line) <= columns for line in wrapped)
    letters = text.replace(" ", "").replace("\xa0", "")
    assert wrapped[-1].endswith("...") or "".join(wrapped).replace(" ", "") == letters


def test_the_preview_shows_the_mark_and_the_grid() -> None:
    profile = PrinterProfile(name="x", columns=20, width_dots=240)
    document = Document((Text("Ёж", align="right"), Columns("ИТОГО", "9", double=True)))
    assert render(document, profile, "ПОВТОР") == [
        "    П О В Т О Р",
        "                  Ёж",
        "И Т О Г О         9",
    ]
