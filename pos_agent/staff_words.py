"""What is said to whoever signs in, and of who may do what."""

from __future__ import annotations

STAFF_WORDS: dict[str, tuple[str, str]] = {
    "signed_in": ("{name}: вы вошли.", "{name}: you have signed in."),
    "signed_out": ("Вы вышли.", "You have signed out."),
    "no_staff": (
        "Офис ещё не прислал список сотрудников: войти нельзя. Позвоните в офис.",
        "The office has sent no list of staff yet: nobody can sign in. Call the office.",
    ),
    "sign_in_needed": (
        "Сначала войдите: по ПИН-коду или бейджу.",
        "Sign in first, with your PIN or badge.",
    ),
    "not_allowed": (
        "Вам этого нельзя. Позовите того, кому можно.",
        "You may not do this. Call somebody who may.",
    ),
    "wrong_pin": (
        "ПИН-код не подходит. Попыток до паузы: {left}.",
        "That is not the PIN. Tries before a pause: {left}.",
    ),
    "wrong_badge": (
        "Такого бейджа здесь нет. Попыток до паузы: {left}.",
        "No such badge here. Tries before a pause: {left}.",
    ),
    "pin_pause": (
        "Слишком много неверных попыток. Подождите {seconds} с.",
        "Too many wrong tries. Wait {seconds} s.",
    ),
    "no_pepper": (
        "Касса не может проверить ПИН-код: её ключ не открыть. Дождитесь связи.",
        "The till cannot check PINs: its key cannot be opened. Wait for the hub.",
    ),
    "second_needed": (
        "Нужен второй человек: его ПИН-код или бейдж здесь, или код офиса по запросу {challenge}.",
        "A second person is needed: a PIN or badge here, or the office's code for {challenge}.",
    ),
    "second_shown": ("{name} отвечает за этот шаг.", "{name} answers for this step."),
    "second_same": (
        "Второй человек должен быть другим.",
        "The second person must be somebody else.",
    ),
    "second_not_allowed": (
        "{name} за это отвечать не может. Позовите управляющего.",
        "{name} cannot answer for this. Call the manager.",
    ),
    "second_wrong_code": (
        "Код офиса не подходит. Осталось попыток: {left}.",
        "That is not the office's code. Tries left: {left}.",
    ),
    "second_code_over": (
        "Запрос {challenge} новый: прежний истёк или был о другом. Назовите его офису.",
        "{challenge} is a new request: the one before has ended, or was about something else. Read it to the office.",
    ),
}
STAFF_SHORT: dict[str, tuple[str, str]] = {
    "signed_in": ("Вошли: {name}", "Signed in: {name}"),
    "signed_out": ("Вы вышли", "You have signed out"),
    "no_staff": ("Списка сотрудников нет", "There is no list of staff"),
    "sign_in_needed": ("Сначала войдите", "Sign in first"),
    "not_allowed": ("Вам этого нельзя\nПозовите управляющего", "You may not do this\nCall the manager"),
    "wrong_pin": ("ПИН-код не подходит", "That is not the PIN"),
    "wrong_badge": ("Такого бейджа здесь нет", "No such badge here"),
    "pin_pause": ("Неверные попытки\nПодождите {seconds} с", "Wrong tries\nWait {seconds} s"),
    "no_pepper": ("ПИН-код не проверить\nДождитесь связи", "PINs cannot be checked\nWait for the hub"),
    "second_needed": ("Нужен второй человек\nЗапрос {challenge}", "A second person is needed\nRequest {challenge}"),
    "second_shown": ("Отвечает {name}", "{name} answers"),
    "second_same": ("Второй должен быть другим", "It must be somebody else"),
    "second_not_allowed": ("За это отвечает\nуправляющий", "The manager answers for it"),
    "second_wrong_code": ("Код офиса не подходит", "That is not the office's code"),
    "second_code_over": ("Новый запрос {challenge}", "A new request {challenge}"),
}
