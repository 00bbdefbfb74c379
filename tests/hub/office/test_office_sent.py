"""The office's page of what was sent: masked, with the codes of a trial's outbox alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hub.codes.sending import Wanted, send
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import sending
from tests.hub.conftest import Office
from tests.hub.office.desk import ANTON, OLEG, VERA, Desk

PHONE = "+79161234567"


def test_what_was_sent_is_seen_by_who_may(office: Office, desk: Callable[[], Desk], tmp_path: Path) -> None:
    office.join(phone=PHONE)
    outbox = tmp_path / "outbox"
    with sending(office.hub, FileSender(outbox)):
        send(office.hub, Wanted("redeem", "alenka", "k1", member="anna"))
    (line,) = lines_in(outbox)
    for who in (OLEG, ANTON):
        one = desk()
        one.sign_in(who)
        page = one.get("/sent").text
        assert "+7 ··· ··-67" in page and "ушло" in page and line.code in page and PHONE not in page
    one = desk()
    one.sign_in(VERA)
    assert one.get("/sent").status_code == 403
