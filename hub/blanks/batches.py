"""Blank cards: made in batches whose numbers nobody can count on, received by a store, issued one by one.

The digits of a number are drawn, and no two of a batch are neighbours: whoever has one card, or a box of them, knows no
other. Numbers that nobody has are by far the most: a guess hits once in a hundred times at the very best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from hub.store.office_records import BatchRow, BlankRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.card_numbers import make_number
from loyalty.operation import utc_text
from loyalty.programme import CardScheme, Programme

BLANKS_MAX: Final = 50_000  # of a batch: two pallets of boxes, a second of the ledger's time
SPARSE: Final = 100  # numbers of a scheme for each blank that was ever made
CARDS_AT_ONCE: Final = 1_000

Draw = Callable[[int], int]  # a number below that one, by chance


class NoBatch(Exception):
    """The blanks are not made, or not where they are said to be; why."""


class Batch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`store`: who has received it, "" while it is on its way. `till`: whose they are to give out, for they are numbers
    without a card (hub/blanks/virtual.py); `numbers`: those of them that were nobody's when it asked last."""

    batch: str
    programme: str
    count: int
    made_at: str
    by: str = ""
    store: str = ""
    received_at: str | None = None
    received_by: str = ""
    till: str = ""
    numbers: tuple[str, ...] = ()

    @property
    def row(self) -> BatchRow:
        return BatchRow(self.batch, msgspec.json.encode(self).decode())


class Standing(NamedTuple):
    """How many of a batch were issued (or are somebody's otherwise), spoiled, and are left."""

    issued: int
    spoiled: int
    left: int


_read = msgspec.json.Decoder(Batch).decode


def batches(reader: Reader) -> list[Batch]:
    """The oldest first."""
    return sorted((_read(row.body) for row in reader.all_batches()), key=lambda one: (one.made_at, one.batch))


def batch_called(reader: Reader, id: str) -> Batch:
    """One of cards. Raises NoBatch."""
    found = next((one for one in batches(reader) if one.batch == id and not one.till), None)
    if found is None:
        raise NoBatch(f"There is no batch {id}. `pos-hub cards list` has them all.")
    return found


def make(writer: Writer, programme: Programme, count: int, *, id: str, draw: Draw, now: datetime, by: str) -> list[str]:
    """The numbers of a new batch. Raises NoBatch where a scheme has no room for so many."""
    numbers = fresh_numbers(writer, programme, count, draw)
    batch = Batch(batch=id, programme=programme.id, count=count, made_at=utc_text(now), by=by)
    writer.write(Rows(batches=[batch.row], blanks=[BlankRow(number, id) for number in numbers]))
    return numbers


def fresh_numbers(reader: Reader, programme: Programme, count: int, draw: Draw) -> list[str]:
    """That nobody has and no batch. Raises NoBatch where a scheme has no room for so many."""
    scheme = programme.cards.schemes[0]
    made_before = sum(one.count for one in batches(reader) if one.programme == programme.id)
    if (made_before + count) * SPARSE > room_of(scheme):
        raise NoBatch(
            f"{programme.id} has room for {room_of(scheme) // SPARSE} blanks, if guessing is to be in vain, and"
            f" {made_before} were made. Give it another prefix (cards.schemes), a shorter one."
        )
    return draw_numbers(scheme, count, draw, lambda numbers: _taken(reader, numbers))


def room_of(scheme: CardScheme) -> int:
    """How many numbers it has."""
    digits = scheme.length - len(scheme.prefix) - (scheme.kind != "plain")
    return int(10**digits)


def draw_numbers(
    scheme: CardScheme, count: int, draw: Draw, taken: Callable[[Collection[str]], Collection[str]]
) -> list[str]:
    """In the order in which they were drawn, for a printer prints them so."""
    serials: dict[int, None] = {}
    found: dict[str, None] = {}
    while len(found) < count:
        serial = draw(room_of(scheme))
        if serials.keys().isdisjoint((serial - 1, serial, serial + 1)):
            serials[serial] = None
            found[make_number(scheme, serial)] = None
        if len(found) == count:
            for number in taken(found.keys()):
                del found[number]
    return list(found)


def _taken(reader: Reader, numbers: Collection[str]) -> set[str]:
    return reader.cards(numbers).keys() | reader.blanks(numbers).keys()


def receive(writer: Writer, id: str, store: str, now: datetime, by: str) -> Batch:
    """Raises NoBatch."""
    batch = batch_called(writer, id)
    if batch.store not in ("", store):
        raise NoBatch(f"Batch {id} was received by store {batch.store} on {(batch.received_at or '')[:10]}.")
    received = msgspec.structs.replace(batch, store=store, received_at=utc_text(now), received_by=by)
    writer.write(Rows(batches=[received.row]))
    return received


def spoil(writer: Writer, numbers: Collection[str]) -> None:
    """They were printed badly, or fell into the coffee: nobody gets them. Raises NoBatch, and then none is."""
    found, cards = writer.blanks(numbers), writer.cards(numbers)
    for number in numbers:
        if number not in found:
            raise NoBatch(f"{number} is of no batch.")
        if number in cards:
            raise NoBatch(f"{number} is somebody's: block it instead (`pos-hub member`).")
    writer.write(Rows(blanks=[found[number]._replace(state="spoiled") for number in numbers]))


def numbers_of(reader: Reader, id: str) -> list[str]:
    """Those that are not spoiled."""
    return [row.number for row in reader.all_blanks() if (row.batch, row.state) == (id, "blank")]


def standings(reader: Reader) -> dict[str, Standing]:
    """By batch."""
    issued, spoiled, all = Counter[str](), Counter[str](), Counter[str]()
    for page in _pages(reader.all_blanks()):
        cards = reader.cards([row.number for row in page])
        all.update(row.batch for row in page)
        issued.update(row.batch for row in page if row.number in cards)
        spoiled.update(row.batch for row in page if row.state == "spoiled")
    return {
        batch: Standing(issued[batch], spoiled[batch], count - issued[batch] - spoiled[batch])
        for batch, count in all.items()
    }


def _pages(rows: Iterable[BlankRow]) -> Iterator[list[BlankRow]]:
    waiting = iter(rows)
    while page := list(islice(waiting, CARDS_AT_ONCE)):
        yield page
