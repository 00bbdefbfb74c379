"""`pos-hub report …`: what members are owed, and what legal entities owe each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

import click

from hub.accounting.certificates import owed_at
from hub.accounting.closing import UNKNOWN, Rules, closed_days, rules_of, taken
from hub.accounting.elsewhere import Elsewhere, Went, Where
from hub.accounting.filters import NotThere, check_name
from hub.accounting.liability import HISTORY, LOTS_MIN, Month, Owed, liability
from hub.accounting.moved import Left, moved
from hub.accounting.settlement import OPERATOR, Settlement
from hub.accounting.written import rubles
from hub.commands.charity import report_charity
from hub.commands.export import parsed_month, reading_for_long
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.counted import counted
from hub.hub import Hub
from loyalty.utc import utc_text


@click.group()
def report() -> None:
    """What members are owed, and what legal entities owe each other. docs/accounting.md says how it is worked out."""


report.add_command(report_charity)


def _end_of_day(context: click.Context, option: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no day; write it like 2026-03-31") from error


@report.command(name="liability")
@ledger_option
@click.option("--at", metavar="YYYY-MM-DD", callback=_end_of_day, help="At the end of this day; else now.")
@click.option("--programme", help="Only this programme.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def liability_command(ledger: Path | str, at: date | None, programme: str | None, as_json: bool) -> None:
    """Points outstanding, by the month in which they end, and how many of them will likely die unspent; and rubles on
    gift certificates, by the store that sold them."""
    hub = open_ledger(ledger)
    try:
        moment = hub.now() if at is None else _moment(hub, at, programme)
        if moment > hub.now():
            raise click.ClickException(f"{at} is not over: what will be owed then nobody knows.")
        with reading_for_long(hub) as (reader, progress):
            owed = liability(reader, moment, hub.zone_of, progress)
            rubles_owed = owed_at(reader, moment)
        if programme is not None:
            check_name("programme", programme, {*hub.programmes, *owed, *rubles_owed})
    except NotThere as error:
        raise click.ClickException(str(error)) from error
    finally:
        hub.close()
    owed = {id: one for id, one in owed.items() if programme in (None, id)}
    if as_json:
        told = {id: _as_json(one, _rules(hub, id)) for id, one in owed.items()}
        certificates = {id: by for id, by in rubles_owed.items() if programme in (None, id)}
        click.echo(
            json.dumps({"at": utc_text(moment), "programmes": told, "certificates": certificates}, ensure_ascii=False)
        )
    else:
        click.echo(f"At {moment:%Y-%m-%d %H:%M} ({moment.tzinfo})")
        for id, one in owed.items():
            click.echo("\n".join(_words(id, one, _rules(hub, id))))
        for id, by in rubles_owed.items():
            if programme in (None, id):
                click.echo("\n".join(_certificate_words(id, by)))


def _moment(hub: Hub, day: date, programme: str | None) -> datetime:
    """The end of a day by the programme's clock; of several, by the one that all with members have."""
    zones: set[tzinfo] = {hub.zone_of(id) for id in ([programme] if programme else _with_members(hub))}
    if len(zones) > 1:
        raise click.ClickException(
            f"{day} ends at several moments: the programmes have several clocks. Name one of them: --programme ID."
        )
    return datetime.combine(day + timedelta(days=1), time(), next(iter(zones), UTC))


def _with_members(hub: Hub) -> list[str]:
    with hub.store.reading() as reader:
        return [id for id in hub.programmes if any(reader.members_of(id))]


def _rules(hub: Hub, programme: str) -> Rules:
    """By which its points are worth something today."""
    known = hub.programmes.get(programme)
    return rules_of(known, known.timezone.key) if known else UNKNOWN


def _as_json(owed: Owed, rules: Rules) -> dict[str, Any]:
    months = owed.months()
    return {
        "points": owed.points,
        "kopecks": rules.kopecks(owed.points),
        "alive": owed.alive.total(),
        "coming": owed.coming.total(),
        "dead_not_booked": owed.dead,
        "debt": owed.debt,
        "expected_breakage": sum(month.expected for month in months),
        "breakage_unknown": sum(month.unknown for month in months if month.month),
        "history": {"lots": owed.history.lots, "died": owed.history.died, "enough": owed.history.lots >= LOTS_MIN},
        "months": [
            {
                "month": month.month or None,
                "points": month.points,
                "kopecks": rules.kopecks(month.points),
                "expected_breakage": None if month.unknown == month.points else month.expected,
                "breakage_unknown": month.unknown,
            }
            for month in months
        ],
    }


