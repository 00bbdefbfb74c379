"""What the till says of the code for whoever only said a phone (A27): the long words and the short ones."""

from __future__ import annotations

from typing import Final

CODE_WORDS: dict[str, tuple[str, str]] = {
    "second_factor_unavailable": (
        "Коды пока не приходят. Попросите карту или позовите управляющего.",
        "Codes are not sent yet. Ask for a card, or call the manager.",
    ),
    "code_sent": (
        "Код отправлен на {to}. Покупатель называет его или набирает на своём экране.",
        "A code goes to {to}. The customer says it, or types it on his display.",
    ),
    "code_right": (
        "Код верный. {limit}",
        "The code is right. {limit}",
    ),
    "code_right_plain": ("Код верный.", "The code is right."),
    "code_wrong": (
        "Код другой. Осталось попыток: {tries}.",
        "That is another code. Tries left: {tries}.",
    ),
    "code_no_tries": (
        "Код не подошёл несколько раз. Продавайте без списания или попросите карту.",
        "The code was wrong too often. Sell without redeeming, or ask for the card.",
    ),
    "code_over": (
        "Время кода вышло. Отправьте новый.",
        "The code's time is over. Send a new one.",
    ),
    "code_used": (
        "Этот код уже называли. Отправьте новый.",
        "This code was told before. Send a new one.",
    ),
    "code_unknown": (
        "Код этому покупателю не отправляли. Отправьте код.",
        "No code was sent to this customer. Send one.",
    ),
    "code_too_early": (
        "Код уже отправлен. Новый можно отправить через {again}.",
        "A code was sent already. Another may be sent in {again}.",
    ),
    "code_limit": (
        "Кодов за час слишком много. Попросите карту или продавайте без списания.",
        "Too many codes within the hour. Ask for the card, or sell without redeeming.",
    ),
    "code_no_phone": (
        "У участника нет телефона. Попросите карту.",
        "The member has no phone. Ask for the card.",
    ),
    "code_needs_link": (
        "Без связи код не проверить: карта или без списания.",
        "Without a connection no code can be checked: the card, or no redeeming.",
    ),
    "code_not_needed": (
        "Код не нужен: покупатель уже подтвердил, что это он.",
        "No code is needed: the customer has shown that it is he.",
    ),
    "code_of_nobody": (
        "Кому код, неизвестно: сначала назовите телефон участника.",
        "Nobody to send a code to: say a member's phone first.",
    ),
    "code_overtaken": (
        "Пока проверялся код, в чеке сменился покупатель. Повторите, если нужно.",
        "While the code was being checked another customer came into the receipt. Repeat it if it is needed.",
    ),
    "bad_code": (
        "Код — это {digits} цифры.",
        "A code is {digits} digits.",
    ),
}
CODE_SHORT: dict[str, tuple[str, str]] = {
    "second_factor_unavailable": ("Коды пока не приходят\nПопросите карту", "No codes are sent yet\nAsk for the card"),
    "code_sent": ("Код отправлен на {to}\nЖдём цифры", "A code goes to {to}\nWaiting for the digits"),
    "code_right": ("Код верный", "The code is right"),
    "code_right_plain": ("Код верный", "The code is right"),
    "code_wrong": ("Код другой\nОсталось попыток: {tries}", "Another code\nTries left: {tries}"),
    "code_no_tries": ("Код не подошёл\nПродавайте без списания", "The code was wrong\nSell without redeeming"),
    "code_over": ("Время кода вышло\nОтправьте новый", "The code's time is over\nSend a new one"),
    "code_used": ("Этот код уже называли\nОтправьте новый", "The code was told before\nSend a new one"),
    "code_unknown": ("Код не отправляли\nОтправьте код", "No code was sent\nSend one"),
    "code_too_early": ("Код уже отправлен\nНовый через {again}", "A code was sent\nAnother in {again}"),
    "code_limit": ("Кодов за час слишком много\nПопросите карту", "Too many codes this hour\nAsk for the card"),
    "code_no_phone": ("У участника нет телефона\nПопросите карту", "The member has no phone\nAsk for the card"),
    "code_needs_link": ("Без связи код не проверить\nКарта или без списания", "No link: the card,\nor no redeeming"),
    "code_not_needed": ("Код не нужен", "No code is needed"),
    "code_of_nobody": ("Сначала назовите телефон", "Say a member's phone first"),
    "code_overtaken": ("Покупатель сменился\nПовторите, если нужно", "Another customer came\nRepeat if needed"),
    "bad_code": ("Код — это {digits} цифры", "A code is {digits} digits"),
}
CODE_REFUSALS: Final = frozenset(  # of the hub's desk
    {
        "code_wrong",
        "code_no_tries",
        "code_over",
        "code_used",
        "code_unknown",
        "code_too_early",
        "code_limit",
        "code_no_phone",
        "second_factor_unavailable",
    }
)
