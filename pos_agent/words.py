"""What the agent says to the cashier, in Russian and English, by code. One line each; it says what to do."""

from __future__ import annotations

from loyalty.programme import Language

_WORDS: dict[str, tuple[str, str]] = {
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
    "certificate": ("Сертификаты пока не принимаются.", "Certificates are not taken yet."),
    "not_ours": ("Код не относится к программе.", "The code is not of this programme."),
    "check_digit": (
        "Код прочитан с ошибкой (контрольная цифра). Считайте ещё раз.",
        "The code was misread (check digit). Scan again.",
    ),
    "length": (
        "В номере карты {right} цифр, а здесь {digits}. Проверьте номер или считайте карту.",
        "A card number has {right} digits, this one has {digits}. Check the number, or scan the card.",
    ),
    "too_long": ("Код слишком длинный. Это не карта и не купон.", "The code is too long. It is no card and no coupon."),
    "empty": ("Код пуст. Считайте ещё раз.", "The code is empty. Scan again."),
    "layout": ("Код не понять. {why}", "The code cannot be read. {why}"),
    "unsure_scan": (
        "Код прочитан не полностью. Считайте ещё раз.",
        "The code was not read whole. Scan again.",
    ),
    # coupons
    "coupon_taken": ("Купон принят: {name}.", "Coupon taken: {name}."),
    "coupon_used": ("Купон уже использован.", "The coupon was used already."),
    "coupon_shown": ("Этот купон уже в чеке.", "This coupon is on the receipt already."),
    "coupon_forged": ("Купон поддельный или испорчен: подпись не сходится.", "The coupon is forged or damaged."),
    "coupon_malformed": ("Это не купон: код не разобрать.", "That is no coupon: the code cannot be read."),
    "coupon_expired": ("Срок купона истёк.", "The coupon has expired."),
    "coupon_not_yet": ("Купон ещё не действует.", "The coupon is not valid yet."),
    "coupon_other_programme": ("Купон другой программы.", "The coupon is of another programme."),
    "coupon_unknown_key": (
        "Купон не проверить: касса ещё не получила ключ хаба.",
        "The coupon cannot be checked: the till has no hub key yet.",
    ),
    "coupon_unknown_campaign": ("Такой купонной акции нет.", "There is no such coupon campaign."),
    "coupon_one_of_a_kind": (
        "Купон «{name}» в чеке уже есть: такой может быть один.",
        "There is a coupon «{name}» on the receipt already: only one of this kind.",
    ),
    "coupon_waits_basket_too_small": (
        "Купон «{name}» пока ничего не даёт: нужен чек от {least}. Он останется в чеке.",
        "The coupon «{name}» gives nothing yet: it needs a receipt of {least}. It stays on the receipt.",
    ),
    "coupon_waits_goods_not_counted": (
        "Купон «{name}» пока ничего не даёт: нужен чек от {least}, а табак, сертификаты, неизвестные товары и подобное "
        "не в счёт. Он останется в чеке.",
        "The coupon «{name}» gives nothing yet: it needs a receipt of {least}; tobacco, certificates, unknown goods "
        "and the like do not count. It stays on the receipt.",
    ),
    "coupon_waits_members_only": (
        "Купон «{name}» пока ничего не даёт: он для участников, нужна карта. Он останется в чеке.",
        "The coupon «{name}» gives nothing yet: it is for members, show a card. It stays on the receipt.",
    ),
    "coupon_waits_nothing_to_discount": (
        "Купон «{name}» пока ничего не даёт: в чеке нет товаров, на которые он действует.",
        "The coupon «{name}» gives nothing yet: nothing on the receipt may be discounted by it.",
    ),
    "coupon_waits_another_is_better": (
        "Купон «{name}» ничего не даёт: другой купон выгоднее. Он не гасится.",
        "The coupon «{name}» gives nothing: another one gives more. It is not used up.",
    ),
    "coupon_waits_not_yet": (
        "Купон «{name}» ещё не действует.",
        "The coupon «{name}» is not valid yet.",
    ),
    "coupon_waits_over": ("Акция купона «{name}» закончилась.", "The campaign of the coupon «{name}» is over."),
    "coupon_dropped": ("Купон убран из чека.", "The coupon is off the receipt."),
    "no_such_coupon": ("Такого купона в чеке нет.", "There is no such coupon on the receipt."),
    # cards desk
    "card_will_be_issued": ("Карта {card} будет выдана с этой покупкой.", "Card {card} is issued with this purchase."),
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
    "card_will_be_reissued": (
        "Карта {card} заменит потерянную, баллы сохранятся. К оплате добавлено {fee}.",
        "Card {card} replaces the lost one, points are kept. {fee} added to pay.",
    ),
    "reissue_needs_manager": (
        "По одному телефону карту не заменить: нужна карта участника, код или управляющий.",
        "A spoken phone is not enough to replace a card: it needs a card of the member, the code or the manager.",
    ),
    "second_factor_unavailable": (
        "Коды пока не приходят. Попросите карту или позовите управляющего.",
        "Codes are not sent yet. Ask for a card, or call the manager.",
    ),
    "no_card_to_replace": ("У участника нет карты, которую можно заменить.", "The member has no card to replace."),
    # the basket and the payment
    "basket_without_member": ("Чек на {total}. Карту ещё не показали.", "Receipt of {total}. No card yet."),
    "basket_taken": ("Чек на {total}. {limit}", "Receipt of {total}. {limit}"),
    "unlawful_discount": (
        "{names}: со скидкой кассы дешевле, чем разрешает закон. Проверьте цену, позовите управляющего.",
        "{names}: with the POS's discount cheaper than the law allows. Check the price, call the manager.",
    ),
    "goods_unknown": (
        "Касса не знает, что за товар «{name}»: скидок и списания на него нет. Скажите управляющему; все такие товары "
        "в отчёте за смену.",
        "The till does not know what goods «{name}» is: no discounts, and points may not pay for it. Tell the manager; "
        "the report of the shift lists all such goods.",
    ),
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
    "prepared": ("К оплате {to_pay}, списано {points}.", "To pay {to_pay}, {points} redeemed."),
    "prepared_without_lines": ("К оплате ничего нет.", "There is nothing to pay."),
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
    "changed_offer": (
        "Условия изменились: теперь к оплате {to_pay}. Скажите покупателю.",
        "The offers have changed: now {to_pay} to pay. Tell the customer.",
    ),
    "changed_coupon": (
        "Купон теперь действует иначе: к оплате {to_pay}. Скажите покупателю.",
        "The coupon holds otherwise now: {to_pay} to pay. Tell the customer.",
    ),
    "changed_coupon_used": (
        "Купон использован на другой кассе: теперь к оплате {to_pay}. Скажите покупателю.",
        "The coupon was used at another till: now {to_pay} to pay. Tell the customer.",
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
    "bad_points": ("Баллов должно быть целое число от нуля.", "Points must be a whole number, zero or more."),
    "recorded": (
        "Чек записан: начислено {accrued}, списано {redeemed}. Баланс {balance}.",
        "Recorded: {accrued} accrued, {redeemed} redeemed. Balance {balance}.",
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
    "quote_of_another": (
        "Расчёт {quote} сделан для чека {sale}, а не для этого: ничего не записано. Пришлите pay с его номером.",
        "The quote {quote} was made for receipt {sale}, not for this one: nothing is recorded. Send pay with its "
        "number.",
    ),
    "unknown_quote": (
        "Расчёт {quote} касса не помнит. Пришлите pay вместе с `said`: строки и баллы, как они напечатаны.",
        "The till does not remember the quote {quote}. Send pay with `said`: lines and points as they were printed.",
    ),
    "card_recorded": ("Карта записана.", "The card is recorded."),
    "clock_slow": (
        "Часы кассы отстают на {minutes} мин.: время берётся у хаба. Позовите менеджера поправить часы.",
        "The till's clock is {minutes} min slow: the hub's time is used. Ask the manager to set the clock.",
    ),
    "clock_fast": (
        "Часы кассы спешат на {minutes} мин.: время берётся у хаба. Позовите менеджера поправить часы.",
        "The till's clock is {minutes} min fast: the hub's time is used. Ask the manager to set the clock.",
    ),
    "hub_refused": (
        "Хаб не принял операцию {operation}: {reason}. Карта, если её выдавали, не действует. Позовите управляющего.",
        "The hub refused operation {operation}: {reason}. A card that it gave out does not work. Call the manager.",
    ),
    "no_member": ("Продажа без карты записана, баллов нет.", "Recorded: a sale without a card, no points."),
    "not_recorded": (
        "Чек НЕ записан: {why} Продавайте без баллов и позовите управляющего.",
        "NOT recorded: {why} Sell without points and call the manager.",
    ),
    # goods that come back
    "return_prepared": ("По чеку {sale} вернуть {refund}.{more}", "Of receipt {sale} refund {refund}.{more}"),
    "return_recorded": (
        "Возврат {number} записан: {refund} по чеку {sale}.{more}",
        "Return {number} is recorded: {refund} of receipt {sale}.{more}",
    ),
    "return_recorded_before": (
        "Возврат {number} уже записан: {refund} по чеку {sale}.{more} Второй раз ничего не делаем.",
        "Return {number} is recorded already: {refund} of receipt {sale}.{more} Nothing is done twice.",
    ),
    "return_number_taken": (
        "Под номером {number} записан другой возврат: {refund} по чеку {sale}. Этот НЕ записан: возьмите другой номер, "
        "или подтвердите, что это другой возврат.",
        "Another return is recorded under the number {number}: {refund} of receipt {sale}. This one is NOT recorded: "
        "take another number, or confirm that it is another return.",
    ),
    "return_by_tender": (
        "Деньгами {money}, на сертификат {certificate}.",
        "{money} in money, {certificate} to the certificate.",
    ),
    "return_withheld": (
        "Удержано {amount}: без возвращённых товаров купон этой скидки не даёт.",
        "{amount} are kept: without these goods the coupon does not give that discount.",
    ),
    "return_restored": ("Вернутся списанные: {points}.", "Redeemed points come back: {points}."),
    "return_clawed_back": ("Снимутся начисленные: {points}.", "Earned points go: {points}."),
    "return_coupon": ("Купон снова можно использовать.", "The coupon may be used again."),
    "return_card_stays": (
        "Карта {card}, выданная этим чеком, остаётся действующей.",
        "Card {card}, which this receipt gave out, stays valid.",
    ),
    "return_came_back_twice": (
        "Эти товары уже возвращали: деньги отданы дважды, баллы второй раз не двигаются. Позовите управляющего.",
        "These goods had come back already: money was given twice, points do not move again. Call the manager.",
    ),
    "return_balance": ("Баланс {balance}.", "Balance {balance}."),
    "return_debt": (
        "Баланс {balance}: начисленное уже потратили, долг погасят следующие покупки.",
        "Balance {balance}: what was earned is spent already, the next purchases pay it.",
    ),
    "return_balance_later": (
        "Начисленное по этому чеку уже сгорело: баланс уточнит хаб.",
        "What that receipt earned has expired since: the hub will tell the balance.",
    ),
    "return_hub_refused": (
        "Хаб этого чека не принял, баллы по нему не двигались: возвращаются только деньги.",
        "The hub refused that receipt, so its points never moved: only money goes back.",
    ),
    "return_member_unknown": (
        "Участника касса не знает: баллы учтёт хаб.",
        "The till does not know the member: the hub will see to the points.",
    ),
    "return_member_merged": (
        "Счёт участника объединён с другим: баллы придут туда.",
        "The member's account went into another one: points go there.",
    ),
    "which_receipt": (
        "По какому чеку возврат? Назовите номер с днём или считайте код с чека.",
        "Of which receipt? Say its number and day, or scan the code on it.",
    ),
    "no_such_sale": (
        "Чека {sale} на этой кассе нет. Назовите его день, или считайте код с чека.",
        "This till has no receipt {sale}. Say its day, or scan the code on it.",
    ),
    "no_such_sale_of_day": (
        "Чека {sale} за {day} на этой кассе нет. Проверьте номер и день, или считайте код с чека.",
        "This till has no receipt {sale} of {day}. Check the number and the day, or scan the code on it.",
    ),
    "no_such_fiscal": (
        "Чека с фискальным документом {document} на этой кассе нет. Назовите номер чека и день.",
        "This till has no receipt with the fiscal document {document}. Say the receipt's number and day.",
    ),
    "not_a_sales_receipt": (
        "Это не чек продажи. Считайте код с чека покупки.",
        "That is no receipt of a sale. Scan the code on the receipt of the purchase.",
    ),
    "no_receipt_code": (
        "Это не код чека. Считайте код с чека покупки или назовите его номер и день.",
        "That is no receipt's code. Scan the code on the receipt of the purchase, or say its number and day.",
    ),
    "sold_elsewhere": (
        "Этот чек пробит на кассе {till}: товар по нему возвращают там.",
        "That receipt is of till {till}: its goods are taken back there.",
    ),
    "rules_unknown": (
        "Условий программы на день продажи ({hash}) касса не хранит. Верните деньги, баллы поправит управляющий.",
        "The till does not have the programme's rules of the day of sale ({hash}). Refund the money; the manager sees "
        "to the points.",
    ),
    "all_came_back": ("По чеку {sale} всё уже вернули.", "All of receipt {sale} has come back already."),
    "nothing_comes_back": (
        "Что возвращают по чеку {sale}? Назовите строки, или весь чек.",
        "What comes back of receipt {sale}? Name its lines, or the whole of it.",
    ),
    "bad_return": ("Возврат не принят: {why}.", "The return was refused: {why}."),
    "bad_reason": (
        "Причина не годится: до {most} печатных знаков.",
        "The reason will not do: at most {most} printable characters.",
    ),
    "return_needs_reason": (
        "Деньгами за сертификат возвращают по причине. Назовите её.",
        "Money for what a certificate paid needs a reason. Name it.",
    ),
    "return_needs_number": (
        "У возврата нет номера: пришлите номер чека возврата.",
        "The return has no number: send the number of the receipt of the return.",
    ),
    "unknown_return_quote": (
        "Этот расчёт возврата касса не помнит. Пришлите и чек, и строки.",
        "The till does not remember that return. Send the receipt and the lines too.",
    ),
    "receipt": (
        "Это код чека. Для возврата выберите на кассе «Возврат» и считайте его там.",
        "That is a receipt's code. For a return choose «Return» at the POS and scan it there.",
    ),
    "cancelled": ("Визит отменён.", "The visit is cancelled."),
    "not_now_idle": ("Сначала нужен чек.", "A basket comes first."),
    "not_now_retold": (
        "Этот чек уже записан; его повторяют.",
        "This receipt is recorded already; it is being told again.",
    ),
    "not_now_member": ("Сначала нужен чек.", "A basket comes first."),
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
        "«{day}» is not a day. Write it like {today}.",
    ),
    "day_far_away": (
        "День чека {day} далеко от сегодняшнего ({today}): годятся вчера, сегодня и завтра.",
        "The receipt's day {day} is far from today ({today}): yesterday, today and tomorrow will do.",
    ),
    "day_without_sale": (
        "День без номера чека. Назовите и номер.",
        "A day without a sale's number. Say the number too.",
    ),
    "bad_command": ("Команда не понята: {why}.", "The command is not understood: {why}."),
    "fault": (
        "Ошибка программы. Продавайте без баллов и позовите управляющего.",
        "A fault in the program. Sell without points and call the manager.",
    ),
    "busy": ("Агент занят, повторите.", "The agent is busy, try again."),
    # devices
    "scanner_ready": ("Сканер {name} готов.", "Scanner {name} is ready."),
    "scanner_away": (
        "Сканер {name} не отвечает: проверьте кабель. Номер карты можно набрать руками.",
        "Scanner {name} does not answer: check its cable. Card numbers can be typed.",
    ),
    # paper
    "paper_answered": ("Понятно.", "Understood."),
    "copy_queued": (
        "Копия «Информации по карте» к чеку {sale} печатается.",
        "A copy of the “Card information” for receipt {sale} is being printed.",
    ),
    "copy_not_out": (
        "Копия «Информации по карте» к чеку {sale} уже ждёт принтера.",
        "A copy of the “Card information” for receipt {sale} is waiting for the printer already.",
    ),
    "no_receipt_yet": (
        "«Информация по карте» на этой кассе ещё не печаталась.",
        "This till has printed no “Card information” yet.",
    ),
    "no_such_receipt": (
        "Чека {sale} за {day} на этой кассе нет. Проверьте номер и день.",
        "This till has no receipt {sale} of {day}. Check the number and the day.",
    ),
    "sale_without_paper": (
        "По чеку {sale} бумаги не было: он пробит без карты.",
        "There was no paper of receipt {sale}: it was sold without a card.",
    ),
    "paper_is_tail": (
        "Баллы здесь печатает касса, в конце своего чека: повторите чек на кассе.",
        "Here the POS prints the points, at the end of its own receipt: print that one again at the POS.",
    ),
    "receipt_not_out": (
        "«Информация по карте» к чеку {sale} ещё не напечатана: она ждёт принтера и выйдет сама.",
        "The “Card information” for receipt {sale} is not printed yet: it waits for the printer and comes by itself.",
    ),
    "receipt_in_question": (
        "Сначала ответьте, вышла ли «Информация по карте» к чеку {sale}.",
        "First answer whether the “Card information” for receipt {sale} came out.",
    ),
    "report_queued": ("Отчёт по баллам за {day} печатается.", "The points report of {day} is being printed."),
    "report_shown": ("Отчёт по баллам:\n{report}", "Points report:\n{report}"),
    "no_paper_question": ("Про чек никто не спрашивал.", "Nothing was asked about a receipt."),
}


TYPED_SHOWN_MAX = 24  # characters of what somebody typed: enough to see which one is wrong


def as_typed(text: str) -> str:
    """What somebody typed, fit to be said back: short, and nothing in it that a terminal would obey."""
    cut = text if len(text) <= TYPED_SHOWN_MAX else f"{text[:TYPED_SHOWN_MAX]}…"
    return "".join(char if char.isprintable() else "·" for char in cut)


def say(code: str, language: Language, **facts: str) -> str:
    """The line for a code."""
    return _WORDS[code][0 if language == "ru" else 1].format(**facts)


def known_codes() -> frozenset[str]:
    return frozenset(_WORDS)
