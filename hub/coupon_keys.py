"""With which keys coupons and certificates are signed, and which of them tills are told.

The private ones lie in the folder of keys (coupons.key), each with its id; the ledger has their public halves, so that
all its hubs tell tills the same. The newest signs; those of before verify until they are revoked. A revoked one is
erased, its id is never given again, and what it signed is refused everywhere.

    64 hexadecimal digits           the file of a hub that has had one key: its id is 1
    2 64 hexadecimal digits         a line for each, after the first rotation
    1 revoked
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.store.errors import StoreOff
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.certificate_text import seal_certificate
from loyalty.coupon_token import CouponClaims, seal_coupon
from loyalty.sealed_text import KEY_IDS
from storage.whole_file import write_over

SETTING: Final = "coupon_keys"  # public keys by id, JSON; "": revoked. Without it: the file's
FIRST_ID: Final = 1
KEY_BYTES: Final = 32
REVOKED: Final = "revoked"
CERTIFICATES_KEPT: Final = 4_096  # texts: each of two hundred tills asks every hour for the twenty that it has already


class BadCouponKeys(StoreOff):
    """What was asked of the keys cannot be done; the text says why and what helps."""


class CouponSigner(NamedTuple):
    key_id: int
    sign: Callable[[bytes], bytes]

    def coupon(self, claims: CouponClaims) -> str:
        return seal_coupon(claims, self.key_id, self.sign)

    def certificate(self, number: str, programme: str) -> str:
        return _certificate(number, programme, self.key_id, self.sign)


class CouponKeys:
    """The private keys of this hub by id; None: revoked. `path`: their file, which a command may have written anew
    since it was read."""

    def __init__(self, kept: Mapping[int, bytes | None], path: Path | None = None) -> None:
        self.kept = dict(kept)
        self.path = path

    def look(self) -> None:
        """Into the file once more."""
        if self.path is not None:
            self.kept = read_coupon_keys(self.path.read_text(encoding="ascii"))

    def keep(self, id: int, key: bytes | None) -> None:
        self.look()
        kept = self.kept | {id: key}
        if self.path is not None:
            write_over(self.path, coupon_keys_text(kept).encode())
        self.kept = kept


def read_coupon_keys(text: str) -> dict[int, bytes | None]:
    """Raises ValueError for what is no file of keys."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and len(lines[0]) == 1:
        lines[0].insert(0, str(FIRST_ID))
    kept: dict[int, bytes | None] = {}
    for id, key in lines:
        kept[int(id)] = None if key == REVOKED else bytes.fromhex(key)
    wrong = [id for id, key in kept.items() if id not in KEY_IDS or (key is not None and len(key) != KEY_BYTES)]
    if wrong or not kept or len(kept) != len(lines):
        raise ValueError("a key has 64 hexadecimal digits and an id of its own")
    return kept


def coupon_keys_text(kept: Mapping[int, bytes | None]) -> str:
    only = kept.get(FIRST_ID) if len(kept) == 1 else None
    if only is not None:
        return only.hex() + "\n"
    return "".join(f"{id} {REVOKED if key is None else key.hex()}\n" for id, key in sorted(kept.items()))


def told_coupon_keys(reader: Reader, keys: CouponKeys) -> dict[int, bytes]:
    """The public keys that verify, by id. A ledger put back from a copy may know less than the file does: a key that
    either has holds, and one that either says is revoked does not."""
    return {id: key for id, key in _all(reader, keys).items() if key is not None}


def coupon_signer(reader: Reader, keys: CouponKeys) -> CouponSigner:
    """The newest key that tills are told of and that this hub has. Raises BadCouponKeys."""
    published = _published(reader) or {FIRST_ID: None}
    if any(key and id not in keys.kept for id, key in published.items()):
        keys.look()
    here = [id for id in told_coupon_keys(reader, keys) if keys.kept.get(id) is not None]
    if not here:
        raise BadCouponKeys(
            f"None of the keys that coupons are signed with now is in {keys.path}. Copy the file coupons.key from the"
            " hub that has it."
        )
    id = max(here, key=lambda id: (id in published, id))
    private = keys.kept[id]
    assert private is not None
    return CouponSigner(id, _private(private).sign)


def add_coupon_key(reader: Reader, keys: CouponKeys, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> int:
    """Another private key in the file; its id. It signs nothing before the ledger tells it. Raises BadCouponKeys."""
    keys.look()
    id = max(_all(reader, keys)) + 1
    if id not in KEY_IDS:
        raise BadCouponKeys(f"All {len(KEY_IDS)} ids of keys are used up.")
    keys.keep(id, random_bytes(KEY_BYTES))
    return id


def publish_coupon_keys(writer: Writer, keys: CouponKeys) -> None:
    """All hubs of the ledger tell tills those of the file from now on, and the newest signs."""
    _publish(writer, _all(writer, keys))


def revoke_coupons(writer: Writer, keys: CouponKeys, id: int) -> None:
    """What it signed is refused by every till from its next contact on. The ledger first: all its hubs go by that.
    Raises BadCouponKeys."""
    keys.look()
    known = _all(writer, keys)
    if known.get(id) is None:
        valid = ", ".join(str(one) for one, key in sorted(known.items()) if key is not None)
        raise BadCouponKeys(f"Key {id} is none of those that hold: {valid}.")
    if all(key is None for one, key in known.items() if one != id):
        raise BadCouponKeys(f"Key {id} is the only one: `pos-hub key rotate-coupons` first makes another.")
    _publish(writer, known | {id: None})


def erase_revoked(reader: Reader, keys: CouponKeys) -> None:
    """In the file too: what the ledger says is revoked signs nothing any more."""
    for id, key in _published(reader).items():
        if key is None and (keys.kept.get(id) is not None or id not in keys.kept):
            keys.keep(id, None)


def coupon_keys_said(reader: Reader, keys: CouponKeys) -> list[tuple[int, str]]:
    """Each key's id with what it is, for the office."""
    known, signs = _all(reader, keys), coupon_signer(reader, keys).key_id
    return [(id, "revoked" if known[id] is None else "signs" if id == signs else "holds") for id in sorted(known)]


def _all(reader: Reader, keys: CouponKeys) -> dict[int, bytes | None]:
    """Public keys; None: revoked."""
    here = {id: None if key is None else _public_half(key) for id, key in keys.kept.items()}
    published = _published(reader)
    gone = [id for known in (here, published) for id, key in known.items() if key is None]
    return here | published | dict.fromkeys(gone)


def _published(reader: Reader) -> dict[int, bytes | None]:
    """By the ledger."""
    said = reader.setting(SETTING)
    return {int(id): bytes.fromhex(key) or None for id, key in json.loads(said).items()} if said else {}


def _publish(writer: Writer, known: Mapping[int, bytes | None]) -> None:
    said = {str(id): (key or b"").hex() for id, key in sorted(known.items())}
    writer.write(Rows(settings={SETTING: json.dumps(said)}))


@lru_cache(maxsize=CERTIFICATES_KEPT)
def _certificate(number: str, programme: str, key_id: int, sign: Callable[[bytes], bytes]) -> str:
    return seal_certificate(number, programme, key_id, sign)


@lru_cache(maxsize=64)
def _private(key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key)


@lru_cache(maxsize=64)
def _public_half(key: bytes) -> bytes:
    return _private(key).public_key().public_bytes_raw()
