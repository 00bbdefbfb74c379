"""A letter: one message to one member, as it stands in his history.

    waiting ──taken──▶ sending ──the other side has it──▶ sent
       ▲ │                └──it certainly has not─────────┤ waiting again, a few times; then failed
       │ └──he may not, or cannot, be sent it──▶ left_out  │ nobody knows ──▶ failed: nobody is sent it twice
       └───────────────────────────────────────────────────┘
    control: kept out of a mailing, so that what it does can be seen; he does not see that

What it says is made of its kind, or of its mailing's text, and of the facts of then: no number and no text is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, cast, get_args

import msgspec

from hub.messages.text import Facts
from hub.store.letter_records import LetterRow
from loyalty.consents import ConsentTo

Channel = Literal["sms", "mail", "inbox"]
State = Literal["waiting", "sending", "sent", "failed", "left_out", "control"]
Why = Literal["no_consent", "no_address", "month", "stopped", "late", "gone", "nothing_dies", "no_sender"]

CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
CONSENT: Final[dict[Channel, ConsentTo]] = {"sms": "mailing_sms", "mail": "mailing_email"}  # advertising by it needs
MAILING: Final = "mailing"  # a kind; those of service messages stand in words.py, and "code" is one


class Letter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`why`: it was left out (one of Why) or failed; `about`: of a kind, what it is about; `sealed_to`: where it goes,
    if not where he is reached now."""

    kind: str
    channel: Channel
    facts: Facts = Facts()
    about: str = ""
    tries: int = 0
    why: str = ""
    sent_at: str = ""
    sealed_to: str = ""


def letter_of(row: LetterRow) -> Letter:
    return msgspec.json.decode(row.body, type=Letter)


def with_letter(row: LetterRow, letter: Letter, state: State, due_at: datetime | None = None) -> LetterRow:
    return row._replace(state=state, due_at=due_at, body=msgspec.json.encode(letter).decode())


def new_letter(
    id: str, member: str, letter: Letter, state: State, now: datetime, *, mailing: str = "", due: datetime | None = None
) -> LetterRow:
    return with_letter(LetterRow(member, id, now, mailing, state, due, ""), letter, state, due)


def state_of(row: LetterRow) -> State:
    return cast("State", row.state)
