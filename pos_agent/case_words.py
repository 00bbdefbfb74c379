"""What the cashier sees of cases: what people in the office look at, of this till's own receipts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from loyalty.cases import CaseSnapshot
from loyalty.money import format_kopecks
from loyalty.programme import Language, Programme
from loyalty.wording import points_text
from pos_agent.refusal_words import why_refused

CASES_SHOWN_MAX: Final = 3  # the newest; `pos-hub cases` has them all

CASE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "debt": ("{receipt}: списано больше, чем было{cost}", "{receipt}: more was redeemed than there was{cost}"),
    "coupon_twice": ("{receipt}: купон уже был использован{cost}", "{receipt}: its coupon was used already{cost}"),
    "coupon_limit": (
        "{receipt}: купонов больше, чем разрешает акция{cost}",
        "{receipt}: a coupon beyond what its campaign allows{cost}",
    ),
    "coupon_budget": (
        "{receipt}: купон сверх бюджета акции{cost}",
        "{receipt}: a coupon beyond its campaign's budget{cost}",
    ),
    "coupon_revoked": (
        "{receipt}: купон был отозван или акция остановлена{cost}",
        "{receipt}: its coupon was revoked, or the campaign stopped{cost}",
    ),
    "coupon_member": ("{receipt}: купон другого участника{cost}", "{receipt}: another member's coupon{cost}"),
    "stickers_owed": ("{receipt}: наклеек было меньше{cost}", "{receipt}: there were fewer stickers{cost}"),
    "deviation": ("{receipt}: записан с отклонением{cost}", "{receipt}: not as it should be{cost}"),
    "refused": ("{receipt}: офис не принял, {why}", "{receipt}: the hub refused it, {why}"),
    "identity_conflict": (
        "{receipt}: под этим номером в офисе другая операция",
        "{receipt}: the hub has another operation of this number",
    ),
    "odd_blank": ("{receipt}: выдана карта не из партии магазина", "{receipt}: its card is of no batch here"),
    "forked": (
        "{receipt}: под именем этой кассы работал ещё один компьютер",
        "{receipt}: another machine has worked as this till",
    ),
    "lost": (
        "{receipt}: записи этой кассы пропали, их нет и в офисе",
        "{receipt}: operations of this till are lost, the hub has none of them",
    ),
    "clock": ("{receipt}: время записи далеко от часов офиса", "{receipt}: its time is far from the hub's clock"),
    "other_file": (
        "{receipt}: касса считает по другому файлу программы, чем сеть",
        "{receipt}: made by another file of the programme than the chain's",
    ),
    "not_by_rules": ("{receipt}: баллы не по условиям программы{cost}", "{receipt}: points not by the rules{cost}"),
    "audit": ("журнал этой кассы не тот, что знал офис", "this till's audit log is not the one that the hub knew"),
    "velocity": ("{receipt}: бывает чаще обычного{cost}", "{receipt}: more often than is ordinary{cost}"),
    "came_back_twice": (
        "{receipt}: эти товары вернули и на другой кассе{cost}",
        "{receipt}: the same goods came back at another till too{cost}",
    ),
    "certificate_beyond": (
        "{receipt}: на сертификате этого не было, или его не принимают{cost}",
        "{receipt}: its certificate did not have it, or is not taken{cost}",
    ),
    # of a kind that this till does not know yet
    "other": ("{receipt}: {kind}{cost}", "{receipt}: {kind}{cost}"),
    # parts, and all of them together
    "receipt": ("чек {sale}", "receipt {sale}"),
    "no_receipt": ("без чека", "no receipt"),
    "cost": (" ({cost})", " ({cost})"),
    "rubles": ("{money} ₽", "{money} ₽"),
    "open_cases": (
        "Офис разбирается, открытых дел: {count}. {which}. На кассе делать ничего не нужно.",
        "The office looks into it, open cases: {count}. {which}. There is nothing to do at the till.",
    ),
}


def say_case(case: CaseSnapshot, programme: Programme, language: Language) -> str:
    """A case in a few words."""
    code = case.kind if case.kind in CASE_WORDS else "other"
    receipt = _say("receipt", language, sale=case.sale) if case.sale else _say("no_receipt", language)
    why = why_refused(case.note, language) if case.kind == "refused" else ""
    return _say(code, language, receipt=receipt, kind=case.kind, why=why, cost=_cost(case, programme, language))


def say_cases(count: int, newest: Sequence[str], language: Language) -> str:
    """All that are open, in one sentence."""
    return _say("open_cases", language, count=str(count), which="; ".join(newest))


def _cost(case: CaseSnapshot, programme: Programme, language: Language) -> str:
    parts = [points_text(case.cost_points, programme.currency, language)] if case.cost_points else []
    if case.cost_kopecks:
        parts.append(_say("rubles", language, money=format_kopecks(case.cost_kopecks)))
    return _say("cost", language, cost=", ".join(parts)) if parts else ""


def _say(code: str, language: Language, **facts: str) -> str:
    return CASE_WORDS[code][0 if language == "ru" else 1].format(**facts)
