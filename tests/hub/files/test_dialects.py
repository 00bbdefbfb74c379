"""Whatever good rows are written in, they read back equal: each delimiter, encoding, end of line, way of quoting."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any, Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.build import build_programmes
from hub.files.dialect import encoding_of
from hub.files.members_file import read_members
from hub.members import BadMembers
from loyalty.card_numbers import make_number

PROGRAMMES: Final = build_programmes()
TODAY: Final = date(2026, 3, 2)
CARDS: Final = {id: programme.cards.schemes[0] for id, programme in PROGRAMMES.items()}
ENCODINGS: Final = ("utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be")
HEADINGS: Final = {
    "programme": ("programme", "Программа", " ПРОГРАММА "),
    "card": ("card", "Номер карты", "№ карты", "Карта", "Дисконтная карта:"),
    "phone": ("phone", "Телефон", "Моб. телефон", "МОБИЛЬНЫЙ ТЕЛЕФОН"),
    "points": ("points", "Баллы", "Бонусы", "Остаток бонусов"),
    "registered": ("registered", "Зарегистрирован", "Анкета"),
    "birthday": ("birthday", "Дата рождения", "ДР", "Д.Р."),
    "favourites": ("favourites", "Любимые категории"),
    "member": ("member", "ID клиента"),
}
PHONES: Final = ("+7{}", "8{}", "7{}", "8 ({0[0]}{0[1]}{0[2]}) {0[3]}{0[4]}{0[5]}-{0[6]}{0[7]}-{0[8]}{0[9]}")
YES: Final = ("yes", "да", "1", "+", "ИСТИНА", "true")
NO: Final = ("no", "нет", "0", "-", "ЛОЖЬ", "false", "")
LETTERS: Final = st.text("абвгдежзклмнопрстуфхцчшэюяЁёABCxyz019 №«»", min_size=1, max_size=8).map(str.strip)
WORDS: Final = LETTERS.filter(lambda word: word.casefold() not in ("", "итого", "всего", "total"))


@st.composite
def points_as(draw: st.DrawFn, points: int) -> str:
    blank = draw(st.sampled_from(("", " ", "\u00a0")))
    grouped = f"{points:,}".replace(",", blank)
    return grouped + draw(st.sampled_from(("", ",00", ".00", ".0")))


@st.composite
def day_as(draw: st.DrawFn, day: date | None) -> str:
    if day is None:
        return draw(st.sampled_from(("", "-", "01.01.0001 0:00:00")))
    written = (day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y} 0:00:00", f"{day}T00:00:00")
    return draw(st.sampled_from(written))


@st.composite
def rows(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, str]]:
    """What a row is, and one way to write it."""
    programme = draw(st.sampled_from(sorted(PROGRAMMES)))
    number = draw(st.integers(0, 9_999_999))
    # phones, ids and cards may stand once: they hang on one number
    phone = draw(st.sampled_from((None, f"916{number:07}")))
    points, registered = draw(st.integers(0, 10**8)), draw(st.booleans())
    birthday = draw(st.none() | st.dates(date(1900, 1, 1), date(2025, 12, 31)))
    favourites = tuple(dict.fromkeys(draw(st.lists(WORDS, max_size=3))))
    is_ = {
        "programme": programme,
        "card": make_number(CARDS[programme], number),
        "phone": phone and f"+7{phone}",
        "points": points,
        "registered": registered,
        "birthday": birthday and birthday.isoformat(),
        "favourites": favourites,
        "member": f"m{number}",
    }
    written = {
        "programme": draw(st.sampled_from((programme, PROGRAMMES[programme].name_ru.upper()))),
        "card": draw(st.sampled_from(("{}", " {} ", '="{}"', "'{}", "\u00a0{}"))).format(is_["card"]),
        "phone": draw(st.sampled_from(PHONES)).format(phone) if phone else "",
        "points": draw(points_as(points)),
        "registered": draw(st.sampled_from(YES if registered else NO)),
        "birthday": draw(day_as(birthday)),
        "favourites": "; ".join(favourites),
        "member": f"m{number}",
    }
    return is_, written


def once(table: list[tuple[dict[str, Any], dict[str, str]]]) -> list[tuple[dict[str, Any], dict[str, str]]]:
    return list({is_["member"]: (is_, written) for is_, written in reversed(table)}.values())


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[dict[str, Any]]]:
    table = once(draw(st.lists(rows(), max_size=5)))
    columns = draw(st.permutations(sorted(HEADINGS)))
    delimiter, end = draw(st.sampled_from(";,\t")), draw(st.sampled_from(("\r\n", "\n", "\r")))
    text = io.StringIO()
    quoted: dict[str, Any] = {"quoting": draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))}
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, **quoted)
    if draw(st.booleans()):
        text.write(f"sep={delimiter}{end}")
    extra = draw(st.sampled_from((None, "ФИО", "Комментарий")))
    writer.writerow([*(draw(st.sampled_from(HEADINGS[column])) for column in columns), *([extra] if extra else [])])
    for _, written in table:
        if draw(st.booleans()):
            text.write(draw(st.sampled_from(("", delimiter * 5, "   "))) + end)
        more = [draw(st.sampled_from(("", f"a{end}b", 'ООО "Мир"', "x;y,z")))] if extra else []
        writer.writerow([*(written[column] for column in columns), *more])
    whole = text.getvalue()
    if draw(st.booleans()):
        whole = whole.removesuffix(end) + draw(st.sampled_from(("", end * 3, end + delimiter * 4 + end)))
    return whole.encode(draw(st.sampled_from(ENCODINGS)), "strict"), [is_ for is_, _ in table]


@settings(max_examples=150, deadline=None)
@given(files())
def test_a_table_of_good_rows_reads_back_equal(file: tuple[bytes, list[dict[str, Any]]]) -> None:
    content, expected = file
    table = read_members(io.BytesIO(content), PROGRAMMES, today=TODAY)
    found = [{name: getattr(row, name) for name in HEADINGS} for row in table.rows]
    assert [str(bad) for bad in table.rows.bad()] == []
    assert found == expected


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b'card\n"')
def test_whatever_the_bytes_are_they_are_read_or_refused_in_words(content: bytes) -> None:
    try:
        table = read_members(io.BytesIO(b"card;points\n" + content), PROGRAMMES, programme="alenka", today=TODAY)
    except BadMembers as error:
        assert str(error)
    else:
        assert table.rows.all().rows == len(table.rows) + len(list(table.rows.bad()))


@given(st.text("абвгдёжзиклмнопрстуфхцчшщъыьэюяАБВГДЕЁ «»№-", min_size=3).filter(lambda text: not text.isascii()))
def test_a_text_of_windows_1251_is_not_taken_for_broken_utf_8(text: str) -> None:
    content = f"Номер карты;{text}\n".encode("cp1251")
    assert encoding_of(io.BytesIO(content)) == "cp1251"
