"""What the page of a member's card says, in Russian and English; the page itself chooses, also without a network."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Карта", "Card"),
    "other_language": ("English", "Русский"),
    "rotating": ("Списать", "Spend"),
    "static": ("Номер", "Number"),
    "rotating_help": (
        "Покажите на кассе. Код меняется каждые полминуты: снимок экрана не подойдёт.",
        "Show it at the till. The code changes every half minute: a screenshot will not do.",
    ),
    "static_help": (
        "Работает всегда: копит баллы и называет карту. Подойдёт и снимок экрана.",
        "Works always: it earns points and tells the card. A screenshot will do, too.",
    ),
    "over": (
        "Срок кода вышел. Откройте страницу при связи с интернетом, она обновит его сама. Номер карты работает.",
        "The code's term is over. Open the page with a connection, and it renews itself. The card's number works.",
    ),
    "no_key": (
        "Этот браузер не умеет хранить ключ, поэтому кода для списания нет. Номер карты работает.",
        "This browser cannot keep a key, so there is no code to spend with. The card's number works.",
    ),
    "gone": (
        "Этот телефон отключён от карты. Номер карты работает; новую ссылку дадут на кассе.",
        "This phone was taken off the card. The card's number works; the till gives a new link.",
    ),
    "no_link": (
        "Ссылка не подходит: ей больше часа, её уже открыли на другом телефоне, или она набрана не целиком. "
        "Попросите новую на кассе.",
        "The link will not do: it is older than an hour, was opened on another phone, or is not whole. "
        "Ask for a new one at the till.",
    ),
    "no_card": (
        "На этом телефоне карты ещё нет. Откройте ссылку, которую дали на кассе.",
        "There is no card on this phone yet. Open the link that you got at the till.",
    ),
    "no_network": (
        "Нет связи с интернетом: ссылку откройте ещё раз, когда она будет.",
        "There is no connection: open the link again when there is.",
    ),
    "until": ("Код действует до {day}", "The code is good until {day}"),
    "clock": (
        "Время на телефоне сверено с кассами {day}",
        "The phone's time was set by the tills' on {day}",
    ),
    "busy": ("Слишком часто. Попробуйте через минуту.", "Too often. Try again in a minute."),
    "scripts": (
        "Странице нужны скрипты: включите JavaScript.",
        "This page needs scripts: turn JavaScript on.",
    ),
}
