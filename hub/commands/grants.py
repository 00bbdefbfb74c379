"""`pos-hub grant …` and `pos-hub correct`: points that the office gives, takes back, puts right."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from hub.commands.groups import Unnamed
from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import day, office, order_options, tell
from hub.members import shown
from hub.people.grants import ALONE_TOTAL_MAX, Gift, Given, Terms, gift_called, gifts_of, give, undo
from hub.people.history import shown_at
from hub.people.orders import Order
from hub.people.points import correct

FILE_BYTES_MAX: Final = 50_000_000  # two million cards
BETWEEN: Final = re.compile(r"[;,\t]")


@click.group(cls=Unnamed, unnamed="give")
def grant() -> None:
    """Give points to one member or to many; list such gifts, and undo one while it is unspent.

    Without a command: gives. `pos-hub grant --card CARD --points 100 --reason "broken eggs"`.
    """


@grant.command(name="give")
@order_options
@click.option("--card", help="A card of the one who gets them.")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Many: a card in each line, and its points behind it (card;points) where --points does not say them.",
)
@click.option("--points", type=click.IntRange(1, 10**9), help="How many each one gets.")
@click.option("--reason", required=True, help="Why; it stands in each one's history.")
@click.option("--until", "last_day", callback=day, help="Their last day, YYYY-MM-DD.  [default: as the programme says]")
@click.option("--total-max", type=click.IntRange(1), help="Nobody gets any if all of it is more.")
@click.option("--second", help=f"Who else answers for it: needed above {ALONE_TOTAL_MAX} points, or many to one.")
def give_command(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    card: str | None,
    path: Path | None,
    points: int | None,
    reason: str,
    last_day: date | None,
    total_max: int | None,
    second: str | None,
) -> None:
    """Give points. The same order given again (the same day, for one; the same file, for many) gives nothing twice."""
    if (card is None) == (path is None) or (card is not None and points is None):
        raise click.UsageError("Say --card and --points, or --file.")
    if path is not None:
        content = _content(path)
        gifts = _gifts(content, points)
        key = _key("file", hashlib.sha256(content).hexdigest(), str(points), reason)
    else:
        gifts = [Gift(card or "", points or 0)]
        key = _key("card", card or "", str(points), reason, order.by, _today())
    order = Order(by=order.by, key=order.key or key)
    terms = Terms(reason=reason, second=second, total_max=total_max, last_day=last_day)
    with office(ledger) as hub:
        try:
            given = give(hub, gifts, terms, order, _progress(len(gifts)))
        except KeyboardInterrupt:
            sys.exit("pos-hub: stopped. The same command goes on with the rest.")
    _tell_given(given, as_json)


@grant.command(name="list")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, one gift a line.")
def list_command(ledger: Path | str, as_json: bool) -> None:
    """List what was given, the newest last."""
    with office(ledger) as hub, hub.store.reading() as reader:
        found = gifts_of(reader)
    for given in found:
        click.echo(msgspec.json.encode(given).decode() if as_json else _line(given))
    if not found and not as_json:
        click.echo("There are none.")


@grant.command(name="undo")
@order_options
@click.argument("id")
def undo_command(ledger: Path | str, order: Order, as_json: bool, id: str) -> None:
    """Take all of a gift back, as long as nobody has spent any of it."""
    with office(ledger) as hub:
        with hub.store.reading() as reader:
            gift_called(reader, id)
        done = undo(hub, id, order)
    if as_json:
        click.echo(msgspec.json.encode(done).decode())
    elif done.before is not None:
        click.echo(f"Gift {id} was undone before, {done.before}.")
    else:
        died = f"; those of {done.died} had died unspent" if done.died else ""
        click.echo(f"Gift {id} is undone: {done.points} points of {done.members} members taken back{died}.")


@click.command(name="correct")
@order_options
@click.argument("who")
@click.option("--points", type=int, required=True, help="Points more; less, with a minus: --points -50.")
@click.option("--reason", required=True, help="Why; it stands in the history.")
@click.option("--until", "last_day", callback=day, help="Of points more: their last day.")
@click.option("--into-debt", is_flag=True, help="Take more than there are: the rest is owed.")
def correct_command(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    who: str,
    points: int,
    reason: str,
    last_day: date | None,
    into_debt: bool,
) -> None:
    """Put a member's points right by hand. The same order on the same day is carried out once.

    WHO is a card, a phone or a member's id.
    """
    order = Order(by=order.by, key=order.key or _key("correct", who, str(points), reason, order.by, _today()))
    with office(ledger) as hub:
        done = correct(hub, who, points, order, reason, last_day=last_day, into_debt=into_debt)
    tell(done, as_json)
    if done.before is not None:
        click.echo("To do it once more, give it a key of its own: --asked KEY.", err=True)


# the file


def _content(path: Path) -> bytes:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise click.ClickException(f"{path} is longer than {FILE_BYTES_MAX} bytes: give it in parts.")
    return path.read_bytes()


def _gifts(content: bytes, points: int | None) -> list[Gift]:
    """Raises click.ClickException with all lines that are wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", "replace")
    gifts: list[Gift] = []
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip().strip('"') for cell in BETWEEN.split(line)]
        if not any(cells) or (number == 1 and not any(letter.isdigit() for letter in line)):  # empty, or headings
            continue
        said = cells[1] if len(cells) > 1 else ""
        if points is None and not (said.isascii() and said.isdigit()):
            wrong.append(f"line {number}: {said!r} is no number of points")
        elif points is not None and said:
            wrong.append(f"line {number}: it says {said} points, and --points says {points}")
        else:
            gifts.append(Gift(cells[0], int(said) if points is None else points, number))
    if wrong:
        raise click.ClickException(f"Nobody got any:\n{shown(wrong, len(wrong))}")
    return gifts


# in words


def _progress(total: int) -> Callable[[int], None]:
    """Says how many are done, where there are many and somebody looks."""

    def told(done: int) -> None:
        if total > 1 and sys.stderr.isatty():
            click.echo(f"\r{done} of {total}", nl=done == total, err=True)

    return told


def _tell_given(given: Given, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(given).decode())
        return
    if given.changed:
        click.echo(f"Given: {given.points} points to {_members(given)}. All of it back: pos-hub grant undo {given.id}")
        return
    click.echo(f"Given before: {_line(given)}")
    click.echo("To give it once more, give it a key of its own: --asked KEY.", err=True)


def _line(given: Given) -> str:
    second = f", {given.second}" if given.second else ""
    undone = f"  undone {shown_at(given.undone_at)} UTC by {given.undone_by}" if given.undone_at else ""
    part = "" if given.is_whole else f"  (only {given.done} of them yet)"
    what = f"{given.points} points to {_members(given)}: {given.reason}"
    return f"{shown_at(given.at)} UTC  {given.id}  {what}  [{given.by}{second}]{part}{undone}"


def _members(given: Given) -> str:
    return "1 member" if given.members == 1 else f"{given.members} members"


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
