"""`pos-hub till settings …`: what the office says of the settings of a store's tills."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from hub.build import settings_file, wrong_name, wrong_setting
from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import by_option, who_is_here
from hub.commands.tills import json_option, opened, till
from hub.hub import Hub
from hub.stores import STORE_LETTERS_MAX
from hub.tills.settings import ALL_STORES, Value, said_everywhere, said_to, say, unsaid
from loyalty.possible import is_text
from sync.protocol import ToldSetting

Command = Callable[..., None]
BY_LETTERS_MAX: Final = 60  # a till tells whoever stands there who said it (sync/protocol.py)


@till.group()
def settings() -> None:
    """Settings that the office says for all tills of a store, or of the chain (`--store '*'`).

    None of them holds by itself: each till keeps them as a proposal, and says so; `pos-agent settings` shows there what
    would change, and `pos-agent settings accept` makes it hold at the till's next start, over its own file. A store's
    word goes before the chain's.
    """


def _store(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_text(value, STORE_LETTERS_MAX):
        raise click.BadParameter(f"a store's id has 1 to {STORE_LETTERS_MAX} letters; '*' means all stores")
    return value


def store_option(*, required: bool) -> Callable[[Command], Command]:
    return click.option("--store", required=required, callback=_store, help="The store's id; '*': all stores.")


@settings.command()
@ledger_option
@store_option(required=False)
@json_option
def show(ledger: Path | str, store: str | None, as_json: bool) -> None:
    """What a store's tills are told, and who said it when; without --store, all that was said."""
    with opened(ledger) as hub, hub.store.reading() as reader:
        said = list(said_to(reader, store) if store is not None else said_everywhere(reader))
    for one in said:
        click.echo(msgspec.json.encode(one).decode() if as_json else _line(one))
    if not said and not as_json:
        click.echo("Nothing is said: every till goes by its own file.")


@settings.command(name="set")
@ledger_option
@store_option(required=True)
@click.argument("said", nargs=-1, metavar="NAME=VALUE…")
@click.option(
    "--file", type=click.Path(path_type=Path, dir_okay=False), help="The same lines as in a till's settings file."
)
@by_option
@json_option
def set_command(
    ledger: Path | str, store: str, said: tuple[str, ...], file: Path | None, by: str | None, as_json: bool
) -> None:
    """Say what settings shall be. All of it is said, or, where something is wrong, nothing.

    \b
    pos-hub till settings set --store omsk-7 idle_minutes=10 language=ru
    pos-hub till settings set --store '*' --file settings.toml
    """
    values = (_in_file(file) if file is not None else {}) | dict(map(_named, said))
    if not values:
        raise click.UsageError("Say NAME=VALUE, or give --file.")
    _check([wrong_setting(name, value) for name, value in values.items()])
    _say(ledger, store, values, by)
    _tell(store, values, as_json)


@settings.command()
@ledger_option
@store_option(required=True)
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@by_option
@json_option
def unset(ledger: Path | str, store: str, names: tuple[str, ...], by: str | None, as_json: bool) -> None:
    """Say nothing more of settings: where they were accepted, tills propose to go back to their own files, or to what
    is said to all stores."""
    _check([wrong_name(name) for name in names])
    with opened(ledger) as hub, hub.store.reading() as reader:
        if nothing := unsaid(reader, store, names):
            raise click.ClickException(
                f"Of {', '.join(nothing)} nothing is said to {_whom(store)}. `pos-hub till settings show` has all."
            )
    values = dict.fromkeys(names)
    _say(ledger, store, values, by)
    _tell(store, values, as_json)


def _named(said: str) -> tuple[str, Any]:
    name, sign, value = said.partition("=")
    if not sign:
        raise click.UsageError(f"{said!r} says no value: write it like idle_minutes=10.")
    return name.strip(), _value(value.strip())


def _value(text: str) -> Any:
    """As it stands in a settings file; a word may stand without quotes."""
    try:
        read = tomllib.loads(f"value = {text}")
    except ValueError:
        return text
    return read["value"] if read.keys() == {"value"} else text


def _in_file(file: Path) -> dict[str, Any]:
    try:
        return settings_file(file)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}. Nothing is said.") from error
    except ValueError as error:
        raise click.ClickException(f"{error}. Nothing is said.") from error


def _check(wrong: Sequence[str | None]) -> None:
    """Raises click.ClickException with all that is wrong."""
    if told := [one for one in wrong if one is not None]:
        raise click.ClickException("\n".join(f"{one}." for one in told) + "\nNothing is said.")


def _say(ledger: Path | str, store: str, values: Mapping[str, Value | None], by: str | None) -> None:
    who = by or who_is_here()
    if not is_text(who, BY_LETTERS_MAX):
        raise click.BadParameter(f"a name has 1 to {BY_LETTERS_MAX} letters, and no control characters")
    with opened(ledger) as hub:
        hub.within(lambda writer: say(writer, store, values, by=who, now=hub.now()))
        if store != ALL_STORES and not _is_listed(hub, store):
            click.echo(f"No store {store} is listed: tills are told whose settings name it so.", err=True)


def _is_listed(hub: Hub, store: str) -> bool:
    with hub.store.reading() as reader:
        return store in reader.named_stores([store])


def _tell(store: str, values: Mapping[str, Value | None], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"store": store, "settings": values}, ensure_ascii=False))
        return
    for name, value in values.items():
        click.echo(f"{name}: nothing is said any more" if value is None else f"{name} = {_shown(value)}")
    click.echo(f"Said to {_whom(store)}: `pos-agent settings` shows it there, `pos-agent settings accept` takes it.")


def _whom(store: str) -> str:
    return "all tills" if store == ALL_STORES else f"the tills of store {store}"


def _line(one: ToldSetting) -> str:
    whom = "all stores" if one.store == ALL_STORES else f"store {one.store}"
    return f"{one.name} = {_shown(one.value)}  {whom}, said by {one.by}, {one.at[:16].replace('T', ' ')} UTC"


def _shown(value: Value) -> str:
    """As it stands in a settings file."""
    return json.dumps(value, ensure_ascii=False)
