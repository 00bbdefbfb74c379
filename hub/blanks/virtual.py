"""Virtual numbers: a till has some ahead, so that a customer gets a card where there is no blank, and without the hub.

Each till's file has a batch of its own on each machine, so that no two ever give out the same; it is told all of it
that nobody has yet, as often as it asks, so that none is lost with an answer. Drawn as those of blanks are.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from hub.blanks.batches import Batch, Draw, NoBatch, batches, fresh_numbers
from hub.store.office_records import BlankRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.operation import utc_text
from loyalty.programme import Programme

VIRTUAL: Final = "v-"  # batches of numbers without a card begin so


class File(NamedTuple):
    """A till's file, the store in which it stands, and the machine on which it is; "" where that was not said."""

    till: str
    file: str
    store: str
    machine: str = ""

    @property
    def called(self) -> str:
        """In the names of its batches."""
        return f"{self.till}-{self.file}" + (f"-{self.machine}" if self.machine else "")

    @property
    def batch(self) -> str:
        return f"{VIRTUAL}{self.called}"


def ahead(writer: Writer, programme: Programme, file: File, want: int, *, draw: Draw, now: datetime) -> tuple[str, ...]:
    """The file's numbers that are nobody's, so many of them; fewer where the programme's scheme has no room."""
    known = next((one for one in batches(writer) if one.batch == file.batch), None)
    if known is not None and known.programme != programme.id:
        return ()
    free = _free(writer, known.numbers) if known is not None else ()
    try:
        fresh = fresh_numbers(writer, programme, want - len(free), draw) if len(free) < want else []
    except NoBatch:
        fresh = []
    if known is None or fresh:
        numbers = (*free, *fresh)
        made = known or _begun(programme, file, now)
        batch = msgspec.structs.replace(made, count=made.count + len(fresh), numbers=numbers, store=file.store)
        writer.write(Rows(batches=[batch.row], blanks=[BlankRow(number, batch.batch) for number in fresh]))
        return numbers
    return free


def virtual_of(reader: Reader, numbers: Collection[str]) -> frozenset[str]:
    """Those of them that never were a card."""
    return frozenset(row.number for row in reader.blanks(numbers).values() if row.batch.startswith(VIRTUAL))


def _free(reader: Reader, numbers: tuple[str, ...]) -> tuple[str, ...]:
    cards = reader.cards(numbers)
    return tuple(number for number in numbers if number not in cards)


def _begun(programme: Programme, file: File, now: datetime) -> Batch:
    at = utc_text(now)
    return Batch(
        batch=file.batch,
        programme=programme.id,
        count=0,
        made_at=at,
        by=file.till,
        store=file.store,
        received_at=at,
        received_by=file.till,
        till=file.till,
    )


def note_spoiled(writer: Writer, numbers: Collection[str], store: str) -> None:
    """What a counter says of them; those of no batch that its store has, or somebody's, are as they are."""
    found, cards = writer.blanks(numbers), writer.cards(numbers)
    here = {one.batch for one in batches(writer) if one.store == store}
    rows = [row._replace(state="spoiled") for number, row in found.items() if row.batch in here and number not in cards]
    if rows:
        writer.write(Rows(blanks=rows))


def blanks_left(reader: Reader, programme: str, store: str) -> int | None:
    """Of cards that the store has; None: the programme's blanks come in no batches, or the till is in no store."""
    made = [one for one in batches(reader) if one.programme == programme and not one.till]
    if not made or not store:
        return None
    left = reader.blanks_left()
    return sum(left.get(one.batch, 0) for one in made if one.store == store)
