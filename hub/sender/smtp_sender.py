"""A message is a letter, to a provider that makes an SMS of it, or to a mailbox."""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.message import EmailMessage
from typing import Final
from urllib.parse import SplitResult, parse_qs

from hub.sender.message import Message
from hub.sender.sender import SECONDS, BadSender, NotSent

PORTS: Final = {"smtp": 25, "smtps": 465}


class SmtpSender:
    """`letters`: to addresses alone."""

    mails = True

    def __init__(self, parts: SplitResult, secret: str, *, letters: bool = False) -> None:
        self.kind = parts.scheme
        self._host, self._port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        query = parse_qs(parts.query)
        self._from, self._to = (query.get(name, [""])[0] for name in ("from", "to"))
        if "@" not in self._from or ("{number}" not in self._to and not letters):
            raise BadSender("A sender by mail says from=ADDRESS and to={number}@HOST.")
        self._user, _, self._password = secret.partition(":")

    def send(self, id: str, message: Message, now: datetime) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"] = self._from, self._address(message.to)
        letter["Subject"] = message.subject or message.kind
        if message.unsubscribe:  # RFC 8058: the reader's own button
            letter["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter["Message-ID"] = f"<{id}@pos-hub>"
        _fill(letter, message)
        server = self._connected()
        try:
            server.send_message(letter)
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"the mail server answered {error.smtp_code}", again=error.smtp_code < 500) from error
        except smtplib.SMTPRecipientsRefused as error:
            again = all(code < 500 for code, _ in error.recipients.values())
            raise NotSent("the mail server refuses the address", again=again) from error
        except (OSError, smtplib.SMTPException) as error:
            why = f"no answer, it may have gone out: {type(error).__name__}"
            raise NotSent(why, again=False, unknown=True) from error
        finally:
            server.close()

    def _address(self, to: str) -> str:
        return to if "@" in to else self._to.replace("{number}", to.removeprefix("+"))

    def _connected(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self.kind == "smtps" else smtplib.SMTP
        try:
            server = kind(self._host, self._port, timeout=SECONDS)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"no connection: {type(error).__name__}", again=True) from error
        try:
            if self._user:
                if self.kind == "smtp":
                    server.starttls()  # a password goes nowhere in the clear
                server.login(self._user, self._password)
        except (OSError, smtplib.SMTPException) as error:
            server.close()
            raise NotSent(f"the mail server lets nobody in: {type(error).__name__}", again=True) from error
        return server


def _fill(letter: EmailMessage, message: Message) -> None:
    """Its text, the same as HTML with what is shown in it, and what goes with it."""
    letter.set_content(message.text)
    if message.html:
        letter.add_alternative(message.html, subtype="html")
        html = letter.get_body(("html",))
        assert isinstance(html, EmailMessage)
        for file in message.files:
            if file.inside:
                main, _, sub = file.type.partition("/")
                html.add_related(file.content, main, sub, cid=f"<{file.name}>", filename=file.name)
    for file in message.files:
        if not file.inside:
            main, _, sub = file.type.partition("/")
            letter.add_attachment(file.content, main, sub, filename=file.name)
