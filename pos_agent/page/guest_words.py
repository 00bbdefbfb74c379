"""What the guest reads: on his display, and when something that he did cannot be. A reply's own words are for the
cashier, in the cashier's language, so none of them is ever shown here. Each: Russian, English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from loyalty.programme import Language

GUEST_WORDS: Final[dict[str, tuple[str, str]]] = {
    "guest_title": ("Ваша покупка", "Your purchase"),
    "gone_guest": ("Экран потерял связь с кассой. Подождите.", "This display has lost the till. Please wait."),
    "training_guest": ("Учебный режим", "Training"),
    "welcome": ("Здравствуйте!", "Welcome!"),
    "welcome_how": (
        "Приложите карту к сканеру или введите номер телефона",
        "Hold your card to the scanner or type your phone number",
    ),
    "who_title": ("Копите баллы?", "Do you collect points?"),
    "who_how": ("Приложите карту или введите телефон", "Scan your card, or type your phone"),
    "step_who": ("Шаг 1. Карта или телефон", "Step 1. Card or phone"),
    "step_choose": ("Шаг 2. Выберите, сколько списать", "Step 2. Choose what to redeem"),
    "step_pay": ("Шаг 3. Оплатите", "Step 3. Pay"),
    "camera_shows": ("Что видит камера", "What the camera sees"),
    "phone": ("Телефон", "Phone"),
    "card_number": ("Номер карты", "Card number"),
    "by_phone": ("Телефон", "Phone"),
    "by_card": ("Номер карты", "Card number"),
    "erase": ("Стереть", "Erase"),
    "done": ("Готово", "Done"),
    "back": ("Назад", "Back"),
    "pad": ("Цифры", "Digits"),
    "card_read": ("Карта {card} прочитана", "Card {card} was read"),
    "phone_known": ("Телефон найден, карта {card}", "Phone found, card {card}"),
    "card_is_blocked": ("Карта {card} заблокирована", "Card {card} is blocked"),
    "new_card": ("Вам выдают карту {card}", "You are given card {card}"),
    "on_account": ("На счёте {points}", "{points} on the account"),
    "owed": (
        "Долг {points}: их потратили дважды или сняли за возврат. Следующие баллы его погасят",
        "{points} are owed: they were spent twice, or taken back with a return. The next points pay it",
    ),
    "active_now": ("Сейчас можно тратить {points}", "{points} may be spent now"),
    "not_mine": ("Это не моя карта", "This is not my card"),
    "lines": ("Покупки", "Goods"),
    "nothing_yet": ("Товары появятся здесь", "Goods will appear here"),
    "total": ("Итого", "Total"),
    "by_points": ("Баллами", "By points"),
    "to_pay": ("К оплате", "To pay"),
    "coupons": ("Купоны", "Coupons"),
    "coupon_points": ("начислит {points}", "earns {points}"),
    "will_earn": ("Начислим {points}", "You will earn {points}"),
    "may_redeem": ("Можно списать {points}", "You may spend {points}"),
    "redeem_all": ("Списать {points}", "Spend {points}"),
    "redeem_none": ("Не списывать", "Spend none"),
    "redeem_other": ("Другое число", "Another number"),
    "how_many": ("Сколько списать?", "How many to spend?"),
    "at_most": ("Не больше {most}", "At most {most}"),
    "over_limit": ("Больше {most} нельзя", "No more than {most}"),
    "would_pay": ("Останется заплатить {sum}", "You would pay {sum}"),
    "confirm": ("Подтвердить", "Confirm"),
    "prove_title": ("Списать баллы?", "Spend points?"),
    "prove_how": (
        "Вы назвали телефон. Чтобы списать, введите код: он придёт на {to}",
        "You said a phone. To spend points, type the code that comes to {to}",
    ),
    "prove_send": ("Прислать код", "Send the code"),
    "prove_entry": ("Код из сообщения на {to}", "The code from the message to {to}"),
    "prove_left": ("Осталось попыток: {tries}", "Tries left: {tries}"),
    "prove_your_phone": ("ваш телефон", "your phone"),
    "prove_none": ("Без списания", "Spend none"),
    "spent": ("Спишем {points}", "We take {points}"),
    "spent_none": ("Баллы не тратим", "No points are spent"),
    "change": ("Изменить", "Change"),
    "pay_now": ("Оплатите на кассе", "Please pay"),
    "pay_alone": ("Оплатите", "Please pay"),
    "thanks": ("Спасибо за покупку!", "Thank you!"),
    "paid": ("Оплачено {sum}", "Paid {sum}"),
    "earned": ("Начислено {points}", "You earned {points}"),
    "was_spent": ("Списано {points}", "You spent {points}"),
    "sum_changed": (
        "Сумма изменилась: к оплате {sum}. Продолжить?",
        "The sum has changed: {sum} to pay. Go on?",
    ),
    "yes": ("Да", "Yes"),
    "person": ("Здесь нужен сотрудник. Позовите его.", "This needs somebody of the shop. Please call."),
    "if_not": ("Если нет, позовите сотрудника", "If not, call somebody of the shop"),
    "offline": (
        "Нет связи с программой: списать можно меньше",
        "No connection to the programme: fewer points may be spent",
    ),
}

# Why points cannot pay, where the reply's words would tell the cashier what to do (of loyalty's `Gate`)
LIMITS: Final[dict[str, tuple[str, str]]] = {
    "no_card": ("Чтобы списать баллы, нужна карта", "A card is needed to spend points"),
    "stranger": ("Карту здесь ещё не знают: пока только копит", "The card is not known here yet: it only earns"),
    "card_blocked": ("Карта заблокирована: баллы не списать", "The card is blocked: no points can be spent"),
    "card_replaced": ("Эту карту заменили новой", "This card was replaced by a new one"),
    "not_registered": ("Карта не зарегистрирована: пока только копит", "The card is not registered: it only earns yet"),
    "registration_pending": (
        "Анкету ещё проверяют: карта пока только копит",
        "The form is being checked: the card only earns yet",
    ),
    "redemption_forbidden": ("На эту покупку баллы не списываются", "No points can be spent on this purchase"),
    "second_factor_missing": (
        "По телефону баллы копятся; чтобы списать, нужна карта или код",
        "By phone points are earned; to spend them, the card or a code is needed",
    ),
    "phone_silent": (
        "Телефон давно не подтверждали: чтобы списать, нужна карта или код",
        "The phone was not confirmed for long: to spend, the card or a code is needed",
    ),
    "unproven": ("Баллы сейчас не списать, но начислим", "No points can be spent now; they are earned"),
    "card_rang": ("Баллы сейчас не списать, но начислим", "No points can be spent now; they are earned"),
    "offline_denied": ("Без связи баллы не списать, но начислим", "Offline no points can be spent; they are earned"),
    "snapshot_stale": ("Без связи баллы не списать, но начислим", "Offline no points can be spent; they are earned"),
    "clock_behind": ("Баллы сейчас не списать, но начислим", "No points can be spent now; they are earned"),
}

# By the code of the answer; `needs_person` and all that is not here calls somebody
REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "unknown_phone": (
        "Этого телефона в программе нет. Проверьте цифры.",
        "No member has it. Check the digits.",
    ),
    "bad_phone": ("Такого номера не бывает. Проверьте цифры.", "There is no such number. Check the digits."),
    "phone_shared": (
        "Этот телефон у нескольких участников. Приложите карту.",
        "Several members have this phone. Scan the card.",
    ),
    "guessing": ("Слишком много попыток. Приложите карту.", "Too many tries. Scan the card."),
    "unknown_card": ("Такой карты нет. Проверьте цифры.", "There is no such card. Check the digits."),
    "check_digit": ("В номере карты ошибка. Проверьте цифры.", "The card's number is wrong. Check the digits."),
    "length": ("В номере карты не столько цифр.", "The card's number has another length."),
    "not_a_card": ("Это не номер карты.", "This is no card's number."),
    "card_replaced": ("Эту карту заменили новой. Приложите новую.", "This card was replaced. Scan the new one."),
    "no_phones_yet": ("По телефону пока не найти. Приложите карту.", "Phones are not known yet. Scan the card."),
    "no_cards_yet": ("Карты пока не известны. Скажите кассиру.", "No card is known yet. Tell the cashier."),
    "code_wrong": ("Код другой. Проверьте цифры.", "That is another code. Check the digits."),
    "bad_code": ("Код другой. Проверьте цифры.", "That is another code. Check the digits."),
    "code_no_tries": ("Код не подошёл. Приложите карту.", "The code was wrong. Scan the card."),
    "code_over": ("Время кода вышло. Запросите новый.", "The code's time is over. Ask for a new one."),
    "code_used": ("Этот код уже вводили. Запросите новый.", "This code was used. Ask for a new one."),
    "code_too_early": ("Код уже отправлен. Подождите минуту.", "A code was sent already. Wait a minute."),
    "code_limit": ("Кодов слишком много. Приложите карту.", "Too many codes. Scan the card."),
    "code_needs_link": ("Без связи код не проверить. Приложите карту.", "Offline no code works. Scan the card."),
    "second_factor_unavailable": ("Коды пока не приходят. Приложите карту.", "No codes are sent yet. Scan the card."),
    "bad_points": ("Столько баллов не бывает.", "There are not so many points."),
    "guest_turn_over": ("Та покупка уже закончена. Начните снова.", "That purchase is over. Please begin anew."),
    "guest_sum_changed": (
        "Покупка изменилась. Посмотрите и подтвердите снова.",
        "The purchase changed. Look, and confirm again.",
    ),
    "guest_too_late": ("Уже идёт оплата.", "It is being paid for already."),
    "guest_tries_over": ("Слишком много попыток. Приложите карту.", "Too many tries. Scan the card."),
    "needs_person": ("Здесь нужен сотрудник. Позовите его.", "This needs somebody of the shop. Please call."),
    "busy": ("Касса занята. Попробуйте ещё раз.", "The till is busy. Try again."),
    "": ("Не получилось. Скажите кассиру.", "It did not work. Tell the cashier."),
}
SELF_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "no_cards_yet": (
        "Карты пока не известны. Позовите сотрудника.",
        "No card is known yet. Call somebody of the shop.",
    ),
    "": ("Не получилось. Позовите сотрудника.", "It did not work. Call somebody of the shop."),
}

# Lines of ours, by how their ids begin (pos_agent/priced.py)
EXTRAS: Final[dict[str, tuple[str, str]]] = {
    "card-reissue": ("Перевыпуск карты", "Card reissue"),
    "card-issue": ("Карта участника", "Member card"),
    "": ("Услуга", "Service"),
}

# Why a coupon on the receipt gives nothing
COUPONS: Final[dict[str, tuple[str, str]]] = {
    "basket_too_small": ("пока мала сумма чека", "the receipt is too small yet"),
    "members_only": ("приложите карту", "scan your card"),
    "no_member": ("именной: приложите карту", "personal: scan your card"),
    "wrong_member": ("другого участника", "another member's"),
    "another_is_better": ("другой купон выгоднее", "another coupon gives more"),
    "nothing_to_discount": ("нет подходящих товаров", "no goods for it"),
    "nothing_to_earn": ("нет подходящих товаров", "no goods for it"),
    "expired": ("срок истёк", "expired"),
    "over": ("акция закончилась", "the campaign is over"),
    "stopped": ("акция закончилась", "the campaign is over"),
    "": ("пока не действует", "does not hold yet"),
}


def say_guest(code: str, language: Language) -> str:
    return _in(language, GUEST_WORDS.get(code) or LIMITS[code])


def refusal_text(code: str, language: Language, *, alone: bool) -> str:
    """`alone`: nobody of the shop stands at this till."""
    tables: tuple[Mapping[str, tuple[str, str]], ...] = (SELF_REFUSALS, REFUSALS) if alone else (REFUSALS,)
    return _in(language, next((table[code] for table in tables if code in table), tables[0][""]))


def _in(language: Language, pair: tuple[str, str]) -> str:
    return pair[0 if language == "ru" else 1]
