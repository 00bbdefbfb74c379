"""What the agent says where it keeps something from a thief: the long words and the short ones."""

from __future__ import annotations

from datetime import datetime
from typing import Final

GUARD_WORDS: Final[dict[str, tuple[str, str]]] = {
    "lease_ends": (
        "Хаб давно не отвечает: {at} касса забудет участников. Сообщите в офис.",
        "The hub has not answered for long: on {at} this till forgets the members. Tell the office.",
    ),
    "forgotten_lease": (
        "Хаб слишком давно не отвечал: касса забыла участников. Продажи идут, баллы начисляются по картам, списать "
        "нельзя. После связи с хабом участники вернутся.",
        "The hub has not answered for too long: this till has forgotten the members. Sales go on, cards earn, nothing "
        "can be redeemed. With the hub the members come back.",
    ),
    "forgotten_revoked": (
        "Офис отключил эту кассу от хаба: участников она забыла. Продажи записываются, баллы начисляются по картам, "
        "списать нельзя. Позовите управляющего.",
        "The office has sent this till away: it has forgotten the members. Sales are recorded, cards earn, nothing can "
        "be redeemed. Call the manager.",
    ),
    "guessing": (
        "Много неизвестных номеров подряд: подождите {seconds} с. Карту можно считать сканером.",
        "Many unknown numbers in a row: wait {seconds} s. A card can be scanned.",
    ),
}
GUARD_SHORT: Final[dict[str, tuple[str, str]]] = {
    "lease_ends": ("Хаб давно не отвечает\nСообщите в офис", "The hub is long away\nTell the office"),
    "forgotten_lease": ("Касса забыла участников\nНет связи с хабом", "The members are forgotten\nNo hub for too long"),
    "forgotten_revoked": (
        "Касса отключена от хаба\nПозовите управляющего",
        "The till was sent away\nCall the manager",
    ),
    "guessing": ("Много неизвестных номеров\nПодождите {seconds} с", "Many unknown numbers\nWait {seconds} s"),
}


def day_of(moment: str) -> str:
    """As people write it; of a time that is days ahead nobody needs the hour, nor in whose zone it is."""
    return datetime.fromisoformat(moment).strftime("%d.%m.%Y")
