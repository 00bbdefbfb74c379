"""What stands on coupons, certificates and cards besides what is theirs."""

from __future__ import annotations

from typing import Final

from loyalty.programme import Language

WORDS: Final[dict[str, tuple[str, str]]] = {
    "until": ("Действует по {day}", "Valid until {day}"),
    "no_end": ("Без срока действия", "It has no end"),
    "show": ("Покажите код на кассе", "Show the code at the till"),
    "type": ("или назовите:", "or say:"),
    "uses": ("Можно использовать раз: {uses}", "It is good for {uses} receipts"),
    "member": ("Только с вашей картой", "With your card alone"),
    "from": ("Покупка от {least}", "With a purchase of {least}"),
    "most": ("Не больше {most}", "At most {most}"),
    "certificate": ("Подарочный сертификат", "Gift certificate"),
    "number": ("Номер", "Number"),
    "pin": ("ПИН-код", "PIN"),
    "to": ("Кому: {name}", "To: {name}"),
}


def said(key: str, language: Language, **facts: str) -> str:
    russian, english = WORDS[key]
    return (russian if language == "ru" else english).format(**facts)
