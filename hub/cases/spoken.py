"""A case in Russian and English, for whoever settles it at a desk: what happened, why, what each remedy does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from hub.blanks.odd import ODD_WORDS, Odd
from hub.cases import certificate_words, velocity_words
from hub.cases.kinds import KINDS, REMEDIES
from hub.cases.office_words import REFUSED
from hub.cases.rules_words import JOINT, in_words
from hub.store.records import CaseRow
from loyalty.programme import Language

Pair = tuple[str, str]  # Russian, English

KIND_WORDS: Final[Mapping[str, Pair]] = {
    "debt": ("Списано больше баллов, чем было", "More points were spent than there were"),
    "coupon_twice": ("Купон сработал второй раз", "A coupon was honoured twice"),
    "coupon_limit": ("Купон сработал сверх предела акции", "A coupon beyond its campaign's limit"),
    "coupon_budget": ("Купон сверх бюджета акции", "A coupon beyond its campaign's budget"),
    "coupon_revoked": ("Купон был отозван или акция остановлена", "A coupon that was revoked or stopped"),
    "coupon_member": ("Купон другого участника", "A coupon of another member"),
    "stickers_owed": ("Потрачено больше наклеек, чем было", "More stickers were spent than there were"),
    "deviation": ("Чек записан с отклонением", "A receipt was not as it should be"),
    "refused": (
        "Запись кассы не принята, а за ней покупатель",
        "A till's record was refused, and a customer is behind it",
    ),
    "identity_conflict": ("Под одним номером две разные записи", "Two records under one number"),
    "odd_blank": ("Выдана карта не из партии магазина", "A card was given out that was no blank of the store"),
    "forked": ("За одну кассу работали два файла", "Two files worked for one till"),
    "clock": ("Время записи далеко от часов хаба", "A record's time is far from the hub's clock"),
    "other_file": ("Касса считает по другому файлу программы", "A till sells by another file of the programme"),
    "velocity": ("Картой или сотрудником пользуются чаще обычного", "A card or a person is used more than is ordinary"),
    "audit": ("Журнал кассы не тот, что знал хаб", "A till's audit log is not the one that the hub knew"),
    "lost": ("Касса потеряла записи, и их нет нигде", "A till lost records that are nowhere else"),
    "came_back_twice": ("Товар вернули на двух кассах", "Goods came back twice, at two tills"),
    "certificate_beyond": (
        "Оплата сертификатом, на котором этого не было",
        "A certificate paid what it did not have",
    ),
    "not_by_rules": ("Баллы не по условиям программы", "Points do not follow from the rules"),
}
REMEDY_WORDS: Final[Mapping[str, Pair]] = {
    "accept": ("Принять: магазин берёт на себя, ничего не проводится", "Accept: the shop bears it, nothing is booked"),
    "wait": (
        "Взыскать в следующий визит: долг закроют следующие баллы",
        "Collect on the next visit: the next points pay the debt",
    ),
    "write_off": (
        "Списать долг: магазин берёт на себя то, что ещё не закрыто",
        "Write off: the shop bears what is still owed",
    ),
    "collect": (
        "Взыскать: баллы снимаются сейчас, недостающие — в следующий визит",
        "Collect: points are taken now, what is missing on the next visit",
    ),
    "goodwill": ("Извиниться баллами: это подарок", "Goodwill: points as an apology"),
    "adjust": (
        "Исправить счёт: столько-то баллов больше или меньше",
        "Adjust the account: so many points more or less",
    ),
    "reverse": ("Чек возвращён или исправлен на кассе", "The receipt was returned or corrected at its till"),
    "again": ("Записано заново другой операцией", "It was recorded once more by another operation"),
    "clock": ("Часы кассы поставлены", "The till's clock was set"),
    "publish": ("Касса получила правильный файл", "The till was given the right file"),
    "confirm": (
        "Файл кассы подтверждён (pos-hub till confirm)",
        "The till's file was confirmed (pos-hub till confirm)",
    ),
    "talk": ("Поговорили с тем, кто это делал", "Somebody has talked to whoever it was"),
    "block": ("Карта заблокирована", "The card was blocked"),
    "sold_later": (
        "Продажа этого сертификата пришла позже и всё оплатила",
        "The certificate's own sale came later, and paid it",
    ),
    "restore": ("Старая копия заменена на верную", "An old copy was replaced by the right one"),
}
REFUSED_RU: Final[Mapping[str, str]] = {
    "unknown_card": "её карты ни у кого нет",
    "unknown_member": "такого участника нет",
    "card_taken": "карта уже у другого",
    "card_already_replaced": "карта уже заменена",
    "card_not_blocked": "карта не заблокирована",
    "member_exists": "участник уже есть",
    "unknown_sale": "продажи, к которой она относится, нет",
    "not_whose_sale": "продажа другого участника",
    "more_than_was_sold": "вернули больше, чем продано",
    "more_than_was_redeemed": "вернулось больше баллов, чем списано",
    "more_than_was_used": "на сертификат вернули больше, чем им заплатили",
    "certificate_unknown": "такого сертификата никто не продавал",
    "certificate_sold_before": "такой сертификат уже продан",
    "certificate_more_than_left": "на сертификате было меньше",
    "certificate_given": "сертификат подарен, за него не платили",
    "certificate_blocked": "сертификат заблокирован",
    "certificate_replaced": "сертификат заменён другим",
    "certificate_ended": "срок подаренного сертификата вышел",
    "certificate_empty": "на сертификате ничего не было",
}
ODD_RU: Final[Mapping[Odd, str]] = {
    "of_no_batch": "её номера нет ни в одной партии",
    "spoiled": "она списана как испорченная",
    "not_received": "её партия в этот магазин не приходила",
}
SUMS_RU: Final[Mapping[str, str]] = {
    "basket": "строки или купоны, которых программа не знает",
    "day": "баллы посчитаны задолго до оплаты или после неё",
    "redeemed": "списанные баллы",
    "lines": "копейки строки",
    "total": "копейки всего",
    "paid": "копейки к оплате",
    "qualifying": "копейки для уровня",
    "offers": "что дала акция или купон",
    "accrued": "начисленные баллы",
    "parts": "из чего сложены начисленные баллы",
    "life": "до какого дня живут начисленные баллы",
    "stickers": "выданные наклейки",
}
DEVIATIONS: Final[Mapping[str, Pair]] = {
    "quote_kept": ("оплачено по прежнему расчёту", "paid as was told before"),
    "clock_off": ("часы кассы были неверны", "the till's clock was off"),
    "came_back_twice": ("деньги отданы за то, что уже вернули", "money was given for goods that were back"),
    "unwitnessed": ("расчёт помнит только POS", "only the POS remembers what was told"),
    "right_unnamed": ("купон или сертификат знает только POS", "only the POS knows a coupon or a certificate"),
    "card_taken": ("у новой карты уже есть хозяин", "the new card has an owner already"),
    "card_of_nobody": ("такой карты ни у кого нет", "nobody has the card"),
    "coupon_used": ("купон использован другой продажей", "the coupon was used by another sale"),
    "rules_unknown": ("условия того дня кассе неизвестны", "the till does not know that day's rules"),
    "certificates_not_made": ("за сертификат заплачено, а номера не было", "a certificate was paid for and not given"),
    "number_taken": ("номер чека уже занят", "the receipt's number was taken"),
}


def kind_said(kind: str, language: Language) -> str:
    """A kind that a newer program opened is called as it is."""
    return _one(KIND_WORDS.get(kind) or (kind, KINDS[kind].says if kind in KINDS else kind), language)


def remedy_said(remedy: str, language: Language) -> str:
    return _one(REMEDY_WORDS.get(remedy) or (remedy, REMEDIES.get(remedy, remedy)), language)


def why_said(case: CaseRow, language: Language) -> str:
    """What its note says; empty where the kind says all."""
    note, russian = case.note, language == "ru"
    match case.kind:
        case "refused":
            return (REFUSED_RU if russian else REFUSED).get(note, note)
        case "odd_blank":
            odd = cast(Odd, note)
            return (ODD_RU if russian else ODD_WORDS).get(odd, note)
        case "not_by_rules":
            return _by_rules(note) if russian else in_words(note)
        case "stickers_owed":
            owed, _, _ = note.partition(" ")
            return f"не хватило {owed}" if russian else f"{owed} were missing"
        case "velocity":
            return velocity_words.in_words(note, language)
        case "certificate_beyond":
            return certificate_words.in_words(note, language)
        case "clock":
            return f"{note[:10]} {note[11:16]} UTC"
        case "audit":
            return velocity_words.audit_in_words(note, language)
        case "deviation":
            return ", ".join(_one(DEVIATIONS.get(one, (one, one)), language) for one in note.split(","))
    return note


def _by_rules(note: str) -> str:
    sum, *numbers = note.split(JOINT)
    says = SUMS_RU.get(sum)
    if says is None:
        return note
    return f"{says}: записано {numbers[0]}, по условиям {numbers[1]}" if len(numbers) == 2 else says


def _one(pair: Pair, language: Language) -> str:
    return pair[0 if language == "ru" else 1]
