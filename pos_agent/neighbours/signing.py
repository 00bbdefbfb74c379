"""Who may speak to a till of the shop: whoever has its tills' common secret (HMAC-SHA256), now, and once.

The network is plain: what crosses it can be read, and nobody without the secret can say or change a word. A request
names its moment and a nonce; an answer is signed together with the nonce of its request, so that it answers no other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

AT, NONCE, MAC = "n1-at", "n1-nonce", "n1-mac"  # headers
OLD: Final = timedelta(seconds=60)  # either way: tills correct their clocks by the hub's, to seconds
SEEN_MAX: Final = 20_000  # in the two minutes that a nonce counts: more than fifty tills can ask
_AT = re.compile(r"[0-9]{1,11}")  # seconds since 1970
_NONCE = re.compile(r"[0-9a-f]{32}")


class Signed(NamedTuple):
    """What a request says of itself."""

    at: str
    nonce: str
    mac: str

    @property
    def headers(self) -> dict[str, str]:
        return {AT: self.at, NONCE: self.nonce, MAC: self.mac}


def sign(secret: bytes, method: str, path: str, body: bytes, *, at: datetime, nonce: str) -> Signed:
    said = str(int(at.timestamp()))
    return Signed(said, nonce, _mac(secret, b"request", method, path, said, nonce, body=body))


def sign_answer(secret: bytes, status: int, body: bytes, *, nonce: str) -> str:
    """`nonce`: the request's."""
    return _mac(secret, b"answer", str(status), nonce, body=body)


def is_answer(secret: bytes, status: int, body: bytes, mac: str, *, nonce: str) -> bool:
    return _same(sign_answer(secret, status, body, nonce=nonce), mac)


class Gate:
    """Lets a request in once."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._seen: dict[str, datetime] = {}  # in the order in which they came

    def refusal(self, method: str, path: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """Why it is none of ours, as a code. Only one that was signed rightly is remembered: a stranger fills nothing
        here."""
        said = Signed(headers.get(AT, ""), headers.get(NONCE, ""), headers.get(MAC, ""))
        if not _AT.fullmatch(said.at) or not _NONCE.fullmatch(said.nonce):
            return "unsigned"
        if not _same(_mac(self._secret, b"request", method, path, said.at, said.nonce, body=body), said.mac):
            return "wrong_signature"
        if abs(now - datetime.fromtimestamp(int(said.at), UTC)) > OLD:
            return "old"
        self._forget(now)
        if said.nonce in self._seen:
            return "replayed"
        if len(self._seen) >= SEEN_MAX:
            return "busy"
        self._seen[said.nonce] = now
        return None

    def _forget(self, now: datetime) -> None:
        """One may be used as long before its moment as after it. A clock that is set back forgets none early."""
        while self._seen:
            nonce, came = next(iter(self._seen.items()))
            if now - came <= 2 * OLD:
                return
            del self._seen[nonce]


def _mac(secret: bytes, what: bytes, *parts: str, body: bytes) -> str:
    """No part has a line end in it, and the body is the last: nothing can be read as another."""
    text = b"\n".join([b"n1", what, *(part.encode() for part in parts), body])
    return hmac.new(secret, text, hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogateescape"))
