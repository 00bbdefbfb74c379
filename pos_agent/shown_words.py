"""What the till shows without being asked: what is off, what a member's card tells, how far a paper came out."""

from __future__ import annotations

from loyalty.programme import Language
from pos_agent.proof_words import PROOF_WORDS
from pos_agent.sticker_words import STICKER_SHOWN

SHOWN_WORDS: dict[str, tuple[str, str]] = {
    "birthday": ("День рождения! Поздравьте.", "It is the birthday: congratulate."),
    "hub_away": (
        "Нет связи с хабом, данные на {as_of}. Продажи и начисление идут. {redeeming} Ждут отправки: {outbox}.",
        "No connection to the hub, data of {as_of}. Sales and earning go on. {redeeming} Waiting to be sent: {outbox}.",
    ),
    "hub_never": (
        "С хабом ещё не связывались: карты неизвестны. Продавайте без баллов. Ждут отправки: {outbox}.",
        "The hub was never reached: no card is known. Sell without points. Waiting to be sent: {outbox}.",
    ),
    "hub_slow": (
        "Хаб отвечает медленно: в {at} не дождались его слова о баллах. Такие чеки идут по правилам без связи.",
        "The hub answers slowly: at {at} its word of points did not come in time. Such receipts go by the rules of "
        "without a connection.",
    ),
    "members_coming": (
        "Участники приходят с хаба: {done} из {of}. Чьей карты ещё нет, тому продавайте по ней же: баллы придут.",
        "Members are coming from the hub: {done} of {of}. To whoever's card is not here yet sell by it all the same: "
        "the points come later.",
    ),
    "offline_denied": ("Списывать баллы нельзя.", "No points can be redeemed."),
    "offline_capped": ("Списать можно до {most} на чек.", "Up to {most} may be redeemed on a receipt."),
    "offline_free": ("Списывать можно.", "Points may be redeemed."),
    "hub_older": (
        "Хаб старше кассы: продажи записываются и ждут здесь ({outbox}). Позовите управляющего.",
        "The hub is older than this till: sales are recorded and wait here ({outbox}). Call the manager.",
    ),
    "hub_bad_cursor": (
        "Хаб не узнаёт, докуда касса его прочла: его базу могли заменить. Продажи идут, карты по прежним данным. "
        "Ждут отправки: {outbox}. Позовите управляющего.",
        "The hub does not know how far this till has read: its ledger may be another. Sales go on, cards as known "
        "before. Waiting to be sent: {outbox}. Call the manager.",
    ),
    "hub_not_joined": (
        "Касса не подключена к хабу: продажи записываются и ждут здесь ({outbox}), новых карт она не узнает. "
        "Позовите управляющего.",
        "This till has not joined the hub: sales are recorded and wait here ({outbox}), and it hears of no new cards. "
        "Call the manager.",
    ),
    "hub_strange": (
        "Отвечает не тот хаб, к которому подключена касса: ему не верим. Продажи записываются и ждут здесь "
        "({outbox}). Позовите управляющего.",
        "What answers is not the hub that this till has joined: it is not believed. Sales are recorded and wait here "
        "({outbox}). Call the manager.",
    ),
    "hub_not_heard": (
        "Хаб не слушает эту кассу: её могли отключить в офисе. Продажи записываются и ждут здесь ({outbox}). "
        "Позовите управляющего.",
        "The hub does not hear this till: the office may have sent it away. Sales are recorded and wait here "
        "({outbox}). Call the manager.",
    ),
    "hub_set_aside": (
        "Хаб прислал то, чего быть не может: {count} ({which}). Для этих карт и купонов действует прежнее. "
        "Позовите управляющего.",
        "The hub sent what cannot be: {count} ({which}). For these cards and coupons what was known before holds. "
        "Call the manager.",
    ),
    "programme_missing": (
        "Программа: версия {version} действует с {since}, на кассу ещё не пришла. Считаем по версии {now}. "
        "Проверьте связь, сообщите в офис.",
        "Programme: version {version} is in force from {since} and has not come to this till, which goes by {now}. "
        "Check the connection, tell the office.",
    ),
    "programme_differs": (
        "Правила этой кассы не те, что в офисе, хотя версия одна: {version}. Касса считает по своим. Сообщите в офис.",
        "This till's rules are not the office's, though the version is the same: {version}. The till goes by its own. "
        "Tell the office.",
    ),
    "share_nobody": (
        "Касса не слушает сканер {name}: товары на неё не попадают. Откройте сканер на кассе ({door}).",
        "The POS does not listen to scanner {name}: goods do not reach it. Open the scanner at the POS ({door}).",
    ),
    "share_not_read": (
        "Касса не читает сканер {name}: товары ждут или теряются. Проверьте чек, перезапустите программу кассы.",
        "The POS does not read scanner {name}: goods wait or are lost. Check the receipt, restart the POS's program.",
    ),
    "share_waits": (
        "Принтер занят чеком кассы: наша бумага выйдет после него, самое позднее через {limit} с.",
        "The printer is busy with the POS's receipt: our paper comes after it, in {limit} s at the latest.",
    ),
    "no_printer": ("Принтер не настроен.", "No printer is set up."),
    "blanks_few": (
        "Бланков карт в магазине осталось {left}. Закажите в офисе; без бланка выдаётся виртуальная карта.",
        "The shop has {left} blank cards left. Order more; without one a virtual card goes out.",
    ),
    "certificates_few": (
        "Номеров для продажи сертификатов на кассе осталось {left}: новые придут со связью.",
        "The till has {left} numbers left for selling certificates: more come with the connection.",
    ),
    "certificates_none": (
        "Номеров для продажи сертификатов на кассе нет: продавать их можно, когда придут новые. Проверьте связь.",
        "The till has no numbers for selling certificates: they can be sold once more have come. Check the connection.",
    ),
    **PROOF_WORDS,
    **STICKER_SHOWN,
}

# of PaperState
PAPER_STATES: dict[str, tuple[str, str]] = {
    "queued": ("ждёт принтера, выйдет сама", "waits for the printer, comes by itself"),
    "sending": ("печатается", "is being printed"),
    "sent": ("печатается", "is being printed"),
    "printed": ("напечатана", "printed"),
    "interrupted": ("прервана, выйдет заново сама", "interrupted, comes anew by itself"),
    "unknown": ("неизвестно, вышла ли", "not known whether it came out"),
    "dropped": ("не вышла", "did not come out"),
}


def say_shown(code: str, language: Language, **facts: str) -> str:
    return SHOWN_WORDS[code][0 if language == "ru" else 1].format(**facts)
