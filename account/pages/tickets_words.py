"""What the pages of questions to people say."""

from __future__ import annotations

from typing import Final

from web.language import Words

WORDS: Final[Words] = {
    "tickets": ("Обращения", "Requests"),
    "tickets_new": ("Новое обращение", "A new request"),
    "tickets_write": ("Написать нам", "Write to us"),
    "tickets_one": ("Обращение {number}", "Request {number}"),
    "tickets_none": ("Обращений пока нет.", "There are no requests yet."),
    "tickets_about": (
        "Спросите о баллах, карте, товаре или магазине. Ответит человек; сюда же придёт ответ.",
        "Ask about points, a card, goods or a shop. A person answers, and the answer comes here.",
    ),
    "tickets_outside": (
        "Входить не обязательно: ссылка на ответ придёт на почту. Если вы участник, войдите: так мы сразу увидим счёт.",
        "You need not sign in: a link to the answer comes by mail. Members sign in: so we see your account.",
    ),
    "tickets_reason": ("О чём", "What about"),
    "tickets_choose": ("Выберите", "Choose"),
    "tickets_text": ("Что случилось", "What has happened"),
    "tickets_text_how": (
        "Чем подробнее, тем быстрее ответим: день, сумма, номер чека. Пароли и коды не пишите.",
        "The more you say, the faster we answer: day, sum, number of the receipt. Write no passwords and no codes.",
    ),
    "tickets_email": ("E-mail для ответа", "E-mail for the answer"),
    "tickets_email_how": (
        "На него придёт ссылка на ответ.",
        "A link to the answer is sent to it.",
    ),
    "tickets_optional": ("если нужно", "if you like"),
    "tickets_store": ("Магазин", "Shop"),
    "tickets_no_store": ("Не о магазине", "Not about a shop"),
    "tickets_photos": ("Фотографии", "Photos"),
    "tickets_photos_how": (
        "До {most} штук, до 12 МБ вместе. Место съёмки и другие данные из файла мы стираем.",
        "Up to {most}, 12 MB together. Where it was taken, and all else in the file, is wiped.",
    ),
    "tickets_photos_large": (
        "Вместе больше 12 МБ. Выберите фотографии поменьше.",
        "Together more than 12 MB. Choose smaller photos.",
    ),
    "tickets_photo": ("Фотография {number}", "Photo {number}"),
    "tickets_send": ("Отправить", "Send"),
    "tickets_opened": ("Обращение отправлено. Ответ придёт сюда.", "It is sent. The answer comes here."),
    "tickets_opened_link": (
        "Обращение отправлено. Сохраните эту страницу в закладках: по ней откроется ответ. Ссылка придёт и на почту.",
        "It is sent. Keep this page as a bookmark: the answer opens here. A link comes by mail, too.",
    ),
    "tickets_sent": ("Сообщение отправлено.", "Your message is sent."),
    "tickets_you": ("Вы", "You"),
    "tickets_we": ("Поддержка", "Support"),
    "tickets_talk": ("Переписка", "Conversation"),
    "tickets_more": ("Ваше сообщение", "Your message"),
    "tickets_reopens": (
        "Напишите, и обращение откроется снова.",
        "Write, and the request is open again.",
    ),
    "tickets_closes": (
        "Если вопросов больше нет, обращение закроется само {when}.",
        "If there is nothing more, the request closes itself on {when}.",
    ),
    "tickets_close": ("Вопрос решён", "It is settled"),
    "tickets_closed_now": ("Обращение закрыто. Спасибо!", "The request is closed. Thank you!"),
    "tickets_is_new": ("новый ответ", "a new answer"),
    "tickets_state_new": ("ждёт ответа", "waits for an answer"),
    "tickets_state_open": ("ждёт ответа", "waits for an answer"),
    "tickets_state_answered": ("есть ответ", "answered"),
    "tickets_state_closed": ("закрыто", "closed"),
    "tickets_state_forgotten": ("удалено", "deleted"),
    "tickets_from_here": (
        "Отсюда сегодня уже много обращений. Подождите {wait_s} с или войдите в личный кабинет.",
        "Many requests were sent from here today. Wait {wait_s} s, or sign in to your account.",
    ),
    "no_no_ticket": (
        "Такого обращения нет, или ссылка уже не действует. Напишите новое.",
        "There is no such request, or the link works no more. Write a new one.",
    ),
    "no_no_picture": ("Такой фотографии нет.", "There is no such photo."),
    "no_ticket_reason": ("Выберите, о чём вы пишете.", "Choose what it is about."),
    "no_ticket_text": (
        "Напишите, что случилось: до 4 000 знаков.",
        "Write what has happened: up to 4,000 letters.",
    ),
    "no_ticket_email": (
        "Напишите адрес для ответа, например anna@mail.ru.",
        "Write an address for the answer, such as anna@mail.ru.",
    ),
    "no_ticket_store": ("Такого магазина нет. Выберите из списка.", "There is no such shop. Choose one of the list."),
    "no_ticket_many": (
        "У вас уже несколько обращений без ответа. Допишите в одно из них: ответим на всё.",
        "Several requests of yours wait already. Write in one of them: we shall answer all.",
    ),
    "no_ticket_long": (
        "В этом обращении слишком много сообщений. Откройте новое.",
        "There are too many messages in this request. Open another.",
    ),
    "no_ticket_step": (
        "С этим обращением так больше нельзя. Откройте новое.",
        "That cannot be done with this request any more. Open another.",
    ),
}
