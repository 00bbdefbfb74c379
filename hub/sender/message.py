"""What the sender sends: to whom, which text, until when; and what became of it.

    waiting ──taken──▶ sending ──the other side has it──▶ sent
       ▲                  └──it certainly has not───────────┤ waiting again, a few times; then failed
       └──────────────────────────────────────────────────┘
    sending ──nobody knows──▶ failed: a code that comes twice is worse than one that is asked for anew

The number and the text are sealed while they wait, and are no more in the ledger when the message is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, cast, get_args

import msgspec

from hub.codes.secrets import CodeSecrets
from hub.store.office_records import MessageRow
from hub.store.seam import Reader

State = Literal["waiting", "sending", "sent", "failed"]
STATES: Final[tuple[State, ...]] = get_args(State)
KEPT: Final = timedelta(days=90)  # to answer «кому мы слали?»; without text and number
OLD_AT_ONCE: Final = 100


class File(msgspec.Struct, frozen=True, kw_only=True):
    """That goes with a letter. `type`: image/png, say; `inside`: shown in its HTML as `cid:NAME`."""

    name: str
    type: str
    content: bytes
    inside: bool = False


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kind`: what it is for; `to`: a phone in E.164, or an e-mail address; `shown`: the same, masked; `code`: the one
    in the text, which an outbox in a file says by itself; `subject`: of a letter, `html`: the same text for who reads
    that; `unsubscribe`: where advertising is stopped."""

    kind: str
    to: str
    shown: str
    text: str
    code: str
    ends_at: str
    subject: str = ""
    unsubscribe: str = ""
    html: str = ""
    files: tuple[File, ...] = ()


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message as the ledger has it. `sealed`: the message, "" when it is over; `why`: it failed."""

    kind: str
    shown: str
    ends_at: str
    sealed: str = ""
    tries: int = 0
    next_at: str = ""
    over_at: str = ""
    why: str = ""

    @property
    def ends(self) -> datetime:
        return datetime.fromisoformat(self.ends_at)

    def is_due(self, now: datetime) -> bool:
        return not self.next_at or datetime.fromisoformat(self.next_at) <= now


def message_row(secrets: CodeSecrets, id: str, now: datetime, message: Message) -> MessageRow:
    sealed = secrets.seal(id, msgspec.json.encode(message).decode())
    kept = Kept(kind=message.kind, shown=message.shown, ends_at=message.ends_at, sealed=sealed)
    return with_kept(MessageRow(id, "waiting", now, ""), kept)


def kept_of(row: MessageRow) -> Kept:
    return msgspec.json.decode(row.body, type=Kept)


def with_kept(row: MessageRow, kept: Kept, state: State | None = None) -> MessageRow:
    return row._replace(state=state or row.state, body=msgspec.json.encode(kept).decode())


def opened(secrets: CodeSecrets, row: MessageRow) -> Message:
    """Raises Sealed."""
    return msgspec.json.decode(secrets.open(row.id, kept_of(row).sealed), type=Message)


def state_of(row: MessageRow) -> State:
    return cast("State", row.state)


def wipe_old(reader: Reader, now: datetime) -> list[str]:
    """Whose time in the ledger is over."""
    return [row.id for row in reader.messages_until(now - KEPT, OLD_AT_ONCE)]
