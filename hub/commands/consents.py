"""`pos-hub member consent`: what a member agreed to, or no longer does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import cast

import click

from hub.commands.ordering import day, office, order_options, tell
from hub.people.consents import give_consent, withdraw_consent
from hub.people.orders import Order
from loyalty.consents import SOURCES, WORDS, ConsentSource, ConsentTo


@click.command()
@order_options
@click.argument("who")
@click.argument("what", type=click.Choice(list(WORDS)))
@click.option("--given", callback=day, help="The day on which he agreed, YYYY-MM-DD.  [default: now]")
@click.option("--document", default="", metavar="TEXT", help="The version of what he signed.")
@click.option("--source", type=click.Choice(list(SOURCES)), help="Where he agreed; asked for with each consent.")
@click.option("--withdrawn", is_flag=True, help="He agrees no longer.")
@click.option("--on", callback=day, help="With --withdrawn: since this day.  [default: now]")
def consent(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    who: str,
    what: str,
    given: date | None,
    document: str,
    source: str | None,
    withdrawn: bool,
    on: date | None,
) -> None:
    """A member agreed to something, or agrees to it no longer; `member show` has all of it with its days."""
    to = cast(ConsentTo, what)
    if withdrawn and (given or document):
        raise click.UsageError("--withdrawn is said without --given and --document.")
    if on and not withdrawn:
        raise click.UsageError("--on is said with --withdrawn; the day on which he agreed is --given DAY.")
    if not withdrawn and source is None:
        raise click.UsageError(f"Say where he agreed: --source {', '.join(SOURCES)}.")
    with office(ledger) as hub:
        if withdrawn:
            tell(withdraw_consent(hub, who, to, order, on=on), as_json)
            return
        where = cast(ConsentSource, source)
        tell(give_consent(hub, who, to, order, given=given, document=document, source=where), as_json)
