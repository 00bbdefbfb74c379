"""A receipt that keeps its points: brought by its QR within some days, looked at, and given once."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from account.hub_desk import HubSaysNo
from account.visit import Page, View, Visit
from loyalty.wording import points_text
from sync.account.claims import (
    CODE_LETTERS_MAX,
    AskBrought,
    BringReceipt,
    BroughtNow,
    BroughtTold,
    LookAtReceipt,
    ReceiptBrought,
)
from web.language import Words

TYPED_AGAIN: Final = frozenset(("no_receipt_code", "unknown_receipt", "claims_guesses", "claims_day", "claims_month"))
WORDS: Final[Words] = {
    "claim": ("Чек без карты", "A receipt without a card"),
    "claim_how": (
        "Купили без карты? {Currency} с такого чека ждут вас {days} дн. Наведите камеру телефона на QR-код внизу "
        "«Информации», или вставьте сюда его текст. Подойдёт и QR-код кассового чека.",
        "Bought without your card? The {currency} of that receipt wait for {days} days. Point your phone's camera at "
        "the QR code at its end, or paste its text here. The QR code of the cash receipt is as good.",
    ),
    "claim_off": (
        "Чеки без карты здесь не начисляются: спросите на кассе.",
        "Receipts without a card are not added here: ask at a till.",
    ),
    "claim_code": ("Текст QR-кода", "Text of the QR code"),
    "claim_code_how": (
        "Начинается с po: или с t= — или это ссылка.",
        "It begins with po: or with t=, or it is a link.",
    ),
    "claim_look": ("Посмотреть чек", "Look at it"),
    "claim_receipt": ("Чек {number}", "Receipt {number}"),
    "claim_shop": ("Магазин {shop}", "Shop {shop}"),
    "claim_gives": ("Можно получить {points}", "You can have {points}"),
    "claim_last_day": ("Это можно сделать по {day} включительно.", "You can until {day}."),
    "claim_take": ("Получить {points}", "Take {points}"),
    "claim_taken": ("{points} на вашем счёте: чек {number}.", "{points} on your account: receipt {number}."),
    "claim_waits": (
        "Этого чека у нас ещё нет: касса могла быть без связи. Подождать? Как придёт, начислим сами, до {day}.",
        "We do not have this receipt yet: the till may have been without a connection. Shall we wait? Once it "
        "comes, we add it by ourselves, until {day}.",
    ),
    "claim_wait": ("Ждать чек", "Wait for it"),
    "claim_waited": (
        "Ждём чек до {day}. Начислим сами, возвращаться сюда не нужно.",
        "We wait for it until {day} and add it by ourselves: you need not come back.",
    ),
    "claim_given_before": (
        "Этот чек уже начислен вам: {points}. Второй раз нельзя.",
        "This receipt was added to you before: {points}. Once is all.",
    ),
    "claim_had_member": (
        "По этому чеку вы показали карту: начислено {points}.",
        "You showed your card for this receipt: {points} were added.",
    ),
    "claim_of_another": (
        "Этот чек уже начислен другому участнику. Если это ошибка, обратитесь к нам с чеком.",
        "This receipt was added to another member. If that is a mistake, come to us with the receipt.",
    ),
    "claim_of_card": (
        "Этот чек уже начислен на карту {card}. Если это ошибка, обратитесь к нам с чеком.",
        "This receipt was added to card {card} before. If that is a mistake, come to us with the receipt.",
    ),
    "claim_too_old": (
        "Срок прошёл {day}: по этому чеку уже не начислить.",
        "It was good until {day}: nothing can be added by this receipt.",
    ),
    "claim_came_back": (
        "Всё по этому чеку вернули, начислять нечего.",
        "All of this receipt came back, there is nothing to add.",
    ),
    "claim_earns_nothing": (
        "По условиям программы за эти товары ничего не начисляется.",
        "By the programme these goods earn nothing.",
    ),
    "claim_paid_by_points": (
        "Этот чек оплачен {currency}: обратитесь к нам, мы разберёмся.",
        "This receipt was paid with {currency}: come to us, we look into it.",
    ),
    "claim_other_programme": (
        "Это чек другой программы. Проверьте, где вы покупали.",
        "This is a receipt of another programme. See where you bought.",
    ),
    "claim_never_came": (
        "Чек так и не пришёл. Обратитесь к нам с чеком: найдём.",
        "It never came. Come to us with the receipt: we find it.",
    ),
    "claim_mine": ("Ваши чеки", "Your receipts"),
    "claim_is_waiting": ("Ждём чек", "Waiting for it"),
    "claim_is_given": ("Начислено", "Added"),
    "claim_is_refused": ("Не начислено", "Not added"),
    "no_no_receipt_code": (
        "Это не код чека. Вставьте текст QR-кода целиком: он начинается с po: или с t=.",
        "That is no code of a receipt. Paste the whole text of its QR code: it begins with po: or with t=.",
    ),
    "no_unknown_receipt": (
        "Такого чека нет. Проверьте текст или покажите чек на кассе с картой.",
        "There is no such receipt. See whether the text is whole, or show the receipt at a till with your card.",
    ),
    "no_claims_day": (
        "Сегодня больше чеков начислить нельзя. Чек не пропадёт: вернитесь завтра.",
        "No more receipts can be added today. It stays good: come back tomorrow.",
    ),
    "no_claims_month": (
        "За 30 дней больше чеков начислить нельзя. Показывайте карту при покупке, а с чеком обратитесь к нам.",
        "No more receipts can be added in 30 days. Show your card when you buy, and come to us with this one.",
    ),
    "no_claims_guesses": (
        "Сегодня слишком много кодов, которых нет. Попробуйте завтра или покажите чек на кассе с картой.",
        "Too many codes today that there are not. Try tomorrow, or show the receipt at a till with your card.",
    ),
}
WITH_DAY: Final = ("too_old",)


def _page(visit: Visit) -> Response:
    code = _code(visit)
    if not code:
        return _shown(visit)
    try:
        found = visit.ask("receipt_claim_look", LookAtReceipt(code=code), ReceiptBrought)
    except HubSaysNo as refused:
        if refused.code not in TYPED_AGAIN:
            raise
        return _shown(visit, refused=visit.say(f"no_{refused.code}"))
    return _shown(visit, found=found)


def _take(visit: Visit) -> Response:
    code = _code(visit)
    if not code:
        return _shown(visit, refused=visit.say("no_no_receipt_code"))
    try:
        told = visit.ask("receipt_claim", BringReceipt(code=code), ReceiptBrought)
    except HubSaysNo as refused:
        if refused.code not in TYPED_AGAIN:
            raise
        return _shown(visit, refused=visit.say(f"no_{refused.code}"))
    if told.state == "given":
        return visit.go("/claim", visit.say("claim_taken", points=_points(visit, told.points), number=told.number))
    if told.state == "waiting":
        return visit.go("/claim", visit.say("claim_waited", day=visit.day_of(told.last_day)))
    return visit.go(f"/claim?code={quote(code)}")


def _shown(visit: Visit, *, refused: str = "", found: ReceiptBrought | None = None) -> Response:
    told = visit.ask("receipt_claims", AskBrought(), BroughtTold)
    return visit.show(
        "claim.html",
        title="claim",
        status=409 if refused else 200,
        refused=refused,
        code=_code(visit),
        found=found,
        why=_why(visit, found) if found is not None else "",
        brought=told,
        line=lambda one: _line(visit, one),
        letters_most=CODE_LETTERS_MAX,
    )


def _why(visit: Visit, found: ReceiptBrought) -> str:
    """Why nothing is given now; "": it is, or it is waited for."""
    if found.state in ("to_give", "given", "waiting"):
        return ""
    word = "claim_of_card" if found.state == "of_another" and found.card else f"claim_{found.state}"
    facts: dict[str, Any] = {"points": _points(visit, found.points), "card": found.card}
    return visit.say(word, **facts, day=visit.day_of(found.last_day) if found.last_day else "")


def _line(visit: Visit, one: BroughtNow) -> str:
    """Why one of the list was refused; "": nothing is to be said."""
    word = f"claim_{one.why}"
    if one.state != "refused" or word not in WORDS or one.why in WITH_DAY:
        return ""
    return visit.say(word, points=_points(visit, one.points))


def _points(visit: Visit, points: int) -> str:
    return points_text(points, visit.house.programme().currency, visit.language)


def _code(visit: Visit) -> str:
    return visit.typed.one("code")[:CODE_LETTERS_MAX].strip()


CLAIM: Final = Page(
    path="/claim",
    title="claim",
    words=WORDS,
    views=(View("GET", "/claim", _page), View("POST", "/claim", _take)),
)
