"""The till joins its hub: its key is made, the hub's is kept, its file gets its generation."""

from __future__ import annotations

import secrets
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.settings import Settings
from loyalty.programme import Language
from offline_cache.cache import Cache
from offline_cache.lease import NOT_YET, Lease
from pos_agent.identity import bond_of, keep_identity
from pos_agent.join_words import say_join
from pos_agent.machine import machine
from pos_agent.parts import own_cache
from storage.lock import hold
from storage.sqlite_file import FileError
from sync.client import ask_to_join
from sync.hub_port import HubRefused, HubUnreachable
from sync.identity import Identity
from sync.joining import CODE_LETTERS, JoinReply, JoinRequest, proof_of_hub, proof_of_till, same, secret_of, typed
from sync.sealed import FILE_BYTES_MAX, SUFFIX, NotSealed, Sealed, opened, secret_of_file

NO_PROOF = "0" * 64
EXAMPLE = "K7QX-2MPD"
ADD = "pos-hub till add"
REFUSED = {"no_code": "not_invited", "wrong_code": "wrong_code"}  # the hub's codes, and ours


class JoinFailed(Exception):
    """The till is no member of the chain by that: why, and what helps, as code and facts."""

    def __init__(self, code: str, /, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def text(self, language: Language) -> str:
        return say_join(self.code, language, **self.facts)


class Invited(NamedTuple):
    """By what a till joins. `hub_key`: of the hub that it must be, where that is known before."""

    secret: bytes
    hub_key: str | None = None


def join(settings: Settings, code: str, here: str | None = None) -> Identity:
    """`code`: as it is typed, or a sealed file. `here`: which machine this is, if it is not for the machine to say.
    Raises JoinFailed."""
    settings = msgspec.structs.replace(settings, training=False)  # what people practise on is nobody's file
    invited = _by_file(settings, Path(code)) if code.endswith(SUFFIX) else _by_code(settings, code)
    kept = settings.kept_in
    try:
        kept.mkdir(parents=True, exist_ok=True)
        lock = hold(Path(settings.data) / "till.lock", "agent")
    except FileError as error:
        runs = isinstance(error.__cause__, BlockingIOError)
        raise JoinFailed("agent_runs" if runs else "data_off", why=str(error)) from error
    except OSError as error:
        raise JoinFailed("data_off", why=f"{kept}: {error.strerror}") from error
    with lock:
        return _in_file(settings, invited, here or machine())


def _by_code(settings: Settings, code: str) -> Invited:
    meant = typed(code)
    if meant is None:
        raise JoinFailed("no_code", letters=str(CODE_LETTERS), example=EXAMPLE, add=ADD, till=settings.till)
    return Invited(secret_of(meant, settings.till))


def _by_file(settings: Settings, file: Path) -> Invited:
    try:
        with file.open("rb") as content:
            sealed = opened(content.read(FILE_BYTES_MAX))
    except (OSError, NotSealed) as error:
        why = (error.strerror or "") if isinstance(error, OSError) else str(error)
        raise JoinFailed("file_bad", file=str(file), why=why) from error
    _check_ours(settings, file, sealed)
    return Invited(secret_of_file(sealed.code, sealed.till), sealed.hub_key)


def _check_ours(settings: Settings, file: Path, sealed: Sealed) -> None:
    if sealed.till != settings.till:
        raise JoinFailed("file_of_another", file=str(file), other=sealed.till, till=settings.till)
    if sealed.url.rstrip("/") != settings.hub.url.rstrip("/"):
        raise JoinFailed("file_of_another_hub", file=str(file), other=sealed.url, url=settings.hub.url)


def _in_file(settings: Settings, invited: Invited, here: str) -> Identity:
    """What the till has done before stays: the same file goes on."""
    try:
        cache = own_cache(settings)
    except FileError as error:
        raise JoinFailed("data_off", why=str(error)) from error
    with closing(cache):
        return _joined(settings, cache, invited, here)


def _joined(settings: Settings, cache: Cache, invited: Invited, here: str) -> Identity:
    key = Ed25519PrivateKey.generate()
    request = JoinRequest(
        till=settings.till,
        key=key.public_key().public_bytes_raw().hex(),
        file=cache.file_id,
        generation=cache.generation,
        salt=secrets.token_hex(16),
        proof=NO_PROOF,
    )
    request = msgspec.structs.replace(request, proof=proof_of_till(invited.secret, request))
    reply = _asked(settings, request)
    is_it = same(proof_of_hub(invited.secret, reply, request), reply.proof)
    if not is_it or invited.hub_key not in (None, reply.hub_key):
        raise JoinFailed("wrong_hub", url=settings.hub.url)
    lease = cache.leases.lease
    if lease is not None and lease.bond.ledger != reply.ledger:
        raise JoinFailed("other_ledger", url=settings.hub.url, data=settings.data)
    identity = Identity(
        till=settings.till,
        key=key.private_bytes_raw().hex(),
        hub_key=reply.hub_key,
        ledger=reply.ledger,
        store=reply.store,
    )
    try:
        keep_identity(settings.keys_in, identity)
    except OSError as error:
        raise JoinFailed("not_written", folder=str(settings.keys_in), why=error.strerror or str(error)) from error
    if cache.generation in (NOT_YET, reply.generation):  # else the worker asks for its lease
        lease = Lease(generation=reply.generation, bond=bond_of(identity, here))
        cache.leases.keep(lease, asked=cache.generation)
    return identity


def _asked(settings: Settings, request: JoinRequest) -> JoinReply:
    url = settings.hub.url
    try:
        return ask_to_join(url, request)
    except HubRefused as refused:
        code = REFUSED.get(refused.code, "hub_refused")
        facts = {"url": url, "till": settings.till, "add": ADD, "code": refused.code, "left": str(refused.tries_left)}
        raise JoinFailed(code, **facts) from refused
    except HubUnreachable as error:
        raise JoinFailed("hub_away", url=url) from error
