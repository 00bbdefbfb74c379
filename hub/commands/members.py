"""`pos-hub member …`: whom the office looks for, and what it orders for him."""

from __future__ import annotations

import json
import secrets
from datetime import date, tzinfo
from pathlib import Path
from typing import Any

import click
import msgspec

from hub.codes.sending import give
from hub.commands.consents import consent
from hub.commands.groups import Unnamed
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.ordering import agreed, day, office, order_options, tell
from hub.commands.staff_card import staff_command
from hub.commands.stickers import stickers_command
from hub.counted import counted
from hub.hub import Hub
from hub.members import UnknownCard
from hub.people import cards, forms, profile
from hub.people.history import history, shown_at
from hub.people.orders import Order
from hub.people.reserved import points_words
from hub.people.statement import WRITTEN_AS, statement_of, text_of, write_statement
from hub.people.view import ConsentView, View, viewed, views_of
from hub.people.who import FOUND_MAX, found_by, person_called
from loyalty.consents import SOURCES
from loyalty.lots import balance
from loyalty.money import format_kopecks
from loyalty.utc import utc_text

SHOWN_MAX = 20  # acts of a history, the newest: more with --history

COUNT = click.IntRange(0, 100_000)


@click.group(cls=Unnamed, unnamed="balance")
def member() -> None:
    """Find members, look at them, and do what the office decides about them.

    WHO is a card, a phone or a member's id. Without a command: `member --card CARD` says the balance.
    """


