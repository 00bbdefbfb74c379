"""What partners and funds have in common on their pages: who they are, the rate, how many points, and the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from account import confirming
from account.hub_desk import HubSaysNo
from account.visit import Refused, Visit
from loyalty.partners import Exchange, TooFewPoints, exchange
from loyalty.wording import miles_text, rubles_text
from sync.account.codes import SendCode
from sync.account.partners import AskPartners, Pair, PartnersTold, PartnerTold, Unit
from web.language import Words

CODE: Final = "points"
CODES: Final = frozenset(("code_wrong", "code_no_tries", "code_over", "code_used", "code_unknown", "phone_not_proven"))


class Asked(NamedTuple):
    """What he wants to give: `step` "": he is looking, sum: he has said how much, code: a code has gone to him."""

    partner: PartnerTold
    points: int
    rate: Exchange | None
    step: str = ""
    refused: str = ""


def partners_of(visit: Visit, *, charity: bool) -> tuple[PartnerTold, ...]:
    told = visit.ask("partners", AskPartners(), PartnersTold)
    return tuple(one for one in told.partners if one.charity == charity)


def partner_of(visit: Visit, *, charity: bool) -> PartnerTold:
    """The one whom the address names. Raises Refused."""
    found = next((one for one in partners_of(visit, charity=charity) if one.id == visit.path["id"]), None)
    if found is None or not (charity or found.number is not None):
        raise Refused("no_unknown_partner", status=404)
    return found


def asked_of(visit: Visit, partner: PartnerTold) -> Asked:
    """As he typed it; refused where no such sum goes there."""
    text = "".join(visit.typed.one("points").split())
    points = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    try:
        return Asked(partner, points, exchange(partner, points), "sum")
    except TooFewPoints:
        return Asked(partner, points, None, refused=visit.say("no_partner_points"))


def in_steps(visit: Visit, asked: Asked, give: Callable[[str], str]) -> Asked | str:
    """He says how much, sees what comes of it, says yes, and with much of it tells a code. `give` takes its proof and
    answers to which page he goes on."""
    if asked.refused or not visit.typed.one("sure"):
        return asked
    try:
        proof = confirming.proof(visit, CODE) if visit.typed.one("code") else ""
        return give(proof)
    except HubSaysNo as refused:
        return _refused(visit, asked, refused)


def _refused(visit: Visit, asked: Asked, refused: HubSaysNo) -> Asked:
    """Raises HubSaysNo where the page cannot help."""
    if refused.code == "partner_code":
        confirming.send(visit, CODE, SendCode(purpose="confirm", doing="points"))
        return asked._replace(step="code")
    if refused.code in CODES:
        said = visit.say(f"no_{refused.code}", tries_left=refused.tries_left or 0)
        return asked._replace(step="code", refused=said)
    if refused.code not in WHY:
        raise refused
    return asked._replace(step="", refused=visit.say(f"no_{refused.code}"))


# as people of his language write it


def in_his(visit: Visit, pair: Pair) -> str:
    return pair[0 if visit.language == "ru" else 1]


def units_text(visit: Visit, units: int, unit: Unit) -> str:
    return rubles_text(units, visit.language) if unit == "kopecks" else miles_text(units, visit.language)


def shown(visit: Visit, asked: Asked | None = None) -> dict[str, Any]:
    """What every template of theirs needs."""
    return {
        "his": lambda pair: in_his(visit, pair),
        "units_of": lambda units, unit: units_text(visit, units, unit),
        "asked": asked,
        "sent_to": confirming.sent_to(visit, CODE) if asked is not None and asked.step == "code" else "",
        "refused": asked.refused if asked is not None else "",
        "status": 409 if asked is not None and asked.refused else 200,
    }


WHY: Final = frozenset(
    (
        *("partner_points", "partner_number", "partner_no_points", "partner_day", "partner_month"),
        "partner_not_registered",
    )
)
WORDS: Final[Words] = {
    "no_partner_points": (
        "Столько сюда не отдать: посмотрите под полем, от скольких и каким шагом.",
        "Not so many go there: see under the field from how many on, and in which steps.",
    ),
    "no_partner_number": (
        "Такого номера у партнёра не бывает. Проверьте его: пример — под полем.",
        "The partner has no such number. Check it: there is an example under the field.",
    ),
    "no_partner_no_points": (
        "Столько свободных {of_currency} у вас сейчас нет. Укажите меньше.",
        "You have not so many free {currency} now. Type fewer.",
    ),
    "no_partner_day": (
        "Это больше, чем можно за день. Укажите меньше или вернитесь завтра.",
        "That is more than one day's most. Type fewer, or come back tomorrow.",
    ),
    "no_partner_month": (
        "Это больше, чем можно за месяц. Укажите меньше или вернитесь в следующем месяце.",
        "That is more than one month's most. Type fewer, or come back next month.",
    ),
    "no_partner_not_registered": (
        "Сначала заполните анкету в профиле: отдавать могут участники с анкетой.",
        "Fill in the form in your profile first: it is for registered members.",
    ),
    "no_unknown_partner": (
        "Сюда сейчас ничего не передать. Посмотрите список: там все, кто принимает.",
        "Nothing can be given here just now. See the list of those who take something.",
    ),
    "no_partner_code": (
        "Для такой суммы нужен код с вашего телефона. Начните ещё раз.",
        "So many need a code from your phone. Begin again.",
    ),
}
