"""What the pages of points say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from web.language import Words

POINTS_WORDS: Final[Words] = {
    "points_title": ("{Currency}", "{Currency}"),
    "points_now": ("На счёте", "On your account"),
    "points_held": (
        "Из них отложено — под чеки на кассе или обмен у партнёра: {points}.",
        "Of them held for receipts at tills or exchanges at partners: {points}.",
    ),
    "points_debt": (
        "Долг: {points}. Его погасят новые покупки.",
        "You owe {points}. New purchases pay it.",
    ),
    "points_all": ("Все", "All"),
    "points_in": ("Поступления", "Received"),
    "points_out": ("Списания", "Spent"),
    "points_ways": ("Что показать", "What to show"),
    "points_latest": ("Последние операции", "Latest operations"),
    "points_month": ("Месяц", "Month"),
    "points_months": ("Месяцы", "Months"),
    "points_every_month": ("За всё время", "All months"),
    "points_earlier": ("← {month}", "← {month}"),
    "points_later": ("{month} →", "{month} →"),
    "points_choose": ("Найти, или выбрать месяц", "Find, or choose a month"),
    "points_search": ("Товар, магазин, номер или сумма чека", "Goods, shop, number or sum of a receipt"),
    "points_search_do": ("Найти", "Find"),
    "points_found_none": (
        "Ничего не нашлось. Попробуйте одно слово из названия товара или другой месяц.",
        "Nothing was found. Try one word of the goods' name, or another month.",
    ),
    "points_none": (
        "Здесь появятся покупки, начисления и списания. Покажите карту на кассе.",
        "Purchases and {currency} will stand here. Show your card at the till.",
    ),
    "points_next": ("Показать ещё", "Show more"),
    "points_goods": ("{names} и ещё {count}", "{names} and {count} more"),
    "points_shop": ("магазин {shop}", "shop {shop}"),
    "points_number": ("чек {number}", "receipt {number}"),
    "points_files": ("Скачать за {month}", "Download {month}"),
    "points_files_year": ("Скачать за последний год", "Download the last year"),
    "points_csv": ("Таблица (CSV)", "Table (CSV)"),
    "points_pdf": ("Выписка (PDF)", "Statement (PDF)"),
    "points_not_given": ("Мне не начислили", "I was given no {currency}"),
    "points_not_given_how": (
        "Забыли карту? Внесите чек сами или покажите его с картой на любой кассе. Если карту показали, кассир найдёт "
        "покупку по кассовому чеку и начислит {currency}. Если покупки нет дольше суток, касса могла быть без связи: "
        "подождите день и проверьте снова.",
        "No card with you then? Bring the receipt yourself, or show it with your card at any till. Where the card was "
        "shown, the cashier finds the purchase by the cash receipt and adds the {currency}. A till may have been "
        "without a connection: wait a day and look again.",
    ),
    "points_to_claim": ("Внести чек без карты", "Bring a receipt without a card"),
    "points_to_all": ("Все операции", "All operations"),
    "points_lots": ("Сроки {of_currency}", "When {currency} die"),
    "points_partners": ("Обменять у партнёров", "Exchange at partners"),
    "points_top": ("Что вы покупаете чаще", "What you buy most"),
    # kinds
    "points_of_sale": ("Покупка", "Purchase"),
    "points_of_earlier_sale": ("Покупка по прежней программе", "Purchase in the programme of before"),
    "points_of_return": ("Возврат товара", "Goods returned"),
    "points_of_sale_claimed": ("Начислено по чеку позже", "Added later by a receipt"),
    "points_of_grant": ("Подарок", "Gift"),
    "points_of_grant_welcome": ("Приветственный подарок", "Welcome gift"),
    "points_of_grant_birthday": ("Подарок ко дню рождения", "Birthday gift"),
    "points_of_grant_import": ("Перенесено из прежней программы", "Brought from the programme of before"),
    "points_of_adjustment": ("Исправление", "Correction"),
    "points_of_expiry": ("Сгорели: срок вышел", "Died unspent"),
    "points_of_points_to_partner": ("Обмен у партнёра", "Exchange at a partner"),
    "points_of_points_to_charity": ("На благотворительность", "To charity"),
    "points_of_coupon_made": ("Купон за {currency}", "A coupon for {currency}"),
    # a receipt
    "points_receipt": ("Чек {number}", "Receipt {number}"),
    "points_receipt_online": ("{at}, интернет-магазин, заказ {number}", "{at}, online shop, order {number}"),
    "points_receipt_where": ("{at}, касса {till}", "{at}, till {till}"),
    "points_lines": ("Товары", "Goods"),
    "points_each": ("{quantity} × {price}", "{quantity} × {price}"),
    "points_kg": ("кг", "kg"),
    "points_off": ("скидка {sum}", "discount {sum}"),
    "points_by_points": ("списано {sum}", "taken off {sum}"),
    "points_back": ("возвращено: {quantity}", "came back: {quantity}"),
    "points_total": ("Итого", "Total"),
    "points_paid": ("Деньгами", "In money"),
    "points_earned": ("Начислено", "Earned"),
    "points_blocked": (
        "Карта была заблокирована: ничего не начислено",
        "The card was blocked: nothing was earned",
    ),
    "points_spent": ("Списано", "Spent"),
    "points_refunded": ("Возвращено за товар", "Refunded"),
    "points_restored": ("{Currency} вернулись", "{Currency} given back"),
    "points_taken_back": ("Снято начисленное", "Earned {currency} taken back"),
    "points_coupon": ("Купон: {name}", "Coupon: {name}"),
    "points_stickers_given": ("Наклеек выдано", "Stickers given"),
    "points_stickers_spent": ("Наклеек обменяно", "Stickers exchanged"),
    "points_claimed": ("Этот чек начислен вам позже.", "This receipt was added to your account later."),
    "points_paper": ("Чек лояльности", "Loyalty receipt"),
    "points_paper_back": ("Возврат {at}", "Return of {at}"),
    "points_paper_is": (
        "Из записи о покупке. На бумаге кассы могло не быть товаров, зато могли быть остаток, сроки и карта, какими "
        "они были в тот день. Это не кассовый чек.",
        "From the record of the purchase. The till's paper may have had no goods on it, but the balance, what was to "
        "die and the card as they were that day. It is no cash receipt.",
    ),
    "points_paper_text": ("Текстом", "As text"),
    "points_record": ("ИЗ ЗАПИСИ", "FROM THE RECORD"),
    "points_life": ("Что стало с начисленным", "What became of what was earned"),
    # lots
    "points_lots_title": ("Сроки {of_currency}", "When {currency} die"),
    "points_lots_none": ("Сейчас нет {of_currency}.", "There are no {currency} just now."),
    "points_lots_more": ("Ещё {points} сгорят позже.", "{points} more die later."),
    "points_lots_how": (
        "Первыми тратятся те, что сгорят раньше.",
        "Those that die first are spent first.",
    ),
    "points_left": ("{points} из {granted}", "{points} of {granted}"),
    "points_last_day": ("по {day} включительно", "until {day}"),
    "points_no_end": ("без срока", "without an end"),
    "points_waits": ("можно тратить с {at}", "can be spent from {at}"),
    "points_lot_title": ("Полученные {currency}", "Received {currency}"),
    "points_given": ("Получено", "Received"),
    "points_left_now": ("Осталось", "Left"),
    "points_active": ("Действуют с", "Active from"),
    "points_ends": ("Сгорят после", "Die after"),
    "points_died": ("Сгорело", "Died unspent"),
    "points_to_debt": ("Погасили долг", "Paid a debt"),
    "points_fates": ("Куда они ушли", "Where they went"),
    "points_fates_none": ("Их ещё никто не тронул.", "Nothing was taken of them yet."),
    "points_fates_more": ("Показаны последние; были и более ранние.", "These are the latest; there were earlier ones."),
    # what he buys most
    "points_top_title": ("Что вы покупаете чаще", "What you buy most"),
    "points_top_of": (
        "За год, чеков: {count}. Без того, что вернули.",
        "Of a year; receipts: {count}, less returns.",
    ),
    "points_top_more": ("Учтены последние чеки.", "Of the latest receipts."),
    "points_often": ("Чаще всего", "Most often"),
    "points_much": ("На большую сумму", "For the largest sum"),
    "points_times": ("раз: {count}", "times: {count}"),
    # files
    "points_statement": ("Выписка по счёту {of_currency}", "Statement of {currency}"),
    "points_days": ("Период", "Period"),
    "points_when": ("Когда", "When"),
    "points_what": ("Что", "What"),
    "points_where": ("Магазин", "Shop"),
    "points_receipt_number": ("Чек", "Receipt"),
    "points_sum": ("Сумма, ₽", "Rubles"),
    "points_came": ("Пришло", "Came"),
    "points_went": ("Ушло", "Went"),
    "points_cut": (
        "Показаны последние {count} операций периода.",
        "The latest {count} operations of the period are shown.",
    ),
    "no_unknown_receipt": (
        "Такого чека у вас нет. Выберите покупку из списка операций.",
        "You have no such receipt. Choose a purchase of the list of operations.",
    ),
    "no_unknown_lot": (
        "Такого начисления у вас нет. Выберите из списка сроков.",
        "Nothing of the kind was given to you. Choose from the list of what dies when.",
    ),
    "no_bad_page": (
        "Такой страницы нет. Откройте список операций с начала.",
        "There is no such page. Open the list of operations from the beginning.",
    ),
}
RUSSIAN: Final = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
ENGLISH: Final = "January February March April May June July August September October November December"
MONTHS: Final[Mapping[str, list[str]]] = {"ru": RUSSIAN.split(" "), "en": ENGLISH.split(" ")}
