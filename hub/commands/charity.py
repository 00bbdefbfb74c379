"""`pos-hub charity …` and `pos-hub report charity`: what funds get for members' points, and what was paid (P15)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Final

import click

from hub.accounting.written import BOM, rubles
from hub.charity.paying import pay
from hub.charity.report import Fund, Given, Key, charity
from hub.commands.export import reading_for_long, write
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.ordering import office, order_options
from hub.files.cell import text_cell
from hub.people.orders import Order
from loyalty.money import BadNumber, parse_kopecks

HEADINGS: Final = (
    *("Программа", "Фонд", "Дата", "Что", "Подарков", "Баллы", "От участников", "От сети", "Оплачено", "Документ"),
)


def _day(context: click.Context, option: click.Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no day; write it like 2026-03-31") from error


def _sum(context: click.Context, option: click.Parameter, value: str) -> int:
    try:
        return parse_kopecks(value)
    except BadNumber as error:
        raise click.BadParameter(f"{error}.") from error


@click.group(name="charity")
def charity_group() -> None:
    """Funds that members give their points to. What they are owed: pos-hub report charity."""


@charity_group.command("paid")
@order_options
@click.option("--programme", required=True, help="Whose fund it is.")
@click.option("--fund", required=True, help="Its id in the programme's file.")
@click.option("--sum", "kopecks", required=True, metavar="RUBLES", callback=_sum, help="What was paid: 1500.00.")
@click.option("--document", required=True, help="By which document: its number.")
@click.option("--day", required=True, metavar="YYYY-MM-DD", callback=_day, help="The document's day.")
def paid_command(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    programme: str,
    fund: str,
    kopecks: int,
    document: str,
    day: date,
) -> None:
    """Write down what was paid to a fund. The same document of a day is one transfer, however often it is told."""
    with office(ledger) as hub:
        paid = pay(hub, programme, fund, kopecks, document, day, order)
    told = f"{programme}: {rubles(kopecks)} rubles paid to {fund} by {document} of {day}"
    if as_json:
        click.echo(json.dumps({"kopecks": kopecks, "document": document, "changed": paid.changed}, ensure_ascii=False))
    else:
        click.echo(f"{told}." if paid.changed else f"{told}: that stood there before.")


@click.command(name="charity")
@ledger_option
@click.option("--from", "first", required=True, metavar="YYYY-MM-DD", callback=_day, help="The first day.")
@click.option("--to", "last", required=True, metavar="YYYY-MM-DD", callback=_day, help="The last day.")
@click.option("--out", default="-", help="File to write; without it, to stdout.")
def report_charity(ledger: Path | str, first: date, last: date, out: str) -> None:
    """What members gave to funds on these days, what the chain adds, what was paid and what is owed: CSV for the fund.

    Days are those of the programme's clock. The last line of a fund is of all the time until the last day.
    """
    hub = open_ledger(ledger)
    try:
        with reading_for_long(hub) as (reader, progress):
            funds = charity(hub, reader, first, last, progress)
    finally:
        hub.close()
    write(out, _lines(funds, first))


def _lines(funds: Mapping[Key, Fund], first: date) -> Iterator[str]:
    yield BOM + _line(*HEADINGS)
    for key, fund in funds.items():
        yield from _of_fund(key, fund, first)


def _of_fund(key: Key, fund: Fund, first: date) -> Iterator[str]:
    for day, given in sorted(fund.days.items()):
        yield _line(*_named(key), _russian(day), "Передано", *_sums(given), "", "")
    for one in fund.transfers:
        if one.day >= first:
            paid = (rubles(one.kopecks), text_cell(one.document))
            yield _line(*_named(key), _russian(one.day), "Оплачено", "", "", "", "", *paid)
    yield _line(*_named(key), "", "Всего с начала", *_sums(fund.whole), rubles(fund.paid_kopecks), "")
    yield _line(*_named(key), "", "К оплате", "", "", "", "", rubles(fund.owed_kopecks), "")


def _named(key: Key) -> tuple[str, str]:
    return text_cell(key.programme), text_cell(key.fund)


def _sums(given: Given) -> tuple[str, ...]:
    return str(given.gifts), str(given.points), rubles(given.kopecks), rubles(given.matched_kopecks)


def _russian(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _line(*cells: str) -> str:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue()
