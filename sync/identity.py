"""Who a till is: the key it made when it joined, and the hub's key that it believes since then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.joining import Key
from sync.signed import Answerer, Asker, NotSigned, check_answer, sign_request


class Identity(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What joining brought. `key`: the till's private one; `hub_key`: the hub's public one; both hexadecimal."""

    till: str
    key: Key
    hub_key: Key
    ledger: str
    store: str = ""
    next_hub_key: Key | None = None  # which the hub goes over to some day; it said so, signed by the one of now
    next_key: Key | None = None  # the private one that the hub may know already (sync/renewing.py)


class OwnFile(NamedTuple):
    """The till's file: its id, and the generation under which it works."""

    id: str
    generation: int


class NotJoined(Exception):
    """There is nobody to speak as."""


class Own:
    """The till's identity as it is now: all connections of a process speak with the same key. None: it has not joined;
    it may while it runs. `keep`: puts it on the disk; raises OSError."""

    def __init__(self, identity: Identity | None, keep: Callable[[Identity], None] = lambda identity: None) -> None:
        self._identity = identity
        self._keep = keep

    @property
    def has_joined(self) -> bool:
        return self._identity is not None

    @property
    def identity(self) -> Identity:
        """Raises NotJoined."""
        if self._identity is None:
            raise NotJoined
        return self._identity

    def is_now(self, identity: Identity) -> Identity:
        """On the disk first."""
        self._keep(identity)
        self._identity = identity
        return identity

    def learn(self, next_hub_key: str) -> None:
        """The key that the hub goes over to."""
        if next_hub_key not in (self.identity.hub_key, self.identity.next_hub_key):
            self.is_now(msgspec.structs.replace(self.identity, next_hub_key=next_hub_key))


class Speaker:
    """Signs a till's requests and holds the answers against the hub's key. `file`: as it is at the moment of asking;
    `run`: an id of this process; `new_id` makes ids of requests."""

    def __init__(self, own: Own, *, file: Callable[[], OwnFile], run: str, new_id: Callable[[], str]) -> None:
        self._own = own
        self._file = file
        self._run = run
        self._new_id = new_id
        self._nonce = ""

    @property
    def has_joined(self) -> bool:
        return self._own.has_joined

    @property
    def next_hub_key(self) -> str:
        """That this till would believe; "": none but the one of now. Raises NotJoined."""
        return self._own.identity.next_hub_key or ""

    def sign(self, method: str, target: str, body: bytes) -> tuple[str, dict[str, str]]:
        """The id of the request, and the headers that it gets. Raises NotJoined."""
        file, who = self._file(), self._own.identity
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(who.key))
        asker = Asker(who.till, file.id, file.generation, self._run, who.ledger, self._nonce)
        request = self._new_id()
        return request, sign_request(key, asker, method, target, body, request=request)

    def heard(self, request: str, status: int, fields: Mapping[str, str], body: bytes) -> Answerer:
        """As whom the hub answered this request. Raises NotSigned."""
        answerer = self._checked(request, status, fields, body)
        self._nonce = answerer.nonce
        return answerer

    def _checked(self, request: str, status: int, fields: Mapping[str, str], body: bytes) -> Answerer:
        """By the hub's key, or by the next one that it told: then it has gone over, and the old one is nobody's."""
        known = self._own.identity
        try:
            return check_answer(_public(known.hub_key), status, fields, body, request=request, till=known.till)
        except NotSigned:
            if known.next_hub_key is None:
                raise
            next_key = _public(known.next_hub_key)
            answerer = check_answer(next_key, status, fields, body, request=request, till=known.till)
        self._own.is_now(msgspec.structs.replace(known, hub_key=known.next_hub_key, next_hub_key=None))
        return answerer


def _public(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
