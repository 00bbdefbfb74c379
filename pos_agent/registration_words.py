"""What the till says of members who are registered, changed and joined at a desk: the long words and the short ones."""

from __future__ import annotations

from typing import Final

# codes of the hub's desk (hub/desk/register_acts.py)
REGISTRATION_REFUSALS: dict[str, tuple[str, str]] = {
    "card_not_at_hub": (
        "Офис ещё не знает этой карты. Если её только что выдали, повторите через минуту.",
        "The hub does not know this card yet. If it was issued just now, repeat in a minute.",
    ),
    "registered_already": (
        "Участник этой карты уже зарегистрирован с другим телефоном. Телефон меняют отдельно.",
        "The member of this card is registered already, with another phone. A phone is changed by itself.",
    ),
    "phone_taken": (
        "Этот телефон уже у другого участника. Если это он сам, старший объединяет их в одного.",
        "Another member has this phone. If it is he himself, a manager makes the two one.",
    ),
    "phone_not_proven": (
        "Телефон не подтверждён: пошлите новый код и наберите его.",
        "The phone is not confirmed: send a new code and type it.",
    ),
    "bad_phone_told": (
        "Это не номер телефона. Наберите его как 8 916 123-45-67.",
        "That is no phone number. Type it like 8 916 123-45-67.",
    ),
    "bad_name": ("Имя — одна строка до 100 букв.", "A name is one line of up to 100 letters."),
    "bad_birthday": (
        "Такого дня рождения не бывает. Наберите его как 17.05.1990.",
        "There is no such birthday. Type it like 17.05.1990.",
    ),
    "consent_needed": (
        "Без согласия на обработку персональных данных не регистрируют.",
        "Nobody is registered without the consent to use personal data.",
    ),
    "consent_unknown": (
        "Текст согласия сменился. Откройте анкету заново и дайте прочитать новый.",
        "The text of a consent has changed. Open the form anew and let him read the new one.",
    ),
    "member_erased": (
        "Участник этой карты удалён. Выдайте другую карту.",
        "The member of this card was erased. Issue another card.",
    ),
    "no_form": ("Анкеты на эту карту не принимали.", "Nobody took a form for this card."),
    "form_waits": (
        "Анкета участника ещё проверяется: сначала подтвердите её.",
        "The member's form is still being confirmed: confirm it first.",
    ),
    "card_of_another": (
        "Эта карта уже у другого участника. Если это он сам, объедините их.",
        "Another member has this card. If it is he himself, make the two one.",
    ),
    "card_not_ours": ("Это не карта программы.", "That is no card of the programme."),
    "same_member": ("Обе карты уже у одного участника.", "One member has both cards already."),
    "another_programme": ("Это карта другой программы.", "That card is of another programme."),
}
REGISTRATION_WORDS: dict[str, tuple[str, str]] = {
    **REGISTRATION_REFUSALS,
    "registration_form": (
        "Анкета: телефон, имя и согласия, каждое отдельно.",
        "The form: a phone, a name, and consents, each by itself.",
    ),
    "registration_form_offline": (
        "Связи нет: напечатайте анкету, её заполняют и подписывают на бумаге.",
        "No connection: print the form, it is filled in and signed on paper.",
    ),
    "registration_offline": (
        "Без связи на экране не регистрируют. Напечатайте анкету: её примут, когда связь появится.",
        "Nobody is registered on the screen without a connection. Print the form: it is taken once there is one.",
    ),
    "phone_code_needed": ("Пошлите код на телефон и наберите его.", "Send a code to the phone and type it."),
    "phone_code_too_early": (
        "Код уже отправлен. Новый можно послать через минуту.",
        "A code was sent already. Another may be sent in a minute.",
    ),
    "phone_code_limit": (
        "Кодов за этот час послано слишком много. Напечатайте анкету на бумаге.",
        "Too many codes were sent this hour. Print the form on paper.",
    ),
    "phone_code_nobody_sends": (
        "Офис не рассылает коды. Напечатайте анкету на бумаге.",
        "This hub sends no codes. Print the form on paper.",
    ),
    "phone_code_wrong": ("Код не тот. Осталось попыток: {tries}.", "That is not the code. Tries left: {tries}."),
    "phone_code_sent": ("Код отправлен на {to}.", "The code went to {to}."),
    "phone_confirmed": ("Телефон подтверждён.", "The phone is confirmed."),
    "registered": (
        "Карта {card} зарегистрирована: баллы можно тратить. Начислено: {granted}.",
        "Card {card} is registered: its points may be spent. Given: {granted}.",
    ),
    "registered_plain": (
        "Карта {card} зарегистрирована: баллы можно тратить.",
        "Card {card} is registered: its points may be spent.",
    ),
    "registered_linked": (
        "Карта {card} теперь у участника с этим телефоном.",
        "Card {card} is now of the member who has this phone.",
    ),
    "registered_before": ("Карта {card} уже зарегистрирована.", "Card {card} is registered already."),
    "form_taken": (
        "Анкета карты {card} принята: списывать можно с {day}, раньше — когда её подтвердит старший.",
        "The form of card {card} is taken: it may redeem from {day}, or once a manager has confirmed it.",
    ),
    "sign_consents": ("Согласия печатаются: дайте подписать.", "The consents are being printed: have them signed."),
    "form_confirmed": ("Анкета подтверждена: баллы можно тратить.", "The form is confirmed: points may be spent."),
    "form_confirmed_before": ("Эта анкета уже не ждёт.", "This form does not wait any more."),
    "form_printed": (
        "Анкета печатается. Примите её здесь же, когда она заполнена и появится связь.",
        "The form is being printed. Take it here once it is filled in and there is a connection.",
    ),
    "phone_changed": ("Телефон изменён.", "The phone is changed."),
    "profile_changed": ("Изменено.", "Changed."),
    "profile_as_it_was": ("Так уже и записано.", "It is that already."),
    "card_linked": ("Карта {card} теперь у этого участника.", "Card {card} is this member's now."),
    "card_linked_before": ("Карта {card} уже у этого участника.", "Card {card} is this member's already."),
    "merge_would_be": (
        "Всё с карты {gone} ({points}) перейдёт на карту {into}. Отменить будет нельзя.",
        "All of card {gone} ({points}) will go to card {into}. It cannot be undone.",
    ),
    "merge_needs_reason": ("Скажите, почему это один человек.", "Say why they are one person."),
    "members_merged": ("Участники объединены: всё на карте {into}.", "The members are one: all is on card {into}."),
}
REGISTRATION_SHORT: dict[str, tuple[str, str]] = {
    "card_not_at_hub": (
        "Офис ещё не знает карты\nПовторите через минуту",
        "Not at the hub yet\nRepeat in a minute",
    ),
    "registered_already": ("Уже зарегистрирован\nс другим телефоном", "Registered already\nwith another phone"),
    "phone_taken": ("Телефон у другого участника\nЕсли это он, зовите старшего", "Phone is another's\nCall a manager"),
    "phone_not_proven": ("Телефон не подтверждён\nПошлите новый код", "Phone not confirmed\nSend a new code"),
    "bad_phone_told": ("Это не номер телефона\nНаберите ещё раз", "Not a phone number\nType it again"),
    "bad_name": ("Имя не годится\nНаберите ещё раз", "Not a name\nType it again"),
    "bad_birthday": ("Такого дня нет\nНаберите как 17.05.1990", "No such day\nType it like 17.05.1990"),
    "consent_needed": ("Нужно согласие на обработку\nперсональных данных", "Consent to use personal data\nis needed"),
    "consent_unknown": (
        "Текст согласия сменился\nОткройте анкету заново",
        "A text has changed\nOpen the form",
    ),
    "member_erased": ("Участник удалён\nВыдайте другую карту", "The member was erased\nIssue another card"),
    "no_form": ("Анкеты на карту нет", "No form for this card"),
    "form_waits": ("Анкета ещё проверяется\nСначала подтвердите её", "The form still waits\nConfirm it first"),
    "card_of_another": ("Карта у другого участника", "Another member has the card"),
    "card_not_ours": ("Это не карта программы", "No card of the programme"),
    "same_member": ("Обе карты у одного участника", "Both cards are one member's"),
    "another_programme": ("Карта другой программы", "A card of another programme"),
    "registration_form": ("Анкета участника", "Member's form"),
    "registration_form_offline": ("Связи нет\nНапечатайте анкету", "No connection\nPrint the form"),
    "registration_offline": ("Без связи не зарегистрировать\nНапечатайте анкету", "No connection\nPrint the form"),
    "phone_code_needed": ("Пошлите код на телефон", "Send a code to the phone"),
    "phone_code_too_early": ("Код уже отправлен\nНовый — через минуту", "A code was sent\nAnother in a minute"),
    "phone_code_limit": ("Кодов слишком много\nНапечатайте анкету", "Too many codes\nPrint the form"),
    "phone_code_nobody_sends": ("Офис не рассылает коды\nНапечатайте анкету", "No codes are sent here\nPrint the form"),
    "phone_code_wrong": ("Код не тот\nОсталось попыток: {tries}", "Not the code\nTries left: {tries}"),
    "phone_code_sent": ("Код отправлен на\n{to}", "The code went to\n{to}"),
    "phone_confirmed": ("Телефон подтверждён", "The phone is confirmed"),
    "registered": ("{card} зарегистрирована\nНачислено {granted}", "{card} is registered\nGiven {granted}"),
    "registered_plain": ("Карта {card}\nзарегистрирована", "Card {card}\nis registered"),
    "registered_linked": ("Карта {card} теперь\nу этого участника", "Card {card} is now\nthis member's"),
    "registered_before": ("Карта {card} уже\nзарегистрирована", "Card {card} is\nregistered already"),
    "form_taken": ("Анкета принята\nСписание с {day}", "The form is taken\nRedeem from {day}"),
    "sign_consents": ("Дайте подписать согласия", "Have the consents signed"),
    "form_confirmed": ("Анкета подтверждена", "The form is confirmed"),
    "form_confirmed_before": ("Анкета уже не ждёт", "The form waits no more"),
    "form_printed": ("Анкета печатается", "The form is printed"),
    "phone_changed": ("Телефон изменён", "The phone is changed"),
    "profile_changed": ("Изменено", "Changed"),
    "profile_as_it_was": ("Так уже и записано", "It is that already"),
    "card_linked": ("Карта {card} теперь\nу этого участника", "Card {card} is now\nthis member's"),
    "card_linked_before": ("Карта {card} уже\nу этого участника", "Card {card} is\nthis member's already"),
    "merge_would_be": ("{gone} → {into}\nОтменить будет нельзя", "{gone} → {into}\nIt cannot be undone"),
    "merge_needs_reason": ("Скажите причину", "Say why"),
    "members_merged": ("Участники объединены", "The members are one"),
}
FIELDS: Final = {
    "card_not_at_hub": "card",
    "registered_already": "card",
    "member_erased": "card",
    "card_of_another": "card",
    "card_not_ours": "card",
    "phone_taken": "phone",
    "bad_phone_told": "phone",
    "phone_not_proven": "code",
    "phone_code_needed": "code",
    "phone_code_wrong": "code",
    "phone_code_too_early": "phone",
    "phone_code_limit": "phone",
    "phone_code_nobody_sends": "phone",
    "bad_name": "name",
    "bad_birthday": "birthday",
    "consent_needed": "consents",
    "consent_unknown": "consents",
    "merge_needs_reason": "reason",
}  # which field of a form is wrong, by code
