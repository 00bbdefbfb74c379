"""What the agent says to the cashier, in Russian and English, by code. One line each; it says what to do."""

from __future__ import annotations

from loyalty.programme import Language
from pos_agent.certificate_words import CERTIFICATE_WORDS
from pos_agent.code_words import CODE_WORDS
from pos_agent.coupon_words import COUPON_WORDS
from pos_agent.damage_words import DAMAGE_WORDS
from pos_agent.day_words import DAY_WORDS
from pos_agent.desk_words import DESK_WORDS
from pos_agent.device_words import DEVICE_WORDS
from pos_agent.errand_words import ERRAND_WORDS
from pos_agent.face_words import FACE_WORDS
from pos_agent.goods_words import GOODS_WORDS
from pos_agent.guard_words import GUARD_WORDS
from pos_agent.hold_words import HOLD_WORDS
from pos_agent.hub_words import HUB_WORDS
from pos_agent.office_desk_words import OFFICE_DESK_WORDS
from pos_agent.phone_code_words import PHONE_CODE_WORDS
from pos_agent.registration_words import REGISTRATION_WORDS
from pos_agent.return_words import RETURN_WORDS
from pos_agent.staff_words import STAFF_WORDS
from pos_agent.sticker_words import STICKER_WORDS

_COUNTER_WORDS: dict[str, tuple[str, str]] = {
    # who
    "member_found": ("Карта {card}: на счёте {balance}.", "Card {card}: {balance} on the account."),
    "member_found_by_phone": (
        "Участник найден по телефону, карта {card}: на счёте {balance}.",
        "Member found by phone, card {card}: {balance} on the account.",
    ),
    "unknown_card": (
        "Карта {card} неизвестна. Выдайте её с покупкой или попросите другую.",
        "Card {card} is unknown. Issue it with a purchase, or ask for another.",
    ),
    "unknown_card_or_goods": (
        "Код {card} — не известная карта. Если это весовой товар, его продаёт касса.",
        "The code {card} is no known card. If it is goods from the scale, the POS sells it.",
    ),
    "no_cards_yet": (
        "Карту {card} не проверить: касса ещё ни разу не связывалась с хабом. Продавайте без баллов.",
        "Card {card} cannot be looked up: this till has never reached its hub. Sell without points.",
    ),
    "card_replaced": (
        "Карта {card} заменена. Попросите новую.",
        "Card {card} was replaced. Ask for the new one.",
    ),
    "unknown_phone": (
        "Участника с этим телефоном нет. Попросите карту.",
        "No member has this phone. Ask for the card.",
    ),
    "phone_shared": (
        "Этот телефон у нескольких участников. Попросите карту.",
        "Several members share this phone. Ask for the card.",
    ),
    "bad_phone_no_phone": (
        "«{number}» — не номер телефона. Наберите его как 8 916 123-45-67.",
        "“{number}” is not a phone number. Type it like 8 916 123-45-67.",
    ),
    "bad_phone_not_whole": (
        "«{number}» — такого номера телефона нет: проверьте цифры. Наберите его как 8 916 123-45-67.",
        "“{number}” is no whole phone number: check the digits. Type it like 8 916 123-45-67.",
    ),
    "bad_phone_plus_eight": (
        "«{number}»: с плюсом пишут +7, без плюса 8. Наберите номер как 8 916 123-45-67.",
        "“{number}”: with a plus it is +7, without one 8. Type it like 8 916 123-45-67.",
    ),
    "no_phones_yet": (
        "Поиск по телефону заработает после первой связи с хабом. Попросите карту.",
        "Phones can be found after the first contact with the hub. Ask for the card.",
    ),
    # codes
    "goods": ("Это товар: его продаёт касса.", "That is goods: the POS sells it."),
    "not_ours": ("Код не относится к программе.", "The code is not of this programme."),
    "not_ours_but_for_letter": (
        "Это карта {card}, но сканер ставит перед кодом букву «{letter}». Наберите номер вручную и скажите тому, кто "
        "настраивает кассу: букву убирает настройка сканера.",
        "That is card {card}, but the scanner puts the letter “{letter}” before the code. Type the number, and tell "
        "whoever sets up the till: a setting of the scanner takes the letter off.",
    ),
    "check_digit": (
        "Код прочитан с ошибкой (контрольная цифра). Считайте ещё раз.",
        "The code was misread (check digit). Scan again.",
    ),
    "length": (
        "В номере карты {right} цифр, а здесь {digits}. Проверьте номер или считайте карту.",
        "A card number has {right} digits, this one has {digits}. Check the number, or scan the card.",
    ),
    "too_long": (
        "Код слишком длинный. Это не карта и не купон.",
        "The code is too long. It is no card and no coupon.",
    ),
    "empty": ("Код пуст. Считайте ещё раз.", "The code is empty. Scan again."),
    "layout": ("Код не понять. {why}", "The code cannot be read. {why}"),
    "unsure_scan": (
        "Код прочитан не полностью. Считайте ещё раз.",
        "The code was not read whole. Scan again.",
    ),
    # cards desk
    "card_will_be_issued": (
        "Карта {card} будет выдана с этой покупкой.",
        "Card {card} is issued with this purchase.",
    ),
    "card_not_blank": ("Карта {card} уже выдана. Возьмите другую.", "Card {card} is taken. Use another one."),
    "not_a_card": ("{card}: это не номер карты программы.", "{card} is not a card number of the programme."),
    "purchase_too_small": (
        "Карта выдаётся с покупкой от {least}, а чек на {total}.",
        "A card is issued with a purchase of {least} or more; this one is {total}.",
    ),
    "purchase_too_small_but_for_closed": (
        "Карта выдаётся с покупкой от {least}; без табака, лотереи, сертификатов, залога и сборов в чеке {total}.",
        "A card is issued with a purchase of {least} or more; without tobacco, lottery, certificates, deposits and "
        "fees this one is {total}.",
    ),
    "card_not_issued": (
        "Карту {card} с этим чеком не выдать: нужна покупка от {least}, а в чеке {total}. Возьмите карту обратно.",
        "Card {card} is not issued with this receipt: it needs {least} or more, and this one is {total}. Take it back.",
    ),
    "card_will_be_reissued": (
        "Карта {card} заменит потерянную, баллы сохранятся. К оплате добавлено {fee}.",
        "Card {card} replaces the lost one, points are kept. {fee} added to pay.",
    ),
    "reissue_needs_manager": (
        "По одному телефону карту не заменить: нужна карта участника, код или управляющий.",
        "A spoken phone is not enough to replace a card: it needs a card of the member, the code or the manager.",
    ),
    "no_card_to_replace": ("У участника нет карты, которую можно заменить.", "The member has no card to replace."),
    # the basket and the payment
    "basket_without_member": ("Чек на {total}. Карту ещё не показали.", "Receipt of {total}. No card yet."),
    "basket_taken": ("Чек на {total}. {limit}", "Receipt of {total}. {limit}"),
    "basket_empty": ("Чек пуст.", "The basket is empty."),
    "basket_bounds_wish": (
        "Чек на {total}. Просили списать {asked}, спишется {points}. {limit}",
        "Receipt of {total}. {asked} were asked for, {points} are redeemed. {limit}",
    ),
    "card_dropped": ("Карта убрана, чек остался.", "The card is off the receipt; the basket stays."),
    "card_for_next": (
        "Карта {card} подождёт следующего чека: в этом уже есть карта.",
        "Card {card} waits for the next receipt: this one has a card.",
    ),
    "prepared": ("К оплате {to_pay}, спишется {points}.", "To pay {to_pay}, {points} will be redeemed."),
    "card_taken": (
        "Карта {card} уже у другого покупателя и не выдана: возьмите её обратно и позовите управляющего.",
        "Card {card} is another customer's by now and is not given: take it back and call the manager.",
    ),
    "prepared_without_lines": ("К оплате ничего нет.", "There is nothing to pay."),
    "changed_card": (
        "Карта снова действует: теперь к оплате {to_pay}, начислим {accrued}. Скажите покупателю.",
        "The card is free again: now {to_pay} to pay, {accrued} to earn. Tell the customer.",
    ),
    "changed_card_blocked": (
        "Карта заблокирована: по ней не начислим и не спишем, к оплате {to_pay}. Скажите покупателю.",
        "The card is blocked: nothing is earned or redeemed with it, {to_pay} to pay. Tell the customer.",
    ),
    "changed_link": (
        "Связь изменилась: теперь к оплате {to_pay}. Скажите покупателю.",
        "The link has changed: now {to_pay} to pay. Tell the customer.",
    ),
    "changed_balance": (
        "Баланс изменился: теперь к оплате {to_pay}. Скажите покупателю.",
        "The balance has changed: now {to_pay} to pay. Tell the customer.",
    ),
    "changed_day": (
        "Наступил другой день: теперь к оплате {to_pay}. Скажите покупателю.",
        "It is another day: now {to_pay} to pay. Tell the customer.",
    ),
    "changed_programme": (
        "Правила программы сменились: теперь к оплате {to_pay}. Скажите покупателю.",
        "The programme's rules have changed: now {to_pay} to pay. Tell the customer.",
    ),
    "changed_offer": (
        "Условия изменились: теперь к оплате {to_pay}, начислим {accrued}. Скажите покупателю.",
        "The offers have changed: now {to_pay} to pay, {accrued} to earn. Tell the customer.",
    ),
    "changed_age": (
        "Чек считали давно: к оплате {to_pay}. Скажите покупателю.",
        "The receipt was worked out long ago: {to_pay} to pay. Tell the customer.",
    ),
    "bad_basket": ("Чек не принят: {why}.", "The basket was refused: {why}."),
    "redeem_set": (
        "Списываем {points} = {amount}, к оплате {to_pay}. {limit}",
        "Redeeming {points} = {amount}, to pay {to_pay}. {limit}",
    ),
    "redeem_none": ("Ничего не списываем, к оплате {to_pay}. {limit}", "Nothing is redeemed, to pay {to_pay}. {limit}"),
    "redeem_would_be": (
        "Было бы: спишется {points} = {amount}, к оплате {to_pay}. {limit}",
        "It would be: {points} = {amount} redeemed, {to_pay} to pay. {limit}",
    ),
    "bad_points": (
        "Баллов должно быть целое число от нуля до {most}.",
        "Points must be a whole number, zero to {most}.",
    ),
    "recorded": (
        "Чек {sale} записан: начислено {accrued}, списано {redeemed}. Баланс {balance}.",
        "Receipt {sale} is recorded: {accrued} accrued, {redeemed} redeemed. Balance {balance}.",
    ),
    "recorded_before": (
        "Чек {sale} уже записан: к оплате было {to_pay}, начислено {accrued}, списано {redeemed}. Второй раз ничего не "
        "делаем.",
        "Receipt {sale} is recorded already: {to_pay} to pay, {accrued} accrued, {redeemed} redeemed. Nothing is done "
        "twice.",
    ),
    "sale_number_taken": (
        "Под номером {sale} записан другой чек: {to_pay}, начислено {accrued}, списано {redeemed}. Этот НЕ записан: "
        "возьмите другой номер, или подтвердите, что это другая продажа.",
        "Another receipt is recorded under the number {sale}: {to_pay}, {accrued} accrued, {redeemed} redeemed. This "
        "one is NOT recorded: take another number, or confirm that it is another sale.",
    ),
    "sale_number_long_taken": (
        "Под номером {sale} давно записан чек на {to_pay}; его товаров касса уже не помнит. Этот НЕ записан: возьмите "
        "другой номер, или подтвердите, что это другая продажа.",
        "A receipt for {to_pay} is recorded under the number {sale}, so long ago that the till has its goods no more. "
        "This one is NOT recorded: take another number, or confirm that it is another sale.",
    ),
    "quote_of_another": (
        "Расчёт {quote} сделан для чека {sale}, а не для этого: ничего не записано. Пришлите pay с его номером.",
        "The quote {quote} was made for receipt {sale}, not for this one: nothing is recorded. Send pay with its "
        "number.",
    ),
    "unknown_quote": (
        "Расчёт {quote} касса не помнит. Пришлите pay вместе с `said`: строки и баллы, как они напечатаны.",
        "The till does not remember the quote {quote}. Send pay with `said`: lines and points as they were printed.",
    ),
    "clock_slow": (
        "Часы кассы отстают на {minutes} мин.: время берётся у хаба. Позовите управляющего поправить часы.",
        "The till's clock is {minutes} min slow: the hub's time is used. Ask the manager to set the clock.",
    ),
    "clock_fast": (
        "Часы кассы спешат на {minutes} мин.: время берётся у хаба. Позовите управляющего поправить часы.",
        "The till's clock is {minutes} min fast: the hub's time is used. Ask the manager to set the clock.",
    ),
    "hub_refused": (
        "Хаб не принял операцию {operation}: {reason}. Карта, если её выдавали, не действует. Позовите управляющего.",
        "The hub refused operation {operation}: {reason}. A card that it gave out does not work. Call the manager.",
    ),
    "no_member": (
        "Чек {sale} записан: продажа без карты, баллов нет.",
        "Receipt {sale} is recorded: a sale without a card, no points.",
    ),
    "not_recorded": (
        "Чек НЕ записан: {why}. Продавайте без баллов и позовите управляющего.",
        "NOT recorded: {why}. Sell without points and call the manager.",
    ),
    "file_full": ("на диске кассы нет места", "the till's disk is full"),
    "file_broken": ("диск кассы не пишет", "the till's disk cannot be written"),
    "file_busy": ("файл кассы занят другой программой", "another program holds the till's file"),
    "file_closed": ("файл кассы закрыт для записи", "the till's file may not be written"),
    "file_damaged": ("файл кассы повреждён", "the till's file is damaged"),
    "file_other": ("файл кассы не принял запись", "the till's file did not take it"),
    "receipt": (
        "Это код чека. Для возврата выберите на кассе «Возврат» и считайте его там.",
        "That is a receipt's code. For a return choose «Return» at the POS and scan it there.",
    ),
    "cancelled": ("Визит отменён.", "The visit is cancelled."),
    "not_now_idle": (
        "Сначала нужен чек: пробейте товар или найдите покупателя по карте или телефону.",
        "A basket comes first: ring goods up, or find the customer by card or phone.",
    ),
    "not_now_retold": (
        "Этот чек уже записан; его повторяют.",
        "This receipt is recorded already; it is being told again.",
    ),
    "not_now_member": (
        "Сначала нужен чек: пробейте товар.",
        "A basket comes first: ring goods up.",
    ),
    "not_now_basket": ("Сначала нужна карта или телефон.", "A card or a phone comes first."),
    "not_now_ready": ("У покупателя уже есть карта в этом чеке.", "This receipt has a card already."),
    "bad_sale_number": (
        "Номер чека не годится: от 1 до {most} печатных знаков.",
        "The sale number will not do: 1 to {most} printable characters.",
    ),
    "bad_shift": (
        "Смена не годится: до {most} печатных знаков.",
        "The shift will not do: at most {most} printable characters.",
    ),
    "bad_day": (
        "«{day}» — не день. Напишите, например, {today}.",
        "“{day}” is not a day. Write it like {today}.",
    ),
    "day_far_away": (
        "День чека {day} далеко от сегодняшнего ({today}): годятся вчера, сегодня и завтра.",
        "The receipt's day {day} is far from today ({today}): yesterday, today and tomorrow will do.",
    ),
    "day_without_sale": (
        "День без номера чека. Назовите и номер.",
        "A day without a sale's number. Say the number too.",
    ),
    # what a command lacks; {field} is as the POS calls it
    "bad_command": ("Команда не понята. {why}", "The command is not understood. {why}"),
    "bad_command_not_json": (
        "Это не JSON: проверьте кавычки, запятые и скобки.",
        "It is not JSON: check quotes, commas and brackets.",
    ),
    "bad_command_nested": ("Слишком много вложенных скобок.", "Its brackets are nested too deep."),
    "bad_command_no_object": (
        'Нужен объект, например {{"do": "cancel"}}.',
        'It must be an object, for example {{"do": "cancel"}}.',
    ),
    "bad_command_no_do": (
        "Поле do называет команду. Есть: {known}.",
        "The field do names the command. There are: {known}.",
    ),
    "bad_command_do": (
        "Команды «{given}» нет. Есть: {known}.",
        "There is no command “{given}”. There are: {known}.",
    ),
    "bad_command_do_near": (
        "Команды «{given}» нет. Может быть, {near}?",
        "There is no command “{given}”. Is {near} meant?",
    ),
    "bad_command_missing": (
        "Нет поля {field}: добавьте его, например {example}.",
        "The field {field} is missing: add it, for example {example}.",
    ),
    "bad_command_unknown": ("Поля {field} нет. Есть: {known}.", "There is no field {field}. There are: {known}."),
    "bad_command_unknown_near": (
        "Поля {field} нет. Может быть, {near}?",
        "There is no field {field}. Is {near} meant?",
    ),
    "bad_command_str": (
        "Поле {field}: нужна строка, например {example}.",
        "The field {field} must be a text, for example {example}.",
    ),
    "bad_command_int": (
        "Поле {field}: нужно целое число, например {example}.",
        "The field {field} must be a whole number, for example {example}.",
    ),
    "bad_command_bool": (
        "Поле {field}: нужно true или false, например {example}.",
        "The field {field} must be true or false, for example {example}.",
    ),
    "bad_command_array": (
        "Поле {field}: нужен список, например {example}.",
        "The field {field} must be a list, for example {example}.",
    ),
    "bad_command_object": (
        "Поле {field}: нужен объект, например {example}.",
        "The field {field} must be an object, for example {example}.",
    ),
    "bad_command_choice": ("Поле {field}: годится одно из {known}.", "The field {field} may be one of {known}."),
    "bad_command_field": ("Поле {field} не разобрать.", "The field {field} cannot be read."),
    "bad_command_whole": ("Её не разобрать.", "It cannot be read."),
    "fault": (
        "Ошибка программы. Продавайте без баллов и позовите управляющего.",
        "A fault in the program. Sell without points and call the manager.",
    ),
    "busy": ("Касса занята, повторите.", "The till is busy, try again."),
}
_WORDS = {
    **_COUNTER_WORDS,
    **COUPON_WORDS,
    **CERTIFICATE_WORDS,
    **GOODS_WORDS,
    **GUARD_WORDS,
    **DAMAGE_WORDS,
    **HOLD_WORDS,
    **HUB_WORDS,
    **DESK_WORDS,
    **RETURN_WORDS,
    **DEVICE_WORDS,
    **ERRAND_WORDS,
    **REGISTRATION_WORDS,
    **CODE_WORDS,
    **PHONE_CODE_WORDS,
    **STAFF_WORDS,
    **STICKER_WORDS,
    **DAY_WORDS,
    **OFFICE_DESK_WORDS,
    **FACE_WORDS,
}


TYPED_SHOWN_MAX = 24  # characters of what somebody typed: enough to see which one is wrong


def as_typed(text: str, most: int = TYPED_SHOWN_MAX) -> str:
    """What somebody typed, fit to be said back: short, and nothing in it that a terminal would obey."""
    cut = text if len(text) <= most else f"{text[:most]}…"
    return "".join(char if char.isprintable() else "·" for char in cut)


def say(code: str, language: Language, **facts: str) -> str:
    """The line for a code."""
    return template(code, language).format(**facts)


def template(code: str, language: Language) -> str:
    return _WORDS[code][0 if language == "ru" else 1]


def known_codes() -> frozenset[str]:
    return frozenset(_WORDS)
