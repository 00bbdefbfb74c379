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
        "{day}, весь магазин: продаж с картой {sales}, начислено {earned}, списано {spent}. Как рассказали хабу кассы.",
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
    "lost_earned": ("Начислено, хаб не принял", "Earned, the hub refused"),
    "lost_spent": ("Списано, хаб не принял", "Spent, the hub refused"),
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
PARTS: Final[dict[str, tuple[str, str]]] = {
    "nobody": ("без имени", "nobody named"),
    "hub": ("хаб: {why}", "hub: {why}"),
    "rest": ("остальные", "all others"),
    "ring": (
        "{time} {who}: {count} {what}, обычно до {most}{by}",
        "{time} {who}: {count} {what}, up to {most} is usual{by}",
    ),
    "by": (", кассир {by}", ", by {by}"),
    "who_card": ("карта {card}", "card {card}"),
    "who_nobody": ("поиск по номеру", "search by number"),
    "edited": ("запись {number} изменена", "row {number} was edited"),
    "missing": ("записи {number} нет", "row {number} is missing"),
    "unreadable": ("запись {number} не читается", "row {number} cannot be read"),
    "other": ("запись {number} не та, что знает хаб", "row {number} is not the one that the hub knows"),
}


def say_part(words: dict[str, tuple[str, str]], name: str, language: Language, **facts: str) -> str:
    """One of these tables; what is not in it is called as it is."""
    said = words.get(name)
    return name if said is None else said[0 if language == "ru" else 1].format(**facts)
