"""Acts for cards: which numbers a till may give out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from hub.blanks.virtual import File, ahead, blanks_left, note_spoiled
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.tills.joining import held
from sync.card_numbers import ACT, CardNumbersAsked, CardNumbersTold

MACHINES: Final = "machines/"  # settings: on which machines a till's file has asked for numbers
MACHINES_MAX: Final = 8  # one that is carried further has them of a new file


def _numbers(hub: Hub, asked: Asked, body: CardNumbersAsked) -> CardNumbersTold:
    """Asked again, it says the same: what is not somebody's yet stays this file's."""
    programme = hub.programmes.get(asked.programme)
    if programme is None or not asked.till:
        raise ActRefused(
            "unknown_programme", f"Numbers of cards are a till's, of a programme of this hub: {asked.programme}."
        )
    file = File(asked.till, body.file, asked.store, body.machine)

    def work(writer: Writer) -> CardNumbersTold:
        check_file(writer, file)
        note_spoiled(writer, body.spoiled, asked.store)
        virtual = ahead(writer, programme, file, body.virtual, draw=secrets.randbelow, now=hub.now())
        return CardNumbersTold(virtual=virtual, blanks_left=blanks_left(writer, programme.id, asked.store))

    return hub.within(work)


def check_file(writer: Writer, file: File) -> None:
    """A till that is in somebody's hands asks for as many files as it likes, or machines, and a scheme has only so many
    numbers."""
    till = file.till
    known = held(writer, till)
    if known is not None and known.lease is not None and known.lease.file != file.file:
        raise ActRefused("other_file", f"Till {till} works by another file.")
    name = f"{MACHINES}{till}/{file.file}"
    machines = (writer.setting(name) or "").split()
    if not file.machine or file.machine in machines:
        return
    if len(machines) >= MACHINES_MAX:
        raise ActRefused("other_machine", f"Till {till} has had numbers on {MACHINES_MAX} machines by this file.")
    writer.write(Rows(settings={name: " ".join((*machines, file.machine))}))


CARDS_ACTS: Final[Mapping[str, Act]] = {ACT: Act(takes=CardNumbersAsked, right=None, do=_numbers)}
