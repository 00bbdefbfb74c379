"""What the desk says of purchases of before, and of those that earned nothing: the long words and the short ones."""

from __future__ import annotations

RECEIPT_WORDS: dict[str, tuple[str, str]] = {
    "purchases_told": (
        "{member}: покупок, по которым ещё можно вернуть, {count}.",
        "{member}: purchases found: {count}.",
    ),
    "no_purchases": (
        "{member}: таких покупок нет, или по ним всё уже вернули.",
        "{member}: no such purchase, or all of it has come back.",
    ),
    "which_member_of_hub": ("Чья покупка? Назовите карту или телефон.", "Whose purchase? Say a card or a phone."),
    "bad_total": ("Сумма: рубли и копейки, например 494.90.", "The total is rubles and kopecks, such as 494.90."),
    "claim_to_give": (
        "Чек {number} за {day} можно начислить: {member}, {points}. {why}",
        "Receipt {number} of {day} can be added: {member}, {points}. {why}",
    ),
    "claim_given": (
        "Начислено по чеку {number} за {day}: {member}, {points}.",
        "Added by receipt {number} of {day}: {member}, {points}.",
    ),
    "claim_given_before": (
        "По чеку {number} за {day} уже начислено: {points}. Второй раз нельзя.",
        "Receipt {number} of {day} was added before: {points}. Once is all.",
    ),
    "claim_had_member": (
        "Чек {number} за {day} и так этого участника: начислено {points}.",
        "Receipt {number} of {day} is this member's anyway: {points}.",
    ),
    "claim_of_another": (
        "Чек {number} за {day} другого участника: начислить его нельзя.",
        "Receipt {number} of {day} is another member's: it can't be added.",
    ),
    "claim_too_old": (
        "Чек {number} за {day} слишком старый: срок начисления прошёл.",
        "Receipt {number} of {day} is too old to be added.",
    ),
    "claim_came_back": (
        "По чеку {number} за {day} всё вернули: начислять нечего.",
        "All of receipt {number} of {day} came back: there is nothing to add.",
    ),
    "claim_earns_nothing": (
        "По чеку {number} за {day} по условиям программы ничего не положено.",
        "By the programme receipt {number} of {day} earns nothing.",
    ),
    "claim_paid_by_points": (
        "Чек {number} за {day} оплачен баллами: его разберёт офис.",
        "Receipt {number} of {day} was paid with points: the office looks into it.",
    ),
    "claim_other_programme": (
        "Чек {number} за {day} другой программы.",
        "Receipt {number} of {day} is of another programme.",
    ),
    "claim_of_another_card": (
        "Чек {number} за {day} уже начислен на карту {card}. Второй раз нельзя.",
        "Receipt {number} of {day} was added to card {card} before. Once is all.",
    ),
    "claim_waiting": (
        "Чек до офиса ещё не дошёл. Придёт до {last} — начислим сами: {member}. Больше ничего не нужно.",
        "The receipt has not reached the hub. If it comes by {last}, its points go to {member} by themselves.",
    ),
    "claim_needs_hub": (
        "Без связи с офисом по чеку не начислить. Чек у гостя: пусть покажет его ещё раз, дважды не начислится.",
        "Without the hub nothing is added by a receipt. It stays good: show it again, it is never added twice.",
    ),
    "receipt_or_claim": (
        "Это код чека. Начислить по нему — сначала карта. Вернуть товар — «Возврат», и считайте код там.",
        "That is a receipt's code. To add its points, the card comes first. To return goods choose «Return» first.",
    ),
    "claims_day": (
        "Участник принёс сегодня столько чеков, сколько можно. Остальные — завтра.",
        "The member has brought as many receipts today as one may. The others can come tomorrow.",
    ),
    "claims_month": (
        "Участник принёс за 30 дней столько чеков, сколько можно. Дальше решает офис: «Мне не начислили».",
        "The member has brought as many receipts in 30 days as one may. More is the office's to decide.",
    ),
    "claim_needs_reason": ("Почему начисляем? До {most} знаков.", "Why is it added? At most {most} characters."),
    "claim_why_no_card": ("Карту не предъявили.", "No card was shown."),
    "claim_why_offline": (
        "Карту предъявили без связи, и её никто не знал.",
        "The card was shown without a connection, and nobody knew it.",
    ),
    "claim_why_card": ("Карта была ничья или уже чужая.", "The card was nobody's, or another's by then."),
    "claim_why_refused": ("Офис чек не принял: {reason}.", "The hub refused the receipt: {reason}."),
}
RECEIPT_SHORT: dict[str, tuple[str, str]] = {
    "purchases_told": ("Покупки участника", "The member's purchases"),
    "no_purchases": ("Таких покупок нет", "No such purchase"),
    "which_member_of_hub": ("Чья покупка?\nКарта или телефон", "Whose purchase?\nCard or phone"),
    "bad_total": ("Сумма: например 494.90", "A total such as 494.90"),
    "claim_to_give": ("Можно начислить\n{points}", "Can be added\n{points}"),
    "claim_given": ("Начислено\n{points}", "Added\n{points}"),
    "claim_given_before": ("Уже начислено\n{points}", "Added before\n{points}"),
    "claim_had_member": ("Чек и так его\n{points}", "It is his anyway\n{points}"),
    "claim_of_another": ("Чек другого участника", "Another member's receipt"),
    "claim_too_old": ("Чек слишком старый", "The receipt is too old"),
    "claim_came_back": ("По чеку всё вернули", "All of it came back"),
    "claim_earns_nothing": ("По условиям ничего\nне положено", "By the rules it\nearns nothing"),
    "claim_paid_by_points": ("Оплачен баллами\nРазберёт офис", "Paid with points\nAsk the office"),
    "claim_other_programme": ("Чек другой программы", "Of another programme"),
    "claim_of_another_card": ("Уже начислен\nна карту {card}", "Added before\nto card {card}"),
    "claim_waiting": ("Чек ещё не дошёл\nНачислим сами", "It has not come yet\nIt will be added"),
    "claim_needs_hub": ("Без связи не начислить\nПокажите ещё раз", "No connection\nShow it again"),
    "receipt_or_claim": ("Это код чека\nНачислить: сначала карта", "That is a receipt's code\nFirst the card"),
    "claims_day": ("Сегодня чеков больше нельзя", "No more receipts today"),
    "claims_month": ("Чеков за месяц больше нельзя", "No more this month"),
    "claim_needs_reason": ("Почему начисляем?", "Why is it added?"),
    "claim_why_no_card": ("Карту не предъявили", "No card was shown"),
    "claim_why_offline": ("Карту никто не знал", "Nobody knew the card"),
    "claim_why_card": ("Карта была ничья", "The card was nobody's"),
    "claim_why_refused": ("Офис чек не принял", "The hub refused it"),
}
