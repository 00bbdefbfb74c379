"""Cases at a desk: those of one's own stores, one of them with what helps to decide, and the word that settles it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from hub.cases.about import About, about, later, spent_before
from hub.cases.kinds import AGAIN, BOOKS, KINDS
from hub.cases.office_words import adjusted_words, masked_phone
from hub.cases.settling import Decision, NotSettled, case_called, settle, suggested
from hub.cases.spoken import kind_said, remedy_said, why_said
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.people.who import Person
from hub.store.records import CaseRow
from hub.store.seam import Reader
from hub.tills.till import till_of
from loyalty.utc import utc_text
from sync.cases import (
    CaseLine,
    CasesListed,
    CaseTold,
    Event,
    InBoth,
    ListCases,
    NameCase,
    PersonLine,
    Remedy,
    SettleCase,
    Settled,
)

SHOWN_MAX: Final = 50  # of a list: nobody settles more between two looks


def list_cases(hub: Hub, asked: Asked, wanted: ListCases) -> CasesListed:
    with hub.store.reading() as reader:
        stores = stores_of_tills(reader)
        rows = [case for case in _rows(reader, wanted) if _fits(case, asked, wanted, stores)]
    kinds = Counter(case.kind for case in rows)
    if wanted.kind:
        rows = [case for case in rows if case.kind == wanted.kind]
    if wanted.after:
        ids = [case.id for case in rows]
        rows = rows[ids.index(wanted.after) + 1 :] if wanted.after in ids else rows
    shown = rows[:SHOWN_MAX]
    return CasesListed(
        counts=dict(kinds.most_common()),
        kinds={kind: in_both(kind_said, kind) for kind in kinds},
        stores=tuple(sorted({store for store in stores.values() if store and asked.sees(store)})),
        cases=tuple(_line(case, stores) for case in shown),
        more=len(rows) > len(shown),
    )


def show_case(hub: Hub, asked: Asked, named: NameCase) -> CaseTold:
    with hub.store.reading() as reader:
        return _told(reader, asked, _seen(reader, asked, named.id))


def settle_case(hub: Hub, asked: Asked, said: SettleCase) -> CaseTold:
    """Again by the same person with the same remedy: as it was done."""
    with hub.store.reading() as reader:
        before = _seen(reader, asked, said.id)
    decision = Decision(
        remedy=said.remedy,
        by=asked.by,
        note=said.note,
        points=said.points,
        member=said.member or None,
        operation=said.operation or None,
    )
    if (before.state, before.settled_by, before.remedy) != ("settled", asked.by, said.remedy):
        try:
            settle(hub, said.id, decision)
        except NotSettled as error:
            code = "case_settled" if before.state == "settled" else "case_not_so"
            raise ActRefused(code, str(error)) from error
    return show_case(hub, asked, NameCase(id=said.id))


CASE_ACTS: Final[Mapping[str, Act]] = {
    "cases": Act(takes=ListCases, right="see_day", do=list_cases),
    "case": Act(takes=NameCase, right="see_day", do=show_case),
    "settle_case": Act(takes=SettleCase, right="settle_cases", do=settle_case),
}


# the pieces


def stores_of_tills(reader: Reader) -> dict[str, str]:
    return {till.till: till.store for till in map(till_of, reader.all_tills())}


def in_both(say: Callable[..., str], *facts: object) -> InBoth:
    return InBoth(say(*facts, "ru"), say(*facts, "en"))


def _rows(reader: Reader, wanted: ListCases) -> Iterator[CaseRow]:
    """Open ones the oldest first; settled ones the newest."""
    if wanted.state == "open":
        return reader.all_open_cases()
    return reversed([case for case in reader.all_cases() if wanted.state in ("", case.state)])


def _fits(case: CaseRow, asked: Asked, wanted: ListCases, stores: Mapping[str, str]) -> bool:
    store = stores.get(case.chain, "")
    return asked.sees(store) and wanted.store in ("", store) and wanted.till in ("", case.chain)


def _seen(reader: Reader, asked: Asked, id: str) -> CaseRow:
    """Raises ActRefused for one that is not there, or another store's."""
    try:
        case = case_called(reader, id)
    except NotSettled as error:
        raise ActRefused("no_such_case", str(error)) from error
    if not asked.sees(stores_of_tills(reader).get(case.chain, "")):
        raise ActRefused("no_such_case", f"There is no case {id[:60]!r} here.")
    return case


