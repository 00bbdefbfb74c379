"""What is said of a day and of the audit log, and how its lines are called."""

from __future__ import annotations

from typing import Final

from loyalty.programme import Language

DAY_WORDS: dict[str, tuple[str, str]] = {
    "day_told": (
        "{day}, эта касса: продаж с картой {sales}, начислено {earned}, списано {spent}.",
        "{day}, this till: {sales} sales with a card, {earned} earned, {spent} spent.",
    ),
    "store_day_told": (
        "{day}, весь магазин: продаж с картой {sales}, начислено {earned}, списано {spent}. По данным касс в офисе.",
        "{day}, the whole store: {sales} sales with a card, {earned} earned, {spent} spent, as its tills told the hub.",
    ),
    "audit_told": ("Журнал цел, записей: {rows}.", "The audit log is whole, rows: {rows}."),
    "audit_edited": ("В журнал вмешивались: {which}.", "The audit log was tampered with: {which}."),
    "no_audit": ("На этой кассе журнал не ведётся.", "This till keeps no audit log."),
}
DAY_SHORT: dict[str, tuple[str, str]] = {
    "day_told": ("День {day}", "Day {day}"),
    "store_day_told": ("Магазин, день {day}", "Store, day {day}"),
    "audit_told": ("Журнал цел", "The audit log is whole"),
    "audit_edited": ("В журнал вмешивались", "The audit log was tampered with"),
    "no_audit": ("Журнал здесь не ведётся", "No audit log here"),
}
# lines of the day, in this order
LINES: Final[dict[str, tuple[str, str]]] = {
    "sales": ("Продаж с картой", "Sales with a card"),
    "paid": ("Оплачено деньгами", "Paid in money"),
    "earned": ("Начислено", "Earned"),
    "spent": ("Списано", "Spent"),
    "spent_worth": ("Скидка баллами", "Worth of what was spent"),
    "offline": ("Без связи, чеков", "Offline, receipts"),
    "offline_share": ("Без связи, доля", "Offline, share"),
    "offline_worth": ("Списано без связи", "Spent offline"),
    "strangers": ("Неизвестных здесь карт", "Cards not known here"),
    "sales_without_card": ("Продаж без карты", "Sales without a card"),
    "paid_without_card": ("Оплачено без карты", "Paid without a card"),
    "returns": ("Возвратов", "Returns"),
    "refunded": ("Возвращено деньгами", "Refunded in money"),
    "given_back": ("Баллы возвращены", "Points given back"),
    "taken_back": ("Баллы сняты", "Points taken back"),
    "cards_issued": ("Выдано карт", "Cards issued"),
    "cards_reissued": ("Заменено карт", "Cards replaced"),
    "cards_made_virtual": ("Карт стало виртуальными", "Cards made virtual"),
    "cards_blocked": ("Заблокировано карт", "Cards blocked"),
    "cards_unblocked": ("Разблокировано карт", "Cards unblocked"),
    "coupons_used": ("Погашено купонов", "Coupons used"),
    "coupons_returned": ("Возвращено купонов", "Coupons given back"),
    "stickers_given": ("Выдано наклеек", "Stickers given"),
    "stickers_spent": ("Обменяно наклеек", "Stickers exchanged"),
    "stickers_restored": ("Возвращено наклеек", "Stickers given back"),
    "stickers_taken_back": ("Снято наклеек", "Stickers taken back"),
    "certificates_sold": ("Продано сертификатов", "Certificates sold"),
    "certificates_sold_worth": ("Продано сертификатов на", "Certificates sold, worth"),
    "certificates_used": ("Оплат сертификатом", "Paid by certificate"),
    "certificates_used_worth": ("Оплачено сертификатами", "Paid by certificate, worth"),
    "certificates_back": ("Возвратов на сертификат", "Put back on certificates"),
    "certificates_back_worth": ("Вернулось на сертификаты", "Put back, worth"),
    "certificates_refunded": ("Сертификатов возвращено", "Certificates refunded"),
    "certificates_refunded_worth": ("Возвращено за сертификаты", "Refunded for certificates"),
    "certificates_blocked": ("Сертификатов заблокировано", "Certificates blocked"),
    "certificates_replaced": ("Сертификатов заменено", "Certificates replaced"),
    "lost_earned": ("Начислено, офис не принял", "Earned, the hub refused"),
    "lost_spent": ("Списано, офис не принял", "Spent, the hub refused"),
    "guesses": ("Набрано неизвестных номеров", "Unknown numbers typed"),
}
RULES: Final[dict[str, tuple[str, str]]] = {
    "card_hour": ("покупок за час на этой кассе", "purchases within an hour at this till"),
    "card_day": ("покупок за сутки", "purchases within a day"),
    "card_month": ("покупок за 30 дней", "purchases within 30 days"),
    "cashier_month": ("покупок за 30 дней через одного кассира", "purchases within 30 days by the same hands"),
    "tills": ("касс за минуты", "tills within minutes"),
    "staff_day": ("покупок за сутки по карте сотрудника", "purchases within a day with a card of staff"),
    "staff_month": ("покупок за 30 дней по карте сотрудника", "purchases within 30 days with a card of staff"),
    "guesses_day": ("неизвестных номеров за день", "unknown numbers typed in a day"),
}
# refusals whose short words name one card or receipt, as a reason of many
REASONS: Final[dict[str, tuple[str, str]]] = {
    "all_came_back": ("Чек уже вернули", "All has come back already"),
    "bad_code": ("Это не код", "Not a code"),
    "bad_phone": ("Это не телефон", "Not a phone number"),
    "bad_sale": ("Чек назван неверно", "A receipt's name is wrong"),
    "card_blocked_already": ("Карта уже заблокирована", "The card is blocked already"),
    "card_not_blank": ("Карта уже выдана", "The card is taken"),
    "card_not_blocked": ("Карта не заблокирована", "The card is not blocked"),
    "card_on_receipt": ("Карта стоит в чеке", "The card is on a receipt"),
    "card_replaced": ("Карта заменена", "The card was replaced"),
    "card_spoiled": ("Карта испорчена", "The card is spoiled"),
    "copy_not_out": ("Копия уже ждёт принтера", "A copy waits for the printer"),
    "day_long_ago": ("День слишком давно", "The day is too long ago"),
    "length": ("Не столько цифр в карте", "Not so many digits"),
    "no_cards_yet": ("Карты пока не проверить", "Cards cannot be checked yet"),
    "no_such_receipt": ("Такого чека нет", "No such receipt"),
    "no_such_sale": ("Такой продажи нет", "No such sale"),
    "not_a_card": ("Не номер карты", "No card number"),
    "not_put_aside": ("Среди отложенных нет", "Not put aside"),
    "purchase_too_small": ("Покупка мала для карты", "Too small for a card"),
    "quote_of_another": ("Расчёт другого чека", "Another receipt's quote"),
    "receipt_not_out": ("Чек ещё не напечатан", "The paper is not out"),
    "recorded_before": ("Чек уже записан", "Recorded already"),
    "return_number_taken": ("Номер возврата занят", "The return's number is taken"),
    "sale_number_taken": ("Номер чека занят", "The number is taken"),
    "sale_without_paper": ("Чек был без карты", "A sale without a card"),
    "second_code_over": ("Код офиса не подошёл", "The office's code is over"),
    "several_put_aside": ("Отложено несколько", "Several are aside"),
    "unknown_card": ("Карта неизвестна", "Unknown card"),
}
PARTS: Final[dict[str, tuple[str, str]]] = {
    "nobody": ("без имени", "nobody named"),
    "hub": ("офис: {why}", "hub: {why}"),
    "rest": ("остальные", "all others"),
    "ring": (
        "{time} {who}: {what}: {count}, обычно до {most}{by}",
        "{time} {who}: {count} {what}, up to {most} is usual{by}",
    ),
    "by": (", кассир {by}", ", by {by}"),
    "who_card": ("карта {card}", "card {card}"),
    "who_nobody": ("поиск по номеру", "search by number"),
    "edited": ("запись {number} изменена", "row {number} was edited"),
    "missing": ("записи {number} нет", "row {number} is missing"),
    "unreadable": ("запись {number} не читается", "row {number} cannot be read"),
    "other": ("запись {number} не та, что знает офис", "row {number} is not the one that the hub knows"),
}


def say_part(words: dict[str, tuple[str, str]], name: str, language: Language, **facts: str) -> str:
    """One of these tables; what is not in it is called as it is."""
    said = words.get(name)
    return name if said is None else said[0 if language == "ru" else 1].format(**facts)
