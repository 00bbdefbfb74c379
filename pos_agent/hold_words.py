"""What the till says of points that are reserved for a receipt before they are told: the long words and the short
ones."""

from __future__ import annotations

HOLD_WORDS: dict[str, tuple[str, str]] = {
    "reserving": ("Проверяем баллы.", "Points are being reserved."),
    "hub_silent": (
        "Хаб вовремя не ответил: этот чек идёт по правилам без связи.",
        "The hub did not answer in time: this receipt goes by the rules of without a connection.",
    ),
    "tills_silent": (
        "Не ответили кассы: {tills}. Этот чек идёт по правилам без связи.",
        "No answer from the tills {tills}: this receipt goes by the rules of without a connection.",
    ),
    "changed_held": (
        "Баллы этой карты сейчас списывают по другому чеку: теперь к оплате {to_pay}. Скажите покупателю.",
        "Points of this card are being spent on another receipt: now {to_pay} to pay. Tell the customer.",
    ),
    "hold_overtaken": (
        "Пока проверялись баллы, чек изменился: карта другая или чек закрыт. Повторите, если нужно.",
        "While points were being reserved the receipt changed: another card, or it is over. Repeat it if it is needed.",
    ),
    "hold_bounds": (
        "Для этого чека отложено {held}. Чтобы списать больше, спишите ещё раз.",
        "{held} are reserved for this receipt. To spend more, redeem again.",
    ),
    "held_besides": (
        "Баланс уточнится: {held} сейчас отложено для другого чека.",
        "The balance may change: {held} are reserved for another receipt now.",
    ),
    "not_now_reserving": (
        "У покупателя уже есть карта в этом чеке.",
        "This receipt has a card already.",
    ),
}
HOLD_SHORT: dict[str, tuple[str, str]] = {
    "changed_held": ("Баллы спишут по другому чеку\nТеперь к оплате {to_pay}", "Points held\nNow to pay {to_pay}"),
    "reserving": ("Проверяем баллы", "Reserving points"),
    "hub_silent": ("Хаб молчит: правила без связи", "Hub is silent: offline rules"),
    "tills_silent": ("Кассы молчат: правила без связи", "Tills are silent: offline rules"),
    "hold_overtaken": ("Чек изменился\nПовторите, если нужно", "The receipt changed\nRepeat if it is needed"),
    "hold_bounds": ("Чтобы больше, спишите ещё раз", "For more, redeem again"),
    "not_now_reserving": ("В этом чеке уже есть карта", "This receipt has a card already"),
    "redeem_held": (
        "Спишем {points}: другие заняты\nК оплате {to_pay}",
        "Only {points}: the rest is held\nTo pay {to_pay}",
    ),
    "redeem_newer": (
        "Спишем {points}: баланс меньше\nК оплате {to_pay}",
        "Only {points}: there is no more\nTo pay {to_pay}",
    ),
    "redeem_none": ("Ничего не списываем\nК оплате {to_pay}", "Nothing is redeemed\nTo pay {to_pay}"),
    "redeem_none_held": ("Баллы заняты другим чеком\nК оплате {to_pay}", "Another receipt holds them\nTo pay {to_pay}"),
    "redeem_none_newer": ("Баллы уже списали не здесь\nК оплате {to_pay}", "Spent elsewhere by now\nTo pay {to_pay}"),
    "redeem_none_silent": (
        "Хаб молчит: списать нельзя\nК оплате {to_pay}",
        "Hub is silent: none redeemed\nTo pay {to_pay}",
    ),
    "redeem_set_silent": (
        "Хаб молчит: списываем {points}\nК оплате {to_pay}",
        "Hub is silent: {points}\nTo pay {to_pay}",
    ),
    "recorded_for_now": ("Начислено {accrued}\nБаланс {balance}, уточнится", "Earned {accrued}\n{balance}, may change"),
    "recorded_redeemed_for_now": (
        "Списано {redeemed}\nБаланс {balance}, уточнится",
        "Redeemed {redeemed}\nBalance {balance}, may change",
    ),
    "held_besides": ("Баланс уточнится: занято\n{held}", "May change: elsewhere are\n{held}"),
}
