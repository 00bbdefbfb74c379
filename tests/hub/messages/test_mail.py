"""Advertising by e-mail: to who agreed to that, with the button by which a reader stops it (RFC 8058)."""

from __future__ import annotations

from hub.messages.posting import LetterPosting
from hub.people.consents import give_consent
from hub.people.profile import change_email
from hub.sender.by_url import sender_of
from hub.sender.sender import MAILS
from hub.store.rows import Rows
from tests.hub.codes.test_senders import MailServer
from tests.hub.conftest import Office
from tests.hub.messages.messages_office import OLGA, URL, going, letters, said, with_sender


def test_p9_a_letter_goes_to_a_mailbox_with_its_way_out(office: Office) -> None:
    with_sender(office.hub, "smtp")
    office.hub.within(lambda writer: writer.write(Rows(settings={MAILS: "1"})))
    office.join("anna", phone="+79160000001")
    change_email(office.hub, "anna", "anna@example.ru", OLGA)
    going(office, channel="mail", name="Tea week")
    assert said(office, "anna") == []
    give_consent(office.hub, "anna", "mailing_email", OLGA)
    going(office, channel="mail", name="Tea week")
    server = MailServer()
    sender = sender_of(f"smtp://127.0.0.1:{server.port}/?from=club@shop.example&to={{number}}@sms.example")
    LetterPosting(office.hub, sender).step()
    server.listener.close()
    (row,) = letters(office, "anna")
    assert row.state == "sent" and any("<anna@example.ru>" in line for line in server.lines)
    assert f"List-Unsubscribe: <{URL}/stop/{row.id}>" in server.lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in server.lines
    assert "Subject: Tea week" in server.lines and "anna@" not in row.body
