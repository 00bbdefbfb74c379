"""What stands on every page of the till: pairing, and that the till is gone. Each: Russian, English."""

from __future__ import annotations

PAGE_WORDS: dict[str, tuple[str, str]] = {
    "pair_title": ("Вход на страницу кассы", "Opening the till's page"),
    "pair_opening": ("Открываем…", "Opening…"),
    "pair_over": (
        "Ссылка уже использована или устарела. Возьмите новую.",
        "The link has been used, or is too old. Take a new one.",
    ),
    "pair_how": (
        "Эта страница открывается по одноразовой ссылке. Её выдаёт команда на компьютере кассы:",
        "This page opens with a one-time link, which this command on the till's machine gives:",
    ),
    "pair_settings": ("файл настроек кассы", "the till's settings file"),
    "pair_unsafe": (
        "Ссылку открывают на этом же компьютере. Для второго экрана — та же команда с --guest.",
        "Open it on the same machine. For a second display: the same command with --guest.",
    ),
    "gone": (
        "Программа лояльности не отвечает. Продавайте без баллов; чек внесёт старший.",
        "The loyalty program does not answer. Sell without points; the manager enters the receipt later.",
    ),
    "gone_keyed": (
        "Программа кассы не отвечает. Чек не потерян: страница продолжит сама. Долго? Позовите старшего.",
        "The till's program does not answer. The receipt is not lost: the page goes on by itself. Does it take long? "
        "Call the manager.",
    ),
    "connecting": ("Подключаемся…", "Connecting…"),
}
