"""The account in Russian and English: what all pages share. A page's own words stand with the page; what the hub
refuses is said under `no_CODE`."""

from __future__ import annotations

from typing import Final

from web.language import Words

SHARED: Final[Words] = {
    "account": ("Личный кабинет", "My account"),
    "menu": ("Разделы", "Sections"),
    "skip": ("К содержимому", "To the content"),
    "sign_in_do": ("Войти", "Sign in"),
    "register_do": ("Регистрация", "Register"),
    "sign_out": ("Выйти", "Sign out"),
    "next_do": ("Далее", "Next"),
    "back": ("Назад", "Back"),
    "save": ("Сохранить", "Save"),
    "other_language": ("English", "Русский"),
    "refused": ("Не получилось", "That did not work"),
    "not_found": (
        "По этому адресу ничего нет. Вернитесь на главную.",
        "Nothing is at this address. Go to the first page.",
    ),
    "to_first": ("На главную", "To the first page"),
    "hub_silent": (
        "Сейчас нет связи с программой. Ничего не потеряно: обновите страницу через минуту.",
        "The programme does not answer just now. Nothing is lost: open the page again in a minute.",
    ),
    "no_other": (
        "Это не сделано. Обновите страницу; если повторится, скажите в магазине или по горячей линии.",
        "This was not done. Open the page again; if it comes again, say so in a shop or on the hotline.",
    ),
    "entering_form_waits": (
        "Бумажная анкета ещё ждёт: до {day} {currency} только копятся. Подтвердите телефон кодом, и ждать не нужно.",
        "Your form on paper still waits: until {day} {currency} are only earned. Confirm your phone by a code, and the "
        "wait is over.",
    ),
    "entering_form_confirmed": (
        "Телефон подтверждён: анкета больше не ждёт, карты действуют.",
        "Your phone is confirmed: the form does not wait any more, your cards are good.",
    ),
    "entering_all_blocked": (
        "Все ваши карты заблокированы. {Currency} целы: добавьте карту на странице «Карты».",
        "All your cards are blocked. Your {currency} are kept: add a card on the page “Cards”.",
    ),
    "no_too_young": (
        "Личный кабинет — с 14 лет. Карта работает и без него; за кабинетом приходите вместе с родителями в магазин.",
        "An account is for those of 14 and more. The card works without one; ask in a shop, with your parents.",
    ),
    "kept": (
        "Нет связи. Здесь то, что было известно {at}.",
        "There is no connection. This is what was known on {at}.",
    ),
    "no_bad_request": (
        "Программа спросила не так, как этого ждут. Обновите её.",
        "The program asked in another way than is understood here. Update it.",
    ),
    "no_not_signed_in": ("Войдите заново.", "Sign in again."),
    "no_no_such_page": ("Такой страницы истории нет.", "There is no such page of the history."),
    "no_no_such_receipt": ("Такого чека у вас нет.", "You have no such receipt."),
    "no_no_such_lot": ("Такого начисления у вас нет.", "Nothing of the kind was given to you."),
    "no_wrong_token": ("Войдите заново.", "Sign in again."),
    "no_not_found": ("По этому адресу ничего нет.", "Nothing is at this address."),
    "no_wrong_method": ("По этому адресу так не спрашивают.", "This address is not asked so."),
    "no_too_large": ("Слишком длинно: сократите.", "Too long: shorten it."),
    "no_wrong_content_type": ("Ожидается JSON.", "JSON is expected."),
    "no_too_many": (
        "Слишком много запросов подряд. Подождите полминуты и обновите страницу.",
        "Too many requests one after the other. Wait half a minute and open the page again.",
    ),
    "no_fault": (
        "Ошибка на нашей стороне; она записана. Попробуйте позже.",
        "A fault on our side; it was noted. Try again later.",
    ),
    "no_picture_kind": (
        "Это не фотография. Подойдут JPEG, PNG, WebP, GIF или HEIC.",
        "That is no photo. JPEG, PNG, WebP, GIF or HEIC will do.",
    ),
    "no_picture_broken": (
        "Файл повреждён или загружен не до конца. Выберите фотографию ещё раз.",
        "The file is broken, or did not come whole. Choose the photo once more.",
    ),
    "no_picture_large": (
        "Фотография слишком велика: все вместе — до 12 МБ. Уменьшите её или снимите экран с ней.",
        "The photo is too large: all together may have 12 MB. Make it smaller, or take a screenshot of it.",
    ),
    "no_picture_many": ("Не больше трёх фотографий за раз.", "Three photos at most, at one time."),
    "no_picture_often": (
        "Сегодня отправлено много фотографий. Попробуйте позже или без них.",
        "Many photos were sent today. Try again later, or without them.",
    ),
    "no_picture_busy": (
        "Сейчас загружают много фотографий. Отправьте ещё раз через минуту.",
        "Many photos are being sent just now. Send it again in a minute.",
    ),
    "name_order": (
        "Сначала имя: Ольга Сидорова. Так к вам обратятся.",
        "The given name first: Olga Sidorova. You are called by it.",
    ),
    "nothing": ("Пока ничего нет.", "There is nothing yet."),
}
