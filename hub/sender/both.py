"""Two senders: one has phones, the other addresses."""

from __future__ import annotations

from datetime import datetime

from hub.sender.message import Message
from hub.sender.sender import Sender


class Both:
    mails = True

    def __init__(self, phones: Sender, letters: Sender) -> None:
        self.phones = phones
        self._letters = letters
        self.kind = phones.kind

    def send(self, id: str, message: Message, now: datetime) -> None:
        sender = self._letters if "@" in message.to else self.phones
        sender.send(id, message, now)
