"""The account joins its hub by a code, as a till does; what that brought lies in its data folder."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loyalty.operation import ACCOUNT_CHAIN
from storage.whole_file import write_over
from sync.identity import Identity, Own
from sync.joining import JoinReply, JoinRequest, proof_of_hub, proof_of_till, same, secret_of, typed
from sync.protocol import Problem

IDENTITY: Final = "account.key"
HALF: Final = "account.joining"  # until the hub has answered
ANSWER_S: Final = 15.0


class _Half(msgspec.Struct, frozen=True, kw_only=True):
    """What the account says of itself when it joins."""

    key: str
    file: str
    salt: str


class NotJoined(Exception):
    """Why there is no key by which the hub would hear; the message says what helps."""


def own_in(data: Path) -> Own:
    """Raises NotJoined."""
    path = data / IDENTITY
    if not path.exists():
        raise NotJoined(
            f"{path} is not there: this account has not joined a hub. At the hub: pos-hub account invite;"
            " here: pos-account join CODE --hub URL"
        )
    try:
        identity = msgspec.json.decode(path.read_bytes(), type=Identity)
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise NotJoined(f"{path} cannot be read as the account's key: {error}.") from error
    return Own(identity, lambda newer: write_over(path, msgspec.json.encode(newer)))


def join(data: Path, url: str, code: str) -> Identity:
    """Raises NotJoined."""
    meant = typed(code)
    if meant is None:
        raise NotJoined(f"{code!r} is no code: it has eight letters and digits, as `pos-hub account invite` prints it.")
    secret, half = secret_of(meant, ACCOUNT_CHAIN), _half_in(data)
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(half.key))
    asked = JoinRequest(
        till=ACCOUNT_CHAIN,
        key=key.public_key().public_bytes_raw().hex(),
        file=half.file,
        generation=0,
        salt=half.salt,
        proof="0" * 64,
    )
    asked = msgspec.structs.replace(asked, proof=proof_of_till(secret, asked))
    reply = _asked(url.rstrip("/"), asked)
    if not same(proof_of_hub(secret, reply, asked), reply.proof):
        raise NotJoined(f"What answers at {url} does not know the code: it is not the hub that gave it.")
    identity = Identity(till=ACCOUNT_CHAIN, key=half.key, hub_key=reply.hub_key, ledger=reply.ledger)
    write_over(data / IDENTITY, msgspec.json.encode(identity))
    (data / HALF).unlink()
    return identity


def _half_in(data: Path) -> _Half:
    """On the disk before the hub hears of it: whose answer was lost asks again with the same code, and is answered."""
    path = data / HALF
    try:
        if path.exists():
            return msgspec.json.decode(path.read_bytes(), type=_Half)
        key = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        half = _Half(key=key, file=secrets.token_hex(16), salt=secrets.token_hex(16))
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_over(path, msgspec.json.encode(half))
        return half
    except (OSError, msgspec.DecodeError) as error:
        raise NotJoined(f"{path} cannot be read or written: {error}. Remove it, and join with a new code.") from error


def _asked(url: str, asked: JoinRequest) -> JoinReply:
    try:
        answer = requests.post(
            f"{url}/v3/join",
            data=msgspec.json.encode(asked),
            headers={"Content-Type": "application/json"},
            timeout=ANSWER_S,
            allow_redirects=False,
        )
        if answer.status_code == 200:
            return msgspec.json.decode(answer.content, type=JoinReply)
        problem = msgspec.json.decode(answer.content, type=Problem)
    except (requests.RequestException, OSError, msgspec.DecodeError, ValueError) as error:
        raise NotJoined(f"The hub at {url} did not answer as a hub does: {error}.") from error
    raise NotJoined(f"The hub at {url} refused: {problem.message}.")
