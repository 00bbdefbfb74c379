"""Sales against the programme they were made under: one that it does not give becomes a case.

Chain by chain, each from where it was. How far each is judged stands in the ledger's settings and is written with the
cases, so that nothing is judged twice; and if it were, a case is known by its sale. The working out is done before
anybody waits for the ledger.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from hub.cases.opening import case_of, told_of
from hub.cases.rules_words import note_of
from hub.jobs.stretches import Stretch, pages, until_of, waiting
from hub.jobs.turn import Turn
from hub.store.records import CaseRow, KeptOperation
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.bodies import Sale
from loyalty.by_rules import Broken, against_rules, unjudged
from loyalty.kinds import SELLERS
from loyalty.operation import BadOperation, Operation, read_operation

UNTIL: Final = "rules_until/"  # a setting of each chain: up to which of its operations its sales are judged
NOT_JUDGED: Final[Mapping[str, str]] = {  # for the log
    "older": "of an older till",
    "unwitnessed": "as the POS said",
    "of_nobody": "whose card was none when it was paid",
    "no_lines": "without lines",
    "unknown_rules": "under rules that are not here",
}

log = logging.getLogger(__name__)


def judge(turn: Turn) -> Iterator[int]:
    """How many sales of each page are not by the rules."""
    left: Counter[str] = Counter()
    with turn.hub.store.reading() as reader:
        left_to_do = waiting(reader, UNTIL, SELLERS)
    for page in pages(left_to_do, turn.page):
        with turn.hub.store.reading() as reader:
            cases = _cases(reader, turn, page, left)
        yield turn.hub.within(partial(_keep, page, cases))
    if left:
        log.info("sales that were not judged: %s", ", ".join(f"{left[why]} {NOT_JUDGED[why]}" for why in sorted(left)))


# a page


def _cases(reader: Reader, turn: Turn, page: Sequence[Stretch], left: Counter[str]) -> list[CaseRow]:
    """What is not by the rules. `left`: counts what cannot be judged, by the reason."""
    kept = reader.operations([place for stretch in page for place in stretch.places()])
    found = []
    for one in kept.values():
        operation = _sale_in(one)
        if operation is not None and (broken := _broken(turn, operation, left)) is not None:
            found.append((one.place, operation, broken))
    whose = _owners(reader, [operation for _, operation, _ in found])
    return [
        case_of(
            place,
            "not_by_rules",
            turn.until,
            operation,
            member=whose.get(_card(operation)),
            cost_points=broken.cost_points,
            cost_kopecks=broken.cost_kopecks,
            note=note_of(broken),
        )
        for place, operation, broken in found
    ]


def _sale_in(kept: KeptOperation) -> Operation | None:
    """A sale that was applied."""
    if kept.reason is not None or '"sale"' not in kept.text:
        return None
    try:
        operation = read_operation(kept.text)
    except BadOperation:  # it was read when it was applied: `verify` tells of it
        return None
    return operation if isinstance(operation.body, Sale) else None


def _broken(turn: Turn, operation: Operation, left: Counter[str]) -> Broken | None:
    why = unjudged(operation)
    rules = turn.hub.rules(operation.programme_hash) if why is None else None
    if rules is None:
        left[why or "unknown_rules"] += 1
        return None
    return against_rules(operation, rules)


def _card(operation: Operation) -> str:
    """Of a sale that names its member by the card alone."""
    assert isinstance(operation.body, Sale)
    return (operation.body.card or "") if operation.body.member is None else ""


def _owners(reader: Reader, operations: Sequence[Operation]) -> dict[str, str]:
    cards = reader.cards({card for one in operations if (card := _card(one))})
    return {number: card.member for number, card in cards.items()}


def _keep(page: Sequence[Stretch], cases: Sequence[CaseRow], writer: Writer) -> int:
    """Of what is still to be done; somebody else may have been quicker."""
    ours = [stretch for stretch in page if stretch.is_due(writer.setting)]
    places = {place for stretch in ours for place in stretch.places()}
    due = [case for case in cases if case.place in places]
    there = writer.cases([case.key for case in due]) if due else {}
    fresh = [case for case in due if case.key not in there]
    changes = [change for case in fresh for change in told_of(case)]
    writer.write(Rows(new_cases=fresh, changes=changes, settings=until_of(ours)))
    return len(fresh)
