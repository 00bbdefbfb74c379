"""What the agent says of whom the hub alone knows, and of its fresher word: the long words and the short ones."""

from __future__ import annotations

HUB_WORDS: dict[str, tuple[str, str]] = {
    "stranger": (
        "Карта {card} здесь неизвестна: баллы начислятся и придут на карту. Списать их можно, когда её узнает офис.",
        "Card {card} is not known here: points are earned and come to the card; none can be spent until the hub knows "
        "it.",
    ),
    "stranger_or_goods": (
        "Карта {card} здесь неизвестна: баллы начислятся и придут на карту, списать пока нельзя. Если это товар, "
        "уберите карту из чека.",
        "Card {card} is not known here: points are earned and come to the card, none can be spent yet. If it is goods, "
        "take the card off the receipt.",
    ),
    "recorded_stranger": (
        "Чек {sale} записан: {accrued} придут на карту {card}, когда её узнает офис.",
        "Receipt {sale} is recorded: {accrued} come to card {card} once the office knows it.",
    ),
    "unknown_phone_asked": (
        "Участника с этим телефоном здесь нет, спрашиваем офис. Можно продавать дальше.",
        "Nobody here has this phone; the office is being asked. Go on selling meanwhile.",
    ),
    "unknown_phone_unasked": (
        "Офис не ответил, а здесь участника с этим телефоном нет. Попросите карту.",
        "The office did not answer, and nobody here has this phone. Ask for the card.",
    ),
    "balance_news": ("Офис уточнил: на счёте {balance}.", "Fresh from the office: {balance} on the account."),
    "balance_news_limit": (
        "Офис уточнил: на счёте {balance}. К оплате {to_pay}. {limit}",
        "Fresh from the office: {balance} on the account. {to_pay} to pay. {limit}",
    ),
    "owing_news": (
        "Офис уточнил: на счёте долг {owed}. Его погасят следующие баллы.",
        "Fresh from the office: {owed} are owed. The next points pay it.",
    ),
    "points_held": (
        "Другой чек сейчас занял {held} из них.",
        "{held} of them are reserved at another till.",
    ),
}
HUB_SHORT: dict[str, tuple[str, str]] = {
    "stranger": ("Карта {card} здесь неизвестна\nБаллы придут, списать нельзя", "{card} is not known\nIt only earns"),
    "stranger_or_goods": (
        "{card} здесь неизвестна\nЕсли это товар, уберите карту",
        "{card} is not known\nIf it is goods, drop it",
    ),
    "recorded_stranger": ("Записано. Придут на карту {card}:\n{accrued}", "Recorded. To card {card} come\n{accrued}"),
    "unknown_phone_asked": ("Телефона здесь нет\nСпрашиваем офис", "Nobody here has this phone\nAsking the office"),
    "unknown_phone_unasked": ("Офис не ответил\nПопросите карту", "The office did not answer\nAsk for the card"),
    "balance_news": ("Новое: на счёте\n{balance}", "Fresh: the balance is\n{balance}"),
    "balance_news_limit": ("Можно списать {may}\nК оплате {to_pay}", "{may} may be redeemed\nTo pay {to_pay}"),
    "owing_news": ("Долг {owed}\nПогасят следующие баллы", "{owed} are owed\nThe next points pay it"),
    "points_held": ("На другой кассе занято\n{held}", "Reserved elsewhere\n{held}"),
}
