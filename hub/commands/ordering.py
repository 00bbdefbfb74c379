"""What every order of the office says besides itself: who gives it, and under which key."""

from __future__ import annotations

import getpass
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.hub import Hub
from hub.people.orders import Done, NotDone, Order
from hub.people.who import NotFound

by_option = click.option("--by", help="Who says so; else whoever is logged in.")


def order_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives the command `ledger`, `order` and `as_json`."""

    @ledger_option
    @click.option("--by", help="Who orders it.  [default: who is logged in here]")
    @click.option("--asked", metavar="KEY", help="The same order under the same key is carried out once.")
    @click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
    @wraps(command)
    def ordered(*, by: str | None, asked: str | None, **others: Any) -> None:
        command(order=Order(by=by or who_is_here(), key=asked), **others)

    return ordered


def who_is_here() -> str:
    """Whoever is logged in. Raises click.ClickException where nobody knows."""
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise click.ClickException("Say who orders it: --by NAME.") from error


@contextmanager
def office(ledger: Path | str) -> Iterator[Hub]:
    """The ledger that is there; what cannot be done is told in a line or a few."""
    hub = open_ledger(ledger)
    try:
        yield hub
    except (NotDone, NotFound) as error:
        raise click.ClickException(str(error)) from error
    finally:
        hub.close()


def tell(done: Done, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(done).decode())
    elif done.before is not None:
        click.echo(f"Done before, {done.before}: {done.words}")
    else:
        click.echo(done.words)


def day(context: click.Context, parameter: click.Parameter, text: str | None) -> date | None:
    """A day of the programme's clock, YYYY-MM-DD."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter("write a day like 2026-12-31") from error


def agreed(words: str, yes: bool) -> None:
    """Ask before what cannot be undone; without a terminal it has to be said by --yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.ClickException(f"{words} This cannot be undone: say --yes.")
    click.confirm(f"{words} This cannot be undone. Do it?", abort=True)


def key_of(*parts: str) -> str:
    """Of an order that brings none: the same order has the same."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def same(text: str) -> str:
    """One spelling of a name or a reason, for a key: an order typed a second time is the same one."""
    return " ".join(text.casefold().split())


def today() -> str:
    return datetime.now(UTC).date().isoformat()
