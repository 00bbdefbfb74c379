"""What is said of the office's things at the till: cases of the shop, members, corrections."""

from __future__ import annotations

from typing import Final

OFFICE_DESK_WORDS: dict[str, tuple[str, str]] = {
    "cases_told": ("Открытых случаев этого магазина: {count}.", "Open cases of this shop: {count}."),
    "cases_none": ("Открытых случаев нет.", "No case is open."),
    "case_told": ("Случай: {what}.", "Case: {what}."),
    "case_settled_now": ("Решено. {remedy}.", "Settled. {remedy}."),
    "members_found": ("Нашли участников: {count}.", "Members found: {count}."),
    "member_told": ("На счёте {balance}.", "{balance} on the account."),
    "corrected": (
        "Исправлено: {points}. Теперь на счёте {balance}.",
        "Corrected: {points}. Now {balance} on the account.",
    ),
    "corrected_before": (
        "Это уже исправлено раньше: {points}. На счёте {balance}.",
        "That was corrected before: {points}. {balance} on the account.",
    ),
    "correction_waits": (
        "Столько баллов даёт только офис: подарок {gift} ждёт его решения.",
        "So many points are the office's to give: gift {gift} waits for its word.",
    ),
    "no_such_case": ("Такого случая в этом магазине нет.", "This shop has no such case."),
    "case_settled": ("Этот случай уже решил кто-то другой.", "Somebody has settled this case already."),
    "case_not_so": (
        "Так этот случай не решить: не хватает баллов, участника или операции, или столько один не даёт.",
        "This case is not settled so: points, a member or an operation are missing, or it is too much for one person.",
    ),
    "nobody_found": ("Такого участника нет.", "There is no such member."),
    "too_few_points": (
        "На счёте меньше, чем снимают. Отметьте, что остаток станет долгом.",
        "The account has less than is taken. Tick that the rest is owed.",
    ),
    "not_done": ("Офис этого не делает для такого участника.", "The office does not do this for such a member."),
    "no_card_for_gift": (
        "У участника нет карты: столько баллов даёт только офис и только на карту.",
        "The member has no card: so many points are given by the office, and to a card.",
    ),
}
OFFICE_DESK_SHORT: dict[str, tuple[str, str]] = {
    "cases_told": ("Открытых случаев: {count}", "Open cases: {count}"),
    "cases_none": ("Открытых случаев нет", "No case is open"),
    "case_told": ("Случай открыт на столе", "The case is on the desk"),
    "case_settled_now": ("Случай решён", "The case is settled"),
    "members_found": ("Нашли участников: {count}", "Members found: {count}"),
    "member_told": ("На счёте {balance}", "{balance} on the account"),
    "corrected": ("Исправлено: {points}\nНа счёте {balance}", "Corrected: {points}\nNow {balance}"),
    "corrected_before": ("Уже исправлено: {points}\nНа счёте {balance}", "Corrected before: {points}\nNow {balance}"),
    "correction_waits": ("Подарок {gift}\nждёт решения офиса", "Gift {gift}\nwaits for the office"),
    "no_such_case": ("Здесь нет такого случая", "No such case here"),
    "case_settled": ("Случай уже решён", "The case is settled already"),
    "case_not_so": ("Так случай не решить", "The case is not settled so"),
    "nobody_found": ("Такого участника нет", "No such member"),
    "too_few_points": ("На счёте меньше, чем снимают", "Less is on the account"),
    "not_done": ("Офис этого не делает", "The office does not do this"),
    "no_card_for_gift": ("У участника нет карты", "The member has no card"),
}
OFFICE_REFUSALS: Final = frozenset(
    {
        "no_such_case",
        "case_settled",
        "case_not_so",
        "nobody_found",
        "too_few_points",
        "not_done",
        "no_card_for_gift",
        "not_allowed",
    }
)  # codes of the hub's desk
