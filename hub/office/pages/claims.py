"""«Мне не начислили»: a purchase that earned nothing, and why; it is given to the member, once."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from hub.office.visit import Page, Refused, View, Visit, Words
from loyalty.money import BadNumber, format_kopecks, parse_kopecks
from loyalty.receipt_codes import read_fiscal, read_mark
from sync.receipts import ToldClaim

FIELDS: Final = ("who", "receipt", "store", "till", "day", "total")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")

WORDS: Final[Words] = {
    "claims": ("Не начислили", "Not added"),
    "claims_how": (
        "Чек: его код, или номер, магазин и день. Без чека: карта, которую показали, день и сумма.",
        "The receipt: its code, or number, store and day. Without it: the card that was shown, day and sum.",
    ),
    "claims_who": ("Участник: карта, телефон или номер", "The member: card, phone or id"),
    "claims_receipt": ("Код или номер чека", "Code or number of the receipt"),
    "claims_store": ("Магазин", "Store"),
    "claims_till": ("Касса", "Till"),
    "claims_day": ("День", "Day"),
    "claims_total": ("Сумма, ₽", "Sum, ₽"),
    "claims_look": ("Посмотреть, почему", "See why"),
    "claims_reason": ("Почему начисляем", "Why it is added"),
    "claims_give": ("Начислить", "Add"),
    "claims_found": (
        "Чек {number} за {day}, касса {till}: {total} ₽",
        "Receipt {number} of {day}, till {till}: {total} ₽",
    ),
    "claims_points": ("Баллов: {points}", "Points: {points}"),
    "claims_given": ("Начислено по чеку {number}: {points}.", "Added by receipt {number}: {points}."),
    "claims_to_give": ("Можно начислить.", "It can be added."),
    "claims_given_before": ("Уже начислено: второй раз нельзя.", "It was added before: once is all."),
    "claims_had_member": ("Чек и так этого участника.", "The receipt is this member's anyway."),
    "claims_of_another": ("Чек другого участника.", "The receipt is another member's."),
    "claims_too_old": ("Срок начисления прошёл.", "It is too old to be added."),
    "claims_came_back": ("По чеку всё вернули.", "All of it came back."),
    "claims_earns_nothing": ("По условиям ничего не положено.", "By the programme it earns nothing."),
    "claims_paid_by_points": ("Чек оплачен баллами: его надо разобрать.", "It was paid with points: look into it."),
    "claims_other_programme": ("Чек другой программы.", "The receipt is of another programme."),
    "claims_why_no_card": ("Карту не предъявили.", "No card was shown."),
    "claims_why_card_of_nobody": ("Карту предъявили, но её никто не знал.", "The card was shown, and nobody knew it."),
    "claims_why_card_taken": ("Карта была уже чужая.", "The card was another's by then."),
    "claims_why_refused": ("Хаб чек не принял: {why}.", "The ledger refused the receipt: {why}."),
    "claims_no_total": ("Сумму пишут так: 494.90.", "A sum is written like 494.90."),
    "claims_no_day": ("День пишут так: 2026-12-31.", "A day is written like 2026-12-31."),
    "claims_no_who": ("Назовите участника.", "Say the member."),
    "claims_why": ("Напишите, почему начисляем.", "Say why it is added."),
    "no_unknown_receipt": ("Такого чека в хабе нет.", "There is no such receipt here."),
    "no_several_receipts": ("Таких чеков несколько: назовите кассу.", "There are several such receipts: say the till."),
    "no_receipt_of_before": ("Чек прежней системы: баллы по нему пришли суммой.", "A receipt of the system before."),
    "no_nobody_called_so": ("Такого участника нет, или их несколько.", "There is no such member, or several."),
    "no_which_purchase": ("Назовите чек, или день и сумму.", "Say the receipt, or the day and the sum."),
    "no_not_claimed": ("Начислить нельзя: условий того дня здесь нет.", "The rules of that day are not here."),
}


def _page(visit: Visit) -> Response:
    typed = {name: visit.typed.one(name) for name in FIELDS}
    told: ToldClaim | None = visit.do("look_at_claim", _sought(typed)) if typed["who"] else None
    return visit.show("claims.html", title="claims", typed=typed, found=_told(visit, told) if told else None)


def _give(visit: Visit) -> Response:
    typed = {name: visit.typed.one(name) for name in FIELDS}
    reason = visit.typed.one("reason")
    if not reason:
        raise Refused("claims_why")
    told: ToldClaim = visit.do("claim_sale", _sought(typed) | {"reason": reason[:200]})
    if told.state != "given":
        return visit.go(f"/claims?{urlencode(typed)}", visit.say(f"claims_{told.state}"))
    return visit.go("/claims", visit.say("claims_given", number=told.number, points=told.points))


def _sought(typed: dict[str, str]) -> dict[str, Any]:
    """Raises Refused."""
    if not typed["who"]:
        raise Refused("claims_no_who")
    if typed["day"] and not DAY.fullmatch(typed["day"]):
        raise Refused("claims_no_day")
    said = {"who": typed["who"][:200], "day": typed["day"], "kopecks": _kopecks(typed["total"])}
    return said | ({"receipt": _receipt(typed)} if typed["receipt"] else {})


def _receipt(typed: dict[str, str]) -> dict[str, Any]:
    text = typed["receipt"][:200]
    mark, fiscal = read_mark(text), read_fiscal(text)
    if mark is not None:
        generation, sequence = mark.key
        return {"chain": mark.chain, "generation": generation, "sequence": sequence, "digest": mark.digest}
    if fiscal is not None:
        document = {"document": fiscal.document, "sign": fiscal.sign}
        return document | {"storage": fiscal.storage, "kopecks": fiscal.kopecks}
    return {"number": text, "day": typed["day"], "store": typed["store"][:200], "till": typed["till"][:200]}


def _kopecks(total: str) -> int:
    try:
        return parse_kopecks(total.replace(",", ".")) if total else 0
    except BadNumber:
        raise Refused("claims_no_total") from None


def _told(visit: Visit, told: ToldClaim) -> dict[str, Any]:
    word = f"claims_why_{told.why}"
    why = visit.say(word) if word in WORDS else visit.say("claims_why_refused", why=told.why) if told.why else ""
    number = {"number": told.number, "day": told.day, "till": told.till, "total": format_kopecks(told.kopecks)}
    return {
        "head": visit.say("claims_found", **number),
        "state": visit.say(f"claims_{told.state}"),
        "why": why,
        "points": visit.say("claims_points", points=told.points),
        "gives": told.state == "to_give",
    }


CLAIMS: Final = Page(
    path="/claims",
    title="claims",
    right="claim_sales",
    words=WORDS,
    views=(View("GET", "/claims", _page), View("POST", "/claims", _give)),
)
