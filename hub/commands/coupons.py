"""`pos-hub coupon …`: coupons made, one or many; one looked up; those of a campaign or a member; one revoked."""

from __future__ import annotations

import csv
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import day, office, order_options
from hub.counted import counted
from hub.coupons.keeping import coupon_called, coupons_of_member, revoke
from hub.coupons.made import read_made
from hub.coupons.making import Wanted, make_own, mint
from hub.coupons.shown import write_pictures, write_sheets
from hub.coupons.token import told_coupon, told_coupons
from hub.desk.coupon_acts import state_of
from hub.files.cell import text_cell
from hub.hub import Hub
from hub.people.history import shown_at
from hub.people.orders import Order
from hub.people.who import person_called
from hub.store.coupon_records import MadeCoupon
from loyalty.programme import Language
from loyalty.typed_codes import shown_code
from sync.coupons import CouponState, CouponToken

AT_ONCE: Final = 1_000  # in one transaction
COUNT_MAX: Final = 100_000
LISTED_AT_ONCE: Final = 500
HEADINGS: Final = ("serial", "campaign", "member", "valid_from", "valid_to", "code", "text")


@click.group()
def coupon() -> None:
    """QR coupons: made, looked up, revoked."""


@coupon.command(name="mint")
@order_options
@click.option("--programme", required=True, help="alenka, perekrestok, …")
@click.option("--campaign", required=True, help="Which of the programme's coupons.")
@click.option("--for", "whom", metavar="WHO", help="Of a member alone: a card, a phone or an id.")
@click.option(
    "--value", type=click.IntRange(1), help="Its own value, in the unit of its offer.  [default: the offer's]"
)
@click.option("--uses", type=click.IntRange(1, 1_000), help="Good for so many receipts.  [default: the campaign's]")
@click.option(
    "--days",
    default=30,
    show_default=True,
    type=click.IntRange(-3_650, 3_650),
    help="Valid for so many days from now (negative: expired already).",
)
@click.option("--until", "last_day", callback=day, help="Its last day instead, YYYY-MM-DD.")
@click.option("--store", default="", help="In this store alone.")
@click.option("--channel", default="", help="In this channel alone.")
@click.option("--reason", default="", help="Why; it stands with each of them.")
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, COUNT_MAX), help="How many.")
@click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="A table of them instead.")
@click.option(
    "--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Sheets of them, ten on a page, to be cut."
)
@click.option("--png", type=click.Path(path_type=Path, file_okay=False), help="A picture of each, in this folder.")
@click.option(
    "--language", type=click.Choice(("ru", "en")), default="ru", show_default=True, help="Of sheets, pictures."
)
def mint_command(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    programme: str,
    campaign: str,
    whom: str | None,
    value: int | None,
    uses: int | None,
    days: int,
    last_day: date | None,
    store: str,
    channel: str,
    reason: str,
    count: int,
    table: Path | None,
    pdf: Path | None,
    png: Path | None,
    language: Language,
) -> None:
    """Make signed coupons: one text for a QR per line, or a table with their codes. A thousand at a time; what was cut
    short goes on under its key (--asked), and none is made twice."""
    with office(ledger) as hub:
        wanted = Wanted(
            programme=programme,
            campaign=campaign,
            whom=whom,
            value=value or 0,
            uses=uses or 0,
            days=days,
            last_day=last_day,
            store=store,
            channel=channel,
            reason=reason,
        )
        rows = _minted(hub, wanted, count, order)
        if pdf is not None:
            pages = write_sheets(hub, rows, pdf, language)
            click.echo(f"{counted(len(rows), 'coupon')} on {counted(pages, 'page')} in {pdf}.", err=True)
        if png is not None:
            write_pictures(hub, rows, png, language)
            click.echo(f"{counted(len(rows), 'picture')} in {png}.", err=True)
        if table is not None or (pdf is None and png is None):
            _tell(hub, rows, table, as_json)


def _minted(hub: Hub, wanted: Wanted, count: int, order: Order) -> list[MadeCoupon]:
    key = order.key or secrets.token_hex(8)
    if count > AT_ONCE and order.key is None:
        click.echo(f"If this is cut short, go on with --asked {key}.", err=True)
    rows: list[MadeCoupon] = []
    with _bar(count, "Making coupons") as told:
        for number, first in enumerate(range(0, count, AT_ONCE)):
            some = min(AT_ONCE, count - first)
            rows += mint(hub, replace(wanted, count=some), replace(order, key=f"{key}/{number}"))
            told(some)
    return rows


@coupon.command(name="make")
@order_options
@click.option("--programme", required=True, help="alenka, perekrestok, …")
@click.option("--campaign", required=True, help="One that a member may make.")
@click.option("--for", "whom", required=True, metavar="WHO", help="The member: a card, a phone or an id.")
def make_command(ledger: Path | str, order: Order, as_json: bool, programme: str, campaign: str, whom: str) -> None:
    """Make a coupon as its member would: for its price in points, and so many in a month."""
    with office(ledger) as hub:
        made = make_own(hub, programme, campaign, whom, order)
        told = told_coupon(hub, made.row)
        if as_json:
            click.echo(msgspec.json.encode(told).decode())
            return
        click.echo(told.token)
        price = counted(made.price_points, "point")
        click.echo(f"{shown_code(told.code)}; {price}; {made.left_this_month} more this month.", err=True)