@member.command(name="balance")
@ledger_option
@click.option("--card", required=True, help="A card of the member.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def balance_command(ledger: Path | str, card: str, as_json: bool) -> None:
    """A member's balance and cards."""
    hub = open_ledger(ledger)
    found = hub.member_of_card(card)
    now = hub.now()
    if found is None:
        hub.close()
        raise UnknownCard(f"No member has card {card}.")
    points = balance(found.account, now)
    told = points_words(hub, found.member, points)
    hub.close()
    if as_json:
        click.echo(json.dumps({"points": points} | msgspec.to_builtins(found), ensure_ascii=False))
        return
    bought = sum(one.kopecks for one in found.spent)
    click.echo(f"member {found.member}: {told}, {format_kopecks(bought)} rubles bought")
    for held in found.cards:
        click.echo(f"card {held.number} {held.status}")


@member.command()
@ledger_option
@click.argument("text", required=False, default="")
@click.option("--phone", default="", help="Who has this phone.")
@click.option("--name", default="", help="Whose names begin so: «ан петр» is Анна Петрова.")
@click.option("--card", default="", help="Who has, or had, this card.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one member a line.")
def find(ledger: Path | str, text: str, as_json: bool, **by: str) -> None:
    """Find members by a card, an id, a phone or a name."""
    if sum(map(bool, (text, *by.values()))) != 1:
        raise click.UsageError("Say one thing to look for: TEXT, --phone, --name or --card.")
    with office(ledger) as hub:
        with hub.store.reading() as reader:
            found = found_by(reader, hub.programmes, text, **by, most=FOUND_MAX + 1)
        views = views_of(hub, found[:FOUND_MAX])
    for one in views:
        click.echo(msgspec.json.encode(one).decode() if as_json else _line(one))
    if len(found) > FOUND_MAX:
        click.echo(f"… and more than these {FOUND_MAX}: say more of the name.", err=True)
    if not found and not as_json:
        click.echo("Nobody.")


@member.command()
@ledger_option
@click.argument("who")
@click.option("--history", "acts", type=COUNT, default=SHOWN_MAX, show_default=True, help="So many of the newest.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def show(ledger: Path | str, who: str, acts: int, as_json: bool) -> None:
    """Show a member: what is known of him, cards, points with their ends, cases, and what happened."""
    with office(ledger) as hub:
        with hub.store.reading() as reader:
            person = person_called(reader, hub.programmes, who)
            told = history(reader, person.member, [card.number for card in person.cards])
        view = viewed(hub, person)
        stands = points_words(hub, person.member, view.points)
    newest = told[len(told) - min(acts, len(told)) :]
    if as_json:
        click.echo(msgspec.json.encode({"member": view, "history": newest, "acts": len(told)}).decode())
        return
    _tell(hub, view, stands)
    if len(newest) < len(told):
        click.echo(f"history: the newest {len(newest)} of {len(told)}")
    for act in newest:
        points = f"{act.points:+}" if act.points else ""
        by = f", {act.by}" if act.by else ""
        refused = f" (refused: {act.refused})" if act.refused else ""
        at = shown_at(act.at, hub.zone_of(person.row.programme))
        click.echo(f"  {at}  {points:>7}  {act.words}  [{act.where}{by}]{refused}")


@member.command()
@order_options
@click.argument("who")
def code(ledger: Path | str, order: Order, as_json: bool, who: str) -> None:
    """Give a member a code for this once, as his account would: he says it at a till and spends his points."""
    with office(ledger) as hub:
        with hub.store.reading() as reader:
            person = person_called(reader, hub.programmes, who)
        key = order.key or secrets.token_hex(16)
        digits = give(hub, person.row.programme, person.member, f"office/{key}")
    click.echo(msgspec.json.encode({"code": digits}).decode() if as_json else digits)


@member.command()
@order_options
@click.argument("card")
@click.option("--reason", required=True, help="Why.")
def block(ledger: Path | str, order: Order, as_json: bool, card: str, reason: str) -> None:
    """Block a card."""
    with office(ledger) as hub:
        tell(cards.block(hub, card, order, reason), as_json)


@member.command()
@order_options
@click.argument("card")
@click.option("--reason", required=True, help="Why.")
def unblock(ledger: Path | str, order: Order, as_json: bool, card: str, reason: str) -> None:
    """Unblock a card."""
    with office(ledger) as hub:
        tell(cards.unblock(hub, card, order, reason), as_json)


@member.command()
@order_options
@click.argument("card")
@click.option("--to", required=True, metavar="WHO", help="Whose it is from now on.")
def link(ledger: Path | str, order: Order, as_json: bool, card: str, to: str) -> None:
    """Give a member one more card, which nobody has yet."""
    with office(ledger) as hub:
        tell(cards.link(hub, card, to, order), as_json)


@member.command()
@order_options
@click.argument("who")
@click.option("--into", required=True, metavar="WHO", help="Who he is from now on.")
@click.option("--yes", is_flag=True, help="Without asking.")
def merge(ledger: Path | str, order: Order, as_json: bool, who: str, into: str, yes: bool) -> None:
    """Two members are one person: all that WHO has goes to the other."""
    agreed(f"All that {who} has goes to {into}.", yes)
    with office(ledger) as hub:
        tell(cards.merge(hub, who, into, order), as_json)


@member.command()
@order_options
@click.argument("who")
def confirm(ledger: Path | str, order: Order, as_json: bool, who: str) -> None:
    """Somebody has looked at the form that WHO filled in on paper: his cards are good before its days are over."""
    with office(ledger) as hub:
        tell(forms.confirm_form(hub, who, order), as_json)


@member.command(name="forms")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def forms_command(ledger: Path | str, as_json: bool) -> None:
    """Forms on paper that wait, the one that becomes good next first."""
    with office(ledger) as hub:
        for one in forms.waiting_forms(hub):
            told = {"card": one.card, "programme": one.programme, "active_from": utc_text(one.active_from)}
            words = f"card {one.card} of {one.programme}: good in {counted(one.days, 'day')}"
            click.echo(json.dumps(told | {"days": one.days}) if as_json else words)


def _known_as(field: str, change: Any, what: str) -> None:
    """`member phone WHO NUMBER` and its like."""

    @member.command(name=field, help=f"Change a member's {field}, or forget it.")
    @order_options
    @click.argument("who")
    @click.argument("value", required=False, default="", metavar=what)
    @click.option("--forget", is_flag=True, help=f"He has no {field} any more.")
    def command(ledger: Path | str, order: Order, as_json: bool, who: str, value: str, forget: bool) -> None:
        if bool(value) == forget:
            raise click.UsageError(f"Say the {field}, or --forget.")
        with office(ledger) as hub:
            tell(change(hub, who, value, order), as_json)


_known_as("phone", profile.change_phone, "NUMBER")
_known_as("email", profile.change_email, "ADDRESS")
_known_as("birthday", profile.change_birthday, "DAY")
_known_as("name", profile.change_name, "NAME")


@member.command()
@order_options
@click.argument("who")
@click.option("--reason", required=True, help="Why.")
@click.option("--yes", is_flag=True, help="Without asking.")
def erase(ledger: Path | str, order: Order, as_json: bool, who: str, reason: str, yes: bool) -> None:
    """Forget a person: name, phone, e-mail, birthday, favourites; no card of his is good any more. The ledger stays."""
    agreed(f"All that is known of {who} is forgotten, and his cards are blocked.", yes)
    with office(ledger) as hub:
        tell(profile.erase(hub, who, order, reason), as_json)


@member.command()
@ledger_option
@click.argument("who")
@click.option("--from", "first", callback=day, help="The first day, YYYY-MM-DD.  [default: his first]")
@click.option("--to", "last", callback=day, help="The last day.  [default: today]")
@click.option("--lang", type=click.Choice(["ru", "en"]), default="ru", show_default=True, help="In which language.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Into this file: .txt, .html or .pdf.",
)
def statement(ledger: Path | str, who: str, first: date | None, last: date | None, lang: str, out: Path | None) -> None:
    """A member's statement: what he had, what came and went, what he has."""
    if out is not None and out.suffix.lower() not in WRITTEN_AS:
        raise click.UsageError(f"--out writes {', '.join(WRITTEN_AS)}.")
    if first is not None and last is not None and first > last:
        raise click.UsageError(f"--from {first} lies after --to {last}.")
    with office(ledger) as hub:
        written = statement_of(hub, who, first=first, last=last, language="en" if lang == "en" else "ru")
    if out is None:
        click.echo(text_of(written))
        return
    try:
        write_statement(written, out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"Statement written to {out}.")


member.add_command(staff_command)
member.add_command(stickers_command)
member.add_command(consent)


# in words


def _consent(told: ConsentView, zone: tzinfo) -> str:
    signed = ", ".join(filter(None, [told.document, SOURCES[told.source][1]]))
    ended = f", withdrawn {shown_at(told.withdrawn_at, zone)}" if told.withdrawn_at else ""
    return f"{told.what} since {shown_at(told.given_at, zone)} ({signed}){ended}"


def _line(view: View) -> str:
    held = " ".join(card.number for card in view.cards) or "no card"
    parts = [view.member, view.name or "no name", view.phone or "no phone", view.programme, held]
    points = f"{view.points} points" + (f", {view.held} of them reserved" if view.held else "")
    return "  ".join([*parts, points, *(["erased"] if view.erased else [])])


def _tell(hub: Hub, view: View, stands: str) -> None:
    zone = hub.zone_of(view.programme)
    state = "erased" if view.erased else "registered" if view.registered else "not registered"
    click.echo(f"member {view.member} of {view.programme}, {state}: {stands}")
    for name, value in (("name", view.name), ("phone", view.phone), ("email", view.email), ("birthday", view.birthday)):
        if value:
            click.echo(f"  {name:<9} {value}")
    if view.favourites:
        click.echo(f"  likes     {', '.join(view.favourites)}")
    if view.staff:
        click.echo("  staff     works here")
    if view.debt:
        click.echo(f"  owes      {view.debt} points")
    for one in view.stickers:
        click.echo(f"  stickers  {one.count} of the collection of {one.collection}")
    click.echo(f"  bought    {format_kopecks(view.bought_kopecks)} rubles, as tiers count it")
    for agreed_to in view.consents:
        click.echo(f"  consent   {_consent(agreed_to, zone)}")
    for card in view.cards:
        successor = f" by {card.successor}" if card.successor else ""
        click.echo(f"  card      {card.number} {card.status}{successor}")
    for lot in view.lots:
        begins = f" from {shown_at(lot.active_from, zone)}" if lot.waits else ""
        ends = f"until {shown_at(lot.expires_at, zone)}" if lot.expires_at else "without end"
        click.echo(f"  lot       {lot.points} of {lot.granted}{begins} {ends}")
    for case in view.cases:
        click.echo(f"  case      {case}")
