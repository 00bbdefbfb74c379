"""Why the hub refused an operation, in words: for the person who has to settle it. A newer hub may have reasons that
this till does not know; then its code is all there is to say."""

from __future__ import annotations

from typing import Final

from loyalty.programme import Language

REFUSAL_WORDS: Final[dict[str, tuple[str, str]]] = {
    # what stands in the ledger speaks against it
    "unknown_member": ("такого участника нет", "there is no such member"),
    "unknown_card": ("такой карты нет", "there is no such card"),
    "unknown_sale": ("такой продажи нет", "there is no such sale"),
    "unknown_lot": ("таких баллов нет", "there are no such points"),
    "unknown_account": ("такого счёта нет", "there is no such account"),
    "card_taken": ("карта уже у другого", "somebody else has the card"),
    "card_already_replaced": ("карта уже заменена", "the card was replaced already"),
    "card_not_blocked": ("карта не заблокирована", "the card is not blocked"),
    "member_exists": ("участник уже есть", "the member is there already"),
    "member_erased": ("участник попросил себя забыть", "the member asked to be forgotten"),
    "same_member": ("это один и тот же участник", "both are one member"),
    "not_whose_sale": ("продажа другого участника", "the sale was another member's"),
    "more_than_was_sold": ("возвращено больше, чем продано", "more came back than was sold"),
    "more_than_was_redeemed": ("возвращено больше баллов, чем списано", "more points came back than were redeemed"),
    "more_than_was_used": (
        "на сертификат возвращено больше, чем им заплатили",
        "more came back onto the certificate than had paid",
    ),
    "certificate_unknown": ("такого сертификата никто не продавал", "nobody has sold that certificate"),
    "certificate_sold_before": ("такой сертификат уже продан", "that certificate was sold before"),
    "certificate_more_than_left": ("на сертификате меньше", "there is less on the certificate"),
    "certificate_empty": ("на сертификате ничего нет", "nothing is on the certificate"),
    "certificate_blocked": ("сертификат заблокирован", "the certificate is blocked"),
    "certificate_replaced": ("сертификат заменён другим", "the certificate was replaced by another"),
    "certificate_ended": ("срок подаренного сертификата вышел", "the certificate was given, and has ended"),
    "certificate_given": (
        "сертификат подарен, за него не платили",
        "the certificate was given, nobody had paid for it",
    ),
    "certificate_paid": ("за сертификат заплатили, он не кончается", "the certificate was paid for, and never ends"),
    "certificate_not_over": ("срок сертификата ещё не вышел", "the certificate has not ended yet"),
    "claimed_before": ("по этой продаже уже начислено", "the sale was added to a member before"),
    "not_that_many_points": ("столько баллов нет", "there are not that many points"),
    "not_that_many_stickers": ("столько наклеек нет", "there are not that many stickers"),
    "not_dead_yet": ("эти баллы ещё действуют", "these points are still alive"),
    "not_from_a_till": ("касса такого не делает", "no till does this"),
    "not_from_the_hub": ("хаб такого не делает", "the hub does not do this"),
    "not_from_the_office": ("офис такого не делает", "the office does not do this"),
    "not_from_an_online_shop": ("интернет-магазин такого не делает", "no online shop does this"),
    "not_from_the_account": ("личный кабинет такого не делает", "the account does not do this"),
    "kind_reserved": ("хаб этого ещё не умеет", "the hub cannot do this yet"),
    # it says what cannot be (hub/books/bounds.py)
    "unreadable": ("запись не читается", "it cannot be read"),
    "not_canonical": ("запись сделана не нашей программой", "no program of ours wrote it"),
    "bad_identity": ("участник, карта или чек названы неверно", "a member, card or sale has an impossible name"),
    "bad_amount": ("таких сумм или баллов не бывает", "no receipt has such amounts or points"),
    "bad_sum": ("строки чека не сходятся с итогом", "the lines do not come to the total"),
    "bad_moment": ("такой даты не бывает", "no shop knows that date"),
    "bad_text": ("название слишком длинное", "a name is too long"),
    "bad_serial": ("у купона неверный номер", "the coupon has an impossible serial"),
    "too_many": ("слишком много строк или купонов", "there are too many lines or coupons"),
}


def plainly_refused(reason: str, language: Language) -> str:
    """The words alone, for a paper."""
    words = REFUSAL_WORDS.get(reason)
    return reason if words is None else words[0 if language == "ru" else 1]


def why_refused(reason: str, language: Language) -> str:
    """The words, with the code that whoever is called wants to hear."""
    words = plainly_refused(reason, language)
    return words if words == reason else f"{words} ({reason})"
