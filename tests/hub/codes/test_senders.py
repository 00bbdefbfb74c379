"""Messages go to real servers: a provider over HTTP, a mail server; what became of each is kept, none goes twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.codes.sending import Wanted, send
from hub.desk.acts import ACTS, Asked
from hub.desk.code_acts import ListSent, SentListed
from hub.sender.both import Both
from hub.sender.by_url import mailer_of, sender_of
from hub.sender.message import Message, kept_of, message_row
from hub.sender.posting import TAKEN_FOR, TRIES_MAX, Posting, sending
from hub.sender.sender import BadSender, sends_mail
from hub.store.rows import Rows
from loyalty.utc import utc_text
from tests.hub.conftest import Office

PHONE = "+79161234567"
SECRET = "s3cr3t-of-the-provider"


class Provider:
    """Answers what it is told to; `asked`: method, fields and the Authorization header of each request."""

    def __init__(self) -> None:
        self.statuses: list[int | None] = []
        self.asked: list[tuple[str, dict[str, list[str]], str | None]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(urlsplit(self.path).query)

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _answer(self, fields: str) -> None:
                provider.asked.append((self.command, parse_qs(fields), self.headers["Authorization"]))
                status = provider.statuses.pop(0) if provider.statuses else 200
                if status is None:  # it has it, and the line is cut
                    self.close_connection = True
                    return
                self.send_response(status)
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    thread = threading.Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(Provider()) as provider:
        yield provider


@pytest.fixture
def state(office: Office) -> Callable[[], tuple[str, str]]:
    """Of the one message, and why."""
    office.join(phone=PHONE)
    office.hub.within(lambda writer: writer.write(Rows(settings={"sender": "sms+http"})))
    send(office.hub, Wanted("redeem", "alenka", "k1", member="anna"))

    def look() -> tuple[str, str]:
        with office.hub.store.reading() as reader:
            (row,) = reader.newest_messages(2)
        return row.state, kept_of(row).why

    return look


def posting(office: Office, url: str, secret: str = "") -> Posting:
    return Posting(office.hub, sender_of(url, secret))


def test_a_request_has_the_number_the_text_and_the_key(
    office: Office, provider: Provider, state: Callable[[], tuple[str, str]]
) -> None:
    url = f"sms+http://127.0.0.1:{provider.port}/send?to={{number}}&msg={{text}}&from=shop"
    assert posting(office, url, SECRET).step() == 1
    ((method, fields, key),) = provider.asked
    assert (method, fields["to"], fields["from"], key) == ("GET", [PHONE], ["shop"], f"Bearer {SECRET}")
    assert "код для списания" in fields["msg"][0] and state() == ("sent", "")
    assert posting(office, url).step() == 0, "and not again"


def test_a_form_with_the_key_in_it(office: Office, provider: Provider, state: Callable[[], tuple[str, str]]) -> None:
    url = f"sms+http://127.0.0.1:{provider.port}/?method=post&to={{number}}&text={{text}}&api_id={{secret}}"
    posting(office, url, SECRET).step()
    ((method, fields, key),) = provider.asked
    assert (method, fields["api_id"], key) == ("POST", [SECRET], None) and "method" not in fields


def test_what_the_provider_has_not_got_goes_again_and_no_more_than_so_often(
    office: Office, provider: Provider, state: Callable[[], tuple[str, str]]
) -> None:
    provider.statuses = [503] * (TRIES_MAX + 2)
    one = posting(office, f"sms+http://127.0.0.1:{provider.port}/?to={{number}}&text={{text}}")
    for _ in range(TRIES_MAX + 2):
        one.step()
        assert one.step() == 0, "it waits first"
        office.now += timedelta(seconds=40)
    assert len(provider.asked) == TRIES_MAX and state() == ("failed", "the provider answered 503")


def test_what_may_have_gone_out_does_not_go_again(
    office: Office, provider: Provider, state: Callable[[], tuple[str, str]]
) -> None:
    provider.statuses = [None]
    one = posting(office, f"sms+http://127.0.0.1:{provider.port}/?to={{number}}&text={{text}}")
    one.step()
    office.now += timedelta(minutes=1)
    one.step()
    assert len(provider.asked) == 1 and state()[0] == "failed" and "may have gone out" in state()[1]


def test_the_hub_dies_while_it_sends(office: Office, provider: Provider, state: Callable[[], tuple[str, str]]) -> None:
    with office.hub.store.writing() as writer:
        (row,) = writer.newest_messages(1)
        writer.write(Rows(messages=[row._replace(state="sending")]))
    office.restart()
    office.now += TAKEN_FOR
    posting(office, f"sms+http://127.0.0.1:{provider.port}/?to={{number}}&text={{text}}").step()
    assert provider.asked == [] and state()[0] == "failed"


def test_a_code_whose_time_is_over_is_not_sent(
    office: Office, provider: Provider, state: Callable[[], tuple[str, str]]
) -> None:
    office.now += timedelta(minutes=5)
    posting(office, f"sms+http://127.0.0.1:{provider.port}/?to={{number}}&text={{text}}").step()
    assert provider.asked == [] and state() == ("failed", "its time was over")


def test_nobody_is_there_and_then_somebody_is(
    office: Office, provider: Provider, state: Callable[[], tuple[str, str]]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = free.getsockname()[1]
        posting(office, f"sms+http://127.0.0.1:{nobody}/?to={{number}}&text={{text}}").step()
    assert state()[0] == "waiting" and "no connection" in state()[1]
    office.now += timedelta(seconds=5)
    posting(office, f"sms+http://127.0.0.1:{provider.port}/?to={{number}}&text={{text}}").step()
    assert state() == ("sent", "")


def test_the_office_sees_what_was_sent_and_no_code_of_a_real_sender(
    office: Office, state: Callable[[], tuple[str, str]], tmp_path: Path
) -> None:
    posting(office, f"file:{tmp_path / 'outbox'}").step()
    asked = Asked("s-oleg", "Олег", "", "", "alenka", "k")
    listed = ACTS["sent"].do(office.hub, asked, ListSent())
    assert isinstance(listed, SentListed)
    (one,) = listed.messages
    assert (one.to, one.state, one.code) == ("+7 ··· ··-67", "sent", "")


class MailServer:
    """As much of SMTP as one letter needs."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lines: list[str] = []
        self.refuses = False
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                self._talk(talk)

    def _talk(self, talk: object) -> None:
        def say(text: str) -> None:
            talk.write(text.encode() + b"\r\n")  # type: ignore[attr-defined]
            talk.flush()  # type: ignore[attr-defined]

        say("220 here")
        in_letter = False
        for raw in talk:  # type: ignore[attr-defined]
            text = raw.decode().rstrip("\r\n")
            self.lines.append(text)
            if in_letter:
                in_letter = text != "."
                if not in_letter:
                    say("250 taken")
            elif text.upper().startswith("DATA"):
                in_letter = True
                say("354 go on")
            elif text.upper().startswith("RCPT") and self.refuses:
                say("550 nobody")
            elif text.upper().startswith("QUIT"):
                say("221 bye")
                return
            else:
                say("250 well")


