"""What was not done, as an online shop's program reads it (RFC 9457), and in words for its people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sync.shop.quotes import LineRefused, Pair, ProblemTold

MEDIA_TYPE: Final = "application/problem+json"
PROBLEM_TYPE: Final = "urn:pos-hub:shop:"  # and the code
REFUSED: Final = 409
STATUS: Final[Mapping[str, int]] = {
    "bad_request": 400,
    "wrong_key": 401,
    "member_token": 401,
    "scope_missing": 403,
    "not_found": 404,
    "unknown_order": 404,
    "wrong_method": 405,
    "too_large": 413,
    "wrong_content_type": 415,
    "key_taken": 422,
    "too_many": 429,
    "fault": 500,
    "ledger_off": 503,
}
EVERY_CALL: Final = ("bad_request", "wrong_key", "scope_missing", "too_many", "ledger_off", "fault")
TITLES: Final[Mapping[int, str]] = {
    400: "Not a request of this face",
    401: "Nobody is known by this",
    403: "The key may not do this",
    404: "Nothing is here",
    405: "Not this way",
    409: "Not done",
    413: "Too long",
    415: "Not JSON",
    422: "Another request had this key",
    429: "Too often",
    500: "A fault of the hub",
    503: "Not now",
}
WORDS: Final[Mapping[str, Pair]] = {
    "bad_request": ("Запрос не разобран: смотрите detail.", "The request is not understood: see detail."),
    "wrong_key": (
        "Ключ магазина неизвестен или отозван. Новый ключ: pos-hub shop key.",
        "The shop's key is unknown or revoked. Make one: pos-hub shop key.",
    ),
    "member_token": (
        "Связь с личным кабинетом закончилась. Пусть покупатель войдёт через личный кабинет ещё раз.",
        "The link with the account has ended. Let the customer sign in through the account again.",
    ),
    "scope_missing": (
        "У ключа нет права {scope}. Сделайте ключ с этим правом.",
        "The key has no scope {scope}. Make one that has it.",
    ),
    "not_found": ("Такого адреса нет. Адреса: /shop/v1/openapi.json.", "No such address. See /shop/v1/openapi.json."),
    "unknown_order": (
        "У магазина нет заказа с таким номером. Проверьте номер.",
        "The shop has no order of this number. Check the number.",
    ),
    "wrong_method": ("Этот адрес вызывают иначе.", "This address is called in another way."),
    "too_large": ("Запрос слишком длинный.", "The request is too long."),
    "wrong_content_type": ("Нужен application/json.", "Send application/json."),
    "key_taken": (
        "С этим Idempotency-Key уже был другой запрос. Возьмите новый ключ.",
        "Another request had this Idempotency-Key. Take a new one.",
    ),
    "key_missing": (
        "Нужен заголовок Idempotency-Key: от 1 до 60 знаков без пробелов.",
        "Send the header Idempotency-Key: 1 to 60 letters without spaces.",
    ),
    "too_many": ("Слишком много запросов. Повторите позже.", "Too many requests. Try again later."),
    "fault": ("Ошибка на сервере. Повторите с тем же ключом.", "A fault of the hub. Try again with the same key."),
    "ledger_off": (
        "Сервер баллов сейчас не отвечает. Повторите с тем же ключом.",
        "The hub has no ledger just now. Try again with the same key.",
    ),
    "may_not_be_sold_online": (
        "Эти товары нельзя продавать через интернет: уберите их из заказа.",
        "These goods may not be sold online: take them out of the order.",
    ),
    "other_price": (
        "Цена товара другая. Обновите каталог и посчитайте корзину заново.",
        "The price of the goods is another. Read the catalogue again and quote the basket anew.",
    ),
    "no_price": ("У товара сегодня нет цены: уберите его из заказа.", "The goods have no price today: take them out."),
    "bad_basket": ("Корзина составлена неверно: смотрите detail.", "The basket cannot be: see detail."),
    "coupon_bad": (
        "Купон не принимается: уберите его и посчитайте корзину заново.",
        "The coupon is not taken: take it out and quote the basket anew.",
    ),
    "coupon_taken": (
        "Купон уже использован или лежит в другом заказе. Посчитайте корзину без него.",
        "The coupon is used, or in another order. Quote the basket without it.",
    ),
    "certificate_bad": (
        "Сертификат не принимается: уберите его и посчитайте корзину заново.",
        "The certificate is not taken: take it out and quote the basket anew.",
    ),
    "certificate_taken": (
        "На сертификате уже нет столько денег: посчитайте корзину заново.",
        "So much is not on the certificate any more: quote the basket anew.",
    ),
    "unknown_quote": (
        "Такого расчёта нет или его время вышло. Посчитайте корзину заново.",
        "There is no such quote, or its time is over. Quote the basket anew.",
    ),
    "quote_of_another": (
        "Расчёт сделан для другого покупателя. Посчитайте корзину заново.",
        "The quote is of another customer. Quote the basket anew.",
    ),
    "quote_used": (
        "По этому расчёту уже есть заказ. Посчитайте корзину заново.",
        "An order has this quote already. Quote the basket anew.",
    ),
    "points_gone": (
        "Столько баллов уже нет: часть потрачена или лежит в другом заказе. Посчитайте корзину заново.",
        "So many points are not there any more: some are spent or held. Quote the basket anew.",
    ),
    "card_changed": (
        "Карта покупателя теперь другая или заблокирована. Посчитайте корзину заново.",
        "The customer's card is another now, or blocked. Quote the basket anew.",
    ),
    "number_taken": (
        "Заказ с этим номером уже есть. Возьмите другой номер.",
        "There is an order of this number already. Take another number.",
    ),
    "wrong_sum": (
        "Заказ стоит другую сумму: смотрите to_pay_kopecks заказа.",
        "The order costs another sum: see its to_pay_kopecks.",
    ),
    "not_now": (
        "С заказом этого уже нельзя сделать: посмотрите его состояние.",
        "This cannot be done with the order any more: look at its state.",
    ),
    "delivered": (
        "Заказ уже отдан: оформите возврат товара.",
        "The order is delivered: return the goods instead.",
    ),
    "not_so_much": (
        "Столько этого товара в заказе уже не осталось: часть вернули раньше.",
        "So much of it is not left of the order: part of it came back before.",
    ),
    "link_unknown": (
        "Такого кода не было. Отправьте покупателя в личный кабинет ещё раз.",
        "There was no such code. Send the customer to his account again.",
    ),
    "link_over": (
        "Код действует минуту. Отправьте покупателя в личный кабинет ещё раз.",
        "The code is good for a minute. Send the customer to his account again.",
    ),
    "link_used": (
        "Код уже обменян. Отправьте покупателя в личный кабинет ещё раз.",
        "The code was used. Send the customer to his account again.",
    ),
    "member_gone": ("Покупателя больше нет в программе.", "The customer is no member any more."),
    "other": ("Не сделано: смотрите code и detail.", "Not done: see code and detail."),
}


def problem_of(code: str, detail: str = "", *, lines: tuple[LineRefused, ...] = (), scope: str = "") -> ProblemTold:
    status = STATUS.get(code, REFUSED)
    russian, english = WORDS.get(code, WORDS["other"])
    return ProblemTold(
        type=PROBLEM_TYPE + code,
        title=TITLES[status],
        status=status,
        code=code,
        text=(russian.format(scope=scope), english.format(scope=scope)),
        detail=detail[:500],
        lines=lines,
        scope=scope,
    )
