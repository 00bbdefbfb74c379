"""What a thief gets out of a till's folder: `python -m benchmarks.thief FOLDER --mine +79161234567 [--keys FOLDER]`.

A till keeps a short keyed hash of each member's phone. Whoever finds the key in the folder has every phone of the
country in minutes; so every 32 bytes that stand anywhere in it, as they are, in hexadecimal or in base64, are tried as
the key. The thief is a member himself (`--mine`): the right key is the one under which his own phone is known there.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, NamedTuple

from loyalty.phones import phone_key
from offline_cache.phone_keys import SEALED
from pos_agent.keys import SEALING
from pos_agent.parts import PHONE_KEYS
from pos_agent.sealing import Sealing
from storage import engine

KEY_BYTES: Final = 32
HEX: Final = re.compile(rb"(?=([0-9A-Fa-f]{64}))")
BASE64: Final = re.compile(rb"(?=([A-Za-z0-9+/_-]{43}))")
PREFIX: Final = "+7916"  # one operator's, of ten million numbers
NUMBERS_MAX: Final = 10_000_000


class Loot(NamedTuple):
    """`tried`: how many keys; `found`: of how many phones so many were a member's, under the right one; `took_s`."""

    tried: int
    key: bytes | None
    phones: int = 0
    found: int = 0
    took_s: float = 0.0


def steal(folder: Path, mine: str, phones: Iterable[str], keys: Path | None = None) -> Loot:
    known = hashes_in(folder)
    assert known, "a till without phones proves nothing"
    tried = 0
    for key in (*sealed_keys(folder, keys), *candidates(folder)) if keys else candidates(folder):
        tried += 1
        if phone_key(key, mine) in known:
            return _sweep(key, phones, known, tried)
    return Loot(tried, None)


def _sweep(key: bytes, phones: Iterable[str], known: frozenset[bytes], tried: int) -> Loot:
    begun_s, count, found = time.perf_counter(), 0, 0
    for phone in phones:
        count += 1
        found += phone_key(key, phone) in known
    return Loot(tried, key, count, found, time.perf_counter() - begun_s)


def hashes_in(folder: Path) -> frozenset[bytes]:
    with closing(_looking(folder)) as connection:
        rows = connection.execute("SELECT phone_key FROM members WHERE phone_key IS NOT NULL").fetchall()
    return frozenset(key for (key,) in rows)


def candidates(folder: Path) -> Iterator[bytes]:
    """Whatever could be a key, each once."""
    seen: set[bytes] = set()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        lying = path.read_bytes()
        for key in (*_plain(lying), *_written(lying)):
            if key not in seen:
                seen.add(key)
                yield key


def _plain(lying: bytes) -> Iterator[bytes]:
    return (lying[at : at + KEY_BYTES] for at in range(len(lying) - KEY_BYTES + 1))


def _written(lying: bytes) -> Iterator[bytes]:
    yield from (bytes.fromhex(digits.group(1).decode()) for digits in HEX.finditer(lying))
    for letters in BASE64.finditer(lying):
        with suppress(binascii.Error):
            yield base64.b64decode(letters.group(1) + b"=", altchars=b"-_" if b"-" in letters.group(1) else None)


def sealed_keys(folder: Path, keys: Path) -> Iterator[bytes]:
    """Whoever has both folders opens the seal as the till does."""
    seal = Sealing(bytes.fromhex((keys / SEALING).read_text(encoding="ascii").strip()), PHONE_KEYS)
    with closing(_looking(folder)) as connection:
        ((sealed,),) = connection.execute("SELECT value FROM settings WHERE name = ?", (SEALED,))
    opened = seal.unseal(bytes.fromhex(sealed)) or b""
    return (bytes.fromhex(key) for key in opened.decode().split())


def _looking(folder: Path) -> engine.Connection:
    return engine.connect(folder / "till.db", "ro")


def numbers(count: int, prefix: str = PREFIX) -> Iterator[str]:
    """Of one operator, from its first on."""
    return (f"{prefix}{number:07}" for number in range(count))


def main() -> None:
    parser = argparse.ArgumentParser(description="What a thief gets out of a till's folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mine", required=True, help="a phone that this till knows")
    parser.add_argument("--keys", type=Path, help="the folder of keys, stolen too")
    parser.add_argument("--phones", type=int, default=NUMBERS_MAX)
    asked = parser.parse_args()
    loot = steal(asked.folder, asked.mine, numbers(asked.phones), asked.keys)
    if loot.key is None:
        print(f"no key among {loot.tried} strings: nobody's phone")
    else:
        rate = round(loot.phones / loot.took_s)
        print(f"the key: {loot.found} members by {loot.phones} phones, {rate} a second")


if __name__ == "__main__":
    main()
