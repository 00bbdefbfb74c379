"""What the till's face says to whom it does not serve, or not now. Each code: Russian, English."""

from __future__ import annotations

FACE_WORDS: dict[str, tuple[str, str]] = {
    "malformed": (
        "Это не такой запрос HTTP/1.1, какие понимает касса: проверьте адрес, заголовки и длину.",
        "That is no HTTP/1.1 request as this till takes them: check address, headers and length.",
    ),
    "wrong_origin": (
        "Страницам других сайтов касса не отвечает.",
        "This till does not answer pages of other sites.",
    ),
    "wrong_encoding": (
        "Тело запроса сжато. Пришлите его как есть, без Content-Encoding.",
        "The request's body is encoded. Send it as it is, without Content-Encoding.",
    ),
    "too_large": (
        "Запрос длиннее {most} байт.",
        "The request is longer than {most} bytes.",
    ),
    "headers_too_large": (
        "Заголовки запроса слишком длинны.",
        "The request's headers are too long.",
    ),
    "too_slow": (
        "Запрос не пришёл целиком за {most} с. Пришлите его снова.",
        "The request did not arrive whole within {most} s. Send it again.",
    ),
    "too_many": (
        "Слишком многие уже ждут новостей кассы. Повторите позже или закройте лишние страницы.",
        "Too many wait for the till's news already. Try again later, or close pages that nobody needs.",
    ),
    "bad_idempotency_key": (
        "Idempotency-Key — один, от 1 до {most} печатных знаков ASCII.",
        "There is one Idempotency-Key, of 1 to {most} printable ASCII characters.",
    ),
    "idempotency_key_reused": (
        "Под этим Idempotency-Key уже была другая команда. Возьмите новый ключ.",
        "Another command came under this Idempotency-Key before. Take a new key.",
    ),
    "bad_command_twice": (
        "Поле {field} названо дважды.",
        "The field {field} is there twice.",
    ),
    "bad_command_number": (
        "В ней число, которого быть не может. Целые — до {most}, а суммы пишут строками.",
        "It has a number that cannot be. Whole numbers go up to {most}, and amounts are written as texts.",
    ),
    # whom the face does not talk to
    "not_found": ("Такого адреса у кассы нет.", "The till has no such address."),
    "wrong_method": ("Так этот адрес не спрашивают.", "That is not how this address is asked."),
    "wrong_host": (
        "Касса отвечает только на своей машине: обращайтесь к 127.0.0.1.",
        "This till answers on its own machine alone: call 127.0.0.1.",
    ),
    "wrong_token": (
        "Токена нет, или он не тот. Он лежит в папке данных кассы.",
        "The token is missing or wrong. It lies in the till's data directory.",
    ),
    "wrong_content_type": (
        "Команды приходят с заголовком Content-Type: application/json.",
        "Commands come with the header Content-Type: application/json.",
    ),
    "bad_query": (
        "after — целое число, wait_s — число секунд.",
        "after is a whole number, wait_s a number of seconds.",
    ),
}
