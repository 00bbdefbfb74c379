"""The phones of a test: what the hub has sent to them."""

from __future__ import annotations

from pathlib import Path

from hub.sender.file_sender import FileSender, Line, lines_in
from hub.sender.posting import Posting
from hub.store.rows import Rows
from tests.hub.conftest import Office


class Sms:
    """From now on the office's hub has a sender, into a file of the test."""

    def __init__(self, office: Office, folder: Path) -> None:
        self._outbox = folder / "sms.jsonl"
        self._posting = Posting(office.hub, FileSender(self._outbox))
        office.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))

    def lines(self) -> list[Line]:
        self._posting.step()
        return lines_in(self._outbox) if self._outbox.exists() else []

    def code(self) -> str:
        """The newest."""
        return self.lines()[-1].code
