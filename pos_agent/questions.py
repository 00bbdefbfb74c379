"""What there is to ask after an answer: one closed question, each of its answers with the command to send.

A POS that can show a text and some keys can hold every dialogue with that. What is asked follows from the answer, the
visit and what was told; nothing that the visit's table does not allow, and not what was answered already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from loyalty.programme import Currency, Language
from loyalty.wording import points_text
from offline_cache.records import PrintJob
from pos_agent.answers import Ask, Choice, Prompt, ToldReturn, ToldSale
from pos_agent.protocol import (
    Cancel,
    Command,
    IssueCard,
    PaperAnswer,
    Pay,
    Prepare,
    Redeem,
    ReissueCard,
    ReturnGoods,
)
from pos_agent.protocol_cards import MakeVirtual
from pos_agent.protocol_codes import EnterCode, SendCode
from pos_agent.shop_day import NEAR
from pos_agent.visit import ALLOWED, Visit, VisitEvent, state_of

KEY_MAX = 12  # characters on a key

QUESTIONS: Final[dict[str, tuple[str, str]]] = {
    "redeem": ("Списать {points}?", "Redeem {points}?"),
    "changed": ("Теперь к оплате {to_pay}. Дальше?", "Now {to_pay} to pay. Go on?"),
    "another_sale": ("Это другая продажа?", "Is this another sale?"),
    "another_return": ("Это другой возврат?", "Is this another return?"),
    "refunded": ("Отдали {refund}?", "{refund} given back?"),
    "send_code": ("Отправить код на телефон?", "Send a code to the phone?"),
    "code": ("Код из сообщения?", "The code from the message?"),
    "issue": ("Выдать карту {card}?", "Issue card {card}?"),
    "replace": ("Заменить потерянную на {card}?", "Replace the lost one with {card}?"),
    "manager": ("Управляющий разрешает замену?", "Does the manager allow it?"),
    # of «Информация по карте», for beside it lies the POS's own receipt
    "paper_receipt": ("Бумага о баллах к чеку {label} вышла?", "Points paper of {label} came out?"),
    "paper_return": ("Бумага о возврате {label} вышла?", "Paper of return {label} came out?"),
    "paper_copy": ("Копия к чеку {label} вышла?", "Did the copy for {label} come out?"),
    "paper_slip": ("Бланк карты {label} вышел?", "Did the form for {label} come out?"),
    "paper_certificate": ("Сертификат {label} вышел?", "Certificate {label} came out?"),
    "paper_report": ("Отчёт {label} вышел?", "Did report {label} come out?"),
}
YES: Final = ("Да", "Yes")
NO: Final = ("Нет", "No")
TYPE: Final = ("Ввести", "Type it")
BY_CODE_ALONE: Final = ("second_factor_missing", "phone_silent")  # limits that a code lifts

EVENTS: Final[Mapping[type[Any], VisitEvent]] = {
    Redeem: VisitEvent.REDEEM_ASKED,
    SendCode: VisitEvent.CODE_TOLD,
    EnterCode: VisitEvent.CODE_TOLD,
    Prepare: VisitEvent.PREPARED,
    Pay: VisitEvent.PAID,
    Cancel: VisitEvent.CANCELLED,
    IssueCard: VisitEvent.CARD_ISSUED,
    ReissueCard: VisitEvent.CARD_REISSUED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What was asked for and what was answered. `code` with its `facts` are those of the words; `visit` is the receipt
    as it is then; `blank`: a card that was shown, that nobody has, and that could go out now."""

    command: Command
    code: str
    visit: Visit
    facts: Mapping[str, str] = field(default_factory=dict)
    told: ToldSale | None = None
    returned: ToldReturn | None = None
    blank: str | None = None
    currency: Currency
    language: Language
    today: date


def question(answered: Answered) -> Ask | None:
    """What to ask now, if anything."""
    ask = _BY_CODE.get(answered.code, _redeem)(answered)
    return ask if ask is not None and _may_be_answered(answered.visit, ask) else None


def paper_question(job: PrintJob, language: Language) -> Ask:
    """Whether this paper came out; an answer told twice is no answer to the next question."""
    came, not_came = (PaperAnswer(paper=job.job, came_out=came_out) for came_out in (True, False))
    return _ask(language, f"paper_{job.kind}", came, not_came, label=job.label)


def _may_be_answered(visit: Visit, ask: Ask) -> bool:
    """By the visit's table; in dispute, as the visit would be when it has become another sale."""
    state = state_of(replace(visit, retold=None, disputed=False) if visit.disputed else visit)
    events = (EVENTS.get(type(answer.command)) for answer in ask.answers)
    return all(event is None or event in ALLOWED[state] for event in events)


# the questions


def _redeem(answered: Answered) -> Ask | None:
    """Points may pay, and nobody has said yet how many."""
    visit, told = answered.visit, answered.told
    limit = told.limit.points if told is not None and told.limit is not None else 0
    if not limit or visit.decided or visit.prepared:
        return None
    name = _name(answered)
    points = points_text(limit, answered.currency, answered.language)
    return _ask(answered.language, "redeem", Redeem(points=limit, **name), Redeem(points=0, **name), points=points)


