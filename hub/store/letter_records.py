"""What the ledger keeps of what is written to members (hub/messages/): a record for each of the two tables."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class MailingRow(NamedTuple):
    """One mailing to many members; `body` is JSON (hub/messages/mailing.py)."""

    mailing: str
    body: str


class LetterKey(NamedTuple):
    member: str
    id: str


class LetterRow(NamedTuple):
    """One message to one member, as it stands in his history. `mailing`: of which, "" for one of his alone; `state`:
    hub/messages/letter.py; `due_at`: when it is looked at next, None: never again; `body` is JSON."""

    member: str
    id: str
    made_at: datetime
    mailing: str
    state: str
    due_at: datetime | None
    body: str

    @property
    def key(self) -> LetterKey:
        return LetterKey(self.member, self.id)
