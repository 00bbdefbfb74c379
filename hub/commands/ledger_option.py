"""Which ledger a command works on: a file (--db), or a database (--database)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

DEFAULT_DB = Path("hub.db")
DATABASE_FROM = "POS_HUB_DATABASE"  # a process's environment is its owner's; its words are everybody's to read
POSTGRES = ("postgresql://", "postgres://")


def ledger_option(command: Callable[..., None]) -> Callable[..., None]:
    """Gives the command `ledger`: a path, or a URL."""

    @click.option(
        "--db",
        type=click.Path(path_type=Path, dir_okay=False),
        default=DEFAULT_DB,
        show_default=True,
        help="The ledger's file.",
    )
    @click.option(
        "--database",
        metavar="URL",
        envvar=DATABASE_FROM,
        show_envvar=True,
        help="The ledger's database instead: postgresql://user@host/name.",
    )
    @wraps(command)
    def chosen(*, db: Path, database: str | None, **others: Any) -> None:
        by_hand = {name for name in ("db", "database") if _is_by_hand(name)}
        if len(by_hand) == 2:
            raise click.UsageError("A ledger is in a file or in a database: give --db or --database.")
        ledger = checked_url(database) if database and "db" not in by_hand else db
        command(ledger=ledger, **others)

    return chosen


def _is_by_hand(name: str) -> bool:
    """Not from the environment, which may be set for all commands."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def checked_url(url: str) -> str:
    """Whatever else it may be, it is not repeated: there may be a password in it."""
    if not url.startswith(POSTGRES):
        raise click.UsageError("A database is named by a URL: postgresql://user@host/name.")
    return url
