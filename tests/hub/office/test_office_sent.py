"""The office's page of what was sent: masked, with the codes of a trial's outbox alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hub.codes import in_account
from hub.codes.in_account import FOR
from hub.codes.sending import Wanted, send
from hub.office.pages.sent import WORDS, kind_word
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


def test_every_reason_of_a_code_has_its_words(office: Office, desk: Callable[[], Desk], tmp_path: Path) -> None:
    """And what a newer program sends is something too."""
    assert [f"sent_kind_{purpose}" for purpose in FOR if f"sent_kind_{purpose}" not in WORDS] == []
    office.join(phone=PHONE)
    with sending(office.hub, FileSender(tmp_path / "outbox")):
        in_account.send(office.hub, in_account.Wanted(purpose="enter", programme="alenka", key="k1", phone=PHONE))
    one = desk()
    one.sign_in(OLEG)
    assert "вход в кабинет" in one.get("/sent").text
    assert kind_word("wink") == "sent_kind_other"
