"""An answer in words: the long text, the short words of it, and what there is to ask then."""

from __future__ import annotations

from msgspec.structs import replace

from loyalty.programme import Language
from pos_agent.answers import Ask, Reply
from pos_agent.counter import Counter, Done
from pos_agent.desks.cards import could_go_out
from pos_agent.protocol import Code, Command
from pos_agent.questions import Answered, paper_question, question
from pos_agent.refused import Refused
from pos_agent.short_words import short, short_of
from pos_agent.visit import Visit
from pos_agent.words import say


def plain_reply(ok: bool, code: str, language: Language, **facts: str) -> Reply:
    return Reply(ok=ok, code=code, text=say(code, language, **facts), say=short(code, language, **facts))


def reply_of(counter: Counter, command: Command, done: Done) -> Reply:
    """What a desk told."""
    remarks = ((done.code, done.facts), *done.more)
    return Reply(
        ok=done.ok,
        code=done.code,
        text=" ".join(say(code, counter.language, **facts) for code, facts in remarks),
        say=short_of(((done.short or done.code, done.facts), *done.more, *done.aside), counter.language),
        ask=question(
            Answered(
                command=command,
                code=done.code,
                visit=done.visit,
                facts=done.facts,
                told=done.told,
                returned=done.returned,
                currency=counter.programme.currency,
                language=counter.language,
            )
        ),
        told=done.told,
        returned=done.returned,
    )


def refusal(counter: Counter, visit: Visit, command: Command, refused: Refused) -> Reply:
    """Of a command about this visit, which stays as it was."""
    reply = plain_reply(False, refused.words, counter.language, **refused.facts)
    return replace(reply, code=refused.code, ask=_asked(counter, visit, command, refused))


def _asked(counter: Counter, visit: Visit, command: Command, refused: Refused) -> Ask | None:
    if refused.code == "receipt_in_question":
        job = counter.cache.print_jobs.oldest_open()  # the only one that can be answered now
        return paper_question(job, counter.language) if job is not None and job.state == "unknown" else None
    shown = isinstance(command, Code) and refused.words == "unknown_card"
    return question(
        Answered(
            command=command,
            code=refused.words,
            visit=visit,
            facts=refused.facts,
            blank=could_go_out(counter, visit, command.text) if shown and isinstance(command, Code) else None,
            currency=counter.programme.currency,
            language=counter.language,
        )
    )
