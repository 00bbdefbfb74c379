"""Letters go out one by one, behind the codes for which somebody waits.

Each is taken in a transaction, in which it is decided once more whether its member may be sent it: his consent, his
phone, the month and the hour are those of this moment. A letter that was taken and of which nobody says what became of
it is failed, and never sent anew: none comes twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from hub.codes.secrets import Sealed
from hub.hub import Hub
from hub.messages.composing import Later, LeftOut, composed
from hub.messages.letter import Letter, letter_of, state_of, with_letter
from hub.sender.message import Message
from hub.sender.sender import NotSent, Sender
from hub.store.letter_records import LetterKey, LetterRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.utc import utc_text

TRIES_MAX: Final = 4
PAUSE: Final = timedelta(minutes=1)  # and twice as long before each next try
TAKEN_FOR: Final = timedelta(minutes=2)  # then whoever took it is dead
AT_ONCE: Final = 20  # then codes are looked for again

log = logging.getLogger(__name__)


class Taken(NamedTuple):
    row: LetterRow
    message: Message


class LetterPosting:
    def __init__(self, hub: Hub, sender: Sender) -> None:
        self._hub = hub
        self._sender = sender

    def step(self) -> int:
        """Send what is due; how many were looked at. Raises StoreOff."""
        with self._hub.store.reading() as reader:
            due = reader.due_letters(self._hub.now(), AT_ONCE)
        for row in due:
            self._post(row.key)
        return len(due)

    def _post(self, key: LetterKey) -> None:
        taken = self._hub.within(lambda writer: self._taken(writer, key))
        if taken is None:
            return
        letter = letter_of(taken.row)
        try:
            self._sender.send(key.id, taken.message, self._hub.now())
        except NotSent as error:
            log.info("letter %s: %s", key.id, error)
            after = _not_sent(taken.row, letter, error, self._hub.now())
        else:
            sent = msgspec.structs.replace(letter, sent_at=utc_text(self._hub.now()), why="", sealed_to="")
            after = with_letter(taken.row, sent, "sent")
        self._hub.within(lambda writer: _kept(writer, after))

    def _taken(self, writer: Writer, key: LetterKey) -> Taken | None:
        """None: it does not go out now."""
        now, row = self._hub.now(), writer.locked_letters([key]).get(key)
        if row is None or row.due_at is None or row.due_at > now:
            return None
        letter = letter_of(row)
        if state_of(row) == "sending":
            writer.write(Rows(letters=[_failed(row, letter, "the hub stopped while it sent: it may have gone out")]))
            return None
        try:
            ready = composed(self._hub, writer, row, letter, now)
        except Later as later:
            writer.write(Rows(letters=[row._replace(due_at=later.at)]))
            return None
        except LeftOut as left_out:
            why = msgspec.structs.replace(letter, why=left_out.why, sealed_to="")
            writer.write(Rows(letters=[with_letter(row, why, "left_out")]))
            return None
        except Sealed:
            writer.write(Rows(letters=[_failed(row, letter, "the hub's keys are others than when it was written")]))
            return None
        tried = msgspec.structs.replace(letter, tries=letter.tries + 1, facts=ready.facts, sent_at=utc_text(now))
        row = with_letter(row, tried, "sending", now + TAKEN_FOR)
        writer.write(Rows(letters=[row]))
        return Taken(row, ready.message)


def letters_behind(hub: Hub, sender: Sender) -> Callable[[], int]:
    """For `sending`: letters go out behind its messages."""
    return LetterPosting(hub, sender).step


def _not_sent(row: LetterRow, letter: Letter, error: NotSent, now: datetime) -> LetterRow:
    if not error.again or letter.tries >= TRIES_MAX:
        return _failed(row, letter, str(error))
    again = msgspec.structs.replace(letter, sent_at="", why=str(error))
    return with_letter(row, again, "waiting", now + PAUSE * 2 ** (letter.tries - 1))


def _failed(row: LetterRow, letter: Letter, why: str) -> LetterRow:
    return with_letter(row, msgspec.structs.replace(letter, why=why, sealed_to=""), "failed")


def _kept(writer: Writer, row: LetterRow) -> None:
    """But of somebody who was erased, or has gone into another, meanwhile."""
    if row.key in writer.locked_letters([row.key]):
        writer.write(Rows(letters=[row]))
    elif there := writer.letters_called([row.id]):
        writer.write(Rows(letters=[there[0]._replace(state=row.state, due_at=row.due_at, body=row.body)]))
