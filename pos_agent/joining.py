"""The till joins its hub: its key is made, the hub's is kept, its file gets its generation.

The key is on the disk before the hub hears of it. Where the answer is lost on the way, or the power goes, the same till
asks again with the same key, and the hub, which has used the code up by then, says the same again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.settings import Settings
from offline_cache.cache import Cache
from offline_cache.lease import NOT_YET, Lease
from pos_agent.identity import bond_of, keep_identity
from pos_agent.invited import ADD, Invited, JoinFailed, by_code, by_file
from pos_agent.keys import JOINING, Keys, keys_of
from pos_agent.machine import machine
from pos_agent.parts import own_cache
from storage.lock import hold
from storage.sqlite_file import FileError
from sync.client import ask_to_join
from sync.hub_port import HubRefused, HubUnreachable
from sync.identity import Identity
from sync.joining import JoinReply, JoinRequest, Key, proof_of_hub, proof_of_till, same
from sync.sealed import SUFFIX

NO_PROOF: Final = "0" * 64
REFUSED: Final = {"no_code": "not_invited", "wrong_code": "wrong_code"}  # the hub's codes, and ours
REFUSED_FILE: Final = dict.fromkeys(REFUSED, "file_spent")  # a code of 128 bits that is another is an older one


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A till that is joining: with which private key, hexadecimal, and by which sealed file, if by one."""

    key: Key
    by: str = ""


def join(settings: Settings, code: str, here: str | None = None) -> Identity:
    """`code`: as it is typed, or a sealed file. `here`: which machine this is, if it is not for the machine to say.
    Raises JoinFailed."""
    settings = of_the_shop(settings)
    invited = by_file(settings, Path(code)) if code.endswith(SUFFIX) else by_code(settings, code)
    kept = settings.kept_in
    try:
        kept.mkdir(parents=True, exist_ok=True)
        lock = hold(Path(settings.data) / "till.lock", "agent")
    except FileError as error:
        runs = isinstance(error.__cause__, BlockingIOError)
        raise JoinFailed("agent_runs" if runs else "data_off", why=str(error)) from error
    except OSError as error:
        raise JoinFailed("data_off", why=f"{kept}: {error.strerror}") from error
    keys = keys_of(settings)
    with lock, closing(shop_cache(settings)) as cache:
        identity = joined(settings, cache, invited, here or machine(), partial(keep_identity, keys))
    keys.drop(JOINING)
    return identity


def of_the_shop(settings: Settings) -> Settings:
    """What people practise on is nobody's file."""
    return msgspec.structs.replace(settings, training=False)


def shop_cache(settings: Settings) -> Cache:
    """What the till has done before stays: the same file goes on. Raises JoinFailed."""
    try:
        return own_cache(of_the_shop(settings))
    except FileError as error:
        raise JoinFailed("data_off", why=str(error)) from error


def joined(
    settings: Settings, cache: Cache, invited: Invited, here: str, keep: Callable[[Identity], object]
) -> Identity:
    """`keep`: puts it where the till's keys are; raises OSError. Raises JoinFailed."""
    try:
        key = _key_for(keys_of(settings), invited)
        identity, generation = _asked(settings, cache, invited, key)
        keep(identity)
    except OSError as error:
        where = keys_of(settings).where
        raise JoinFailed("not_written", folder=where, why=error.strerror or str(error)) from error
    if cache.generation in (NOT_YET, generation):  # else the worker asks for its lease
        lease = Lease(generation=generation, bond=bond_of(identity, here))
        cache.leases.keep(lease, asked=cache.generation)
    return identity


def begun(keys: Keys) -> Begun | None:
    """What was not brought to its end, if anything. Raises OSError."""
    content = keys.read(JOINING)
    try:
        return msgspec.json.decode(content, type=Begun) if content is not None else None
    except msgspec.DecodeError:
        return None


def _key_for(keys: Keys, invited: Invited) -> Ed25519PrivateKey:
    """Of whoever began with this, and else a new one."""
    known = begun(keys)
    if known is None or known.by != invited.by:
        known = Begun(key=Ed25519PrivateKey.generate().private_bytes_raw().hex(), by=invited.by)
        keys.keep(JOINING, msgspec.json.encode(known))
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(known.key))


def _asked(settings: Settings, cache: Cache, invited: Invited, key: Ed25519PrivateKey) -> tuple[Identity, int]:
    """And the generation under which the file works."""
    request = _request(settings, cache, invited, key)
    reply = _reply(settings, invited, request)
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
    return identity, reply.generation


def _request(settings: Settings, cache: Cache, invited: Invited, key: Ed25519PrivateKey) -> JoinRequest:
    request = JoinRequest(
        till=settings.till,
        key=key.public_key().public_bytes_raw().hex(),
        file=cache.file_id,
        generation=cache.own_chain.wanted_generation(),
        salt=secrets.token_hex(16),
        proof=NO_PROOF,
    )
    return msgspec.structs.replace(request, proof=proof_of_till(invited.secret, request))


def _reply(settings: Settings, invited: Invited, request: JoinRequest) -> JoinReply:
    url = settings.hub.url
    try:
        return ask_to_join(url, request)
    except HubRefused as refused:
        code = (REFUSED_FILE if invited.file else REFUSED).get(refused.code, "hub_refused")
        facts = {"url": url, "till": settings.till, "add": ADD, "code": refused.code, "left": str(refused.tries_left)}
        raise JoinFailed(code, file=invited.file, ends_at=invited.ends_at, **facts) from refused
    except HubUnreachable as error:
        raise JoinFailed("hub_away", url=url) from error
