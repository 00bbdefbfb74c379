"""An outbox in a file, for trials and the demo: whoever reads it has the codes."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec

from hub.sender.message import Message
from hub.sender.sender import NotSent
from loyalty.utc import utc_text


class Line(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    at: str
    kind: str
    to: str
    text: str
    code: str


class FileSender:
    kind = "file"
    mails = True

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, id: str, message: Message, now: datetime) -> None:
        line = Line(id=id, at=utc_text(now), kind=message.kind, to=message.to, text=message.text, code=message.code)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, msgspec.json.encode(line) + b"\n")
            finally:
                os.close(handle)
        except OSError as error:
            raise NotSent(error.strerror or "the file cannot be written", again=True) from error


def lines_in(path: Path) -> list[Line]:
    """As they were written; a torn last one is left out."""
    try:
        texts = path.read_bytes().split(b"\n")
    except OSError:
        return []
    return [msgspec.json.decode(text, type=Line) for text in texts[:-1] if text]
