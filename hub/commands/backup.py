"""`pos-hub backup` and `pos-hub restore`: a copy of the ledger's file, and the ledger as a copy has it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from hub.commands.keys import keys_of
from hub.commands.ledger_option import ledger_option
from hub.covering import cover
from hub.epochs import OWN_GENERATION, generation_in, next_life
from hub.store.records import ChainEnd
from hub.store.sqlite.put_back import set_in_copy
from hub.store.sqlite.store import ROOM, SqliteStore, lock_of
from storage import engine
from storage.copying import copy_whole, put_in_place
from storage.lock import hold
from storage.remembered import forget
from storage.sqlite_file import FileError
from storage.unserved import check_log_left

ENDS = "SELECT chain, generation, sequence, last_hash FROM chains ORDER BY chain, generation"
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@ledger_option
@click.argument("file", type=FILE)
def backup(ledger: Path | str, file: Path) -> None:
    """Copy the ledger to FILE, also while the hub serves tills.

    FILE must not exist yet. It is one moment of the ledger, whole and checked; what is told to tills after that moment
    is not in it. Keep it on another machine. Tills hear how far it goes, and need not keep what it has for longer than
    goods come back: put the newest copy back, and no older one.
    """
    path = _file_of(ledger)
    if not path.exists():
        raise click.ClickException(f"There is no ledger at {path}.")
    back_up(path, file)
    click.echo(f"{path} was copied to {file}, whole: {_operations(file)} operations.")
    click.echo(
        f"Its keys are not in the copy: they lie in {keys_of(path)}. `pos-hub key copy FOLDER` copies them, once."
    )


@click.command()
@ledger_option
@click.argument("file", type=FILE)
def restore(ledger: Path | str, file: Path) -> None:
    """Put the copy in FILE in the ledger's place, with the hub stopped.

    FILE must be a whole ledger, as `pos-hub backup` makes it; it stays as it is. What lies in the ledger's place now is
    kept beside it, with its log, under another name. Tills notice, and send again what the copy does not have.
    """
    path = _file_of(ledger)
    if not file.exists():
        raise click.ClickException(f"There is no file {file}.")
    if path.exists() and path.samefile(file):
        raise click.ClickException(f"{file} is the ledger itself.")
    if not path.parent.is_dir():
        raise click.ClickException(f"There is no folder {path.parent}.")
    kept = put_back(path, file, datetime.now(UTC))
    click.echo(f"{path} is {file} now: {_operations(path)} operations.")
    if kept is not None:
        click.echo(f"What was there is kept, all of it: {kept}. Keep it until every till is online again.")
    click.echo(
        "Tills send again what this copy does not have, and read its members anew: start the hub, and wait"
        " until they are online. What needs a person is a case then: `pos-hub cases list --open`. What the office did"
        " after the copy was made is to be done again."
    )


def back_up(path: Path, file: Path) -> None:
    """Raises FileError."""
    check_log_left(path, lock_of(path))
    copy_whole(path, file, ROOM)
    _note(path, file)


def put_back(path: Path, file: Path, now: datetime) -> Path | None:
    """Where is kept what was there, if anything. Raises FileError."""
    with hold(lock_of(path), "hub", path):
        path = path.resolve() if path.is_symlink() else path  # where it leads, there SQLite keeps the log
        copy = path.with_name(path.name + ".restoring")
        copy.unlink(missing_ok=True)  # of a restore that was cut short: nobody else is here
        try:
            copy_whole(file, copy, ROOM)
        except FileError as error:
            raise FileError(f"{file} is not put in the place of {path}. {error}") from error
        set_in_copy(copy, partial(_next_life, now=now))
        kept = put_in_place(copy, path)
        forget(path)
    return kept


def _next_life(settings: Mapping[str, str], *, now: datetime) -> Mapping[str, str]:
    return next_life(generation_in(settings.get(OWN_GENERATION)), now)


def _file_of(ledger: Path | str) -> Path:
    if isinstance(ledger, Path):
        return ledger
    raise click.ClickException(
        "A ledger in PostgreSQL is copied and restored by its own tools: pg_dump -Fc and pg_restore, or pg_basebackup"
        " and an archive of its WAL, and is told of it by `pos-hub database restored`. See Backups in docs/scaling.md."
    )


def _note(path: Path, copy: Path) -> None:
    """In the ledger: how far the copy goes."""
    with closing(engine.connect(copy, "alone")) as connection:
        ends = [ChainEnd._make(row) for row in connection.execute(ENDS)]
    store = SqliteStore(path, serving=False)
    try:
        cover(store, ends)
    finally:
        store.close()


def _operations(copy: Path) -> int:
    with closing(engine.connect(copy, "alone")) as connection:
        return int(connection.execute("SELECT count(*) FROM operations").fetchone()[0])
