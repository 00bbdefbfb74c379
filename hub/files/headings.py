"""Which column of a file is which: by our names, by what people call them, by what they said (`--map`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.files.dialect import BadFile
from hub.files.table import cleaned
from loyalty.spellings import folded

COLUMNS: Final = (
    *("programme", "card", "phone", "points", "registered", "birthday", "favourites", "member"),
    *("name", "full_name", "family", "patronymic"),
)

# what programs that shops have call them (1С, spreadsheets, other loyalty systems); the case, ё, blanks, dots apart
CALLED: Final = {
    "programme": ("program", "loyalty program", "loyalty programme", "программа", "программа лояльности"),
    "card": (
        *("card number", "card no", "card code", "loyalty card", "discount card", "bonus card"),
        *("карта", "номер карты", "№ карты", "карта №", "код карты", "штрихкод карты", "штрих-код карты"),
        *("бонусная карта", "номер бонусной карты", "дисконтная карта", "номер дисконтной карты", "№ бонусной карты"),
        *("карта лояльности", "номер карты лояльности", "карта клиента", "карта покупателя", "информационная карта"),
    ),
    "phone": (
        *("phone number", "telephone", "mobile", "mobile phone", "cell phone", "tel"),
        *("телефон", "номер телефона", "тел", "моб", "моб тел", "моб телефон", "мобильный", "мобильный телефон"),
        *("сотовый", "сотовый телефон", "контактный телефон", "телефон клиента", "№ телефона"),
    ),
    "points": (
        *("balance", "bonus", "bonuses", "bonus balance", "points balance"),
        *("баллы", "бонусы", "баланс", "остаток", "бонус", "сумма баллов", "сумма бонусов", "количество баллов"),
        *("остаток баллов", "остаток бонусов", "баланс баллов", "баланс бонусов", "бонусный баланс", "накоплено"),
        *("накоплено баллов", "накоплено бонусов", "текущий баланс", "кол-во баллов"),
    ),
    "registered": (
        *("is registered", "registration"),
        *("зарегистрирован", "зарегистрирована", "регистрация", "анкета", "анкета заполнена", "есть анкета"),
    ),
    "birthday": (
        *("birth date", "birthdate", "date of birth", "dob"),
        *("дата рождения", "день рождения", "др", "д р", "дата рожд", "родился"),
    ),
    "favourites": (
        *("favorites", "favourite categories", "favorite categories"),
        *("любимые категории", "любимые продукты", "избранное", "избранные категории"),
    ),
    "name": ("имя", "имя клиента", "имя покупателя", "given name", "first name", "customer name", "client name"),
    "full_name": (
        *("фио", "ф и о", "фамилия имя", "фамилия имя отчество", "фио клиента", "фио покупателя", "фио владельца"),
        *("владелец", "владелец карты", "держатель карты"),
    ),
    "family": ("фамилия", "фамилия клиента", "family name", "last name", "surname"),
    "patronymic": ("отчество", "отчество клиента", "middle name"),
    "member": ("member id", "customer id", "client id", "участник", "id участника", "id клиента", "ид клиента"),
}
NOISE: Final = re.compile(r"[.:;,*\"'«»()№#]+")


def key_of(heading: str) -> str:
    """One spelling of a heading: «Моб. телефон» and «МОБ ТЕЛЕФОН» are the same."""
    return folded(NOISE.sub(" ", cleaned(heading)))


COLUMN_CALLED: Final[Mapping[str, str]] = {
    key_of(name): column for column in COLUMNS for name in (column, *CALLED[column])
}


@dataclass(frozen=True, slots=True)
class Columns:
    """`at`: where in a record each column stands; `names`: as the file calls them; `left_out`: what nobody knows."""

    at: Mapping[str, int]
    names: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    width: int = 0  # behind it no cell has a heading
    said: Mapping[str, str] = field(default_factory=dict)  # by people, by the headings' spelling: column, "" for none

    def __str__(self) -> str:
        told = ", ".join(
            f"«{name}» is {column}" if key_of(name) != column else column for column, name in self.names.items()
        )
        return told + (f"; left out: {', '.join(f'«{name}»' for name in self.left_out)}" if self.left_out else "")


def known(cells: Sequence[str], said: Mapping[str, str]) -> int:
    """How many columns these cells name."""
    return len({column for cell in cells if (column := _column(cell, said))})


def names_card(cells: Sequence[str], said: Mapping[str, str]) -> bool:
    return any(_column(cell, said) == "card" for cell in cells)


def _column(heading: str, said: Mapping[str, str]) -> str:
    key = key_of(heading)
    return said[key] if key in said else COLUMN_CALLED.get(key, "")


def fitted(line: int, headings: Sequence[str], said: Mapping[str, str], *, needs_programme: bool) -> Columns:
    """Which is which. Raises BadFile."""
    names = [cleaned(heading) for heading in headings]
    columns = [_column(name, said) for name in names]
    at: dict[str, int] = {column: columns.index(column) for column in COLUMNS if column in columns}
    wrong = [
        f"{' and '.join(f'«{name}»' for name, one in zip(names, columns, strict=True) if one == column)}"
        f" are both {column}: say which with --map"
        for column in at
        if columns.count(column) > 1
    ]
    absent = [key for key in said if key not in map(key_of, names)]
    wrong += [f"no column is called «{key}», which --map says" for key in absent]
    wanted = ("programme", "card") if needs_programme else ("card",)
    missing = [f"missing column '{column}'" for column in wanted if column not in at]
    if wrong or missing:
        raise BadFile(f"line {line}: {', '.join([*wrong, *missing])}{_help(names, missing)}")
    left_out = tuple(name for name, column in zip(names, columns, strict=True) if name and not column)
    width = max(number for number, name in enumerate(names, start=1) if name)
    return Columns(at, {column: names[at[column]] for column in at}, left_out, width, dict(said))


def _help(names: Sequence[str], missing: Sequence[str]) -> str:
    if not missing:
        return ""
    there = ", ".join(f"«{name}»" for name in names if name) or "none"
    example = next((name for name in names if name and key_of(name) not in COLUMN_CALLED), "Код")
    helps = [f'--map "{example}=card" says which it is'] if "missing column 'card'" in missing else []
    helps += ["--programme alenka is for a file of one"] if "missing column 'programme'" in missing else []
    return f". The file's columns: {there}. {'; '.join(helps)}"


def said_from(words: Sequence[str]) -> dict[str, str]:
    """What `--map "Heading=column"` says, by the headings' spelling. Raises BadFile."""
    said: dict[str, str] = {}
    for one in words:
        heading, sign, column = one.rpartition("=")
        column = column.strip().lower()
        if not sign or not key_of(heading) or column not in (*COLUMNS, ""):
            raise BadFile(f'--map {one!r}: write "what the file calls it=column"; columns: {", ".join(COLUMNS)}')
        said[key_of(heading)] = column
    return said
