"""The till joins its hub: its key is made, the hub's is kept, its file gets its generation."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.settings import Settings
from offline_cache.cache import Cache
from offline_cache.lease import NOT_YET, Lease
from pos_agent.identity import bond_of, keep_identity
from pos_agent.parts import own_cache
from storage.lock import hold
from sync.client import ask_to_join
from sync.hub_port import HubRefused, HubUnreachable
from sync.identity import Identity
from sync.joining import CODE_LETTERS, JoinRequest, proof_of_hub, proof_of_till, same, secret_of, typed

NO_PROOF = "0" * 64


class JoinFailed(Exception):
    """The till is no member of the chain by that; why, and what helps."""


def join(settings: Settings, code: str, machine: str) -> Identity:
    """`machine`: which one this is. Raises JoinFailed, FileError, OSError."""
    meant = typed(code)
    if meant is None:
        raise JoinFailed(f"A code has {CODE_LETTERS} letters and digits, such as K7QX-2MPD.")
    settings = msgspec.structs.replace(settings, training=False)  # what people practise on is nobody's file
    kept = settings.kept_in
    kept.mkdir(parents=True, exist_ok=True)
    with hold(Path(settings.data) / "till.lock", "agent"):
        cache = own_cache(settings)
        try:
            return _joined(settings, cache, meant, machine)
        finally:
            cache.close()


def _joined(settings: Settings, cache: Cache, code: str, machine: str) -> Identity:
    key = Ed25519PrivateKey.generate()
    secret = secret_of(code, settings.till)
    request = JoinRequest(
        till=settings.till,
        key=key.public_key().public_bytes_raw().hex(),
        file=cache.file_id,
        generation=cache.generation,
        salt=secrets.token_hex(16),
        proof=NO_PROOF,
    )
    request = msgspec.structs.replace(request, proof=proof_of_till(secret, request))
    try:
        reply = ask_to_join(settings.hub.url, request)
    except (HubUnreachable, HubRefused) as error:
        raise JoinFailed(str(error)) from error
    if not same(proof_of_hub(secret, reply, request), reply.proof):
        raise JoinFailed(f"What answers at {settings.hub.url} does not know the code: it is not the hub.")
    identity = Identity(
        till=settings.till,
        key=key.private_bytes_raw().hex(),
        hub_key=reply.hub_key,
        ledger=reply.ledger,
        store=reply.store,
    )
    keep_identity(Path(settings.keys), identity)
    if cache.generation in (NOT_YET, reply.generation):  # else the worker asks for its lease
        cache.leases.keep(Lease(generation=reply.generation, bond=bond_of(identity, machine)))
    return identity
