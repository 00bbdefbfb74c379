"""The office's desk in Russian and English: what all pages share. A page's own words stand with the page."""

from __future__ import annotations

from typing import Final

from hub.office.visit import Words

SHARED: Final[Words] = {
    "desk": ("Стол офиса", "Office desk"),
    "menu": ("Разделы", "Sections"),
    "skip": ("К содержимому", "To the content"),
    "sign_in": ("Вход", "Sign in"),
    "sign_in_do": ("Войти", "Sign in"),
    "sign_out": ("Выйти", "Sign out"),
    "name": ("Имя", "Name"),
    "pin": ("ПИН-код", "PIN"),
    "wrong": ("Имя или ПИН-код не подошли.", "That name and PIN do not fit."),
    "wait": ("Слишком много неверных попыток. Подождите {wait_s} с.", "Too many wrong tries. Wait {wait_s} s."),
    "over": ("Сеанс закончился. Войдите снова.", "The session is over. Sign in again."),
    "role_cashier": ("кассир", "cashier"),
    "role_manager": ("управляющий", "manager"),
    "role_office": ("офис", "office"),
    "role_auditor": ("ревизор", "auditor"),
    "other_language": ("English", "Русский"),
    "refused": ("Не сделано", "Not done"),
    "back": ("Назад", "Back"),
    "not_found": ("Такой страницы нет", "There is no such page"),
    "not_found_text": (
        "По этому адресу ничего нет. Выберите раздел в меню.",
        "Nothing is at this address. Choose a section of the menu.",
    ),
    "not_allowed": (
        "У вашей роли нет такого права. Сделает тот, у кого оно есть.",
        "Your role may not do this. Somebody whose role may can.",
    ),
    "not_understood": ("Запрос не понят: {why}", "The request was not understood: {why}"),
    "too_large": ("Слишком длинный запрос.", "The request is too long."),
    "ledger_off": (
        "Книга баллов сейчас недоступна. Ничего не записано; повторите позже.",
        "The ledger cannot be used now. Nothing was written; try again later.",
    ),
    "nothing": ("Ничего нет.", "There is none."),
    "because": ("Причина", "Reason"),
    "points": ("баллы", "points"),
    "all": ("все", "all"),
    "find": ("Найти", "Find"),
    "show": ("Показать", "Show"),
    "done_before": ("Уже сделано раньше: {words}", "Done before: {words}"),
}
