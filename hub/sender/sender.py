"""Who sends messages (by_url.py has them)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from hub.sender.message import Message
from hub.store.seam import Reader

SENDER: Final = "sender"  # a setting: the kind of the sender that serves this ledger; "": none does
MAILS: Final = "sender_mails"  # a setting: "yes" where letters go out to addresses too
SECRET_FROM: Final = "POS_HUB_SENDER_SECRET"
MAIL_SECRET_FROM: Final = "POS_HUB_MAIL_SECRET"
SECONDS: Final = 10.0  # for one message


class BadSender(ValueError):
    """The URL is none of a sender; the message says what one looks like."""


class NotSent(Exception):
    """`again`: the other side certainly has not got it, and may get it in a while. `unknown`: nobody knows whether it
    has; neither: it does not take it."""

    def __init__(self, why: str, *, again: bool, unknown: bool = False) -> None:
        super().__init__(why)
        self.again = again
        self.unknown = unknown


class Sender(Protocol):
    kind: str
    mails: bool  # letters to addresses too

    def send(self, id: str, message: Message, now: datetime) -> None:
        """Comes back when the other side has it. Raises NotSent."""
        ...


def sends(reader: Reader) -> bool:
    """Whether somebody sends for this ledger."""
    return bool(reader.setting(SENDER))


def sends_mail(reader: Reader) -> bool:
    """Whether it sends to e-mail addresses too."""
    return bool(reader.setting(MAILS))
