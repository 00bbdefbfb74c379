"""A till joins its hub: with a code that a person reads from one screen and types at the other.

Neither side says the code. Both make a secret of it, slowly (scrypt), and prove to each other that they have it: the
till together with its new key and its file, the hub together with its own key and its ledger. Whoever listens would
have to try 2^40 codes at 0.1 s each within the code's minutes, and whoever sits between them can put in no key of his.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Final

import msgspec

from sync.protocol import Counter, FileId, ShortText

CODE_LETTERS: Final = 8
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_MEANT: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
_COST: Final = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}  # 32 MB, some 0.1 s

Key = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class JoinRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`generation`: of the till's file, 0 for one that has done nothing yet. `proof`: by the secret, of all of it."""

    till: ShortText
    key: Key
    file: FileId
    generation: Counter
    salt: FileId
    proof: Hash


class JoinReply(msgspec.Struct, frozen=True, kw_only=True):
    """`generation`: under which the file works from now on. `store`: where the till stands, "" if nobody said."""

    till: str
    store: str
    ledger: str
    hub_key: Key
    generation: Counter
    proof: Hash


def typed(code: str) -> str | None:
    """A code as people type it, or None where it can be none."""
    meant = code.upper().translate(_MEANT)
    return meant if len(meant) == CODE_LETTERS and set(meant) <= set(ALPHABET) else None


def secret_of(code: str, till: str) -> bytes:
    """What a code comes to, for one till. Slow on purpose."""
    return hashlib.scrypt(code.encode(), salt=f"pos-agent joins: {till}".encode(), dklen=32, **_COST)


def proof_of_till(secret: bytes, request: JoinRequest) -> str:
    return _proof(secret, "till", request.till, request.key, request.file, str(request.generation), request.salt)


def proof_of_hub(secret: bytes, reply: JoinReply, request: JoinRequest) -> str:
    told = (reply.till, reply.store, reply.ledger, reply.hub_key, str(reply.generation))
    return _proof(secret, "hub", *told, request.key, request.file, request.salt)


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _proof(secret: bytes, *texts: str) -> str:
    return hmac.new(secret, msgspec.json.encode(texts), "sha256").hexdigest()
