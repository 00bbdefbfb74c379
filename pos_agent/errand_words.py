"""What is said where the hub's desk had to be asked (pos_agent/errands.py)."""

from __future__ import annotations

from typing import Final

from pos_agent.certificate_words import CERTIFICATE_REFUSALS
from pos_agent.code_words import CODE_REFUSALS
from pos_agent.coupon_words import COUPON_REFUSALS
from pos_agent.office_desk_words import OFFICE_REFUSALS
from pos_agent.phone_code_words import PHONE_CODE_REFUSALS
from pos_agent.registration_words import REGISTRATION_REFUSALS

ERRAND_WORDS: dict[str, tuple[str, str]] = {
    "desk_hub_silent": (
        "Ответ офиса не пришёл, и неизвестно, сделано ли это. Повторите: второй раз не запишется.",
        "No answer came, and it is not certain whether it was done. Try again: it is never done twice.",
    ),
    "desk_not_sent": (
        "Нет связи, ничего не сделано. Повторите, когда она будет.",
        "There is no connection, and nothing was done. Try again once there is.",
    ),
    "desk_look_unanswered": (
        "Ответ офиса не пришёл. Это был только поиск, ничего не изменилось: повторите.",
        "No answer came. It was only a look, and nothing has changed: try again.",
    ),
    "desk_refused": ("Офис не разрешает: {why}.", "The office refuses: {why}."),
    "other_entity": (
        "Этот чек другого юридического лица. По закону товар принимает тот, кто его продал: верните в том магазине.",
        "That receipt is another company's. By law whoever sold the goods takes them back: return them in that shop.",
    ),
    "several_receipts": (
        "Таких чеков несколько. Назовите и кассу, или считайте код с чека.",
        "There are several such receipts. Say the till too, or scan the code on the receipt.",
    ),
    "receipt_of_before": (
        "Этот чек пробит в прежней системе: баллы по нему пришли суммой. Верните деньги, а баллы исправит офис.",
        "That receipt is of the system before: its points came in a sum. Refund the money; the office corrects points.",
    ),
    "nobody_called_so": (
        "Никого с такой картой или телефоном нет, или их несколько.",
        "Nobody has that card or phone, or several have.",
    ),
    "which_purchase": (
        "Какая покупка? Назовите чек, или день и сумму.",
        "Which purchase? Say the receipt, or the day and the sum.",
    ),
    "not_claimed": (
        "Начислить нельзя: условий того дня в офисе нет, или участник удалён.",
        "It can't be added: the rules of that day are not at the hub, or the member was erased.",
    ),
    "unknown_receipt": (
        "Такого чека в офисе нет. Проверьте код или номер, день и магазин.",
        "The hub has no such receipt. Check the code, or the number, day and store.",
    ),
}
ERRAND_SHORT: dict[str, tuple[str, str]] = {
    "desk_hub_silent": ("Ответа нет. Повторите:\nдважды не запишется", "No answer. Try again:\nnever done twice"),
    "desk_not_sent": ("Нет связи\nНичего не сделано", "No connection\nNothing was done"),
    "desk_look_unanswered": ("Ответ не пришёл\nПовторите", "No answer came\nTry again"),
    "desk_refused": ("Офис не разрешает", "The office refuses"),
    "other_entity": ("Чек другой фирмы\nВернуть, где купили", "Another company's\nReturn it there"),
    "several_receipts": ("Таких чеков несколько\nНужна и касса", "Several such receipts\nSay the till"),
    "receipt_of_before": ("Чек прежней системы\nБаллы исправит офис", "Receipt of before\nThe office corrects"),
    "nobody_called_so": ("Такого участника нет", "No such member"),
    "which_purchase": ("Какая покупка?\nЧек, или день и сумма", "Which purchase?\nReceipt, or day and sum"),
    "not_claimed": ("Начислить нельзя", "It can't be added"),
    "unknown_receipt": ("Такого чека в офисе нет", "The hub has no such one"),
}
# codes of the hub's desk that have words here; {tries}: that are left
HUB_REFUSALS: Final = frozenset(
    (
        *ERRAND_WORDS,
        *("claims_day", "claims_month"),
        *CODE_REFUSALS,
        *OFFICE_REFUSALS,
        *REGISTRATION_REFUSALS,
        *COUPON_REFUSALS,
        *CERTIFICATE_REFUSALS,
        *PHONE_CODE_REFUSALS,
    )
)
