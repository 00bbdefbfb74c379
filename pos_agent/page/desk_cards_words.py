"""What the desk's page says of cards."""

from __future__ import annotations

DESK_CARDS_WORDS: dict[str, tuple[str, str]] = {
    "dcards_title": ("Карты", "Cards"),
    "dcards_blanks": ("Бланков в магазине: {count}.", "Blank cards in the shop: {count}."),
    "dcards_uncounted": ("Сколько бланков в магазине, офис не считает.", "The office counts no blanks of this shop."),
    "dcards_given": ("Выдано здесь сегодня: {count}.", "Given out here today: {count}."),
    "dcards_numbers": ("Виртуальных номеров в запасе: {count}.", "Virtual numbers in stock: {count}."),
    "dcards_block": ("Заблокировать карту", "Block a card"),
    "dcards_block_how": (
        "Отсканируйте карту или наберите её номер. По телефону участника блокирует управляющий.",
        "Scan the card, or type its number. By a member's phone it is the manager who blocks it.",
    ),
    "dcards_block_do": ("Заблокировать", "Block"),
    "dcards_unblock": ("Снять блокировку", "Set a blocked card free"),
    "dcards_unblock_how": (
        "Карта нашлась: отсканируйте её. Списывать можно, как только ответит офис.",
        "The card was found: scan it. It may spend as soon as the hub has answered.",
    ),
    "dcards_unblock_do": ("Снять", "Set free"),
    "dcards_virtual": ("Сделать карту виртуальной", "Make a card virtual"),
    "dcards_virtual_how": (
        "Бесплатно и без покупки: баланс сохранится, пластик перестанет действовать. Карта участника, или его телефон "
        "и управляющий.",
        "Free and without a purchase: the balance is kept, the plastic works no more. The member's card, or a phone "
        "and the manager.",
    ),
    "dcards_virtual_do": ("Сделать виртуальной", "Make it virtual"),
    "dcards_phone": ("Карта в телефон", "A card on a phone"),
    "dcards_phone_how": (
        "Отсканируйте карту покупателя: он наведёт камеру телефона на QR, и карта будет в телефоне.",
        "Scan the customer's card: he points his phone's camera at a QR, and the phone has the card.",
    ),
    "dcards_phone_do": ("Дать ссылку", "Make a link"),
    "dcards_phone_send": ("Отправить на его номер", "Send it to his number"),
    "dcards_link_take": (
        "Пусть покупатель наведёт на QR камеру телефона. Ссылка на час и на один телефон: у кого она, у того и карта.",
        "Let the customer point his phone's camera at the QR. It is good for an hour and one phone: whoever has it has "
        "the card.",
    ),
    "dcards_look": ("Какая это карта?", "Which card is it?"),
    "dcards_is_it": ("Та ли это карта? Сверьте с покупателем.", "Is it the one? Check with the customer."),
    "dcards_number": ("Номер карты", "Card number"),
    "dcards_number_or_phone": ("Карта или телефон", "Card or phone"),
    "dcards_ending": ("Последние цифры карты", "Last digits of the card"),
    "dcards_reason": ("Причина", "Why"),
    "dcards_manager": ("Управляющий разрешил", "The manager allows it"),
    "dcards_take": (
        "Покупатель может снять QR с экрана; он же на бумаге.",
        "The customer may take a picture of the QR; it is on paper, too.",
    ),
    "dcards_qr": ("QR карты {number}", "QR of card {number}"),
    "dcards_done": ("Готово", "Done"),
}
