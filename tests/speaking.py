"""Tills that a test's hub hears: their keys, without the ceremony of joining (that has tests of its own); and `asking`,
in the place of `requests`, for a test that says by hand what a till says."""

from __future__ import annotations

import itertools
import json
import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from requests.auth import AuthBase

from config.settings import Settings
from hub.build import build_hub
from hub.hub import Hub
from hub.store.rows import Rows
from hub.tills.till import Lease, Till
from loyalty.operation import utc_text
from offline_cache.cache import Cache
from offline_cache.lease import FIRST
from offline_cache.lease import Lease as OwnLease
from pos_agent.identity import bond_of, keep_identity
from pos_agent.keys import keys_of
from pos_agent.machine import machine
from pos_agent.parts import own_cache
from sync.client import STALE_NONCE
from sync.identity import Identity, Own, OwnFile, Speaker
from sync.signed import NotSigned

FILE = "f" * 32
ANSWER_S = 20


def joined(hub: Hub, till: str, file: str = FILE, generation: int = 1) -> Identity:
    """The till has joined, with a new key; `file` works under its name."""
    key, at = Ed25519PrivateKey.generate(), utc_text(hub.now())
    row = Till(
        till=till,
        state="joined",
        added_at=at,
        joined_at=at,
        key=key.public_key().public_bytes_raw().hex(),
        lease=Lease(file=file, generation=generation, at=at),
    ).row
    hub.within(lambda writer: writer.write(Rows(tills=[row])))
    return Identity(till=till, key=key.private_bytes_raw().hex(), hub_key=hub.keys.public, ledger=hub.ledger)


def speaking(identity: Identity, file: Callable[[], OwnFile] = lambda: OwnFile(FILE, 1)) -> Speaker:
    ids = itertools.count(1)
    return Speaker(Own(identity), file=file, run=f"of-{identity.till}", new_id=lambda: f"r{next(ids)}")


def speaking_as(hub: Hub, cache: Cache) -> Speaker:
    """The till of this file, which the hub hears from now on."""
    identity = joined(hub, cache.till, cache.file_id, cache.generation)
    return speaking(identity, lambda: OwnFile(cache.file_id, cache.generation))


def of_a_hub_away(till: str) -> Identity:
    """The till has joined a hub that is nowhere."""
    return Identity(
        till=till,
        key=secrets.token_hex(32),
        hub_key=Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex(),
        ledger=secrets.token_hex(16),
    )


def as_after_joining(settings: Settings) -> None:
    """The till of these settings has joined a hub, which is away since: it has a key, and its file a lease."""
    identity = of_a_hub_away(settings.till)
    keep_identity(keys_of(settings), identity)
    settings.kept_in.mkdir(parents=True, exist_ok=True)
    cache = own_cache(settings)
    lease = OwnLease(generation=cache.generation or FIRST, bond=bond_of(identity, machine()))
    cache.leases.keep(lease, asked=cache.generation)
    cache.close()


class Signature(AuthBase):
    """Of what `requests` sends. Every answer is to be the hub's; a nonce that is none any more is asked for anew."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def __call__(self, asked: requests.PreparedRequest) -> requests.PreparedRequest:
        body = asked.body
        if isinstance(body, Iterable) and not isinstance(body, (bytes, str)):
            pieces = list(body)
            asked.body = iter(pieces)
            body = b"".join(pieces)
        said = body.encode() if isinstance(body, str) else body or b""
        self._request, signed = self._speaker.sign(asked.method or "", asked.path_url, said)
        asked.headers.update(signed)
        if asked.method == "POST":
            asked.headers["Content-Type"] = "application/json"
        asked.hooks["response"] = [self._heard]
        return asked

    def _heard(self, answer: requests.Response, **how: Any) -> requests.Response:
        self._signed(answer)
        if answer.status_code == 401 and answer.json()["code"] == STALE_NONCE:
            again = self(answer.request.copy())
            again.hooks["response"] = [self._signed]
            return answer.connection.send(again, **how)
        return answer

    def _signed(self, answer: requests.Response, **how: Any) -> requests.Response:
        try:
            self._speaker.heard(self._request, answer.status_code, answer.headers, answer.content)
        except NotSigned as error:
            raise AssertionError(f"the hub's answer is not signed: {error}") from error
        return answer


class Asking:
    """Asks hubs by `requests`, signed: as the till that the query or the body names, or as `till`; it joins when it
    first speaks to a ledger."""

    def __init__(self) -> None:
        self._hubs: dict[str, Callable[[], Hub] | Path | str] = {}
        self._speakers: dict[tuple[str, str], Speaker] = {}
        self._joining = threading.Lock()

    def there(self, url: str, hub: Callable[[], Hub] | Path | str) -> None:
        """Which hub answers at this address: one of this process, or the one whose ledger it is."""
        self._hubs[url] = hub

    def get(self, url: str, *, params: dict[str, str] | None = None, till: str = "", **how: Any) -> requests.Response:
        auth = self.signature(url, till or (params or {}).get("till", "") or "t1")
        return requests.get(url, params=params, auth=auth, **{"timeout": ANSWER_S, **how})

    def post(self, url: str, *, data: Any = None, json: Any = None, till: str = "", **how: Any) -> requests.Response:
        auth = self.signature(url, till or _till_in(data if json is None else json))
        return requests.post(url, data=data, json=json, auth=auth, **{"timeout": ANSWER_S, **how})

    def signature(self, url: str, till: str) -> Signature:
        return Signature(self.speaker(url, till))

    def speaker(self, url: str, till: str = "t1") -> Speaker:
        parts = urlsplit(url)
        hub = self._hubs[f"{parts.scheme}://{parts.netloc}"]
        who = (hub().ledger if callable(hub) else str(hub), till)
        with self._joining:
            if who not in self._speakers:
                self._speakers[who] = speaking(_joined_at(hub, till))
        return self._speakers[who]


def _joined_at(hub: Callable[[], Hub] | Path | str, till: str) -> Identity:
    if callable(hub):
        return joined(hub(), till)
    opened = build_hub(hub, {}, serving=False)
    try:
        return joined(opened, till)
    finally:
        opened.close()


def _till_in(body: Any) -> str:
    try:
        said = json.loads(body) if isinstance(body, (bytes, str)) else body
        return said["till"] if said["till"].isprintable() and 0 < len(said["till"]) < 40 else "t1"
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "t1"


asking = Asking()
