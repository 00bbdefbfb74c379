"""`pos-hub cases …`: what waits for a person's word, and what was said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from hub.cases.kinds import KINDS, REMEDIES
from hub.cases.rules_words import in_words
from hub.cases.settling import Decision, NotSettled, Wanted, case_called, cases_of, settle
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.store.records import CaseRow, Place
from loyalty.money import format_kopecks
from loyalty.utc import utc_text


class _Listing(click.Group):
    """Lists where no other command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else ["list", *args])


@click.group(cls=_Listing)
def cases() -> None:
    """Receipts, refusals and tills that a person looks at. Without a command: a list of them."""


@cases.command(name="list")
@ledger_option
@click.option("--open", "open_only", is_flag=True, help="Only those that nobody has settled, the oldest first.")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="Only of this kind.")
@click.option("--member", help="Only of this member.")
@click.option("--till", help="Only of this till.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one case a line.")
def list_command(
    ledger: Path | str, open_only: bool, kind: str | None, member: str | None, till: str | None, as_json: bool
) -> None:
    """List cases."""
    hub = open_ledger(ledger)
    count = 0
    with hub.store.reading() as reader:
        for case in cases_of(reader, Wanted(open_only=open_only, kind=kind, member=member, till=till)):
            count += 1
            click.echo(_json(case) if as_json else _line(case))
    hub.close()
    if not count and not as_json:
        click.echo("There are none.")


@cases.command()
@ledger_option
@click.argument("case_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def show(ledger: Path | str, case_id: str, as_json: bool) -> None:
    """Show a case: what it came of, what it cost, what may be done about it."""
    hub = open_ledger(ledger)
    try:
        with hub.store.reading() as reader:
            case = case_called(reader, case_id)
    except NotSettled as error:
        raise click.ClickException(str(error)) from error
    finally:
        hub.close()
    _tell(case, as_json)


@cases.command(name="settle")
@ledger_option
@click.argument("case_id", metavar="ID")
@click.option("--remedy", required=True, type=click.Choice(sorted(REMEDIES)), help="What is done about it.")
@click.option("--by", required=True, help="Who says so.")
@click.option("--note", default="", help="What whoever reads it later should know.")
@click.option("--points", type=int, default=0, help="With adjust: points added to the account; taken, with a minus.")
@click.option("--member", help="With adjust: whose, where the case names nobody.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def settle_command(ledger: Path | str, case_id: str, as_json: bool, **decided: Any) -> None:
    """Settle a case; what its remedy books is booked with it. It stays in the list, and no till shows it any more.

    `cases show ID` says which remedies a case has.
    """
    hub = open_ledger(ledger)
    try:
        case = settle(hub, case_id, Decision(**decided))
    except NotSettled as error:
        raise click.ClickException(str(error)) from error
    finally:
        hub.close()
    _tell(case, as_json)


def _line(case: CaseRow) -> str:
    state = "" if case.state == "open" else f"  settled: {case.remedy}"
    receipt = f"  receipt {case.sale}" if case.sale else ""
    return f"{case.opened_at:%Y-%m-%d %H:%M}  {case.id}{receipt}{_cost(case, '  ')}{state}"


def _tell(case: CaseRow, as_json: bool) -> None:
    if as_json:
        click.echo(_json(case))
        return
    kind = KINDS.get(case.kind)
    click.echo(f"{case.id}: {kind.says if kind else case.kind}")
    click.echo(f"  opened   {case.opened_at:%Y-%m-%d %H:%M:%S} UTC")
    for name, value in (("receipt", case.sale), ("member", case.member), ("note", _note(case))):
        if value:
            click.echo(f"  {name:<8} {value}")
    if cost := _cost(case, ""):
        click.echo(f"  cost     {cost}")
    for place in case.others:
        click.echo(f"  see also {_place(place)}")
    if case.settled_at is not None:
        why = f" ({case.settled_note})" if case.settled_note else ""
        click.echo(f"  settled  {case.settled_at:%Y-%m-%d %H:%M:%S} UTC by {case.settled_by}: {case.remedy}{why}")
        return
    for remedy in kind.remedies if kind else ():
        click.echo(f"  remedy   {remedy}: {REMEDIES[remedy]}")


def _note(case: CaseRow) -> str:
    return in_words(case.note) if case.kind == "not_by_rules" else case.note


def _cost(case: CaseRow, before: str) -> str:
    parts = [f"{case.cost_points} points"] if case.cost_points else []
    parts += [f"{format_kopecks(case.cost_kopecks)} rubles"] if case.cost_kopecks else []
    return before + ", ".join(parts) if parts else ""


def _place(place: Place) -> str:
    return "/".join(map(str, place))


def _json(case: CaseRow) -> str:
    told = {"id": case.id, **case._asdict(), "opened_at": utc_text(case.opened_at)}
    told |= {"others": list(map(_place, case.others)), "settled_at": case.settled_at and utc_text(case.settled_at)}
    return json.dumps(told, ensure_ascii=False)
