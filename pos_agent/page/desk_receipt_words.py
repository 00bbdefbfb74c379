"""What the desk's page says of purchases of before."""

from __future__ import annotations

DESK_RECEIPT_WORDS: dict[str, tuple[str, str]] = {
    "purchase_title": ("Возврат без чека", "Goods without a receipt"),
    "purchase_who": ("Карта, телефон или номер участника", "Card, phone or the member's id"),
    "purchase_who_how": ("Назовите карту или телефон участника.", "Say the member's card or phone."),
    "purchase_day": ("День покупки", "Day of the purchase"),
    "purchase_total": ("Сумма чека, ₽", "Sum of the receipt, ₽"),
    "purchase_find": ("Найти покупки", "Find his purchases"),
    "purchase_which": ("По какой покупке возврат?", "Of which purchase?"),
    "purchase_of": ("чек {number}, касса {till}", "receipt {number}, till {till}"),
    "purchase_what": ("Что возвращают?", "What comes back?"),
    "purchase_out": ("ещё {quantity}", "{quantity} left"),
    "purchase_reason": ("Почему без чека", "Why without a receipt"),
    "purchase_second": (
        "За возврат без чека отвечает и второй человек.",
        "A second person answers for goods without a receipt.",
    ),
    "purchase_sum": ("К возврату {amount}.", "{amount} is to be given back."),
    "purchase_ask": ("Спросить второго", "Ask the second person"),
    "purchase_no": ("Нет", "No"),
    "purchase_work": ("Посчитать возврат", "Work the refund out"),
    "purchase_done": ("Возвращено {amount}, возврат {number}.", "{amount} given back, return {number}."),
    "purchase_next": ("Следующий", "Next one"),
    "claim_title": ("Мне не начислили", "Points were not added"),
    "claim_receipt": ("Код или номер чека", "Code or number of the receipt"),
    "claim_till": ("Касса, если другая", "Till, if another"),
    "claim_how": (
        "Чек: его код, или номер и день. Без чека: карта, которую показали, день и сумма.",
        "The receipt: its code, or number and day. Without it: the card that was shown, day and sum.",
    ),
    "claim_look": ("Посмотреть, почему", "See why"),
    "claim_points": ("К начислению: {points}", "{points}"),
    "claim_reason": ("Почему начисляем", "Why it is added"),
    "claim_reason_how": ("Напишите, почему начисляем.", "Write why it is added."),
    "claim_give": ("Начислить", "Add"),
}
