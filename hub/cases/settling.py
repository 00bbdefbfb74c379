"""Looking cases up, and settling them: who, when, by which remedy. What is settled stays, and is settled once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from hub import feed
from hub.bearing import NotApplied, Said
from hub.books.intake import held_end
from hub.cases.about import About, about, later
from hub.cases.kinds import ADJUST, AGAIN, BOOKS, COLLECT, GOODWILL, KINDS, REMEDIES, WRITE_OFF
from hub.cases.telling import key_of, place_called
from hub.files.values import POINTS_MAX as CORRECTION_MAX
from hub.hub import Hub
from hub.people.alone import too_much_alone
from hub.people.points import given_times
from hub.people.who import NotFound, person_called
from hub.store.records import CaseRow, Place
from hub.store.seam import Reader, Writer
from loyalty.bodies import Adjustment
from loyalty.cases import NOTE_LETTERS_MAX
from loyalty.operation import OFFICE_CHAIN
from loyalty.possible import is_text
from loyalty.utc import utc_text

BY_LETTERS_MAX: Final = 100  # a person's name


class NotSettled(Exception):
    """Why a case cannot be settled so; nothing was written. `code`: for the words of the office's page."""

    def __init__(self, message: str, *, code: str = "case_not_so") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases; None: whichever. `whom`: ids and cards of whom they have to do with."""

    open_only: bool = False
    kind: str | None = None
    whom: frozenset[str] | None = None
    till: str | None = None

    def takes(self, reader: Reader, case: CaseRow) -> bool:
        return (
            self.kind in (None, case.kind)
            and self.till in (None, case.chain)
            and not (self.open_only and case.state != "open")
            and (self.whom is None or case.member in self.whom or not self.whom.isdisjoint(_concerned(reader, case)))
        )


def _concerned(reader: Reader, case: CaseRow) -> Iterator[str]:
    return about(reader, case).concerns()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided. `points`: of an adjustment, more or less; of another remedy that books points, how many,
    and 0 for as many as the case says. `member`: whose (a card, a phone, an id), where the case names nobody.
    `operation`: by which it was recorded again."""

    remedy: str
    by: str
    note: str = ""
    points: int = 0
    member: str | None = None
    operation: str | None = None


def cases_of(reader: Reader, wanted: Wanted) -> Iterator[CaseRow]:
    """The open ones are the oldest first; all of them in the order of their operations."""
    rows = reader.all_open_cases() if wanted.open_only else reader.all_cases()
    return (case for case in rows if wanted.takes(reader, case))


def called(reader: Reader, programmes: Collection[str], text: str) -> frozenset[str]:
    """The ids and cards by which cases may name this member; one whom nobody knows is called as he is."""
    try:
        person = person_called(reader, programmes, text)
    except NotFound:
        return frozenset({text})
    return frozenset({text, person.member, *(card.number for card in person.cards)})


def case_called(reader: Reader, id: str) -> CaseRow:
    """Raises NotSettled for what is no case."""
    key = key_of(id)
    case = reader.cases([key]).get(key) if key is not None else None
    if case is None:
        raise NotSettled(f"There is no case {id!r}. `pos-hub cases list` shows them.")
    return case


def _open(case: CaseRow) -> CaseRow:
    if case.state == "settled":
        raise NotSettled(
            f"Case {case.id} was settled already, by {case.settled_by}: {case.remedy}.", code="case_settled"
        )
    return case


def settle(hub: Hub, id: str, decision: Decision) -> CaseRow:
    """Settle a case, with what its remedy books, in one transaction. Raises NotSettled."""
    with hub.store.reading() as reader:
        case = _open(case_called(reader, id))
        _check(case, decision)
        again = _again(reader, case, decision) if decision.remedy == AGAIN else ()
        whose = _whose(hub, reader, case, decision) if decision.remedy in BOOKS else None

    def decide(writer: Writer) -> Said:  # one at a time holds the office's chain: what is read stands
        now = _open(case_called(writer, id))
        bodies = [_adjustment(hub, writer, now, decision, whose)] if whose is not None else []
        booked = (_next_of_the_office(writer),) if whose is not None else ()
        settled = now._replace(
            state="settled",
            settled_at=hub.now(),
            settled_by=decision.by,
            remedy=decision.remedy,
            settled_note=decision.note,
            others=tuple(dict.fromkeys((*now.others, *again, *booked))),
        )
        return Said(bodies, settled=(settled,))

    try:
        hub.bear_after(case.programme or "", decide, chain=OFFICE_CHAIN, asked=f"case:{id}", by=decision.by)
    except NotApplied as error:
        raise NotSettled(f"Case {id} stays open: the adjustment was refused ({error.reason}).") from error
    with hub.store.reading() as reader:
        return case_called(reader, id)


def _next_of_the_office(writer: Writer) -> Place:
    """Of the operation that is written behind the end of the chain, which is held."""
    end = held_end(writer, OFFICE_CHAIN)
    return Place(end.chain, end.generation, end.sequence + 1)


