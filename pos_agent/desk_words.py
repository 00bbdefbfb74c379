"""What the till says of the account, of receipts that wait, and of whom it needs."""

from __future__ import annotations

from pos_agent.card_words import CARD_WORDS

DESK_WORDS: dict[str, tuple[str, str]] = {
    "training": (
        "Учебный режим: чеки, баллы и купоны здесь не настоящие и кассу не покидают.",
        "Training: receipts, points and coupons here are not real, and stay at this till.",
    ),
    # where nobody stands at the till
    "needs_person": (
        "Здесь нужен сотрудник магазина: позовите его.",
        "This needs somebody of the shop: call an assistant.",
    ),
    # the account
    "balance_told": ("Карта {card}: на счёте {balance}.", "Card {card}: {balance} on the account."),
    # an account below zero (R33): what is owed, why, and what pays it
    "owing_told": ("Карта {card}: долг {owed}.", "Card {card}: {owed} are owed."),
    "owing_found": ("Карта {card}: долг {owed}.", "Card {card}: {owed} are owed."),
    "owing_found_by_phone": (
        "Участник найден по телефону, карта {card}: долг {owed}.",
        "Member found by phone, card {card}: {owed} are owed.",
    ),
    "recorded_owing": (
        "Чек {sale} записан: начислено {accrued}, списано {redeemed}. Долг {owed}.",
        "Receipt {sale} is recorded: {accrued} accrued, {redeemed} redeemed. {owed} are owed.",
    ),
    "owed_why": (
        "Их потратили дважды или сняли за возврат; долг погасят следующие баллы.",
        "They were spent twice, or taken back with a return; the next points pay it.",
    ),
    "member_known": (
        "Участник найден по телефону, карта {card}: баллы за покупку начислятся. Баланс — по карте.",
        "Member found by phone, card {card}: a purchase will earn points. The balance is told for the card.",
    ),
    "points_come": ("С {at} прибавится {points}.", "{points} more from {at}."),
    "points_die": ("{day} сгорит {points}.", "{points} end on {day}."),
    "which_member": (
        "Чей баланс? Назовите карту или телефон, одно из двух.",
        "Whose balance? Say a card or a phone, one of them.",
    ),
    "coupon_is_no_card": (
        "Это купон, у него нет баланса. Попросите карту.",
        "That is a coupon and has no balance. Ask for the card.",
    ),
    # receipts
    "card_recorded": ("Карта записана.", "The card is recorded."),
    "receipt_not_here": (
        "Чека {sale} на кассе нет: пришлите его товары и карту ещё раз.",
        "Receipt {sale} is not at the till: send its goods and card again.",
    ),
    # receipts that wait
    "put_aside": ("Чек {sale} отложен.", "Receipt {sale} is put aside."),
    "taken_up": ("Чек {sale} снова на кассе.", "Receipt {sale} is in front again."),
    "pushed_out": (
        "Отложенный чек {sale} забыт: больше двадцати касса не держит. Если он нужен, пробейте его заново.",
        "Receipt {sale}, which was put aside, is forgotten: the till keeps twenty. If it is needed, begin it anew.",
    ),
    "nothing_in_front": ("Откладывать нечего: такого чека на кассе нет.", "There is no such receipt to put aside."),
    "receipt_without_number": (
        "У чека на кассе нет номера: завершите его или отмените.",
        "The receipt in front has no number: finish it, or cancel it.",
    ),
    "not_put_aside": ("Чека {sale} среди отложенных нет.", "No receipt {sale} is put aside."),
    "several_put_aside": (
        "Отложенных чеков {sale} несколько: назовите день или смену.",
        "Several receipts {sale} are put aside: say the day or the shift.",
    ),
    # the cash drawer
    "drawer_opens": ("Денежный ящик открывается.", "The cash drawer opens."),
    "paper_without_printer": (
        "У этой кассы нет принтера: печатать не на чем.",
        "This till has no printer: there is nothing to print with.",
    ),
    "drawer_without_printer": (
        "Денежный ящик открывает принтер, а его у кассы нет. Откройте ключом.",
        "The printer opens the cash drawer, and this till has none. Open it with its key.",
    ),
    "no_drawer": (
        "Этот принтер денежный ящик не открывает. Откройте ключом.",
        "This printer opens no cash drawer. Open it with its key.",
    ),
    "drawer_not_now": (
        "Денежный ящик не открыть: {why} Откройте ключом.",
        "The cash drawer cannot be opened: {why} Open it with its key.",
    ),
    **CARD_WORDS,
}
