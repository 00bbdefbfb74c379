"""What a program does about an answer, by its code or its status; for whoever writes one, not for the cashier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loyalty.programme import Language

Pair = tuple[str, str]  # Russian and English

# what a program does, by status: whose turn it is
_BY_STATUS: Final[Mapping[int, Pair]] = {
    200: ("Сделано: покажите text.", "Done: show the text."),
    400: (
        "Ошибка в вашей программе: text называет поле, field — оно само. Повторять без исправления нечего.",
        "A mistake in your program: the text names it, field is the field. Nothing to repeat before it is mended.",
    ),
    401: ("Прочитайте токен заново и повторите.", "Read the token anew, then repeat."),
    403: (
        "Нужен другой человек (управляющий) или другой адрес страницы.",
        "It takes another person (a manager), or another origin of the page.",
    ),
    404: (
        "Покажите text: того, что названо, здесь нет. Чек открыт, продажа идёт дальше.",
        "Show the text: what was named is not here. The receipt stays open, the sale goes on.",
    ),
    409: (
        "Покажите text: сейчас так нельзя, ничего не изменилось. Решает кассир.",
        "Show the text: not at this moment, nothing was changed. The cashier decides.",
    ),
    405: ("Исправьте метод в программе.", "Mend the method in your program."),
    408: ("Пришлите ещё раз, быстрее.", "Send it again, faster."),
    413: ("Пришлите меньше.", "Send less."),
    415: ("Исправьте заголовок в программе.", "Mend the header in your program."),
    421: ("Обращайтесь к 127.0.0.1.", "Call 127.0.0.1."),
    422: (
        "Покажите text: написанное не годится. Исправьте и пришлите снова.",
        "Show the text: what was written will not do. Correct it and send it again.",
    ),
    429: ("Подождите и повторите.", "Wait, then repeat."),
    431: ("Пришлите меньше заголовков.", "Send fewer headers."),
    500: (
        "Повторите один раз. Если снова так, продавайте без баллов.",
        "Repeat once. If it comes again, sell without points.",
    ),
    503: (
        "Повторите то же самое с тем же номером через секунду; если опять так, продавайте без баллов.",
        "Repeat the same under the same number in a second; if it comes again, sell without points.",
    ),
}
_NEW_SUM: Final = (
    "Сумма стала другой: она в told. Покажите её покупателю и пришлите prepare ещё раз.",
    "The sum is another now: it is in told. Tell it to the customer, and send prepare again.",
)
_NO_HUB_YET: Final = (
    "Покажите text: эта касса ещё не видела хаба. Продавайте без баллов.",
    "Show the text: this till has not seen its hub yet. Sell without points.",
)
_NOTHING_TO_DO: Final = (
    "Ничего: это уже записано, told — из записи.",
    "Nothing: it is recorded already, told is the record.",
)
_BY_CODE: Final[Mapping[str, Pair]] = {
    "recorded": ("Печатайте чек по told; продажа окончена.", "Print the receipt from told; the sale is over."),
    "no_member": ("Печатайте чек по told; баллов нет.", "Print the receipt from told; there are no points."),
    "recorded_before": _NOTHING_TO_DO,
    "return_recorded_before": _NOTHING_TO_DO,
    "prepared": ("Берите деньги: told.to_pay.", "Take the money: told.to_pay."),
    "basket_bounds_wish": (
        "Баллов спишется меньше, чем просили: скажите покупателю.",
        "Fewer points than asked for are spent: tell the customer.",
    ),
    "card_for_next": (
        "Ничего: карта следующего покупателя подождёт его чека.",
        "Nothing: the next customer's card waits for his receipt.",
    ),
    "return_prepared": (
        "Отдайте деньги по returned.tenders, затем пришлите return с quote, sale и paid.",
        "Give the money back by returned.tenders, then send return with quote, sale and paid.",
    ),
    "sale_number_taken": (
        "Возьмите другой номер, или пришлите another: true, если это другая продажа. Деньги ещё не брать.",
        "Take another number, or send another: true if it is another sale. Take no money yet.",
    ),
    "return_number_taken": (
        "Возьмите другой номер возврата, или пришлите another: true.",
        "Take another number for the return, or send another: true.",
    ),
    "quote_of_another": (
        "Пришлите pay с номером чека, которому сделан расчёт.",
        "Send pay with the number of the receipt that the quote was made for.",
    ),
    "return_quote_of_another": (
        "Пришлите return с quote и номером того возврата, которому сделан расчёт.",
        "Send return with quote and the number of the return that the quote was made for.",
    ),
    "unknown_quote": (
        "Пришлите тот же pay с said: строки и баллы, как они напечатаны.",
        "Send the same pay with said: lines and points as they were printed.",
    ),
    "unknown_return_quote": (
        "Пришлите return с of и lines заново; с quote всегда приходит paid: true.",
        "Send return with of and lines anew; with a quote there is always paid: true.",
    ),
    "disk_full": (
        "Пока на диске кассы нет места, не записать: продавайте без баллов.",
        "As long as the till's disk has no room nothing is recorded: sell without points.",
    ),
    "not_recorded": (
        "Чек не записан: продавайте без баллов, то же самое можно прислать позже под тем же номером.",
        "Not recorded: sell without points; the same may be sent later under the same number.",
    ),
    "page_not_read": (
        "Пришлите то же самое позже; продать можно и без карты.",
        "Send the same later; it can be sold without the card.",
    ),
    "no_such_sale": (
        "Назовите день чека, или пришлите код с него (of.code).",
        "Say the receipt's day, or send the code on it (of.code).",
    ),
    "no_cards_yet": _NO_HUB_YET,
    "no_phones_yet": _NO_HUB_YET,
    "not_ours": ("Отдайте код своей программе: это не наш.", "Give the code to your own program: it is none of ours."),
    "idempotency_key_reused": ("Возьмите новый ключ.", "Take a new key."),
    "bad_idempotency_key": ("Исправьте заголовок в программе.", "Mend the header in your program."),
    "not_found": ("Исправьте адрес в программе.", "Mend the address in your program."),
    "goods": ("Это товар: продавайте его сами.", "That is goods: sell it yourself."),
}


def help_of(code: str, status: int, language: Language) -> str:
    """What a program does that gets it."""
    pair = _BY_CODE.get(code)
    if code.startswith("changed_"):
        pair = _NEW_SUM
    if pair is None:
        pair = _BY_STATUS[status]
    return pair[0 if language == "ru" else 1]
