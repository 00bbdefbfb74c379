"""Who sends messages, by a URL, as devices are:

    sms+http://host/path?number={number}&text={text}     a request to a provider; sms+https likewise
    smtp://host:25/?from=till@shop.example&to={number}@sms.example     smtps likewise
    file:outbox.jsonl                                    a line of JSON for each message: trials and the demo

A provider's key is in the environment, POS_HUB_SENDER_SECRET: as `{secret}` in the URL, else as a bearer token; for
SMTP it is `user:password`. With `method=post` in an sms URL the rest of its query goes as a form. `{id}` there is the
message's own: a provider that is told it twice knows so.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from hub.sender.file_sender import FileSender
from hub.sender.http_sender import HttpSender
from hub.sender.sender import BadSender, Sender
from hub.sender.smtp_sender import SmtpSender


def mailer_of(url: str, secret: str = "") -> Sender:
    """Who sends letters to addresses, smtp://HOST/?from=ADDRESS or file:PATH. Raises BadSender."""
    if url.startswith("file:") and url != "file:":
        return FileSender(Path(url.removeprefix("file:")))
    parts = urlsplit(url)
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return SmtpSender(parts, secret, letters=True)
    raise BadSender("Letters go out by smtp://HOST/?from=ADDRESS, or file:PATH.")


def sender_of(url: str, secret: str = "") -> Sender:
    """Raises BadSender."""
    if url.startswith("file:") and url != "file:":
        return FileSender(Path(url.removeprefix("file:")))
    parts = urlsplit(url)
    match parts.scheme:
        case "sms+http" | "sms+https" if parts.hostname:
            return HttpSender(parts, secret)
        case "smtp" | "smtps" if parts.hostname:
            return SmtpSender(parts, secret)
    raise BadSender(
        "A sender is sms+http://HOST/PATH?number={number}&text={text}, smtp://HOST/?from=ADDRESS&to={number}@HOST,"
        " or file:PATH."
    )
