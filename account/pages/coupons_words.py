"""The words of the page of coupons."""

from __future__ import annotations

from typing import Final

from web.language import Words

WORDS: Final[Words] = {
    "coupons": ("Купоны", "Coupons"),
    "coupons_mine": ("Мои купоны", "My coupons"),
    "coupons_how": (
        "Покажите код кассиру до оплаты вместе с картой. Открытая однажды страница работает и без сети.",
        "Show the code to the cashier before you pay, with your card. Once opened, the page works without a network"
        " too.",
    ),
    "coupons_none": (
        "Действующих купонов нет. Ниже то, что можно получить.",
        "You have no coupon in force. What you can get is below.",
    ),
    "coupons_show": ("Показать код", "Show the code"),
    "coupons_qr": ("QR-код купона: {title}", "QR code of the coupon: {title}"),
    "coupons_say": ("Или назовите код:", "Or say the code:"),
    "coupons_until": ("Действует по {day}", "Valid until {day}"),
    "coupons_left": ("Осталось использований: {left} из {uses}", "Uses left: {left} of {uses}"),
    "coupons_clip": ("Собрать бесплатно", "Clip for nothing"),
    "coupons_clip_do": ("Взять", "Take it"),
    "coupons_clip_how": ("Действует {days} с этого дня", "Valid for {days} from today"),
    "coupons_has": ("уже у вас", "you have it"),
    "coupons_over": ("вы его уже использовали", "you have used it already"),
    "coupons_make": ("Сделать самому", "Make your own"),
    "coupons_make_how": (
        "Купон стоит {points} и действует {days}. В этом месяце осталось: {left} из {all}.",
        "A coupon costs {points} and is valid for {days}. Left this month: {left} of {all}.",
    ),
    "coupons_make_free": (
        "Купон ничего не стоит и действует {days}. В этом месяце осталось: {left} из {all}.",
        "A coupon costs nothing and is valid for {days}. Left this month: {left} of {all}.",
    ),
    "coupons_make_has": ("Можно потратить: {points}.", "To spend: {points}."),
    "coupons_make_do": ("Сделать за {points}", "Make it for {points}"),
    "coupons_make_do_free": ("Сделать", "Make it"),
    "coupons_make_few": (
        "Для купона не хватает {points}. Они придут с покупками.",
        "{points} are missing for a coupon. They come with your purchases.",
    ),
    "coupons_make_month": (
        "Все купоны этого месяца сделаны. Новые можно будет сделать с первого числа.",
        "All of this month's coupons are made. You can make new ones from the first of the next month on.",
    ),
    "coupons_stickers": ("Наклейки", "Stickers"),
    "coupons_stickers_count": ("Наклеек: {count}", "Stickers: {count}"),
    "coupons_buy_do": ("Получить за наклейки: {count}", "Get it for stickers: {count}"),
    "coupons_buy_how": (
        "Купон действует {days}. Наклейки спишутся сразу.",
        "The coupon is valid for {days}. The stickers are taken at once.",
    ),
    "coupons_buy_till": ("Обменять можно на кассе: скажите до оплаты.", "Exchange them at the till, before you pay."),
    "coupons_before": ("Раньше", "Before"),
    "coupons_state_used": ("использован", "used"),
    "coupons_state_expired": ("срок вышел", "expired"),
    "coupons_state_revoked": ("отозван", "revoked"),
    "coupons_state_stopped": ("акция остановлена", "the campaign is stopped"),
    "coupons_used": ("{at}", "{at}"),
    "coupons_used_store": ("{at}, магазин {store}", "{at}, shop {store}"),
    "coupons_off": ("скидка {sum}", "{sum} off"),
    "coupons_receipt": ("Чек", "Receipt"),
    "coupons_gone": ("Купон, которого в программе больше нет", "A coupon that the programme has no more"),
    "coupons_got": (
        "Купон у вас, действует по {day}. Код ниже.",
        "You have the coupon, valid until {day}. Its code is below.",
    ),
    "no_coupon_not_clipped": (
        "Такого купона здесь уже нет. Выберите из тех, что ниже.",
        "There is no such coupon here any more. Choose among those below.",
    ),
    "no_coupon_clipped": (
        "Такой купон у вас уже есть: сначала используйте его.",
        "You have such a coupon: use it first.",
    ),
    "no_coupon_limit_member": (
        "Эти купоны вы уже использовали. Выберите другой.",
        "You have used these coupons. Choose another one.",
    ),
    "no_coupon_not_made": (
        "Такой купон сделать нельзя. Выберите из тех, что ниже.",
        "Such a coupon cannot be made. Choose among those below.",
    ),
    "no_coupon_month": (
        "Все купоны этого месяца сделаны. Новые можно будет сделать с первого числа.",
        "All of this month's coupons are made. You can make new ones from the first of the next month on.",
    ),
    "no_coupon_no_points": (
        "Для купона не хватает {of_currency}. Они придут с покупками.",
        "There are not enough {currency} for a coupon. They come with your purchases.",
    ),
    "no_coupon_stopped": (
        "Магазин остановил эту акцию. Выберите другой купон.",
        "The shop has stopped this campaign. Choose another coupon.",
    ),
    "no_coupon_not_now": (
        "Эта акция сейчас не идёт. Выберите другой купон.",
        "This campaign does not run just now. Choose another coupon.",
    ),
    "no_coupon_no_stickers": (
        "Наклеек не хватает: они придут с покупками.",
        "There are not enough stickers: they come with your purchases.",
    ),
    "no_stickers_too_few": (
        "Наклеек не хватает: они придут с покупками.",
        "There are not enough stickers: they come with your purchases.",
    ),
    "no_stickers_no_collection": (
        "Сейчас наклейки не собирают. Загляните, когда начнётся новая коллекция.",
        "There is no sticker collection now. Look again when a new one begins.",
    ),
    "no_stickers_no_such_offer": (
        "За наклейки здесь такого нет. Выберите из того, что ниже.",
        "Stickers do not buy that here. Choose among what is below.",
    ),
}
