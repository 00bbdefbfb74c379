"""The same in short: what the cashier and the customer must hear, on a display of two lines of 40 characters or aloud.

Each of `words.py` that a reply may say has its short words here; \\n is where the second line begins best. What only
stands within a longer sentence (a cause, a field) has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drivers.printer.status import LINES, PrinterStatus
from loyalty.programme import Language
from pos_agent.card_words import CARD_SHORT
from pos_agent.certificate_words import CERTIFICATE_SHORT
from pos_agent.code_words import CODE_SHORT
from pos_agent.coupon_words import COUPON_SHORT
from pos_agent.damage_words import DAMAGE_SHORT
from pos_agent.day_words import DAY_SHORT
from pos_agent.errand_words import ERRAND_SHORT
from pos_agent.guard_words import GUARD_SHORT
from pos_agent.hold_words import HOLD_SHORT
from pos_agent.hub_words import HUB_SHORT
from pos_agent.office_desk_words import OFFICE_DESK_SHORT
from pos_agent.phone_code_words import PHONE_CODE_SHORT
from pos_agent.receipt_words import RECEIPT_SHORT
from pos_agent.registration_words import REGISTRATION_SHORT
from pos_agent.staff_words import STAFF_SHORT
from pos_agent.sticker_words import STICKER_SHORT
from pos_agent.two_lines import laid_out

SHORT_WORDS: Final[dict[str, tuple[str, str]]] = {
    # who
    "member_found": ("Карта {card}\nНа счёте {balance}", "Card {card}\nBalance {balance}"),
    "member_found_by_phone": ("По телефону: карта {card}\nНа счёте {balance}", "By phone: {card}\nBalance {balance}"),
    "unknown_card": (
        "Карта {card} неизвестна\nВыдайте её или попросите другую",
        "Card {card} is unknown\nIssue it or ask for another",
    ),
    "unknown_card_or_goods": (
        "{card}: не карта\nЕсли товар, его продаёт касса",
        "{card} is no card\nIf it is goods, the POS sells it",
    ),
    "no_cards_yet": ("Карту {card} не проверить\nПродавайте без баллов", "Card {card} cannot be checked\nNo points"),
    "card_replaced": ("Карта {card} заменена\nНужна новая карта", "Card {card} was replaced\nAsk for the new one"),
    "unknown_phone": ("Телефона нет в программе\nПопросите карту", "No member has this phone\nAsk for the card"),
    "phone_shared": (
        "Телефон не у одного участника\nПопросите карту",
        "Several members have this phone\nAsk for the card",
    ),
    "bad_phone_no_phone": ("Это не номер телефона\nНаберите ещё раз", "Not a phone number\nType it again"),
    "bad_phone_not_whole": ("Такого телефона нет\nПроверьте цифры", "No whole phone number\nCheck the digits"),
    "bad_phone_plus_eight": ("С плюсом пишут +7, без плюса 8\nНаберите ещё раз", "Write +7, or 8\nType it again"),
    "no_phones_yet": ("Телефоны пока не проверить\nПопросите карту", "Phones cannot be checked yet\nAsk for the card"),
    **GUARD_SHORT,
    **DAMAGE_SHORT,
    **HUB_SHORT,
    **ERRAND_SHORT,
    **REGISTRATION_SHORT,
    **STAFF_SHORT,
    **STICKER_SHORT,
    **DAY_SHORT,
    **RECEIPT_SHORT,
    **OFFICE_DESK_SHORT,
    **HOLD_SHORT,
    **PHONE_CODE_SHORT,
    **CODE_SHORT,
    **CARD_SHORT,
    **CERTIFICATE_SHORT,
    # codes
    "goods": ("Это товар: его продаёт касса", "That is goods: the POS sells it"),
    "not_ours": ("Код не этой программы", "The code is not of this programme"),
    "not_ours_but_for_letter": (
        "Карта {card}, но с буквой «{letter}»\nНаберите номер вручную",
        "Card {card} behind a letter “{letter}”\nType the number",
    ),
    "check_digit": ("Код прочитан с ошибкой\nСчитайте ещё раз", "Misread\nScan again"),
    "length": ("В карте {right} цифр, здесь {digits}\nСчитайте карту", "{right} digits, not {digits}\nScan the card"),
    "too_long": ("Это не карта и не купон", "No card and no coupon"),
    "empty": ("Код пуст\nСчитайте ещё раз", "The code is empty\nScan again"),
    "layout": ("Код не понять\nПереключите раскладку клавиатуры", "The code cannot be read\nSwitch the keyboard"),
    "unsure_scan": ("Код прочитан не весь\nСчитайте ещё раз", "Not read whole\nScan again"),
    **COUPON_SHORT,
    # cards desk
    "card_will_be_issued": ("Карта {card} выдаётся\nс этой покупкой", "Card {card} is issued\nwith this purchase"),
    "card_not_blank": ("Карта {card} уже выдана\nВозьмите другую", "Card {card} is taken\nUse another one"),
    "not_a_card": ("{card}: не номер карты", "{card} is no card number"),
    "purchase_too_small": ("Карта с покупкой от {least}\nВ чеке {total}", "A card needs {least}\nThis is {total}"),
    "purchase_too_small_but_for_closed": (
        "Карта с покупкой от {least}\nБез табака и прочего {total}",
        "A card needs {least}\nWithout tobacco etc. {total}",
    ),
    "card_will_be_reissued": ("Карта {card} вместо потерянной\nПлата {fee}", "Card {card} for the lost one\nFee {fee}"),
    "reissue_needs_manager": (
        "Замена карты по телефону:\nпозовите управляющего",
        "Call the manager\nto replace the card",
    ),
    "no_card_to_replace": ("Заменять нечего", "There is no card to replace"),
    # the basket and the payment
    "basket_without_member": ("К оплате {total}\nЕсть карта?", "To pay {total}\nAny card?"),
    "basket_taken": ("Можно списать {may}\nК оплате {to_pay}", "{may} may be redeemed\nTo pay {to_pay}"),
    "basket_taken_accrues": ("К оплате {to_pay}\nНачислим {accrued}", "To pay {to_pay}\nEarns {accrued}"),
    "basket_taken_plain": ("К оплате {to_pay}", "To pay {to_pay}"),
    "basket_taken_redeems": ("Списываем {points}\nК оплате {to_pay}", "Redeeming {points}\nTo pay {to_pay}"),
    "basket_bounds_wish": ("Спишется только {points}\nК оплате {to_pay}", "Only {points} redeemed\nTo pay {to_pay}"),
    "unlawful_discount": (
        "Скидка кассы ниже цены по закону\nПозовите управляющего",
        "The discount breaks the law\nCall the manager",
    ),
    "unlawful_price": (
        "Цена ниже наименьшей по закону\nПозовите управляющего",
        "The price breaks the law\nCall the manager",
    ),
    "least_price_unlikely": (
        "Наименьшая цена неверна\nСкажите управляющему",
        "The least price is wrong\nTell the manager",
    ),
    "card_taken": ("Карта {card} уже у другого\nПозовите управляющего", "Card {card} is another's\nCall the manager"),
    "card_not_issued": (
        "Карту {card} с этим чеком\nне выдать: нужно {least}",
        "Card {card} is not issued\nIt needs {least}",
    ),
    "goods_unknown": ("Неизвестный товар: скидок на него нет", "Unknown goods: no discount"),
    "basket_empty": ("Чек пуст", "The basket is empty"),
    "card_dropped": ("Карта убрана, чек остался", "The card is off, the basket stays"),
    "card_for_next": ("Карта {card}\nподождёт следующего чека", "Card {card}\nwaits for the next receipt"),
    "prepared": ("К оплате {to_pay}\nСпишется {points}", "To pay {to_pay}\n{points} redeemed"),
    "prepared_without_lines": ("К оплате ничего нет", "There is nothing to pay"),
    "changed_card": ("Карта снова действует\nТеперь к оплате {to_pay}", "Card is free again\nNow to pay {to_pay}"),
    "changed_card_blocked": ("Карта заблокирована\nБез баллов {to_pay}", "Card is blocked\nNo points: {to_pay}"),
    "changed_link": ("Связь изменилась\nТеперь к оплате {to_pay}", "The link has changed\nNow to pay {to_pay}"),
    "changed_balance": ("Баланс изменился\nТеперь к оплате {to_pay}", "The balance has changed\nNow to pay {to_pay}"),
    "changed_day": ("Наступил другой день\nТеперь к оплате {to_pay}", "It is another day\nNow to pay {to_pay}"),
    "changed_programme": ("Правила сменились\nТеперь к оплате {to_pay}", "Rules have changed\nNow to pay {to_pay}"),
    "changed_offer": ("Условия изменились\nТеперь к оплате {to_pay}", "Offers have changed\nNow to pay {to_pay}"),
    "changed_coupon": ("Купон действует иначе\nТеперь к оплате {to_pay}", "Coupon has changed\nNow to pay {to_pay}"),
    "changed_coupon_used": ("Купон уже использован\nТеперь к оплате {to_pay}", "Coupon used up\nNow to pay {to_pay}"),
    "changed_age": ("Чек считали давно\nТеперь к оплате {to_pay}", "Worked out long ago\nNow to pay {to_pay}"),
    "bad_basket": ("Чек не принят\nПроверьте товары", "The basket was refused\nCheck the goods"),
    "redeem_would_be": ("Спишем {points}\nК оплате {to_pay}", "{points} to redeem\nTo pay {to_pay}"),
    "redeem_set": ("Списываем {points}\nК оплате {to_pay}", "Redeeming {points}\nTo pay {to_pay}"),
    "bad_points": ("Сколько списать? Целое число от нуля", "How many points? A whole number"),
    "recorded": ("Начислено {accrued}\nБаланс {balance}", "Earned {accrued}\nBalance {balance}"),
    "recorded_redeemed": ("Списано {redeemed}\nБаланс {balance}", "Redeemed {redeemed}\nBalance {balance}"),
    "recorded_before": ("Чек {sale} уже записан\nБыло к оплате {to_pay}", "{sale} is recorded already\nPaid {to_pay}"),
    "sale_number_taken": (
        "Номер {sale} занят: {to_pay}\nЭтот чек НЕ записан",
        "{sale} is taken: {to_pay}\nThis one is NOT recorded",
    ),
    "sale_number_long_taken": ("Номер {sale} занят давно\nНЕ записан", "{sale} was taken long ago\nNOT recorded"),
    "quote_of_another": (
        "Это расчёт чека {sale}\nНичего не записано",
        "That is a quote of {sale}\nNothing is recorded",
    ),
    "unknown_quote": ("Касса не помнит этого расчёта\nЧек НЕ записан", "The till forgot this quote\nNOT recorded"),
    "card_recorded": ("Карта записана", "The card is recorded"),
    "clock_slow": (
        "Часы кассы отстают на {minutes} мин.\nПозовите управляющего",
        "The clock is {minutes} min slow\nCall the manager",
    ),
    "clock_fast": (
        "Часы кассы спешат на {minutes} мин.\nПозовите управляющего",
        "The clock is {minutes} min fast\nCall the manager",
    ),
    "hub_refused": (
        "Хаб не принял операцию {operation}\nПозовите управляющего",
        "The hub refused operation {operation}\nCall the manager",
    ),
    "no_member": ("Продажа без карты записана", "Recorded without a card"),
    "not_recorded": (
        "Чек НЕ записан. Продавайте без баллов\nПозовите управляющего",
        "NOT recorded. Sell without points\nCall the manager",
    ),
    "receipt": ("Это код чека\nДля возврата выберите «Возврат»", "That is a receipt's code\nReturn? Choose «Return»"),
    "cancelled": ("Визит отменён", "The visit is cancelled"),
    "not_now_idle": ("Сначала нужен чек", "A basket comes first"),
    "not_now_retold": ("Этот чек уже записан", "This receipt is recorded already"),
    "not_now_member": ("Сначала нужен чек", "A basket comes first"),
    "not_now_basket": ("Сначала нужна карта или телефон", "A card or a phone comes first"),
    "not_now_ready": ("В этом чеке уже есть карта", "This receipt has a card already"),
    "bad_sale_number": ("Номер чека не годится", "The sale number will not do"),
    "bad_shift": ("Смена не годится", "The shift will not do"),
    "bad_day": ("День чека не понять", "The day cannot be read"),
    "day_far_away": ("День чека далеко от сегодняшнего", "The day is far from today"),
    "day_without_sale": ("Назовите и номер чека", "Say the sale's number too"),
    "bad_command": ("Команда не понята", "The command is not understood"),
    "fault": ("Ошибка программы\nПродавайте без баллов", "A fault in the program\nSell without points"),
    "busy": ("Касса занята, повторите", "The till is busy, try again"),
    "not_found": ("Такого адреса у кассы нет", "The till has no such address"),
    "wrong_method": ("Так этот адрес не спрашивают", "Not how this address is asked"),
    "wrong_host": ("Касса отвечает только на своей машине", "This till answers on its machine alone"),
    "wrong_token": ("Токена нет, или он не тот", "The token is missing or wrong"),
    "wrong_content_type": ("Нужна команда в JSON", "A command in JSON is needed"),
    "bad_query": ("Вопрос не понят", "The query is not understood"),
    "malformed": ("Такой запрос касса не понимает", "The till takes no such request"),
    "wrong_origin": ("Другим сайтам касса не отвечает", "No answers to other sites"),
    "wrong_encoding": ("Тело запроса сжато", "The body is encoded"),
    "too_large": ("Запрос слишком длинный", "The request is too long"),
    "headers_too_large": ("Заголовки слишком длинны", "The headers are too long"),
    "too_slow": ("Запрос не пришёл целиком", "The request did not arrive whole"),
    "too_many": ("Слишком многие ждут новостей", "Too many wait for news"),
    "bad_idempotency_key": ("Idempotency-Key не годится", "The Idempotency-Key will not do"),
    "idempotency_key_reused": ("Этот Idempotency-Key уже был", "This Idempotency-Key was used"),
    "needs_person": ("Позовите сотрудника магазина", "Call an assistant"),
    "training": ("Учебный режим: всё не по-настоящему", "Training: nothing here is real"),
    # a balance, receipts that wait, the drawer
    "balance_told": ("На счёте {balance}", "{balance} on the account"),
    "member_known": (
        "Участник найден: баллы начислятся\nБаланс — по карте",
        "Member found\nThe balance takes the card",
    ),
    "owing_told": ("Долг {owed}\nПогасят следующие баллы", "{owed} are owed\nThe next points pay it"),
    "owing_found": ("Долг {owed}\nПогасят следующие баллы", "{owed} are owed\nThe next points pay it"),
    "owing_found_by_phone": ("Долг {owed}\nПогасят следующие баллы", "{owed} are owed\nThe next points pay it"),
    "recorded_owing": ("Начислено {accrued}\nДолг {owed}", "Earned {accrued}\n{owed} are owed"),
    "owed_why": ("Потрачены дважды или сняты за возврат", "Spent twice, or taken back"),
    "points_come": ("С {at} ещё\n{points}", "From {at}\n{points} more"),
    "points_die": ("{day} сгорит\n{points}", "On {day}\n{points} end"),
    "which_member": ("Чей баланс?\nКарта или телефон", "Whose balance?\nA card or a phone"),
    "coupon_is_no_card": ("Это купон\nПопросите карту", "That is a coupon\nAsk for the card"),
    "receipt_not_here": (
        "Чека {sale} на кассе нет\nПришлите товары и карту",
        "{sale} is not at the till\nSend it again",
    ),
    "put_aside": ("Чек {sale} отложен", "{sale} is put aside"),
    "taken_up": ("Чек {sale} снова на кассе", "{sale} is in front again"),
    "pushed_out": ("Отложенный чек {sale}\nзабыт: их больше 20", "{sale} is forgotten\nThe till keeps 20"),
    "nothing_in_front": ("Откладывать нечего", "There is nothing to put aside"),
    "receipt_without_number": ("У чека нет номера\nЗавершите его", "No number on the receipt\nFinish it"),
    "not_put_aside": ("Чека {sale} нет\nсреди отложенных", "No {sale} is put aside"),
    "several_put_aside": ("Чеков {sale} несколько\nНазовите день", "Several {sale} are aside\nSay the day"),
    "drawer_opens": ("Денежный ящик открывается", "The cash drawer opens"),
    "paper_without_printer": ("У кассы нет принтера", "This till has no printer"),
    "drawer_without_printer": (
        "Принтера нет\nОткройте ящик ключом",
        "There is no printer\nOpen the drawer with its key",
    ),
    "no_drawer": ("Ящик принтером не открыть\nОткройте ключом", "The printer opens no drawer\nUse its key"),
    "drawer_not_now": ("Ящик сейчас не открыть\nОткройте ключом", "The drawer cannot open\nUse its key"),
    # goods that come back
    "return_prepared": ("Вернуть {refund}", "Refund {refund}"),
    "return_recorded": ("Возврат записан: {refund}", "Return recorded: {refund}"),
    "return_recorded_twice": (
        "Эти товары уже возвращали!\nПозовите управляющего",
        "These goods came back before!\nCall the manager",
    ),
    "return_quote_of_another": (
        "Это расчёт другого возврата\nНичего не записано",
        "A quote of another return\nNothing is recorded",
    ),
    "return_recorded_before": ("Возврат {number} уже записан\nБыло {refund}", "{number} is recorded already\n{refund}"),
    "return_number_taken": (
        "Номер {number} занят: {refund}\nЭтот возврат НЕ записан",
        "{number} is taken: {refund}\nThis one is NOT recorded",
    ),
    "return_number_taken_in_vain": (
        "Номер {number} занят другим\nВозврат не принят",
        "{number} is another's\nThe return was refused",
    ),
    "return_by_tender": (
        "Деньгами {money}\nНа сертификат {certificate}",
        "In money {money}\nTo the certificate {certificate}",
    ),
    "return_withheld": ("Удержано {amount}", "{amount} are kept"),
    "return_restored": ("Возврат списанных: {points}", "Points back: {points}"),
    "return_clawed_back": ("Снятие начисленных: {points}", "Points taken: {points}"),
    "return_coupon": ("Купон снова можно использовать", "The coupon may be used again"),
    "return_card_stays": ("Карта {card} остаётся", "Card {card} stays valid"),
    "return_balance": ("Баланс {balance}", "Balance {balance}"),
    "return_balance_will": ("Баланс станет {balance}", "The balance will be\n{balance}"),
    "return_rules_unknown": ("Посчитано по сегодняшним условиям", "By the rules of today"),
    "return_debt": ("Долг {owed}", "{owed} are owed"),
    "return_balance_later": ("Баланс уточнит хаб", "The hub will tell the balance"),
    "return_hub_refused": ("Возвращаются только деньги", "Only money goes back"),
    "return_member_unknown": ("Баллы учтёт хаб", "The hub will see to the points"),
    "return_member_merged": ("Баллы придут на общий счёт", "Points go to the merged account"),
    "which_receipt": ("По какому чеку возврат?\nСчитайте код с чека", "Of which receipt?\nScan the code on it"),
    "no_such_sale": ("Чека {sale} здесь нет\nНазовите день или код", "No receipt {sale} here\nSay its day"),
    "no_such_sale_of_day": ("Чека {sale} за {day} нет", "No receipt {sale} of {day}"),
    "sale_long_ago": ("Срок возврата {sale} прошёл", "{sale} is too old to return"),
    "fiscal_long_ago": ("Срок возврата прошёл", "Too old to return"),
    "no_such_fiscal": ("Такого чека на этой кассе нет", "This till has no such receipt"),
    "not_a_sales_receipt": ("Это не чек продажи", "That is no receipt of a sale"),
    "no_receipt_code": ("Это не код чека\nСчитайте код с чека покупки", "No receipt's code\nScan that of the purchase"),
    "receipt_needs_hub": ("Без связи чек не найти\nВернуть, где купили", "Not found offline\nReturn it there"),
    "no_sale_anywhere": ("Такого чека нигде нет", "No such receipt"),
    "no_receipt_needs_reason": ("Почему без чека?", "Why no receipt?"),
    "sold_elsewhere": ("Этот чек пробит на другой кассе\nВозврат там: {till}", "Sold elsewhere\nReturn it at {till}"),
    "all_came_back": ("По чеку {sale}\nвсё уже вернули", "All of receipt {sale}\nhas come back already"),
    "nothing_comes_back": ("Что возвращают\nпо чеку {sale}?", "What comes back\nof receipt {sale}?"),
    "bad_return": ("Возврат не принят\nПроверьте товары", "The return was refused\nCheck the goods"),
    "bad_reason": ("Причина не годится", "The reason will not do"),
    "return_needs_reason": ("Назовите причину возврата", "Name the reason of the return"),
    "return_needs_number": ("У возврата нет номера", "The return has no number"),
    "unknown_return_quote": ("Касса не помнит этого возврата\nНазовите его снова", "The till forgot it\nSay it again"),
    # devices and paper
    "till_joined": ("Касса подключена к хабу", "The till has joined its hub"),
    "till_joined_file_stays": ("Касса подключена к хабу\nУдалите файл", "Joined its hub\nDelete the file"),
    "till_not_joined": ("Касса не подключилась\nПозовите управляющего", "Has not joined its hub\nCall the manager"),
    "link_not_joined": ("Касса не подключена к хабу\nПозовите управляющего", "Not joined to the hub\nCall the manager"),
    "link_no_key": ("Ключ кассы не прочитать\nПозовите управляющего", "The key cannot be read\nCall the manager"),
    "link_not_heard": (
        "Хаб не слушает кассу\nПозовите управляющего",
        "The hub does not hear this till\nCall the manager",
    ),
    "link_strange": ("Отвечает чужой хаб\nПозовите управляющего", "That is not our hub\nCall the manager"),
    "link_stopped": ("Хаб не слушает эту кассу\nПозовите управляющего", "The hub does not hear us\nCall the manager"),
    "link_away": ("Нет связи с хабом\nПродажи записываются", "The hub does not answer\nSales are recorded"),
    "link_back": ("Связь с хабом есть", "The hub is online"),
    "disk_low": ("Диск кассы почти полон\nПозовите управляющего", "The disk is nearly full\nCall the manager"),
    "disk_full": ("Диск кассы полон\nПродавайте без баллов", "The till's disk is full\nSell without points"),
    "disk_fails": ("Диск кассы не пишет\nПозовите управляющего", "The till's disk fails\nCall the manager"),
    "disk_good": ("На диске снова есть место", "The disk has room again"),
    "scanner_ready": ("Сканер готов", "The scanner is ready"),
    "scanner_connecting": ("Сканер подключается", "The scanner is connecting"),
    "scanner_away": ("Сканер не отвечает\nНаберите номер карты", "No scanner\nType the card's number"),
    "scanner_unread": (
        "Код виден, но не читается\nБлиже и без блика",
        "The code cannot be read\nCloser, without glare",
    ),
    "paper_answered": ("Понятно", "Understood"),
    "claim_queued": ("Бумага к чеку {sale} печатается", "A paper for {sale} is coming"),
    "copy_queued": ("Копия к чеку {sale} печатается", "A copy for {sale} is coming"),
    "copy_not_out": ("Копия к чеку {sale}\nуже ждёт принтера", "A copy for {sale}\nwaits for the printer"),
    "no_receipt_yet": ("Здесь ещё ничего не печаталось", "Nothing was printed here yet"),
    "receipt_long_ago": ("Чек {sale} за {day}: поздно", "{sale} of {day} is too old"),
    "day_long_ago": ("{day}: слишком давно\nЕсть в хабе", "{day} is too long ago\nThe hub has it"),
    "no_such_receipt": ("Чека {sale} за {day} нет", "No receipt {sale} of {day}"),
    "sale_without_paper": ("Чек {sale} был без карты\nБумаги нет", "{sale} was without a card\nThere is no paper"),
    "paper_is_tail": ("Повторите чек на кассе", "Print the receipt again at the POS"),
    "receipt_not_out": ("Бумага к чеку {sale}\nждёт принтера", "The paper for {sale}\nwaits for the printer"),
    "receipt_in_question": ("Сначала: вышла ли бумага\nк чеку {sale}?", "First: is the paper out\nfor {sale}?"),
    "report_queued": ("Отчёт за {day} печатается", "The report of {day} is coming"),
    "report_shown": ("Отчёт по баллам готов", "The points report is ready"),
    "no_paper_question": ("Про чек никто не спрашивал", "Nothing was asked about a receipt"),
}
PRINTER_WORDS: Final[dict[PrinterStatus, tuple[str, str]]] = {
    **LINES,  # most are short enough
    PrinterStatus.CUTTER: ("Заклинило нож принтера\nВыключите его и уберите бумагу", "The knife is jammed\nSwitch off"),
    PrinterStatus.NOT_A_PRINTER: (
        "По адресу принтера не принтер\nПроверьте настройки",
        "That is no printer\nCheck the settings",
    ),
    PrinterStatus.ERROR: ("Ошибка принтера\nВыключите его и включите", "Printer error\nSwitch it off and on"),
}
BEFORE_ALL: Final = (
    *(
        "unlawful_discount",
        "unlawful_price",
        "card_not_issued",
        "card_taken",
        "pushed_out",
        "return_recorded_twice",
        "return_by_tender",
    ),
)  # what must not be missed


def short(code: str, language: Language, **facts: str) -> tuple[str, ...]:
    """The short words for a code, laid out."""
    return laid_out([_sentence(code, facts, language)])


def short_of(remarks: Sequence[tuple[str, dict[str, str]]], language: Language) -> tuple[str, ...]:
    """Of several remarks, the answer itself first, as many as fit whole; the ones that must not be missed lead."""
    ordered = sorted(remarks, key=lambda remark: remark[0] not in BEFORE_ALL)
    return laid_out([_sentence(code, facts, language) for code, facts in ordered])


def _sentence(code: str, facts: dict[str, str], language: Language) -> str:
    return SHORT_WORDS[code][0 if language == "ru" else 1].format(**facts)
