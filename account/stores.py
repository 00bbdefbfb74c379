"""Which engine keeps the account's database."""

from __future__ import annotations

from pathlib import Path

from account.store.seam import Store


def store_at(where: Path | str) -> Store:
    """A file, or a PostgreSQL by its URL; each engine is imported where it is wanted. Raises StoreOff."""
    if isinstance(where, Path):
        from account.store.sqlite import SqliteStore

        return SqliteStore(where)
    from account.store.postgres import PostgresStore

    return PostgresStore(where)
