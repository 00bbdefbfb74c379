"""What stands on the desk's page. Each: Russian, English; `{name}` is filled by the page's script. Each flow has its
words in a file of its own beside this one, joined in FLOW_WORDS."""

from __future__ import annotations

from pos_agent.page.day_page_words import DAY_PAGE_WORDS
from pos_agent.page.desk_cards_words import DESK_CARDS_WORDS
from pos_agent.page.desk_certificates_words import DESK_CERTIFICATES_WORDS
from pos_agent.page.desk_members_words import DESK_MEMBERS_WORDS
from pos_agent.page.desk_office_words import DESK_OFFICE_WORDS
from pos_agent.page.desk_receipt_words import DESK_RECEIPT_WORDS

DESK_PAGE_WORDS: dict[str, tuple[str, str]] = {
    "desk_title": ("Стол управляющего", "The manager's desk"),
    "desk_menu": ("Что сделать?", "What is to be done?"),
    "desk_entry": ("Скан", "Scan"),
    "desk_sign_in": ("Кто вы?", "Who are you?"),
    "desk_sign_in_how": (
        "Выберите себя цифрой и наберите ПИН-код, или отсканируйте бейдж.",
        "Choose yourself by digit and type your PIN, or scan your badge.",
    ),
    "desk_wanted": ("Часть имени", "Part of the name"),
    "desk_pin_how": ("Наберите ПИН-код.", "Type the PIN."),
    "desk_who_how": ("Сначала выберите себя.", "Choose yourself first."),
    "desk_enter": ("Войти", "Sign in"),
    "desk_sign_out": ("Выйти", "Sign out"),
    "desk_leaving": ("Выйти?", "Sign out?"),
    "desk_leaving_how": (
        "Чек остаётся на кассе: его закончит тот, кто войдёт.",
        "The receipt stays at the till for whoever signs in next.",
    ),
    "desk_to_till": ("К кассе", "To the till"),
    "desk_back": ("Назад", "Back"),
    "desk_until": ("до {time}", "until {time}"),
    "desk_no_staff": (
        "Офис ещё не прислал список сотрудников: входить не нужно, доступно то, что касса делала и раньше.",
        "The office has sent no list of staff: nobody signs in, and what the till did before can be done.",
    ),
    "desk_no_staff_short": ("нужен список сотрудников от офиса", "needs the office's list of staff"),
    "desk_not_allowed": ("вам этого нельзя", "you may not"),
    "desk_scan_nothing": ("Здесь этот код не нужен.", "This code is not needed here."),
}
FLOW_WORDS: dict[str, tuple[str, str]] = {
    **DESK_CARDS_WORDS,
    **DESK_CERTIFICATES_WORDS,
    **DESK_MEMBERS_WORDS,
    **DESK_OFFICE_WORDS,
    **DESK_RECEIPT_WORDS,
    **DAY_PAGE_WORDS,
}
