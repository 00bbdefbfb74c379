"""Who is asked outside: partners, whoever takes payments, whoever makes fiscal documents. All of them speak alike.

    POST URL/PATH with JSON, `Authorization: Bearer SECRET`, `Idempotency-Key: KEY`
    → 200 and JSON: done, also where it was done before under this key
    → 4xx and {"code": …, "message": …}: it was not done, and under this key it never will be

Anything else says nothing of what was done: the same key is asked again. A service that speaks otherwise gets a small
program before it, that speaks so.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec
import requests

from hub.sender.sender import Sender

CONNECT_S: Final = 3.0
READ_S: Final = 10.0  # between two pieces of an answer
TOTAL_S: Final = 15.0
ANSWER_BYTES_MAX: Final = 64 * 1024
MESSAGE_LETTERS_MAX: Final = 200
NOT_NOW: Final = frozenset((408, 425, 429))  # not "no"

_T = TypeVar("_T", bound=msgspec.Struct)


class NoAnswer(Exception):
    """It may or may not have been done; the same key asks again."""


class SaysNo(Exception):
    """It was not done, and why. `code`: the service's own, never shown to a customer as it is."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    code: str = "refused"
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`name`: for a log. `secret` "": it asks for none."""

    name: str
    url: str
    secret: str = field(default="", repr=False)

    def ask(self, path: str, body: msgspec.Struct, told: type[_T], key: str) -> _T:
        """Raises NoAnswer, SaysNo."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key, "Accept-Encoding": "identity"}
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        status, data = self._sent(path, msgspec.json.encode(body), headers)
        if status == 200:
            return self._read(data, told)
        if 400 <= status < 500 and status not in NOT_NOW:
            problem = self._read(data, Problem)
            raise SaysNo(problem.code[:MESSAGE_LETTERS_MAX], problem.message[:MESSAGE_LETTERS_MAX])
        raise NoAnswer(f"{self.name} answers {path} with {status}")

    def _sent(self, path: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        try:
            with requests.Session() as session:
                session.trust_env = False
                with session.post(
                    self.url.rstrip("/") + path,
                    data=data,
                    headers=dict(headers),
                    timeout=(CONNECT_S, READ_S),
                    stream=True,
                    allow_redirects=False,
                ) as answer:
                    return answer.status_code, _whole(answer, self.name)
        except (requests.RequestException, OSError) as error:
            raise NoAnswer(f"{self.name} did not answer {path}: {error}") from error

    def _read(self, data: bytes, told: type[_T]) -> _T:
        try:
            return msgspec.json.decode(data, type=told)
        except (ValueError, RecursionError) as error:
            raise NoAnswer(f"{self.name} answers what cannot be read: {error}") from error


def _whole(answer: requests.Response, name: str) -> bytes:
    """Raises NoAnswer."""
    end, data = time.monotonic() + TOTAL_S, b""
    for piece in answer.iter_content(8_192):
        data += piece
        if len(data) > ANSWER_BYTES_MAX:
            raise NoAnswer(f"{name} says more than {ANSWER_BYTES_MAX} bytes")
        if time.monotonic() > end:
            raise NoAnswer(f"{name} takes longer than {TOTAL_S:g} s for its answer")
    return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the shop has; None: nobody is asked, and what needs it is not offered. `partners`: by their id; `letters`:
    who sends mail."""

    partners: Mapping[str, Service] = field(default_factory=dict)
    payment: Service | None = None
    fiscal: Service | None = None
    letters: Sender | None = None


NO_SERVICES: Final = Services()
