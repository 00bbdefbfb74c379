"""Which cards a till gave out that were no blanks of its store: a case, once the programme's blanks come in batches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from hub.blanks.batches import batches
from hub.store.records import Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import CardIssued, CardReissued
from loyalty.kinds import maker_of
from loyalty.operation import Operation

Odd = Literal["of_no_batch", "spoiled", "not_received"]
ODD_WORDS: Final[dict[Odd, str]] = {
    "of_no_batch": "its number is of no batch: it was not made here",
    "spoiled": "it was written off as spoiled",
    "not_received": "its batch was not received by that store",
}


def odd_blanks(reader: Reader, operations: Iterable[Operation]) -> dict[Place, Odd]:
    """Of these operations; none of a programme without batches."""
    given = {place_of(one): (one, number) for one in operations if (number := blank_of(one)) is not None}
    known = {batch.batch: batch for batch in batches(reader)} if given else {}
    programmes = {batch.programme for batch in known.values() if not batch.till}
    wanted = {place: number for place, (one, number) in given.items() if one.programme in programmes}
    found = reader.blanks(sorted(set(wanted.values()))) if wanted else {}
    odd = dict[Place, Odd]()
    for place, number in wanted.items():
        store, row = given[place][0].store, found.get(number)
        if row is None:
            odd[place] = "of_no_batch"
        elif row.state == "spoiled":
            odd[place] = "spoiled"
        elif known[row.batch].store != (store.id if store else ""):
            odd[place] = "not_received"
    return odd


def blank_of(operation: Operation) -> str | None:
    """The card that goes from hand to hand; a virtual one was never a blank, and the office knows what it does."""
    if maker_of(operation.chain) != "till":
        return None
    match operation.body:
        case CardIssued(card=number) | CardReissued(new_card=number):
            return number
    return None
