"""Files of members as they come out of Excel, LibreOffice, 1С and loyalty programs that shops leave, each with one mess
or several, and what comes of each: rows, or why not."""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

# Алёнка's cards with the right check digit
A1, A2, A3 = "2600000000017", "2600000000024", "2600000000031"
P1, P2 = "+79161234567", "+79161234568"


class Said(NamedTuple):
    """A row that is taken."""

    card: str
    phone: str | None = None
    points: int = 0
    registered: bool = False
    birthday: str | None = None
    favourites: tuple[str, ...] = ()
    programme: str = "alenka"
    name: str | None = None


class File(NamedTuple):
    """`bad`: the beginning of what is told of each row that is not taken; `refused`: of the whole file; `read`: a part
    of what is said of how it was read."""

    content: bytes
    rows: tuple[Said, ...] = ()
    bad: tuple[str, ...] = ()
    refused: str = ""
    read: str = ""
    programme: str | None = "alenka"
    said: tuple[str, ...] = ()


ANNA = Said(A1, P1, 1500, True, "1990-05-17")
FIFTEEN = Said(A1, points=15)
BORIS = Said(A2, P2, 0, False)

FILES: Final[dict[str, File]] = {
    # how it is written
    "excel_csv_russia": File(
        f"Номер карты;Телефон;Баллы;Зарегистрирован;Дата рождения\r\n{A1};8 (916) 123-45-67;1500;да;17.05.1990\r\n"
        f"{A2};8 (916) 123-45-68;;нет;\r\n".encode("cp1251"),
        (ANNA, BORIS),
        read="Windows-1251, semicolons; «Номер карты» is card",
    ),
    "excel_csv_utf8": File(
        codecs.BOM_UTF8 + f"Карта;Телефон;Бонусы;Анкета;ДР\r\n{A1};79161234567;1 500,00;1;17.05.1990\r\n".encode(),
        (ANNA,),
        read="UTF-8 with a mark, semicolons",
    ),
    "excel_unicode_text": File(
        f"Карта\tМоб. телефон\tБаланс\tАнкета\tД.Р.\r\n{A1}\t+7 916 123 45 67\t1500\tИСТИНА\t17.05.1990\r\n".encode(
            "utf-16"
        ),
        (ANNA,),
        read="UTF-16, tabs",
    ),
    "utf16_big_end_first": File(
        codecs.BOM_UTF16_BE + f"card,phone\r\n{A1},{P1}\r\n".encode("utf-16-be"), (Said(A1, P1),), read="UTF-16"
    ),
    "utf16_without_its_mark": File(f"card;phone\r\n{A1};{P1}\r\n".encode("utf-16-le"), (Said(A1, P1),), read="UTF-16"),
    "google_sheets": File(
        f'Карта,Телефон,Баллы,Регистрация,Дата рождения\n{A1},"8 916 123-45-67","1 500,00",TRUE,1990-05-17'.encode(),
        (ANNA,),
        read="UTF-8, commas",
    ),
    "sep_line_of_excel": File(f"sep=;\r\ncard;points\r\n{A1};15\r\n".encode(), (Said(A1, points=15),)),
    "sep_line_of_something_else": File(f"sep=|\r\ncard|points\r\n{A1}|15\r\n".encode(), (Said(A1, points=15),)),
    "mac_line_ends": File(f"Карта;Баллы\r{A1};15\r{A2};16".encode("cp1251"), (FIFTEEN, Said(A2, points=16))),
    "no_newline_at_the_end": File(f"card\n{A1}".encode(), (Said(A1),)),
    "only_cards": File(f"{'Карта'}\r\n{A1}\r\n{A2}\r\n".encode("cp1251"), (Said(A1), Said(A2))),
    "quotes_everywhere": File(
        f'"Карта";"ФИО";"Баллы"\r\n"{A1}";"ООО ""Ромашка"", Иванов";"15"\r\n'.encode("cp1251"),
        (Said(A1, points=15, name='"Ромашка", Иванов ООО'),),
        read="«ФИО» is full_name",
    ),
    "names_in_one_cell": File(
        f"Карта;ФИО\r\n{A1};ПЕТРОВА Анна  Сергеевна\r\n{A2};Ли Джон\r\n{A3};\r\n".encode("cp1251"),
        (Said(A1, name="Анна Сергеевна ПЕТРОВА"), Said(A2, name="Джон Ли"), Said(A3)),
    ),
    "names_in_three_cells": File(
        f"Карта;Фамилия;Имя;Отчество\r\n{A1};Петрова;Анна;Сергеевна\r\n{A2};;Борис;\r\n".encode("cp1251"),
        (Said(A1, name="Анна Сергеевна Петрова"), Said(A2, name="Борис")),
    ),
    "a_name_as_a_program_in_english_has_it": File(
        f"card,name\n{A1},Anna Petrova\n{A2},Петрова Анна Сергеевна\n".encode(),
        (Said(A1, name="Anna Petrova"), Said(A2, name="Анна Сергеевна Петрова")),
    ),
    "newline_in_a_cell": File(
        f'Карта;Адрес;Баллы\r\n{A1};"Москва,\r\nТверская, 1";15\r\n{A2};;x\r\n'.encode("cp1251"),
        (Said(A1, points=15),),
        ("line 4: points 'x' must be a whole number",),
    ),
    "newline_in_a_heading": File(
        f'"Номер\r\nкарты";"Дата\r\nрождения"\r\n{A1};17.05.1990\r\n'.encode("cp1251"),
        (Said(A1, birthday="1990-05-17"),),
    ),
    "empty_rows_and_rows_of_delimiters": File(
        f"Карта;Баллы;\r\n\r\n{A1};15;\r\n;;\r\n   ;\u00a0;\r\n{A2};16;\r\n;;\r\n;;\r\n\r\n".encode(),
        (Said(A1, points=15), Said(A2, points=16)),
    ),
    "report_of_1c": File(
        "Отчёт по бонусным картам;;;\r\nПериод: 2025 г.;;;\r\n;;;\r\nКарта №;Владелец;Остаток бонусов;Родился\r\n"
        f"{A1};Иванова Анна;1 500,00;17.05.1990 0:00:00\r\n{A2};Петров Борис;0,00;01.01.0001 0:00:00\r\n"
        "Итого:;;1 500,00;\r\n".encode("cp1251"),
        (Said(A1, points=1500, birthday="1990-05-17", name="Анна Иванова"), Said(A2, name="Борис Петров")),
        read="what stands above line 4 left out; line 7 left out: a total",
    ),
    # what cells hold
    "text_formulas_of_excel": File(
        f'Карта;Телефон\r\n="{A1}";="89161234567"\r\n"=""{A2}""";\'89161234568\r\n'.encode("cp1251"),
        (Said(A1, P1), Said(A2, P2)),
    ),
    "no_break_spaces": File(
        f"Карта;Баллы;Телефон\r\n\u00a0{A1}\u00a0;1\u00a0500,00;8\u00a0916\u00a0123-45-67\r\n"
        f"{A2};1\u202f500;\u200b8 916 123 45 68\r\n".encode(),
        (Said(A1, P1, 1500), Said(A2, P2, 1500)),
    ),
    "cards_with_blanks_and_dashes": File(
        b"card;points\n2600 0000 0001 7;1\n2600-0000-0002-4;2\n", (Said(A1, points=1), Said(A2, points=2))
    ),
    "yes_and_no_in_many_words": File(
        f"card;registered\n{A1};+\n{A2};ЛОЖЬ\n{A3};-\nx1;Да\nx2;true\nx3;0\nx4;возможно\n".encode(),
        tuple(Said(card, registered=is_yes) for card, is_yes in zip(
            (A1, A2, A3, "x1", "x2", "x3"), (True, False, False, True, True, False), strict=True
        )),
        ("line 8: registered 'возможно' must be yes or no",),
    ),
    "dates_in_many_ways": File(
        f"card;birthday\n{A1};1990-05-17\n{A2};17/05/1990\n{A3};17.05.90\nx1;1990-05-17T00:00:00\nx2;7.5.1990 г.\n"
        "x3;31.02.1990\nx4;17.05.10\nx5;33010\nx6;17.05.2090\n".encode(),
        (*(Said(card, birthday="1990-05-17") for card in (A1, A2, A3, "x1")), Said("x2", birthday="1990-05-07")),
        (
            "line 7: birthday '31.02.1990' is not a day",
            "line 8: birthday '17.05.10' may be of 1910 or of 2010; write all four digits",
            "line 9: birthday '33010' is not a day (a spreadsheet's number of a day",
            "line 10: birthday '17.05.2090' is nobody's who lives",
        ),
    ),
    "months_first": File(
        f"card,birthday\n{A1},05/17/1990\n{A2},05/06/1990\n{A3},1990-05-06\n".encode(),
        (Said(A3, birthday="1990-05-06"),),
        (
            "line 2: birthday '05/17/1990' has the month first",
            "line 3: birthday: its month may stand first, as on line 2",
        ),
    ),
    "points_in_many_ways": File(
        f'card;points\n{A1};1 500,00\n{A2};"1,500.00"\n{A3};1.500,0\nx1; -   \nx2;1500.\nx3;1 500,50\nx4;1,500\nx5;-5\n'
        "x6;15 00\nx7;1E+3\n".encode(),
        (*(Said(card, points=1500) for card in (A1, A2, A3)), Said("x1")),
        (
            "line 6: points '1500.' must be a whole number",
            "line 7: points '1 500,50' must be a whole number from 0 to 100000000",
            "line 8: points '1,500' must be a whole number from 0 to 100000000; with three digits behind a comma",
            "line 9: points '-5' must be a whole number",
            "line 10: points '15 00' must be a whole number",
            "line 11: points '1E+3': a spreadsheet shows it so and the digits are gone",
        ),
    ),
    "favourites": File(f'card;favourites\n{A1};"чай; мёд"\n{A2};чай, мёд, чай\n'.encode(), tuple(
        Said(card, favourites=("чай", "мёд")) for card in (A1, A2)
    )),
    # what a spreadsheet did to numbers
    "card_in_scientific_notation": File(
        f"Карта;Баллы\r\n2,6E+12;5\r\n2.6E+12;5\r\n2,60000E+12;6\r\n{A1};7\r\n".encode("cp1251"),
        (Said(A1, points=7),),
        tuple(
            f"line {line}: card '{card}': a spreadsheet shows it so and the digits are gone"
            for line, card in ((2, "2,6E+12"), (3, "2.6E+12"), (4, "2,60000E+12"))
        ),
    ),
    "card_as_a_number_of_a_dataframe": File(f"card,phone\n{A1}.0,79161234567.0\n".encode(), (Said(A1, P1),)),
    "phone_in_scientific_notation": File(
        f"Карта;Телефон\r\n{A1};7,91612E+10\r\n".encode("cp1251"), (), ("line 2: phone '7,91612E+10': a spreadsheet",)
    ),
    "wrong_check_digits": File(
        f"Карта;Баллы\r\n2600000000018;5\r\n{A1};6\r\n260000000001;7\r\n".encode("cp1251"),
        (Said(A1, points=6),),
        (
            "line 2: card 2600000000018 has a wrong check digit: the last one would be 7",
            "line 4: card 260000000001 has 12 digits, one like it has 13",
        ),
    ),
    # what people do
    "everything_wrong_with_one_row": File(
        f"card;phone;points;registered;birthday\n;12;x;y?;z\n{A1};;;;\n".encode(),
        (Said(A1),),
        (
            "line 2: card '' must be letters and digits; phone '12' is not a whole phone number; say it like"
            " 8 916 123-45-67; points 'x' must be a whole number from 0 to 100000000; registered 'y?' must be yes or"
            " no; birthday 'z' is not a day",
        ),
    ),
    "the_same_card_and_the_same_phone": File(
        f"Карта;Телефон\r\n{A1};89161234567\r\n{A2};+7 916 123-45-67\r\n{A1};89161234568\r\n".encode("cp1251"),
        (Said(A1, P1),),
        (
            "line 3: phone +79161234567 stands on line 2 too",
            "line 4: card 2600000000017 stands on line 2 too",
        ),
    ),
    "more_fields_than_headings": File(
        f"card;points\n{A1};5;6\n{A2};1 500,00;\n".encode(),
        (Said(A2, points=1500),),
        ("line 2: more fields than columns",),
    ),
    "decimal_commas_among_commas": File(
        f"card,points\n{A1},1500,00\n".encode(), (), ("line 2: more fields than columns",)
    ),
    "two_programmes_by_their_names": File(
        f"Программа;Карта\r\n«Алёнка»;{A1}\r\nКЛУБ ПЕРЕКРЕСТОК;2700000000014\r\nalenka;{A2}\r\nМагнит;5\r\n".encode(),
        (Said(A1), Said("2700000000014", programme="perekrestok"), Said(A2)),
        ("line 5: programme 'Магнит' is not one of alenka, perekrestok",),
        programme=None,
    ),
    "own_headings": File(
        f"Код;Пластик;Сумма\r\n77;{A1};15\r\n".encode("cp1251"),
        (Said(A1, points=15),),
        said=("Пластик=card", "сумма=points", "Код=member"),
        read="«Пластик» is card, «Сумма» is points, «Код» is member",
    ),
    "two_phones": File(
        f"Карта;Телефон;Моб. телефон\r\n{A1};84951234567;89161234567\r\n".encode("cp1251"),
        (Said(A1, P1),),
        said=("Телефон=",),
        read="left out: «Телефон»",
    ),
    # refused as a whole
    "two_phones_and_nobody_says_which": File(
        f"Карта;Телефон;Моб. телефон\r\n{A1};84951234567;89161234567\r\n".encode("cp1251"),
        refused="line 1: «Телефон» and «Моб. телефон» are both phone: say which with --map",
    ),
    "no_card": File(
        "Клиент;Сумма\r\nАнна;15\r\n".encode("cp1251"),
        refused="line 1: missing column 'card'. The file's columns: «Клиент», «Сумма». --map \"Клиент=card\" says",
    ),
    "no_programme": File(
        f"Карта\r\n{A1}\r\n".encode("cp1251"),
        refused="line 1: missing column 'programme'. The file's columns: «Карта». --programme alenka is for a file of",
        programme=None,
    ),
    "a_heading_that_is_not_there": File(
        f"Карта\r\n{A1}\r\n".encode(),
        refused="line 1: no column is called «сумма», which --map says",
        said=("Сумма=points",),
    ),
    "a_quotation_mark_that_is_never_closed": File(
        f'card;points\n{A1};"5\n{A2};6\n'.encode(),
        refused="line 2: a quotation mark is opened there and not closed on line 3",
    ),
    "xlsx": File(
        b"PK\x03\x04\x14\x00\x06\x00",
        refused="the file is an Excel or LibreOffice workbook; open it in a spreadsheet and save it as «CSV UTF-8",
    ),
    "xls": File(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        refused="the file is an Excel 97 workbook, or one under a password; open it",
    ),
    "xls_that_is_a_web_page": File(b"\r\n<html><table>", refused="the file is a web page or XML"),
    "empty": File(b"", refused="the file is empty"),
    "blank": File(b"\r\n \r\n", refused="the file is empty"),
    "broken_letters": File(
        f"Карта;Имя\n{A1};Анна Алёнкина\n".encode().replace("ё".encode(), b"\xd1"),
        refused="the file is UTF-8, but for 1 letters that are broken; export it again",
    ),
}  # fmt: skip
