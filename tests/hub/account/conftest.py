"""The account's word to the hub, and what goes out to phones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.desk.act import ActRefused
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import Posting
from hub.store.rows import Rows
from loyalty.card_numbers import make_number
from tests.hub.conftest import PROGRAMMES, Office

PHONE, OTHER, NEW = "+79161234567", "+79161112233", "+79165556677"
CARD, SILENT, UNKNOWN = (make_number(PROGRAMMES["alenka"].cards.schemes[0], serial) for serial in (11, 12, 13))


class Door:
    """The account's word to the hub."""

    def __init__(self, office: Office, outbox: Path) -> None:
        self.office, self.outbox = office, outbox
        self.posting = Posting(office.hub, FileSender(outbox))
        self.keys = iter(range(10_000))

    def act(self, act: str, signed_in: str = "", key: str | None = None, **body: Any) -> dict[str, Any]:
        """What it says, or the code under which it is refused."""
        asked = AccountAsked(signed_in, "alenka", key or f"k{next(self.keys)}")
        found = ACCOUNT_ACTS[act]
        try:
            told = found.do(self.office.hub, asked, msgspec.convert(body, found.takes))
        except ActRefused as refused:
            return {"code": refused.code, "tries_left": refused.tries_left}
        return dict(msgspec.to_builtins(told))

    def sent(self) -> list[str]:
        """To whom messages went."""
        self.posting.step()
        return sorted(line.to for line in lines_in(self.outbox)) if self.outbox.exists() else []

    def code(self) -> str:
        self.posting.step()
        return lines_in(self.outbox)[-1].code

    def later(self, seconds: float) -> None:
        self.office.now += timedelta(seconds=seconds)


@pytest.fixture
def door(office: Office, tmp_path: Path) -> Iterator[Door]:
    office.join(phone=PHONE, card=CARD)
    office.join("boris", card=SILENT)
    office.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))
    yield Door(office, tmp_path / "outbox.jsonl")
