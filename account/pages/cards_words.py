"""What the pages of cards say."""

from __future__ import annotations

from typing import Final

from web.language import Words

WORDS: Final[Words] = {
    "cards": ("Карты", "Cards"),
    "cards_none": ("Карт пока нет. Привяжите карту или закажите новую.", "No cards yet. Link one, or order one."),
    "cards_none_works": ("Работающей карты сейчас нет", "No card of yours works now"),
    "cards_none_works_how": (
        "Баллы целы. Виртуальная карта сразу и бесплатно встанет вместо карты {card}: та больше не заработает.",
        "Your points are safe. A virtual card stands for card {card} at once and free: that one works never again.",
    ),
    "cards_plastic": ("Карта", "Card"),
    "cards_a_virtual": ("Виртуальная карта", "Virtual card"),
    "cards_active": ("Действует: копит и тратит {currency}.", "Good: it earns {currency} and spends them."),
    "cards_issued": (
        "Выдана: копит {currency}. Тратить их можно после регистрации.",
        "Handed over: it earns. {Currency} are spent after registration.",
    ),
    "cards_pending": (
        "Анкета проверяется: карта копит, а тратить можно с {day}.",
        "Your form is being confirmed: it earns, and spends from {day}.",
    ),
    "cards_is_blocked": (
        "Заблокирована: касса ничего по ней не начислит и не спишет.",
        "Blocked: a till gives nothing for it and takes nothing off.",
    ),
    "cards_is_replaced": (
        "Заменена картой {card}. Касса её не примет и попросит новую.",
        "Replaced by {card}. A till refuses it and asks for the new one.",
    ),
    "cards_till_offline": (
        "Касса без связи узнаёт о переменах, когда связь вернётся.",
        "A till without a connection hears of a change when it has one again.",
    ),
    "cards_found_again": (
        "Нашлась? Разблокирует любой магазин сети: возьмите её с собой.",
        "Found it? Any shop of the chain sets it free: take it along.",
    ),
    "cards_old": ("Старые карты", "Old cards"),
    "cards_show": ("Показать и сохранить", "Show and save"),
    "cards_lost_do": ("Потеряна?", "Lost it?"),
    "cards_add_virtual": ("Добавить виртуальную карту", "Add a virtual card"),
    "cards_add_virtual_how": (
        "Она заменит эту карту: пластик перестанет работать насовсем.",
        "It takes this card's place: the plastic works never again.",
    ),
    "cards_picture": ("Карта {card}: номер и QR-код для кассы", "Card {card}: its number and QR for the till"),
    "cards_qr": ("QR-код карты {card}", "The QR of card {card}"),
    # one
    "cards_one": ("Карта", "Card"),
    "cards_save_png": ("Сохранить картинкой (PNG)", "Save as a picture (PNG)"),
    "cards_save_pdf": ("Сохранить для печати (PDF)", "Save to print (PDF)"),
    "cards_one_how": (
        "Покажите QR-код на кассе: он начисляет {currency} и называет карту. Подойдёт и снимок экрана.",
        "Show the QR at a till: it earns {currency} and names the card. A screenshot will do.",
    ),
    "cards_no_picture": ("Эту карту на кассе не показывают.", "This card is not shown at a till any more."),
    "cards_phone": ("Карта в телефоне", "The card on a phone"),
    "cards_phone_why": (
        "Страница с картой открывается без интернета, а её код меняется каждые полминуты: по нему можно "
        "тратить {currency}.",
        "A page with the card opens without a connection, and its code changes every half minute: it "
        "spends {currency}.",
    ),
    "cards_phone_do": ("Получить ссылку", "Get a link"),
    "cards_phone_open": ("Открыть на этом телефоне", "Open on this phone"),
    "cards_phone_how": (
        "Откройте ссылку на этом телефоне или наведите на QR-код камеру другого. Она действует час, для одного "
        "телефона. Никому её не пересылайте: у кого ссылка, у того и карта.",
        "Open the link on this phone, or point another one's camera at the QR. It is good for an hour and for one "
        "phone. Send it to nobody: whoever has it has the card.",
    ),
    "cards_phones": ("Телефоны с этой картой", "Phones that show this card"),
    "cards_phone_since": ("с {day}", "since {day}"),
    "cards_phone_unnamed": ("Телефон", "A phone"),
    "cards_phone_off_do": ("Отключить", "Take off"),
    "cards_phone_off": (
        "Телефон отключён. Кассы узнают об этом при связи.",
        "The phone is taken off. Tills hear of it with a connection.",
    ),
    # lost
    "cards_lost": ("Карта потеряна", "A lost card"),
    "cards_lost_first": (
        "{Currency} не пропадут: они на вашем счёте, а не на карте. Сейчас на нём {points}.",
        "Your {currency} are safe: they are on your account, not on the card. It has {points} now.",
    ),
    "cards_lost_block": ("Только заблокировать", "Only block it"),
    "cards_lost_block_how": (
        "По карте больше нельзя ни копить, ни тратить. Найдётся — разблокируют в магазине. Код не нужен.",
        "The card earns and spends no more. If you find it, a shop sets it free. No code is asked for.",
    ),
    "cards_block_do": ("Заблокировать карту", "Block the card"),
    "cards_lost_virtual_how": (
        "Вместо пластика — новый номер в телефоне, бесплатно. Все {currency} и их сроки остаются. Старая карта больше "
        "не заработает.",
        "A new number on your phone instead of the plastic, free. All {currency} and their terms stay. The old card "
        "works never again.",
    ),
    "cards_lost_shop": ("Новый пластик", "New plastic"),
    "cards_lost_shop_how": (
        "В магазине: заполните бланк на кассе. Замена стоит {fee}, {currency} сохраняются.",
        "In a shop: fill a form in at the till. It costs {fee}, and the {currency} are kept.",
    ),
    "cards_lost_shop_free": (
        "В магазине: заполните бланк на кассе. Замена бесплатна, {currency} сохраняются.",
        "In a shop: fill a form in at the till. It is free, and the {currency} are kept.",
    ),
    "cards_lost_form": (
        "Или заполните бланк здесь: карту с вашим именем пришлём почтой или в магазин.",
        "Or fill the form in here: a card with your name comes by post or to a shop.",
    ),
    "cards_blocked": ("Карта {card} заблокирована.", "Card {card} is blocked."),
    "cards_blocked_before": ("Карта {card} уже была заблокирована.", "Card {card} was blocked already."),
    # virtual
    "cards_virtual": ("Добавить виртуальную карту", "Add a virtual card"),
    "cards_virtual_how": (
        "Карта {card} станет виртуальной: вы получите новый номер, а пластик перестанет работать насовсем. Это "
        "бесплатно. {Currency} ({points}) и сроки каждого начисления останутся.",
        "Card {card} becomes virtual: you get a new number, and the plastic works never again. It is free. Your "
        "{currency} ({points}) and the terms of each stay.",
    ),
    "cards_virtual_why_code": (
        "Чтобы этого не сделал кто-то другой, отправим код на ваш телефон.",
        "So that nobody else does it, a code goes to your phone.",
    ),
    "cards_virtual_no_phone": (
        "В профиле нет номера телефона, а без кода карту не меняют. Укажите номер в профиле или подойдите в магазин.",
        "Your profile has no phone number, and without a code no card is changed. Add a number to your profile, or "
        "ask in a shop.",
    ),
    "cards_code_send": ("Отправить код", "Send the code"),
    "cards_code_again": ("Отправить код ещё раз", "Send the code again"),
    "cards_code_sent": ("Код отправлен на ваш телефон.", "The code is on its way to your phone."),
    "cards_code_wait": (
        "Новый код можно запросить через {wait} с.",
        "Another code may be asked for in {wait} s.",
    ),
    "cards_code": ("Код из сообщения", "The code from the message"),
    "cards_code_wrong": (
        "Код не подошёл. Осталось попыток: {tries_left}.",
        "That is not the code. Tries left: {tries_left}.",
    ),
    "cards_virtual_do": ("Сделать карту виртуальной", "Make the card virtual"),
    "cards_virtual_done": (
        "Готово: вместо карты {old} теперь виртуальная {card}. Все {currency} на месте.",
        "Done: virtual card {card} stands for {old} now. All {currency} are there.",
    ),
    # link
    "cards_link": ("Привязать карту", "Link a card"),
    "cards_link_how": (
        "Есть карта, которой нет в кабинете? Наберите её номер: это самый длинный ряд цифр на карте.",
        "A card that is not here? Type its number: it is the longest row of figures on the card.",
    ),
    "cards_link_number": ("Номер карты", "The card's number"),
    "cards_link_do": ("Привязать", "Link"),
    "cards_link_empty": ("Наберите номер карты.", "Type the card's number."),
    "cards_linked": ("Карта {card} теперь ваша.", "Card {card} is yours now."),
    "cards_linked_points": ("С ней пришло {points}.", "With it came {points}."),
    # what the hub refuses
    "no_card_not_found": (
        "По этому номеру карту не привязать. Проверьте цифры; если карта точно ваша, покажите её в магазине. "
        "Осталось попыток сегодня: {tries_left}.",
        "No card can be linked by this number. Look at its digits; if the card is yours, show it in a shop. "
        "Tries left today: {tries_left}.",
    ),
    "no_card_tries": (
        "Сегодня слишком много номеров. Попробуйте завтра или покажите карту в магазине.",
        "Too many numbers for today. Try tomorrow, or show the card in a shop.",
    ),
    "no_too_many_cards": (
        "У вас уже много карт. Заблокируйте те, что не нужны.",
        "You have many cards already. Block those that you do not need.",
    ),
    "no_form_waits": (
        "Ваша анкета ещё проверяется. Привяжите карту, когда проверка закончится.",
        "Your form is still being confirmed. Link the card when that is over.",
    ),
    "no_no_card": ("У вас нет такой карты. Откройте список карт.", "You have no such card. Open the list of cards."),
    "no_card_replaced": (
        "Эта карта уже заменена другой: смотрите список карт.",
        "This card was replaced by another: see the list of cards.",
    ),
    "no_card_blocked": (
        "Карта заблокирована: показывать и ставить на телефон нечего.",
        "The card is blocked: there is nothing to show or to put on a phone.",
    ),
    "no_card_virtual_already": ("Эта карта уже виртуальная.", "This card is virtual already."),
    "no_no_virtual_numbers": (
        "Сейчас нет свободных номеров. Карта не изменилась; попробуйте завтра.",
        "No number is free just now. Nothing has changed; try tomorrow.",
    ),
    "no_phone_not_proven": (
        "Код больше не подходит. Запросите новый.",
        "The code is good no more. Ask for another.",
    ),
    "no_card_page_missing": (
        "Карту в телефон программа пока не даёт. Сохраните картинку.",
        "The programme puts no cards on phones yet. Save the picture.",
    ),
    "no_card_phones_full": (
        "Карта уже в пяти телефонах. Отключите лишний и попробуйте снова.",
        "Five phones show this card already. Take one off, and try again.",
    ),
    "no_card_links_full": (
        "Три ссылки уже ждут телефона. Откройте одну из них или подождите час.",
        "Three links wait for a phone already. Open one of them, or wait for an hour.",
    ),
    "no_card_no_room": (
        "Номер этой карты в код телефона не помещается. Сохраните картинку.",
        "This card's number has no room in a phone's code. Save the picture.",
    ),
    "no_no_such_phone": ("Этот телефон уже отключён.", "This phone is taken off already."),
}