def _line(case: CaseRow, stores: Mapping[str, str]) -> CaseLine:
    return CaseLine(
        id=case.id,
        kind=case.kind,
        says=in_both(kind_said, case.kind),
        why=in_both(why_said, case),
        opened_at=utc_text(case.opened_at),
        till=case.chain,
        store=stores.get(case.chain, ""),
        sale=case.sale,
        member=case.member,
        cost_points=case.cost_points,
        cost_kopecks=case.cost_kopecks,
        state=case.state,
        remedy=case.remedy,
    )


def _told(reader: Reader, asked: Asked, case: CaseRow) -> CaseTold:
    known, stores = about(reader, case), stores_of_tills(reader)
    return CaseTold(
        line=_line(case, stores),
        programme=case.programme or "",
        person=_person(known.person),
        card=known.card,
        owner=_person(known.owner),
        promised_redeemed=known.redeemed,
        promised_earned=known.earned,
        history=tuple(_history(reader, case, known)),
        remedies=tuple(_remedies(case, known)) if case.state == "open" else (),
        settled=_settled(case, known),
        next=_next(reader, asked, case, stores),
    )


def _next(reader: Reader, asked: Asked, case: CaseRow, stores: Mapping[str, str]) -> str | None:
    """The one behind it in the list, else the first."""
    ids = [one.id for one in reader.all_open_cases() if asked.sees(stores.get(one.chain, ""))]
    behind = ids[ids.index(case.id) + 1 :] if case.id in ids else ids
    return next((id for id in (*behind, *ids) if id != case.id), None)


def _person(person: Person | None) -> PersonLine | None:
    if person is None:
        return None
    phone = person.profile.phone
    cards = tuple(card.number for card in person.cards if card.status != "replaced")
    return PersonLine(member=person.member, cards=cards, phone=masked_phone(phone) if phone else None)


def _history(reader: Reader, case: CaseRow, known: About) -> Iterator[Event]:
    """What had spent the points before; what was recorded for the member or the card since."""
    shown = set[str]()
    if case.kind == "debt" and known.person is not None:
        for one in spent_before(reader, case, known.person):
            words = InBoth(f"чек {one.receipt}, касса {one.place.chain}", f"receipt {one.receipt} at {one.place.chain}")
            shown.add(one.place.id)
            yield Event(at=utc_text(one.at), operation=one.place.id, words=words, points=-one.points)
    russian = {act.id: act.words for act in later(reader, case, known, "ru")}
    for act in (act for act in later(reader, case, known) if act.id not in shown):
        words = InBoth(russian.get(act.id, act.words), act.words)
        yield Event(at=act.at, operation=act.id, words=words, points=act.points)


def _remedies(case: CaseRow, known: About) -> Iterator[Remedy]:
    for remedy in KINDS[case.kind].remedies if case.kind in KINDS else ():
        points = suggested(case, known, remedy)
        asks = ["points"] if remedy in BOOKS and not points else []
        asks += ["member"] if remedy in BOOKS and known.person is None else []
        asks += ["operation"] if remedy == AGAIN else []
        says = in_both(remedy_said, remedy)
        yield Remedy(remedy=remedy, says=says, books=remedy in BOOKS, points=points, asks=tuple(asks))


def _settled(case: CaseRow, known: About) -> Settled | None:
    if case.settled_at is None:
        return None
    return Settled(
        at=utc_text(case.settled_at),
        by=case.settled_by or "",
        remedy=in_both(remedy_said, case.remedy or ""),
        note=case.settled_note,
        booked=tuple(map(adjusted_words, known.adjusted)),
    )
