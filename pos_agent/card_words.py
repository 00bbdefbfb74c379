"""What is said at the card desk of blocked cards, virtual ones and blanks: the long words and the short ones."""

from __future__ import annotations

CARD_WORDS: dict[str, tuple[str, str]] = {
    "card_is_blocked_now": (
        "Карта {card} заблокирована: баллы с неё не списать. Найдётся — снимет управляющий.",
        "Card {card} is blocked: its points cannot be spent. If it is found, the manager sets it free.",
    ),
    "blocked_card": (
        "Карта {card} заблокирована: по ней не начислим и не спишем. Нашлась — её разблокирует управляющий.",
        "Card {card} is blocked: it earns and spends nothing. If it is found, the manager sets it free.",
    ),
    "recorded_blocked": (
        "Чек {sale} записан без баллов: карта {card} заблокирована.",
        "Receipt {sale} is recorded without points: card {card} is blocked.",
    ),
    "recorded_as_promised": (
        "Чек {sale} записан, как обещано: начислено {accrued}, списано {redeemed}. Карта {card} уже заблокирована.",
        "Receipt {sale} is recorded as promised: {accrued} accrued, {redeemed} redeemed. Card {card} is blocked now.",
    ),
    "card_blocked_already": ("Карта {card} уже заблокирована.", "Card {card} is blocked already."),
    "card_is_free": (
        "Карта {card} снова действует. Списывать можно, как только ответит офис.",
        "Card {card} works again. It may spend as soon as the hub has answered.",
    ),
    "card_not_blocked": ("Карта {card} не заблокирована.", "Card {card} is not blocked."),
    "card_is_virtual": (
        "Карта {card} стала виртуальной {new}: баланс сохранён, старая больше не действует. Отдайте бумагу с QR.",
        "Card {card} became the virtual {new}: the balance is kept, the old one works no more. Hand over the QR.",
    ),
    "card_on_receipt": (
        "Карта {card} сейчас в чеке: закончите его или уберите карту, потом сделайте её виртуальной.",
        "Card {card} is on the receipt now: finish it, or take the card off, then make it virtual.",
    ),
    "no_virtual_numbers": (
        "Виртуальных номеров на кассе не осталось: они придут, когда будет связь.",
        "This till has no virtual numbers left: they come once the hub is reached.",
    ),
    "virtual_unproven": (
        "Офис не подтвердил эту кассу: такой же номер мог уйти с её копии. Дайте бланк, а виртуальную — когда ответит "
        "хаб.",
        "The office has not confirmed this till: a copy of it may have given out the same number. Give a plastic card, "
        "or a virtual one once the hub has answered.",
    ),
    "virtual_will_be_issued": (
        "Виртуальная карта {card} выдаётся с этой покупкой: QR напечатается после оплаты.",
        "The virtual card {card} goes out with this purchase: its QR is printed once it is paid.",
    ),
    "card_swapped": (
        "Вместо испорченной {spoiled} выдаётся карта {card}. Испорченную разрежьте: её больше не выдать.",
        "Card {card} goes out instead of the spoiled {spoiled}. Cut that one: nobody can get it any more.",
    ),
    "nothing_to_swap": (
        "В этом чеке не выдаётся бланк карты: заменять нечего.",
        "No blank card goes out with this receipt: there is nothing to swap.",
    ),
    "card_is_the_spoiled_one": (
        "Карта {card} и есть испорченная: возьмите другой бланк.",
        "Card {card} is the spoiled one: take another blank.",
    ),
    "card_spoiled": (
        "Карта {card} списана как испорченная: возьмите другой бланк.",
        "Card {card} was written off as spoiled: take another blank.",
    ),
    "several_cards": (
        "У участника карты {cards}: назовите последние цифры нужной.",
        "The member has the cards {cards}: say the last digits of the one that is meant.",
    ),
    "which_card": ("Какая карта? Назовите номер или телефон.", "Which card? Say its number, or a phone."),
    "card_looked_at": (
        "Карта {card}, {status}. На счёте {balance}.",
        "Card {card}, {status}. {balance} on the account.",
    ),
    "card_looked_at_owing": ("Карта {card}, {status}. Долг {owed}.", "Card {card}, {status}. {owed} are owed."),
    "card_looked_at_by_phone": (
        "Карта {card}, {status}. Баланс по телефону виден управляющему.",
        "Card {card}, {status}. By a phone the manager alone sees the balance.",
    ),
    "card_virtual_already": (
        "Карта {card} уже виртуальная: QR есть у покупателя.",
        "Card {card} is virtual already: the customer has its QR.",
    ),
}
# a card as it is now
STATUS_WORDS: dict[str, tuple[str, str]] = {
    "issued": ("выдана, анкеты нет", "issued, not registered"),
    "pending": ("ждёт подтверждения анкеты", "its form waits"),
    "active": ("действует", "active"),
    "blocked": ("заблокирована", "blocked"),
    "replaced": ("заменена", "replaced"),
}
CARD_SHORT: dict[str, tuple[str, str]] = {
    "card_is_blocked_now": ("Карта {card}\nзаблокирована", "Card {card}\nis blocked"),
    "blocked_card": ("Карта {card}\nзаблокирована: без баллов", "Card {card}\nis blocked: no points"),
    "recorded_blocked": ("Чек {sale} без баллов\nКарта заблокирована", "{sale} without points\nThe card is blocked"),
    "recorded_as_promised": ("Начислено {accrued}\nКарта заблокирована", "Earned {accrued}\nThe card is blocked"),
    "redeemed_as_promised": ("Списано {redeemed}\nКарта заблокирована", "Redeemed {redeemed}\nThe card is blocked"),
    "card_blocked_already": ("Карта {card}\nуже заблокирована", "Card {card}\nis blocked already"),
    "card_is_free": ("Карта {card}\nснова действует", "Card {card}\nworks again"),
    "card_not_blocked": ("Карта {card}\nне заблокирована", "Card {card}\nis not blocked"),
    "card_is_virtual": ("Карта {card} теперь\nвиртуальная: отдайте QR", "Card {card} is virtual now\nHand over the QR"),
    "card_on_receipt": ("Карта {card} в чеке\nСначала закончите его", "Card {card} is in use\nFinish the receipt"),
    "no_virtual_numbers": ("Виртуальных номеров нет\nНужна связь", "No virtual numbers left\nThe hub has them"),
    "virtual_unproven": ("Касса не подтверждена\nДайте бланк карты", "The till is not confirmed\nGive a plastic card"),
    "virtual_will_be_issued": (
        "Виртуальная карта {card}\nс этой покупкой",
        "Virtual card {card}\nwith this purchase",
    ),
    "card_swapped": ("Выдаётся карта {card}\nИспорченную разрежьте", "Card {card} goes out\nCut the spoiled one"),
    "nothing_to_swap": ("Заменять нечего:\nбланк не выдаётся", "Nothing to swap:\nno blank goes out"),
    "card_is_the_spoiled_one": ("Это испорченная карта\nВозьмите другую", "That is the spoiled one\nTake another"),
    "card_spoiled": ("Карта {card} испорчена\nВозьмите другую", "Card {card} is spoiled\nTake another"),
    "several_cards": ("Карт несколько\nНазовите последние цифры", "Several cards\nSay the last digits"),
    "which_card": ("Какая карта?\nНомер или телефон", "Which card?\nIts number, or a phone"),
    "card_looked_at": ("Карта {card}\n{balance}", "Card {card}\n{balance}"),
    "card_looked_at_owing": ("Карта {card}\nДолг {owed}", "Card {card}\n{owed} are owed"),
    "card_looked_at_by_phone": ("Карта {card}\nПроверьте её цифры", "Card {card}\nCheck its digits"),
    "card_virtual_already": ("Карта {card}\nуже виртуальная", "Card {card}\nis virtual already"),
}
