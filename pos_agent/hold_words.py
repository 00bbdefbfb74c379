"""What the till says of points that are reserved for a receipt before they are told."""

from __future__ import annotations

HOLD_WORDS: dict[str, tuple[str, str]] = {
    "reserving": ("Проверяем баллы.", "Points are being reserved."),
    "hub_silent": (
        "Хаб вовремя не ответил: этот чек идёт по правилам без связи.",
        "The hub did not answer in time: this receipt goes by the rules of without a connection.",
    ),
    "tills_silent": (
        "Не ответили кассы: {tills}. Этот чек идёт по правилам без связи.",
        "No answer from the tills {tills}: this receipt goes by the rules of without a connection.",
    ),
    "changed_held": (
        "Баллы этой карты сейчас списывают по другому чеку: теперь к оплате {to_pay}. Скажите покупателю.",
        "Points of this card are being spent on another receipt: now {to_pay} to pay. Tell the customer.",
    ),
    "hold_overtaken": (
        "Пока проверялись баллы, чек изменился: карта другая или чек закрыт. Повторите, если нужно.",
        "While points were being reserved the receipt changed: another card, or it is over. Repeat it if it is needed.",
    ),
    "hold_bounds": (
        "Для этого чека отложено {held}. Чтобы списать больше, спишите ещё раз.",
        "{held} are reserved for this receipt. To spend more, redeem again.",
    ),
    "not_now_reserving": (
        "У покупателя уже есть карта в этом чеке.",
        "This receipt has a card already.",
    ),
}
