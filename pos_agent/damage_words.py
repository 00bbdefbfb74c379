"""A till's file that was damaged, or lacks what it had: the long words and the short ones."""

from __future__ import annotations

DAMAGE_WORDS: dict[str, tuple[str, str]] = {
    "damaged_begins_anew": (
        "Файл кассы повреждён: касса сейчас перезапустится с новым. Чеки целы, продавайте дальше.",
        "The till's file is damaged: the till begins anew with a new one. The receipts are safe, go on selling.",
    ),
    "page_not_read": (
        "Касса не прочитала свой файл: {why}. Продайте без этой карты, касса вернётся к ней сама.",
        "The till could not read its file: {why}. Sell without this card; the till comes back to it by itself.",
    ),
    "damaged_file": (
        "Файл кассы был повреждён {at}. Касса работает с новым, старый лежит как {file}. Спасено операций: {taken}, не "
        "прочитать: {unread}. Сообщите в офис.",
        "The till's file was damaged, {at}. The till works with a new one; the old one lies as {file}. Operations "
        "rescued: {taken}, not readable: {unread}. Tell the office.",
    ),
    "operations_lost": (
        "Пропали записанные операции: {count}, последняя от {at}. Ни на кассе, ни у хаба их нет. Сообщите в офис.",
        "Recorded operations are lost: {count}, the last of {at}. Neither the till nor the hub has them. Tell the "
        "office.",
    ),
}
DAMAGE_SHORT: dict[str, tuple[str, str]] = {
    "damaged_begins_anew": ("Файл кассы повреждён\nКасса перезапустится", "The till's file is damaged\nIt begins anew"),
    "page_not_read": ("Файл кассы не читается\nПродайте без этой карты", "The file cannot be read\nSell without it"),
    "damaged_file": ("Файл кассы был повреждён\nСообщите в офис", "The file was damaged\nTell the office"),
    "operations_lost": (
        "Пропали записанные операции\nСообщите в офис",
        "Recorded operations are lost\nTell the office",
    ),
}