@coupon.command()
@ledger_option
@click.argument("called", metavar="SERIAL|CODE")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def show(ledger: Path | str, called: str, as_json: bool) -> None:
    """Show a coupon: its campaign and text, who used it, whether it is revoked."""
    with office(ledger) as hub:
        coupon = coupon_called(hub, called)
        told = state_of(hub, coupon)
        if as_json:
            click.echo(msgspec.json.encode(told).decode())
            return
        for line in _lines(told):
            click.echo(line)


def _lines(told: CouponState) -> Iterator[str]:
    yield f"{told.serial}  {told.campaign or '-'}"
    if told.coupon is not None:
        until = shown_at(told.coupon.valid_to)
        yield f"made {shown_at(told.made_at)} UTC by {told.made_by or '-'}, valid until {until} UTC"
        if told.coupon.member is not None:
            yield f"of member {told.coupon.member}" + (
                f", for {counted(told.price_points, 'point')}" if told.own else ""
            )
        yield f"{shown_code(told.coupon.code)}  {told.coupon.token}"
    else:
        yield "nobody here made it"
    yield f"used {len(told.uses)} of {told.allowed}" + "".join(f"; {use}" for use in told.uses)
    if told.again:
        yield f"honoured beyond that: {', '.join(told.again)}"
    if told.revoked_at is not None:
        yield f"revoked {shown_at(told.revoked_at)} UTC" + (f": {told.revoked_why}" if told.revoked_why else "")


@coupon.command(name="list")
@ledger_option
@click.option("--programme", required=True, help="alenka, perekrestok, …")
@click.option("--campaign", help="Of this campaign.")
@click.option("--member", "whom", metavar="WHO", help="Of this member: a card, a phone or an id.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one a line.")
def list_command(ledger: Path | str, programme: str, campaign: str | None, whom: str | None, as_json: bool) -> None:
    """List coupons that were made: of a campaign or of a member."""
    if (campaign is None) == (whom is None):
        raise click.UsageError("Say --campaign or --member.")
    with office(ledger) as hub:
        for row in _listed(hub, programme, campaign, whom):
            made = read_made(row)
            if as_json:
                click.echo(msgspec.json.encode({"serial": row.serial, "campaign": row.campaign, "made": made}).decode())
                continue
            state = "revoked" if made.revoked_at is not None else f"until {shown_at(made.valid_to)} UTC"
            click.echo(f"{row.serial}  {row.campaign}  {row.member or '-'}  {state}")


def _listed(hub: Hub, programme: str, campaign: str | None, whom: str | None) -> Iterator[MadeCoupon]:
    if whom is not None:
        with hub.store.reading() as reader:
            member = person_called(reader, [programme], whom).member
        yield from coupons_of_member(hub, member)
        return
    after = ""
    while True:
        with hub.store.reading() as reader:
            rows = reader.coupons_made(programme, campaign or "", after, LISTED_AT_ONCE)
        yield from rows
        if len(rows) < LISTED_AT_ONCE:
            return
        after = rows[-1].serial


@coupon.command(name="revoke")
@order_options
@click.argument("called", metavar="SERIAL|CODE")
@click.option("--reason", required=True, help="Why; tills are told that nobody uses it any more.")
@click.option("--programme", default="", help="Of one that nobody here made.")
def revoke_command(ledger: Path | str, order: Order, as_json: bool, called: str, reason: str, programme: str) -> None:
    """Revoke a coupon: no till takes it once it has heard of that."""
    with office(ledger) as hub:
        changed = revoke(hub, called, order, reason, programme)
        if as_json:
            click.echo(msgspec.json.encode({"coupon": called, "changed": changed}).decode())
        else:
            click.echo("It is revoked." if changed else "It was revoked before.")


# the pieces


def _tell(hub: Hub, rows: Sequence[MadeCoupon], table: Path | None, as_json: bool) -> None:
    told = (one for _, one in told_coupons(hub, rows))
    if table is not None:
        _write_table(table, told)
        click.echo(f"{counted(len(rows), 'coupon')} in {table}.", err=True)
        return
    for one in told:
        click.echo(msgspec.json.encode(one).decode() if as_json else one.token)


def _write_table(path: Path, coupons: Iterator[CouponToken]) -> None:
    """As spreadsheets read it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(HEADINGS)
        for one in coupons:
            moments = (_moment(one.valid_from), _moment(one.valid_to))
            code = shown_code(one.code)
            table.writerow((one.serial, one.campaign, text_cell(one.member or ""), *moments, code, one.token))


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


@contextmanager
def _bar(count: int, label: str) -> Iterator[Callable[[int], None]]:
    """Not for what is made at once."""
    if count <= AT_ONCE:
        yield lambda some: None
        return
    with click.progressbar(length=count, label=label, file=sys.stderr) as bar:
        yield bar.update
