"""`pos-hub cases …`: what waits for a person's word, and what was said."""

from __future__ import annotations

import json
from datetime import tzinfo
from pathlib import Path
from typing import Any

import click

from hub.cases.about import about, spent_before
from hub.cases.kinds import KINDS, REMEDIES
from hub.cases.office_words import line_of, lines_of, told_of
from hub.cases.settling import Decision, NotSettled, Wanted, called, case_called, cases_of, settle
from hub.commands.groups import Unnamed
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.hub import Hub
from hub.store.records import CaseRow


@click.group(cls=Unnamed, unnamed="list", alone=True)
def cases() -> None:
    """Receipts, refusals and tills that a person looks at. Without a command: a list of them."""


@cases.command(name="list")
@ledger_option
@click.option("--open", "open_only", is_flag=True, help="Only those that nobody has settled, the oldest first.")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="Only of this kind.")
@click.option("--member", metavar="WHO", help="Only what has to do with this member: a card, a phone or an id.")
@click.option("--till", help="Only of this till.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one case a line.")
def list_command(
    ledger: Path | str, open_only: bool, kind: str | None, member: str | None, till: str | None, as_json: bool
) -> None:
    """List cases, with the time by the programme's clock."""
    hub = open_ledger(ledger)
    count = 0
    with hub.store.reading() as reader:
        whom = called(reader, hub.programmes, member) if member else None
        for case in cases_of(reader, Wanted(open_only=open_only, kind=kind, whom=whom, till=till)):
            count += 1
            whose = about(reader, case)
            click.echo(_json(told_of(case, whose, ())) if as_json else line_of(case, whose, _zone(hub, case)))
    hub.close()
    if not count and not as_json:
        click.echo("There are none.")


@cases.command()
@ledger_option
@click.argument("case_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def show(ledger: Path | str, case_id: str, as_json: bool) -> None:
    """Show a case: what it came of, whom it is about, what it cost, what may be done about it."""
    hub = open_ledger(ledger)
    try:
        with hub.store.reading() as reader:
            case = case_called(reader, case_id)
        _tell(hub, case, as_json)
    except NotSettled as error:
        raise click.ClickException(str(error)) from error
    finally:
        hub.close()


@cases.command(name="settle")
@ledger_option
@click.argument("case_id", metavar="ID")
@click.option("--remedy", required=True, type=click.Choice(sorted(REMEDIES)), help="What is done about it.")
@click.option("--by", required=True, help="Who says so.")
@click.option("--note", default="", help="What whoever reads it later should know.")
@click.option(
    "--points",
    type=int,
    default=0,
    help="With adjust: points added, or taken with a minus. With write_off, collect, goodwill: how many, where the case"
    " does not say it.",
)
@click.option(
    "--member",
    metavar="WHO",
    help="Of a remedy that books points: whose, where the case names nobody: a card, a phone or an id.",
)
@click.option("--operation", metavar="TILL/N/N", help="With again: the operation by which it was recorded once more.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def settle_command(ledger: Path | str, case_id: str, as_json: bool, **decided: Any) -> None:
    """Settle a case; what its remedy books is booked with it. It stays in the list, and no till shows it any more.

    `cases show ID` says which remedies a case has.
    """
    hub = open_ledger(ledger)
    try:
        case = settle(hub, case_id, Decision(**decided))
        _tell(hub, case, as_json)
    except NotSettled as error:
        raise click.ClickException(str(error)) from error
    finally:
        hub.close()


def _tell(hub: Hub, case: CaseRow, as_json: bool) -> None:
    with hub.store.reading() as reader:
        whose = about(reader, case)
        before = spent_before(reader, case, whose.person) if case.kind == "debt" and whose.person else ()
    if as_json:
        click.echo(_json(told_of(case, whose, before)))
        return
    for line in lines_of(case, whose, before, _zone(hub, case)):
        click.echo(line)


def _zone(hub: Hub, case: CaseRow) -> tzinfo:
    return hub.zone_of(case.programme or "")


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)
