"""`pos-hub till …`: which tills may speak to the hub."""

from __future__ import annotations

import csv
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from hub.books.told import TILL_NAME
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.ordering import by_option, who_is_here
from hub.hub import Hub
from hub.store.seam import Reader, Writer
from hub.stores import STORE_LETTERS_MAX
from hub.tills.joining import found, invite, revoke, want_key
from hub.tills.leasing import confirm as file_confirmed
from hub.tills.sealing import sealed
from hub.tills.till import JOIN_MINUTES, SEALED_DAYS_MAX, Invitation, Till, till_of
from loyalty.operation import OWN_CHAINS
from loyalty.possible import is_text
from storage.whole_file import write_new
from sync.joining import ALPHABET, CODE_LETTERS, secret_of
from sync.sealed import SUFFIX

json_option = click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
WHY_LETTERS_MAX: Final = 200
NAMES: Final = "a till is called by small letters, digits and dashes, at most 32 (not `hub`, `office` or `account`)"


@click.group()
def till() -> None:
    """The chain's tills: which of them may speak to the hub.

    Whatever no joined till has signed has no effect on the ledger. A till is invited here (`add`), and joins with the
    code at its own machine.
    """


def is_till_name(name: str) -> bool:
    return TILL_NAME.fullmatch(name) is not None and name not in OWN_CHAINS


def _name(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_till_name(value):
        raise click.BadParameter(NAMES)
    return value


def name_argument(command: Any) -> Any:
    return click.argument("name", callback=_name)(command)


@contextmanager
def opened(ledger: Path | str) -> Iterator[Hub]:
    hub = open_ledger(ledger)
    try:
        yield hub
    finally:
        hub.close()


@till.command()
@ledger_option
@click.argument("name", required=False, callback=_name)
@click.option("--store", help="Where it stands: the id of a store.")
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Many tills: columns till, store.")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Where their files go.")
@click.option("--url", help="Where those tills find the hub, as in their settings.")
@click.option("--days", type=click.IntRange(1, SEALED_DAYS_MAX), default=7, show_default=True, help="Files are good.")
@by_option
@json_option
def add(ledger: Path | str, name: str | None, store: str | None, by: str | None, as_json: bool, **many: Any) -> None:
    """Invite a till: prints a code to be typed there within minutes (`pos-agent join CODE`).

    A till that is known is invited anew: what it has goes on to be heard until it has joined with the new code.

    With --csv, --to and --url many are invited at once: each gets a file NAME.join, which is carried to its machine,
    into the data folder, and is good once: the till joins by it at its first start, and removes it. Whoever has the
    file before can join in the till's place: carry it as keys are carried.

    \b
    pos-hub till add till-1 --store omsk-7
    pos-hub till add --csv tills.csv --to usb --url http://hub.example:8070
    """
    if many["file"] is not None:
        _add_many(ledger, by or who_is_here(), **many)
    elif name is None:
        raise click.UsageError("Name the till, or give --csv.")
    else:
        _add_one(ledger, name, store, by or who_is_here(), as_json=as_json)


def _add_one(ledger: Path | str, name: str, store: str | None, by: str, *, as_json: bool) -> None:
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    secret = secret_of(code, name)
    with opened(ledger) as hub:
        new_store = store is not None and not _is_known(hub, store)
        hub.within(lambda writer: invite(writer, name, secret, hub.now(), store=store, by=by))
    shown = f"{code[: CODE_LETTERS // 2]}-{code[CODE_LETTERS // 2 :]}"
    if as_json:
        click.echo(json.dumps({"till": name, "code": shown, "minutes": JOIN_MINUTES}))
        return
    if new_store:
        click.echo(f"No store {store} is listed: its tills are told of all members. `pos-hub store add` lists it.")
    click.echo(f"At till {name}, within {JOIN_MINUTES} minutes: pos-agent join {shown}")


def _add_many(ledger: Path | str, by: str, *, file: Path, folder: Path | None, url: str | None, days: int) -> None:
    if folder is None or not url:
        raise click.UsageError("--csv needs --to FOLDER and --url URL.")
    rows = _rows_of(file)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with opened(ledger) as hub:
        new_stores = sorted({store for _, store in rows if store and not _is_known(hub, store)})
        for name, store in rows:
            carried = sealed(hub, name, store, url=url, by=by, lasts=timedelta(days=days))
            _put(folder / f"{name}{SUFFIX}", carried)
    if new_stores:
        click.echo(f"Not listed, so their tills are told of all members: stores {', '.join(new_stores)}.")
    click.echo(f"{len(rows)} files in {folder}, good for {days} days, each once: pos-agent join NAME{SUFFIX}")


def _put(path: Path, content: bytes) -> None:
    """In the place of one of before, whose code is none any more."""
    path.unlink(missing_ok=True)
    write_new(path, content)