def _changed(answered: Answered) -> Ask | None:
    command = answered.command
    assert isinstance(command, Prepare)
    quote = answered.visit.quote if command.quote is not None else None
    again, never = replace(command, quote=quote, **_name(answered)), Cancel(**_name(answered))
    return _ask(answered.language, "changed", again, never, to_pay=answered.facts["to_pay"])


def _another_sale(answered: Answered) -> Ask | None:
    """Before the money or with it; while goods still come there is time."""
    command = answered.command
    if not isinstance(command, Prepare | Pay):
        return None
    another = replace(command, another=True, **_name(answered))
    return _ask(answered.language, "another_sale", another, Cancel(**_name(answered)))


def _another_return(answered: Answered) -> Ask | None:
    command = answered.command
    assert isinstance(command, ReturnGoods)
    if "why" in answered.facts:  # it would be refused
        return None
    return _ask(answered.language, "another_return", replace(command, another=True), None)


def _refunded(answered: Answered) -> Ask | None:
    """Only of a return that has its number already: without one the answer would be refused."""
    command, returned = answered.command, answered.returned
    assert isinstance(command, ReturnGoods) and returned is not None
    if command.sale is None:
        return None
    paid = ReturnGoods(
        quote=returned.quote,
        paid=True,
        sale=command.sale,
        day=command.day,
        shift=command.shift,
        another=command.another,
    )
    return _ask(answered.language, "refunded", paid, None, refund=answered.facts["refund"])


def _blank(answered: Answered) -> Ask | None:
    """A new card, or one for a member who is here without his."""
    if answered.blank is None:
        return None
    name, card = _name(answered), answered.facts["card"]
    if answered.visit.who is None:
        return _ask(answered.language, "issue", IssueCard(card=answered.blank, **name), None, card=card)
    return _ask(answered.language, "replace", ReissueCard(new_card=answered.blank, **name), None, card=card)


def _manager(answered: Answered) -> Ask | None:
    command = answered.command
    assert isinstance(command, ReissueCard | MakeVirtual)
    if isinstance(command, MakeVirtual):
        return _ask(answered.language, "manager", replace(command, manager=True), None)
    return _ask(answered.language, "manager", replace(command, manager=True, **_name(answered)), None)


def _send_code(answered: Answered) -> Ask | None:
    """He wants to spend, and only said a phone."""
    told = answered.told
    reason = told.limit.reason if told is not None and told.limit is not None else None
    if reason not in BY_CODE_ALONE or getattr(answered.command, "points", 0) == 0 or answered.visit.code is not None:
        return _redeem(answered)
    return _ask(answered.language, "send_code", SendCode(**_name(answered)), None)


def _code(answered: Answered) -> Ask | None:
    code = answered.visit.code
    if code is None or not code.tries:
        return None
    at, name = 0 if answered.language == "ru" else 1, _name(answered)
    tell = Choice(text=TYPE[at], command=EnterCode(code="", **name), prompt=Prompt(field="code", digits=code.digits))
    return Ask(text=QUESTIONS["code"][at], answers=(tell, Choice(text=NO[at])))


def _code_over(answered: Answered) -> Ask | None:
    return _ask(answered.language, "send_code", SendCode(**_name(answered)), None)


def _nothing(answered: Answered) -> Ask | None:
    return None


_CHANGED: Final = (
    *("card", "link", "held", "balance", "day", "programme", "offer", "coupon", "coupon_used", "certificate"),
    *("stickers", "age", "news"),
)
_BY_CODE: Final[Mapping[str, Callable[[Answered], Ask | None]]] = {
    **{f"changed_{cause}": _changed for cause in _CHANGED},
    "sale_number_taken": _another_sale,
    "return_number_taken": _another_return,
    "return_prepared": _refunded,
    "unknown_card": _blank,
    "reissue_needs_manager": _manager,
    "redeem_set": _send_code,
    "code_sent": _code,
    "code_wrong": _code,
    "code_over": _code_over,
    "code_used": _code_over,
    "code_unknown": _code_over,
    "basket_bounds_wish": _nothing,  # it was said how many
}


# the pieces


def _name(answered: Answered) -> dict[str, Any]:
    """The receipt as the command called it, else as the visit is called, while that name would still be taken."""
    command, receipt = answered.command, answered.visit.receipt
    if (sale := getattr(command, "sale", None)) is not None:
        return {"sale": sale, "day": getattr(command, "day", None), "shift": getattr(command, "shift", None)}
    if receipt is None or (receipt.day and abs(date.fromisoformat(receipt.day) - answered.today) > NEAR):
        return {}
    return {"sale": receipt.number, "day": receipt.day or None, "shift": receipt.shift or None}


def _ask(language: Language, name: str, yes: Command, no: Command | None, **facts: str) -> Ask:
    at = 0 if language == "ru" else 1
    answers = (Choice(text=YES[at], command=yes), Choice(text=NO[at], command=no))
    return Ask(text=QUESTIONS[name][at].format(**facts), answers=answers)
