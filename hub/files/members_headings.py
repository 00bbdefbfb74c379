"""The columns of a table of members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hub.files.dialect import BadFile
from hub.files.headings import Columns, Headings, shown_headings
from hub.files.table import cleaned

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
    "member": ("member id", "customer id", "client id", "участник", "id участника", "id клиента", "ид клиента"),
    "name": ("имя", "имя клиента", "имя покупателя", "given name", "first name", "customer name", "client name"),
    "full_name": (
        *("фио", "ф и о", "фамилия имя", "фамилия имя отчество", "фио клиента", "фио покупателя", "фио владельца"),
        *("владелец", "владелец карты", "держатель карты"),
    ),
    "family": ("фамилия", "фамилия клиента", "family name", "last name", "surname"),
    "patronymic": ("отчество", "отчество клиента", "middle name"),
    "email": (
        *("e mail", "mail", "email address", "e mail address"),
        *("почта", "эл почта", "электронная почта", "адрес электронной почты", "e mail клиента", "email клиента"),
    ),
    "expires": (
        *("expires at", "expiry", "expiry date", "valid until", "points expire"),
        *("сгорают", "сгорание", "дата сгорания", "баллы сгорают", "бонусы сгорают", "сгорание баллов"),
        *("срок действия баллов", "срок действия бонусов", "действуют до"),
    ),
}
MEMBERS: Final = Headings(CALLED, lambda columns: "card" in columns)


def fitted(line: int, cells: Sequence[str], said: Mapping[str, str], *, needs_programme: bool) -> Columns:
    """Which is which. Raises BadFile."""
    columns, wrong = MEMBERS.fitted(cells, said)
    wanted = ("programme", "card") if needs_programme else ("card",)
    missing = [f"missing column '{column}'" for column in wanted if column not in columns.at]
    if wrong or missing:
        raise BadFile(f"line {line}: {', '.join([*wrong, *missing])}{_help(cells, missing)}")
    return columns


def _help(cells: Sequence[str], missing: Sequence[str]) -> str:
    if not missing:
        return ""
    names = [name for name in map(cleaned, cells) if name]
    example = next((name for name in names if not MEMBERS.column(name, {})), "Код")
    helps = [f'--map "{example}=card" says which it is'] if "missing column 'card'" in missing else []
    helps += ["--programme alenka is for a file of one"] if "missing column 'programme'" in missing else []
    return f". The file's columns: {shown_headings(cells)}. {'; '.join(helps)}"
