"""What the office does at a server by hand: look at it, make it ready, spread it, empty it of half a move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from hub.store.errors import StoreOff
from hub.store.postgres.checking import Found, check
from hub.store.postgres.connections import Connection, Connections
from hub.store.postgres.distributing import distribute
from hub.store.postgres.distribution import DISTRIBUTED, LOCAL, REFERENCE
from hub.store.postgres.errors import translating
from hub.store.postgres.opening import MIGRATIONS, OPENING_LOCK, schema_version
from hub.store.postgres.reader import OWN_SETTINGS
from hub.store.postgres.store import PostgresStore

MOVING_LOCK: Final = OPENING_LOCK + 1  # an advisory lock: one move at a time goes to a database
TABLES: Final = (*DISTRIBUTED, *sorted(REFERENCE), *sorted(LOCAL))


class Visit:
    """A connection of its own to the server, for as long as somebody is there. Raises StoreOff."""

    def __init__(self, connection: Connection, name: str) -> None:
        self.name = name
        self._connection = connection

    def schema(self) -> int:
        """Its version; 0 when there is none. A table of somebody else where one of ours would stand is refused."""
        with translating(f"Looking into {self.name}"):
            there = self._connection.execute(TABLES_THERE, (list(TABLES),)).fetchall()
            version = schema_version(self._connection) if ("settings",) in there else 0
        if there and not version:
            names = ", ".join(name for (name,) in there)
            raise StoreOff(
                f"{self.name} has tables of another program ({names}). Use a database or a schema of its own."
            )
        return version

    def check(self) -> Iterator[Found]:
        with translating(f"Looking into {self.name}"):
            yield from check(self._connection)
        yield self._found_schema()

    def _found_schema(self) -> Found:
        try:
            version = self.schema()
        except StoreOff as error:
            return Found("schema", "not ours", str(error))
        if version == 0:
            return Found("schema", "none", "Make it: pos-hub database init URL")
        if version < len(MIGRATIONS):
            return Found(
                "schema", f"{version}, of {len(MIGRATIONS)}", "Bring it up to date: pos-hub database migrate URL"
            )
        helps = "A newer pos-agent made it: use that one." if version > len(MIGRATIONS) else None
        return Found("schema", str(version), helps)

    def distribute(self) -> Iterator[str]:
        with translating(f"Spreading {self.name}"):
            yield from distribute(self._connection, self.name)

    def move_alone(self) -> None:
        """Nobody else moves a ledger here until the visit ends."""
        with translating(f"Reaching {self.name}"):
            row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (MOVING_LOCK,)).fetchone()
        if row is None or not row[0]:
            raise StoreOff(f"A ledger is just being moved to {self.name}. Wait until that has ended.")


TABLES_THERE: Final = """
SELECT relname::text FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relname = ANY(%s)
ORDER BY relname
"""


@contextmanager
def visiting(url: str) -> Iterator[Visit]:
    connections = Connections(url, _take_time)
    connection = connections.opened()
    try:
        yield Visit(connection, connections.name)
    finally:
        connection.close()


def _take_time(connection: psycopg.Connection[Any]) -> None:
    """No till waits for this."""
    connection.execute("SET statement_timeout = 0; SET lock_timeout = '60s'")


class Arrivals(PostgresStore):
    """A ledger that another is moved into."""

    def empty(self) -> None:
        """All rows go, and the ledger's settings."""
        with self.writing() as writer:
            writer.empty([table for table in TABLES if table != "settings"], sorted(OWN_SETTINGS))