def _adjustment(hub: Hub, writer: Writer, case: CaseRow, decision: Decision, whose: str) -> Adjustment:
    """What the remedy books, by the account as it is when it is written. Raises NotSettled."""
    programme = hub.programmes[case.programme or ""]
    points = _points(hub, writer, case, decision, whose)
    if much := too_much_alone(programme, points):
        raise NotSettled(much, code="case_too_much")
    ends = given_times(programme, hub.now(), None).expires_at if decision.remedy == GOODWILL else None
    reason = f"case {case.id}" + (f": {decision.note}" if decision.note else "")
    return Adjustment(member=whose, points=points, reason=reason, expires_at=utc_text(ends) if ends else None)


def _points(hub: Hub, writer: Writer, case: CaseRow, decision: Decision, whose: str) -> int:
    """More, or less with a minus. Raises NotSettled."""
    points = decision.points or suggested(case, about(writer, case), decision.remedy)
    if decision.remedy == WRITE_OFF:
        writer.locked_members([whose])
        owed = feed.accounts(writer, [whose], hub.now())[whose].debt
        if not owed:
            raise NotSettled(
                f"Member {whose} owes nothing any more: nothing is left to write off. Settle it by 'wait'.",
                code="case_owes_nothing",
            )
        return min(points, owed)
    if not points:
        raise NotSettled(f"Case {case.id} does not say how many points: say it, --points N.")
    return -points if decision.remedy == COLLECT else points


def suggested(case: CaseRow, about: About, remedy: str) -> int:
    """How many points a remedy is about, where nobody says otherwise; 0: the case does not tell."""
    if remedy == GOODWILL:
        return about.earned
    return case.cost_points if remedy in (WRITE_OFF, COLLECT) else 0


def _whose(hub: Hub, reader: Reader, case: CaseRow, decision: Decision) -> str:
    """Whose points are adjusted. Raises NotSettled."""
    if case.programme not in hub.programmes:
        raise NotSettled(f"Case {case.id} names no programme of this hub: nothing can be booked for it.")
    if decision.member is None:
        known = about(reader, case)
        if known.person is not None:
            return known.person.member
        hint = f"Its card {known.card} is member {known.owner.member}'s now. " if known.owner is not None else ""
        nobody = "names a member whom the ledger does not know" if case.member else "names no member"
        raise NotSettled(f"Case {case.id} {nobody}. {hint}Say whose points are adjusted: --member CARD, PHONE or ID.")
    try:
        person = person_called(reader, hub.programmes, decision.member)
    except NotFound as error:
        raise NotSettled(
            f"--member is a card, a phone or an id of a member who is there. {error}", code="case_nobody"
        ) from error
    if person.row.programme != case.programme:
        raise NotSettled(
            f"Member {person.member} is of {person.row.programme}, and the case of {case.programme}.",
            code="case_of_another",
        )
    return person.member


def _again(reader: Reader, case: CaseRow, decision: Decision) -> tuple[Place, ...]:
    """The operation by which it was recorded once more. Raises NotSettled."""
    if not decision.operation:
        raise NotSettled(f"Say by which operation it was recorded again: --operation ID. {_may_be(reader, case)}")
    place = place_called(decision.operation)
    kept = reader.operations([place]).get(place) if place is not None else None
    if kept is None:
        raise NotSettled(
            f"There is no operation {decision.operation!r}. {_may_be(reader, case)}", code="case_no_operation"
        )
    if kept.place == case.place:
        raise NotSettled(
            f"Operation {decision.operation} is the one that was refused. {_may_be(reader, case)}",
            code="case_operation_refused",
        )
    if kept.reason is not None:
        raise NotSettled(
            f"Operation {decision.operation} was refused too ({kept.reason}). {_may_be(reader, case)}",
            code="case_operation_refused",
        )
    return (kept.place,)


def _may_be(reader: Reader, case: CaseRow) -> str:
    found = later(reader, case, about(reader, case))
    if not found:
        return (
            "Nothing has been recorded since for its member or its card: do that first, or settle it by another remedy."
        )
    return "Recorded since: " + "; ".join(f"{act.id} ({act.words})" for act in found) + "."


def _check(case: CaseRow, decision: Decision) -> None:
    remedies = KINDS[case.kind].remedies if case.kind in KINDS else tuple(REMEDIES)
    if decision.remedy not in remedies:
        raise NotSettled(f"Case {case.id} is not settled by {decision.remedy!r}, but by {', '.join(remedies)}.")
    if not is_text(decision.by, BY_LETTERS_MAX):
        raise NotSettled(f"Say who settles it, in at most {BY_LETTERS_MAX} letters: --by NAME.")
    if not is_text(decision.note or "-", NOTE_LETTERS_MAX):
        raise NotSettled(f"The note is one line of at most {NOTE_LETTERS_MAX} letters.", code="case_note")
    if decision.remedy == ADJUST:
        if not 0 < abs(decision.points) <= CORRECTION_MAX:
            raise NotSettled("Say how many points are added, or taken with a minus: --points N.", code="case_how_many")
    elif decision.remedy in BOOKS:
        if not 0 <= decision.points <= CORRECTION_MAX:
            raise NotSettled("Say how many points, without a sign: --points N.", code="case_no_sign")
    elif decision.points or decision.member:
        raise NotSettled(
            f"No points are booked by {decision.remedy!r}, but by {', '.join(sorted(BOOKS))}.", code="case_books_none"
        )
    if decision.operation and decision.remedy != AGAIN:
        raise NotSettled(f"Only {AGAIN!r} names another operation.", code="case_only_again")
