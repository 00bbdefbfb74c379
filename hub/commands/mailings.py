"""`pos-hub mailing …`: messages to many members, made, looked at, started, stopped, reported."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import day, office, order_options
from hub.messages import ordering
from hub.messages.letter import CHANNELS, Channel
from hub.messages.mailing import Mailing, mailings_of
from hub.messages.ordering import Terms
from hub.messages.report import DAYS, report
from hub.messages.rules import MailingRules, rules_of
from hub.people.history import shown_at
from hub.people.orders import Order
from hub.people.where import EXAMPLES


@click.group()
def mailing() -> None:
    """Mailings: a text to all members whom some words find, sent to those alone who agreed to it."""


@mailing.command(name="list")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, one a line.")
def list_command(ledger: Path | str, as_json: bool) -> None:
    """List mailings, the newest first."""
    with office(ledger) as hub, hub.store.reading() as reader:
        found = mailings_of(reader)
    for one in found:
        click.echo(msgspec.json.encode(one).decode() if as_json else _line(one))
    if not found and not as_json:
        click.echo("There are none.")


@mailing.command(name="new")
@order_options
@click.option("--programme", required=True, help="alenka, perekrestok, …")
@click.option("--name", required=True, help="How the office calls it; of a letter, its subject.")
@click.option("--channel", type=click.Choice(CHANNELS), required=True, help="inbox: in the member's account alone.")
@click.option("--text", "ru", required=True, help="In Russian; {name} {points} {dies} {day} are each member's own.")
@click.option("--text-en", "en", default="", help="In English, for the account.")
@click.option("--where", multiple=True, metavar="WORDS", help=f"Whom; several are joined by and. {EXAMPLES}.")
@click.option("--day", "begin", callback=day, required=True, help="From which day on, YYYY-MM-DD.")
@click.option("--hour", type=click.IntRange(0, 23), default=12, show_default=True, help="By the programme's clock.")
@click.option("--control", type=click.IntRange(0, 90), default=0, show_default=True, help="So many of 100 get none.")
@click.option("--article", "articles", multiple=True, help="Of what goods it tells.")
def new_command(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    programme: str,
    name: str,
    channel: Channel,
    ru: str,
    en: str,
    where: tuple[str, ...],
    begin: date,
    hour: int,
    control: int,
    articles: tuple[str, ...],
) -> None:
    """Make a draft. Nobody is sent anything before it is started."""
    terms = Terms(
        programme=programme,
        name=name,
        channel=channel,
        ru=ru,
        en=en,
        where=where,
        day=begin,
        hour=hour,
        control_percent=control,
        articles=articles,
    )
    with office(ledger) as hub:
        made = ordering.make(hub, terms, order)
    _tell(made, as_json, f"Mailing {made.id} is a draft. To whom it goes: pos-hub mailing look {made.id}")


@mailing.command(name="look")
@ledger_option
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def look_command(ledger: Path | str, id: str, as_json: bool) -> None:
    """To how many it would go now, who some are, and what it says."""
    with office(ledger) as hub:
        found = ordering.look(hub, id)
    if as_json:
        click.echo(msgspec.json.encode(found._asdict()).decode())
        return
    click.echo(f"{found.fit} fit; {found.reached} of them agreed and are reached.")
    for words in found.examples:
        click.echo(f"  {words}")
    click.echo(found.text)
    if found.parts:
        click.echo(f"Parts of the SMS: {found.parts}")
    if found.doubtful:
        click.echo(f"Words that may be of goods the law lets nobody advertise: {', '.join(found.doubtful)}.", err=True)


@mailing.command(name="try")
@order_options
@click.argument("id")
@click.option("--phone", required=True, help="Of the office's own.")
def try_command(ledger: Path | str, order: Order, as_json: bool, id: str, phone: str) -> None:
    """Send it to one phone, as a trial."""
    with office(ledger) as hub:
        text = ordering.try_out(hub, id, phone, order)
    click.echo(msgspec.json.encode({"text": text}).decode() if as_json else f"It goes to {phone}: {text}")


@mailing.command(name="start")
@order_options
@click.argument("id")
def start_command(ledger: Path | str, order: Order, as_json: bool, id: str) -> None:
    """Let it go from its hour on. Where it goes to many, another person gives the same command: --by NAME."""
    with office(ledger) as hub:
        one = ordering.start(hub, id, order)
    second = f"Mailing {id} goes to {one.counted}: a second person starts it, --by NAME."
    _tell(one, as_json, second if one.waits else f"Mailing {id} goes.")


@mailing.command(name="stop")
@order_options
@click.argument("id")
@click.option("--reason", required=True, help="Why.")
def stop_command(ledger: Path | str, order: Order, as_json: bool, id: str, reason: str) -> None:
    """Nobody gets it any more who has not got it."""
    with office(ledger) as hub:
        one = ordering.stop(hub, id, reason, order)
    _tell(one, as_json, f"Mailing {id} is stopped.")


@mailing.command(name="report")
@ledger_option
@click.argument("id")
@click.option("--days", type=click.IntRange(1, 366), default=DAYS, show_default=True, help="Bought within so many.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def report_command(ledger: Path | str, id: str, days: int, as_json: bool) -> None:
    """What it did: sent, not sent and why, who opted out after, who bought, beside the control group."""
    with office(ledger) as hub:
        told = report(hub, id, days)
    if as_json:
        click.echo(msgspec.json.encode(told).decode())
        return
    click.echo(_line(told.mailing))
    click.echo(f"sent {told.sent.members}, waiting {told.waiting}, failed {told.failed}, opted out {told.opted_out}")
    for why, count in told.not_sent.items():
        click.echo(f"not sent, {why}: {count}")
    for name, group in (("sent", told.sent), ("control group", told.control)):
        bought = f"{group.bought} of {group.members} bought within {days} days"
        click.echo(f"{name}: {bought}, for {group.kopecks // 100}.{group.kopecks % 100:02}")


@mailing.command(name="rules")
@order_options
@click.option("--programme", required=True, help="alenka, perekrestok, …")
@click.option("--most-a-month", type=click.IntRange(0, 100), help="Advertising to one member.")
@click.option("--quiet", metavar="FROM-UNTIL", help="Hours in which none goes out, such as 21-9; 0-0: none are quiet.")
@click.option("--second-over", type=click.IntRange(0), help="More receivers than so many need a second person.")
@click.option("--account-url", help="How links to the members' account begin: https://club.example.ru")
@click.option("--service", multiple=True, help="What of his own account goes to a member's phone; -: nothing.")
def rules_command(ledger: Path | str, order: Order, as_json: bool, programme: str, **said: Any) -> None:
    """Show a programme's rules of mailings, or change them."""
    with office(ledger) as hub:
        with hub.store.reading() as reader:
            rules = rules_of(reader, programme)
        changed = _changed(rules, said)
        if changed != rules:
            rules = ordering.change_rules(hub, programme, changed, order)
    told = msgspec.to_builtins(rules) if as_json else msgspec.structs.asdict(rules)
    click.echo(msgspec.json.encode(told).decode() if as_json else "\n".join(f"{k}: {v}" for k, v in told.items()))


def _changed(rules: MailingRules, said: dict[str, Any]) -> MailingRules:
    quiet, service = said.pop("quiet"), said.pop("service")
    values = {name: value for name, value in said.items() if value is not None}
    try:
        if quiet is not None:
            values["quiet_from"], values["quiet_until"] = map(int, quiet.split("-"))
        if service:
            values["service"] = [one for one in service if one != "-"]
        return msgspec.convert(msgspec.to_builtins(rules) | values, MailingRules)
    except (ValueError, msgspec.ValidationError) as error:
        raise click.UsageError(str(error)) from error


def _tell(one: Mailing, as_json: bool, words: str) -> None:
    click.echo(msgspec.json.encode(one).decode() if as_json else words)


def _line(one: Mailing) -> str:
    where = " and ".join(one.where) or "everybody"
    return f"{shown_at(one.at)} UTC  {one.id}  {one.programme}  {one.channel}  {one.name}  ({where})  {one.state}"
