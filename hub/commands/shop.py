"""`pos-hub shop …`: which online shops may speak to the hub, and their keys."""

from __future__ import annotations

from pathlib import Path
from typing import Final, get_args

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import agreed, by_option, office, who_is_here
from hub.shop.keys import (
    LINK_DAYS,
    PAY_MINUTES,
    SCOPES,
    OnlineShop,
    Scope,
    ShopKey,
    add_shop,
    new_key,
    revoke_keys,
    shops,
)

MEANS: Final = {
    "quote": "work out a basket",
    "order": "place orders, tell that they are paid, cancel, deliver",
    "return": "take goods back",
    "members": "connect members, see their names and points",
    "catalogue": "read goods and prices",
    "prices": "sell at prices of its own",
}
assert tuple(MEANS) == get_args(Scope)


@click.group()
def shop() -> None:
    """Online shops: which may speak to the hub (`serve --shop`), and what their keys may ask.

    Nothing is answered without a key. A shop is told by its key, and never by what it says of itself.
    """


@shop.command()
@ledger_option
@click.argument("name")
@click.option("--store", required=True, help="Under which its sales stand, and at whose prices it sells.")
@click.option("--programme", required=True, help="Whose members, whose points: alenka.")
@click.option("--title", help="How members read its name.  [default: NAME]")
@click.option("--back", "back", multiple=True, metavar="URL", help="Where members' browsers come back to, whole.")
@click.option(
    "--days", type=click.IntRange(1, 3_650), default=LINK_DAYS, show_default=True, help="Members stay connected."
)
@click.option(
    "--pay-minutes",
    type=click.IntRange(5, 1_440),
    default=PAY_MINUTES,
    show_default=True,
    help="An order waits for its money, and its points are held.",
)
def add(
    ledger: Path | str,
    name: str,
    store: str,
    programme: str,
    title: str | None,
    back: tuple[str, ...],
    days: int,
    pay_minutes: int,
) -> None:
    """A new online shop, or what is another now of one that is there.

    \b
    pos-hub shop add sweets --store online-1 --programme alenka --title "Алёнка онлайн" --back https://shop.example/in
    """
    with office(ledger) as hub:
        if programme not in hub.programmes:
            raise click.ClickException(f"This hub has no programme {programme}: {', '.join(sorted(hub.programmes))}.")
        with hub.store.reading() as reader:
            is_listed = bool(reader.named_stores([store]))
        made = OnlineShop(
            name=name,
            title=title or name,
            store=store,
            programme=programme,
            back=back,
            link_days=days,
            pay_minutes=pay_minutes,
        )
        hub.within(lambda writer: add_shop(writer, made))
    if not is_listed:
        click.echo(f"No store {store} is listed: it has the chain's prices. `pos-hub store add` lists it.", err=True)
    click.echo(f"Shop {name} sells as store {store} of {programme}. `pos-hub shop key {name}` makes it a key.")


def _scopes(context: click.Context, option: click.Parameter, text: str) -> tuple[str, ...]:
    told = tuple(one.strip() for one in text.split(",") if one.strip())
    wrong = [one for one in told if one not in SCOPES]
    if wrong or not told:
        raise click.BadParameter(f"of {', '.join(SCOPES)}, by commas")
    return told


@shop.command()
@ledger_option
@click.argument("name")
@click.option("--scopes", callback=_scopes, required=True, help=f"What it may ask, by commas: {', '.join(SCOPES)}.")
@by_option
def key(ledger: Path | str, name: str, scopes: tuple[Scope, ...], by: str | None) -> None:
    """Make a shop another key, and show it: this once. The shop sends it as `Authorization: Bearer KEY`."""
    with office(ledger) as hub:
        text = hub.within(lambda writer: new_key(writer, name, scopes, by or who_is_here(), hub.now()))
    click.echo(text)
    for scope in scopes:
        click.echo(f"  {scope}: {MEANS[scope]}", err=True)
    click.echo("It is shown this once: keep it where the shop's server reads it, and nobody else.", err=True)


@shop.command(name="list")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def list_command(ledger: Path | str, as_json: bool) -> None:
    """Which shops there are, with their keys."""
    with office(ledger) as hub, hub.store.reading() as reader:
        known = shops(reader)
    if as_json:
        hidden = [msgspec.structs.replace(one, keys=tuple(map(_hidden, one.keys))) for one in known]
        click.echo(msgspec.json.encode(hidden).decode())
        return
    for one in known:
        click.echo(f"{one.name}: «{one.title}», store {one.store} of {one.programme}")
        for address in one.back:
            click.echo(f"  back to {address}")
        for each in one.keys:
            until = f", revoked {each.revoked_at[:16]}" if each.revoked_at else ""
            click.echo(f"  {each.id}: {', '.join(each.scopes)}; {each.made_at[:16]} by {each.by}{until}")


def _hidden(key: ShopKey) -> ShopKey:
    return msgspec.structs.replace(key, hash="")


@shop.command()
@ledger_option
@click.argument("name")
@click.option("--key", "id", metavar="ID", help="One of its keys: k1.  [default: all of them]")
@click.option("--members-stay", is_flag=True, help="The key was changed for another: members stay connected.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def revoke(ledger: Path | str, name: str, id: str | None, members_stay: bool, yes: bool) -> None:
    """Hear a shop no more, or one of its keys, from its next request on.

    Members who were connected by it are asked anew, unless --members-stay.
    """
    agreed(f"{'Key ' + id if id else 'Every key'} of shop {name} is refused from now on.", yes)
    with office(ledger) as hub:
        gone = hub.within(lambda writer: revoke_keys(writer, name, id, hub.now(), members_stay=members_stay))
    click.echo(f"Revoked: {', '.join(gone)}." if gone else "No key of it held.")
