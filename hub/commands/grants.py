"""`pos-hub grant …`: points that the office gives, to one or to many, and takes back while they are unspent."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from hub.commands.gifts_file import GIFTS, content_of, gifts_in
from hub.commands.groups import Unnamed
from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import day, key_of, office, order_options, same, today
from hub.commands.tables import columns_said, sheet_option
from hub.counted import counted
from hub.hub import Hub
from hub.people.alone import ALONE_TOTAL_MAX
from hub.people.gifts import Given, gift_called, gifts_of, kept_for, state_words
from hub.people.grants import EXAMPLES_MAX, Look, Terms, give, look
from hub.people.history import shown_at
from hub.people.orders import Order
from hub.people.second import approve, refuse
from hub.people.undoing import undo
from hub.people.where import EXAMPLES, joined_words, parse_where
from hub.people.whom import Found, Gift, Named, Share, Whom, share_words


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
    help="Many: a table as imports read them (.xlsx, CSV), with headings or without; a card in each row, and its points"
    " (card;points) where --points does not say them.",
)
@click.option(
    "--map", "maps", multiple=True, metavar="'HEADING=COLUMN'", help="With --file: which heading is card, which points."
)
@sheet_option
@click.option(
    "--where",
    "words",
    multiple=True,
    metavar="WORDS",
    help=f"Many: all members of a --programme whom this fits; several are joined by and. {EXAMPLES}.",
)
@click.option("--programme", "programme", help="With --where: whose members.")
@click.option("--points", type=click.IntRange(1, 10**9), help="How many each one gets.")
@click.option("--reason", required=True, help="Why; it stands in each one's history.")
@click.option("--until", "last_day", callback=day, help="Their last day, YYYY-MM-DD.  [default: as the programme says]")
@click.option("--total-max", type=click.IntRange(1), help="Nobody gets any if all of it is more.")
@click.option("--dry-run", is_flag=True, help="Only say how many would get how much, and who some of them are.")
def give_command(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    card: str | None,
    path: Path | None,
    maps: tuple[str, ...],
    sheet: str | None,
    words: tuple[str, ...],
    programme: str | None,
    points: int | None,
    reason: str,
    last_day: date | None,
    total_max: int | None,
    dry_run: bool,
) -> None:
    """Give points. The same order given again (the same day, for one; the same file or words and reason, for many)
    gives nothing twice. More than one person may give waits until a second one approves it: `pos-hub grant approve`."""
    if sum((card is not None, path is not None, bool(words))) != 1 or bool(words) != (programme is not None):
        raise click.UsageError("Say --card and --points, or --file, or --where with --programme and --points.")
    if path is None and (maps or sheet):
        raise click.UsageError("--map and --sheet are said with --file.")
    if path is None and points is None:
        raise click.UsageError("Say how many each one gets: --points N.")
    terms = Terms(reason=reason, total_max=total_max, last_day=last_day)
    with office(ledger) as hub:
        if path is not None:
            whom, what = _of_file(path, columns_said(maps, GIFTS.columns), sheet, points)
        else:
            whom, what = _whom(order, card, words, programme, points)
        if dry_run:
            _tell_look(hub, look(hub, whom, terms), as_json)
            return
        order = Order(by=order.by, key=order.key or _key(hub, what, reason))
        given = _until_stopped(lambda: give(hub, whom, terms, order, _progress))
        _tell_given(given, hub.now(), as_json)


class _What(NamedTuple):
    """What makes an order the same, besides its reason."""

    named: tuple[str, ...]
    by: tuple[str, ...] = ()  # and on which day, where it is of one alone


def _key(hub: Hub, what: _What, reason: str) -> str:
    """Of an order that brings none; as it was typed, where that is kept from before keys knew of spellings."""
    typed = key_of(*what.named, reason, *what.by)
    with hub.store.reading() as reader:
        is_kept = kept_for(reader, Order(by="", key=typed)) is not None
    return typed if is_kept else key_of(*what.named, same(reason), *map(same, what.by))


def _of_file(path: Path, said: Mapping[str, str] | None, sheet: str | None, points: int | None) -> tuple[Whom, _What]:
    content = content_of(path)
    gifts, notes = gifts_in(content, points, said, sheet)
    for note in notes:
        click.echo(f"{path.name}: {note}.", err=True)
    read = (str(sorted((said or {}).items())), sheet or "") if said or sheet else ()
    return Named(gifts), _What(("file", hashlib.sha256(content).hexdigest(), str(points), *read))


def _whom(
    order: Order, card: str | None, words: tuple[str, ...], programme: str | None, points: int | None
) -> tuple[Whom, _What]:
    if programme is not None:
        said = joined_words(words)
        found = Found(programme, said, [parse_where(one) for one in words], points or 0)
        return found, _What(("where", programme, said, str(points)))
    return Named([Gift(card or "", points or 0)]), _What(("card", card or "", str(points)), (order.by, today()))


@grant.command(name="approve")
@order_options
@click.argument("id")
def approve_command(ledger: Path | str, order: Order, as_json: bool, id: str) -> None:
    """Answer for a gift that waits for a second person, and give it. Another person than who ordered it: --by NAME."""
    with office(ledger) as hub:
        given = _until_stopped(lambda: approve(hub, id, order, _progress))
        _tell_given(given, hub.now(), as_json)


@grant.command(name="refuse")
@order_options
@click.argument("id")
@click.option("--why", required=True, help="Why nobody gets it.")
def refuse_command(ledger: Path | str, order: Order, as_json: bool, id: str, why: str) -> None:
    """Let nobody get a gift that waits for a second person; also by who ordered it."""
    with office(ledger) as hub:
        given = refuse(hub, id, why, order)
    click.echo(msgspec.json.encode(given).decode() if as_json else f"Gift {id} is refused. Nobody got any.")


@grant.command(name="list")
@ledger_option
@click.option("--waiting", is_flag=True, help="Only what waits for a second person.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one gift a line.")
def list_command(ledger: Path | str, as_json: bool, waiting: bool) -> None:
    """List what was given and what waits, the newest last."""
    with office(ledger) as hub:
        now = hub.now()
        with hub.store.reading() as reader:
            found = [one for one in gifts_of(reader) if not waiting or one.state(now) == "waits"]
    for given in found:
        click.echo(msgspec.json.encode(given).decode() if as_json else _line(given, now))
    if not found and not as_json:
        click.echo("There are none.")


@grant.command(name="show")
@ledger_option
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def show_command(ledger: Path | str, as_json: bool, id: str) -> None:
    """Show a gift: what was ordered, and who some of its members are."""
    with office(ledger) as hub, hub.store.reading() as reader:
        given, now = gift_called(reader, id), hub.now()
        some = [Share(row.member, row.points) for row in reader.gift_rows(id, 0, EXAMPLES_MAX)]
        said = share_words(reader, some)
    if as_json:
        click.echo(msgspec.json.encode({"gift": given, "state": given.state(now), "first": said}).decode())
        return
    click.echo(_line(given, now))
    _tell_some(said, given.members)


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
        click.echo(
            f"Gift {id} is undone: {counted(done.points, 'point')} of {_members(done.members)} taken back{died}."
        )


# in words


def _until_stopped(work: Callable[[], Given]) -> Given:
    try:
        return work()
    except KeyboardInterrupt:
        sys.exit("pos-hub: stopped. The same command goes on with the rest.")


def _progress(done: int) -> None:
    """Says how many are done, where there are many and somebody looks."""
    if done > 1 and sys.stderr.isatty():
        click.echo(f"\r{done} done ", nl=False, err=True)


def _tell_look(hub: Hub, looked: Look, as_json: bool) -> None:
    with hub.store.reading() as reader:
        said = share_words(reader, looked.first)
    if as_json:
        click.echo(msgspec.json.encode(msgspec.structs.asdict(looked) | {"first": said}).decode())
        return
    second = " It will wait for a second person." if looked.waits else ""
    click.echo(f"It would be {counted(looked.points, 'point')} to {_members(looked.members)}. Nobody got any.{second}")
    _tell_some(said, looked.members)


def _tell_some(said: Sequence[str], members: int) -> None:
    for words in said:
        click.echo(f"  {words}")
    if members > len(said):
        click.echo(f"  … and {members - len(said)} more")


def _tell_given(given: Given, now: datetime, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(given).decode())
        return
    if given.changed:
        left = f" {state_words(given, now).capitalize()}." if given.left_out else ""
        what = f"{counted(given.points, 'point')} to {_members(given.members)}"
        click.echo(f"Given: {what}.{left} All of it back: pos-hub grant undo {given.id}")
        return
    if given.state(now) == "waits":
        click.echo(_line(given, now))
        click.echo(
            f"One person alone gives at most {ALONE_TOTAL_MAX} points at once, and what the programme says to one."
        )
        click.echo(f"Another one gives it: pos-hub grant approve {given.id} --by NAME")
        return
    before = "Given" if given.done else "Ordered"
    click.echo(f"{before} before: {_line(given, now)}")
    click.echo("To give it once more, give it a key of its own: --asked KEY.", err=True)


def _line(given: Given, now: datetime) -> str:
    state = state_words(given, now)
    where = f" ({given.where})" if given.where else ""
    what = f"{counted(given.points, 'point')} to {_members(given.members)}{where}: {given.reason}"
    return f"{shown_at(given.at)} UTC  {given.id}  {what}  [{given.answers}]" + (f"  {state}" if state else "")


def _members(count: int) -> str:
    return counted(count, "member")
