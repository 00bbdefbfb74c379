"""What the till says of a code that a member's phone shows: the long words and the short ones."""

from __future__ import annotations

from typing import Final

PHONE_CODE_WORDS: dict[str, tuple[str, str]] = {
    "member_found_by_phone_code": (
        "Карта {card}, телефон участника подтверждён: на счёте {balance}.",
        "Card {card}, the member's phone is confirmed: {balance} on the account.",
    ),
    "phone_code_old": (
        "Код с телефона старый, возможно снимок: карта узнана, но большое списание он не подтверждает. "
        "Попросите открыть карту в телефоне.",
        "The phone's code is old, a picture perhaps: it tells the card, and confirms no larger redemption. "
        "Ask for the card to be opened on the phone.",
    ),
    "phone_code_early": (
        "Часы телефона спешат: карта узнана, но большое списание код не подтверждает. "
        "Пусть телефон выйдет в сеть и откроет карту заново.",
        "The phone's clock is ahead: the code tells the card, and confirms no larger redemption. "
        "Let the phone go online and open the card again.",
    ),
    "phone_code_clock_unknown": (
        "Касса больше суток не сверяла часы с хабом: карта узнана, но большое списание код не подтверждает.",
        "The till's clock was not set by the hub for a day: the code tells the card, and confirms no larger "
        "redemption.",
    ),
    "phone_code_certificate_over": (
        "Срок кода в телефоне вышел: карта узнана, но большое списание он не подтверждает. "
        "Пусть телефон выйдет в сеть и откроет карту заново.",
        "The phone's certificate is over: the code tells the card, and confirms no larger redemption. "
        "Let the phone go online and open the card again.",
    ),
    "phone_code_unknown_key": (
        "Код с телефона не проверить: касса не знает его ключа. Карта узнана, большое списание он не подтверждает.",
        "The phone's code cannot be checked: the till has no such key. It tells the card, and confirms no larger "
        "redemption.",
    ),
    "phone_code_revoked": (
        "Этот телефон отключён от карты: карта узнана, но большое списание код не подтверждает.",
        "This phone was taken off the card: the code tells the card, and confirms no larger redemption.",
    ),
    "phone_code_used": (
        "Этот код здесь уже показывали: карта узнана, но большое списание он не подтверждает. "
        "Через полминуты в телефоне будет новый.",
        "This code was shown here before: it tells the card, and confirms no larger redemption. "
        "In half a minute the phone shows another.",
    ),
    "phone_code_malformed": (
        "Код с телефона не разобрать. Попросите считать ещё раз или показать номер карты.",
        "The phone's code cannot be read. Scan it again, or ask for the card's number.",
    ),
    "phone_code_forged": (
        "Код с телефона поддельный или испорчен: подпись не сходится. Попросите номер карты.",
        "The phone's code is forged or damaged: its signature is wrong. Ask for the card's number.",
    ),
    "card_link_made": (
        "Карта {card}: пусть покупатель наведёт на QR камеру телефона. Ссылка на час и на один телефон.",
        "Card {card}: let the customer point his phone's camera at the QR. It is good for an hour and one phone.",
    ),
    "card_link_sent": (
        "Карта {card}: ссылка отправлена на {to}. Она на час и на один телефон.",
        "Card {card}: a link goes to {to}. It is good for an hour and one phone.",
    ),
    "card_page_missing": (
        "Карты в телефоне офис не включил: страницы для них нет.",
        "The office serves no page for cards on phones.",
    ),
    "card_phones_full": (
        "Карта уже в пяти телефонах. Лишний отключит офис.",
        "Five phones show this card already. The office takes one off.",
    ),
    "card_links_full": (
        "Ссылки на эту карту уже ждут телефона. Откройте одну из них или подождите час.",
        "Links of this card wait for a phone already. Open one of them, or wait an hour.",
    ),
    "card_no_room": (
        "Такой номер карты в телефон не помещается.",
        "A phone's code has no room for such a card's number.",
    ),
}
PHONE_CODE_SHORT: dict[str, tuple[str, str]] = {
    "member_found_by_phone_code": (
        "Карта {card}, телефон свой\nНа счёте {balance}",
        "Card {card}, phone is his\nBalance {balance}",
    ),
    "phone_code_old": ("Код старый, это снимок?\nОткройте карту в телефоне", "An old code, a picture?\nOpen the card"),
    "phone_code_early": ("Часы телефона спешат\nОткройте карту при связи", "The phone's clock is ahead\nGo online"),
    "phone_code_clock_unknown": ("Часы кассы не сверены\nКод не подтверждает", "The till's clock is not set\nNo proof"),
    "phone_code_certificate_over": ("Срок кода вышел\nОткройте карту при связи", "The code's term is over\nGo online"),
    "phone_code_unknown_key": ("Ключ кода неизвестен\nКод не подтверждает", "The code's key is unknown\nNo proof"),
    "phone_code_revoked": ("Телефон отключён от карты\nКод не подтверждает", "The phone was taken off\nNo proof"),
    "phone_code_used": ("Код уже показывали\nЧерез полминуты новый", "The code was shown before\nAnother in 30 s"),
    "phone_code_malformed": ("Код не разобрать\nСчитайте ещё раз", "The code cannot be read\nScan it again"),
    "phone_code_forged": ("Код поддельный\nПопросите номер карты", "The code is forged\nAsk for the card"),
    "card_link_made": ("Покажите QR покупателю\nЕго камера откроет карту", "Show the customer the QR\nfor his camera"),
    "card_link_sent": ("Ссылка на карту ушла\n{to}", "The link to the card\ngoes to {to}"),
    "card_page_missing": ("Карты в телефоне\nофис не включил", "The office has no\ncards on phones"),
    "card_phones_full": ("Карта уже\nв пяти телефонах", "Five phones\nshow the card"),
    "card_links_full": ("Ссылки уже ждут\nОткройте одну", "Links wait already\nOpen one of them"),
    "card_no_room": ("Номер не помещается\nв код телефона", "No room in a code\nfor this number"),
}
# of the hub's desk
PHONE_CODE_REFUSALS: Final = frozenset(("card_page_missing", "card_phones_full", "card_links_full", "card_no_room"))