def test_a_letter_goes_to_a_mail_server(office: Office, state: Callable[[], tuple[str, str]]) -> None:
    server = MailServer()
    url = f"smtp://127.0.0.1:{server.port}/?from=till@shop.example&to={{number}}@sms.example"
    posting(office, url).step()
    server.listener.close()
    assert state() == ("sent", "")
    assert any("79161234567@sms.example" in line for line in server.lines if line.upper().startswith("RCPT"))


def test_a_mail_server_that_refuses_is_not_asked_again(office: Office, state: Callable[[], tuple[str, str]]) -> None:
    server = MailServer()
    server.refuses = True
    posting(office, f"smtp://127.0.0.1:{server.port}/?from=a@b.example&to={{number}}@c.example").step()
    server.listener.close()
    assert state() == ("failed", "the mail server refuses the address")


def letter(office: Office, to: str) -> None:
    """One waits to be sent."""
    ends_at = utc_text(office.now + timedelta(days=1))
    message = Message(kind="contact", to=to, shown="a···", text="код", code="1234", ends_at=ends_at, subject="Код")
    row = message_row(office.hub.codes, "letter", office.now, message)
    office.hub.within(lambda writer: writer.write(Rows(messages=[row])))


def test_letters_go_to_addresses_beside_a_sender_that_has_phones_alone(
    office: Office, provider: Provider, state: Callable[[], tuple[str, str]]
) -> None:
    letter(office, "anna@example.ru")
    server = MailServer()
    phones = sender_of(f"sms+http://127.0.0.1:{provider.port}/?to={{number}}&text={{text}}")
    letters = mailer_of(f"smtp://127.0.0.1:{server.port}/?from=till@shop.example")
    assert Posting(office.hub, Both(phones, letters)).step() == 2
    server.listener.close()
    ((_, fields, _),) = provider.asked
    assert fields["to"] == [PHONE]
    assert any("anna@example.ru" in line for line in server.lines if line.upper().startswith("RCPT"))
    assert (phones.mails, letters.mails, Both(phones, letters).kind) == (False, True, "sms+http")
    with sending(office.hub, Both(phones, letters)), office.hub.store.reading() as reader:
        assert sends_mail(reader)
    with sending(office.hub, phones), office.hub.store.reading() as reader:
        assert not sends_mail(reader)


def test_no_letter_goes_where_only_phones_are_reached(office: Office, provider: Provider) -> None:
    letter(office, "anna@example.ru")
    posting(office, f"sms+http://127.0.0.1:{provider.port}/?to={{number}}&text={{text}}").step()
    with office.hub.store.reading() as reader:
        (row,) = reader.newest_messages(1)
    assert provider.asked == [] and (row.state, kept_of(row).why[:20]) == ("failed", "letters go out no mo")


@pytest.mark.parametrize("url", ["", "file:", "smtp://h/", "sms+http://h/?to={number}&text={text}"])
def test_a_url_that_sends_no_letters_is_refused(url: str) -> None:
    with pytest.raises(BadSender):
        mailer_of(url)


@pytest.mark.parametrize(
    "url",
    ["", "file:", "http://h/?a={number}{text}", "sms+http:///x", "sms+http://h/?to={number}", "smtp://h/?from=a@b.c"],
)
def test_a_url_that_sends_nothing_is_refused(url: str) -> None:
    with pytest.raises(BadSender):
        sender_of(url)


def test_a_file_that_cannot_be_written_is_tried_again(
    office: Office, tmp_path: Path, state: Callable[[], tuple[str, str]]
) -> None:
    (tmp_path / "box").mkdir()
    posting(office, f"file:{tmp_path / 'box'}").step()
    assert state()[0] == "waiting"
