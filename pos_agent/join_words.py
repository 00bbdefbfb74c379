"""What `pos-agent join` says: what was tried, on what, why it failed, what helps."""

from __future__ import annotations

from typing import Final

from loyalty.programme import Language

JOIN_WORDS: Final[dict[str, tuple[str, str]]] = {
    "joined": (
        "Касса {till} подключена к хабу {url}. Ключ кассы лежит в {folder}, в копию её данных он не входит.",
        "Till {till} has joined the hub at {url}. Its key is in {folder}, apart from its data.",
    ),
    "no_code": (
        "Это не код: в коде {letters} букв и цифр, как {example}. Его даёт офис: {add} {till}.",
        "That is no code: one has {letters} letters and digits, such as {example}. The office gives it: {add} {till}.",
    ),
    "hub_away": (
        "Хаб {url} не ответил, касса не подключена. Проверьте сеть и адрес хаба в настройках, потом повторите.",
        "The hub at {url} did not answer, and the till has not joined. Check the network and the hub's address in the "
        "settings, then try again.",
    ),
    "not_invited": (
        "Хаб {url} сейчас не ждёт кассу {till}: код не давали, он истёк или уже использован. Новый: {add} {till}.",
        "The hub at {url} does not expect till {till} now: no code was given, or it is over or used up. For a new one: "
        "{add} {till}.",
    ),
    "wrong_code": (
        "Код не подошёл, касса {till} не подключена. Осталось попыток: {left}. Проверьте код и имя кассы.",
        "The code is another, and till {till} has not joined. Tries left: {left}. Check the code and the till's name.",
    ),
    "wrong_hub": (
        "По адресу {url} отвечает не тот хаб: кода он не знает. Касса не подключена. Проверьте адрес в настройках.",
        "What answers at {url} is not the hub: it does not know the code. The till has not joined. Check the address "
        "in the settings.",
    ),
    "other_ledger": (
        "У хаба {url} другие книги: касса уже вела продажи для прежних, и здесь они посчитались бы второй раз. "
        "Проверьте адрес. Для новых книг дайте кассе пустую папку данных вместо {data}.",
        "The hub at {url} keeps other books: what this till has sold for those of before would count a second time. "
        "Check the address; for new books, give the till an empty data folder in the place of {data}.",
    ),
    "hub_refused": (
        "Хаб {url} не принял кассу {till} ({code}).",
        "The hub at {url} did not take till {till} ({code}).",
    ),
    "agent_runs": (
        "Агент этой кассы работает, и ключ при нём не меняют. Остановите его, подключите кассу и запустите снова.",
        "This till's agent is running, and its key is not changed under it. Stop it, join, and start it again.",
    ),
    "file_bad": (
        "{file}: это не файл подключения, или его изменили ({why}). Новый делает офис.",
        "{file} is no file to join with, or was changed ({why}). The office makes a new one.",
    ),
    "file_of_another": (
        "{file}: это файл кассы {other}, а эта касса называется {till}.",
        "{file} is of till {other}, and this till is called {till}.",
    ),
    "file_of_another_hub": (
        "{file}: в файле хаб {other}, а в настройках {url}. Укажите в настройках тот же адрес.",
        "{file} names the hub at {other}, and the settings {url}. Write the same address into the settings.",
    ),
    "file_spent": (
        "{file}: по этому файлу хаб {url} кассу {till} не подключает. Файл действует до {ends_at} и один раз; новый: "
        "{add} --csv. Если по нему подключён другой компьютер, а так не задумано: pos-hub till revoke {till}.",
        "{file}: by this file the hub at {url} lets no till {till} join. It is good until {ends_at}, and once; for a "
        "new one: {add} --csv. If another computer has joined by it, and was not meant to: pos-hub till revoke {till}.",
    ),
    "not_written": (
        "{folder}: не записать ключ кассы ({why}). Дайте пользователю агента право на это место и повторите.",
        "{folder}: the till's key cannot be written ({why}). Let the agent's user write there, and try again.",
    ),
    "data_off": (
        "Файл этой кассы не открыть: {why}",
        "This till's file cannot be opened: {why}",
    ),
}


def say_join(code: str, language: Language, /, **facts: str) -> str:
    russian, english = JOIN_WORDS[code]
    return (russian if language == "ru" else english).format(**facts)
