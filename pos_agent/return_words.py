"""What the till says of goods that come back."""

from __future__ import annotations

from pos_agent.receipt_words import RECEIPT_WORDS

RETURN_WORDS: dict[str, tuple[str, str]] = {
    **RECEIPT_WORDS,
    "return_prepared": ("По чеку {sale} вернуть {refund}.{more}", "Of receipt {sale} refund {refund}.{more}"),
    "return_recorded": (
        "Возврат {number} записан: {refund} по чеку {sale}.{more}",
        "Return {number} is recorded: {refund} of receipt {sale}.{more}",
    ),
    "return_recorded_twice": (
        "Возврат {number} записан, но эти товары уже возвращали: деньги отданы дважды. Позовите управляющего. "
        "{refund} по чеку {sale}.{more}",
        "Return {number} is recorded, but these goods had come back already: money was given twice. Call the manager. "
        "{refund} of receipt {sale}.{more}",
    ),
    "return_quote_of_another": (
        "Расчёт {quote} сделан для другого возврата, по чеку {sale}, или уже записан под другим номером: ничего не "
        "записано.",
        "The quote {quote} was made for another return, of receipt {sale}, or is recorded under another number: "
        "nothing is recorded.",
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
    "return_number_taken_in_vain": (
        "Под номером {number} записан другой возврат: {refund} по чеку {sale}. Этот НЕ записан, и под другим номером "
        "его не записать. {why}",
        "Another return is recorded under the number {number}: {refund} of receipt {sale}. This one is NOT recorded, "
        "and cannot be under another number either. {why}",
    ),
    "return_by_tender": (
        "Деньгами {money}, на сертификат {certificate}.",
        "{money} in money, {certificate} to the certificate.",
    ),
    "return_withheld": (
        "Удержано {amount}: без возвращённых товаров эта скидка не положена.",
        "{amount} are kept: without these goods that discount is not due.",
    ),
    "return_restored": ("Возврат списанных: {points}.", "Redeemed points back: {points}."),
    "return_clawed_back": ("Снятие начисленных: {points}.", "Earned points taken: {points}."),
    "return_coupon": ("Купон снова можно использовать.", "The coupon may be used again."),
    "return_card_stays": (
        "Карта {card}, выданная этим чеком, остаётся действующей.",
        "Card {card}, which this receipt gave out, stays valid.",
    ),
    "return_balance": ("Баланс {balance}.", "Balance {balance}."),
    "return_balance_will": ("Баланс станет {balance}.", "The balance will be {balance}."),
    "return_debt": (
        "Долг {owed}: начисленное уже потратили, его погасят следующие покупки.",
        "{owed} are owed: what was earned is spent already, the next purchases pay it.",
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
    "sale_long_ago": (
        "Чек {sale} продан здесь, но срок возврата прошёл, и его товаров касса не помнит. Они есть в хабе: {history}.",
        "Receipt {sale} was sold here, too long ago: the till has its goods no longer. The hub has: {history}.",
    ),
    "fiscal_long_ago": (
        "Фискального документа {document} на этой кассе нет: чеки его дня старше срока возврата, и касса их уже не "
        "помнит. Они есть в хабе: {history}.",
        "This till has no fiscal document {document}: receipts of its day are too old, and it has them no longer. The "
        "hub has: {history}.",
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
    "receipt_needs_hub": (
        "На этой кассе такого чека нет, а чек другой кассы без связи не найти. Верните товар там, где его продали, или "
        "позже, когда появится связь.",
        "This till has no such receipt, and one of another till is not found without a connection. Take the goods back "
        "at the till that sold them, or later.",
    ),
    "no_receipt_needs_reason": (
        "Почему без чека? Назовите причину, до {most} печатных знаков.",
        "Why without a receipt? Name the reason, at most {most} printable characters.",
    ),
    "no_sale_anywhere": (
        "Такого чека нет ни здесь, ни в хабе. Та касса могла его ещё не передать: верните товар на ней или позже.",
        "Neither this till nor the hub has such a receipt. Its till may not have sent it: return it there, or later.",
    ),
    "return_rules_unknown": (
        "Условий на день продажи касса не хранит: посчитано по сегодняшним.",
        "The till does not have the rules of the day of sale: this is by those of today.",
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
}
