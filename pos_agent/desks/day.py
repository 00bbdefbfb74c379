"""A day and the audit log, for whoever answers for the shop. No receipt is touched."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from loyalty.audit import AuditRow
from loyalty.day import AskDay, Counts, StoreDay, added, summed
from offline_cache.days import RungRow
from pos_agent.audit_words import act_words, ended_words, fields_words
from pos_agent.counter import Counter, Done
from pos_agent.day_told import goods_of, hours_of, lines_of, parts_of, refusals_of
from pos_agent.day_words import PARTS, RULES, say_part
from pos_agent.protocol_day import ShowAudit, ShowDay, ToldAct, ToldAudit, ToldDay
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.report import label
from pos_agent.shop_day import shop_day
from pos_agent.visit import Visit

ACTS_MAX: Final = 500
FAULTS_SAID_MAX: Final = 3


def show_day(counter: Counter, visit: Visit, command: ShowDay) -> Done:
    day = shop_day(command.day, counter.today)
    if command.store:
        told = counter.ask_hub("day", AskDay(day=day), StoreDay, person=counter.person.id if counter.person else "")
        people = [(part.by, part.counts) for part in told.parts]
        tills = [(part.till, part.counts) for part in told.parts]
        of_store = _told(counter, day, people, tills, told.store)
        return Done(visit=visit, code="store_day_told", facts=_facts(of_store), day=of_store)
    people = list(counter.cache.days.of(day).items())
    here = _told(counter, day, people, [], None, counter.cache.shifts.guesses(day))
    return Done(visit=visit, code="day_told", facts=_facts(here), day=here)


def _facts(told: ToldDay) -> dict[str, str]:
    counts = {line.name: line.text for line in told.counts}
    return {"day": label(told.day), "sales": counts["sales"], "earned": counts["earned"], "spent": counts["spent"]}


def _told(
    counter: Counter,
    day: str,
    people: list[tuple[str, Counts]],
    tills: list[tuple[str, Counts]],
    store: str | None,
    guesses: int = 0,
) -> ToldDay:
    language = counter.language
    counts = added(summed(counts for _, counts in people), {"guesses": guesses})
    nobody = say_part(PARTS, "nobody", language)
    return ToldDay(
        day=day,
        store=store,
        counts=tuple(lines_of(counts, language)),
        people=parts_of(people, nobody),
        tills=parts_of(tills, nobody),
        hours=hours_of(counts),
        refusals=refusals_of(counts, language),
        goods=goods_of(counts, language),
        rings=tuple(_ring(counter, row) for row in counter.cache.days.rings_of(day)),
        unsent=counter.cache.outbox_length(),
    )


def _ring(counter: Counter, row: RungRow) -> str:
    language = counter.language
    at = datetime.fromisoformat(row.at).astimezone(counter.programme.timezone)
    return say_part(
        PARTS,
        "ring",
        language,
        time=f"{at:%H:%M}",
        who=_who(counter, row.subject),
        count=str(row.count),
        what=say_part(RULES, row.rule, language),
        most=str(row.most),
        by=say_part(PARTS, "by", language, by=row.by) if row.by else "",
    )


def _who(counter: Counter, subject: str) -> str:
    """A member by a card of his; whoever guesses is nobody."""
    if not subject:
        return say_part(PARTS, "who_nobody", counter.language)
    cards = counter.cache.members.cards(subject)
    number = cards[0].number if cards else subject
    return say_part(PARTS, "who_card", counter.language, card=masked(number))


def show_audit(counter: Counter, visit: Visit, command: ShowAudit) -> Done:
    log = counter.house.audit
    if log is None:
        raise Refused("no_audit")
    language = counter.language
    faults = tuple(say_part(PARTS, fault.what, language, number=str(fault.number)) for fault in log.faults())
    zone = counter.programme.timezone
    acts = tuple(
        _act(counter, row, f"{datetime.fromisoformat(row.at).astimezone(zone):%d.%m.%Y %H:%M:%S}")
        for row in log.newest(min(command.most, ACTS_MAX))
    )
    told = ToldAudit(rows=log.head().number, acts=acts, faults=faults)
    if faults:
        return Done(visit=visit, code="audit_edited", facts={"which": ", ".join(faults[:FAULTS_SAID_MAX])}, audit=told)
    return Done(visit=visit, code="audit_told", facts={"rows": str(told.rows)}, audit=told)


def _act(counter: Counter, row: AuditRow, at: str) -> ToldAct:
    language = counter.language
    known = counter.staff.book.find(row.who) if counter.staff is not None else None
    return ToldAct(
        number=row.number,
        at=at,
        who=row.who,
        act=row.act,
        text=fields_words(row.fields, language),
        code=row.code,
        what=act_words(row.act, language),
        ended=ended_words(row.code, language),
        name=known.name if known is not None else row.who,
    )
