"""The hub's own keys: beside the ledger and not in it, so that whoever has a copy of the ledger has none of them.

    hub.db.keys/signing.key    who the hub is: tills believe nobody else
    hub.db.keys/phones.key     what phones are hashed with for tills
    hub.db.keys/coupons.key    what coupons are signed with (hub/coupon_keys.py: there may be several)

Each is 64 hexadecimal digits in a file that its owner alone reads. The folder of a ledger in a database is named by
POS_HUB_KEYS: all hubs of it have the same.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.coupon_keys import FIRST_ID, CouponKeys, read_coupon_keys
from storage.whole_file import write_new

NAMES: Final = ("signing", "phones", "coupons")
NEXT: Final = "signing.next.key"
KEY_BYTES: Final = 32
BEFORE: Final[Mapping[str, str]] = {"phones": "phone_master_key", "coupons": "coupon_private_key"}  # settings once


class KeysMissing(Exception):
    """The ledger's keys are not where they are looked for, or are others."""


@dataclass(frozen=True, slots=True)
class Keys:
    signing: bytes
    phones: bytes
    coupons: CouponKeys
    next_signing: bytes | None = None  # tills are told its public key, until the hub goes over to it

    @property
    def signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.signing)

    @property
    def public(self) -> str:
        """By which tills know the hub, hexadecimal."""
        return _public(self.signing)

    @property
    def next_public(self) -> str:
        """ "": the hub goes over to none."""
        return _public(self.next_signing) if self.next_signing is not None else ""


def _public(key: bytes) -> str:
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw().hex()


def new_keys(random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> Keys:
    signing, phones, coupons = (random_bytes(KEY_BYTES) for _ in NAMES)
    return Keys(signing, phones, CouponKeys({FIRST_ID: coupons}))


def folder_of(ledger: Path | str, named: str | None) -> Path:
    """Where a ledger's keys are. `named`: what POS_HUB_KEYS says."""
    if named:
        return Path(named)
    return ledger.with_name(ledger.name + ".keys") if isinstance(ledger, Path) else Path("pos-hub.keys")


def keys_in(folder: Path, known: str | None, before: Mapping[str, str]) -> Keys:
    """The keys that lie there; new ones for a ledger that has none yet. `known`: the public key by which the ledger's
    tills know it; `before`: secrets that the ledger itself held, by their settings. Raises KeysMissing."""
    if known is not None and not folder.is_dir():
        raise KeysMissing(
            f"The keys of this ledger are not in {folder}, and its tills believe no others. Put the folder back from"
            " where you keep it, or name where it is: POS_HUB_KEYS."
        )
    missing = [name for name in NAMES if not (folder / f"{name}.key").exists()]
    if known is not None and missing:
        raise KeysMissing(
            f"In {folder} is no {missing[0]}.key, and the ledger was served with one: tills and coupons go by it. Put"
            " it back from where you keep the keys, or name where they are: POS_HUB_KEYS."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {name: bytes.fromhex(before[kept]) for name, kept in BEFORE.items() if kept in before}
    signing, phones = (_key(folder / f"{name}.key", made.get(name)) for name in ("signing", "phones"))
    keys = Keys(signing, phones, _coupon_keys(folder / "coupons.key", made.get("coupons")))
    if (folder / NEXT).exists():
        keys = replace(keys, next_signing=_key(folder / NEXT, None))
    if known is not None and known == keys.next_public and keys.next_signing is not None:  # it was going over
        end_renewal(folder)
        keys = replace(keys, signing=keys.next_signing, next_signing=None)
    if known is not None and keys.public != known:
        raise KeysMissing(
            f"The keys in {folder} are of another hub: this ledger's tills would not believe it. POS_HUB_KEYS names"
            " the folder of the right ones."
        )
    return keys


def begin_renewal(folder: Path) -> None:
    """A signing key beside the one of now, which tills are told of. Raises FileExistsError."""
    write_new(folder / NEXT, (secrets.token_bytes(KEY_BYTES).hex() + "\n").encode())


def end_renewal(folder: Path) -> None:
    """The next signing key is the one of now; in one step of the file system."""
    os.replace(folder / NEXT, folder / "signing.key")


def _coupon_keys(path: Path, made: bytes | None) -> CouponKeys:
    text = _kept(path, made)
    try:
        keys = CouponKeys(read_coupon_keys(text), path)
    except ValueError as error:
        raise KeysMissing(
            f"{path} is no file of keys: a line for each, its id and 64 hexadecimal digits. Put it back from where you"
            " keep it."
        ) from error
    _check_own(path, keys.kept.get(FIRST_ID) or b"", made)
    return keys


def _key(path: Path, made: bytes | None) -> bytes:
    text = _kept(path, made)
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    _check_own(path, key, made)
    if len(key) != KEY_BYTES:
        raise KeysMissing(f"{path} is no key: 64 hexadecimal digits are one. Put it back from where you keep it.")
    return key


def _kept(path: Path, made: bytes | None) -> str:
    """What the file says; written first where there is none, and never written over."""
    with suppress(FileExistsError):
        write_new(path, ((made or secrets.token_bytes(KEY_BYTES)).hex() + "\n").encode())
    os.chmod(path, 0o600)
    return path.read_text(encoding="ascii", errors="replace")


def _check_own(path: Path, key: bytes, made: bytes | None) -> None:
    if made is not None and key != made:
        raise KeysMissing(
            f"{path} is another hub's key: this ledger still has its own in it. Name a folder of its own: POS_HUB_KEYS."
        )
