"""With what the till hashes a spoken phone: keys of the hub's, in memory, and on the disk only sealed.

Beside the hashes a plain key would be worth every phone of the chain (SEC4): a country has 10^9 numbers. What seals
them lies elsewhere (pos_agent/sealing.py). While the hub rotates its key, members are told anew one by one, and the key
of before is good for those of whom this till has not heard yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

from storage import engine

SEALED: Final = "phone_keys"  # a setting
PLAIN: Final = "phone_hash_key"  # the setting of before
KEYS_MAX: Final = 3  # the hub rotates after a theft: hardly ever, and never thrice before a till has heard of it


class Seal(Protocol):
    def seal(self, plain: bytes) -> bytes: ...

    def unseal(self, sealed: bytes) -> bytes | None:
        """None where this seal did not make it."""
        ...


class PhoneKeys:
    """`keys`: the newest first; none before the first page, or where nothing opens what is on the disk."""

    def __init__(self, seal: Seal | None) -> None:
        self._seal = seal
        self.keys: tuple[bytes, ...] = ()

    def look(self, sql: Any, connection: engine.Connection) -> bool:
        """What the file has of them. Whether a plain key was in it, which is sealed or gone by now: it may still stand
        between the rows."""
        plain = sql.setting(connection, name=PLAIN)
        if plain is not None:
            sql.drop_setting(connection, name=PLAIN)
            self.keys = (bytes.fromhex(plain),)
            self.keep(sql, connection, self.keys)
            return True
        sealed = sql.setting(connection, name=SEALED)
        opened = self._seal.unseal(bytes.fromhex(sealed)) if sealed and self._seal else None
        self.keys = tuple(map(bytes.fromhex, opened.decode().split())) if opened else ()
        return False

    def keep(self, sql: Any, connection: engine.Connection, keys: Sequence[bytes]) -> None:
        """Inside the caller's transaction; they are `keys` once it has committed."""
        if self._seal is not None:
            plain = " ".join(key.hex() for key in keys).encode()
            sql.set_setting(connection, name=SEALED, value=self._seal.seal(plain).hex())

    def forget(self, sql: Any, connection: engine.Connection) -> None:
        sql.drop_setting(connection, name=SEALED)
        self.keys = ()


def after_page(known: Sequence[bytes], told: bytes, *, all_told: bool) -> tuple[bytes, ...]:
    """Which keys are good after a page of the hub that tells this one. `all_told`: everybody the till knows was told
    under it."""
    return (told,) if all_told else (told, *(key for key in known if key != told))[:KEYS_MAX]
