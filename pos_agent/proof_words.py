"""Why this till may be a copy of another, for the cashier: what is off and what helps."""

from __future__ import annotations

PROOF_WORDS: dict[str, tuple[str, str]] = {
    "unproven_not_joined": (
        "Касса не подключена к хабу: баллы начисляются, списать нельзя. Нужен код из офиса: pos-agent join. "
        "Ждут отправки: {outbox}.",
        "This till has not joined the hub: points are earned, none can be redeemed. It needs a code of the office: "
        "pos-agent join. Waiting to be sent: {outbox}.",
    ),
    "unproven_no_key": (
        "Ключ кассы не прочитать: баллы начисляются, списать нельзя. Позовите управляющего, причину покажет "
        "pos-agent doctor. Ждут отправки: {outbox}.",
        "This till's key cannot be read: points are earned, none can be redeemed. Call the manager; pos-agent doctor "
        "says why. Waiting to be sent: {outbox}.",
    ),
    "unproven_not_leased": (
        "Хаб ещё не подтвердил эту кассу: баллы начисляются, списать нельзя, пока нет связи. Ждут отправки: {outbox}.",
        "The hub has not confirmed this till yet: points are earned, none can be redeemed until it is reached. Waiting "
        "to be sent: {outbox}.",
    ),
    "unproven_other_machine": (
        "Данные кассы с другого компьютера: баллы начисляются, списать можно, когда ответит хаб. Ждут отправки: "
        "{outbox}.",
        "This till's data come from another machine: points are earned, and redeemed once the hub has answered. "
        "Waiting to be sent: {outbox}.",
    ),
    "unproven_runs_elsewhere": (
        "Эта касса запущена ещё на одном компьютере: здесь баллы не списать. Выключите лишнюю, сообщите в офис. "
        "Ждут отправки: {outbox}.",
        "This till runs on another machine too: no points are redeemed here. Switch one of them off, tell the office. "
        "Waiting to be sent: {outbox}.",
    ),
    "unproven_other_file": (
        "За эту кассу теперь работает другой компьютер: здесь баллы не списать. Скажите в офис, какой из них касса. "
        "Ждут отправки: {outbox}.",
        "Another machine works as this till now: no points are redeemed here. Tell the office which of them is the "
        "till. Waiting to be sent: {outbox}.",
    ),
    "unproven_forked": (
        "Под именем этой кассы продавал ещё один компьютер: здесь баллы не списать. Продажи целы, офис должен "
        "подтвердить эту кассу. Ждут отправки: {outbox}.",
        "Another machine has sold as this till: no points are redeemed here. The sales are safe; the office must "
        "confirm this till. Waiting to be sent: {outbox}.",
    ),
    "unproven_older_file": (
        "В файле кассы нет того, что в нём было: баллы начисляются, списать можно, когда ответит хаб. Проверьте связь. "
        "Ждут отправки: {outbox}.",
        "The till's file lacks what was in it: points are earned, and redeemed once the hub has answered. Check the "
        "connection. Waiting to be sent: {outbox}.",
    ),
    "unproven_sent_away": (
        "Хаб больше не принимает эту кассу: баллы начисляются, списать нельзя. Позовите управляющего. Ждут отправки: "
        "{outbox}.",
        "The hub does not hear this till any more: points are earned, none can be redeemed. Call the manager. "
        "Waiting to be sent: {outbox}.",
    ),
}
