"""What the page of gift certificates says."""

from __future__ import annotations

from typing import Final

from web.language import Words

WORDS: Final[Words] = {
    "certificates": ("Подарочный сертификат", "Gift certificate"),
    "certificates_why": (
        "От {least} до {most}. Получателю придёт письмо с QR-кодом: его показывают на кассе, тратить можно по частям, "
        "срока нет.",
        "From {least} to {most}. Whoever gets it is sent a letter with a QR code to show at a till; it can be spent in "
        "parts, and has no end.",
    ),
    "certificates_in_shops": (
        "Сертификаты продают в наших магазинах: спросите на кассе.",
        "Certificates are sold in our shops: ask at a till.",
    ),
    "certificates_sum": ("Номинал, ₽", "Value, ₽"),
    "certificates_design": ("Оформление", "Design"),
    "certificates_design_plain": ("Наши цвета", "Our colours"),
    "certificates_design_ribbon": ("Лента", "Ribbon"),
    "certificates_design_party": ("Праздник", "Party"),
    "certificates_design_winter": ("Зима", "Winter"),
    "certificates_design_own": ("Своя картинка", "Your own picture"),
    "certificates_own_how": (
        "Обрежем до полосы 148×56 и посмотрим до отправки. JPEG, PNG или фото с телефона, до 12 МБ.",
        "We cut it to a strip of 148×56, and look at it before it goes. JPEG, PNG or a phone's photo, up to 12 MB.",
    ),
    "certificates_own_file": ("Картинка", "Picture"),
    "certificates_to_name": ("Кому: имя", "For whom: the name"),
    "certificates_to_mail": ("E-mail получателя", "E-mail of whoever gets it"),
    "certificates_words": ("Поздравление", "Your words"),
    "certificates_words_how": ("До {most} букв; можно без него.", "Up to {most} letters, or none."),
    "certificates_at": ("Когда отправить", "When it goes out"),
    "certificates_at_how": (
        "Пусто — сразу после оплаты. Не позже чем через {days} дней, по времени магазинов.",
        "Empty: as soon as it is paid. Within {days} days, by the shops' clock.",
    ),
    "certificates_mail": ("Ваш e-mail для чека", "Your e-mail for the receipt"),
    "certificates_do": ("Заказать и оплатить", "Order and pay"),
    "certificates_mine": ("Ваши заказы", "Your orders"),
    "certificates_one": ("Сертификат на {sum}", "Certificate of {sum}"),
    "certificates_for": ("Кому", "For"),
    "certificates_when": ("Отправить", "Goes out"),
    "certificates_at_once": ("сразу после оплаты", "as soon as it is paid"),
    "certificates_receipt": ("Чек", "Receipt"),
    "certificates_refund_receipt": ("Чек возврата", "Receipt of the refund"),
    "certificates_picture": ("Картинка на сертификате", "The picture on the certificate"),
    "certificates_again": ("Обновить", "Look again"),
    "certificates_pay": ("Оплатить {sum}", "Pay {sum}"),
    "certificates_cancel": ("Отменить заказ", "Cancel the order"),
    "certificates_cancel_paid": ("Вернуть деньги", "Have the money back"),
    "certificates_cancelled": ("Заказ отменён.", "The order is cancelled."),
    "certificates_back_soon": ("Возвращаем деньги.", "The money goes back."),
    "certificates_resend": ("Отправить ещё раз", "Send it again"),
    "certificates_resent": ("Отправляем тот же сертификат ещё раз.", "The same certificate goes out again."),
    "certificates_fix": ("Исправьте адрес", "Correct the address"),
    "certificates_choose": ("Выбрать это оформление", "Take this design"),
    "certificates_chosen": ("Оформление выбрано.", "The design is chosen."),
    "certificates_order": ("Заказ сертификата", "Certificate order"),
    # states, in a list and on the order's own page
    "certificates_new": ("готовим оплату", "the payment is being made ready"),
    "certificates_paying": ("ждёт оплаты", "waits for its payment"),
    "certificates_ending": ("закрыт без оплаты", "closed unpaid"),
    "certificates_unpaid": ("не оплачен", "not paid"),
    "certificates_odd": ("сумма другая", "another sum"),
    "certificates_paid": ("оплачен, готовим чек", "paid, its receipt is being made"),
    "certificates_picture_state": ("оплачен, смотрим картинку", "paid, we look at the picture"),
    "certificates_redraw": ("выберите другое оформление", "choose another design"),
    "certificates_waiting": ("оплачен, ждёт отправки", "paid, waits for its time"),
    "certificates_sending": ("отправляем", "is being sent"),
    "certificates_undelivered": ("не доставлен", "not delivered"),
    "certificates_delivered": ("отправлен", "sent"),
    "certificates_refunding": ("возвращаем деньги", "the money goes back"),
    "certificates_unreceipted": ("деньги возвращены", "the money is back"),
    "certificates_refunded": ("деньги возвращены", "the money is back"),
    "certificates_new_say": (
        "Готовим страницу оплаты, это несколько секунд.",
        "The page to pay at is made ready, within seconds.",
    ),
    "certificates_paying_say": (
        "Оплатите до {until}. Уже оплатили? Страница сама узнает об этом.",
        "Pay until {until}. Paid already? This page learns of it by itself.",
    ),
    "certificates_ending_say": (
        "Заказ закрыт без оплаты. Если деньги всё-таки пришли, мы их вернём.",
        "The order is closed unpaid. If money comes all the same, it goes back.",
    ),
    "certificates_unpaid_say": ("Заказ не оплачен, денег мы не взяли.", "It was not paid, and no money was taken."),
    "certificates_odd_say": (
        "Пришла другая сумма: {paid}. Мы смотрим, в чём дело, и вернём деньги.",
        "Another sum came: {paid}. We look into it, and the money goes back.",
    ),
    "certificates_paid_say": (
        "Оплата получена. Как только будет чек, сертификат пойдёт дальше.",
        "The payment is here. As soon as there is a receipt, the certificate goes on.",
    ),
    "certificates_picture_say": (
        "Оплата получена. Картинку посмотрит человек, обычно в течение дня.",
        "The payment is here. Somebody looks at your picture, mostly within a day.",
    ),
    "certificates_redraw_say": (
        "Картинка не подошла: {declined} Выберите другое оформление или верните деньги.",
        "The picture does not go: {declined} Choose another design, or have your money back.",
    ),
    "certificates_waiting_say": ("Отправим {when}.", "It goes out {when}."),
    "certificates_sending_say": ("Письмо отправляется на {mail}.", "The letter is going out to {mail}."),
    "certificates_undelivered_say": (
        "Письмо на {mail} не приняли. Исправьте адрес или верните деньги.",
        "The letter to {mail} was not taken. Correct the address, or have your money back.",
    ),
    "certificates_delivered_say": (
        "Отправлен. На сертификате …{ending} осталось {left}.",
        "Sent. {left} are left on certificate …{ending}.",
    ),
    "certificates_refunding_say": ("Деньги возвращаются.", "The money is on its way back."),
    "certificates_unreceipted_say": (
        "Деньги возвращены, готовим чек возврата.",
        "The money is back; its receipt is being made.",
    ),
    "certificates_refunded_say": ("Деньги возвращены.", "The money is back."),
    # refusals
    "no_certificate_sum": (
        "Номинал — целые рубли, от и до указанных сумм. Исправьте его.",
        "The value is whole rubles, within the sums that are named. Correct it.",
    ),
    "no_certificate_to": (
        "Напишите имя получателя, до 60 букв.",
        "Write the name of whoever gets it, up to 60 letters.",
    ),
    "no_certificate_to_mail": (
        "Это не e-mail получателя. Напишите как anna@mail.ru.",
        "That is no e-mail of whoever gets it. Write it like anna@mail.ru.",
    ),
    "no_certificate_mail": (
        "Напишите свой e-mail для чека, как anna@mail.ru.",
        "Write your own e-mail for the receipt, like anna@mail.ru.",
    ),
    "no_certificate_words": (
        "Поздравление слишком длинное или с необычными знаками. Сократите его.",
        "Your words are too long, or have odd signs. Shorten them.",
    ),
    "no_certificate_time": (
        "Выберите время от сегодняшнего дня до 180 дней вперёд.",
        "Choose a time from today up to 180 days ahead.",
    ),
    "no_certificate_design": ("Выберите оформление из списка.", "Choose a design of the list."),
    "no_certificate_picture": (
        "Картинка не читается. Выберите другую или готовое оформление.",
        "The picture cannot be read. Choose another one, or a design of ours.",
    ),
    "no_certificate_many": (
        "Сначала оплатите или отмените начатые заказы: их уже пять.",
        "Pay or cancel the orders that you have begun first: there are five.",
    ),
    "no_certificate_no_payment": (
        "Сейчас сертификаты продаются только в магазинах.",
        "Certificates are sold in shops alone just now.",
    ),
    "no_no_certificate_order": ("У вас нет такого заказа. Откройте список.", "You have no such order. Open the list."),
    "no_certificate_order_step": (
        "Заказ уже в другом состоянии. Откройте его заново.",
        "The order is in another state by now. Open it anew.",
    ),
    "no_certificate_used": (
        "Сертификатом уже платили: деньги за него не вернуть. Если это ошибка, позвоните нам.",
        "The certificate was used: its money does not go back. If that is wrong, call us.",
    ),
    "no_certificate_resent": (
        "Письмо отправляли уже много раз. Позвоните нам.",
        "The letter was sent many times already. Call us.",
    ),
}
