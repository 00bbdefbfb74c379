"""A mailing as the ledger keeps it: to whom, what, when, and how far it has come.

draft ──started──▶ on ──all are written to──▶ done
        └─▶ waits for a second person ─▶ on          stopped: from each of them
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final, Literal

import msgspec

from hub.messages.letter import Channel
from hub.people.orders import NotDone
from hub.store.letter_records import MailingRow
from hub.store.seam import Reader, Writer

State = Literal["draft", "waits", "on", "done", "stopped"]
CONTROL_OF: Final = 100


class Mailing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`where`: words of hub/people/where.py, joined by and. `at`: not before; `until`: what has not gone out by then
    goes to nobody. `control_percent`: so many of a hundred are kept out. `articles`: of what goods it tells. `after`:
    members up to that one are written to; `letters`: to so many, `left_out`: why not to others, before anything was
    written. `counted`: whom it would go to, when somebody looked last."""

    id: str
    programme: str
    name: str
    channel: Channel
    ru: str
    en: str = ""
    where: tuple[str, ...] = ()
    at: str
    until: str
    control_percent: int = 0
    articles: tuple[str, ...] = ()
    made_at: str
    by: str
    person: str = ""
    counted: int | None = None
    counted_at: str = ""
    started_at: str = ""
    started_by: str = ""
    started_person: str = ""
    waits: bool = False
    second: str = ""
    second_at: str = ""
    stopped_at: str = ""
    stopped_by: str = ""
    stopped_why: str = ""
    after: str = ""
    letters: int = 0
    control: int = 0
    left_out: dict[str, int] = {}
    listed_at: str = ""

    @property
    def state(self) -> State:
        if self.stopped_at:
            return "stopped"
        if self.listed_at:
            return "done"
        if self.waits:
            return "waits"
        return "on" if self.started_at else "draft"

    def is_due(self, now: datetime) -> bool:
        return self.state == "on" and datetime.fromisoformat(self.at) <= now

    def is_late(self, now: datetime) -> bool:
        return datetime.fromisoformat(self.until) <= now

    def keeps_out(self, member: str) -> bool:
        """The same for the same member and mailing, whoever asks when."""
        digest = hashlib.sha256(f"{self.id}\n{member}".encode()).digest()
        return int.from_bytes(digest[:8]) % CONTROL_OF < self.control_percent


def mailing_row(mailing: Mailing) -> MailingRow:
    return MailingRow(mailing.id, msgspec.json.encode(mailing).decode())


def mailing_of(row: MailingRow) -> Mailing:
    return msgspec.json.decode(row.body, type=Mailing)


def mailing_called(reader: Reader, id: str) -> Mailing:
    """Raises NotDone."""
    row = reader.mailings([id]).get(id)
    if row is None:
        raise _none(id)
    return mailing_of(row)


def held_mailing(writer: Writer, id: str) -> Mailing:
    """Nobody else changes it until this is written. Raises NotDone."""
    row = writer.locked_mailings([id]).get(id)
    if row is None:
        raise _none(id)
    return mailing_of(row)


def mailings_of(reader: Reader) -> list[Mailing]:
    """The newest first."""
    found = [mailing_of(row) for row in reader.all_mailings()]
    return sorted(found, key=lambda one: (one.made_at, one.id), reverse=True)


def _none(id: str) -> NotDone:
    return NotDone(f"There is no mailing {id!r}. `pos-hub mailing list` shows them.", code="no_such_mailing")
