"""What the page of the profile says."""

from __future__ import annotations

from typing import Final

from web.language import Words

WORDS: Final[Words] = {
    "profile": ("Профиль", "Profile"),
    "profile_first": (
        "Настройки: проверьте, что о вас известно, и решите, о чём вам писать. Всё это можно изменить в любой день.",
        "Settings: see what is known of you, and say what you want to be written. All of it may be changed any day.",
    ),
    "profile_data": ("Личные данные", "Personal data"),
    "profile_name": ("Имя и фамилия", "Name and surname"),
    "profile_name_none": ("не указано", "not given"),
    "profile_name_done": ("Имя изменено.", "The name is changed."),
    "profile_birthday": ("День рождения", "Birthday"),
    "profile_birthday_add": (
        "День указывается один раз: к нему дарят {currency}. Ошибку исправит магазин.",
        "The day is given once: {currency} come with it. A shop mends a mistake.",
    ),
    "profile_birthday_fixed": (
        "Изменить день может магазин: возьмите документ.",
        "A shop can change the day: take a document along.",
    ),
    "profile_birthday_done": ("День рождения записан.", "The birthday is noted."),
    "profile_favourites": ("Любимые категории", "Favourite categories"),
    "profile_contacts": ("Контакты", "Contacts"),
    "profile_phone": ("Телефон", "Phone"),
    "profile_email": ("Эл. почта", "E-mail"),
    "profile_none": ("нет", "none"),
    "profile_change": ("Изменить", "Change"),
    "profile_add": ("Добавить", "Add"),
    "profile_notices": ("Уведомления", "Notifications"),
    "profile_notices_how": (
        "Реклама приходит, только если вы согласились. Отказаться можно в любой день.",
        "Advertising comes only if you agreed to it. You may end it any day.",
    ),
    "profile_view": ("Вид", "Look"),
    "profile_theme": ("Тема", "Theme"),
    "profile_theme_": ("как в телефоне", "as the phone has it"),
    "profile_theme_light": ("светлая", "light"),
    "profile_theme_dark": ("тёмная", "dark"),
    "profile_theme_done": ("Тема выбрана.", "The theme is chosen."),
    "profile_more": ("Ещё", "More"),
    "no_bad_name": (
        "Имя — одна строка, не длиннее 200 букв. Исправьте и сохраните ещё раз.",
        "A name is one line of at most 200 letters. Mend it and save it again.",
    ),
    "no_bad_birthday": (
        "Такой даты нет. Напишите день, месяц и год: 17.05.1990.",
        "There is no such day. Write the day, the month and the year: 17.05.1990.",
    ),
    "no_birthday_known": (
        "День рождения уже записан. Если в нём ошибка, придите с документом в магазин.",
        "The birthday is noted already. If it is wrong, take a document to a shop.",
    ),
}
