"""Under which generation the till's file works, by whose word, and what the hub said of it last.

A file that is new works under none until the hub leases it one. Where somebody buys before there is a hub, the moment
itself is its generation: far above all that hubs lease, so that nobody's is taken.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final

import msgspec

from storage import engine
from storage.sqlite_file import FileDamaged, SqliteFile

FORKED: Final = "forked"  # why a file is stopped: another has worked under its id and generation
NOT_YET: Final = 0  # the generation of a file that has done nothing
FIRST: Final = 1  # of a till's first file, where nobody leases any
PROVISIONAL_MAX: Final = 2**31 - 2**20  # operations know no more than 2**31, and a hub goes on counting behind it


class Bond(msgspec.Struct, frozen=True, kw_only=True):
    """What a lease binds together: the ledger, the till's public key, the machine."""

    ledger: str
    key: str
    machine: str


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """The hub said that this file works under this generation."""

    generation: int
    bond: Bond


class Leases:
    """As the file says. What every command asks is looked up in memory. `file_id`: by which the hub tells this file
    from another of the same till; `stopped`: the hub's word that another file or another machine speaks for the till,
    "" when there is none; `epoch`: of the ledger, as it was told last."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql
        self.file_id = ""
        self.generation = NOT_YET
        self.lease: Lease | None = None
        self.stopped = ""
        self.epoch = ""

    @property
    def machine(self) -> str:
        """On which the file was leased; "" before."""
        return self.lease.bond.machine if self.lease is not None else ""

    def read(self, connection: engine.Connection, otherwise: int) -> None:
        """`otherwise`: the generation of a file that says none. Raises FileDamaged."""
        self.file_id = self._sql.setting(connection, name="file_id") or self._new_file_id(connection)
        kept = self._sql.setting(connection, name="generation")
        self.generation = _generation(kept) if kept is not None else otherwise
        if kept is None and otherwise != NOT_YET:
            self._sql.set_setting(connection, name="generation", value=str(otherwise))
        lease = self._sql.setting(connection, name="lease")
        self.lease = _lease(lease) if lease else None
        self.stopped = self._sql.setting(connection, name="stopped") or ""
        self.epoch = self._sql.setting(connection, name="epoch") or ""

    def working(self, connection: engine.Connection, at: datetime) -> int:
        """Inside the caller's transaction: under which generation something is recorded now."""
        kept = self._sql.setting(connection, name="generation")
        if kept is not None and int(kept) != NOT_YET:
            return int(kept)
        provisional = min(max(FIRST, int(at.timestamp())), PROVISIONAL_MAX)
        self._sql.set_setting(connection, name="generation", value=str(provisional))
        return provisional

    def keep(self, lease: Lease, *, asked: int) -> bool:
        """`asked`: the generation that the hub was told when it was asked. False: since then somebody bought, under
        another; it is to be asked anew."""
        with self._file.transaction() as connection:
            if not self.still_works_under(connection, asked):
                return False
            self.write(connection, lease)
        self.now(lease)
        return True

    def still_works_under(self, connection: engine.Connection, asked: int) -> bool:
        """Inside the caller's transaction."""
        working = int(self._sql.setting(connection, name="generation") or NOT_YET)
        if working != asked:
            self.generation = working  # a commit that was said to have failed may have begun it
        return working == asked

    def rebind(self, bond: Bond) -> None:
        """The same till has another key."""
        if self.lease is None or self.stopped:
            return
        lease = msgspec.structs.replace(self.lease, bond=bond)
        with self._file.transaction() as connection:
            self.write(connection, lease)
        self.now(lease)

    def write(self, connection: engine.Connection, lease: Lease) -> None:
        """Inside the caller's transaction; when it has ended, the caller says `now`."""
        if lease.bond.machine != self.machine:
            self._forget_numbers(connection)
        self._sql.set_setting(connection, name="generation", value=str(lease.generation))
        self._sql.set_setting(connection, name="lease", value=msgspec.json.encode(lease).decode())
        self._sql.set_setting(connection, name="stopped", value="")

    def now(self, lease: Lease) -> None:
        self.generation, self.lease, self.stopped = lease.generation, lease, ""

    def stop(self, why: str) -> None:
        """Until a lease is kept."""
        if why == self.stopped:
            return
        with self._file.transaction() as connection:
            self._sql.set_setting(connection, name="stopped", value=why)
        self.stopped = why

    def fork(self) -> None:
        """Another file has worked as this one, most likely a copy of the whole disk. From now on this is a file with an
        id of its own: what a person grants it, the other does not get."""
        if self.stopped == FORKED:
            return
        with self._file.transaction() as connection:
            made = self._new_file_id(connection)
            self._sql.set_setting(connection, name="stopped", value=FORKED)
        self.file_id, self.stopped = made, FORKED

    def begin_anew(self, connection: engine.Connection) -> None:
        """Inside the caller's transaction, who then says `read`: under no generation, and as a file of its own."""
        self._new_file_id(connection)
        self._sql.set_setting(connection, name="generation", value=str(NOT_YET))
        self._sql.drop_setting(connection, name="lease")

    def _new_file_id(self, connection: engine.Connection) -> str:
        made = secrets.token_hex(16)
        self._sql.set_setting(connection, name="file_id", value=made)
        self._forget_numbers(connection)
        return made

    def _forget_numbers(self, connection: engine.Connection) -> None:
        """Those ahead, of cards and certificates: they are the other file's, or the other machine's, too."""
        self._sql.forget_virtual_numbers(connection)
        self._sql.drop_certificate_numbers(connection)

    def keep_epoch(self, epoch: str) -> None:
        if epoch == self.epoch:
            return
        with self._file.transaction(synced=False) as connection:
            self._sql.set_setting(connection, name="epoch", value=epoch)
        self.epoch = epoch


def _generation(kept: str) -> int:
    if not kept.isascii() or not kept.isdigit():
        raise FileDamaged(f"The till's file names no generation, but {kept!r}.")
    return int(kept)


def _lease(kept: str) -> Lease:
    try:
        return msgspec.json.decode(kept, type=Lease)
    except msgspec.DecodeError as error:
        raise FileDamaged(f"The lease in the till's file cannot be read: {error}.") from error
