"""Looking cases up, and settling them: who, when, by which remedy. What is settled stays, and is settled once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.cases.kinds import ADJUST, KINDS, REMEDIES
from hub.cases.telling import key_of
from hub.hub import Hub, NotApplied, Said
from hub.store.records import CaseRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import Adjustment
from loyalty.cases import NOTE_LETTERS_MAX
from loyalty.member import POINTS_MAX
from loyalty.operation import OFFICE_CHAIN
from loyalty.possible import is_text

BY_LETTERS_MAX: Final = 100  # a person's name


class NotSettled(Exception):
    """Why a case cannot be settled so; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases; None: whichever."""

    open_only: bool = False
    kind: str | None = None
    member: str | None = None
    till: str | None = None

    def takes(self, case: CaseRow) -> bool:
        return (
            self.kind in (None, case.kind)
            and self.member in (None, case.member)
            and self.till in (None, case.chain)
            and not (self.open_only and case.state != "open")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided. `points`: of an adjustment, more or less; `member`: whose, where the case names nobody."""

    remedy: str
    by: str
    note: str = ""
    points: int = 0
    member: str | None = None


def cases_of(reader: Reader, wanted: Wanted) -> Iterator[CaseRow]:
    """The open ones are the oldest first; all of them in the order of their operations."""
    return filter(wanted.takes, reader.all_open_cases() if wanted.open_only else reader.all_cases())


def case_called(reader: Reader, id: str) -> CaseRow:
    """Raises NotSettled for what is no case."""
    key = key_of(id)
    case = reader.cases([key]).get(key) if key is not None else None
    if case is None:
        raise NotSettled(f"There is no case {id!a}. `pos-hub cases list` shows them.")
    return case


def settle(hub: Hub, id: str, decision: Decision) -> CaseRow:
    """Settle a case, with what its remedy books, in one transaction. Raises NotSettled."""
    with hub.store.reading() as reader:
        case = case_called(reader, id)
    _check(case, decision)
    if decision.remedy == ADJUST and case.programme not in hub.programmes:
        raise NotSettled(f"Case {id} names no programme of this hub: nothing can be booked for it.")

    def decide(writer: Writer) -> Said:  # one at a time holds the office's chain: what is read stands
        now = case_called(writer, id)
        if now.state == "settled":
            raise NotSettled(f"Case {id} was settled already, by {now.settled_by}: {now.remedy}.")
        settled = now._replace(
            state="settled",
            settled_at=hub.now(),
            settled_by=decision.by,
            remedy=decision.remedy,
            settled_note=decision.note,
        )
        return Said(_bodies(now, decision), settled=(settled,))

    try:
        hub.bear_after(case.programme or "", decide, chain=OFFICE_CHAIN, asked=f"case:{id}", by=decision.by)
    except NotApplied as error:
        raise NotSettled(f"Case {id} stays open: the adjustment was refused ({error.reason}).") from error
    with hub.store.reading() as reader:
        return case_called(reader, id)


def _bodies(case: CaseRow, decision: Decision) -> list[Adjustment]:
    if decision.remedy != ADJUST:
        return []
    reason = f"case {case.id}" + (f": {decision.note}" if decision.note else "")
    return [Adjustment(member=_whose(case, decision), points=decision.points, reason=reason)]


def _whose(case: CaseRow, decision: Decision) -> str:
    member = decision.member or case.member
    if member is None:
        raise NotSettled(f"Case {case.id} names no member. Say whose points are adjusted: --member ID.")
    return member


def _check(case: CaseRow, decision: Decision) -> None:
    remedies = KINDS[case.kind].remedies if case.kind in KINDS else tuple(REMEDIES)
    if decision.remedy not in remedies:
        raise NotSettled(f"Case {case.id} is not settled by {decision.remedy!a}, but by {', '.join(remedies)}.")
    if not is_text(decision.by, BY_LETTERS_MAX):
        raise NotSettled(f"Say who settles it, in at most {BY_LETTERS_MAX} letters: --by NAME.")
    if not is_text(decision.note or "-", NOTE_LETTERS_MAX):
        raise NotSettled(f"The note is one line of at most {NOTE_LETTERS_MAX} letters.")
    if decision.remedy == ADJUST:
        _whose(case, decision)
        if not 0 < abs(decision.points) <= POINTS_MAX:
            raise NotSettled("Say how many points are added, or taken with a minus: --points N.")
    elif decision.points or decision.member:
        raise NotSettled(f"Only {ADJUST!a} books points.")
