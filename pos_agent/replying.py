"""An answer in words: the long text, the short words of it, what there is to ask then, and what there is to gain."""

from __future__ import annotations

from typing import Final, TypeGuard

from msgspec.structs import replace

from loyalty.basket import BadBasket
from loyalty.explain import explain_bad
from loyalty.programme import Language
from pos_agent.advice_words import explain_advice, explain_more_for_card
from pos_agent.answers import Ask, Reply
from pos_agent.counter import Counter, Done
from pos_agent.desks.cards import could_go_out
from pos_agent.protocol import Code, Command
from pos_agent.questions import Answered, paper_question, question
from pos_agent.refused import Refused
from pos_agent.short_words import short, short_of
from pos_agent.visit import IllegalEvent, Visit
from pos_agent.words import say

FOR_WHO_SELLS: Final = ("goods", "receipt")  # codes that are none of ours, and mean something at the POS


def plain_reply(ok: bool, code: str, language: Language, **facts: str) -> Reply:
    return Reply(ok=ok, code=code, text=say(code, language, **facts), say=short(code, language, **facts))


def reply_of(counter: Counter, command: Command, done: Done) -> Reply:
    """What a desk told."""
    remarks = ((done.words or done.code, done.facts), *done.more)
    return Reply(
        ok=done.ok,
        code=done.code,
        text=" ".join(say(code, counter.language, **facts) for code, facts in remarks),
        say=short_of(((done.short or done.words or done.code, done.facts), *done.more, *done.aside), counter.language),
        ask=question(
            Answered(
                command=command,
                code=done.code,
                visit=done.visit,
                facts=done.facts,
                blank=_blank(counter, done.visit, command.text)[0] if _is_unknown(command, done.code) else None,
                told=done.told,
                returned=done.returned,
                currency=counter.programme.currency,
                language=counter.language,
                today=counter.today,
            )
        ),
        advice=_advice(counter, done),
        told=done.told,
        returned=done.returned,
        balance=done.balance,
        day=done.day,
        audit=done.audit,
        purchases=done.purchases,
        claimed=done.claimed,
        card=done.card,
        member=done.member,
        office=done.office,
        certificate=done.certificate,
    )


def _advice(counter: Counter, done: Done) -> str | None:
    """What was found with the quote that is told; once the receipt is frozen, it is too late."""
    visit, told = done.visit, done.told
    if visit.advised is None or told is None or visit.prepared or visit.advised.quote != told.quote:
        return None
    return explain_advice(visit.advised.advice, counter.programme, counter.language, counter.today)


def refusal(counter: Counter, visit: Visit, command: Command, why: Refused | IllegalEvent | BadBasket) -> Reply:
    """Of a command about this visit, which stays as it was."""
    if isinstance(why, IllegalEvent):
        return plain_reply(False, f"not_now_{why.state.value}", counter.language)
    if isinstance(why, BadBasket):
        plain = plain_reply(False, "bad_basket", counter.language, why=explain_bad(why, counter.language))
        return replace(plain, field=why.field or None)
    return _refused(counter, visit, command, why)


def _refused(counter: Counter, visit: Visit, command: Command, refused: Refused) -> Reply:
    blank, more_kopecks = None, refused.more_kopecks
    if _is_unknown(command, refused.words):
        blank, more_kopecks = _blank(counter, visit, command.text)
    answered = Answered(
        command=command,
        code=refused.words,
        visit=visit,
        facts=refused.facts,
        blank=blank,
        currency=counter.programme.currency,
        language=counter.language,
        today=counter.today,
    )
    return replace(
        plain_reply(False, refused.words, counter.language, **refused.facts),
        code=refused.code,
        field=refused.field,
        scanned=command.text if isinstance(command, Code) and refused.code in FOR_WHO_SELLS else None,
        ask=_paper(counter) if refused.code == "receipt_in_question" else question(answered),
        advice=explain_more_for_card(more_kopecks, counter.language) if more_kopecks else None,
    )


def _is_unknown(command: Command, code: str) -> TypeGuard[Code]:
    return isinstance(command, Code) and code == "unknown_card"


def _blank(counter: Counter, visit: Visit, text: str) -> tuple[str | None, int]:
    """A card that could go out now, or how much more on the receipt it would take."""
    try:
        return could_go_out(counter, visit, text), 0
    except Refused as refused:
        return None, refused.more_kopecks
    except (IllegalEvent, BadBasket):
        return None, 0


def _paper(counter: Counter) -> Ask | None:
    """About the next of the papers that a person is asked about."""
    asked = counter.cache.print_jobs.in_question()
    return paper_question(asked[0], counter.language) if asked else None
