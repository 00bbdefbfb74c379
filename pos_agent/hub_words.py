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
    "stranger_asked": (
        "Карта {card} здесь неизвестна, спрашиваем офис: повторите через секунду. Пока баллы только начислятся на неё.",
        "Card {card} is not known here; the office is being asked: repeat in a second. Until then it only earns.",
    ),
    "stranger_or_goods_asked": (
        "Карта {card} здесь неизвестна, спрашиваем офис: повторите через секунду. Если это товар, уберите карту из "
        "чека.",
        "Card {card} is not known here; the office is being asked: repeat in a second. If it is goods, take the card "
        "off the receipt.",
    ),
    "unknown_card_asked": (
        "Карта {card} здесь неизвестна, спрашиваем офис: повторите через секунду.",
        "Card {card} is not known here; the office is being asked: repeat in a second.",
    ),
    "unknown_card_here": (
        "Карта {card} здесь неизвестна, а офис не спросить: нет связи. Спросите позже.",
        "Card {card} is not known here, and the office cannot be asked: there is no connection. Ask later.",
    ),
    "unknown_card_unasked": (
        "Офис не ответил, а здесь карта {card} неизвестна. Спросите ещё раз.",
        "The office did not answer, and card {card} is not known here. Ask again.",
    ),
    "card_maybe_taken": (
        "Карту {card} показали как карту покупателя, а чья она, без связи не узнать. Выдайте другую.",
        "Card {card} was shown as the customer's own, and whose it is cannot be known without a connection. Issue "
        "another.",
    ),
    "card_maybe_taken_asked": (
        "Чья карта {card}, спрашиваем офис: повторите через секунду или выдайте другую.",
        "The office is being asked whose card {card} is: repeat in a second, or issue another.",
    ),
    "card_of_nobody": (
        "Карты {card} нет ни у кого: баллы не начислены.",
        "Nobody has card {card}: no points are earned.",
    ),
    "card_went_off": ("Карты {card} в чеке больше нет.", "Card {card} is no longer on the receipt."),
    "changed_news": (
        "Пришли новые данные: теперь к оплате {to_pay}, начислится {accrued}. Скажите покупателю.",
        "There is news of this receipt: now {to_pay} to pay, {accrued} to earn. Tell the customer.",
    ),
    "recorded_stranger": (
        "Чек {sale} записан: {accrued} придут на карту {card}, когда её узнает офис.",
        "Receipt {sale} is recorded: {accrued} come to card {card} once the office knows it.",
    ),
    "unknown_phone_asked": (
        "Участника с этим телефоном здесь нет, спрашиваем офис. Можно продавать дальше.",
        "Nobody here has this phone; the office is being asked. Go on selling meanwhile.",
    ),
    "unknown_phone_here": (
        "Здесь участника с этим телефоном нет, а офис не спросить. Попросите карту.",
        "Nobody here has this phone, and the office cannot be asked. Ask for the card.",
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
    "stranger_asked": (
        "{card}: спрашиваем офис\nПовторите через секунду",
        "{card}: asking the office\nRepeat in a second",
    ),
    "stranger_or_goods_asked": (
        "{card}: спрашиваем офис\nЕсли это товар, уберите карту",
        "{card}: asking the office\nIf it is goods, drop it",
    ),
    "unknown_card_asked": (
        "{card}: спрашиваем офис\nПовторите через секунду",
        "{card}: asking the office\nRepeat in a second",
    ),
    "unknown_card_here": ("{card} здесь неизвестна\nНет связи с офисом", "{card} is not known\nNo connection"),
    "unknown_card_unasked": ("Офис не ответил\nСпросите ещё раз", "The office did not answer\nAsk again"),
    "card_maybe_taken": ("Чья карта {card}, не узнать\nВыдайте другую", "Whose is {card}?\nIssue another"),
    "card_maybe_taken_asked": (
        "{card}: спрашиваем офис\nПовторите или выдайте другую",
        "{card}: asking the office\nRepeat, or issue another",
    ),
    "card_of_nobody": ("Карты {card} нет ни у кого\nБаллы не начислены", "Nobody has card {card}\nNo points earned"),
    "card_went_off": ("Карты {card} в чеке нет", "Card {card} is off the receipt"),
    "changed_news": ("Пришли новые данные\nТеперь к оплате {to_pay}", "There is news\nNow to pay {to_pay}"),
    "recorded_stranger": ("Записано. Придут на карту {card}:\n{accrued}", "Recorded. To card {card} come\n{accrued}"),
    "unknown_phone_asked": ("Телефона здесь нет\nСпрашиваем офис", "Nobody here has this phone\nAsking the office"),
    "unknown_phone_here": ("Телефона здесь нет\nПопросите карту", "Nobody here has this phone\nAsk for the card"),
    "unknown_phone_unasked": ("Офис не ответил\nПопросите карту", "The office did not answer\nAsk for the card"),
    "balance_news": ("Новое: на счёте\n{balance}", "Fresh: the balance is\n{balance}"),
    "balance_news_limit": ("Можно списать {may}\nК оплате {to_pay}", "{may} may be redeemed\nTo pay {to_pay}"),
    "owing_news": ("Долг {owed}\nПогасят следующие баллы", "{owed} are owed\nThe next points pay it"),
    "points_held": ("На другой кассе занято\n{held}", "Reserved elsewhere\n{held}"),
}
