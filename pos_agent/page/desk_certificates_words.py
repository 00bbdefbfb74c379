"""What the desk's page says of gift certificates."""

from __future__ import annotations

DESK_CERTIFICATES_WORDS: dict[str, tuple[str, str]] = {
    "dcert_title": ("Подарочные сертификаты", "Gift certificates"),
    "dcert_numbers": ("Номеров для продажи в запасе: {count}.", "Numbers to sell in stock: {count}."),
    "dcert_look": ("Узнать остаток", "See what is on one"),
    "dcert_look_how": (
        "Отсканируйте QR или наберите номер и ПИН.",
        "Scan its QR, or type its number and PIN.",
    ),
    "dcert_look_do": ("Узнать", "See"),
    "dcert_block": ("Заблокировать украденный", "Block a stolen one"),
    "dcert_block_how": (
        "Наберите номер, его знает и офис, или отсканируйте QR. Обратно не разблокировать: вместо него выдают другой.",
        "Type its number, which the office knows, too, or scan its QR. It is never set free: another takes its place.",
    ),
    "dcert_block_sure": (
        "Заблокировать сертификат {number}? Им больше не заплатят.",
        "Block certificate {number}? Nobody pays with it any more.",
    ),
    "dcert_block_do": ("Заблокировать", "Block"),
    "dcert_replace": ("Заменить новым номером", "Replace one by a new number"),
    "dcert_replace_how": (
        "Украден, потерян или испорчен: всё, что на нём есть, перейдёт на новый номер, бумага выйдет здесь.",
        "Stolen, lost or spoiled: all that is on it goes to a new number, whose paper comes out here.",
    ),
    "dcert_replace_sure": (
        "Заменить сертификат {number}? Старым больше не заплатят.",
        "Replace certificate {number}? Nobody pays with the old one any more.",
    ),
    "dcert_replace_do": ("Заменить", "Replace"),
    "dcert_refund": ("Вернуть остаток деньгами", "Refund what is left in money"),
    "dcert_refund_how": (
        "Отсканируйте QR или наберите номер и ПИН: касса скажет, сколько отдать.",
        "Scan its QR, or type its number and PIN: the till says how much to give.",
    ),
    "dcert_refund_do": ("Сколько отдать?", "How much is it?"),
    "dcert_given": ("Отданы ли деньги: {left}?", "Has {left} been given?"),
    "dcert_given_yes": ("Да, отданы", "Yes, given"),
    "dcert_given_no": ("Не отданы", "Not given"),
    "dcert_number": ("Номер сертификата", "Number"),
    "dcert_scanned": ("по его QR", "of the QR"),
    "dcert_pin": ("ПИН", "PIN"),
    "dcert_reason": ("Причина", "Why"),
    "dcert_reason_how": ("Напишите причину.", "Say why."),
    "dcert_next": ("Дальше", "Go on"),
    "dcert_done": ("Готово", "Done"),
}
