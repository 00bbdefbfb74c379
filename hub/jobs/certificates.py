"""Certificates that were given, and not paid for, end: what is left on them is booked so. Holds that are over go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from hub.bearing import Said, all_applied
from hub.jobs.turn import Turn
from hub.store.certificate_records import CertificateRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.bodies import CertificateEnded


def end(turn: Turn) -> Iterator[int]:
    """The earliest first. What cannot be ended (it is of a programme that this hub does not know, or on a receipt just
    now) holds up nobody behind it."""
    most = turn.page
    while True:
        with turn.hub.store.reading() as reader:
            due = reader.due_certificates(turn.until, most)
            known = [row for row in due if row.programme in turn.hub.programmes]
            free = [row for row in known if not _is_held(reader, row, turn.until)]
        if not free and len(due) < most:
            break
        for programme in sorted({row.programme for row in free}):
            yield _page(turn, programme, [row.number for row in free if row.programme == programme])
        most += 0 if free else turn.page
    yield from _let_go(turn)


def _page(turn: Turn, programme: str, numbers: list[str]) -> int:
    """How many ended."""
    answers = turn.hub.bear_after(programme, lambda writer: _said(writer, numbers, turn.until), at=turn.until)
    return all_applied(answers)


def _said(writer: Writer, numbers: list[str], until: datetime) -> Said:
    """Of what stands once nobody else can change it."""
    rows = writer.locked_certificates(numbers).values()
    over = [row for row in rows if not row.paid and row.left and row.until is not None and row.until <= until]
    over = [row for row in over if not _is_held(writer, row, until)]
    return Said([CertificateEnded(certificate=row.number, kopecks=row.left) for row in sorted(over)])


def _is_held(reader: Reader, row: CertificateRow, at: datetime) -> bool:
    """A receipt has it that is not paid yet."""
    return any(hold.until > at for hold in reader.certificate_holds_of([row.number]))


def _let_go(turn: Turn) -> Iterator[int]:
    """They hold nothing any more; there are as many as were asked for and came to no sale."""
    with turn.hub.store.reading() as reader:
        over = [hold for hold in reader.all_certificate_holds() if hold.until <= turn.until]
    for first in range(0, len(over), turn.page):
        numbers = [hold.certificate for hold in over[first : first + turn.page]]
        yield turn.hub.within(partial(_forget, numbers, turn.until))


def _forget(numbers: list[str], until: datetime, writer: Writer) -> int:
    """None of them ended by that."""
    writer.locked_certificates(numbers)
    over = [hold.key for hold in writer.certificate_holds_of(numbers) if hold.until <= until]
    writer.write(Rows(gone_certificate_holds=over))
    return 0
