"""`pos-hub receipts find`: receipts of the system that the shop had before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import day, office
from hub.earlier import Earlier, with_card, with_fiscal, with_number
from hub.hub import Hub
from hub.people.history import shown_at
from loyalty.bodies import EarlierSale, SoldLine
from loyalty.money import format_kopecks, format_quantity_m


@click.group()
def receipts() -> None:
    """Receipts of the system that the shop had before; `pos-hub import --as receipts FILE` brings them."""


@receipts.command()
@ledger_option
@click.option("--fiscal", default="", metavar="NUMBER", help="Of the fiscal document; or DEVICE/NUMBER.")
@click.option("--card", default="", help="The card that was shown.")
@click.option("--store", default="", help="With --day and --number: the store.")
@click.option("--day", "of_day", callback=day, help="With --store and --number: the day, YYYY-MM-DD.")
@click.option("--number", default="", help="With --store and --day: the receipt's number.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one receipt a line.")
def find(
    ledger: Path | str, fiscal: str, card: str, store: str, of_day: date | None, number: str, as_json: bool
) -> None:
    """Find receipts by their fiscal document, by a card, or by store, day and number."""
    named = [bool(one) for one in (store, of_day, number)]
    if any(named) != all(named) or [bool(fiscal), bool(card), any(named)].count(True) != 1:
        raise click.UsageError("Say one of: --fiscal NUMBER; --card CARD; --store STORE --day DAY --number NUMBER.")
    with office(ledger) as hub:
        found = _found(hub, fiscal, card, store, str(of_day), number)
    for one in found:
        click.echo(msgspec.json.encode(one.sale).decode() if as_json else _told(one))
    if not found and not as_json:
        click.echo("None.")


def _found(hub: Hub, fiscal: str, card: str, store: str, of_day: str, number: str) -> list[Earlier]:
    if fiscal:
        return with_fiscal(hub, fiscal)
    if card:
        return with_card(hub, card)
    return with_number(hub, store, of_day, number)


# in words


def _told(one: Earlier) -> str:
    sale = one.sale
    at = shown_at(sale.sold_at, one.zone) if sale.sold_at else sale.sale.day
    till = f", till {sale.sale.pos}" if sale.sale.pos else ""
    card = f", card {sale.card}" if sale.card else ""
    head = f"receipt {sale.sale.number} of {at} in {sale.store}{till}: {format_kopecks(sale.total_kopecks)}{card}"
    return "\n  ".join([head, *map(_line, sale.lines), *_besides(sale)])


def _line(line: SoldLine) -> str:
    article = f" ({line.article})" if line.article else ""
    price, net = format_kopecks(line.price_kopecks), format_kopecks(line.net_kopecks)
    return f"{format_quantity_m(line.quantity_m)} × {price} = {net}  {line.name}{article}"


def _besides(sale: EarlierSale) -> Iterator[str]:
    for tender in sale.tenders:
        yield f"paid by {tender.kind} {format_kopecks(tender.kopecks)}"
    for what, points in (("earned", sale.accrued_points), ("redeemed", sale.redeemed_points)):
        if points is not None:
            yield f"{points} points {what} there"
    for one in sale.fiscal:
        yield f"fiscal document {one.document}, device {one.device or 'unknown'}, sign {one.sign or 'unknown'}"
