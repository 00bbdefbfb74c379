"""Numbers of certificates that nobody has bought yet: a till has some ahead, so that it sells one without the hub.

Each till's file has a batch of its own on each machine, so that no two ever sell the same; it is told all of it that
nobody has yet, as often as it asks, so that none is lost with an answer. Drawn at random: nobody counts on from one to
the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hub.blanks.virtual import File
from hub.store.certificate_records import CertificateNumberRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.card_numbers import scheme_of
from loyalty.certificate_numbers import LENGTH, ROOM, certificate_number
from loyalty.programme import Programme
from sync.certificates import AHEAD_MAX

OFFICE: Final = "office"  # the batch of those that people give and replace at the hub

Draw = Callable[[int], int]  # one of so many, each as likely


def batch_of(file: File) -> str:
    return f"c-{file.called}"


def ahead(writer: Writer, programme: Programme, file: File, want: int, draw: Draw) -> tuple[str, ...]:
    """The file's numbers that nobody has, so many of them, or more where it had more."""
    free = [row.number for row in writer.certificate_numbers_ahead(batch_of(file), AHEAD_MAX)]
    fresh = drawn(writer, programme, batch_of(file), max(0, want - len(free)), draw)
    return tuple(sorted((*free, *fresh)))


def drawn(writer: Writer, programme: Programme, batch: str, count: int, draw: Draw) -> list[str]:
    """New ones, of nobody and no batch, and no cards' of the programme."""
    found: dict[str, None] = {}
    while len(found) < count:
        while len(found) < count:
            number = certificate_number(draw(ROOM))
            if not _could_be_a_card(number, programme):
                found[number] = None
        for taken in known(writer, list(found)):
            del found[taken]
    if found:
        writer.write(Rows(certificate_numbers=[CertificateNumberRow(number, batch) for number in found]))
    return list(found)


def known(reader: Reader, numbers: list[str]) -> set[str]:
    return set(reader.certificate_numbers(numbers)) | set(reader.certificates(numbers))


def _could_be_a_card(number: str, programme: Programme) -> bool:
    scheme = scheme_of(number, programme.cards.schemes)
    return scheme is not None and scheme.length == LENGTH
