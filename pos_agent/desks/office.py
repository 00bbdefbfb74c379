"""The office's things at the till: a manager settles the cases of his shop, looks a member up, puts points right. The
hub does it and this till records nothing; without the hub all of it is refused in words."""

from __future__ import annotations

from typing import Final

from loyalty.money import format_kopecks
from pos_agent.counter import Counter, Done
from pos_agent.desks.office_heard import (
    AskedCorrect,
    AskedText,
    AskedWho,
    HeardAct,
    HeardCorrected,
    HeardFound,
    HeardLot,
    HeardMember,
    HeardMembers,
)
from pos_agent.protocol_office import Correct, FindMember, ListCases, SettleCase, ShowCase, ShowMember
from pos_agent.refused import Refused
from pos_agent.staff.caller import Step
from pos_agent.told_office import (
    ToldCard,
    ToldCase,
    ToldCaseLine,
    ToldCases,
    ToldEvent,
    ToldFound,
    ToldKind,
    ToldLot,
    ToldMember,
    ToldMembers,
    ToldOffice,
    ToldRemedy,
)
from pos_agent.visit import Visit
from sync import cases

OF_HUB: Final = frozenset({"hub", "office"})  # chains of what is booked at the hub


def list_cases(counter: Counter, visit: Visit, command: ListCases) -> Done:
    heard = counter.ask_hub("cases", cases.ListCases(kind=command.kind, after=command.after), cases.CasesListed)
    kinds = (
        ToldKind(kind=kind, text=_one(counter, heard.kinds[kind]), count=count)
        for kind, count in heard.counts.items()
        if kind in heard.kinds
    )
    told = ToldCases(kinds=tuple(kinds), cases=tuple(_line(counter, one) for one in heard.cases), more=heard.more)
    count = sum(heard.counts.values())
    code = "cases_told" if count else "cases_none"
    return Done(visit=visit, code=code, facts={"count": str(count)}, office=ToldOffice(cases=told))


def show_case(counter: Counter, visit: Visit, command: ShowCase) -> Done:
    heard = counter.ask_hub("case", cases.NameCase(id=command.id), cases.CaseTold)
    told = _case(counter, heard)
    return Done(visit=visit, code="case_told", facts={"what": told.line.text}, office=ToldOffice(case=told))


def settle_case(counter: Counter, visit: Visit, command: SettleCase) -> Done:
    asked = cases.SettleCase(
        id=command.id,
        remedy=command.remedy,
        note=command.note,
        points=command.points,
        member=command.member,
        operation=command.operation,
    )
    told = _case(counter, counter.ask_hub("settle_case", asked, cases.CaseTold))
    facts = {"remedy": told.settled or ""}
    return Done(visit=visit, code="case_settled_now", facts=facts, office=ToldOffice(case=told))


def find_member(counter: Counter, visit: Visit, command: FindMember) -> Done:
    heard = counter.ask_hub("find_member", AskedText(text=command.text), HeardMembers)
    if not heard.members:
        raise Refused("nobody_found")
    told = ToldMembers(members=tuple(map(_found, heard.members)), more=heard.more)
    facts = {"count": str(len(told.members))}
    return Done(visit=visit, code="members_found", facts=facts, office=ToldOffice(members=told))


def show_member(counter: Counter, visit: Visit, command: ShowMember) -> Done:
    heard = counter.ask_hub("member", AskedWho(who=command.who), HeardMember)
    told = _member(counter, heard)
    facts = {"balance": counter.points(told.points)}
    return Done(visit=visit, code="member_told", facts=facts, office=ToldOffice(member=told))


def correct(counter: Counter, visit: Visit, command: Correct) -> Done:
    """Over so many points as the settings say a second person answers for it; more than the hub lets the two of them
    give waits for the office."""
    counter.second_over("correct_points", Step("correct", abs(command.points), command.who), points=True)
    asked = AskedCorrect(who=command.who, points=command.points, reason=command.reason, into_debt=command.into_debt)
    heard = counter.ask_hub("correct_points", asked, HeardCorrected)
    if heard.gift is not None:
        return Done(visit=visit, code="correction_waits", facts={"gift": heard.gift})
    code = "corrected_before" if heard.before is not None else "corrected"
    facts = {"points": _signed(counter, command.points), "balance": counter.points(heard.points)}
    return Done(visit=visit, code=code, facts=facts)


# the pieces


def _one(counter: Counter, said: cases.InBoth) -> str:
    return said.ru if counter.language == "ru" else said.en


def _signed(counter: Counter, points: int) -> str:
    return ("+" if points > 0 else "−") + counter.points(abs(points))


def _line(counter: Counter, heard: cases.CaseLine) -> ToldCaseLine:
    return ToldCaseLine(
        id=heard.id,
        kind=heard.kind,
        text=_one(counter, heard.says),
        why=_one(counter, heard.why),
        opened_at=heard.opened_at,
        till=heard.till,
        sale=heard.sale,
        cost_points=heard.cost_points,
        cost=format_kopecks(heard.cost_kopecks) if heard.cost_kopecks else None,
    )


def _case(counter: Counter, heard: cases.CaseTold) -> ToldCase:
    person = heard.person
    return ToldCase(
        line=_line(counter, heard.line),
        member=person.member if person is not None else None,
        cards=person.cards if person is not None else (),
        phone=person.phone if person is not None else None,
        card=heard.card,
        promised_redeemed=heard.promised_redeemed,
        promised_earned=heard.promised_earned,
        history=tuple(_event(counter, one) for one in heard.history),
        remedies=tuple(
            ToldRemedy(remedy=one.remedy, text=_one(counter, one.says), points=one.points, asks=one.asks)
            for one in heard.remedies
        ),
        settled=_one(counter, heard.settled.remedy) if heard.settled is not None else None,
        next=heard.next,
    )


def _event(counter: Counter, heard: cases.Event) -> ToldEvent:
    return ToldEvent(at=heard.at, text=_one(counter, heard.words), points=heard.points, where=heard.operation)


def _found(heard: HeardFound) -> ToldFound:
    return ToldFound(member=heard.member, name=heard.name, phone=heard.phone, cards=heard.cards, points=heard.points)


def _member(counter: Counter, heard: HeardMember) -> ToldMember:
    view = heard.member
    russian = counter.language == "ru"
    acts = zip(heard.history, heard.history_ru, strict=False)
    return ToldMember(
        member=view.member,
        name=view.name,
        phone=view.phone,
        points=view.points,
        debt=view.debt,
        held=view.held,
        cards=tuple(ToldCard(number=one.number, status=one.status) for one in view.cards),
        lots=tuple(map(_lot, view.lots)),
        cases=view.cases,
        history=tuple(_past(act, ru if russian else act.words) for act, ru in acts),
    )


def _lot(heard: HeardLot) -> ToldLot:
    return ToldLot(points=heard.points, since=heard.active_from if heard.waits else None, until=heard.expires_at)


def _past(act: HeardAct, text: str) -> ToldEvent:
    place = "" if act.where in OF_HUB else act.where  # it was booked there, wherever he stood who did it
    where = ", ".join(filter(None, (place, act.by)))
    return ToldEvent(at=act.at, text=text, points=act.points, where=where)