def _rows_of(file: Path) -> list[tuple[str, str]]:
    """Name and store of each till; none is invited where one row is bad."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = [(row.get("till") or "", row.get("store") or "") for row in csv.DictReader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file} cannot be read: {error}.") from error
    for line, (name, store) in enumerate(rows, start=2):
        if not is_till_name(name) or (store and not is_text(store, STORE_LETTERS_MAX)):
            raise click.ClickException(
                f"{file}, line {line}: till {name!r}, store {store!r}: {NAMES}. Nobody is invited."
            )
    if not rows or len({name for name, _ in rows}) < len(rows):
        raise click.ClickException(f"{file} names no till, or one of them twice. Nobody is invited.")
    return rows


def tills_of(reader: Reader) -> list[Till]:
    """All that speak with a key, by their names: the account too."""
    return sorted((till_of(row) for row in reader.all_tills()), key=lambda one: one.till)


def _is_known(hub: Hub, store: str) -> bool:
    with hub.store.reading() as reader:
        return store in reader.named_stores([store])


@till.command(name="list")
@ledger_option
@json_option
def list_command(ledger: Path | str, as_json: bool) -> None:
    """List tills: whether they have joined, where they stand, when they were last heard."""
    with opened(ledger) as hub, hub.store.reading() as reader:
        tills = [one for one in tills_of(reader) if one.till not in OWN_CHAINS]
    for one in tills:
        click.echo(json.dumps(_fields(one), ensure_ascii=False) if as_json else _line(one))
    if not tills and not as_json:
        click.echo("There are none: nobody is heard. `pos-hub till add` invites one.")


@till.command()
@ledger_option
@name_argument
@json_option
def show(ledger: Path | str, name: str, as_json: bool) -> None:
    """All that is known of a till, but for keys and codes."""
    with opened(ledger) as hub, hub.store.reading() as reader:
        one = found(reader, name)
    if one is None:
        raise unknown_till(name)
    if as_json:
        click.echo(json.dumps(_fields(one), ensure_ascii=False))
        return
    for label, value in _fields(one).items():
        if value not in (None, ""):
            click.echo(f"{label.replace('_', ' ')}: {value}")


@till.command(name="revoke")
@ledger_option
@name_argument
@click.option("--why", required=True, help="Stolen, sold, …: it is kept, and told to nobody else.")
@by_option
def revoke_command(ledger: Path | str, name: str, why: str, by: str | None) -> None:
    """Hear a till no more, from some seconds from now on. What it has told is kept; `add` invites it anew."""
    with opened(ledger) as hub:

        def work(writer: Writer) -> Till | None:
            return revoke(writer, name, hub.now(), by=by or who_is_here(), why=why[:WHY_LETTERS_MAX])

        if hub.within(work) is None:
            raise unknown_till(name)
    click.echo(f"Nothing that till {name} says is heard any more.")


@till.command()
@ledger_option
@name_argument
def rotate(ledger: Path | str, name: str) -> None:
    """Have a till make a new key at its next exchange, without a person there. The old one holds until the new one is
    heard."""
    with opened(ledger) as hub:
        if hub.within(lambda writer: want_key(writer, name)) is None:
            raise click.ClickException(f"No till {name} has joined. `pos-hub till list` has them all.")
    click.echo(f"Till {name} makes a new key when it next asks for what is new; `pos-hub till show` says when it has.")


@till.command()
@ledger_option
@name_argument
@by_option
def confirm(ledger: Path | str, name: str, by: str | None) -> None:
    """Let the file of a till go on that waits, because another one worked for the till too.

    Say so when you know which machine is the till: the file that waits becomes the till's, and what it sold is recorded
    anew under a generation of its own. Another machine that sells on waits in its turn.
    """
    with opened(ledger) as hub:
        confirmed = hub.within(lambda writer: file_confirmed(writer, name, by=by or who_is_here()))
    if confirmed is None or confirmed.waiting is None:
        raise click.ClickException(f"No file of till {name} waits for a word.")
    count = confirmed.waiting.operations
    click.echo(f"The file of till {name} that waits since {confirmed.waiting.at} may go on: {count} operations.")


def unknown_till(name: str) -> click.ClickException:
    return click.ClickException(f"There is no till {name}. `pos-hub till list` has them all.")


def _fields(one: Till) -> dict[str, Any]:
    """What may be shown: neither keys nor secrets."""
    return {
        "till": one.till,
        "state": one.state,
        "store": one.store,
        "joined_at": one.joined_at,
        "heard_at": one.heard_at,
        "new_key": "asked for" if one.new_key_wanted else None,
        "generation": one.lease.generation if one.lease else None,
        "file": one.lease.file if one.lease else None,
        "waiting": one.waiting.operations if one.waiting else None,
        "invited_until": one.invitation.ends_at if one.invitation else None,
        "revoked_at": one.revoked_at,
        "why": one.why,
        "by": one.by,
    }


def _line(one: Till) -> str:
    told = [one.till, one.state]
    if one.store:
        told.append(f"store {one.store}")
    if one.state == "joined":
        told.append(f"last heard {one.heard_at[:16]}" if one.heard_at else "not heard yet")
    if one.lease is not None:
        told.append(f"generation {one.lease.generation}")
    if one.waiting is not None:
        told.append(f"{one.waiting.operations} operations of another file wait for a person")
    if one.invitation is not None:
        told.append(_invited(one.invitation))
    return ", ".join(told)


def _invited(invitation: Invitation) -> str:
    if invitation.tries_left <= 0:
        return "invited, and the code is spent: no tries left"
    ends_at = datetime.fromisoformat(invitation.ends_at)
    return f"invitation {'over since' if ends_at <= datetime.now(UTC) else 'until'} {ends_at:%Y-%m-%d %H:%M} UTC"
