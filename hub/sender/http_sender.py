"""A message is one request to a provider."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode

from hub.sender.message import Message
from hub.sender.sender import SECONDS, BadSender, NotSent

FORM: Final = "application/x-www-form-urlencoded"
TRANSIENT: Final = frozenset({408, 425, 429})  # and whatever begins with 5


class HttpSender:
    """Raises BadSender where the template sends no text to no number."""

    mails = False

    def __init__(self, parts: SplitResult, secret: str) -> None:
        self.kind = parts.scheme
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path or "/"
        fields = parse_qsl(parts.query, keep_blank_values=True)
        self._post = ("method", "post") in fields
        self._fields = [field for field in fields if field[0] != "method" or field[1] not in ("post", "get")]
        self._secret = secret
        values = " ".join(value for _, value in self._fields)
        if "{number}" not in values or "{text}" not in values:
            raise BadSender("The sender's URL says neither {number} nor {text}, or only one of them.")
        self._bearer = secret and "{secret}" not in values

    def send(self, id: str, message: Message, now: datetime) -> None:
        connection = self._connection()
        try:
            self._connect(connection)
            status = self._asked(connection, id, message)
        finally:
            connection.close()
        if not 200 <= status < 300:
            again = status >= 500 or status in TRANSIENT
            raise NotSent(f"the provider answered {status}", again=again)

    def _connection(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.kind.endswith("https") else http.client.HTTPConnection
        return kind(self._host, self._port, timeout=SECONDS)

    @staticmethod
    def _connect(connection: http.client.HTTPConnection) -> None:
        try:
            connection.connect()
        except OSError as error:
            raise NotSent(f"no connection: {error.strerror or type(error).__name__}", again=True) from error

    def _asked(self, connection: http.client.HTTPConnection, id: str, message: Message) -> int:
        told = {"{number}": message.to, "{id}": id, "{text}": message.text, "{secret}": self._secret}
        query = urlencode([(name, _filled(value, told)) for name, value in self._fields])
        headers = {"Authorization": f"Bearer {self._secret}"} if self._bearer else {}
        try:
            if self._post:
                connection.request("POST", self._path, query, headers | {"Content-Type": FORM})
            else:
                connection.request("GET", f"{self._path}?{query}", headers=headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise NotSent(f"no answer, it may have gone out: {type(error).__name__}", again=False) from error


def _filled(template: str, told: Mapping[str, str]) -> str:
    for name, value in told.items():
        template = template.replace(name, value)
    return template