def _words(id: str, owed: Owed, rules: Rules) -> Iterator[str]:
    months = owed.months()
    yield f"{id}: {owed.points} points outstanding, {rubles(rules.kopecks(owed.points))} rubles"
    for month in months:
        worth = rubles(rules.kopecks(month.points))
        yield f"  {month.month or 'no end':<8} {month.points:>12} {worth:>15}  {_breakage(month)}"
    yield f"  of these coming (cannot be spent yet): {owed.coming.total()}"
    yield f"  members' debts: {owed.debt}"
    if owed.dead:
        yield f"  past their end and not booked as expired: {owed.dead} (`pos-hub jobs run` books them)"
    if owed.history.lots < LOTS_MIN:
        yield (
            f"  expected breakage: history is too short: {owed.history.lots} lots ended"
            f" in the last {HISTORY.days} days, {LOTS_MIN} are needed"
        )
    else:
        yield (
            f"  expected breakage: {sum(month.expected for month in months)} points, by {owed.history.lots} lots that"
            f" ended in the last {HISTORY.days} days"
        )


def _certificate_words(id: str, by: Mapping[str, int]) -> Iterator[str]:
    yield f"{id}: {rubles(sum(by.values()))} rubles on gift certificates"
    for store, kopecks in by.items():
        yield f"  {store or 'sold in no store':<20} {rubles(kopecks):>15}"


def _breakage(month: Month) -> str:
    if not month.month:
        return "do not die"
    known = f"{month.expected} will likely die"
    if not month.unknown:
        return known
    unknown = f"history says nothing of {month.unknown}"
    return unknown if month.unknown == month.points else f"{known}; {unknown}"


@report.command(name="settlement")
@ledger_option
@click.option("--month", "days", metavar="YYYY-MM", callback=parsed_month, required=True, help="An exported month.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def settlement_command(ledger: Path | str, days: tuple[str, ...], as_json: bool) -> None:
    """Points given by one legal entity and redeemed at another, in rubles; of what `pos-hub export` took of the month.

    The entity of a store is that of `pos-hub store add --entity`; (operator) gave what was given in no store. What went
    to partners and funds stands below: that is between the programme and them.
    """
    hub = open_ledger(ledger)
    settled, elsewhere = Settlement(), Elsewhere()
    try:
        with reading_for_long(hub) as (reader, progress):
            open_days = sorted(set(days) - closed_days(reader).keys())
            if len(open_days) == len(days):
                raise click.ClickException(f"No day of {days[0][:7]} is exported yet: `pos-hub export` does it.")
            for some in moved(reader, taken(reader, days), Left(days[0]), progress):
                settled.take(reader, some)
                elsewhere.take(some)
    finally:
        hub.close()
    if as_json:
        click.echo(json.dumps(_settled_json(settled, elsewhere, open_days), ensure_ascii=False))
        return
    for pair, claim in settled.claims().items():
        click.echo(
            f"{pair.programme}: {_name(pair.debtor)} owes {_name(pair.creditor)} {rubles(claim.kopecks)} rubles"
            f" for {counted(claim.points, 'point')}"
        )
    if not settled.claims():
        click.echo(f"Nobody owes anybody anything: in {days[0][:7]} no points of one entity were redeemed at another.")
    for (programme, entity), kopecks in settled.balances().items():
        click.echo(f"{programme}: {_name(entity)} {'gets' if kopecks >= 0 else 'pays'} {rubles(abs(kopecks))} rubles")
    for where, went in elsewhere.sums().items():
        click.echo(_went_words(where, went))
    if open_days:
        click.echo(
            f"Not exported yet, and not in this: {counted(len(open_days), 'day')} from {open_days[0]} on.", err=True
        )


def _went_words(where: Where, went: Went) -> str:
    told = f"{where.programme}: {counted(went.points, 'point')} went to {where.to}"
    if where.unit != "kopecks":
        return f"{told} for {went.units} {where.unit}"
    matched = f", of them {rubles(went.matched)} of the chain's" if went.matched else ""
    return f"{told} for {rubles(went.units + went.matched)} rubles{matched}"


def _settled_json(settled: Settlement, elsewhere: Elsewhere, open_days: list[str]) -> Mapping[str, Any]:
    return {
        "claims": [pair._asdict() | claim._asdict() for pair, claim in settled.claims().items()],
        "balances": [
            {"programme": programme, "entity": entity, "kopecks": kopecks}
            for (programme, entity), kopecks in settled.balances().items()
        ],
        "elsewhere": [where._asdict() | went._asdict() for where, went in elsewhere.sums().items()],
        "not_exported": open_days,
    }


def _name(entity: str) -> str:
    return "(operator)" if entity == OPERATOR else entity
