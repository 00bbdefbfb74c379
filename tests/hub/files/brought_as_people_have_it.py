"""Files of points with ends, of purchases and of cards as shops have them, each with one mess or several, and what
comes of each: rows, or why not."""

from __future__ import annotations

import codecs
from typing import Any, Final, NamedTuple

from tests.hub.files.as_people_have_them import A1, A2, A3, P1, P2


class File(NamedTuple):
    """`rows`: what is read of each good one; `bad`: the beginning of what is told of each other; `refused`: of all of
    it; `read`: a part of what is said of how it was read."""

    kind: str
    content: bytes
    rows: tuple[tuple[Any, ...], ...] = ()
    bad: tuple[str, ...] = ()
    refused: str = ""
    read: str = ""


def lot(card: str, points: int, starts: str | None = None, expires: str = "programme", phone: str | None = None) -> Any:
    return (card or None, phone, None, points, starts, expires)


def bought(card: str | None, kopecks: int, since: str | None = None, until: str | None = None, **who: str) -> Any:
    return (card, who.get("phone"), who.get("member"), kopecks, since, until)


def linked(card: str, other: str | None = None, status: str = "active", **who: str) -> Any:
    return (card, other, who.get("phone"), who.get("member"), status)


FILES: Final[dict[str, File]] = {
    "lots_of_1c": File(
        "lots",
        "Остатки бонусов по срокам;;;\r\nНа 02.03.2026;;;\r\n;;;\r\nКарта №;Начислено;Дата начисления;Сгорают\r\n"
        f"{A1};1 500,00;01.02.2026 0:00:00;31.12.2026 23:59:59\r\n{A1};100;15.02.2026 0:00:00;31.01.2027 23:59:59\r\n"
        f"{A2};7,00;;31.12.2026 23:59:59\r\nИтого:;1 607,00;;\r\n".encode("cp1251"),
        (
            lot(A1, 1500, "2026-02-01", "2026-12-31"),
            lot(A1, 100, "2026-02-15", "2027-01-31"),
            lot(A2, 7, None, "2026-12-31"),
        ),
        read="what stands above line 4 left out; line 8 left out: a total",
    ),
    "lots_that_never_end_in_many_ways": File(
        "lots",
        f"card,points,until\n{A1},1,never\n{A1},2,бессрочно\n{A1},3,31.12.2999\n{A1},4,9999-12-31\n{A2},5,\n".encode(),
        (*(lot(A1, points, None, "never") for points in (1, 2, 3, 4)), lot(A2, 5)),
    ),
    "lots_by_phone_with_what_is_over": File(
        "lots",
        f"Телефон\tБаллы\tДействуют до\n8 916 123-45-67\t15\t01.03.2026\n{P1}\t16\t02.03.2026\n{P2}\t1,5\t2027-01-31\n"
        "\t5\t2027-01-31\n".encode("utf-16"),
        (lot("", 16, None, "2026-03-02", P1),),
        (
            "line 2: until '01.03.2026' is over",
            "line 4: points '1,5' must be a whole number",
            "line 5: neither card nor phone nor member is said",
        ),
    ),
    "lots_with_days_that_may_be_others": File(
        "lots",
        f"card;points;from;until\n{A1};1;03/04/2026;31.12.2026\n{A1};2;31.12.2026;01.12.2026\n{A1};3;46000;never\n".encode(),
        (),
        (
            "line 2: from '03/04/2026' is not a day; write it like 2026-05-17",
            "line 3: until 2026-12-01 lies before 2026-12-31",
            "line 4: from '46000' is not a day",
        ),
    ),
    "lots_without_points": File(
        "lots", f"Карта;Срок\n{A1};31.12.2026\n".encode(), refused="line 1: missing column 'points'"
    ),
    "turnover_of_a_till_program": File(
        "turnover",
        codecs.BOM_UTF8
        + f"Номер карты;Владелец;Сумма покупок, руб.\r\n{A1};Иванова А.;150 000,00 ₽\r\n{A2};Петров Б.;0,00\r\n"
        f"{A3};Ли Д.;1.234,50\r\nВсего;;151 234,50\r\n".encode(),
        (bought(A1, 15_000_000), bought(A2, 0), bought(A3, 123_450)),
        read="left out: «Владелец»",
    ),
    "turnover_with_days": File(
        "turnover",
        f"card,rubles,from,until\n{A1},1500.00,2025-01-01,2025-12-31\n{A1},99.9,2026-01-01,2026-03-02\n"
        f"{A2},1,2026-01-01,2026-03-03\n{A2},2,02.03.2026,01.03.2026\n{A2},3,2026-03-03,\n".encode(),
        (bought(A1, 150_000, "2025-01-01", "2025-12-31"), bought(A1, 9_990, "2026-01-01", "2026-03-02")),
        (
            "line 4: until 2026-03-03 has not come yet",
            "line 5: until 2026-03-01 lies before 2026-03-02",
            "line 6: from 2026-03-03 has not come yet",
        ),
    ),
    "turnover_that_is_no_sum": File(
        "turnover",
        f"Карта;Оборот\n{A1};1,500\n{A1};-5\n{A1};1,5E+06\n{A1};12,345678\n{A1};много\n".encode("cp1251"),
        (),
        (
            "line 2: rubles '1,500' has three digits behind a comma",
            "line 3: rubles '-5' is no sum",
            "line 4: rubles '1,5E+06': a spreadsheet shows it so",
            "line 5: rubles '12,345678' is no sum",
            "line 6: rubles 'много' is no sum",
        ),
    ),
    "cards_of_a_family": File(
        "cards",
        f"Основная карта;Доп. карта;Статус\r\n{A1};{A2};Активна\r\n{A1};{A3};УТЕРЯНА\r\n".encode("cp1251"),
        (linked(A2, A1), linked(A3, A1, "blocked")),
        read="«Доп. карта» is card",
    ),
    "cards_damaged_by_excel": File(
        "cards",
        f"Телефон;Карта;Состояние\r\n8 916 123-45-67;2,6E+12;\r\n8 916 123-45-67;2600000000018;\r\n"
        f"8 916 123-45-67;{A2};списана\r\n8 916 123-45-67;{A3}.0;виртуальная\r\n8 916 123-45-67;{A3};\r\n".encode(
            "cp1251"
        ),
        (linked(A3, phone=P1),),
        (
            "line 2: card '2,6E+12': a spreadsheet shows it so and the digits are gone",
            "line 3: card 2600000000018 has a wrong check digit",
            "line 4: status 'списана' is none of a card",
            f"line 6: card {A3} stands on line 5 too",
        ),
    ),
    "cards_of_nobody": File(
        "cards",
        f"Карта;Статус\n{A1};активна\n".encode(),
        refused="line 1: missing column 'other' or 'phone' or 'member'",
    ),
    "cards_by_id": File(
        "cards",
        f"member id,card number\nm1,{A1}\nm1,{A2}\n,{A3}\n".encode(),
        (linked(A1, member="m1"), linked(A2, member="m1")),
        ("line 4: neither card",),
    ),
}
